//! The named faults: one documented deviation from the standard each.
//!
//! A fault is consulted in exactly one place of the code. With no fault the simulated IED is conformant, so every case of the
//! suites must pass on it; every fault must be noticed by at least one case.

mod list;
mod set;

use core::{fmt, str::FromStr};

pub use list::Fault;
pub use set::{Consulted, FaultSet};

/// The part of the server that a fault is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FaultArea {
    /// Associating, releasing, aborting, limits, loss of the link.
    Association,
    /// Names, types, reading, writing, process values, mode.
    Data,
    /// Data sets.
    DataSets,
    /// Report control blocks and reports.
    Reporting,
    /// What buffered report control blocks have beyond: buffer, EntryIDs, reservation by time.
    Buffered,
    /// Control.
    Control,
    /// Setting groups.
    SettingGroups,
    /// Logs and their control blocks.
    Logs,
    /// Files.
    Files,
    /// TLS below the association.
    Security,
    /// Substitution.
    Substitution,
    /// Control blocks of GOOSE and of sampled values.
    GooseAndSv,
    /// Service tracking.
    Tracking,
    /// The clock, and following time servers.
    Time,
    /// The model that is served, beside its description and the standard.
    Model,
    /// What input does that no honest client sends.
    Robustness,
}

impl FaultArea {
    /// The name, in kebab case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Association => "association",
            Self::Data => "data",
            Self::DataSets => "data-sets",
            Self::Reporting => "reporting",
            Self::Buffered => "buffered-reporting",
            Self::Control => "control",
            Self::SettingGroups => "setting-groups",
            Self::Logs => "logs",
            Self::Files => "files",
            Self::Security => "security",
            Self::Substitution => "substitution",
            Self::GooseAndSv => "goose-and-sv",
            Self::Tracking => "tracking",
            Self::Time => "time",
            Self::Model => "model",
            Self::Robustness => "robustness",
        }
    }
}

impl fmt::Display for FaultArea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no fault has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct UnknownFault {
    /// The name as it was given.
    pub name: String,
    /// The fault that was probably meant.
    pub suggestion: Option<Fault>,
}

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no fault is named `{}`", self.name)?;
        match self.suggestion {
            Some(fault) => write!(f, ", did you mean `{fault}`?"),
            None => Ok(()),
        }
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(fault) = Self::ALL.iter().find(|fault| fault.name() == text) {
            return Ok(*fault);
        }
        let name: String = text.chars().take(64).collect();
        let suggestion = Self::ALL
            .iter()
            .map(|fault| (distance(&name, fault.name()), *fault))
            .min()
            .filter(|(distance, fault)| *distance * 3 <= fault.name().len())
            .map(|(_, fault)| fault);
        Err(UnknownFault { name, suggestion })
    }
}

/// Edits that turn one name into the other (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = i;
        let mut last = i + 1;
        for (cell, r) in row.iter_mut().skip(1).zip(&right) {
            let substituted = diagonal + usize::from(l != *r);
            diagonal = *cell;
            last = substituted.min(last + 1).min(*cell + 1);
            *cell = last;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::HashSet, fs, path::Path};

    #[test]
    fn every_fault_has_a_name_of_its_own_a_sentence_and_a_clause() {
        let mut names = HashSet::new();
        for fault in Fault::ALL {
            let name = fault.name();
            assert!(names.insert(name), "{name} is named twice");
            assert!(
                name.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
                "{name} is not kebab case"
            );
            assert!(fault.doc().ends_with('.'), "{name} has no sentence");
            assert!(!fault.doc().starts_with(' '));
            assert!(
                fault.clause().starts_with("IEC ") || fault.clause().starts_with("ISO "),
                "{name} has no clause"
            );
            assert_eq!(name.parse(), Ok(*fault));
        }
    }

    #[test]
    fn suggests_the_fault_that_was_meant() {
        let error = "gi-not-rest".parse::<Fault>().unwrap_err();
        assert_eq!(error.suggestion, Some(Fault::GiNotReset));
        assert_eq!(
            error.to_string(),
            "no fault is named `gi-not-rest`, did you mean `gi-not-reset`?"
        );
        let error = "xyzzy".parse::<Fault>().unwrap_err();
        assert_eq!(error.to_string(), "no fault is named `xyzzy`");
    }

    #[test]
    fn distance_counts_edits() {
        for (left, right, expected) in [
            ("", "", 0),
            ("a", "", 1),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
            ("ab", "ba", 2),
        ] {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn every_fault_is_consulted_in_one_place() {
        let mut sources = Vec::new();
        collect(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut sources,
        );
        let mut wrong = Vec::new();
        for fault in Fault::ALL {
            let pattern = format!("Fault::{fault:?}");
            let count: usize = sources
                .iter()
                .map(|source| occurrences(source, &pattern))
                .sum();
            if count != 1 {
                wrong.push(format!("{fault:?} {count} times"));
            }
        }
        assert!(wrong.is_empty(), "not consulted exactly once: {wrong:?}");
    }

    /// Sources without their tests and without this file.
    fn collect(folder: &Path, sources: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, sources);
            } else if !path.ends_with("fault.rs")
                && !path.ends_with("fault/list.rs")
                && !path.ends_with("fault/set.rs")
                && !path.ends_with("tests.rs")
                && path.extension().is_some_and(|e| e == "rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
                let lines = code
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                sources.push(lines.collect::<Vec<_>>().join("\n"));
            }
        }
    }

    fn occurrences(source: &str, pattern: &str) -> usize {
        source
            .match_indices(pattern)
            .filter(|(at, _)| {
                source[at + pattern.len()..]
                    .chars()
                    .next()
                    .is_none_or(|next| !next.is_alphanumeric())
            })
            .count()
    }
}
