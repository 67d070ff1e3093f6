//! The PICS gap as the templates show it: a section of the report of a run, and a page of its own.

use serde::Serialize;

use super::view::{Fact, facts};
use crate::capability::CapabilityKind;
use crate::pics_gap::{Gap, GapReport, GapRow as Row, Observed, gap_report, said};
use crate::record::RunRecord;
use crate::text::{counted, one_line};

/// The gap on a page of its own; the names of `gaps.html` are those of the report.
#[derive(Serialize)]
pub(super) struct GapPage {
    title: String,
    target: String,
    tone: &'static str,
    conclusion: &'static str,
    because: String,
    facts: Vec<Fact>,
    gap_tables: Vec<GapTable>,
    gap_count: usize,
    alone: bool,
    tool: String,
}

impl GapPage {
    pub(super) fn of(record: &RunRecord) -> Self {
        let report = gap_report(record);
        let target = one_line(&record.target.name);
        let gap_tables = gap_tables(&report);
        let contradictions = report
            .gaps()
            .filter(|row| row.gaps.iter().any(|gap| gap.is_contradiction()));
        let contradictions = contradictions.count();
        let with_gap = report.gaps().count();
        let (tone, conclusion) = match (contradictions, with_gap) {
            (0, 0) => ("pass", "no gap"),
            (0, _) => ("inconclusive", "no contradiction"),
            _ => ("fail", "contradictions"),
        };
        Self {
            title: format!("PICS gap of {target}"),
            target,
            tone,
            conclusion,
            because: format!(
                "{}, {with_gap} of them with a gap, {contradictions} with a contradiction",
                counted(report.rows.len(), "row"),
            ),
            facts: facts(record),
            gap_count: gap_tables.iter().map(|table| table.gaps).sum(),
            gap_tables,
            alone: true,
            tool: one_line(&format!("{} {}", record.tool.name, record.tool.version)),
        }
    }
}

#[derive(Serialize)]
pub(super) struct GapTable {
    title: &'static str,
    pub(super) gaps: usize,
    rows: Vec<GapRow>,
}

#[derive(Serialize)]
struct GapRow {
    id: String,
    name: String,
    required: String,
    claimed: String,
    announced: String,
    observed: &'static str,
    class: &'static str,
    described: String,
    gaps: Vec<Shown>,
    note: Option<String>,
}

/// The tables of a gap report.
pub(super) fn gap_tables(report: &GapReport) -> Vec<GapTable> {
    let mut kinds: Vec<CapabilityKind> = report.rows.iter().map(|row| row.kind).collect();
    kinds.sort();
    kinds.dedup();
    kinds
        .into_iter()
        .map(|kind| {
            let rows: Vec<GapRow> = report
                .rows
                .iter()
                .filter(|row| row.kind == kind)
                .map(gap_row)
                .collect();
            let gaps = rows.iter().map(|row| row.gaps.len()).sum();
            GapTable {
                title: kind.title(),
                gaps,
                rows,
            }
        })
        .collect()
}

/// A gap; one that only asks for another look is not as loud as a contradiction.
#[derive(Serialize)]
struct Shown {
    title: &'static str,
    contradiction: bool,
}

impl Shown {
    fn of(gap: &Gap) -> Self {
        Self {
            title: gap.title(),
            contradiction: gap.is_contradiction(),
        }
    }
}

// What the SCL file says, where it is not what is claimed.
fn disagreeing(row: &Row) -> String {
    if row.gaps.contains(&Gap::StatementAndSclDisagree) {
        said(row.described.as_ref())
    } else {
        String::new()
    }
}

fn gap_row(row: &Row) -> GapRow {
    GapRow {
        id: one_line(&row.id),
        name: one_line(&row.name),
        required: said(row.required.as_ref()),
        claimed: said(row.claimed.as_ref()),
        announced: said(row.announced.as_ref()),
        described: disagreeing(row),
        observed: row.observed.name(),
        class: match row.observed {
            Observed::Working => "pass",
            Observed::Failing => "fail",
            Observed::Unsupported => "inconclusive",
            Observed::NotExercised => "not-applicable",
        },
        gaps: row.gaps.iter().map(Shown::of).collect(),
        note: row.note.as_deref().map(one_line),
    }
}
