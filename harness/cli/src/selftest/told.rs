//! The result of a proof, for programs and for people.

use std::collections::BTreeMap;

use iedassay_reports::Verdict;
use schemars::JsonSchema;
use serde::Serialize;

use super::matrix::Matrix;
use crate::console::Console;

/// Undecided verdicts that are told without being asked for.
const SHOWN: usize = 10;

/// The result, as JSON has it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Told {
    /// Whether nothing is missing.
    proved: bool,
    reference: Reference,
    /// By fault, the cases that fail on it.
    kills: BTreeMap<&'static str, Vec<String>>,
    faults_without_killer: Vec<&'static str>,
    cases_without_kill: Vec<String>,
    /// Faults that wait for a case, and why.
    waiting: BTreeMap<&'static str, String>,
    /// Faults that are said to wait and have a killer.
    no_longer_waiting: Vec<&'static str>,
    /// Verdicts on faulty IEDs that are neither pass nor fail.
    undecided: Vec<Undecided>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Reference {
    passed: usize,
    failed: Vec<Case>,
    not_applicable: Vec<Case>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Case {
    case: String,
    verdict: Verdict,
    reason: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Undecided {
    fault: &'static str,
    case: String,
    verdict: Verdict,
    reason: String,
}

impl Told {
    pub(crate) fn of(matrix: &Matrix<'_>) -> Self {
        let names = |faults: Vec<iedassay_sim::Fault>| {
            faults.into_iter().map(iedassay_sim::Fault::name).collect()
        };
        let case = |(case, outcome): (&super::subjects::Subject, &super::subjects::Outcome)| Case {
            case: case.id.clone(),
            verdict: outcome.verdict,
            reason: outcome.reason.clone(),
        };
        Self {
            proved: matrix.is_proof(),
            reference: Reference {
                passed: matrix
                    .reference()
                    .filter(|(_, outcome)| outcome.verdict == Verdict::Pass)
                    .count(),
                failed: matrix.failing().map(case).collect(),
                not_applicable: matrix
                    .reference()
                    .filter(|(_, outcome)| outcome.verdict == Verdict::NotApplicable)
                    .map(case)
                    .collect(),
            },
            kills: matrix
                .faults()
                .iter()
                .map(|fault| {
                    (
                        fault.name(),
                        matrix
                            .killers(*fault)
                            .into_iter()
                            .map(|case| case.id.clone())
                            .collect(),
                    )
                })
                .collect(),
            faults_without_killer: names(matrix.survivors()),
            cases_without_kill: matrix
                .idle()
                .into_iter()
                .map(|case| case.id.clone())
                .collect(),
            waiting: matrix
                .faults()
                .iter()
                .filter_map(|fault| Some((fault.name(), matrix.waiting.reason(*fault)?.to_owned())))
                .collect(),
            no_longer_waiting: names(matrix.awake()),
            undecided: matrix
                .undecided()
                .into_iter()
                .map(|one| Undecided {
                    fault: one.fault.name(),
                    case: one.case.id.clone(),
                    verdict: one.outcome.verdict,
                    reason: one.outcome.reason.clone(),
                })
                .collect(),
        }
    }
}

/// The result in words.
pub(crate) fn summary(matrix: &Matrix<'_>, verbose: bool, console: &Console) -> String {
    let told = Told::of(matrix);
    let mut out = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out.push_str(&console.paint_out("1", title));
            out.push('\n');
            for line in lines {
                out.push_str(&format!("  {line}\n"));
            }
            out.push('\n');
        }
    };
    let cases = |cases: &[Case]| -> Vec<String> {
        cases
            .iter()
            .map(|case| {
                format!(
                    "{}  {}: {}",
                    case.case,
                    case.verdict.name(),
                    one_line(&case.reason)
                )
            })
            .collect()
    };
    section(
        "Cases that do not pass on the simulated IED without a fault",
        cases(&told.reference.failed),
    );
    section(
        "Cases that do not apply to the simulated IED",
        cases(&told.reference.not_applicable),
    );
    section(
        "Faults that no case notices",
        matrix
            .survivors()
            .iter()
            .map(|fault| format!("{}  {}", fault.name(), fault.doc()))
            .collect(),
    );
    section(
        "Cases that notice no fault",
        matrix
            .idle()
            .iter()
            .map(|case| format!("{}  {}", case.id, case.title))
            .collect(),
    );
    section(
        "Faults that wait for a case no longer",
        told.no_longer_waiting
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
    );
    if matrix.faults().len() <= SHOWN || verbose {
        let row = |(name, killers): (&&str, &Vec<String>)| match killers.as_slice() {
            [] => format!("{name}  nobody"),
            killers => format!("{name}  {}", killers.join(", ")),
        };
        section("Who notices", told.kills.iter().map(row).collect());
    }
    let undecided: Vec<String> = told
        .undecided
        .iter()
        .filter(|one| verbose || one.verdict == Verdict::Error)
        .map(|one| {
            format!(
                "{}  {} {}: {}",
                one.fault,
                one.case,
                one.verdict.name(),
                one_line(&one.reason)
            )
        })
        .collect();
    section("Neither pass nor fail", undecided);
    let killed = told
        .kills
        .values()
        .filter(|killers| !killers.is_empty())
        .count();
    let inconclusive = told
        .undecided
        .iter()
        .filter(|one| one.verdict == Verdict::Inconclusive)
        .count();
    out.push_str(&format!(
        "{} of {} pass on the simulated IED; {killed} of {} killed, {} waiting; {inconclusive} inconclusive on a faulty IED\n",
        told.reference.passed,
        count(matrix.reference().count(), "case"),
        count(matrix.faults().len(), "fault"),
        told.waiting.len(),
    ));
    out.push_str(if told.proved {
        "the suites are proved\n"
    } else {
        "the suites are NOT proved\n"
    });
    out
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
