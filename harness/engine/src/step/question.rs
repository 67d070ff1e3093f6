//! `question`: what only a person can tell.

use tokio::time::{Instant, timeout};

use super::request::bind_event;
use crate::cel::Value;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, one_line};
use crate::suite::steps::Question;
use crate::verdict::IncidentKind;
use iedassay_reports::Answered;

/// Asks, and judges the answer.
pub(super) async fn question(cx: &mut CaseRun<'_>, step: &Question) -> Result<(), Trouble> {
    let text = one_line(&cx.eval(&step.text)?);
    let permitted = cx.eval_list(step.answers.as_ref())?;
    let sent = Instant::now();
    let Some(answered) = answer(cx, step, &text, permitted.as_deref()).await else {
        return Err(Trouble::new(
            IncidentKind::Precondition,
            format!("open question `{}`: {text}", step.id.value.0),
        ));
    };
    cx.log.describe(format!(
        "{text} {}: {}, {}{}",
        answered.by,
        answered.answer,
        answered.on,
        answered
            .remark
            .as_ref()
            .map(|remark| format!(" ({remark})"))
            .unwrap_or_default()
    ));
    cx.log.answered(answered.clone());
    if let Some(permitted) = &permitted
        && !permitted.contains(&answered.answer)
    {
        return Err(Trouble::new(
            IncidentKind::Precondition,
            format!(
                "`{}` is no answer to `{}`: {}",
                answered.answer,
                step.id.value.0,
                permitted.join(", ")
            ),
        ));
    }
    let common = step.common();
    let fields = [
        ("answer", Value::from(answered.answer.as_str())),
        ("by", Value::from(answered.by.as_str())),
        ("on", Value::from(answered.on.as_str())),
        (
            "remark",
            Value::from(answered.remark.as_deref().unwrap_or_default()),
        ),
        ("yes", Value::Bool(answered.answer == "yes")),
    ];
    bind_event(cx, &common, sent, Instant::now(), &fields);
    if let Some(pass) = cx.eval_list(step.pass.as_ref())? {
        cx.log.checked();
        if !pass.contains(&answered.answer) {
            let observed = format!("{}, says {}", answered.answer, answered.by);
            cx.log
                .trouble(Trouble::expectation(pass.join(" or "), observed));
        }
    }
    cx.check(common.check)
}

/// The answer of the file, or of the person at the terminal; none when the question stays open.
async fn answer(
    cx: &CaseRun<'_>,
    step: &Question,
    text: &str,
    permitted: Option<&[String]>,
) -> Option<Answered> {
    let id = &step.id.value.0;
    if let Some(known) = cx.shared.answers.find(cx.log.case(), id) {
        return Some(Answered {
            question: id.clone(),
            text: text.to_owned(),
            answer: known.answer.value.clone(),
            by: known.by.value.clone(),
            on: known.on.value.0.to_string(),
            remark: known.remark.clone(),
        });
    }
    let operator = cx
        .shared
        .operator
        .as_ref()
        .filter(|_| cx.shared.attended())?;
    let choices = permitted.map_or_else(
        || "say what you find".to_owned(),
        |permitted| permitted.join(" / "),
    );
    let shown = format!("{text} [{choices}; a remark after a comma; nothing leaves it open]");
    let said = timeout(cx.shared.timeouts.operator(), operator.ask(&shown))
        .await
        .ok()??;
    let (answer, remark) = match said.split_once(',') {
        Some((answer, remark)) => (answer.trim(), Some(remark.trim().to_owned())),
        None => (said.trim(), None),
    };
    if answer.is_empty() {
        return None;
    }
    let on = crate::record_builder::rfc3339(cx.shared.anchor.wall(Instant::now()));
    Some(Answered {
        question: id.clone(),
        text: text.to_owned(),
        answer: answer.to_owned(),
        by: "operator".to_owned(),
        on,
        remark,
    })
}
