//! JUnit XML, for continuous integration.
//!
//! | record | JUnit |
//! |---|---|
//! | `fail` | failure of type `fail` |
//! | `fail`, waived | skipped of type `waived` |
//! | waiver expired or no longer needed | failure of type `stale-waiver` |
//! | `error` | error of type `error` |
//! | `inconclusive` | skipped of type `inconclusive`; an error when the run is strict |
//! | `not-applicable` | skipped of type `not-applicable` |
//! | passed only when tried again | success, with `flakyFailure` or `flakyError` for each other try |
//! | not passed in several tries | as above, with `rerunFailure` or `rerunError` for each other try |
//! | planned but not reached | skipped of type `not-reached` |
//! | the device could not be tested at all | one error of its own, so that an empty run is never green |

use jiff::Timestamp;
use junit_report::{
    Duration, OffsetDateTime, Report, ReportBuilder, TestCase, TestCaseBuilder, TestSuite,
    TestSuiteBuilder,
};

use crate::case::{CaseRecord, Verdict};
use crate::explain::{Label, explain, headline};
use crate::group::{groups, is_troubled, not_reached};
use crate::identity::facts;
use crate::junit_extras::complete;
use crate::record::RunRecord;
use crate::text::visible;

/// Why no JUnit document can be written; it does not happen on a buffer in memory.
#[derive(Debug, thiserror::Error)]
pub enum JunitError {
    /// The JUnit writer failed.
    #[error(transparent)]
    Writer(#[from] junit_report::Error),
    /// What it wrote cannot be read again.
    #[error(transparent)]
    Xml(#[from] quick_xml::Error),
}

/// The record as a JUnit document.
///
/// # Errors
/// When the XML writer fails, which it does not on a buffer in memory.
pub fn render(record: &RunRecord) -> Result<String, JunitError> {
    let timestamp = started(&record.started);
    let mut report = ReportBuilder::new();
    let mut in_order = Vec::new();
    for group in groups(record) {
        in_order.extend(&group.cases);
        let cases = group
            .cases
            .iter()
            .map(|case| test_case(case, record.options.strict));
        report.add_testsuite(suite(group.name, timestamp, cases.collect()));
    }
    let unreached = not_reached(record);
    if !unreached.is_empty() {
        let why = if record.interrupted {
            "the run was interrupted"
        } else {
            "the run ended before"
        };
        let cases = unreached
            .iter()
            .map(|key| TestCase::skipped_with_cause(&visible(key), "not-reached", why));
        report.add_testsuite(suite("not-reached", timestamp, cases.collect()));
    }
    if let Some(reason) = &record.could_not_test {
        let mut case = TestCase::error(
            "device under test",
            Duration::ZERO,
            "could-not-test",
            &visible(reason),
        );
        case.set_classname("run");
        report.add_testsuite(suite("run", timestamp, vec![case]));
    }
    let text = text_of(&report.build())?;
    Ok(complete(&text, &facts(record), &in_order)?)
}

pub(crate) fn text_of(report: &Report) -> Result<String, junit_report::Error> {
    let mut out = Vec::new();
    report.write_xml(&mut out)?;
    let mut text = String::from_utf8_lossy(&out).into_owned();
    text.push('\n');
    Ok(text)
}

pub(crate) fn suite(name: &str, timestamp: OffsetDateTime, cases: Vec<TestCase>) -> TestSuite {
    TestSuiteBuilder::new(&visible(name))
        .set_timestamp(timestamp)
        .add_testcases(cases)
        .build()
}

fn test_case(case: &CaseRecord, strict: bool) -> TestCase {
    let name = visible(&case.key());
    let time = Duration::microseconds((case.duration_ms * 1000.0).round() as i64);
    let message = headline(case);
    let mut builder = match case.verdict {
        Verdict::Fail if case.is_waived() => {
            TestCaseBuilder::skipped_with_cause(&name, "waived", &message)
        }
        Verdict::Fail => TestCaseBuilder::failure(&name, time, "fail", &message),
        Verdict::Error => TestCaseBuilder::error(&name, time, "error", &message),
        Verdict::Inconclusive if strict => {
            TestCaseBuilder::error(&name, time, "inconclusive", &message)
        }
        Verdict::Inconclusive => {
            TestCaseBuilder::skipped_with_cause(&name, "inconclusive", &message)
        }
        Verdict::NotApplicable => {
            TestCaseBuilder::skipped_with_cause(&name, "not-applicable", &message)
        }
        Verdict::Pass if case.has_stale_waiver() => {
            TestCaseBuilder::failure(&name, time, "stale-waiver", &message)
        }
        Verdict::Pass => TestCaseBuilder::success(&name, time),
    };
    builder.set_classname(&class_name(case));
    if is_troubled(case) || case.verdict == Verdict::NotApplicable {
        builder.set_trace(&cdata(&explanation(case)));
    }
    let mut lines: Vec<String> = Vec::new();
    if case.verdict == Verdict::Fail
        && let Some(capture) = &case.capture
    {
        // Understood by the attachment plug-ins of Jenkins and GitLab, harmless elsewhere.
        lines.push(format!("[[ATTACHMENT|{}]]", visible(capture)));
    }
    let digests = case.digests.iter();
    lines.extend(
        digests.map(|(file, digest)| format!("{} SHA-256 {}", visible(file), visible(digest))),
    );
    if !lines.is_empty() {
        builder.set_system_out(&cdata(&lines.join("\n")));
    }
    builder.build()
}

// Dots, because viewers build their tree from them.
fn class_name(case: &CaseRecord) -> String {
    let suite = if case.suite.is_empty() {
        &case.group
    } else {
        &case.suite
    };
    visible(suite).replace('/', ".")
}

fn explanation(case: &CaseRecord) -> String {
    let mut text = format!("{}\n", visible(&case.title));
    for row in explain(case) {
        let mut label = row.label.name();
        for line in &row.lines {
            let line = if row.label == Label::Expected && label.is_empty() {
                format!("or {line}")
            } else {
                line.clone()
            };
            text.push_str(format!("{label:<10} {line}").trim_end());
            text.push('\n');
            label = "";
        }
    }
    text
}

// A CDATA section cannot hold its own end, and the writer does not split it.
pub(crate) fn cdata(text: &str) -> String {
    text.replace("]]>", "]] >")
}

pub(crate) fn started(time: &str) -> OffsetDateTime {
    let seconds = time
        .parse::<Timestamp>()
        .map(Timestamp::as_second)
        .unwrap_or(0);
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
