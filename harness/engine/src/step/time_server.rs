//! `time-server`, `expect-time-request`: the harness as the time server of the device.

use std::time::Duration;

use iedassay_model::value::parse_date_time;
use iedassay_wire::sntp::{Leap, Mode};
use tokio::time::{Instant, sleep};

use super::permission::allowed;
use super::request::{bind_event, timely};
use crate::cel::{Field, Value};
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, ms};
use crate::runner::exhibit::Exhibit;
use crate::safety::Change;
use crate::suite::Allowance;
use crate::suite::steps::{ExpectTimeRequest, LeapWord, OriginateWord, TimeServer, TimeServers};
use crate::time_server::{Asked, Manner, Originate, leap_word};
use crate::verdict::IncidentKind;

/// Says how the time servers answer.
pub(super) async fn time_server(cx: &mut CaseRun<'_>, step: &TimeServer) -> Result<(), Trouble> {
    allowed(cx, Allowance::TimeServer)?;
    let servers = which(cx, step.server.as_ref())?;
    let sent = Instant::now();
    let manner = manner(cx, step, sent)?;
    cx.ledger.note("", Change::TimeServed);
    if let Err(error) = cx.shared.time.open().await {
        return Err(Trouble::new(IncidentKind::Precondition, error.to_string()));
    }
    for server in servers {
        cx.shared.time.set(server, manner);
    }
    cx.log.describe(format!("answers: {}", manner.describe()));
    let ahead = Value::Int(manner.ahead / 1_000_000);
    bind_event(
        cx,
        &step.common(),
        sent,
        Instant::now(),
        &[("ahead", ahead)],
    );
    Ok(())
}

fn manner(cx: &CaseRun<'_>, step: &TimeServer, now: Instant) -> Result<Manner, Trouble> {
    let mut manner = Manner::default();
    let nanos = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
    if let Some(ahead) = cx.eval_opt(step.ahead.as_ref())? {
        manner.ahead = nanos(ahead.duration());
    }
    if let Some(behind) = cx.eval_opt(step.behind.as_ref())? {
        manner.ahead = manner.ahead.saturating_sub(nanos(behind.duration()));
    }
    if let Some(shows) = cx.eval_opt(step.shows.as_ref())? {
        let shown = parse_date_time(&shows).ok_or_else(|| {
            Trouble::suite(format!(
                "`shows: {shows}` is no time such as 2036-02-07T06:28:00Z"
            ))
        })?;
        let present = cx.shared.anchor.since_unix_epoch(now);
        manner.ahead = nanos(shown.saturating_sub(present))
            .saturating_sub(nanos(present.saturating_sub(shown)));
    }
    let octet = |field: Option<&Field<u32>>, most: u8| -> Result<Option<u8>, Trouble> {
        let Some(number) = cx.eval_opt(field)? else {
            return Ok(None);
        };
        let octet = u8::try_from(number).ok().filter(|octet| *octet <= most);
        let octet = octet.ok_or_else(|| {
            Trouble::suite(format!(
                "{number} does not go into its field, at most {most} does"
            ))
        })?;
        Ok(Some(octet))
    };
    manner.stratum = octet(step.stratum.as_ref(), u8::MAX)?.unwrap_or(manner.stratum);
    manner.version = octet(step.version.as_ref(), 7)?;
    manner.mode = octet(step.mode.as_ref(), 7)?.map_or(manner.mode, Mode);
    manner.leap = match cx.eval_opt(step.leap.as_ref())? {
        None | Some(LeapWord::None) => Leap::None,
        Some(LeapWord::Insert) => Leap::Insert,
        Some(LeapWord::Delete) => Leap::Delete,
        Some(LeapWord::Unsynchronized) => Leap::Unsynchronized,
    };
    manner.originate = match cx.eval_opt(step.originate.as_ref())? {
        None | Some(OriginateWord::Right) => Originate::Right,
        Some(OriginateWord::Wrong) => Originate::Wrong,
        Some(OriginateWord::Nothing) => Originate::Nothing,
    };
    manner.no_transmit = cx.eval_opt(step.transmit.as_ref())? == Some(false);
    manner.silent = cx.eval_opt(step.silent.as_ref())?.unwrap_or(false);
    Ok(manner)
}

/// The numbers of the servers that are meant.
fn which(cx: &CaseRun<'_>, field: Option<&Field<TimeServers>>) -> Result<Vec<usize>, Trouble> {
    let count = cx.shared.time.count();
    let servers = match cx.eval_opt(field)?.unwrap_or(TimeServers::Both) {
        TimeServers::First => 0..1,
        TimeServers::Second => 1..2,
        TimeServers::Both => 0..count.max(1),
    };
    if servers.end > count {
        return Err(Trouble::new(
            IncidentKind::Precondition,
            "the target names no such time server",
        ));
    }
    Ok(servers.collect())
}

/// Waits for a request.
pub(super) async fn expect_time_request(
    cx: &mut CaseRun<'_>,
    step: &ExpectTimeRequest,
) -> Result<(), Trouble> {
    allowed(cx, Allowance::TimeServer)?;
    let servers = which(cx, step.server.as_ref())?;
    let count = cx.eval_opt(step.count.as_ref())?.unwrap_or(1).max(1);
    let absent = cx.eval_opt(step.absent.as_ref())?.unwrap_or(false);
    let started = Instant::now();
    let until = cx.window(&step.within, started)?.latest();
    cx.log.demanded(
        until
            .saturating_duration_since(started)
            .min(wait_of(cx, count)),
    );
    let mut last = None;
    for number in 1..=count {
        let Some(asked) = cx.shared.time.next(&servers, until).await else {
            break;
        };
        cx.capture.note(show(&asked));
        last = Some((number, asked));
    }
    cx.log.checked();
    if absent {
        return match last {
            None => Ok(()),
            Some((_, asked)) => Err(Trouble::expectation(
                "no request to the time server",
                show(&asked),
            )),
        };
    }
    let asked = match last {
        Some((number, asked)) if number == count => asked,
        got => {
            let got = got.map_or(0, |(number, _)| number);
            let waited = ms(until.saturating_duration_since(started));
            return Err(Trouble::expectation(
                format!("{count} requests to the time server"),
                format!("{got} within {waited}"),
            ));
        }
    };
    cx.log.describe(show(&asked));
    let common = step.common();
    bind_event(cx, &common, asked.at, asked.at, &fields(&asked));
    timely(cx, &common, started, asked.at, &Exhibit::default())?;
    cx.check(common.check)
}

/// How long so many requests take.
fn wait_of(cx: &CaseRun<'_>, count: u32) -> Duration {
    poll(cx).saturating_mul(count)
}

fn poll(cx: &CaseRun<'_>) -> Duration {
    let server = cx.shared.target.time_server.as_ref();
    server.map_or(Duration::ZERO, crate::target::TimeServer::poll)
}

fn show(asked: &Asked) -> String {
    let server = server_word(asked.server);
    let what = match &asked.message {
        Ok(m) => format!(
            "version {}, mode {}, leap indicator {}",
            m.version,
            m.mode.0,
            leap_word(m.leap)
        ),
        Err(error) => error.to_string(),
    };
    let answered = if asked.answered { "" } else { ", not answered" };
    format!(
        "SNTP request of {} to the {server} time server: {what}{answered}",
        asked.from
    )
}

const fn server_word(number: usize) -> &'static str {
    match number {
        0 => "first",
        _ => "second",
    }
}

fn fields(asked: &Asked) -> Vec<(&'static str, Value)> {
    let mut all = vec![
        ("server", Value::from(server_word(asked.server))),
        (
            "size",
            Value::Int(i64::try_from(asked.size).unwrap_or(i64::MAX)),
        ),
        ("from", Value::from(asked.from.ip().to_string())),
        ("answered", Value::Bool(asked.answered)),
    ];
    if let Ok(message) = &asked.message {
        let transmit = message.transmit.since_epoch().map_or(Value::Null, |time| {
            Value::Int(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
        });
        all.extend([
            ("version", Value::Int(i64::from(message.version))),
            ("mode", Value::Int(i64::from(message.mode.0))),
            ("leap", Value::from(leap_word(message.leap))),
            ("stratum", Value::Int(i64::from(message.stratum))),
            ("poll", Value::Int(i64::from(message.poll))),
            ("transmit", transmit),
        ]);
    }
    all
}

/// Tells the right time again, until the device has it.
pub(crate) async fn put_back(cx: &mut CaseRun<'_>) -> Result<(), String> {
    for stranger in cx.shared.time.take_strangers() {
        cx.finding(
            "time-request",
            format!("{stranger} asks for the time too; `allow.time-server` does not name it, and it was not answered"),
        );
    }
    let time = &cx.shared.time;
    time.set_right();
    if !time.is_misled() {
        return Ok(());
    }
    let settle = cx
        .shared
        .target
        .time_server
        .as_ref()
        .map_or(Duration::ZERO, crate::target::TimeServer::settle);
    let all: Vec<usize> = (0..time.count()).collect();
    let patience = poll(cx)
        .saturating_mul(3)
        .saturating_add(cx.shared.tolerances.late());
    let until = Instant::now() + patience;
    loop {
        match cx.shared.time.next(&all, until).await {
            Some(asked) if asked.answered => break,
            Some(_) => {}
            None => {
                return Err(format!(
                    "it has not asked for the time within {}, and may have a wrong one",
                    ms(patience)
                ));
            }
        }
    }
    sleep(settle).await;
    cx.shared.time.put_right();
    Ok(())
}
