//! A case that was tried more than once.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::{CaseRecord, Messages, StepRecord, Verdict};

/// A try of a case that is not the one that decided, with its evidence.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// Why the case was tried again after this try.
    pub because: Because,
    /// What came of it.
    pub verdict: Verdict,
    /// Why, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The step that decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepRecord>,
    /// What went over the wire around that step.
    #[serde(default, skip_serializing_if = "Messages::is_empty")]
    pub messages: Messages,
    /// Capture, relative to the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<String>,
    /// Decoded transcript, relative to the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<String>,
    /// SHA-256 of each of these files, in hexadecimal, by the name of the file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<String, String>,
    /// Start, counted from the start of the run.
    #[serde(default)]
    pub started_ms: f64,
    /// How long it took.
    #[serde(default)]
    pub duration_ms: f64,
}

/// Why a case was tried again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// It did not pass, and the run was asked to try such cases again: by itself, at the end of the run.
    #[default]
    DidNotPass,
    /// It did not pass beside other cases, which may have disturbed it.
    BesideOthers,
}

impl Attempt {
    /// What is kept of a try that does not decide.
    #[must_use]
    pub fn of(case: &CaseRecord, because: Because) -> Self {
        Self {
            because,
            verdict: case.verdict,
            reason: case.reason.clone(),
            step: case.deciding_step().cloned(),
            messages: case.messages.clone(),
            capture: case.capture.clone(),
            transcript: case.transcript.clone(),
            digests: case.digests.clone(),
            started_ms: case.started_ms,
            duration_ms: case.duration_ms,
        }
    }
}

impl CaseRecord {
    /// This case after it was tried again. The try that passes decides; where none does, the first that failed, because a
    /// nonconformance that was seen stands; else the last. The other tries are kept in [`CaseRecord::attempts`].
    #[must_use]
    pub fn tried_again(self, later: Self) -> Self {
        let decides_later = later.verdict == Verdict::Pass || self.verdict != Verdict::Fail;
        let (mut decided, other) = if decides_later {
            (later, self)
        } else {
            (self, later)
        };
        decided
            .attempts
            .push(Attempt::of(&other, Because::DidNotPass));
        decided.attempts.extend(other.attempts);
        decided
            .attempts
            .sort_by(|a, b| a.started_ms.total_cmp(&b.started_ms));
        decided
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(verdicts: &[Verdict]) -> CaseRecord {
        let one = |(n, verdict): (usize, &Verdict)| CaseRecord {
            verdict: *verdict,
            started_ms: n as f64,
            ..CaseRecord::default()
        };
        let tries = verdicts.iter().enumerate().map(one);
        tries.reduce(CaseRecord::tried_again).unwrap()
    }

    #[test]
    fn a_pass_decides_and_what_came_before_is_kept_in_order() {
        use Verdict::{Fail, Inconclusive, Pass};
        let case = tried(&[Fail, Inconclusive, Pass]);
        assert_eq!(case.verdict, Pass);
        assert!(case.is_flaky());
        let kept: Vec<Verdict> = case.attempts.iter().map(|one| one.verdict).collect();
        assert_eq!(kept, [Fail, Inconclusive]);
    }

    #[test]
    fn without_a_pass_the_first_failure_decides() {
        use Verdict::{Error, Fail, Inconclusive};
        for (tries, started) in [
            (vec![Fail, Inconclusive, Fail], 0.0),
            (vec![Inconclusive, Fail, Error], 1.0),
        ] {
            let case = tried(&tries);
            assert_eq!(
                (case.verdict, case.started_ms),
                (Fail, started),
                "{tries:?}"
            );
            assert!(!case.is_flaky());
            assert_eq!(case.attempts.len(), 2);
        }
        assert_eq!(tried(&[Inconclusive, Error]).verdict, Error);
    }

    #[test]
    fn a_try_beside_others_makes_no_case_flaky() {
        let mut case = tried(&[Verdict::Pass]);
        let beside = Attempt::of(&tried(&[Verdict::Fail]), Because::BesideOthers);
        case.attempts.push(beside);
        assert!(!case.is_flaky());
    }
}
