//! Functions of reports, members and statements.

use cel::objects::Key;
use cel::{ExecutionError, Value};

use crate::target::pixit;

use super::{Answer, Args, answer, arg, describe, fail, text_arg};

fn key<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Map(m) => m.map.get(&Key::from(name)),
        _ => None,
    }
}

pub(super) fn can<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let member = arg(&args, 0)?;
    let change = text_arg("can", &args, 1)?;
    match key(&member, "can") {
        Some(Value::List(list)) => {
            let can = list
                .iter()
                .any(|c| matches!(c, Value::String(c) if **c == change));
            answer(&Value::Bool(can))
        }
        _ => Err(fail(
            "can",
            format!("expected a member or a leaf, found {}", describe(&member)),
        )),
    }
}

/// The entry of a report for a member, given as object or as reference.
fn entry(function: &str, report: &Value, member: &Value) -> Result<Option<Value>, ExecutionError> {
    let Some(Value::List(entries)) = key(report, "entries") else {
        return Err(fail(
            function,
            format!("expected a report, found {}", describe(report)),
        ));
    };
    let wanted = match member {
        Value::String(_) => member,
        other => key(other, "ref").ok_or_else(|| {
            fail(
                function,
                format!("expected a member, found {}", describe(member)),
            )
        })?,
    };
    Ok(entries
        .iter()
        .find(|e| key(e, "ref") == Some(wanted))
        .cloned())
}

fn of_entry<'b, 'v>(function: &str, args: &Args<'b, 'v>, what: &str) -> Answer<'b, 'v> {
    let (report, member) = (arg(args, 0)?, arg(args, 1)?);
    match entry(function, &report, &member)? {
        Some(found) => answer(key(&found, what).unwrap_or(&Value::Null)),
        None => Err(fail(
            function,
            format!("the report does not include {}", describe(&member)),
        )),
    }
}

pub(super) fn includes<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let found = entry("includes", &arg(&args, 0)?, &arg(&args, 1)?)?;
    answer(&Value::Bool(found.is_some()))
}

pub(super) fn value<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    of_entry("value", &args, "value")
}

pub(super) fn data<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    of_entry("data", &args, "data")
}

pub(super) fn reason<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    of_entry("reason", &args, "reason")
}

pub(super) fn for_model<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let (given, model) = (arg(&args, 0)?, arg(&args, 1)?);
    let number = match &model {
        Value::Int(number) => Some(*number),
        _ => None,
    };
    match number.and_then(|number| pixit::for_model(&given, number)) {
        Some(found) => answer(found),
        None => {
            let model = number
                .and_then(pixit::model_word)
                .map_or_else(|| describe(&model), str::to_owned);
            let message = format!("the answer says nothing about {model}");
            Err(fail("forModel", message))
        }
    }
}
