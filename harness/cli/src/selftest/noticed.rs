//! What one case notices, from the committed matrix: what its failure usually means.

use std::collections::BTreeSet;

use iedassay_sim::Fault;

use super::Known;

/// Cases that are named as the next to run.
const NEIGHBOURS: usize = 4;

/// The faults that a case notices, and who else notices them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Noticed {
    /// The most telling first: that which the fewest cases notice.
    pub(crate) faults: Vec<Fault>,
    /// Other cases, the most alike first: what they say beside this one tells its faults apart.
    pub(crate) neighbours: Vec<String>,
}

impl Noticed {
    pub(crate) fn by(case: &str, known: &Known) -> Self {
        let mut kills: Vec<(&str, &BTreeSet<String>)> = known
            .0
            .iter()
            .filter(|(_, cases)| cases.contains(case))
            .map(|(fault, cases)| (fault.as_str(), cases))
            .collect();
        kills.sort_by_key(|(fault, cases)| (cases.len(), *fault));
        let others: BTreeSet<&str> = kills
            .iter()
            .flat_map(|(_, cases)| cases.iter().map(String::as_str))
            .filter(|other| *other != case)
            .collect();
        let mut alike: Vec<(usize, &str)> = others
            .into_iter()
            .map(|other| {
                let shared = kills.iter().filter(|(_, cases)| cases.contains(other));
                (shared.count(), other)
            })
            .collect();
        alike.sort_by_key(|(shared, other)| (core::cmp::Reverse(*shared), *other));
        Self {
            faults: kills
                .iter()
                .filter_map(|(fault, _)| fault.parse().ok())
                .collect(),
            neighbours: alike
                .into_iter()
                .take(NEIGHBOURS)
                .map(|(_, other)| other.to_owned())
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_faults_and_like_cases_come_first() {
        let known: Known = serde_json::from_str(
            r#"{"gi-not-reset": ["a", "b", "c"], "abort-leaks-slot": ["a", "c"], "urcb-stolen": ["d"]}"#,
        )
        .unwrap();
        let noticed = Noticed::by("a", &known);
        let names: Vec<_> = noticed.faults.iter().map(|fault| fault.name()).collect();
        assert_eq!(names, ["abort-leaks-slot", "gi-not-reset"]);
        assert_eq!(noticed.neighbours, ["c", "b"]);
        assert!(Noticed::by("e", &known).faults.is_empty());
    }
}
