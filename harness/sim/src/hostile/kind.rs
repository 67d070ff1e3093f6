//! What sorts behaviours, and how one is found by its name.

use core::{fmt, str::FromStr};

use super::Behaviour;

/// In what way a server is hostile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// It does not answer.
    Silent,
    /// It answers too slowly.
    Slow,
    /// It goes away.
    Ending,
    /// It sends more than anybody asked for.
    Flooding,
    /// What it sends does not end.
    Endless,
    /// What it sends is well formed and not true.
    Lying,
    /// What it sends cannot be decoded.
    Malformed,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Slow => "slow",
            Self::Ending => "ending",
            Self::Flooding => "flooding",
            Self::Endless => "endless",
            Self::Lying => "lying",
            Self::Malformed => "malformed",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What comes of it at a client that bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bears {
    /// It is served as by any server: what is odd is understood, what nobody asked for is thrown away.
    Served,
    /// There is no association, and its user is told why.
    NoAssociation,
    /// What it asked, or the association, ends with an error.
    Error,
    /// One of these, as the seed has it.
    Any,
}

impl Bears {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::NoAssociation => "no-association",
            Self::Error => "error",
            Self::Any => "any",
        }
    }
}

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no behaviour has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no behaviour is named `{0}`")]
pub struct UnknownBehaviour(pub String);

impl FromStr for Behaviour {
    type Err = UnknownBehaviour;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|behaviour| behaviour.name() == text)
            .ok_or_else(|| UnknownBehaviour(text.chars().take(64).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_behaviour_has_a_name_of_its_own_and_says_what_a_good_client_does() {
        let mut names = HashSet::new();
        for behaviour in Behaviour::ALL {
            let name = behaviour.name();
            assert!(names.insert(name), "{name} is named twice");
            assert!(
                name.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{name} is not kebab case"
            );
            assert_eq!(name.parse(), Ok(*behaviour));
            for text in [behaviour.title(), behaviour.good_client()] {
                assert!(!text.is_empty() && !text.ends_with('.'), "{name}: {text}");
            }
        }
        assert!("nothing".parse::<Behaviour>().is_err());
    }

    #[test]
    fn every_class_of_the_catalogue_and_every_kind_has_a_behaviour() {
        for class in [
            "ROB-ACSE-03",
            "ROB-ACSE-04",
            "ROBC-INIT-01",
            "ROBC-ID-01",
            "ROBC-FDIR-01",
            "ROBC-NVL-01",
            "ROBC-RPT-01",
            "ROBC-RCB-01",
            "ROBC-PTR-01",
            "ROBC-LASTAPPL-01",
            "ROBC-INV-01",
        ] {
            assert!(
                Behaviour::ALL.iter().any(|one| one.class() == Some(class)),
                "{class}"
            );
        }
        let kinds: HashSet<Kind> = Behaviour::ALL.iter().map(|one| one.kind()).collect();
        assert_eq!(kinds.len(), 7);
    }
}
