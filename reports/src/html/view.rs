//! What the template shows: plain strings and lists, decided here so that the template only lays out.

use serde::Serialize;

use super::picture::{Picture, picture};
use crate::capability::CapabilityKind;
use crate::case::{CaseRecord, StepOutcome, Verdict};
use crate::explain::explain;
use crate::group::{groups, is_troubled, not_reached, not_run, troubled};
use crate::identity;
use crate::measured::{Series, number, series};
use crate::pics_gap::{Observed, gap_report, said};
use crate::record::RunRecord;
use crate::requirement::{Met, RequirementRow, requirement_matrix};
use crate::summary::Conclusion;
use crate::text::{counted, duration, one_line, visible};

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
struct Fact {
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
struct Case {
    anchor: String,
    key: String,
    id: String,
    instance: Option<String>,
    title: String,
    ids: Vec<Id>,
    verdict: &'static str,
    label: String,
    class: &'static str,
    duration: String,
    reason: Option<String>,
    rows: Vec<Row>,
    steps: Vec<Step>,
    ladder: Option<Ladder>,
    picture: Option<Picture>,
    capture: Option<String>,
    transcript: Option<String>,
    troubled: bool,
    findings: usize,
}

#[derive(Serialize)]
struct Id {
    id: String,
    confidence: String,
}

#[derive(Serialize)]
struct Row {
    label: &'static str,
    code: bool,
    alternatives: bool,
    text: String,
    lines: Vec<String>,
    link: Option<String>,
}

#[derive(Serialize)]
struct Step {
    at: String,
    verb: String,
    text: String,
    outcome: &'static str,
    class: &'static str,
}

/// Messages between the clients and the device, from top to bottom.
#[derive(Serialize)]
struct Ladder {
    before: u32,
    after: u32,
    rungs: Vec<Rung>,
}

#[derive(Serialize)]
struct Rung {
    steps: Vec<String>,
    at: String,
    client: String,
    sent: bool,
    frame: u64,
    text: String,
    octets: u32,
    decides: bool,
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
struct GapTable {
    title: &'static str,
    gaps: usize,
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
    gaps: Vec<&'static str>,
    note: Option<String>,
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

#[derive(Serialize)]
struct Excluded {
    reason: String,
    cases: Vec<String>,
}

impl View {
    pub(super) fn of(record: &RunRecord) -> Self {
        let summary = &record.summary;
        let target = one_line(&record.target.name);
        let gap_tables = gap_tables(record);
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
                .map(case_view)
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
                    cases: group.cases.iter().map(|case| case_view(case)).collect(),
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
            findings: findings(record),
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

fn label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotApplicable => "not applicable",
        verdict => verdict.name(),
    }
}

fn facts(record: &RunRecord) -> Vec<Fact> {
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

fn ladder(case: &CaseRecord) -> Option<Ladder> {
    let messages = &case.messages;
    (!messages.is_empty()).then(|| Ladder {
        before: messages.before,
        after: messages.after,
        rungs: messages
            .shown
            .iter()
            .map(|message| Rung {
                steps: message.steps.iter().map(|step| one_line(step)).collect(),
                at: format!("{:.3}", message.at_ms / 1000.0),
                client: one_line(&message.client),
                sent: message.sent,
                frame: message.frame,
                text: one_line(&message.summary),
                octets: message.octets,
                decides: message.decides,
            })
            .collect(),
    })
}

fn case_view(case: &CaseRecord) -> Case {
    let waived = case.is_waived() && case.verdict == Verdict::Fail;
    Case {
        anchor: anchor(&case.key()),
        key: visible(&case.key()),
        id: visible(&case.id),
        instance: case.instance.as_deref().map(visible),
        title: one_line(&case.title),
        ids: case
            .uca
            .iter()
            .map(|uca| Id {
                id: one_line(&uca.id),
                confidence: uca.confidence.to_string(),
            })
            .collect(),
        verdict: case.verdict.name(),
        label: match &case.waiver {
            _ if waived => "waived".to_owned(),
            Some(waiver) if !case.is_waived() => {
                format!("{}, waiver {}", label(case.verdict), waiver.state)
            }
            _ if case.is_flaky() => "flaky".to_owned(),
            _ => label(case.verdict).to_owned(),
        },
        class: if waived {
            "waived"
        } else if case.has_stale_waiver() {
            "fail"
        } else if case.is_flaky() {
            "inconclusive"
        } else {
            case.verdict.name()
        },
        duration: if case.verdict == Verdict::NotApplicable {
            String::new()
        } else {
            duration(case.duration_ms)
        },
        reason: case.reason.as_deref().map(one_line),
        rows: rows(case),
        steps: case.steps.iter().map(step).collect(),
        ladder: ladder(case),
        picture: picture(&case.moments),
        capture: link(case.capture.as_deref()),
        transcript: link(case.transcript.as_deref()),
        troubled: is_troubled(case),
        findings: case.findings.len(),
    }
}

fn rows(case: &CaseRecord) -> Vec<Row> {
    use crate::explain::Label;
    explain(case)
        .into_iter()
        .map(|row| Row {
            label: row.label.name(),
            code: row.label.is_code(),
            alternatives: row.label == Label::Expected && row.lines.len() > 1,
            text: row.lines.join("\n"),
            link: match row.label {
                Label::Frame => link(case.capture.as_deref()),
                Label::Transcript => link(case.transcript.as_deref()),
                _ => None,
            },
            lines: row.lines,
        })
        .collect()
}

fn step(step: &crate::case::StepRecord) -> Step {
    Step {
        at: duration(step.started_ms),
        verb: one_line(&step.verb),
        text: without_verb(&step.verb, &one_line(&step.text)),
        outcome: step.outcome.name(),
        class: match step.outcome {
            StepOutcome::Ok => "pass",
            StepOutcome::Failed => "fail",
            StepOutcome::Error => "error",
            StepOutcome::Inconclusive => "inconclusive",
            StepOutcome::Skipped => "not-applicable",
        },
    }
}

// The verb stands beside the text already.
fn without_verb(verb: &str, text: &str) -> String {
    text.strip_prefix(verb)
        .map_or(text, |rest| rest.trim_start_matches([':', ' ']))
        .to_owned()
}

fn gap_tables(record: &RunRecord) -> Vec<GapTable> {
    let report = gap_report(record);
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

// What the SCL file says, where it is not what is claimed.
fn disagreeing(row: &crate::pics_gap::GapRow) -> String {
    if row
        .gaps
        .contains(&crate::pics_gap::Gap::StatementAndSclDisagree)
    {
        said(row.described.as_ref())
    } else {
        String::new()
    }
}

fn gap_row(row: &crate::pics_gap::GapRow) -> GapRow {
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
        gaps: row.gaps.iter().map(|gap| gap.title()).collect(),
        note: row.note.as_deref().map(one_line),
    }
}

fn findings(record: &RunRecord) -> Vec<Finding> {
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

// A file of the run; anything else in an edited record is no address to offer.
fn link(file: Option<&str>) -> Option<String> {
    file.filter(|file| file.starts_with("captures/") || file.starts_with("transcripts/"))
        .map(one_line)
}

fn anchor(key: &str) -> String {
    key.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect()
}
