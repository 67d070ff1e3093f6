//! Coded enumerations and option sets. Reading is tolerant: missing bits are unset, surplus bits do not matter.

use core::fmt;

use iedassay_wire::ber::BitString;

use crate::tree::{OptFlds, TrgOps};

/// Double point position (IEC 61850-8-1, coded enumeration of two bits).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dbpos {
    /// `00`.
    #[default]
    Intermediate,
    /// `01`.
    Off,
    /// `10`.
    On,
    /// `11`.
    Bad,
}

impl Dbpos {
    /// Every position in the order of its number.
    pub const ALL: [Self; 4] = [Self::Intermediate, Self::Off, Self::On, Self::Bad];

    /// From two bits, the first the higher.
    #[must_use]
    pub fn from_bits(bits: &BitString) -> Self {
        match (bits.is_set(0), bits.is_set(1)) {
            (false, false) => Self::Intermediate,
            (false, true) => Self::Off,
            (true, false) => Self::On,
            (true, true) => Self::Bad,
        }
    }

    /// As two bits.
    #[must_use]
    pub fn to_bits(self) -> BitString {
        BitString::from_bits([
            matches!(self, Self::On | Self::Bad),
            matches!(self, Self::Off | Self::Bad),
        ])
    }

    /// `intermediate`, `off`, `on` or `bad`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intermediate => "intermediate",
            Self::Off => "off",
            Self::On => "on",
            Self::Bad => "bad",
        }
    }

    /// The position of a word: ours or that of SCL (`intermediate-state`, `bad-state`).
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "intermediate" | "intermediate-state" => Self::Intermediate,
            "off" => Self::Off,
            "on" => Self::On,
            "bad" | "bad-state" => Self::Bad,
            _ => return None,
        })
    }

    /// The other end position; from intermediate or bad it is `on`.
    #[must_use]
    pub const fn toggled(self) -> Self {
        match self {
            Self::On => Self::Off,
            Self::Intermediate | Self::Off | Self::Bad => Self::On,
        }
    }
}

impl fmt::Display for Dbpos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Step command (coded enumeration of two bits).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tcmd {
    /// `00`.
    #[default]
    Stop,
    /// `01`.
    Lower,
    /// `10`.
    Higher,
    /// `11`.
    Reserved,
}

impl Tcmd {
    /// From two bits, the first the higher.
    #[must_use]
    pub fn from_bits(bits: &BitString) -> Self {
        match (bits.is_set(0), bits.is_set(1)) {
            (false, false) => Self::Stop,
            (false, true) => Self::Lower,
            (true, false) => Self::Higher,
            (true, true) => Self::Reserved,
        }
    }

    /// As two bits.
    #[must_use]
    pub fn to_bits(self) -> BitString {
        BitString::from_bits([
            matches!(self, Self::Higher | Self::Reserved),
            matches!(self, Self::Lower | Self::Reserved),
        ])
    }

    /// `stop`, `lower`, `higher` or `reserved`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Lower => "lower",
            Self::Higher => "higher",
            Self::Reserved => "reserved",
        }
    }

    /// The command of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Stop, Self::Lower, Self::Higher, Self::Reserved]
            .into_iter()
            .find(|command| command.as_str() == word)
    }
}

impl fmt::Display for Tcmd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TrgOps {
    /// From a bit string: bit 0 reserved, then dchg, qchg, dupd, integrity, gi.
    #[must_use]
    pub fn from_bits(bits: &BitString) -> Self {
        Self {
            dchg: bits.is_set(1),
            qchg: bits.is_set(2),
            dupd: bits.is_set(3),
            integrity: bits.is_set(4),
            gi: bits.is_set(5),
        }
    }

    /// As six bits.
    #[must_use]
    pub fn to_bits(self) -> BitString {
        BitString::from_bits([
            false,
            self.dchg,
            self.qchg,
            self.dupd,
            self.integrity,
            self.gi,
        ])
    }
}

impl fmt::Display for TrgOps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = [
            (self.dchg, "dchg"),
            (self.qchg, "qchg"),
            (self.dupd, "dupd"),
            (self.integrity, "integrity"),
            (self.gi, "gi"),
        ];
        write_flags(f, &flags)
    }
}

impl OptFlds {
    /// Every field that a client can ask for.
    pub const ALL: Self = Self {
        seq_num: true,
        time_stamp: true,
        reason_code: true,
        data_set: true,
        data_ref: true,
        buf_ovfl: true,
        entry_id: true,
        conf_rev: true,
        segmentation: false,
    };

    /// From a bit string: bit 0 reserved, then in the order of the fields of this type.
    #[must_use]
    pub fn from_bits(bits: &BitString) -> Self {
        Self {
            seq_num: bits.is_set(1),
            time_stamp: bits.is_set(2),
            reason_code: bits.is_set(3),
            data_set: bits.is_set(4),
            data_ref: bits.is_set(5),
            buf_ovfl: bits.is_set(6),
            entry_id: bits.is_set(7),
            conf_rev: bits.is_set(8),
            segmentation: bits.is_set(9),
        }
    }

    /// As ten bits.
    #[must_use]
    pub fn to_bits(self) -> BitString {
        BitString::from_bits([
            false,
            self.seq_num,
            self.time_stamp,
            self.reason_code,
            self.data_set,
            self.data_ref,
            self.buf_ovfl,
            self.entry_id,
            self.conf_rev,
            self.segmentation,
        ])
    }
}

impl fmt::Display for OptFlds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = [
            (self.seq_num, "seq-num"),
            (self.time_stamp, "time-stamp"),
            (self.reason_code, "reason-code"),
            (self.data_set, "data-set"),
            (self.data_ref, "data-ref"),
            (self.buf_ovfl, "buf-ovfl"),
            (self.entry_id, "entry-id"),
            (self.conf_rev, "conf-rev"),
            (self.segmentation, "segmentation"),
        ];
        write_flags(f, &flags)
    }
}

/// Why a member is in a report or log entry (IEC 61850-7-2, ReasonCode). Several may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReasonCode {
    /// Data change.
    pub dchg: bool,
    /// Quality change.
    pub qchg: bool,
    /// Data update.
    pub dupd: bool,
    /// Integrity period.
    pub integrity: bool,
    /// General interrogation.
    pub gi: bool,
    /// Application trigger (logs, Edition 2).
    pub application: bool,
}

impl ReasonCode {
    /// From a bit string: bit 0 reserved, then in the order of the fields of this type.
    #[must_use]
    pub fn from_bits(bits: &BitString) -> Self {
        Self {
            dchg: bits.is_set(1),
            qchg: bits.is_set(2),
            dupd: bits.is_set(3),
            integrity: bits.is_set(4),
            gi: bits.is_set(5),
            application: bits.is_set(6),
        }
    }

    /// As seven bits (Edition 2).
    #[must_use]
    pub fn to_bits(self) -> BitString {
        BitString::from_bits([
            false,
            self.dchg,
            self.qchg,
            self.dupd,
            self.integrity,
            self.gi,
            self.application,
        ])
    }

    /// As six bits (Edition 1, where there is no application trigger).
    #[must_use]
    pub fn to_bits_edition_1(self) -> BitString {
        BitString::from_bits([
            false,
            self.dchg,
            self.qchg,
            self.dupd,
            self.integrity,
            self.gi,
        ])
    }

    /// The reasons that hold, by name, in order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (self.dchg, "dchg"),
            (self.qchg, "qchg"),
            (self.dupd, "dupd"),
            (self.integrity, "integrity"),
            (self.gi, "gi"),
            (self.application, "application"),
        ]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags: Vec<_> = self.names().map(|name| (true, name)).collect();
        write_flags(f, &flags)
    }
}

/// The names of the flags that are set, joined by `+`; `none` when there are none.
pub(super) fn write_flags(f: &mut fmt::Formatter<'_>, flags: &[(bool, &str)]) -> fmt::Result {
    let mut any = false;
    for (_, name) in flags.iter().filter(|(set, _)| *set) {
        if any {
            f.write_str("+")?;
        }
        f.write_str(name)?;
        any = true;
    }
    if any { Ok(()) } else { f.write_str("none") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_have_the_bits_of_the_standard() {
        let texts = Dbpos::ALL.map(|position| position.to_bits().to_string());
        assert_eq!(texts, ["0b00", "0b01", "0b10", "0b11"]);
        for position in Dbpos::ALL {
            assert_eq!(Dbpos::from_bits(&position.to_bits()), position);
            assert_eq!(Dbpos::from_word(position.as_str()), Some(position));
        }
    }

    #[test]
    fn option_sets_round_trip() {
        for number in 0..1024_u64 {
            let bits = BitString::from_uint(number, 10);
            assert_eq!(
                OptFlds::from_bits(&bits).to_bits(),
                BitString::from_uint(number & 0x1ff, 10)
            );
        }
        for number in 0..64_u64 {
            let bits = BitString::from_uint(number, 6);
            assert_eq!(
                TrgOps::from_bits(&bits).to_bits(),
                BitString::from_uint(number & 0x1f, 6)
            );
        }
    }

    #[test]
    fn surplus_and_missing_bits_do_not_matter() {
        let long =
            BitString::from_bits([false, true, false, false, false, false, false, true, true]);
        assert_eq!(
            ReasonCode::from_bits(&long),
            ReasonCode {
                dchg: true,
                ..ReasonCode::default()
            }
        );
        let short = BitString::from_bits([false, true]);
        assert_eq!(
            TrgOps::from_bits(&short),
            TrgOps {
                dchg: true,
                ..TrgOps::default()
            }
        );
    }

    #[test]
    fn sets_print_as_their_names() {
        let reason = ReasonCode {
            dchg: true,
            qchg: true,
            ..ReasonCode::default()
        };
        assert_eq!(reason.to_string(), "dchg+qchg");
        assert_eq!(TrgOps::default().to_string(), "none");
    }
}
