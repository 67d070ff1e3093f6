//! `raw-connection`: a connection without an association.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::permission::allowed;
use super::raw_guard::writes;
use super::request::{bind_event, kind_of};
use crate::campaign::{Wire, undone_by_loss};
use crate::cel::{Hex, Millis, Name, Value};
use crate::connector::Endpoint;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::outcome_of_tcp;
use crate::suite::Allowance;
use crate::suite::steps::{RawAction, RawConnection};

/// How long something is awaited that comes back, unless the step says so.
const PATIENCE: Duration = Duration::from_millis(100);
/// How often octets are sent at most.
const MOST_TIMES: u32 = 100_000;

/// Opens, writes to or closes a raw connection.
pub(super) async fn raw_connection(
    cx: &mut CaseRun<'_>,
    step: &RawConnection,
) -> Result<(), Trouble> {
    allowed(cx, Allowance::Robustness)?;
    let common = step.common();
    let Name(name) = cx.eval(&step.name)?;
    let started = Instant::now();
    let reaction = match step.action {
        RawAction::Open => {
            open(cx, &name).await?;
            ""
        }
        RawAction::Send => send(cx, step, &name).await?,
        RawAction::Close | RawAction::Reset => {
            let wire = cx.wires.remove(&name).ok_or_else(|| unopened(&name))?;
            wire.close(step.action == RawAction::Reset).await;
            ""
        }
    };
    let fields = [("reaction", Value::from(reaction))];
    bind_event(cx, &common, started, Instant::now(), &fields);
    cx.check(common.check)
}

async fn open(cx: &mut CaseRun<'_>, name: &str) -> Result<(), Trouble> {
    if cx.wires.contains_key(name) {
        return Err(Trouble::suite(format!(
            "the connection `{name}` is open already"
        )));
    }
    let endpoint = Endpoint::mms(cx.shared.target.source(0));
    let connecting = cx.shared.connector.connect(&endpoint);
    let connection = match timeout(cx.shared.timeouts.connect(), connecting).await {
        Err(_) => return Err(refused(&Outcome::Timeout)),
        Ok(Err(error)) => return Err(refused(&outcome_of_tcp(&error))),
        Ok(Ok(connection)) => connection,
    };
    let within = cx.shared.timeouts.associate();
    let connection = cx
        .shared
        .connector
        .secure(&endpoint, connection, within)
        .await
        .map_err(|error| refused(&outcome_of_tcp(&error)))?;
    let wire = Wire::new(name, connection, &cx.capture);
    cx.wires.insert(name.to_owned(), wire);
    Ok(())
}

async fn send(
    cx: &mut CaseRun<'_>,
    step: &RawConnection,
    name: &str,
) -> Result<&'static str, Trouble> {
    let hex = step
        .hex
        .as_ref()
        .ok_or_else(|| Trouble::suite("`send` needs `hex`"))?;
    let Hex(octets) = cx.eval(hex)?;
    if !writes(&octets).iter().all(undone_by_loss) {
        return Err(Trouble::suite(
            "these octets hold a request to write that the loss of the connection does not undo: `write`, with `coding`, asks for the permission and puts back",
        ));
    }
    let piece = cx.eval_opt(step.piece.as_ref())?.unwrap_or(0);
    let times = cx.eval_opt(step.times.as_ref())?.unwrap_or(1);
    let patience = cx
        .eval_opt(step.patience.as_ref())?
        .map_or(PATIENCE, Millis::duration);
    let wire = cx.wires.get_mut(name).ok_or_else(|| unopened(name))?;
    let mut reaction = "";
    for _ in 0..times.min(MOST_TIMES) {
        let piece = usize::try_from(piece).unwrap_or(usize::MAX);
        reaction = wire.say(&octets, piece, patience).await.name();
    }
    Ok(reaction)
}

fn unopened(name: &str) -> Trouble {
    Trouble::suite(format!(
        "there is no raw connection `{name}`; open it first"
    ))
}

fn refused(outcome: &Outcome) -> Trouble {
    Trouble::new(
        kind_of(outcome),
        format!("no connection for octets: {outcome}"),
    )
}
