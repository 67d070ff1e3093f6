//! `keep-reading`, `expect-served`: an association that must be served while something else happens.

use std::time::Duration;

use iedassay_client::Client;
use iedassay_wire::mms::{ReadRequest, Request, Response, VariableAccess};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::names::variable_name;
use super::request::{Answer, finish};
use crate::cel::{Millis, Value};
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, ms};
use crate::runner::clients::ask;
use crate::runner::exhibit::Exhibit;
use crate::suite::steps::{ExpectServed, KeepReading};

/// An association that reads beside the steps. It stops when this is dropped.
pub(crate) struct Reading {
    stop: watch::Sender<bool>,
    task: JoinHandle<Seen>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What came of it.
struct Seen {
    reads: u32,
    worst: Duration,
    sum: Duration,
    /// What came of the first read that was not served as it should be; else success.
    outcome: Outcome,
    at: Instant,
    exhibit: Exhibit,
}

/// Begins to read.
pub(super) fn keep_reading(cx: &mut CaseRun<'_>, step: &KeepReading) -> Result<(), Trouble> {
    let name = cx.client_name(step.common().client)?;
    let variable = variable_name(&cx.eval(&step.r#ref)?.0)?;
    let every = cx.eval(&step.every)?.duration();
    let within = cx
        .eval_opt(step.answer_within.as_ref())?
        .map_or(cx.shared.timeouts.request(), Millis::duration);
    let access = VariableAccess::ListOfVariable(vec![variable.listed()]);
    let request = Request::Read(ReadRequest::new(access));
    let client = cx.clients.need(&name)?.client.clone();
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(read_on(client, request, (every, within), stopped));
    cx.readings.insert(name, Reading { stop, task });
    Ok(())
}

async fn read_on(
    client: Client,
    request: Request,
    (every, within): (Duration, Duration),
    mut stopped: watch::Receiver<bool>,
) -> Seen {
    let mut seen = Seen {
        reads: 0,
        worst: Duration::ZERO,
        sum: Duration::ZERO,
        outcome: Outcome::Success,
        at: Instant::now(),
        exhibit: Exhibit::default(),
    };
    loop {
        // The last read begins after the end was asked for.
        let last = *stopped.borrow();
        let asked = Instant::now();
        let reply = ask(&client, request.clone(), within).await;
        let took = reply.at.saturating_duration_since(asked);
        seen.reads = seen.reads.saturating_add(1);
        seen.worst = seen.worst.max(took);
        seen.sum += took;
        seen.at = reply.at;
        seen.exhibit = reply.exhibit.clone();
        seen.outcome = match &reply.response {
            Some(Response::Read(response)) => match response.results.as_slice() {
                [Ok(_)] => Outcome::Success,
                [Err(error)] => Outcome::DataAccessError(error.0),
                _ => Outcome::Malformed("a read of one variable has one result".to_owned()),
            },
            _ => reply.outcome,
        };
        if last || seen.outcome != Outcome::Success {
            return seen;
        }
        tokio::select! {
            biased;
            _ = stopped.changed() => {}
            () = sleep(every) => {}
        }
    }
}

/// Ends it, and judges what came of it.
pub(super) async fn expect_served(
    cx: &mut CaseRun<'_>,
    step: &ExpectServed,
) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let Some(mut reading) = cx.readings.remove(&name) else {
        return Err(Trouble::suite(format!(
            "`{name}` is not reading; `keep-reading` first"
        )));
    };
    let started = Instant::now();
    // When the task is over already, nobody listens any more.
    let _ = reading.stop.send(true);
    let seen = (&mut reading.task)
        .await
        .map_err(|error| Trouble::harness(error.to_string()))?;
    cx.log.describe(format!(
        "{} reads, the slowest took {}",
        seen.reads,
        ms(seen.worst)
    ));
    let whole = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    let mean = seen.sum.checked_div(seen.reads).unwrap_or_default();
    let fields = vec![
        ("reads", Value::Int(i64::from(seen.reads))),
        ("worst", Value::Int(whole(seen.worst))),
        ("mean", Value::Int(whole(mean))),
    ];
    let answer = Answer {
        outcomes: vec![(format!("read {} of `{name}`", seen.reads), seen.outcome)],
        at: seen.at.max(started),
        fields,
        exhibit: seen.exhibit,
        each: Vec::new(),
    };
    finish(cx, &common, started, answer)
}
