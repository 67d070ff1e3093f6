//! The PICS gap: what is required, claimed, announced and observed of each capability, side by side, and the
//! differences by name.
//!
//! Observed follows from the verdicts of the same record that JUnit shows, so the two cannot disagree: a case that
//! fails makes the capability failing (waived or not: a waiver accepts a deviation, it does not remove it), otherwise a
//! case that passes makes it working, otherwise it was not exercised, with the reasons.

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
    /// From the PICS or the SCL file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Statement>,
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
    /// No case came to a verdict about it.
    NotExercised,
}

impl Observed {
    /// The word used in files and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Failing => "failing",
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
}

impl Gap {
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

/// The gap report as JSON.
///
/// # Errors
/// Never in practice: it holds only what JSON can carry.
pub fn render_json(record: &RunRecord) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&gap_report(record))?;
    text.push('\n');
    Ok(text)
}

/// The gap report as CSV (RFC 4180, with a header, line feeds at line ends).
#[must_use]
pub fn render_csv(record: &RunRecord) -> String {
    let mut out = String::from("id,name,kind,required,claimed,announced,observed,gaps,note\n");
    for row in gap_report(record).rows {
        let gaps: Vec<&str> = row.gaps.iter().map(|gap| gap.title()).collect();
        let cells = [
            row.id.clone(),
            row.name.clone(),
            row.kind.name().to_owned(),
            said(row.required.as_ref()),
            said(row.claimed.as_ref()),
            said(row.announced.as_ref()),
            row.observed.name().to_owned(),
            gaps.join("; "),
            row.note.clone().unwrap_or_default(),
        ];
        let line: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
        out.push_str(&line.join(","));
        out.push('\n');
    }
    out
}

/// A statement in a table cell: empty when nobody said anything.
pub(crate) fn said(statement: Option<&Statement>) -> String {
    match statement {
        None => String::new(),
        Some(Statement {
            supported: false, ..
        }) => "no".to_owned(),
        Some(Statement {
            value: Some(value), ..
        }) => one_line(value),
        Some(_) => "yes".to_owned(),
    }
}

// A cell that a spreadsheet would take for a formula gets an apostrophe, since part of the text comes from a device.
fn csv_cell(text: &str) -> String {
    let mut text = one_line(text);
    if text.starts_with(['=', '+', '-', '@']) {
        text.insert(0, '\'');
    }
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
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
    match &capability.probed {
        _ if any(Verdict::Fail) => Observed::Failing,
        Some(probe) if !probe.supported => Observed::Failing,
        Some(_) => Observed::Working,
        None if any(Verdict::Pass) => Observed::Working,
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
    // Silence is a "no" only in a table about which the vendor says anything at all.
    let table_is_claimed = || {
        record
            .capabilities
            .iter()
            .any(|other| other.kind == capability.kind && other.claimed.is_some())
    };
    let mut gaps = Vec::new();
    if yes(&capability.required) {
        if !claimed || claims_less(capability) {
            gaps.push(Gap::RequiredButNotClaimed);
        }
        if observed == Observed::Failing {
            gaps.push(Gap::RequiredButFailing);
        }
    }
    match observed {
        Observed::Failing => {
            if claimed {
                gaps.push(Gap::ClaimedButFailing);
            }
            if yes(&capability.announced) {
                gaps.push(Gap::AnnouncedButNotWorking);
            }
        }
        Observed::NotExercised if claimed => gaps.push(Gap::ClaimedButNeverExercised),
        Observed::Working if !claimed && (capability.claimed.is_some() || table_is_claimed()) => {
            gaps.push(Gap::WorkingButNotClaimed);
        }
        Observed::Working | Observed::NotExercised => {}
    }
    gaps
}

// Six associations required, five claimed. Values that are not numbers are compared by people.
fn claims_less(capability: &Capability) -> bool {
    let number = |statement: &Option<Statement>| -> Option<f64> {
        statement.as_ref()?.value.as_ref()?.trim().parse().ok()
    };
    matches!((number(&capability.required), number(&capability.claimed)), (Some(required), Some(claimed)) if claimed < required)
}

fn note(capability: &Capability, observed: Observed, exercising: &[&CaseRecord]) -> Option<String> {
    match observed {
        Observed::Working => None,
        Observed::Failing => {
            let failing: Vec<String> = exercising
                .iter()
                .filter(|case| case.verdict == Verdict::Fail)
                .map(|case| case.key())
                .collect();
            Some(if failing.is_empty() {
                "a probe found it not working".to_owned()
            } else {
                failing.join(", ")
            })
        }
        Observed::NotExercised if exercising.is_empty() => Some(if capability.cases.is_empty() {
            "no case exercises it".to_owned()
        } else {
            "the cases that exercise it were not selected".to_owned()
        }),
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
mod tests {
    use super::*;
    use crate::record::{Target, Tool};

    fn capability(claimed: Option<Statement>) -> Capability {
        Capability {
            id: "S5".into(),
            name: "GetDataValues".into(),
            kind: CapabilityKind::AcsiService,
            required: None,
            claimed,
            announced: None,
            probed: None,
            cases: vec!["data/read".into()],
            shown_by: Vec::new(),
        }
    }

    fn gaps_with(capability: Capability, verdict: Option<Verdict>) -> Vec<Gap> {
        report_of(capability, verdict).gaps
    }

    fn report_of(capability: Capability, verdict: Option<Verdict>) -> GapRow {
        let tool = Tool {
            name: "iedassay".into(),
            version: "0".into(),
        };
        let mut record = RunRecord::new(tool, Target::default(), String::new());
        record.cases.extend(verdict.map(|verdict| CaseRecord {
            id: "data/read".into(),
            verdict,
            ..CaseRecord::default()
        }));
        record.capabilities.push(capability);
        gap_report(&record).rows.remove(0)
    }

    #[test]
    fn a_failing_claim_is_a_gap_and_a_passing_one_is_not() {
        let claimed = || capability(Some(Statement::flag(true)));
        assert_eq!(
            gaps_with(claimed(), Some(Verdict::Fail)),
            [Gap::ClaimedButFailing]
        );
        assert_eq!(gaps_with(claimed(), Some(Verdict::Pass)), []);
        assert_eq!(
            gaps_with(claimed(), Some(Verdict::Inconclusive)),
            [Gap::ClaimedButNeverExercised]
        );
        assert_eq!(gaps_with(claimed(), None), [Gap::ClaimedButNeverExercised]);
    }

    #[test]
    fn silence_about_a_whole_table_is_no_denial() {
        assert_eq!(gaps_with(capability(None), Some(Verdict::Pass)), []);
        assert_eq!(
            gaps_with(
                capability(Some(Statement::flag(false))),
                Some(Verdict::Pass)
            ),
            [Gap::WorkingButNotClaimed]
        );
    }

    #[test]
    fn claiming_fewer_than_required_is_not_claiming() {
        let mut capability = capability(Some(Statement::value(5)));
        capability.required = Some(Statement::value(6));
        assert_eq!(
            gaps_with(capability, Some(Verdict::Pass)),
            [Gap::RequiredButNotClaimed]
        );
    }

    #[test]
    fn what_only_shows_a_capability_cannot_deny_it() {
        let mut capability = capability(None);
        capability.shown_by = std::mem::take(&mut capability.cases);
        capability.announced = Some(Statement::flag(true));
        let observed = |verdict| report_of(capability.clone(), verdict).observed;
        assert_eq!(observed(Some(Verdict::Pass)), Observed::Working);
        assert_eq!(observed(Some(Verdict::Fail)), Observed::NotExercised);
    }

    #[test]
    fn csv_cells_are_no_formulas() {
        assert_eq!(csv_cell("=1+1"), "'=1+1");
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
