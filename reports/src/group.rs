//! Cases under the headings of a report.

use crate::case::{CaseRecord, Verdict};
use crate::record::RunRecord;

/// The cases under one heading, in the order of the record.
pub(crate) struct Group<'a> {
    pub(crate) name: &'a str,
    pub(crate) cases: Vec<&'a CaseRecord>,
}

impl Group<'_> {
    pub(crate) fn count(&self, verdict: Verdict) -> usize {
        self.cases
            .iter()
            .filter(|case| case.verdict == verdict)
            .count()
    }

    pub(crate) fn duration_ms(&self) -> f64 {
        self.cases.iter().map(|case| case.duration_ms).sum()
    }
}

/// The groups of a record, in the order in which they first appear.
pub(crate) fn groups(record: &RunRecord) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for case in &record.cases {
        match groups.iter_mut().find(|group| group.name == case.group) {
            Some(group) => group.cases.push(case),
            None => groups.push(Group {
                name: &case.group,
                cases: vec![case],
            }),
        }
    }
    groups
}

/// Cases that are not plain passes and need an explanation: failures, errors, inconclusive ones, stale waivers, and passes that
/// took more than one try.
pub(crate) fn troubled(record: &RunRecord) -> impl Iterator<Item = &CaseRecord> {
    record.cases.iter().filter(|case| is_troubled(case))
}

/// Whether a case is no plain pass and needs an explanation.
pub(crate) fn is_troubled(case: &CaseRecord) -> bool {
    matches!(
        case.verdict,
        Verdict::Fail | Verdict::Error | Verdict::Inconclusive
    ) || case.has_stale_waiver()
        || case.is_flaky()
}

/// Reasons why cases were not run, each with the cases, the most frequent first.
pub(crate) fn not_run(record: &RunRecord) -> Vec<(&str, Vec<&CaseRecord>)> {
    let mut reasons: Vec<(&str, Vec<&CaseRecord>)> = Vec::new();
    for case in record
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::NotApplicable)
    {
        let reason = case.reason.as_deref().unwrap_or("no reason was recorded");
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, cases)) => cases.push(case),
            None => reasons.push((reason, vec![case])),
        }
    }
    reasons.sort_by_key(|(_, cases)| std::cmp::Reverse(cases.len()));
    reasons
}

/// Keys of the plan that have no verdict, because the run ended before.
pub(crate) fn not_reached(record: &RunRecord) -> Vec<&str> {
    let decided: std::collections::BTreeSet<String> =
        record.cases.iter().map(CaseRecord::key).collect();
    record
        .plan
        .to_run
        .iter()
        .map(String::as_str)
        .filter(|key| !decided.contains(*key))
        .collect()
}
