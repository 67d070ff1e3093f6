//! The gap report as JUnit: one test case for each capability.
//!
//! | row | JUnit |
//! |---|---|
//! | a gap that is a contradiction | failure of the type of the gap |
//! | not exercised | skipped of type `not-exercised`, with the reason |
//! | anything else | success; a gap that only asks for another look stands in its output |

use junit_report::{Duration, ReportBuilder, TestCase, TestCaseBuilder};

use super::{GapReport, GapRow, Observed};
use crate::capability::CapabilityKind;
use crate::junit::{cdata, started, suite, text_of};
use crate::text::{one_line, visible};

/// The report as a JUnit document, one suite for each table.
///
/// # Errors
/// When the XML writer fails, which it does not on a buffer in memory.
pub fn render_junit(report: &GapReport) -> Result<String, junit_report::Error> {
    let timestamp = started(&report.started);
    let mut kinds: Vec<CapabilityKind> = report.rows.iter().map(|row| row.kind).collect();
    kinds.sort();
    kinds.dedup();
    let mut builder = ReportBuilder::new();
    for kind in kinds {
        let rows = report.rows.iter().filter(|row| row.kind == kind);
        builder.add_testsuite(suite(kind.name(), timestamp, rows.map(test_case).collect()));
    }
    text_of(&builder.build())
}

fn test_case(row: &GapRow) -> TestCase {
    let name = visible(&row.id);
    let gaps: Vec<&str> = row.gaps.iter().map(|gap| gap.title()).collect();
    let mut message = gaps.join(", ");
    if let Some(note) = &row.note {
        if !message.is_empty() {
            message.push_str(": ");
        }
        message.push_str(&one_line(note));
    }
    let contradiction = row.gaps.iter().find(|gap| gap.is_contradiction());
    let mut builder = match (contradiction, row.observed) {
        (Some(gap), _) => TestCaseBuilder::failure(&name, Duration::ZERO, &gap.name(), &message),
        (None, Observed::NotExercised) => {
            TestCaseBuilder::skipped_with_cause(&name, "not-exercised", &message)
        }
        (None, _) => TestCaseBuilder::success(&name, Duration::ZERO),
    };
    builder.set_classname(&format!("pics.{}", row.kind.name()));
    let text = if message.is_empty() {
        format!("{}: {}", one_line(&row.name), row.observed.name())
    } else {
        format!(
            "{}: {}; {message}",
            one_line(&row.name),
            row.observed.name()
        )
    };
    builder.set_system_out(&cdata(&text));
    builder.build()
}
