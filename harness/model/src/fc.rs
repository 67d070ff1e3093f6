//! Functional constraints (IEC 61850-7-2, functional constraint table; names as in IEC 61850-8-1).

use core::{fmt, str::FromStr};

/// A functional constraint: the two letters between logical node and data object in an MMS name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fc {
    /// Status.
    ST,
    /// Measurands.
    MX,
    /// Setting outside a setting group; also the home of the SGCB.
    SP,
    /// Substitution.
    SV,
    /// Configuration.
    CF,
    /// Description.
    DC,
    /// Setting group, active values.
    SG,
    /// Setting group, edit buffer.
    SE,
    /// Service response (tracking).
    SR,
    /// Operate received.
    OR,
    /// Blocking.
    BL,
    /// Extended definition.
    EX,
    /// Control.
    CO,
    /// Unicast sampled value control block.
    US,
    /// Multicast sampled value control block.
    MS,
    /// Unbuffered report control block.
    RP,
    /// Buffered report control block.
    BR,
    /// Log control block.
    LG,
    /// GOOSE control block.
    GO,
}

impl Fc {
    /// Every functional constraint, data first, control blocks last.
    pub const ALL: [Self; 19] = [
        Self::ST,
        Self::MX,
        Self::SP,
        Self::SV,
        Self::CF,
        Self::DC,
        Self::SG,
        Self::SE,
        Self::SR,
        Self::OR,
        Self::BL,
        Self::EX,
        Self::CO,
        Self::US,
        Self::MS,
        Self::RP,
        Self::BR,
        Self::LG,
        Self::GO,
    ];

    /// The two letters, as in MMS names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ST => "ST",
            Self::MX => "MX",
            Self::SP => "SP",
            Self::SV => "SV",
            Self::CF => "CF",
            Self::DC => "DC",
            Self::SG => "SG",
            Self::SE => "SE",
            Self::SR => "SR",
            Self::OR => "OR",
            Self::BL => "BL",
            Self::EX => "EX",
            Self::CO => "CO",
            Self::US => "US",
            Self::MS => "MS",
            Self::RP => "RP",
            Self::BR => "BR",
            Self::LG => "LG",
            Self::GO => "GO",
        }
    }

    /// Whether this constraint holds control blocks and no data (`US MS RP BR LG GO`).
    #[must_use]
    pub const fn is_control_block(self) -> bool {
        matches!(
            self,
            Self::US | Self::MS | Self::RP | Self::BR | Self::LG | Self::GO
        )
    }
}

impl fmt::Display for Fc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Text that is not a functional constraint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a functional constraint")]
pub struct UnknownFc(pub String);

impl FromStr for Fc {
    type Err = UnknownFc;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|fc| fc.as_str() == text)
            .ok_or_else(|| UnknownFc(text.chars().take(32).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constraint_reads_back_from_its_letters() {
        for fc in Fc::ALL {
            assert_eq!(fc.as_str().parse(), Ok(fc));
        }
    }

    #[test]
    fn rejects_lower_case_and_unknown() {
        assert!("st".parse::<Fc>().is_err());
        assert!("XX".parse::<Fc>().is_err());
        assert!("".parse::<Fc>().is_err());
    }
}
