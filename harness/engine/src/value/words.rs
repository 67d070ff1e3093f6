//! Words for the bits of the coded types of IEC 61850-7-3 and 8-1.

use iedassay_model::tree::BType;
use iedassay_model::tree::Node;
use iedassay_wire::ber::BitString;

/// How the bits of a coded type are put in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// One word for the whole: double point, step command.
    One(&'static [&'static str; 4]),
    /// Quality: one word of validity, then the flags that are set.
    Quality,
    /// A word for each bit that is set; bits without a name are left out.
    Flags(&'static [&'static str]),
}

const DBPOS: [&str; 4] = ["intermediate", "off", "on", "bad"];
const TCMD: [&str; 4] = ["stop", "lower", "higher", "reserved"];
const VALIDITY: [&str; 4] = ["good", "invalid", "reserved", "questionable"];
const QUALITY: [&str; 13] = [
    "",
    "",
    "overflow",
    "out-of-range",
    "bad-reference",
    "oscillatory",
    "failure",
    "old-data",
    "inconsistent",
    "inaccurate",
    "substituted",
    "test",
    "operator-blocked",
];
const TRG_OPS: [&str; 6] = ["", "dchg", "qchg", "dupd", "integrity", "gi"];
const OPT_FLDS: [&str; 10] = [
    "",
    "seq-num",
    "time-stamp",
    "reason-code",
    "data-set",
    "data-ref",
    "buf-ovfl",
    "entry-id",
    "conf-rev",
    "segmentation",
];
const REASON: [&str; 7] = ["", "dchg", "qchg", "dupd", "integrity", "gi", "application"];
const CHECK: [&str; 2] = ["synchrocheck", "interlock-check"];

impl Words {
    /// Trigger options (IEC 61850-7-2, TrgOps).
    pub const TRG_OPS: Self = Self::Flags(&TRG_OPS);
    /// Optional fields of reports (IEC 61850-7-2, OptFlds).
    pub const OPT_FLDS: Self = Self::Flags(&OPT_FLDS);
    /// Reason for inclusion (IEC 61850-7-2, ReasonCode).
    pub const REASON: Self = Self::Flags(&REASON);
    /// Check conditions of a control (IEC 61850-7-2, Check).
    pub const CHECK: Self = Self::Flags(&CHECK);
    /// Double point position (IEC 61850-7-3).
    pub const DBPOS: Self = Self::One(&DBPOS);

    /// The words of a coded type; `None` for bit strings that have none.
    #[must_use]
    pub fn of_type(btype: &BType) -> Option<Self> {
        Some(match btype {
            BType::Dbpos => Self::DBPOS,
            BType::Tcmd => Self::One(&TCMD),
            BType::Quality => Self::Quality,
            BType::Check => Self::CHECK,
            BType::TrgOps => Self::TRG_OPS,
            BType::OptFlds => Self::OPT_FLDS,
            _ => return None,
        })
    }

    /// The words of the bit string of `len` bits at `node`. Without the type in the model (a browsed one knows only the
    /// size) the name decides, so that a suite reads the same with and without SCL.
    #[must_use]
    pub fn of(node: Option<Node<'_>>, len: usize) -> Option<Self> {
        let node = node?;
        if let Some(words) = node.btype().and_then(Self::of_type) {
            return Some(words);
        }
        match (node.name(), len) {
            ("q" | "subQ", 13) => Some(Self::Quality),
            ("Check", 2) => Some(Self::CHECK),
            ("TrgOps", 6) => Some(Self::TRG_OPS),
            ("OptFlds", 10) => Some(Self::OPT_FLDS),
            ("stVal" | "ctlVal" | "subVal", 2) => Some(Self::DBPOS),
            _ => None,
        }
    }

    /// The words of a value: one word, or a list.
    #[must_use]
    pub fn read(self, bits: &BitString) -> Spoken {
        match self {
            Self::One(words) => {
                let number = usize::from(bits.is_set(0)) * 2 + usize::from(bits.is_set(1));
                Spoken::Word(words.get(number).copied().unwrap_or("?"))
            }
            Self::Quality => {
                let validity = usize::from(bits.is_set(0)) * 2 + usize::from(bits.is_set(1));
                let mut list = vec![VALIDITY.get(validity).copied().unwrap_or("?")];
                list.extend(set_words(bits, &QUALITY));
                Spoken::List(list)
            }
            Self::Flags(names) => Spoken::List(set_words(bits, names)),
        }
    }

    /// The bit string of `len` bits with these words set; the first word that is none of the type is the error.
    ///
    /// # Errors
    /// The unknown word.
    pub fn write<'a>(
        self,
        words: impl IntoIterator<Item = &'a str>,
        len: usize,
    ) -> Result<BitString, String> {
        let mut bits = BitString::zeros(len);
        for word in words {
            let found = match self {
                Self::One(names) => pair(&mut bits, names, word),
                Self::Quality => {
                    pair(&mut bits, &VALIDITY, word) || flag(&mut bits, &QUALITY, word)
                }
                Self::Flags(names) => flag(&mut bits, names, word),
            };
            if !found {
                return Err(word.to_owned());
            }
        }
        Ok(bits)
    }

    /// Every word of the type.
    #[must_use]
    pub fn known(self) -> Vec<&'static str> {
        let names: Vec<&str> = match self {
            Self::One(names) => names.to_vec(),
            Self::Quality => VALIDITY.iter().chain(&QUALITY).copied().collect(),
            Self::Flags(names) => names.to_vec(),
        };
        names.into_iter().filter(|name| !name.is_empty()).collect()
    }
}

/// The words of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoken {
    /// One word.
    Word(&'static str),
    /// A list of words.
    List(Vec<&'static str>),
}

/// The words of the bits that are set; bits beyond the names, and those without one, are left out.
#[must_use]
pub fn flag_words(bits: &BitString, words: Words) -> Vec<&'static str> {
    match words.read(bits) {
        Spoken::Word(word) => vec![word],
        Spoken::List(list) => list,
    }
}

fn set_words(bits: &BitString, names: &[&'static str]) -> Vec<&'static str> {
    names
        .iter()
        .enumerate()
        .filter(|(index, name)| !name.is_empty() && bits.is_set(*index))
        .map(|(_, name)| *name)
        .collect()
}

fn pair(bits: &mut BitString, names: &[&str; 4], word: &str) -> bool {
    let Some(number) = names.iter().position(|name| *name == word) else {
        return false;
    };
    bits.set(0, number & 2 != 0);
    bits.set(1, number & 1 != 0);
    true
}

fn flag(bits: &mut BitString, names: &[&str], word: &str) -> bool {
    let Some(index) = names
        .iter()
        .position(|name| !name.is_empty() && *name == word)
    else {
        return false;
    };
    bits.set(index, true);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_what_they_wrote() {
        let cases: [(Words, usize, &[&str], &str); 5] = [
            (Words::DBPOS, 2, &["on"], "10"),
            (Words::Quality, 13, &["good"], "0000000000000"),
            (
                Words::Quality,
                13,
                &["questionable", "old-data", "test"],
                "1100000100010",
            ),
            (Words::TRG_OPS, 6, &["dchg", "gi"], "010001"),
            (Words::CHECK, 2, &["interlock-check"], "01"),
        ];
        for (words, len, list, expected) in cases {
            let bits = words.write(list.iter().copied(), len).unwrap();
            let text: String = bits.iter().map(|bit| if bit { '1' } else { '0' }).collect();
            assert_eq!(text, expected);
            assert_eq!(flag_words(&bits, words), list);
        }
    }

    #[test]
    fn an_unknown_word_is_named() {
        assert_eq!(
            Words::TRG_OPS.write(["dchg", "dchange"], 6),
            Err("dchange".to_owned())
        );
        assert_eq!(Words::TRG_OPS.write([""], 6), Err(String::new()));
    }

    #[test]
    fn surplus_bits_are_left_out() {
        let bits = BitString::from_bits([true; 12]);
        assert_eq!(flag_words(&bits, Words::REASON).len(), 6);
    }
}
