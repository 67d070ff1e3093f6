//! `repeat`, `for-each`, `if`, `use`: steps that contain steps.

use tokio::time::{Instant, sleep};

use super::{Flow, run_steps};
use crate::cel::Value;
use crate::origin::{Key, Origin};
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, ms};
use crate::runner::exhibit::Exhibit;
use crate::suite::steps::{ForEach, If, Repeat, Use};
use crate::value::list;

/// Rounds beyond this many are a mistake of the suite, or a server that never becomes what is waited for.
const MAX_ROUNDS: u32 = 100_000;

pub(super) async fn repeat(cx: &mut CaseRun<'_>, step: &Repeat) -> Result<Flow, Trouble> {
    let times = cx.eval_opt(step.times.as_ref())?;
    if times.is_none() && step.until.is_none() {
        return Err(Trouble::suite("`repeat` needs `times` or `until`"));
    }
    let every = cx
        .eval_opt(step.every.as_ref())?
        .map(crate::cel::Millis::duration);
    let within = cx
        .eval_opt(step.within.as_ref())?
        .map(crate::cel::Millis::duration);
    let started = Instant::now();
    let mut rounds = Vec::new();
    let mut shown = Exhibit::default();
    let mut origins = Vec::new();
    let mut reached = false;
    for round in 0..times.unwrap_or(MAX_ROUNDS) {
        if round > 0
            && let Some(every) = every
        {
            cx.log.demanded(every);
            sleep(every).await;
        }
        let index = step.index.as_ref().map(|index| index.value.0.as_str());
        let (flow, (bound, exhibit)) = one_round(cx, index, round, &step.steps).await;
        rounds.push(bound);
        origins.push(exhibit.own_origin());
        shown = foremost(shown, exhibit);
        if flow == Flow::Stop {
            return Ok(Flow::Stop);
        }
        if let Some(until) = &step.until {
            reached = cx.eval_bool(until)?;
            if reached || within.is_some_and(|within| started.elapsed() >= within) {
                break;
            }
        }
    }
    let tried = rounds.len();
    if let Some(name) = &step.r#as {
        cx.bind(&name.value.0, list(rounds));
        let shown = shown.with_origin(Origin::list(origins));
        cx.bind_exhibit(&name.value.0, &shown);
        let now = Instant::now();
        cx.bind_instant(&name.value.0, now, now);
    }
    if let Some(until) = &step.until {
        cx.log.checked();
        if !reached {
            let mut trouble = cx.why_false(until);
            let spent = ms(started.elapsed());
            let still = format!(", still after {tried} rounds and {spent}");
            trouble.observed.push_str(&still);
            return Err(trouble);
        }
    }
    Ok(Flow::Continue)
}

pub(super) async fn for_each(cx: &mut CaseRun<'_>, step: &ForEach) -> Result<Flow, Trouble> {
    let Value::List(items) = cx.eval_expr(&step.r#in)? else {
        let trouble = Trouble::suite(format!("`{}` gives no list", step.r#in.source));
        return Err(cx.blamed(trouble, [&step.r#in]));
    };
    let exhibit = cx.exhibit_of_part(&step.r#in);
    let mut rounds = Vec::new();
    let mut shown = Exhibit::default();
    let mut origins = Vec::new();
    for (round, item) in (0u32..).zip(items.iter()) {
        cx.bind(&step.each.value.0, item.clone());
        let part = [Key::Index(usize::try_from(round).unwrap_or(usize::MAX))];
        cx.bind_exhibit(&step.each.value.0, &exhibit.part(&part));
        let index = step.index.as_ref().map(|index| index.value.0.as_str());
        let (flow, (bound, exhibit)) = one_round(cx, index, round, &step.steps).await;
        rounds.push(bound);
        origins.push(exhibit.own_origin());
        shown = foremost(shown, exhibit);
        if flow == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    if let Some(name) = &step.r#as {
        cx.bind(&name.value.0, list(rounds));
        let shown = shown.with_origin(Origin::list(origins));
        cx.bind_exhibit(&name.value.0, &shown);
        let now = Instant::now();
        cx.bind_instant(&name.value.0, now, now);
    }
    Ok(Flow::Continue)
}

pub(super) async fn condition(cx: &mut CaseRun<'_>, step: &If) -> Result<Flow, Trouble> {
    let steps = if cx.eval_bool(&step.when)? {
        &step.then
    } else {
        &step.r#else
    };
    Ok(run_steps(cx, steps).await)
}

pub(super) async fn fragment(cx: &mut CaseRun<'_>, step: &Use) -> Result<Flow, Trouble> {
    for (name, expr) in step.body.with.iter() {
        let value = cx.eval_expr(expr)?;
        let exhibit = cx.exhibit_of_part(expr);
        cx.bind(&name.value, value);
        cx.bind_exhibit(&name.value, &exhibit);
    }
    Ok(run_steps(cx, &step.steps).await)
}

/// The PDU that stands for several rounds: one with a value that does not fit its type, else the last.
fn foremost(known: Exhibit, next: Exhibit) -> Exhibit {
    if next.is_empty() || (known.misfit.is_some() && next.misfit.is_none()) {
        known
    } else {
        next
    }
}

async fn one_round(
    cx: &mut CaseRun<'_>,
    index: Option<&str>,
    round: u32,
    steps: &[crate::suite::StepEntry],
) -> (Flow, (Value, Exhibit)) {
    if let Some(index) = index {
        cx.bind(index, Value::Int(i64::from(round)));
    }
    cx.begin_round();
    let flow = run_steps(cx, steps).await;
    (flow, cx.end_round())
}
