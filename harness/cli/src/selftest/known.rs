//! The matrix that is committed, and the faults that wait for a case.

use std::collections::{BTreeMap, BTreeSet};

use iedassay_sim::Fault;
use serde::{Deserialize, Serialize};

use crate::exit::Exit;
use crate::failure::Failure;

const MATRIX: &str = include_str!("../../../../suites/selftest/kill-matrix.json");
const WAITING: &str = include_str!("../../../../suites/selftest/waiting.json");

/// Which cases fail on which fault, by names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Known(pub(crate) BTreeMap<String, BTreeSet<String>>);

impl Known {
    /// The matrix that is built in.
    pub(crate) fn built_in() -> Result<Self, Failure> {
        serde_json::from_str(MATRIX).map_err(|error| broken("kill-matrix.json", &error))
    }

    /// As it is committed: one kill on a line, in the order of names, so that changes merge.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|error| broken("kill-matrix.json", &error))?;
        text.push('\n');
        Ok(text)
    }

    /// One kill of each fault and one of each case, where there are any: for each the most telling, which is the one
    /// whose other side has the fewest.
    pub(crate) fn telling(&self) -> BTreeSet<(&str, &str)> {
        let mut by_case: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (fault, cases) in &self.0 {
            for case in cases {
                by_case.entry(case).or_default().push(fault);
            }
        }
        let mut pairs = BTreeSet::new();
        for (case, faults) in &by_case {
            let rarest = faults
                .iter()
                .min_by_key(|fault| self.0.get(**fault).map_or(0, BTreeSet::len));
            pairs.extend(rarest.map(|fault| (*fault, *case)));
        }
        for (fault, cases) in &self.0 {
            if !pairs.iter().any(|(known, _)| known == fault) {
                let rarest = cases
                    .iter()
                    .min_by_key(|case| by_case.get(case.as_str()).map_or(0, Vec::len));
                pairs.extend(rarest.map(|case| (fault.as_str(), case.as_str())));
            }
        }
        pairs
    }
}

/// Faults that no case kills yet, by area, each area with its reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Waiting(BTreeMap<String, Area>);

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Area {
    reason: String,
    faults: BTreeSet<String>,
}

impl Waiting {
    /// The list that is built in.
    pub(crate) fn built_in() -> Result<Self, Failure> {
        serde_json::from_str(WAITING).map_err(|error| broken("waiting.json", &error))
    }

    /// Why a fault waits.
    pub(crate) fn reason(&self, fault: Fault) -> Option<&str> {
        let area = self
            .0
            .values()
            .find(|area| area.faults.contains(fault.name()))?;
        Some(&area.reason)
    }

    /// The areas in order: name, reason, faults.
    pub(crate) fn areas(&self) -> impl Iterator<Item = (&str, &str, &BTreeSet<String>)> {
        self.0
            .iter()
            .map(|(name, area)| (name.as_str(), area.reason.as_str(), &area.faults))
    }

    /// Names that no fault has.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &str> {
        let names = self.0.values().flat_map(|area| area.faults.iter());
        names
            .map(String::as_str)
            .filter(|name| name.parse::<Fault>().is_err())
    }
}

fn broken(name: &str, error: &serde_json::Error) -> Failure {
    Failure::new(
        Exit::CouldNotTest,
        format!("`suites/selftest/{name}` is broken"),
    )
    .cause(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_kills_cover_every_fault_and_every_case() {
        let known: Known = serde_json::from_str(
            r#"{"dead": ["a", "b", "c"], "stale": ["b"], "torn": ["a", "b"]}"#,
        )
        .unwrap();
        let pairs: Vec<_> = known.telling().into_iter().collect();
        assert_eq!(pairs, [("dead", "c"), ("stale", "b"), ("torn", "a")]);
    }

    #[test]
    fn the_files_that_are_built_in_are_whole() {
        assert!(Known::built_in().is_ok());
        assert_eq!(Waiting::built_in().unwrap().unknown().count(), 0);
    }
}
