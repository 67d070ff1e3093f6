//! The buyer's own requirements, and whether the run shows that they are met.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::case::{CaseRecord, Measurement, Verdict};
use crate::pics_gap::{Gap, Observed, gap_report};
use crate::record::RunRecord;

/// A requirement of the buyer's profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Requirement {
    /// The buyer's id, as `PROC-4.2.1`.
    pub id: String,
    /// What is required, in the buyer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Ids of the cases that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<String>,
    /// Capabilities that show it ([`crate::Capability::id`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// Limits of what cases measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
}

/// A limit of a number that cases measure ([`crate::Measurement`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limit {
    /// The name of the measurement.
    pub measurement: String,
    /// Ids of the cases that measure it.
    pub cases: Vec<String>,
    /// None may be less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
    /// None may be more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
}

/// Whether a requirement is met.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Met {
    /// A case that shows it fails, or a capability is not claimed or fails.
    No,
    /// Something that shows it came to no verdict.
    Open,
    /// It fails, and a waiver accepts that.
    Waived,
    /// Everything that shows it passed.
    Yes,
}

impl Met {
    /// The word used in files and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::No => "not met",
            Self::Open => "open",
            Self::Waived => "waived",
            Self::Yes => "met",
        }
    }
}

/// A requirement with what the run says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementRow {
    /// The requirement.
    pub requirement: Requirement,
    /// Whether it is met.
    pub met: Met,
    /// Keys of the case instances that speak for it, with their verdicts.
    pub evidence: Vec<(String, Verdict)>,
    /// What stands against it, what is missing, and on what grounds it is met when that is not the cases alone.
    pub because: Vec<String>,
}

/// Every requirement of a record.
#[must_use]
pub fn requirement_matrix(record: &RunRecord) -> Vec<RequirementRow> {
    let gaps = gap_report(record).rows;
    let rows = record.requirements.iter();
    rows.map(|requirement| {
        let mut evidence = Vec::new();
        let mut states = Vec::new();
        let mut because = Vec::new();
        for id in &requirement.cases {
            let instances = record.cases.iter().filter(|case| case.id == *id);
            let (met, why) = of_case(id, instances, &mut evidence);
            states.push(met);
            because.extend(why);
        }
        for id in &requirement.capabilities {
            let row = gaps.iter().find(|row| row.id == *id);
            let (met, why) = match row {
                Some(row) if row.gaps.contains(&Gap::RequiredButNotClaimed) => {
                    (Met::No, Some(format!("{id} is not claimed, or less of it")))
                }
                Some(row) => match row.observed {
                    Observed::Working if row.evidence.is_empty() => (
                        Met::Yes,
                        Some(format!(
                            "{id} is shown by a probe only: no case exercised it"
                        )),
                    ),
                    Observed::Working => (Met::Yes, None),
                    Observed::Failing => (Met::No, Some(format!("{id} fails"))),
                    Observed::Unsupported => (Met::No, Some(format!("{id} is not supported"))),
                    Observed::NotExercised => (Met::Open, Some(format!("{id} was not exercised"))),
                },
                None => (Met::Open, Some(format!("nothing is known of {id}"))),
            };
            states.push(met);
            because.extend(why);
        }
        for limit in &requirement.limits {
            let (met, why) = of_limit(limit, record);
            states.push(met);
            because.push(why);
        }
        RequirementRow {
            requirement: requirement.clone(),
            met: states.into_iter().min().unwrap_or(Met::Open),
            evidence,
            because,
        }
    })
    .collect()
}

/// What was measured, against its limit.
fn of_limit(limit: &Limit, record: &RunRecord) -> (Met, String) {
    let cases = record
        .cases
        .iter()
        .filter(|case| limit.cases.contains(&case.id));
    let measured = cases.flat_map(|case| case.measurements.iter().map(move |m| (case, m)));
    let measured: Vec<_> = measured
        .filter(|(_, m)| m.name == limit.measurement)
        .collect();
    let name = &limit.measurement;
    let by_value = |a: &&(&CaseRecord, &Measurement), b: &&(&CaseRecord, &Measurement)| {
        a.1.value.total_cmp(&b.1.value)
    };
    let mut met = Met::Yes;
    let mut told = Vec::new();
    let sides = [
        ("at least", limit.at_least, measured.iter().min_by(by_value)),
        ("at most", limit.at_most, measured.iter().max_by(by_value)),
    ];
    for (word, bound, extreme) in sides {
        let Some(bound) = bound else { continue };
        let Some((case, extreme)) = extreme else {
            return (Met::Open, format!("{name} was not measured"));
        };
        let bad = match word {
            "at least" => extreme.value < f64::from(bound),
            _ => extreme.value > f64::from(bound),
        };
        let value = (extreme.value * 100.0).round() / 100.0;
        let unit = if extreme.unit.is_empty() {
            String::new()
        } else {
            format!(" {}", extreme.unit)
        };
        told.push(format!("{name} {value}{unit}, required {word} {bound}"));
        if bad {
            met = Met::No;
            told.push(format!("measured by {}", case.key()));
        }
    }
    (met, told.join(", "))
}

/// What the instances of a case say. One that does not apply says nothing beside others that pass.
fn of_case<'a>(
    id: &str,
    instances: impl Iterator<Item = &'a CaseRecord>,
    evidence: &mut Vec<(String, Verdict)>,
) -> (Met, Vec<String>) {
    let mut states = Vec::new();
    let mut because = Vec::new();
    let mut excused = Vec::new();
    for case in instances {
        evidence.push((case.key(), case.verdict));
        match case.verdict {
            Verdict::Pass => {
                states.push(Met::Yes);
                if case.is_flaky() {
                    because.push(format!("{} passed only when tried again", case.key()));
                }
            }
            Verdict::Fail if case.is_waived() => {
                states.push(Met::Waived);
                because.push(format!("{} fails, which a waiver accepts", case.key()));
            }
            Verdict::Fail => {
                states.push(Met::No);
                because.push(format!("{} fails", case.key()));
            }
            Verdict::Inconclusive | Verdict::Error => {
                states.push(Met::Open);
                because.push(format!("{} is {}", case.key(), case.verdict));
            }
            Verdict::NotApplicable => {
                let reason = case.reason.as_deref().unwrap_or("no reason given");
                excused.push(format!("{} does not apply: {reason}", case.key()));
            }
        }
    }
    match states.into_iter().min() {
        Some(met) => (met, because),
        None if excused.is_empty() => (Met::Open, vec![format!("{id} was not run")]),
        None => (Met::Open, excused),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Target, Tool};

    fn met(cases: &[(&str, Verdict)], asked: &[&str]) -> (Met, Vec<String>) {
        let tool = Tool {
            name: "iedassay".into(),
            version: "0".into(),
        };
        let mut record = RunRecord::new(tool, Target::default(), String::new());
        let cases = cases.iter().enumerate();
        record.cases = cases
            .map(|(index, (id, verdict))| CaseRecord {
                id: (*id).into(),
                instance: Some(index.to_string()),
                verdict: *verdict,
                ..CaseRecord::default()
            })
            .collect();
        record.requirements = vec![Requirement {
            id: "R1".into(),
            cases: asked.iter().map(|id| (*id).to_owned()).collect(),
            ..Requirement::default()
        }];
        let row = requirement_matrix(&record).remove(0);
        (row.met, row.because)
    }

    #[test]
    fn is_met_only_when_everything_that_shows_it_passed() {
        use Verdict::*;
        assert_eq!(
            met(&[("a", Pass), ("a", NotApplicable)], &["a"]).0,
            Met::Yes
        );
        assert_eq!(met(&[("a", Pass), ("b", Fail)], &["a", "b"]).0, Met::No);
        assert_eq!(
            met(&[("a", Pass), ("a", Inconclusive)], &["a"]).0,
            Met::Open
        );
        assert_eq!(met(&[("a", NotApplicable)], &["a"]).0, Met::Open);
        let (open, because) = met(&[("a", Pass)], &["a", "b"]);
        assert_eq!(
            (open, because),
            (Met::Open, vec!["b was not run".to_owned()])
        );
        assert_eq!(met(&[("b", Fail)], &["a"]).0, Met::Open);
    }

    #[test]
    fn a_limit_is_held_against_the_worst_that_was_measured() {
        let tool = Tool {
            name: String::new(),
            version: String::new(),
        };
        let mut record = RunRecord::new(tool, Target::default(), String::new());
        let measured = |value| Measurement {
            name: "latency".into(),
            value,
            unit: "ms".into(),
            at_ms: None,
        };
        record.cases = vec![CaseRecord {
            id: "a".into(),
            verdict: Verdict::Pass,
            measurements: vec![measured(40.0), measured(120.04)],
            ..CaseRecord::default()
        }];
        let mut held = |at_least, at_most, name: &str| {
            record.requirements = vec![Requirement {
                id: "R1".into(),
                limits: vec![Limit {
                    measurement: name.into(),
                    cases: vec!["a".into()],
                    at_least,
                    at_most,
                }],
                ..Requirement::default()
            }];
            let row = requirement_matrix(&record).remove(0);
            (row.met, row.because.join("; "))
        };
        assert_eq!(
            held(None, Some(121), "latency"),
            (Met::Yes, "latency 120.04 ms, required at most 121".into())
        );
        assert_eq!(
            held(None, Some(120), "latency"),
            (
                Met::No,
                "latency 120.04 ms, required at most 120, measured by a".into()
            )
        );
        assert_eq!(held(Some(41), None, "latency").0, Met::No);
        assert_eq!(held(Some(40), Some(121), "latency").0, Met::Yes);
        assert_eq!(
            held(Some(1), None, "size"),
            (Met::Open, "size was not measured".into())
        );
    }

    #[test]
    fn a_waived_failure_is_told_as_such() {
        let mut record = RunRecord::new(
            Tool {
                name: String::new(),
                version: String::new(),
            },
            Target::default(),
            String::new(),
        );
        record.cases = vec![CaseRecord {
            id: "a".into(),
            verdict: Verdict::Fail,
            waiver: Some(crate::case::Waiver {
                reason: "r".into(),
                owner: "o".into(),
                expires: None,
                firmware: None,
                state: crate::case::WaiverState::Applied,
            }),
            ..CaseRecord::default()
        }];
        record.requirements = vec![Requirement {
            id: "R1".into(),
            cases: vec!["a".into()],
            ..Requirement::default()
        }];
        assert_eq!(requirement_matrix(&record)[0].met, Met::Waived);
    }
}
