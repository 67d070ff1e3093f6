//! `release`, `abort`, `drop`, `expect-closed`.

use iedassay_client::{Client, Disconnect, ReleaseError};
use iedassay_reports::Happening;
use iedassay_wire::association::{ConcludeRefusal, Ending, ReleaseWay};
use iedassay_wire::mms::{Pdu, Request};
use tokio::time::{Instant, timeout_at};

use super::request::{Answer, bind_result, finish, kind_of, timely};
use crate::cel::Value;
use crate::expect::pattern::OutcomePattern;
use crate::expect::pattern::describe;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, ms};
use crate::runner::clients::outcome_of_ending;
use crate::runner::exhibit::Exhibit;
use crate::suite::steps::{Abort, Drop, DropHow, ExpectClosed, Release};

/// Ends the association in order.
pub(super) async fn release(cx: &mut CaseRun<'_>, step: &Release) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    cx.clients.need(&name)?.pump();
    let started = Instant::now();
    let slot = cx.clients.need(&name)?;
    let result = slot.client.release(ReleaseWay::default()).await;
    let outcome = match &result {
        Ok(_) => Outcome::Success,
        Err(ReleaseError::Refused(refusal)) => refused(refusal),
        Err(ReleaseError::Ended(ended)) => match &ended.ending {
            Ending::Released(_) => Outcome::Success,
            other => outcome_of_ending(other, ended.io.as_ref()),
        },
        Err(error) => Outcome::Close(error.to_string()),
    };
    // A server that refuses to conclude keeps the association.
    if !matches!(result, Err(ReleaseError::Refused(_))) {
        over(cx, &name, "a step released it");
    }
    let parts = result
        .as_ref()
        .map(|released| (released.conclude, released.session))
        .unwrap_or_default();
    let fields = vec![
        ("conclude", Value::Bool(parts.0)),
        ("session", Value::Bool(parts.1)),
    ];
    let at = Instant::now();
    let exhibit = last_frame(cx);
    finish(
        cx,
        &common,
        started,
        Answer {
            outcomes: vec![(String::new(), outcome)],
            at,
            fields,
            exhibit,
            each: Vec::new(),
        },
    )
}

/// The association is no more.
fn over(cx: &mut CaseRun<'_>, name: &str, why: &str) {
    cx.clients.remove(name, why);
    cx.log.moment(Instant::now(), name, Happening::Ended);
}

fn refused(refusal: &ConcludeRefusal) -> Outcome {
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    match refusal {
        ConcludeRefusal::Error(error) => Outcome::ServiceError {
            class: small(error.code.class.0),
            code: error.code.code,
        },
        ConcludeRefusal::Reject(reason) => Outcome::Reject {
            pdu: small(reason.class.0),
            reason: reason.code,
        },
    }
}

/// Aborts the association.
pub(super) async fn abort(cx: &mut CaseRun<'_>, step: &Abort) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let started = Instant::now();
    let client = cx.clients.need(&name)?.client.clone();
    if step.pending_request == Some(true) {
        send_unanswered(&client)?;
    }
    client.abort().await;
    over(cx, &name, "a step aborted it");
    done(cx, &common, started)
}

/// Drops the connection.
pub(super) async fn drop_connection(cx: &mut CaseRun<'_>, step: &Drop) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let started = Instant::now();
    let client = cx.clients.need(&name)?.client.clone();
    if step.pending_request == Some(true) {
        send_unanswered(&client)?;
    }
    match step.how {
        DropHow::Close => {
            client.disconnect(Disconnect::Close).await;
        }
        DropHow::Reset => {
            client.disconnect(Disconnect::Reset).await;
        }
        DropHow::Silent => cx.clients.silence(client),
    }
    over(cx, &name, "a step dropped it");
    done(cx, &common, started)
}

/// What this end does by itself cannot fail: it has a name and an instant, and its checks.
fn done(
    cx: &mut CaseRun<'_>,
    common: &crate::suite::Common<'_>,
    started: Instant,
) -> Result<(), Trouble> {
    let at = Instant::now();
    bind_result(cx, common, &Outcome::Success, at, &[]);
    timely(cx, common, started, at, &Exhibit::default())?;
    cx.check(common.check)
}

/// A request whose answer nobody waits for.
fn send_unanswered(client: &Client) -> Result<(), Trouble> {
    let pdu = Pdu::request(client.invoke_id(), Request::Identify).encode();
    client.send_mms(pdu).map_err(|error| {
        let outcome = crate::runner::clients::outcome_of_error(&error);
        Trouble::new(kind_of(&outcome), outcome.to_string())
    })
}

/// Waits until the server ends the association.
pub(super) async fn expect_closed(
    cx: &mut CaseRun<'_>,
    step: &ExpectClosed,
) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let started = Instant::now();
    let until = match common.within {
        Some(window) => cx.window(window, started)?.latest(),
        None => started + cx.shared.timeouts.request(),
    };
    let client = cx.clients.need(&name)?.client.clone();
    let permitted = match common.expect {
        Some(expect) => cx.eval_list(Some(&expect.any_of))?.unwrap_or_default(),
        None => vec![OutcomePattern::Closed],
    };
    let ended = timeout_at(until, client.wait_ended()).await;
    cx.log.demanded(started.elapsed());
    cx.log.checked();
    let Ok(ended) = ended else {
        let observed = format!(
            "the association still stands after {}",
            ms(started.elapsed())
        );
        return Err(Trouble::expectation(describe(&permitted), observed));
    };
    let outcome = outcome_of_ending(&ended.ending, ended.io.as_ref());
    let how = match (&outcome, &ended.io) {
        (Outcome::Abort(_), _) => "abort",
        (_, Some(_)) => "reset",
        _ => "close",
    };
    over(cx, &name, "the server ended it");
    bind_result(
        cx,
        &common,
        &outcome,
        ended.at,
        &[("how", Value::from(how))],
    );
    let exhibit = last_frame(cx);
    if !permitted.iter().any(|pattern| pattern.matches(&outcome)) {
        return Err(Trouble::expectation(describe(&permitted), outcome.to_string()).with(exhibit));
    }
    timely(cx, &common, started, ended.at, &exhibit)?;
    cx.check(common.check)
}

/// The last frame of the capture: what ended an association is the last thing that happened on it.
pub(crate) fn last_frame(cx: &CaseRun<'_>) -> Exhibit {
    Exhibit::frame(cx.capture.frames())
}
