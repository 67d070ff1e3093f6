//! A draft of the known deviations of a target file, from the failures of a run.

use std::fmt::Write as _;

use crate::case::Verdict;
use crate::record::RunRecord;
use crate::text::{one_line, wrap};

/// What a person says about all deviations of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Who answers for them. Without one the draft is refused until somebody fills it in.
    pub owner: Option<String>,
    /// Why they are accepted, for instance a ticket.
    pub reason: Option<String>,
    /// The last day on which they hold, `2027-03-31`.
    pub expires: Option<String>,
}

/// The section `known-deviations` for every failure that no waiver accepts; nothing when there is none.
///
/// What was observed stands beside each as a comment: it is what the person who signs accepts. Each holds for the firmware of the
/// run only, where the device told which it has.
#[must_use]
pub fn draft(record: &RunRecord, draft: &Draft) -> Option<String> {
    let mut failures = record
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::Fail && !case.is_waived())
        .peekable();
    failures.peek()?;
    let mut out = String::from("known-deviations:\n");
    for case in failures {
        for line in wrap(&one_line(case.reason.as_deref().unwrap_or_default()), 100) {
            let _ = writeln!(out, "  # {line}");
        }
        let text = |text: &Option<String>| quoted(text.as_deref().unwrap_or_default());
        let _ = writeln!(out, "  - case: {}", quoted(&case.key()));
        let _ = writeln!(out, "    reason: {}", text(&draft.reason));
        let _ = writeln!(out, "    owner: {}", text(&draft.owner));
        if let Some(day) = &draft.expires {
            let _ = writeln!(out, "    expires: {}", one_line(day));
        }
        if let Some(firmware) = &record.target.firmware {
            let _ = writeln!(out, "    firmware: {}", quoted(&firmware.revision));
        }
    }
    Some(out)
}

/// A YAML text in double quotes.
fn quoted(text: &str) -> String {
    let text = one_line(text).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::CaseRecord;
    use crate::record::{Target, Tool};

    fn record(verdict: Verdict) -> RunRecord {
        let tool = Tool {
            name: "iedassay".into(),
            version: "0".into(),
        };
        let mut record = RunRecord::new(tool, Target::default(), String::new());
        record.cases.push(CaseRecord {
            id: "urcb/gi".into(),
            instance: Some("LD0/LLN0.urcb\"01[RP]".into()),
            verdict,
            reason: Some("expected one report,\nobserved: {none}".into()),
            ..CaseRecord::default()
        });
        record
    }

    #[test]
    fn each_failure_is_drafted_with_what_was_observed() {
        let wishes = Draft {
            owner: Some("j.doe".into()),
            reason: Some("ticket 4711".into()),
            expires: Some("2030-12-31".into()),
        };
        assert_eq!(
            draft(&record(Verdict::Fail), &wishes).unwrap(),
            "known-deviations:\n  # expected one report, observed: {none}\n  - case: \"urcb/gi[LD0/LLN0.urcb\\\"01[RP]]\"\n    reason: \"ticket 4711\"\n    owner: \"j.doe\"\n    expires: 2030-12-31\n"
        );
    }

    #[test]
    fn a_draft_is_for_the_firmware_of_the_run() {
        let mut record = record(Verdict::Fail);
        record.target.firmware = Some(crate::record::Firmware {
            revision: "V4.2\"\nfirmware: \"*".into(),
            source: "Identify".into(),
        });
        let text = draft(&record, &Draft::default()).unwrap();
        let line = text.lines().last();
        assert_eq!(line, Some("    firmware: \"V4.2\\\" firmware: \\\"*\""));
    }

    #[test]
    fn what_does_not_fail_needs_no_waiver() {
        assert_eq!(
            draft(&record(Verdict::Inconclusive), &Draft::default()),
            None
        );
    }
}
