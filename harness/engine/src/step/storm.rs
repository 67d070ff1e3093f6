//! `associate-many`: many clients at once.

use std::future::{Future, poll_fn};
use std::task::Poll;

use iedassay_reports::Happening;
use iedassay_wire::association::InitiatorConfig;
use tokio::time::Instant;

use super::associate::{Again, Attempt, Stage, Way, open_again, target_configuration};
use super::disconnect::last_frame;
use super::request::{Answer, finish};
use crate::cel::Value;
use crate::outcome::{Outcome, RefusalLayer};
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::Slot;
use crate::suite::steps::AssociateMany;
use crate::value::list;

/// More than any server has room for.
const MOST: u32 = 256;

/// What came of one client.
struct Came {
    name: String,
    attempt: Attempt,
    at: Instant,
    tries: i64,
}

/// Opens as many associations as the step says, all at the same time.
pub(super) async fn associate_many(
    cx: &mut CaseRun<'_>,
    step: &AssociateMany,
) -> Result<(), Trouble> {
    let common = step.common();
    let prefix = cx.client_name(common.client)?;
    let count: u32 = cx.eval(&step.count)?;
    if count > MOST {
        return Err(Trouble::suite(format!(
            "`count: {count}` is more than {MOST}"
        )));
    }
    let names: Vec<String> = (0..count)
        .map(|number| format!("{prefix}{number}"))
        .collect();
    for name in &names {
        cx.clients.unused(name)?;
    }
    let started = Instant::now();
    let again = Again::of(cx, step.retry_every.as_ref(), common.within, started)?;
    let config = target_configuration(cx.shared);
    let here: &CaseRun<'_> = cx;
    let mut came = together(
        names
            .into_iter()
            .map(|name| client(here, name, &config, again)),
    )
    .await;
    for one in &mut came {
        // Where the queue of connections is full TCP says nothing (RFC 9293): that is a no, and no fault of the layers above.
        if one.attempt.stage == Stage::Connection && one.attempt.outcome == Outcome::Timeout {
            cx.finding(
                "connection-unanswered",
                "a request for a connection was not answered by TCP",
            );
            one.attempt.outcome = Outcome::Refused {
                layer: RefusalLayer::Tcp,
                detail: "no answer to the request for a connection".to_owned(),
            };
        }
    }
    let outcomes = came
        .iter()
        .map(|one| (one.name.clone(), one.attempt.outcome.clone()))
        .collect();
    let words = list(
        came.iter()
            .map(|one| Value::from(one.attempt.outcome.word())),
    );
    let mut refusals: Vec<String> = Vec::new();
    for one in &came {
        let text = one.attempt.outcome.to_string();
        if one.attempt.outcome != Outcome::Success && !refusals.contains(&text) {
            refusals.push(text);
        }
    }
    let tries = came
        .iter()
        .fold(0_i64, |sum, one| sum.saturating_add(one.tries));
    came.sort_by_key(|one| one.at);
    let (mut accepted, mut times) = (Vec::new(), Vec::new());
    let mut last = started;
    for one in came {
        last = last.max(one.at);
        let what = match one.attempt.client {
            Some(_) => Happening::Opened,
            None => Happening::Refused,
        };
        cx.log.moment(one.at, &one.name, what);
        if let Some(client) = one.attempt.client {
            times.push(Value::Float(
                one.at.saturating_duration_since(started).as_secs_f64() * 1000.0,
            ));
            accepted.push(Value::from(one.name.clone()));
            cx.clients.insert(&one.name, Slot::new(client));
        }
    }
    let fields = vec![
        ("names", list(accepted)),
        ("times", list(times)),
        ("outcomes", words),
        ("refusals", list(refusals.into_iter().map(Value::from))),
        ("tries", Value::Int(tries)),
    ];
    let exhibit = last_frame(cx);
    finish(
        cx,
        &common,
        started,
        Answer {
            outcomes,
            at: last,
            fields,
            exhibit,
            each: Vec::new(),
        },
    )
}

/// One client, that tries again when it was told to.
async fn client(
    cx: &CaseRun<'_>,
    name: String,
    config: &InitiatorConfig,
    again: Option<Again>,
) -> Came {
    let (attempt, tries) = open_again(cx, &name, config, Way::default(), again).await;
    Came {
        name,
        attempt,
        at: Instant::now(),
        tries,
    }
}

/// Waits for all of them, and gives what they gave in their order.
async fn together<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    poll_fn(|cx| {
        let mut pending = false;
        for (future, output) in &mut waiting {
            if output.is_none() {
                match future.as_mut().poll(cx) {
                    Poll::Ready(value) => *output = Some(value),
                    Poll::Pending => pending = true,
                }
            }
        }
        if pending {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    waiting
        .into_iter()
        .filter_map(|(_, output)| output)
        .collect()
}
