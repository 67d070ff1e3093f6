//! `query-log`.

use std::time::Duration;

use iedassay_client::services::logs::LogEntry;
use iedassay_model::value::value_fits;
use iedassay_wire::mms::{
    BinaryTime, EntryPosition, RangeStart, RangeStop, ReadJournalRequest, Request, Response,
};
use tokio::time::Instant;

use super::names::variable_name;
use super::request::{Answer, finish};
use crate::cel::Value;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::suite::steps::QueryLog;
use crate::value::{hex, list, map, to_cel};

/// Asks for entries of a log.
pub(super) async fn query_log(cx: &mut CaseRun<'_>, step: &QueryLog) -> Result<(), Trouble> {
    let common = step.common();
    let log = variable_name(&cx.eval(&step.log)?.0)?.name;
    let mut request = ReadJournalRequest::new(log);
    let from = cx.eval_opt(step.from.as_ref())?;
    request.start = from.map(|ms| RangeStart::Time(time(ms)));
    let to = cx.eval_opt(step.to.as_ref())?;
    request.stop = to.map(|ms| RangeStop::Time(time(ms)));
    let known = cx.eval_opt(step.after_time.as_ref())?;
    if let Some(after) = cx.eval_opt(step.after.as_ref())? {
        request.start_after = Some(EntryPosition {
            time: time(known.unwrap_or_default()),
            entry: after.0,
        });
    } else if known.is_some() {
        return Err(Trouble::suite("`after-time` needs `after`"));
    }
    let started = Instant::now();
    let reply = super::send(cx, &common, Request::ReadJournal(request), started).await?;
    let mut misfit = None;
    let fields = match &reply.response {
        Some(Response::ReadJournal(page)) => {
            let entries: Vec<LogEntry> = page.entries.iter().cloned().map(LogEntry::from).collect();
            misfit = entries.iter().find_map(|entry| misfit_of(cx, entry));
            let ids = entries.iter().map(|entry| Value::from(hex(&entry.id)));
            vec![
                ("ids", list(ids)),
                ("entries", list(entries.iter().map(|entry| show(cx, entry)))),
                ("moreFollows", Value::Bool(page.more_follows)),
            ]
        }
        _ => Vec::new(),
    };
    let mut answer = Answer::single(&reply, fields);
    answer.exhibit = answer.exhibit.with_misfit(misfit);
    finish(cx, &common, started, answer)
}

/// The first value of an entry that does not fit its type.
fn misfit_of(cx: &CaseRun<'_>, entry: &LogEntry) -> Option<String> {
    entry.values.iter().find_map(|value| {
        let variable = variable_name(&value.reference).ok()?;
        let misfit = value_fits(variable.node(&cx.shared.model)?, &value.value).err()?;
        Some(format!("{}: {misfit}", value.reference))
    })
}

fn time(ms: i64) -> BinaryTime {
    BinaryTime::from_since_epoch(Duration::from_millis(u64::try_from(ms).unwrap_or_default()))
}

fn show(cx: &CaseRun<'_>, entry: &LogEntry) -> Value {
    let ms = entry.time.since_epoch().map_or(Value::Null, |time| {
        Value::Int(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
    });
    let values = entry.values.iter().map(|value| {
        let variable = variable_name(&value.reference).ok();
        let node = variable.as_ref().and_then(|it| it.node(&cx.shared.model));
        to_cel(&value.value, node)
    });
    let members = entry
        .values
        .iter()
        .map(|value| Value::from(value.reference.as_str()));
    let reasons = entry.values.iter().map(|value| {
        value
            .reason
            .as_ref()
            .map_or(Value::Null, |data| to_cel(data, None))
    });
    map([
        ("id", Value::from(hex(&entry.id))),
        ("time", ms),
        ("members", list(members)),
        ("values", list(values)),
        ("reasons", list(reasons)),
    ])
}
