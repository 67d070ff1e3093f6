//! Why a case has the verdict it has, as labelled rows: what a report shows, however it looks.

use crate::attempt::{Attempt, Because};
use crate::case::{Answered, CaseRecord};
use crate::exhibit;
use crate::text::{one_line, wall_time};

/// One labelled row of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) label: Label,
    pub(crate) lines: Vec<String>,
}

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Reason,
    Tries,
    Clause,
    Step,
    Expected,
    Observed,
    Answered,
    Marked,
    Pdu,
    Bytes,
    Frame,
    Transcript,
    Source,
    Waiver,
    Why,
}

impl Label {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reason => "reason",
            Self::Tries => "tries",
            Self::Clause => "clause",
            Self::Step => "step",
            Self::Expected => "expected",
            Self::Observed => "observed",
            Self::Answered => "answered",
            Self::Marked => "marked",
            Self::Pdu => "pdu",
            Self::Bytes => "bytes",
            Self::Frame => "capture",
            Self::Transcript => "transcript",
            Self::Source => "suite",
            Self::Waiver => "waiver",
            Self::Why => "why",
        }
    }

    /// The row is text in which spaces and line ends carry meaning.
    pub(crate) fn is_code(self) -> bool {
        matches!(self, Self::Pdu | Self::Bytes)
    }
}

/// The rows that explain a case, in the order of a report: what, where it is stated, what was seen, where to look, why
/// it matters.
pub(crate) fn explain(case: &CaseRecord) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |label, lines: Vec<String>| {
        if lines.iter().any(|line| !line.is_empty()) {
            rows.push(Row { label, lines });
        }
    };
    row(Label::Reason, optional(case.reason.as_deref()));
    row(Label::Tries, case.attempts.iter().map(attempt).collect());
    row(Label::Clause, optional(case.clause.as_deref()));
    let step = case.deciding_step();
    if let Some(step) = step {
        row(Label::Step, vec![step_text(&step.verb, &step.text)]);
        row(
            Label::Expected,
            step.expected.iter().map(|text| one_line(text)).collect(),
        );
        row(Label::Observed, optional(step.observed.as_deref()));
        row(Label::Answered, case.answers.iter().map(answered).collect());
        row(Label::Marked, exhibit::marked(step));
        row(Label::Pdu, exhibit::in_words(&exhibit::decoded(step)));
        row(Label::Bytes, exhibit::in_words(&exhibit::octets(step)));
    }
    if let Some(capture) = &case.capture {
        let frame = step
            .and_then(|step| step.frame)
            .map(|frame| format!(", frame {frame}"));
        row(
            Label::Frame,
            vec![format!(
                "{}{}",
                one_line(capture),
                frame.unwrap_or_default()
            )],
        );
    }
    row(Label::Transcript, optional(case.transcript.as_deref()));
    row(
        Label::Source,
        case.source
            .iter()
            .map(|source| source_of(source, step.and_then(|step| step.line)))
            .collect(),
    );
    if let Some(waiver) = &case.waiver {
        let until = waiver
            .expires
            .as_ref()
            .map(|day| format!(", until {day}"))
            .unwrap_or_default();
        let firmware = waiver
            .firmware
            .as_ref()
            .map(|firmware| format!(", firmware {firmware}"))
            .unwrap_or_default();
        row(
            Label::Waiver,
            vec![one_line(&format!(
                "{}: {} ({}{until}{firmware})",
                waiver.state, waiver.reason, waiver.owner
            ))],
        );
    }
    row(Label::Why, optional(case.rationale.as_deref()));
    rows
}

/// The sentence that says why a case is not a plain pass.
pub(crate) fn headline(case: &CaseRecord) -> String {
    if let Some(reason) = &case.reason {
        return one_line(reason);
    }
    if let Some(waiver) = case.waiver.as_ref().filter(|_| case.has_stale_waiver()) {
        return one_line(&format!("waiver {}: {}", waiver.state, waiver.reason));
    }
    match case.deciding_step() {
        None if case.is_flaky() => "it passed only when it was tried again".to_owned(),
        Some(step) => one_line(step.observed.as_deref().unwrap_or(&step.text)),
        None => "no reason was recorded".to_owned(),
    }
}

/// What came of another try, and where its evidence is.
fn attempt(attempt: &Attempt) -> String {
    let how = match attempt.because {
        Because::DidNotPass => "another try",
        Because::BesideOthers => "beside other cases",
    };
    let reason = attempt.reason.as_ref();
    let reason = reason.map_or(String::new(), |reason| format!(" ({reason})"));
    let capture = attempt.capture.as_ref();
    let capture = capture.map_or(String::new(), |capture| format!(", {capture}"));
    one_line(&format!("{how}: {}{reason}{capture}", attempt.verdict))
}

/// What a step does, with its verb in front unless the text begins with it.
pub(crate) fn step_text(verb: &str, text: &str) -> String {
    let text = one_line(text);
    if text.starts_with(verb) {
        text
    } else {
        format!("{}: {text}", one_line(verb))
    }
}

/// A question with its answer, who gave it and when.
pub(crate) fn answered(answered: &Answered) -> String {
    let remark = answered
        .remark
        .as_deref()
        .map(|remark| format!("; {remark}"));
    one_line(&format!(
        "{} {} ({}, {}{})",
        answered.text,
        answered.answer,
        answered.by,
        wall_time(&answered.on),
        remark.unwrap_or_default()
    ))
}

fn optional(text: Option<&str>) -> Vec<String> {
    text.map(one_line).into_iter().collect()
}

// The file of the case with the line of the step that decided, which is where its author will want to look.
fn source_of(source: &str, line: Option<u32>) -> String {
    match (source.rsplit_once(':'), line) {
        (Some((file, _)), Some(line)) => one_line(&format!("{file}:{line}")),
        _ => one_line(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{StepOutcome, StepRecord, Verdict};

    #[test]
    fn points_at_the_line_of_the_deciding_step() {
        let step = StepRecord {
            verb: "read".into(),
            outcome: StepOutcome::Failed,
            line: Some(14),
            ..StepRecord::default()
        };
        let case = CaseRecord {
            verdict: Verdict::Fail,
            source: Some("suites/data/read.yaml:8".into()),
            steps: vec![step],
            ..CaseRecord::default()
        };
        let source = explain(&case)
            .into_iter()
            .find(|row| row.label == Label::Source)
            .unwrap();
        assert_eq!(source.lines, ["suites/data/read.yaml:14"]);
    }

    #[test]
    fn a_case_without_a_reason_still_says_something() {
        assert_eq!(headline(&CaseRecord::default()), "no reason was recorded");
    }
}
