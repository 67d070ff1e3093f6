//! Quality (IEC 61850-7-3, Quality type; BIT STRING of 13 in IEC 61850-8-1).

use core::{fmt, str::FromStr};

use iedassay_wire::ber::BitString;

/// Validity, the first two bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Validity {
    /// `00`.
    #[default]
    Good,
    /// `01`.
    Invalid,
    /// `10`, not to be used.
    Reserved,
    /// `11`.
    Questionable,
}

impl Validity {
    /// The word of the standard.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Invalid => "invalid",
            Self::Reserved => "reserved",
            Self::Questionable => "questionable",
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Source {
    /// From the process.
    #[default]
    Process,
    /// Substituted.
    Substituted,
}

/// Reasons for a validity that is not good, bits 2 to 9.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct QualityDetail {
    /// The value cannot be represented.
    pub overflow: bool,
    /// The value is beyond its range.
    pub out_of_range: bool,
    /// The reference is out of calibration.
    pub bad_reference: bool,
    /// The value toggles too fast.
    pub oscillatory: bool,
    /// A failure was found.
    pub failure: bool,
    /// The value is old.
    pub old_data: bool,
    /// The value contradicts others.
    pub inconsistent: bool,
    /// The value misses the accuracy stated.
    pub inaccurate: bool,
}

/// Quality of a value.
///
/// The text form is `good`, `invalid`, `questionable` or `reserved`, then `+flag` for each flag:
/// `questionable+oldData+substituted+test+operatorBlocked`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Quality {
    /// Validity.
    pub validity: Validity,
    /// Reasons.
    pub detail: QualityDetail,
    /// Where the value comes from.
    pub source: Source,
    /// The value is of a test.
    pub test: bool,
    /// An operator holds further updates.
    pub operator_blocked: bool,
}

/// Number of bits.
const BITS: usize = 13;

impl Quality {
    /// Good, from the process.
    pub const GOOD: Self = Self {
        validity: Validity::Good,
        detail: QualityDetail {
            overflow: false,
            out_of_range: false,
            bad_reference: false,
            oscillatory: false,
            failure: false,
            old_data: false,
            inconsistent: false,
            inaccurate: false,
        },
        source: Source::Process,
        test: false,
        operator_blocked: false,
    };

    /// From a bit string; missing bits are unset, surplus bits do not matter.
    #[must_use]
    pub fn from_bits(bits: &BitString) -> Self {
        Self {
            validity: match (bits.is_set(0), bits.is_set(1)) {
                (false, false) => Validity::Good,
                (false, true) => Validity::Invalid,
                (true, false) => Validity::Reserved,
                (true, true) => Validity::Questionable,
            },
            detail: QualityDetail {
                overflow: bits.is_set(2),
                out_of_range: bits.is_set(3),
                bad_reference: bits.is_set(4),
                oscillatory: bits.is_set(5),
                failure: bits.is_set(6),
                old_data: bits.is_set(7),
                inconsistent: bits.is_set(8),
                inaccurate: bits.is_set(9),
            },
            source: if bits.is_set(10) {
                Source::Substituted
            } else {
                Source::Process
            },
            test: bits.is_set(11),
            operator_blocked: bits.is_set(12),
        }
    }

    /// As thirteen bits.
    #[must_use]
    pub fn to_bits(self) -> BitString {
        let detail = self.detail;
        let bits: [bool; BITS] = [
            matches!(self.validity, Validity::Reserved | Validity::Questionable),
            matches!(self.validity, Validity::Invalid | Validity::Questionable),
            detail.overflow,
            detail.out_of_range,
            detail.bad_reference,
            detail.oscillatory,
            detail.failure,
            detail.old_data,
            detail.inconsistent,
            detail.inaccurate,
            self.source == Source::Substituted,
            self.test,
            self.operator_blocked,
        ];
        BitString::from_bits(bits)
    }

    /// The flags that are set, by name.
    pub fn flags(self) -> impl Iterator<Item = &'static str> {
        let detail = self.detail;
        [
            (detail.overflow, "overflow"),
            (detail.out_of_range, "outOfRange"),
            (detail.bad_reference, "badReference"),
            (detail.oscillatory, "oscillatory"),
            (detail.failure, "failure"),
            (detail.old_data, "oldData"),
            (detail.inconsistent, "inconsistent"),
            (detail.inaccurate, "inaccurate"),
            (self.source == Source::Substituted, "substituted"),
            (self.test, "test"),
            (self.operator_blocked, "operatorBlocked"),
        ]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
    }

    fn set(&mut self, flag: &str) -> bool {
        let detail = &mut self.detail;
        let slot = match flag {
            "overflow" => &mut detail.overflow,
            "outOfRange" => &mut detail.out_of_range,
            "badReference" => &mut detail.bad_reference,
            "oscillatory" => &mut detail.oscillatory,
            "failure" => &mut detail.failure,
            "oldData" => &mut detail.old_data,
            "inconsistent" => &mut detail.inconsistent,
            "inaccurate" => &mut detail.inaccurate,
            "test" => &mut self.test,
            "operatorBlocked" => &mut self.operator_blocked,
            "substituted" => {
                self.source = Source::Substituted;
                return true;
            }
            _ => return false,
        };
        *slot = true;
        true
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.validity.as_str())?;
        self.flags().try_for_each(|flag| write!(f, "+{flag}"))
    }
}

/// A text that is no quality.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no quality: expected good, invalid, questionable or reserved, then flags such as +test"
)]
pub struct NoQuality(String);

impl FromStr for Quality {
    type Err = NoQuality;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NoQuality(text.chars().take(60).collect());
        let mut parts = text.split('+').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let validity = [
            Validity::Good,
            Validity::Invalid,
            Validity::Reserved,
            Validity::Questionable,
        ]
        .into_iter()
        .find(|validity| validity.as_str() == first)
        .ok_or_else(bad)?;
        let mut quality = Self {
            validity,
            ..Self::default()
        };
        for flag in parts {
            if !quality.set(flag) {
                return Err(bad());
            }
        }
        Ok(quality)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_bits_round_trips_and_reads_back_from_text() {
        for number in 0..1_u64 << BITS {
            let bits = BitString::from_uint(number, 13);
            let quality = Quality::from_bits(&bits);
            assert_eq!(quality.to_bits(), bits);
            assert_eq!(quality.to_string().parse(), Ok(quality));
        }
    }

    #[test]
    fn the_bits_stand_where_the_standard_has_them() {
        let quality: Quality = "questionable+oldData+substituted+test".parse().unwrap();
        assert_eq!(quality.to_bits().to_string(), "0b1100000100110");
        assert_eq!(Quality::GOOD.to_bits(), BitString::zeros(13));
    }

    #[test]
    fn rejects_unknown_words() {
        assert!("fine".parse::<Quality>().is_err());
        assert!("good+odd".parse::<Quality>().is_err());
        assert!("".parse::<Quality>().is_err());
    }
}
