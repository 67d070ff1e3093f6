//! Counts and conclusion of a run, computed in one place so that every report and the exit code agree.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::{CaseRecord, Verdict};
use crate::group::not_reached;
use crate::record::RunRecord;

/// Counts and conclusion of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Case instances with a verdict.
    pub total: usize,
    /// Verdict `pass`.
    pub pass: usize,
    /// Verdict `fail`, waived ones included.
    pub fail: usize,
    /// Verdict `inconclusive`.
    pub inconclusive: usize,
    /// Verdict `not-applicable`.
    pub not_applicable: usize,
    /// Verdict `error`.
    pub error: usize,
    /// Failures that a waiver accepts.
    pub waived: usize,
    /// Waivers that have expired or are no longer needed.
    pub stale_waivers: usize,
    /// Cases that passed only when they were tried again; they are among `pass`.
    #[serde(default)]
    pub flaky: usize,
    /// Findings of all cases.
    pub findings: usize,
    /// Case instances of the plan that were not reached.
    pub not_reached: usize,
    /// What follows.
    pub conclusion: Conclusion,
    /// Why, in a sentence.
    pub because: String,
}

impl Summary {
    /// Computes the summary of a record from its other fields.
    #[must_use]
    pub fn of(record: &RunRecord) -> Self {
        let cases = &record.cases;
        let with = |verdict| cases.iter().filter(|case| case.verdict == verdict).count();
        let mut summary = Self {
            total: cases.len(),
            pass: with(Verdict::Pass),
            fail: with(Verdict::Fail),
            inconclusive: with(Verdict::Inconclusive),
            not_applicable: with(Verdict::NotApplicable),
            error: with(Verdict::Error),
            waived: cases
                .iter()
                .filter(|case| case.verdict == Verdict::Fail && case.is_waived())
                .count(),
            stale_waivers: cases.iter().filter(|case| case.has_stale_waiver()).count(),
            flaky: cases.iter().filter(|case| case.is_flaky()).count(),
            findings: cases.iter().map(|case| case.findings.len()).sum(),
            not_reached: not_reached(record).len(),
            conclusion: Conclusion::default(),
            because: String::new(),
        };
        (summary.conclusion, summary.because) = summary.conclude(record);
        summary
    }

    /// The number of cases with a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Pass => self.pass,
            Verdict::Fail => self.fail,
            Verdict::Inconclusive => self.inconclusive,
            Verdict::NotApplicable => self.not_applicable,
            Verdict::Error => self.error,
        }
    }

    // The order matters: an interrupted or blind run must not look like a judgement of the device, a nonconformance
    // that was observed stands whatever else went wrong, and a run in which nothing was judged is never a pass.
    fn conclude(&self, record: &RunRecord) -> (Conclusion, String) {
        let nonconforming = record
            .cases
            .iter()
            .filter(|case| case.is_nonconformance())
            .count();
        if record.plan.selected == 0 && self.total == 0 {
            return (Conclusion::NothingSelected, "no case was selected".into());
        }
        if record.interrupted {
            let because = format!(
                "the run was interrupted with {} not reached",
                cases(self.not_reached)
            );
            return (Conclusion::CouldNotTest, because);
        }
        if nonconforming > 0 {
            let failed = nonconforming - self.stale_only(&record.cases);
            let mut parts = Vec::new();
            if failed > 0 {
                parts.push(format!("{} failed", cases(failed)));
            }
            if self.stale_waivers > 0 {
                let plural = if self.stale_waivers == 1 {
                    "waiver has"
                } else {
                    "waivers have"
                };
                parts.push(format!(
                    "{} {plural} expired or is no longer needed",
                    self.stale_waivers
                ));
            }
            return (Conclusion::Nonconforming, parts.join(", "));
        }
        let unstable = record
            .cases
            .iter()
            .filter(|case| case.is_flaky() && !case.is_waived())
            .count();
        if record.options.fail_on_flaky && unstable > 0 {
            let because = format!(
                "{} passed only when tried again, and the run fails on that",
                cases(unstable)
            );
            return (Conclusion::Nonconforming, because);
        }
        if let Some(reason) = &record.could_not_test {
            return (Conclusion::CouldNotTest, reason.clone());
        }
        if self.error > 0 {
            return (
                Conclusion::CouldNotTest,
                format!(
                    "{} ended in an error of the harness or the suite",
                    cases(self.error)
                ),
            );
        }
        if record.options.strict && self.inconclusive > 0 {
            return (
                Conclusion::CouldNotTest,
                format!(
                    "{} inconclusive, and the run is strict",
                    cases(self.inconclusive)
                ),
            );
        }
        if self.pass + self.waived == 0 {
            return if self.inconclusive > 0 {
                (
                    Conclusion::CouldNotTest,
                    format!(
                        "nothing was judged: {} inconclusive",
                        cases(self.inconclusive)
                    ),
                )
            } else {
                (
                    Conclusion::NothingSelected,
                    "nothing was judged: no selected case applies to this target".into(),
                )
            };
        }
        let mut because = format!("{} passed", cases(self.pass));
        if self.flaky > 0 {
            because.push_str(&format!(", {} of them flaky", self.flaky));
        }
        if self.waived > 0 {
            because.push_str(&format!(", {} waived", self.waived));
        }
        (Conclusion::Conforms, because)
    }

    fn stale_only(&self, cases: &[CaseRecord]) -> usize {
        cases
            .iter()
            .filter(|case| case.has_stale_waiver() && case.verdict != Verdict::Fail)
            .count()
    }
}

fn cases(count: usize) -> String {
    format!("{count} case{}", if count == 1 { "" } else { "s" })
}

/// What a run says about its target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// Everything that ran conforms, waivers applied.
    Conforms,
    /// At least one nonconformance.
    Nonconforming,
    /// No association, an error of the harness, or an interruption.
    #[default]
    CouldNotTest,
    /// No case was selected, or none applies.
    NothingSelected,
}

impl Conclusion {
    /// In words, for headings.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Conforms => "conforms",
            Self::Nonconforming => "does not conform",
            Self::CouldNotTest => "could not be tested",
            Self::NothingSelected => "was not tested",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Waiver, WaiverState};
    use crate::record::{Target, Tool};

    fn run(verdicts: &[Verdict]) -> RunRecord {
        let tool = Tool {
            name: "iedassay".into(),
            version: "0".into(),
        };
        let mut record = RunRecord::new(tool, Target::default(), String::new());
        record.plan.selected = verdicts.len();
        for (number, verdict) in verdicts.iter().enumerate() {
            record.plan.to_run.push(format!("x/{number}"));
            record.cases.push(CaseRecord {
                id: format!("x/{number}"),
                verdict: *verdict,
                ..CaseRecord::default()
            });
        }
        record
    }

    fn conclusion(record: &RunRecord) -> Conclusion {
        Summary::of(record).conclusion
    }

    #[test]
    fn a_nonconformance_stands_whatever_else_went_wrong() {
        assert_eq!(
            conclusion(&run(&[Verdict::Pass, Verdict::Error, Verdict::Fail])),
            Conclusion::Nonconforming
        );
    }

    #[test]
    fn nothing_judged_is_never_a_pass() {
        assert_eq!(conclusion(&run(&[])), Conclusion::NothingSelected);
        assert_eq!(
            conclusion(&run(&[Verdict::NotApplicable])),
            Conclusion::NothingSelected
        );
        assert_eq!(
            conclusion(&run(&[Verdict::Inconclusive, Verdict::NotApplicable])),
            Conclusion::CouldNotTest
        );
    }

    #[test]
    fn a_case_that_could_not_be_planned_reaches_no_other() {
        let mut record = run(&[Verdict::Error]);
        record.plan.to_run = vec!["x/1".into()];
        let summary = Summary::of(&record);
        assert_eq!((summary.total, summary.not_reached), (1, 1));
    }

    #[test]
    fn inconclusive_counts_only_when_strict() {
        let mut record = run(&[Verdict::Pass, Verdict::Inconclusive]);
        assert_eq!(conclusion(&record), Conclusion::Conforms);
        record.options.strict = true;
        assert_eq!(conclusion(&record), Conclusion::CouldNotTest);
    }

    #[test]
    fn an_interrupted_run_judges_nothing() {
        let mut record = run(&[Verdict::Pass]);
        record.interrupted = true;
        record.plan.to_run.push("not reached".into());
        let summary = Summary::of(&record);
        assert_eq!(
            (summary.conclusion, summary.not_reached),
            (Conclusion::CouldNotTest, 1)
        );
    }

    #[test]
    fn a_stale_waiver_alone_fails_the_run() {
        let mut record = run(&[Verdict::Pass]);
        let state = WaiverState::NotNeeded;
        record.cases[0].waiver = Some(Waiver {
            reason: "r".into(),
            owner: "o".into(),
            expires: None,
            firmware: None,
            state,
        });
        let summary = Summary::of(&record);
        assert_eq!(summary.conclusion, Conclusion::Nonconforming);
        assert_eq!(
            summary.because,
            "1 waiver has expired or is no longer needed"
        );
    }

    #[test]
    fn a_run_with_only_waived_failures_conforms() {
        let mut record = run(&[Verdict::Fail]);
        let state = WaiverState::Applied;
        record.cases[0].waiver = Some(Waiver {
            reason: "r".into(),
            owner: "o".into(),
            expires: None,
            firmware: None,
            state,
        });
        assert_eq!(conclusion(&record), Conclusion::Conforms);
    }
}
