//! What the template shows: plain strings and lists, decided here so that the template only lays out.

use serde::Serialize;

use super::case_view::{Case, Room, anchor, label};
use super::gap_view::{GapTable, gap_tables};
use crate::case::{CaseRecord, Verdict};
use crate::group::{groups, not_reached, not_run, troubled};
use crate::identity;
use crate::measured::{Series, number, series};
use crate::pics_gap::gap_report;
use crate::record::RunRecord;
use crate::requirement::{Met, RequirementRow, requirement_matrix};
use crate::summary::Conclusion;
use crate::text::{counted, duration, one_line, visible, wall_time};

/// Octets that the details of cases take which need an eye.
const ROOM_OF_CARDS: usize = 1_800_000;

/// Octets that the details of all other cases take.
const ROOM_OF_ROWS: usize = 700_000;

/// Findings that the page lists.
const MOST_FINDINGS: usize = 800;

#[derive(Serialize)]
pub(super) struct View {
    title: String,
    tone: &'static str,
    target: String,
    conclusion: &'static str,
    because: String,
    virtual_time: bool,
    faults: Vec<String>,
    counts: Vec<Count>,
    flaky: usize,
    duration: String,
    waits: String,
    facts: Vec<Fact>,
    troubled: Vec<Case>,
    groups: Vec<Group>,
    requirements: Vec<Requirement>,
    evidence: Vec<(String, String)>,
    measured: Vec<Measured>,
    gap_tables: Vec<GapTable>,
    gap_count: usize,
    findings: Vec<Finding>,
    findings_left_out: usize,
    answers: Vec<Answer>,
    excluded: Vec<Excluded>,
    not_reached: Vec<String>,
    left_behind: Vec<Fact>,
    tool: String,
    schema_version: u32,
}

#[derive(Serialize)]
struct Count {
    verdict: &'static str,
    label: &'static str,
    count: usize,
    share: String,
}

#[derive(Serialize)]
pub(super) struct Fact {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Group {
    name: String,
    open: bool,
    counts: Vec<Count>,
    duration: String,
    cases: Vec<Case>,
}

#[derive(Serialize)]
struct Requirement {
    id: String,
    text: String,
    met: &'static str,
    class: &'static str,
    cases: Vec<Shown>,
    because: Vec<String>,
}

/// A case that speaks for a requirement.
#[derive(Serialize)]
struct Shown {
    key: String,
    anchor: String,
    class: &'static str,
}

/// A series of numbers that a case measured, and its dots on a strip; none when all are the same.
#[derive(Debug, Serialize)]
struct Measured {
    case: String,
    anchor: String,
    name: String,
    unit: String,
    times: usize,
    least: String,
    middle: String,
    greatest: String,
    dots: Vec<String>,
}

#[derive(Serialize)]
struct Finding {
    code: String,
    text: String,
    clause: Option<String>,
    case: String,
    anchor: String,
    count: u32,
}

/// What a person answered.
#[derive(Serialize)]
struct Answer {
    case: String,
    anchor: String,
    question: String,
    answer: String,
    by: String,
    on: String,
    remark: Option<String>,
}

#[derive(Serialize)]
struct Excluded {
    reason: String,
    cases: Vec<String>,
}

impl View {
    pub(super) fn of(record: &RunRecord) -> Self {
        let summary = &record.summary;
        let target = one_line(&record.target.name);
        let gap_tables = gap_tables(&gap_report(record));
        let (mut cards, mut rows) = (Room(ROOM_OF_CARDS), Room(ROOM_OF_ROWS));
        let (findings, findings_left_out) = findings(record);
        Self {
            title: format!("{target} {}", summary.conclusion.title()),
            tone: match summary.conclusion {
                Conclusion::Conforms => "pass",
                Conclusion::Nonconforming => "fail",
                Conclusion::CouldNotTest | Conclusion::NothingSelected => "inconclusive",
            },
            target,
            conclusion: summary.conclusion.title(),
            because: one_line(&summary.because),
            virtual_time: record.options.virtual_time,
            faults: record
                .options
                .faults
                .iter()
                .map(|fault| one_line(fault))
                .collect(),
            counts: counts(summary.total, |verdict| summary.count(verdict)),
            flaky: summary.flaky,
            duration: duration(record.duration_ms),
            waits: waits(record),
            facts: facts(record),
            // Somebody has explained the waived ones already: they come last.
            troubled: troubled(record)
                .filter(|case| !case.is_waived())
                .chain(troubled(record).filter(|case| case.is_waived()))
                .map(|case| cards.fit(Case::card(case)))
                .collect(),
            groups: groups(record)
                .iter()
                .map(|group| Group {
                    name: visible(group.name),
                    open: group
                        .cases
                        .iter()
                        .any(|case| case.is_nonconformance() || case.verdict == Verdict::Error),
                    counts: counts(group.cases.len(), |verdict| group.count(verdict)),
                    duration: duration(group.duration_ms()),
                    cases: group
                        .cases
                        .iter()
                        .map(|case| rows.fit(Case::row(case)))
                        .collect(),
                })
                .collect(),
            measured: series(record).iter().map(measured).collect(),
            evidence: record
                .evidence()
                .into_iter()
                .map(|(file, digest)| (one_line(file), one_line(digest)))
                .collect(),
            gap_count: gap_tables.iter().map(|table| table.gaps).sum(),
            requirements: requirement_matrix(record).iter().map(requirement).collect(),
            gap_tables,
            findings,
            findings_left_out,
            answers: answers(record),
            excluded: not_run(record)
                .into_iter()
                .map(|(reason, cases)| Excluded {
                    reason: one_line(reason),
                    cases: cases.iter().map(|case| visible(&case.key())).collect(),
                })
                .collect(),
            not_reached: not_reached(record).into_iter().map(visible).collect(),
            left_behind: record
                .left_behind
                .iter()
                .map(|left| Fact {
                    name: one_line(&left.what),
                    value: format!(
                        "{} (changed by {})",
                        one_line(&left.why),
                        one_line(&left.case)
                    ),
                })
                .collect(),
            tool: format!("{} {}", record.tool.name, record.tool.version),
            schema_version: record.schema_version,
        }
    }
}

fn counts(total: usize, count: impl Fn(Verdict) -> usize) -> Vec<Count> {
    Verdict::ALL
        .into_iter()
        .map(|verdict| Count {
            verdict: verdict.name(),
            label: label(verdict),
            count: count(verdict),
            share: format!("{:.3}", 100.0 * count(verdict) as f64 / total.max(1) as f64),
        })
        .collect()
}

/// What the time of the run went into.
fn waits(record: &RunRecord) -> String {
    let demanded = duration(record.demanded_wait_ms);
    match &record.parallel {
        Some(parallel) => format!(
            "up to {} at a time, which demand {demanded} of waiting",
            counted(parallel.jobs, "case")
        ),
        None if record.demanded_wait_ms > 0.0 => {
            format!("of which {demanded} are waits the cases demand")
        }
        None => "in all".to_owned(),
    }
}

pub(super) fn facts(record: &RunRecord) -> Vec<Fact> {
    identity::facts(record)
        .into_iter()
        .map(|(name, value)| Fact {
            name: one_line(&name),
            value: one_line(&value),
        })
        .collect()
}

fn requirement(row: &RequirementRow) -> Requirement {
    Requirement {
        id: one_line(&row.requirement.id),
        text: one_line(row.requirement.text.as_deref().unwrap_or_default()),
        met: row.met.name(),
        class: match row.met {
            Met::Yes => "pass",
            Met::No => "fail",
            Met::Open => "inconclusive",
            Met::Waived => "waived",
        },
        cases: row
            .evidence
            .iter()
            .map(|(key, verdict)| Shown {
                key: visible(key),
                anchor: anchor(key),
                class: verdict.name(),
            })
            .collect(),
        because: row.because.iter().map(|why| one_line(why)).collect(),
    }
}

/// The findings that are listed, and how many are not.
fn findings(record: &RunRecord) -> (Vec<Finding>, usize) {
    let of_case = |case: &CaseRecord| -> Vec<Finding> {
        let view = |finding: &crate::case::Finding| Finding {
            code: one_line(&finding.code),
            text: one_line(&finding.text),
            clause: finding.clause.as_deref().map(one_line),
            case: visible(&case.key()),
            anchor: anchor(&case.key()),
            count: finding.count,
        };
        case.findings.iter().map(view).collect()
    };
    let mut all: Vec<Finding> = record.cases.iter().flat_map(of_case).collect();
    let left_out = all.len().saturating_sub(MOST_FINDINGS);
    all.truncate(MOST_FINDINGS);
    (all, left_out)
}

fn answers(record: &RunRecord) -> Vec<Answer> {
    let of_case = |case: &CaseRecord| -> Vec<Answer> {
        let answers = case.answers.iter();
        answers
            .map(|answered| Answer {
                case: visible(&case.key()),
                anchor: anchor(&case.key()),
                question: one_line(&answered.text),
                answer: one_line(&answered.answer),
                by: one_line(&answered.by),
                on: wall_time(&answered.on),
                remark: answered.remark.as_deref().map(one_line),
            })
            .collect()
    };
    record.cases.iter().flat_map(of_case).collect()
}

/// Width of the strip on which the numbers of a series are dots.
const STRIP: f64 = 200.0;

fn measured(series: &Series) -> Measured {
    let (least, middle, greatest) = series.spread();
    let span = greatest - least;
    let dots = series
        .values
        .iter()
        .filter(|_| span > 0.0)
        .map(|value| format!("{:.1}", 6.0 + (value - least) / span * (STRIP - 12.0)))
        .collect();
    Measured {
        case: visible(&series.case),
        anchor: anchor(&series.first),
        name: one_line(&series.name),
        unit: one_line(&series.unit),
        times: series.values.len(),
        least: number(least),
        middle: number(middle),
        greatest: number(greatest),
        dots,
    }
}
