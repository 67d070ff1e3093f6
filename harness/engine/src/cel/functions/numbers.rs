//! Functions of numbers.

use std::sync::Arc;

use cel::{ExecutionError, Value};

use super::{Answer, Args, answer, arg, describe, fail};

/// Lists made here are not longer.
const MAX_LIST: i64 = 100_000;

fn number(function: &str, value: &Value) -> Result<f64, ExecutionError> {
    #[allow(
        clippy::cast_precision_loss,
        reason = "only differences of numbers met on the wire"
    )]
    match value {
        Value::Int(i) => Ok(*i as f64),
        Value::UInt(u) => Ok(*u as f64),
        Value::Float(f) => Ok(*f),
        other => Err(fail(
            function,
            format!("expected a number, found {}", describe(other)),
        )),
    }
}

pub(super) fn near<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let a = number("near", &arg(&args, 0)?)?;
    let b = number("near", &arg(&args, 1)?)?;
    let d = number("near", &arg(&args, 2)?)?;
    answer(&Value::Bool((a - b).abs() <= d))
}

pub(super) fn abs<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    match arg(&args, 0)? {
        Value::Int(i) => answer(&Value::Int(i.saturating_abs())),
        other => answer(&Value::Float(number("abs", &other)?.abs())),
    }
}

pub(super) fn range<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    match arg(&args, 0)? {
        Value::Int(n) if n <= MAX_LIST => {
            answer(&Value::List(Arc::new((0..n).map(Value::Int).collect())))
        }
        Value::Int(n) => Err(fail("range", format!("{n} is more than {MAX_LIST}"))),
        other => Err(fail(
            "range",
            format!("expected a whole number, found {}", describe(&other)),
        )),
    }
}

/// The arguments, or the elements of the only one.
fn numbers(args: &Args<'_, '_>) -> Result<Vec<Value>, ExecutionError> {
    if let ([_], Value::List(list)) = (args.as_slice(), arg(args, 0)?) {
        return Ok(list.to_vec());
    }
    (0..args.len()).map(|n| arg(args, n)).collect()
}

pub(super) fn sum<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let items = numbers(&args)?;
    let mut whole = Some(0i64);
    let mut total = 0.0;
    for item in &items {
        total += number("sum", item)?;
        whole = match (whole, item) {
            (Some(n), Value::Int(i)) => n.checked_add(*i),
            _ => None,
        };
    }
    answer(&whole.map_or(Value::Float(total), Value::Int))
}

fn extreme<'b, 'v>(function: &str, args: &Args<'b, 'v>, largest: bool) -> Answer<'b, 'v> {
    let mut best: Option<(f64, Value)> = None;
    for item in numbers(args)? {
        let n = number(function, &item)?;
        if best
            .as_ref()
            .is_none_or(|(b, _)| if largest { n > *b } else { n < *b })
        {
            best = Some((n, item));
        }
    }
    match best {
        Some((_, item)) => answer(&item),
        None => Err(fail(function, "the list is empty")),
    }
}

pub(super) fn max<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    extreme("max", &args, true)
}

pub(super) fn min<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    extreme("min", &args, false)
}
