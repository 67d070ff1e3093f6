//! A case in the page: its row in the table, and its card when it needs an eye.

use serde::Serialize;

use super::picture::{Picture, picture};
use crate::case::{CaseRecord, StepOutcome, StepRecord, Verdict};
use crate::exhibit;
use crate::explain::{Label, explain};
use crate::group::is_troubled;
use crate::text::{duration, one_line, visible};

/// Steps of a case that the page shows.
const MOST_STEPS: usize = 60;

/// Steps up to the one that decided, where not all are shown.
const STEPS_BEFORE: usize = 45;

/// Characters of one line of an explanation.
const MOST_TEXT: usize = 2_000;

#[derive(Serialize)]
pub(super) struct Case {
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
    /// The PDU that decided, decoded and as octets.
    decoded: Vec<Piece>,
    octets: Vec<Piece>,
    steps: Vec<Step>,
    /// Steps before and after those that are shown.
    steps_before: usize,
    steps_after: usize,
    ladder: Option<Ladder>,
    picture: Option<Picture>,
    capture: Option<String>,
    transcript: Option<String>,
    troubled: bool,
    findings: usize,
    /// PDU, messages, picture and steps are left out, for the page to stay small.
    reduced: bool,
}

#[derive(Serialize)]
struct Id {
    id: String,
    confidence: String,
}

#[derive(Serialize)]
struct Row {
    label: &'static str,
    alternatives: bool,
    text: String,
    lines: Vec<String>,
    link: Option<String>,
}

/// Text of a `<pre>`, marked or not.
#[derive(Serialize)]
struct Piece {
    marked: bool,
    text: String,
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

impl Case {
    /// The card of a case that needs an eye.
    pub(super) fn card(case: &CaseRecord) -> Self {
        view(case)
    }

    /// The row of a case in the table. What needs an eye has its details in its card.
    pub(super) fn row(case: &CaseRecord) -> Self {
        let mut row = view(case);
        if row.troubled {
            row.reduce();
            row.reduced = false;
        }
        row
    }

    /// Leaves out what takes most of the room.
    fn reduce(&mut self) {
        self.decoded.clear();
        self.octets.clear();
        self.steps.clear();
        self.ladder = None;
        self.picture = None;
        self.reduced = true;
    }

    /// About how many octets of the page the parts take that can be left out.
    fn weight(&self) -> usize {
        let pieces = self.decoded.iter().chain(&self.octets);
        let steps = self.steps.iter();
        let rungs = self.ladder.iter().flat_map(|ladder| &ladder.rungs);
        pieces.map(|piece| piece.text.len() + 13).sum::<usize>()
            + steps
                .map(|step| step.text.len() + step.verb.len() + 90)
                .sum::<usize>()
            + rungs
                .map(|rung| {
                    let steps: usize = rung.steps.iter().map(|step| step.len() + 30).sum();
                    rung.text.len() + rung.client.len() + steps + 240
                })
                .sum::<usize>()
            + self.picture.as_ref().map_or(0, Picture::weight)
    }
}

/// What is left of the octets that details may take on a page.
pub(super) struct Room(pub(super) usize);

impl Room {
    /// The case as it is while there is room, afterwards without its details.
    pub(super) fn fit(&mut self, mut case: Case) -> Case {
        let weight = case.weight();
        match self.0.checked_sub(weight) {
            Some(left) => self.0 = left,
            None => {
                // What comes later is left out too: a page that shows now this and now that is hard to trust.
                self.0 = 0;
                case.reduce();
            }
        }
        case
    }
}

/// The steps that are shown: the first ones, or those around the one that decided.
fn shown_steps(case: &CaseRecord) -> std::ops::Range<usize> {
    let count = case.steps.len();
    let decided = case.steps.iter().position(|step| step.outcome.decides());
    let from = match decided {
        Some(at) if at >= MOST_STEPS => at.saturating_sub(STEPS_BEFORE),
        _ => 0,
    };
    from..count.min(from + MOST_STEPS)
}

fn view(case: &CaseRecord) -> Case {
    let waived = case.is_waived() && case.verdict == Verdict::Fail;
    let shown = shown_steps(case);
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
        decoded: pieces(case.deciding_step().map(exhibit::decoded)),
        octets: pieces(case.deciding_step().map(exhibit::octets)),
        steps: case
            .steps
            .get(shown.clone())
            .unwrap_or_default()
            .iter()
            .map(step)
            .collect(),
        steps_before: shown.start,
        steps_after: case.steps.len().saturating_sub(shown.end),
        ladder: ladder(case),
        picture: picture(&case.moments),
        capture: link(case.capture.as_deref()),
        transcript: link(case.transcript.as_deref()),
        troubled: is_troubled(case),
        findings: case.findings.len(),
        reduced: false,
    }
}

/// Lines as few pieces of text.
fn pieces(lines: Option<Vec<exhibit::Line>>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (number, line) in lines.into_iter().flatten().enumerate() {
        if number > 0
            && let Some(last) = pieces.last_mut()
        {
            last.text.push('\n');
        }
        for piece in line {
            match pieces.last_mut() {
                Some(last) if last.marked == piece.marked => last.text.push_str(&piece.text),
                _ => pieces.push(Piece {
                    marked: piece.marked,
                    text: piece.text,
                }),
            }
        }
    }
    pieces
}

fn rows(case: &CaseRecord) -> Vec<Row> {
    explain(case)
        .into_iter()
        // They stand side by side below.
        .filter(|row| !row.label.is_code())
        .map(|row| Row {
            label: row.label.name(),
            alternatives: row.label == Label::Expected && row.lines.len() > 1,
            text: shortened(&row.lines.join("\n")),
            link: match row.label {
                Label::Frame => link(case.capture.as_deref()),
                Label::Transcript => link(case.transcript.as_deref()),
                _ => None,
            },
            lines: row.lines.iter().map(|line| shortened(line)).collect(),
        })
        .collect()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_TEXT) {
        Some((end, _)) => format!("{}... (the record has it all)", &text[..end]),
        None => text.to_owned(),
    }
}

fn step(step: &StepRecord) -> Step {
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

pub(super) fn label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotApplicable => "not applicable",
        verdict => verdict.name(),
    }
}

// A file of the run; anything else in an edited record is no address to offer.
fn link(file: Option<&str>) -> Option<String> {
    file.filter(|file| file.starts_with("captures/") || file.starts_with("transcripts/"))
        .map(one_line)
}

pub(super) fn anchor(key: &str) -> String {
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
