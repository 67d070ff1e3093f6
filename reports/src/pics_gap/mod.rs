//! The PICS gap: what is required, claimed, announced and observed of each capability, side by side, and the
//! differences by name.
//!
//! Observed follows from the verdicts of the same record that JUnit shows, so the two cannot disagree: a case that
//! fails makes the capability failing (waived or not: a waiver accepts a deviation, it does not remove it), otherwise a
//! case that passes makes it working, otherwise a probe tells, otherwise it was not exercised, with the reasons.

mod junit;
mod render;

pub use junit::render_junit;
pub(crate) use render::said;
pub use render::{render_csv, render_json, render_markdown, render_terminal};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::capability::{Capability, CapabilityKind, Statement};
use crate::case::{CaseRecord, Verdict};
use crate::record::RunRecord;
use crate::text::one_line;

/// The gap report, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GapReport {
    /// Version of this format.
    pub schema_version: u32,
    /// Name of the target.
    pub target: String,
    /// Wall time of the run, RFC 3339 in UTC.
    pub started: String,
    /// One row for each capability that anybody speaks about.
    pub rows: Vec<GapRow>,
}

impl GapReport {
    /// Rows with at least one gap.
    pub fn gaps(&self) -> impl Iterator<Item = &GapRow> {
        self.rows.iter().filter(|row| !row.gaps.is_empty())
    }
}

/// One capability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GapRow {
    /// See [`Capability::id`].
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Table that it belongs to.
    pub kind: CapabilityKind,
    /// From the buyer's profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Statement>,
    /// From the PICS or, where it is silent, the SCL file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Statement>,
    /// From the SCL file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub described: Option<Statement>,
    /// From the Initiate-Response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced: Option<Statement>,
    /// From the verdicts.
    pub observed: Observed,
    /// Cases that speak for the observation, each with its verdict.
    pub evidence: Vec<Evidence>,
    /// What does not fit together.
    pub gaps: Vec<Gap>,
    /// Why it was not exercised, or which cases fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A case instance and its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Key of the case instance.
    pub case: String,
    /// Its verdict.
    pub verdict: Verdict,
}

/// What was observed of a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Observed {
    /// A case that exercises it passed, and none failed.
    Working,
    /// A case that exercises it failed.
    Failing,
    /// A probe found it refused like something that cannot exist, or not there.
    Unsupported,
    /// No case came to a verdict about it, and no probe could tell.
    NotExercised,
}

impl Observed {
    /// The word used in files and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Failing => "failing",
            Self::Unsupported => "unsupported",
            Self::NotExercised => "not exercised",
        }
    }
}

/// What does not fit together.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// The buyer asks for it, the vendor does not claim it, or claims less.
    RequiredButNotClaimed,
    /// The buyer asks for it, and a case fails.
    RequiredButFailing,
    /// The vendor claims it, and a case fails.
    ClaimedButFailing,
    /// The vendor claims it, and no case came to a verdict.
    ClaimedButNeverExercised,
    /// The device announces it, and a case fails.
    AnnouncedButNotWorking,
    /// It works, and the vendor does not claim it.
    WorkingButNotClaimed,
    /// It works, and the device does not announce it.
    WorkingButNotAnnounced,
    /// The statement says one thing, the SCL file another.
    StatementAndSclDisagree,
}

impl Gap {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::RequiredButNotClaimed,
        Self::RequiredButFailing,
        Self::ClaimedButFailing,
        Self::ClaimedButNeverExercised,
        Self::AnnouncedButNotWorking,
        Self::WorkingButNotClaimed,
        Self::WorkingButNotAnnounced,
        Self::StatementAndSclDisagree,
    ];

    /// The word used on the command line and in files.
    #[must_use]
    pub fn name(self) -> String {
        self.title().replace(' ', "-")
    }

    /// Whether somebody says what is not so. The others only ask for another look.
    #[must_use]
    pub fn is_contradiction(self) -> bool {
        match self {
            Self::RequiredButNotClaimed
            | Self::RequiredButFailing
            | Self::ClaimedButFailing
            | Self::AnnouncedButNotWorking
            | Self::StatementAndSclDisagree => true,
            Self::ClaimedButNeverExercised
            | Self::WorkingButNotClaimed
            | Self::WorkingButNotAnnounced => false,
        }
    }

    /// In words, for tables.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::RequiredButNotClaimed => "required but not claimed",
            Self::RequiredButFailing => "required but failing",
            Self::ClaimedButFailing => "claimed but failing",
            Self::ClaimedButNeverExercised => "claimed but never exercised",
            Self::AnnouncedButNotWorking => "announced but not working",
            Self::WorkingButNotClaimed => "working but not claimed",
            Self::WorkingButNotAnnounced => "working but not announced",
            Self::StatementAndSclDisagree => "statement and SCL disagree",
        }
    }
}

/// Compares the columns of a record.
#[must_use]
pub fn gap_report(record: &RunRecord) -> GapReport {
    GapReport {
        schema_version: 1,
        target: record.target.name.clone(),
        started: record.started.clone(),
        rows: record
            .capabilities
            .iter()
            .map(|capability| row(record, capability))
            .collect(),
    }
}

fn row(record: &RunRecord, capability: &Capability) -> GapRow {
    let exercising: Vec<&CaseRecord> = record
        .cases
        .iter()
        .filter(|case| {
            capability.cases.contains(&case.id) || case.capabilities.contains(&capability.id)
        })
        .collect();
    let shown: Vec<&CaseRecord> = record
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::Pass && capability.shown_by.contains(&case.id))
        .filter(|case| !capability.cases.contains(&case.id))
        .collect();
    let observed = match observe(capability, &exercising) {
        Observed::NotExercised if !shown.is_empty() => Observed::Working,
        observed => observed,
    };
    let gaps = gaps(record, capability, observed);
    GapRow {
        id: capability.id.clone(),
        name: capability.name.clone(),
        kind: capability.kind,
        required: capability.required.clone(),
        claimed: capability.claimed.clone(),
        described: capability.described.clone(),
        announced: capability.announced.clone(),
        observed,
        evidence: exercising
            .iter()
            .chain(&shown)
            .map(|case| Evidence {
                case: case.key(),
                verdict: case.verdict,
            })
            .collect(),
        gaps,
        note: note(capability, observed, &exercising),
    }
}

fn observe(capability: &Capability, exercising: &[&CaseRecord]) -> Observed {
    let any = |verdict| exercising.iter().any(|case| case.verdict == verdict);
    if any(Verdict::Fail) {
        return Observed::Failing;
    }
    if any(Verdict::Pass) {
        return Observed::Working;
    }
    match &capability.probed {
        Some(probe) if probe.supported => Observed::Working,
        Some(_) => Observed::Unsupported,
        None => Observed::NotExercised,
    }
}

fn gaps(record: &RunRecord, capability: &Capability, observed: Observed) -> Vec<Gap> {
    let yes = |statement: &Option<Statement>| {
        statement
            .as_ref()
            .is_some_and(|statement| statement.supported)
    };
    let claimed = yes(&capability.claimed);
    // Silence is a "no" only in a table about which the vendor says anything at all; an SCL file has no place to speak of most.
    let table_is_claimed = || {
        record
            .capabilities
            .iter()
            .any(|other| other.kind == capability.kind && is_stated(other))
            // The numbers of an association stand in the PIXIT, which asks for few of them.
            && capability.kind != CapabilityKind::AssociationParameter
    };
    let bit = matches!(
        capability.kind,
        CapabilityKind::MmsService | CapabilityKind::ParameterCbb
    );
    let mut gaps = Vec::new();
    if yes(&capability.required) {
        if !claimed || claims_less(capability) {
            gaps.push(Gap::RequiredButNotClaimed);
        }
        if matches!(observed, Observed::Failing | Observed::Unsupported) {
            gaps.push(Gap::RequiredButFailing);
        }
    }
    match observed {
        Observed::Failing | Observed::Unsupported => {
            if claimed {
                gaps.push(Gap::ClaimedButFailing);
            }
            // Of an ACSI service the bits only say that it is possible.
            if yes(&capability.announced) && (bit || observed == Observed::Failing) {
                gaps.push(Gap::AnnouncedButNotWorking);
            }
        }
        Observed::NotExercised if claimed => gaps.push(Gap::ClaimedButNeverExercised),
        Observed::Working if !claimed && (capability.claimed.is_some() || table_is_claimed()) => {
            gaps.push(Gap::WorkingButNotClaimed);
        }
        Observed::Working | Observed::NotExercised => {}
    }
    let not_announced = matches!(&capability.announced, Some(said) if !said.supported);
    if bit && observed == Observed::Working && not_announced {
        gaps.push(Gap::WorkingButNotAnnounced);
    }
    if is_stated(capability)
        && let (Some(claimed), Some(described)) = (&capability.claimed, &capability.described)
        && claimed.supported != described.supported
    {
        gaps.push(Gap::StatementAndSclDisagree);
    }
    gaps
}

// The claim is the vendor's own, not only what the SCL file says.
fn is_stated(capability: &Capability) -> bool {
    match (&capability.claimed, &capability.described) {
        (Some(claimed), Some(described)) => claimed.source != described.source,
        (claimed, _) => claimed.is_some(),
    }
}

// Six associations required, five claimed. Values that are not numbers are compared by people.
fn claims_less(capability: &Capability) -> bool {
    let number = |statement: &Option<Statement>| -> Option<f64> {
        statement.as_ref()?.value.as_ref()?.trim().parse().ok()
    };
    matches!((number(&capability.required), number(&capability.claimed)), (Some(required), Some(claimed)) if claimed < required)
}

fn note(capability: &Capability, observed: Observed, exercising: &[&CaseRecord]) -> Option<String> {
    let probe = capability.probed.as_ref();
    let probe = probe.and_then(|probe| probe.source.clone());
    match observed {
        Observed::Working if exercising.iter().any(|case| case.verdict == Verdict::Pass) => None,
        Observed::Working | Observed::Unsupported => probe,
        Observed::Failing => {
            let failing: Vec<String> = exercising
                .iter()
                .filter(|case| case.verdict == Verdict::Fail)
                .map(|case| case.key())
                .collect();
            Some(failing.join(", "))
        }
        Observed::NotExercised if exercising.is_empty() => {
            Some(if let Some(why) = &capability.unprobed {
                why.clone()
            } else if capability.cases.is_empty() {
                "nothing in this run exercises it".to_owned()
            } else {
                "the cases that exercise it were not selected".to_owned()
            })
        }
        Observed::NotExercised => {
            let mut reasons: Vec<String> = Vec::new();
            for case in exercising {
                let reason = match &case.reason {
                    Some(reason) => format!("{}: {}", case.verdict, one_line(reason)),
                    None => case.verdict.to_string(),
                };
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
            Some(reasons.join("; "))
        }
    }
}

#[cfg(test)]
mod tests;
