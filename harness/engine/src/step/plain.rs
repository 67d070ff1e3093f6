//! `wait`, `mark`, `let`, `assert`, `note`: steps that need no association.

use tokio::time::{Instant, sleep};

use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, one_line};
use crate::suite::steps::{Assert, Let, Mark, Note, Wait};
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
        let exhibit = cx.exhibit_of(expr);
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
