//! `select`, `operate`, `cancel`.

mod cause;
mod command;
mod object;

use iedassay_client::services::command::{Command, Part};
use iedassay_model::tree::Node;
use iedassay_wire::mms::Data;
use tokio::time::Instant;

use super::control_back;
use super::read::error_word;
use super::request::{Answer, finish, patience};
use super::write::write_one;
use crate::cel::Value;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::Reply;
use crate::safety::Change;
use crate::suite::Common;
use crate::suite::steps::{Cancel, ControlKeys, Operate, Select};
use crate::value::to_cel;

pub(super) use cause::cause_word;
use cause::{judge_cause, told_cause};
use command::{Purpose, command};
pub(super) use command::{as_command, blank_command, origin_value, shown_value};
pub(super) use object::{Object, allowed, read_sbo, status_of};

/// Selects a control object.
pub(super) async fn select(cx: &mut CaseRun<'_>, step: &Select) -> Result<(), Trouble> {
    let common = step.common();
    let model = std::sync::Arc::clone(&cx.shared.model);
    let object = Object::of(&model, &cx.eval(&step.control)?.0)?;
    allowed(cx, &object)?;
    let keys = step.keys();
    let name = cx.client_name(common.client)?;
    let client = cx.clients.need(&name)?.client.clone();
    let started = Instant::now();
    let within = patience(cx, &common, started)?;
    let mut fields = Vec::new();
    let (command, reply) = if object.selects_with_value() {
        let command = command(cx, &client, &object, &keys, Purpose::Select).await?;
        note_selection(cx, &name, &object, &command);
        let data = command.to_data(Part::SboWith, object.part("SBOw"));
        let reply = write_one(&client, object.name("SBOw"), data, within).await;
        if reply.outcome == Outcome::Success {
            cx.controls.selected_with_value(&object.text);
        }
        (command, reply)
    } else {
        // Nothing of a command is sent; what there is of one says how to cancel.
        let command = match cx.controls.last(&object.text) {
            Some(last) => last,
            None => blank_command(
                cx,
                object
                    .ctl_val()
                    .map_or(Data::Boolean(false), Node::default_data),
            ),
        };
        note_selection(cx, &name, &object, &command);
        let (reply, reference) = read_sbo(&client, &object, within).await;
        fields.push(("reference", Value::from(reference)));
        (command, reply)
    };
    cx.controls.remember(&object.text, &command);
    conclude(
        cx, &common, &name, &object, &keys, &command, started, reply, fields,
    )
    .await
}

/// Operates a control object.
pub(super) async fn operate(cx: &mut CaseRun<'_>, step: &Operate) -> Result<(), Trouble> {
    let common = step.common();
    let model = std::sync::Arc::clone(&cx.shared.model);
    let object = Object::of(&model, &cx.eval(&step.control)?.0)?;
    allowed(cx, &object)?;
    let keys = step.keys();
    let name = cx.client_name(common.client)?;
    let client = cx.clients.need(&name)?.client.clone();
    let before = status_of(cx, &client, &object).await;
    control_back::note(cx, &name, &object, before.as_ref());
    let command = command(cx, &client, &object, &keys, Purpose::Operate).await?;
    let started = Instant::now();
    let within = patience(cx, &common, started)?;
    let data = command.to_data(Part::Oper, object.part("Oper"));
    let reply = write_one(&client, object.name("Oper"), data, within).await;
    cx.controls.remember(&object.text, &command);
    cx.controls.selection_used(&object.text);
    if let Some(number) = reply.number {
        cx.controls.answer_came(&name, &object.text, number);
    }
    let before = before.map_or(Value::Null, |data| to_cel(&data, object.status));
    let fields = vec![("before", before)];
    conclude(
        cx, &common, &name, &object, &keys, &command, started, reply, fields,
    )
    .await
}

/// Cancels a selection or a time-activated command.
pub(super) async fn cancel(cx: &mut CaseRun<'_>, step: &Cancel) -> Result<(), Trouble> {
    let common = step.common();
    let model = std::sync::Arc::clone(&cx.shared.model);
    let object = Object::of(&model, &cx.eval(&step.control)?.0)?;
    let keys = step.keys();
    let name = cx.client_name(common.client)?;
    let client = cx.clients.need(&name)?.client.clone();
    let command = command(cx, &client, &object, &keys, Purpose::Cancel).await?;
    let started = Instant::now();
    let within = patience(cx, &common, started)?;
    let data = command.to_data(Part::Cancel, object.part("Cancel"));
    let reply = write_one(&client, object.name("Cancel"), data, within).await;
    if reply.outcome == Outcome::Success {
        cx.controls.selection_used(&object.text);
        cx.ledger.forget_selection(&object.domain, &object.item);
    }
    conclude(
        cx,
        &common,
        &name,
        &object,
        &keys,
        &command,
        started,
        reply,
        Vec::new(),
    )
    .await
}

fn note_selection(cx: &mut CaseRun<'_>, client: &str, object: &Object<'_>, command: &Command) {
    let has_cancel = object.node.is_none() || object.part("Cancel").is_some();
    let cancel = has_cancel.then(|| command.to_data(Part::Cancel, object.part("Cancel")));
    let change = Change::Selected {
        domain: object.domain.clone(),
        item: object.item.clone(),
        cancel,
    };
    cx.ledger.note(client, change);
}

/// Everything after the answer: why it was refused, the result, the verdict.
#[allow(
    clippy::too_many_arguments,
    reason = "one place for what three steps share"
)]
async fn conclude(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    name: &str,
    object: &Object<'_>,
    keys: &ControlKeys<'_>,
    command: &Command,
    started: Instant,
    reply: Reply,
    mut fields: Vec<(&'static str, Value)>,
) -> Result<(), Trouble> {
    for (code, text) in &reply.oddities {
        cx.finding(code, text.as_str());
    }
    let refused = reply.outcome.is_refusal();
    let cause = if refused {
        let wait = object.enhanced() || keys.add_cause.is_some();
        told_cause(cx, name, object, &reply, command.ctl_num, wait).await?
    } else {
        None
    };
    let cause_word = cause.as_ref().map(|c| c.word.as_str()).unwrap_or_default();
    fields.extend([
        ("value", shown_value(&command.value, object)),
        ("command", to_cel(&command.value, object.ctl_val())),
        ("ctlNum", Value::Int(i64::from(command.ctl_num))),
        ("origin", origin_value(&command.origin)),
        ("test", Value::Bool(command.test)),
        ("error", Value::from(error_word(&reply.outcome))),
        ("addCause", Value::from(cause_word)),
    ]);
    let exhibit = reply.exhibit.clone();
    finish(cx, common, started, Answer::single(&reply, fields))?;
    let Some(wanted) = cx.eval_list(keys.add_cause)? else {
        return Ok(());
    };
    if !refused {
        return Ok(());
    }
    judge_cause(cx, object, &wanted, cause.as_ref(), exhibit);
    Ok(())
}
