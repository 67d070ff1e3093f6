//! What became of each case instance.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::{CaseRecord, Verdict};
use crate::record::RunRecord;

/// A case instance with another outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseChange {
    /// Key of the case instance ([`CaseRecord::key`]).
    pub case: String,
    /// Title in words.
    pub title: String,
    /// What kind of change.
    pub kind: CaseChangeKind,
    /// The old verdict; absent when the case was not in the old run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Verdict>,
    /// The new verdict; absent when the case is not in the new run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<Verdict>,
    /// Why the new verdict, or where there is none the old one, is no pass; of new findings, what they say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of a case instance.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CaseChangeKind {
    /// It fails, and did not before.
    NewFailure,
    /// It passed or failed before, and now there is no verdict about the device.
    LostVerdict,
    /// It fails, did not before, and a waiver accepts it.
    NewlyWaived,
    /// It fails as before, for another reason.
    FailsDifferently,
    /// It failed, and passes.
    Fixed,
    /// There was no verdict about the device before, and now it passes.
    NewlyJudged,
    /// It passes as before, and did not on every try.
    NewlyFlaky,
    /// It passes as before, and something legal but odd is new.
    NewFinding,
}

impl CaseChangeKind {
    /// Every kind, the worst first.
    pub const ALL: [Self; 8] = [
        Self::NewFailure,
        Self::LostVerdict,
        Self::NewlyWaived,
        Self::FailsDifferently,
        Self::Fixed,
        Self::NewlyJudged,
        Self::NewlyFlaky,
        Self::NewFinding,
    ];

    /// In words, as a heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::NewFailure => "new failures",
            Self::LostVerdict => "no longer judged",
            Self::NewlyWaived => "new failures that a waiver accepts",
            Self::FailsDifferently => "fail as before, for another reason",
            Self::Fixed => "fixed",
            Self::NewlyJudged => "judged for the first time",
            Self::NewlyFlaky => "pass as before, but only when tried again",
            Self::NewFinding => "pass as before, and something odd is new",
        }
    }

    /// Whether a gate must stop it.
    #[must_use]
    pub fn is_regression(self) -> bool {
        matches!(self, Self::NewFailure | Self::LostVerdict)
    }
}

pub(super) struct Cases {
    pub(super) changes: Vec<CaseChange>,
    pub(super) same: usize,
    pub(super) not_selected: usize,
}

pub(super) fn compare(old: &RunRecord, new: &RunRecord) -> Cases {
    let by_key = |record: &RunRecord| -> BTreeMap<String, CaseRecord> {
        let cases = record.cases.iter();
        cases.map(|case| (case.key(), case.clone())).collect()
    };
    let (before, after) = (by_key(old), by_key(new));
    let mut cases = Cases {
        changes: Vec::new(),
        same: 0,
        not_selected: 0,
    };
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let (was, is) = (before.get(key), after.get(key));
        // A narrower filter takes no verdict away, nor does a run of what did not pass.
        if is.is_none() && (!new.options.filters.is_empty() || new.reruns.is_some()) {
            cases.not_selected += 1;
            continue;
        }
        match kind(was, is) {
            Some(kind) => cases.changes.push(change(key, kind, was, is)),
            None => cases.same += 1,
        }
    }
    cases.changes.sort_by_key(|change| change.kind);
    cases
}

fn kind(was: Option<&CaseRecord>, is: Option<&CaseRecord>) -> Option<CaseChangeKind> {
    let verdict = |case: Option<&CaseRecord>| case.map(|case| case.verdict);
    match (verdict(was), verdict(is)) {
        (Some(Verdict::Fail), Some(Verdict::Fail)) => {
            let reason = |case: Option<&CaseRecord>| case.and_then(|case| case.reason.clone());
            (reason(was) != reason(is)).then_some(CaseChangeKind::FailsDifferently)
        }
        (_, Some(Verdict::Fail)) if is.is_some_and(CaseRecord::is_waived) => {
            Some(CaseChangeKind::NewlyWaived)
        }
        (_, Some(Verdict::Fail)) => Some(CaseChangeKind::NewFailure),
        (Some(Verdict::Fail), Some(Verdict::Pass)) => Some(CaseChangeKind::Fixed),
        (Some(Verdict::Pass), Some(Verdict::Pass))
            if is.is_some_and(CaseRecord::is_flaky) && !was.is_some_and(CaseRecord::is_flaky) =>
        {
            Some(CaseChangeKind::NewlyFlaky)
        }
        (Some(Verdict::Pass), Some(Verdict::Pass)) => {
            (!new_findings(was, is).is_empty()).then_some(CaseChangeKind::NewFinding)
        }
        (_, Some(Verdict::Pass)) => Some(CaseChangeKind::NewlyJudged),
        (Some(Verdict::Pass | Verdict::Fail), _) => Some(CaseChangeKind::LostVerdict),
        _ => None,
    }
}

fn change(
    key: &str,
    kind: CaseChangeKind,
    was: Option<&CaseRecord>,
    is: Option<&CaseRecord>,
) -> CaseChange {
    let known = is.or(was);
    let reason = match kind {
        CaseChangeKind::NewFinding => Some(new_findings(was, is).join("; ")),
        CaseChangeKind::NewlyFlaky => is
            .and_then(|case| case.retries().next())
            .and_then(|attempt| attempt.reason.clone()),
        CaseChangeKind::LostVerdict if is.is_none() => Some("not in the new run".to_owned()),
        CaseChangeKind::Fixed => was.and_then(|case| case.reason.clone()),
        _ => is.and_then(|case| case.reason.clone()),
    };
    CaseChange {
        case: key.to_owned(),
        title: known.map(|case| case.title.clone()).unwrap_or_default(),
        kind,
        old: was.map(|case| case.verdict),
        new: is.map(|case| case.verdict),
        reason,
    }
}

/// Findings whose code the old run did not have in this case. Texts hold values that change from run to run.
fn new_findings(was: Option<&CaseRecord>, is: Option<&CaseRecord>) -> Vec<String> {
    let known = |code: &str| {
        was.is_some_and(|case| case.findings.iter().any(|finding| finding.code == code))
    };
    let findings = is.into_iter().flat_map(|case| &case.findings);
    findings
        .filter(|finding| !known(&finding.code))
        .map(|finding| format!("{}: {}", finding.code, finding.text))
        .collect()
}
