//! What all requests share: judging the outcome, the window, the result under its name, the checks.

use std::time::Duration;

use tokio::time::Instant;

use crate::cel::Value;
use crate::expect::pattern::{OutcomePattern, describe};
use crate::origin::{self, Origin};
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::Reply;
use crate::runner::exhibit::Exhibit;
use crate::suite::{Common, ExpectSet};
use crate::value::map;
use crate::verdict::IncidentKind;

/// One outcome for each thing that was asked, with what it is about.
pub(crate) type Outcomes = Vec<(String, Outcome)>;

/// Keys of a result.
pub(crate) type ResultFields = Vec<(&'static str, Value)>;

/// What a request gave.
#[derive(Debug)]
pub(crate) struct Answer {
    /// One outcome for each thing that was asked, with what it is about; empty text when there is only one.
    pub(crate) outcomes: Outcomes,
    /// When the answer came.
    pub(crate) at: Instant,
    /// The keys of the result.
    pub(crate) fields: ResultFields,
    /// The bytes; of several answers those of the first that is not success.
    pub(crate) exhibit: Exhibit,
    /// The bytes of each outcome, where each is an answer of its own.
    pub(crate) each: Vec<Exhibit>,
}

impl Answer {
    /// The answer to one thing.
    pub(crate) fn single(reply: &Reply, fields: Vec<(&'static str, Value)>) -> Self {
        Self {
            outcomes: vec![(String::new(), reply.outcome.clone())],
            at: reply.at,
            fields,
            exhibit: reply.exhibit.clone(),
            each: Vec::new(),
        }
    }

    /// The same, with where the parts of the result stand in the answer.
    pub(crate) fn with_origin(mut self, origin: Origin) -> Self {
        self.exhibit = self.exhibit.with_origin(origin);
        self
    }

    /// The outcome of the whole: the first that is not success.
    fn overall(&self) -> Outcome {
        let bad = self
            .outcomes
            .iter()
            .map(|(_, outcome)| outcome)
            .find(|outcome| **outcome != Outcome::Success);
        bad.cloned().unwrap_or(Outcome::Success)
    }
}

/// How long a request may take: the target's limit, or the step's window when that is longer, so that an answer that
/// is late can be told from none.
pub(crate) fn patience(
    cx: &CaseRun<'_>,
    common: &Common<'_>,
    started: Instant,
) -> Result<Duration, Trouble> {
    let limit = cx.shared.timeouts.request();
    let Some(window) = common.within else {
        return Ok(limit);
    };
    let until = cx.window(window, started)?.latest();
    Ok(limit.max(until.saturating_duration_since(started)))
}

/// Everything that follows an answer, in the order in which a reader of the report wants to know it.
pub(crate) fn finish(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    started: Instant,
    answer: Answer,
) -> Result<(), Trouble> {
    let overall = answer.overall();
    let mut answer = answer;
    if let Some(pdu) = &answer.exhibit.octets {
        let octets = i64::try_from(pdu.len()).unwrap_or(i64::MAX);
        answer.fields.push(("octets", Value::Int(octets)));
    }
    bind_answer(cx, common, &overall, (started, answer.at), &answer.fields);
    show_result(cx, common, &answer.exhibit);
    if !judge(cx, common.expect, &answer)? {
        return Ok(());
    }
    timely(cx, common, started, answer.at, &answer.exhibit)?;
    cx.check(common.check)
}

/// Gives the result its name, and its instant too.
pub(crate) fn bind_result(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    outcome: &Outcome,
    at: Instant,
    fields: &[(&'static str, Value)],
) {
    bind_answer(cx, common, outcome, (at, at), fields);
}

/// Says which PDU the result of the step came from.
pub(crate) fn show_result(cx: &mut CaseRun<'_>, common: &Common<'_>, exhibit: &Exhibit) {
    cx.bind_exhibit("result", exhibit);
    if let Some(name) = common.bind {
        cx.bind_exhibit(&name.value.0, exhibit);
    }
}

/// Gives something that was done its name: asked for at `sent`, done at `at`.
pub(crate) fn bind_event(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    sent: Instant,
    at: Instant,
    fields: &[(&'static str, Value)],
) {
    bind_answer(cx, common, &Outcome::Success, (sent, at), fields);
}

fn bind_answer(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    outcome: &Outcome,
    (sent, at): (Instant, Instant),
    fields: &[(&'static str, Value)],
) {
    let shared = [
        ("outcome", Value::from(outcome.word())),
        ("ok", Value::Bool(*outcome == Outcome::Success)),
        (
            "why",
            Value::from(if *outcome == Outcome::Success {
                String::new()
            } else {
                outcome.to_string()
            }),
        ),
        ("at", cx.at_ms(at)),
        ("utc", cx.utc_ms(at)),
    ];
    let result = map(shared
        .into_iter()
        .chain(fields.iter().map(|(key, value)| (*key, value.clone()))));
    cx.scope.set("result", result.clone());
    cx.bind_exhibit("result", &Exhibit::default());
    if let Some(name) = common.bind {
        cx.bind(&name.value.0, result);
        cx.bind_instant(&name.value.0, sent, at);
    }
}

/// Checks the instant of an answer or event against the window of the step. Being out of it is soft trouble.
pub(crate) fn timely(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    started: Instant,
    at: Instant,
    exhibit: &Exhibit,
) -> Result<(), Trouble> {
    let Some(window) = common.within else {
        return Ok(());
    };
    let bounds = cx.window(window, started)?;
    cx.log.checked();
    if let Some((expected, observed)) = bounds.violation(at) {
        let since = window
            .after
            .as_ref()
            .map_or("the start of the step", |name| name.value.0.as_str());
        let trouble =
            Trouble::expectation(format!("{expected} of {since}"), observed).with(exhibit.clone());
        cx.log.trouble(trouble);
    }
    Ok(())
}

/// Judges the outcomes. True when each is permitted; false when one is not and the case goes on; an error when the case
/// cannot go on.
fn judge(
    cx: &mut CaseRun<'_>,
    expect: Option<&ExpectSet>,
    answer: &Answer,
) -> Result<bool, Trouble> {
    let permitted = cx
        .eval_list(expect.map(|expect| &expect.any_of))?
        .unwrap_or_else(|| vec![OutcomePattern::Success]);
    let tolerated = cx
        .eval_list(expect.and_then(|expect| expect.tolerate.as_ref()))?
        .unwrap_or_default();
    let mut good = true;
    for (index, (about, outcome)) in answer.outcomes.iter().enumerate() {
        cx.log.checked();
        if permitted.iter().any(|pattern| pattern.matches(outcome)) {
            continue;
        }
        let of = if about.is_empty() {
            String::new()
        } else {
            format!("{about}: ")
        };
        if tolerated.iter().any(|pattern| pattern.matches(outcome)) {
            cx.finding(
                "tolerated-outcome",
                format!("{of}{outcome}; usual is {}", describe(&permitted)),
            );
            continue;
        }
        let trouble = Trouble {
            kind: kind_of(outcome),
            expected: permitted.iter().map(ToString::to_string).collect(),
            observed: format!("{of}{outcome}"),
            exhibit: match answer.each.get(index) {
                Some(own) => refused(own, outcome, 0, 1),
                None => refused(&answer.exhibit, outcome, index, answer.outcomes.len()),
            },
        };
        let over = outcome.ends_association()
            || matches!(outcome, Outcome::Timeout | Outcome::Malformed(_));
        if over || expect.is_none() {
            return Err(trouble);
        }
        cx.log.trouble(trouble);
        good = false;
    }
    Ok(good)
}

/// The PDU of an outcome, with the error in it marked; `index` of `of` outcomes it is.
fn refused(exhibit: &Exhibit, outcome: &Outcome, index: usize, of: usize) -> Exhibit {
    let octets = exhibit.octets.as_deref();
    let mark = octets.and_then(|octets| origin::refusal(octets, outcome, index, of));
    exhibit.clone().with_marks(mark)
}

/// Whose doing an outcome is that nothing permits.
pub(crate) fn kind_of(outcome: &Outcome) -> IncidentKind {
    match outcome {
        Outcome::Network(_) => IncidentKind::Network,
        Outcome::Abort(_) | Outcome::Close(_) => IncidentKind::LostByServer,
        _ => IncidentKind::Expectation,
    }
}
