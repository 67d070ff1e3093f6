//! `stop-reading`, `go-on-reading`, `pipeline`, `expect-answers`: a client that takes its time.

use iedassay_wire::mms::{ReadRequest, Request, VariableAccess};
use tokio::time::Instant;

use super::names::variable_name;
use super::request::{Answer, bind_result, finish, patience};
use crate::cel::Value;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::{Reply, ask};
use crate::runner::exhibit::Exhibit;
use crate::suite::Common;
use crate::suite::steps::{ExpectAnswers, GoOnReading, Pipeline, StopReading};
use crate::value::list;

/// More requests than any case needs at a time.
const MOST: u32 = 1000;

/// Leaves unread what the server sends.
pub(super) fn stop_reading(cx: &mut CaseRun<'_>, step: &StopReading) -> Result<(), Trouble> {
    read_stream(cx, &step.common(), false)
}

/// Reads it again.
pub(super) fn go_on_reading(cx: &mut CaseRun<'_>, step: &GoOnReading) -> Result<(), Trouble> {
    read_stream(cx, &step.common(), true)
}

fn read_stream(cx: &mut CaseRun<'_>, common: &Common<'_>, reading: bool) -> Result<(), Trouble> {
    let name = cx.client_name(common.client)?;
    cx.clients.need(&name)?.client.read_stream(reading);
    done(cx, common)
}

/// What this end does by itself cannot fail.
fn done(cx: &mut CaseRun<'_>, common: &Common<'_>) -> Result<(), Trouble> {
    bind_result(cx, common, &Outcome::Success, Instant::now(), &[]);
    cx.check(common.check)
}

/// Sends a request to read several times, and leaves the answers for later.
pub(super) fn pipeline(cx: &mut CaseRun<'_>, step: &Pipeline) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let variables = cx
        .eval_list(Some(&step.r#ref))?
        .unwrap_or_default()
        .iter()
        .map(|name| variable_name(&name.0).map(|variable| variable.listed()))
        .collect::<Result<Vec<_>, _>>()?;
    if variables.is_empty() {
        return Err(Trouble::suite("`ref` names nothing to read"));
    }
    let within = patience(cx, &common, Instant::now())?;
    let times = cx.eval_opt(step.times.as_ref())?;
    let slot = cx.clients.need(&name)?;
    let negotiated = u32::try_from(slot.client.outstanding_limit()).unwrap_or(MOST);
    let times = times.unwrap_or(negotiated.min(MOST));
    if times > MOST {
        return Err(Trouble::suite(format!(
            "`times: {times}` is more than {MOST}"
        )));
    }
    let access = VariableAccess::ListOfVariable(variables);
    for _ in 0..times {
        let client = slot.client.clone();
        let request = Request::Read(ReadRequest::new(access.clone()));
        slot.asked.push(tokio::spawn(
            async move { ask(&client, request, within).await },
        ));
    }
    done(cx, &common)
}

/// Waits for what a pipeline has asked for. Each request has its own deadline.
pub(super) async fn expect_answers(
    cx: &mut CaseRun<'_>,
    step: &ExpectAnswers,
) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let started = Instant::now();
    let asked = std::mem::take(&mut cx.clients.need(&name)?.asked);
    if asked.is_empty() {
        return Err(Trouble::suite("`pipeline` has asked for nothing"));
    }
    let mut replies: Vec<Reply> = Vec::with_capacity(asked.len());
    for waiting in asked {
        let reply = waiting
            .await
            .map_err(|error| Trouble::harness(error.to_string()))?;
        replies.push(reply);
    }
    cx.log.demanded(started.elapsed());
    let octets = replies
        .iter()
        .filter_map(|reply| reply.exhibit.octets.as_ref())
        .fold(0_usize, |sum, octets| sum.saturating_add(octets.len()));
    let count = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let words = replies
        .iter()
        .map(|reply| Value::from(reply.outcome.word()));
    let fields = vec![
        ("count", count(replies.len())),
        ("outcomes", list(words)),
        ("octets", count(octets)),
    ];
    for reply in &replies {
        for (code, text) in &reply.oddities {
            cx.finding(code, text.as_str());
        }
    }
    let outcomes = replies
        .iter()
        .enumerate()
        .map(|(number, reply)| (format!("request {number}"), reply.outcome.clone()))
        .collect();
    let last = replies.iter().max_by_key(|reply| reply.at);
    let answer = Answer {
        outcomes,
        at: last.map_or(started, |reply| reply.at),
        fields,
        exhibit: last.map_or_else(Exhibit::default, |reply| Exhibit {
            octets: None,
            ..reply.exhibit.clone()
        }),
        each: Vec::new(),
    };
    finish(cx, &common, started, answer)
}
