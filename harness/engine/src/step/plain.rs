//! `wait`, `mark`, `let`, `assert`, `note`, `measure`: steps that need no association.

use tokio::time::{Instant, sleep};

use crate::cel::Value;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, one_line};
use crate::suite::steps::{Assert, Let, Mark, Measure, Note, Wait};
use crate::value::map;

pub(super) async fn wait(cx: &mut CaseRun<'_>, step: &Wait) -> Result<(), Trouble> {
    let time = cx.eval(&step.time)?.duration();
    cx.log.demanded(time);
    sleep(time).await;
    Ok(())
}

pub(super) fn mark(cx: &mut CaseRun<'_>, step: &Mark) {
    let now = Instant::now();
    let value = map([("at", cx.at_ms(now)), ("utc", cx.utc_ms(now))]);
    cx.bind(&step.name.value.0, value);
    cx.bind_instant(&step.name.value.0, now, now);
}

pub(super) fn bind(cx: &mut CaseRun<'_>, step: &Let) -> Result<(), Trouble> {
    for (name, expr) in step.values.iter() {
        let value = cx.eval_expr(expr)?;
        let exhibit = cx.exhibit_of_part(expr);
        cx.bind(&name.value, value);
        cx.bind_exhibit(&name.value, &exhibit);
    }
    Ok(())
}

pub(super) fn assert(cx: &mut CaseRun<'_>, step: &Assert) -> Result<(), Trouble> {
    cx.check(&step.that.0)
}

pub(super) fn note(cx: &mut CaseRun<'_>, step: &Note) -> Result<(), Trouble> {
    if let Some(when) = &step.when
        && !cx.eval_bool(when)?
    {
        return Ok(());
    }
    let text = one_line(&cx.eval(&step.text)?);
    cx.finding(iedassay_reports::Finding::NOTE, text);
    Ok(())
}

pub(super) fn measure(cx: &mut CaseRun<'_>, step: &Measure) -> Result<(), Trouble> {
    if let Some(when) = &step.when
        && !cx.eval_bool(when)?
    {
        return Ok(());
    }
    let name = one_line(&cx.eval(&step.name)?);
    let unit = cx.eval_opt(step.unit.as_ref())?;
    let value = cx.eval_expr(&step.value)?;
    let Some(value) = number(&value) else {
        let trouble = Trouble::suite(format!(
            "`{}` gives no number that can be recorded",
            one_line(&step.value.source)
        ));
        return Err(cx.blamed(trouble, [&step.value]));
    };
    let unit = unit.map(|unit| one_line(&unit)).unwrap_or_default();
    cx.log
        .describe(format!("{name}: {value} {unit}").trim_end());
    cx.log.measurement(name, value, unit);
    Ok(())
}

/// A finite number of an expression. Whole numbers beyond 2^53 lose their last digits, as in every JSON reader.
#[allow(clippy::cast_precision_loss)]
fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Int(n) => *n as f64,
        Value::UInt(n) => *n as f64,
        Value::Float(n) => *n,
        _ => return None,
    };
    number.is_finite().then_some(number)
}
