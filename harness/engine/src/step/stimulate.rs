//! `stimulate`: making a value change, by the way the target names.

use iedassay_model::ObjectReference;
use iedassay_model::tree::{BType, Node};
use iedassay_wire::mms::{Data, ReadRequest, Request, Response, VariableAccess, WriteRequest};
use tokio::time::{Instant, sleep};

use super::act::{self, stimulus};
use super::associate::associate_main;
use super::control;
use super::names::variable_name;
use super::request::bind_result;
use crate::cel::Value;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, MAIN};
use crate::runner::clients::{Reply, ask};
use crate::suite::StimulusKind;
use crate::suite::steps::Stimulate;
use crate::target::{Action, Stimulus};
use crate::value::{Shape, from_write_value, line_text, main_leaf, next_for_stimulus, to_cel};

/// Makes a value change and tells what it is then.
pub(super) async fn stimulate(cx: &mut CaseRun<'_>, step: &Stimulate) -> Result<(), Trouble> {
    let member = cx.eval(&step.member)?.0;
    let change = cx.eval(&step.change)?;
    let model = cx.shared.model.clone();
    let leaf = leaf_of(&model, &member, change)?;
    let reference = leaf.reference().to_string();
    let target = cx.shared.target.clone();
    let way = target
        .stimuli
        .as_ref()
        .and_then(|stimuli| stimuli.find(&reference, change))
        .ok_or_else(|| {
            stimulus(format!(
                "the target file names no way to bring about {change} of {reference}"
            ))
        })?;
    let present = read_leaf(cx, &reference).await?;
    let new = match &step.value {
        Some(value) => {
            let shape = Shape {
                node: Some(leaf),
                present: Some(&present),
            };
            from_write_value(value, shape, &cx.scope)
                .map_err(|problem| Trouble::suite(problem.to_string()))?
        }
        None => next_for_stimulus(change, &present, Some(leaf)).ok_or_else(|| {
            stimulus(format!(
                "no other value of {reference} is known than {present}"
            ))
        })?,
    };
    perform(cx, way, &reference, change, &new, leaf).await?;
    if let Some(settle) = way.settle {
        cx.log.demanded(settle.duration());
        sleep(settle.duration()).await;
    }
    let fields = [
        ("member", Value::from(member)),
        ("ref", Value::from(reference)),
        ("value", to_cel(&new, Some(leaf))),
        ("before", to_cel(&present, Some(leaf))),
        ("change", Value::from(change.as_str())),
    ];
    bind_result(
        cx,
        &step.common(),
        &Outcome::Success,
        Instant::now(),
        &fields,
    );
    Ok(())
}

async fn perform(
    cx: &mut CaseRun<'_>,
    way: &Stimulus,
    reference: &str,
    change: StimulusKind,
    new: &Data,
    leaf: Node<'_>,
) -> Result<(), Trouble> {
    let text = line_text(new, Some(leaf)).unwrap_or_else(|| new.to_string());
    let replace = [
        ("ref", reference),
        ("value", text.as_str()),
        ("change", change.as_str()),
    ];
    let within = cx.shared.timeouts.stimulus();
    match &way.action {
        Action::Line(_) | Action::Exec(_) | Action::Prompt(_) => {
            let command = match change {
                StimulusKind::Dupd => format!("update {reference}"),
                _ => format!("set {reference} {text}"),
            };
            act::world(cx, &way.action, &command, &replace, within).await
        }
        Action::Write(object) => {
            let name = crate::process::exec::fill(&object.0, &replace);
            write(cx, &name, new.clone()).await
        }
        Action::Control(object) => {
            let client = any_client(cx).await?;
            let object = crate::process::exec::fill(&object.0, &replace);
            control::toggle(cx, &client, &object)
                .await
                .map_err(stimulus)
        }
    }
}

/// The attribute that a change of `member` changes: its main value, or its quality.
fn leaf_of<'a>(
    model: &'a iedassay_model::tree::ServerModel,
    member: &str,
    change: StimulusKind,
) -> Result<Node<'a>, Trouble> {
    let unknown = || Trouble::suite(format!("`{member}` is not in the model"));
    let node = match member.parse::<ObjectReference>() {
        Ok(reference) => model.resolve_reference(&reference),
        Err(_) => variable_name(member)?.node(model),
    }
    .ok_or_else(unknown)?;
    if node.is_leaf() {
        return Ok(node);
    }
    let leaf = match change {
        StimulusKind::Qchg => node
            .leaves_within()
            .find(|leaf| leaf.btype() == Some(&BType::Quality)),
        _ => Some(main_leaf(node)).filter(|leaf| leaf.is_leaf()),
    };
    leaf.ok_or_else(|| Trouble::suite(format!("`{member}` has nothing that {change} can change")))
}

/// The present value, read on the association the case has, or on one of its own.
async fn read_leaf(cx: &mut CaseRun<'_>, reference: &str) -> Result<Data, Trouble> {
    let variable = variable_name(reference)?;
    let access = VariableAccess::ListOfVariable(vec![variable.listed()]);
    let reply = request(cx, Request::Read(ReadRequest::new(access))).await?;
    match (reply.response, &reply.outcome) {
        (Some(Response::Read(read)), _) => match read.results.into_iter().next() {
            Some(Ok(data)) => Ok(data),
            Some(Err(error)) => Err(stimulus(format!("{reference} cannot be read: {error}"))),
            None => Err(stimulus(format!("reading {reference} gave nothing"))),
        },
        (_, outcome) => Err(stimulus(format!("{reference} cannot be read: {outcome}"))),
    }
}

async fn write(cx: &mut CaseRun<'_>, name: &str, value: Data) -> Result<(), Trouble> {
    let variable = variable_name(name)?;
    let access = VariableAccess::ListOfVariable(vec![variable.listed()]);
    let reply = request(
        cx,
        Request::Write(WriteRequest {
            access,
            data: vec![value],
        }),
    )
    .await?;
    match (reply.response, &reply.outcome) {
        (Some(Response::Write(write)), _) => match write.results.first() {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => Err(stimulus(format!("{name} cannot be written: {error}"))),
            None => Err(stimulus(format!("writing {name} gave no result"))),
        },
        (_, outcome) => Err(stimulus(format!("{name} cannot be written: {outcome}"))),
    }
}

/// Sends a request on any open association of the case.
async fn request(cx: &mut CaseRun<'_>, request: Request) -> Result<Reply, Trouble> {
    let name = any_client(cx).await?;
    let client = cx.clients.need(&name)?.client.clone();
    Ok(ask(&client, request, cx.shared.timeouts.request()).await)
}

/// The name of any open association; opens `main` when there is none.
async fn any_client(cx: &mut CaseRun<'_>) -> Result<String, Trouble> {
    let open = cx.clients.names().into_iter().find(|name| {
        cx.clients
            .get(name)
            .is_some_and(|slot| slot.client.ended().is_none())
    });
    match open {
        Some(name) => Ok(name),
        None => {
            associate_main(cx, MAIN).await?;
            Ok(MAIN.to_owned())
        }
    }
}
