//! `stimulate`: makes a value change, by the way the target names, and knows what it has become.

use iedassay_client::Client;
use iedassay_model::ObjectReference;
use iedassay_model::tree::{BType, Node};
use iedassay_reports::Happening;
use iedassay_wire::mms::{Data, ObjectName};
use tokio::time::{Instant, sleep};

use super::associate::{Way, connect, target_configuration};
use super::control_back::stimulus_operate;
use super::names::variable_name;
use super::read::read_quietly;
use super::world::{line_process, perform};
use super::write::{value_trouble, write_one};
use crate::cel::{Millis, Value};
use crate::outcome::Outcome;
use crate::process::exec;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, MAIN};
use crate::runner::clients::Slot;
use crate::safety::Change;
use crate::suite::steps::Stimulate;
use crate::suite::{Literal, StimulusKind};
use crate::target::{Action, Stimulus};
use crate::value::{
    Shape, from_literal, from_write_value, line_text, main_leaf, next_for_stimulus, to_cel,
};
use crate::verdict::IncidentKind;

/// The association that stimuli by MMS write or control use, so that the one under test does nothing unusual.
const STIMULATOR: &str = "stimulus";

/// Makes a value change.
pub(super) async fn stimulate(cx: &mut CaseRun<'_>, step: &Stimulate) -> Result<(), Trouble> {
    let member = cx.eval(&step.member)?.0;
    let given = cx.raw_value(&step.member)?;
    let change = cx.eval(&step.change)?;
    let model = std::sync::Arc::clone(&cx.shared.model);
    let reference: ObjectReference = member
        .parse()
        .map_err(|error| Trouble::suite(format!("`{member}` is no member: {error}")))?;
    let node = model
        .resolve_reference(&reference)
        .ok_or_else(|| unable(format!("{member} is not in the model")))?;
    let leaf = leaf_for(node, change)
        .ok_or_else(|| unable(format!("{member} has nothing that `{change}` could change")))?;
    let leaf_ref = leaf.reference().to_string();
    let target = std::sync::Arc::clone(&cx.shared.target);
    let stimulus = target
        .stimuli
        .as_ref()
        .and_then(|stimuli| stimuli.find(&leaf_ref, change, cx.shared.attended()))
        .ok_or_else(|| {
            unable(format!(
                "the target does not say how to bring about `{change}` of {leaf_ref}"
            ))
        })?;
    let before = present(cx, stimulus, leaf, &leaf_ref).await?;
    let shape = Shape {
        node: Some(leaf),
        present: Some(&before),
    };
    let value = match &step.value {
        Some(value) => from_write_value(value, shape, &cx.scope)
            .map_err(|problem| cx.blamed(value_trouble(problem), value.exprs()))?,
        None => next_for_stimulus(change, &before, Some(leaf)).ok_or_else(|| {
            unable(format!(
                "no other value is known for {leaf_ref}, which is {before}"
            ))
        })?,
    };
    cx.log.describe(format!(
        "stimulate: {change} of {leaf_ref}, from {before} to {value}"
    ));
    if is_put_back(&stimulus.action) && change != StimulusKind::Dupd {
        let (leaf, before) = (leaf_ref.clone(), before.clone());
        cx.ledger
            .note(STIMULATOR, Change::Stimulated { leaf, before });
    }
    let sent = Instant::now();
    act(cx, stimulus, leaf, &leaf_ref, change, &value).await?;
    cx.log.moment(sent, &leaf_ref, Happening::Changed);
    if let Some(settle) = stimulus.settle.map(Millis::duration) {
        cx.log.demanded(settle);
        sleep(settle).await;
    }
    let at = Instant::now();
    let fields = [
        ("member", given),
        ("ref", Value::from(leaf_ref.as_str())),
        ("value", to_cel(&value, Some(leaf))),
        ("before", to_cel(&before, Some(leaf))),
        ("change", Value::from(change.as_str())),
    ];
    super::request::bind_event(cx, &step.common(), sent, at, &fields);
    Ok(())
}

// A person is not asked again, and where a command did it the position of that control is put back.
fn is_put_back(action: &Action) -> bool {
    !matches!(action, Action::Prompt(_) | Action::Control(_))
}

/// Makes the process show the value again that it showed before the case, so that the next case finds what this one
/// found.
pub(crate) async fn put_back(
    cx: &mut CaseRun<'_>,
    leaf_ref: &str,
    before: &Data,
) -> Result<(), Trouble> {
    let (model, target) = (
        std::sync::Arc::clone(&cx.shared.model),
        std::sync::Arc::clone(&cx.shared.target),
    );
    let leaf = leaf_ref
        .parse()
        .ok()
        .and_then(|reference: ObjectReference| model.resolve_reference(&reference))
        .ok_or_else(|| unable(format!("{leaf_ref} is not in the model")))?;
    let change = if is_quality(leaf) {
        StimulusKind::Qchg
    } else {
        StimulusKind::Dchg
    };
    let stimulus = target
        .stimuli
        .as_ref()
        .and_then(|stimuli| stimuli.find(leaf_ref, change, cx.shared.attended()))
        .ok_or_else(|| {
            unable(format!(
                "the target no longer says how to change {leaf_ref}"
            ))
        })?;
    if present(cx, stimulus, leaf, leaf_ref).await? == *before {
        return Ok(());
    }
    act(cx, stimulus, leaf, leaf_ref, change, before).await
}

/// The leaf of a member that a change is made to.
fn leaf_for(node: Node<'_>, change: StimulusKind) -> Option<Node<'_>> {
    let leaf = match change {
        StimulusKind::Qchg if node.is_leaf() && !is_quality(node) => node.sibling("q")?,
        StimulusKind::Qchg => node.leaves_within().find(|leaf| is_quality(*leaf))?,
        _ => main_leaf(node),
    };
    leaf.is_leaf().then_some(leaf)
}

fn is_quality(leaf: Node<'_>) -> bool {
    leaf.btype() == Some(&BType::Quality) || leaf.name() == "q"
}

fn unable(what: String) -> Trouble {
    Trouble::new(IncidentKind::Stimulus, what)
}

/// The value before the change: asked of the process side where it speaks, else read over MMS.
async fn present(
    cx: &mut CaseRun<'_>,
    stimulus: &Stimulus,
    leaf: Node<'_>,
    leaf_ref: &str,
) -> Result<Data, Trouble> {
    let within = cx.shared.timeouts.stimulus();
    if let Action::Line(line) = &stimulus.action {
        let process = line_process(cx, line);
        // A process side that only knows `set` is asked nothing further; MMS tells the value too.
        if let Ok(text) = process.command(&format!("get {leaf_ref}"), within).await {
            let shape = Shape {
                node: Some(leaf),
                present: None,
            };
            let text = text.trim().trim_matches('\'').to_owned();
            if let Ok(data) = from_literal(&Literal::Text(text), shape) {
                return Ok(data);
            }
        }
    }
    let client = stimulator(cx, true).await?;
    let name = variable_name(leaf_ref)?.name;
    read_quietly(&client, name, cx.shared.timeouts.request())
        .await
        .ok_or_else(|| unable(format!("the present value of {leaf_ref} cannot be read")))
}

/// An association for stimuli: one of the case for reading, one of its own for changing.
async fn stimulator(cx: &mut CaseRun<'_>, read_only: bool) -> Result<Client, Trouble> {
    let mut names = vec![STIMULATOR.to_owned()];
    if read_only {
        names.push(MAIN.to_owned());
        names.extend(cx.clients.names());
    }
    for name in names {
        if let Some(slot) = cx.clients.get(&name)
            && slot.client.ended().is_none()
        {
            return Ok(slot.client.clone());
        }
    }
    let config = target_configuration(cx.shared);
    let capture = cx.capture.clone();
    let attempt = connect(cx.shared, STIMULATOR, &config, Way::default(), &capture).await;
    match attempt.client {
        Some(client) => {
            cx.clients.insert(STIMULATOR, Slot::new(client.clone()));
            Ok(client)
        }
        None => Err(unable(format!(
            "no association for the stimulus: {}",
            attempt.outcome
        ))),
    }
}

async fn act(
    cx: &mut CaseRun<'_>,
    stimulus: &Stimulus,
    leaf: Node<'_>,
    leaf_ref: &str,
    change: StimulusKind,
    value: &Data,
) -> Result<(), Trouble> {
    match &stimulus.action {
        Action::Write(object) => {
            let name = variable_name(&exec::fill(&object.0, &[("ref", leaf_ref)]))?.name;
            by_write(cx, name, value.clone()).await
        }
        Action::Control(object) => {
            let client = stimulator(cx, false).await?;
            stimulus_operate(cx, (STIMULATOR, &client), &object.0, value.clone())
                .await
                .map_err(unable)
        }
        Action::Line(_) if change == StimulusKind::Dupd => {
            perform(cx, &stimulus.action, &format!("update {leaf_ref}"), &[]).await
        }
        action => {
            let text = line_text(value, Some(leaf))
                .ok_or_else(|| unable(format!("{value} cannot be written as text")))?;
            let replace = [
                ("ref", leaf_ref),
                ("value", text.as_str()),
                ("change", change.as_str()),
            ];
            perform(cx, action, &format!("set {leaf_ref} {text}"), &replace).await
        }
    }
}

async fn by_write(cx: &mut CaseRun<'_>, name: ObjectName, value: Data) -> Result<(), Trouble> {
    let within = cx.shared.timeouts.request();
    let client = stimulator(cx, false).await?;
    match write_one(&client, name.clone(), value, within)
        .await
        .outcome
    {
        Outcome::Success => Ok(()),
        other => Err(unable(format!(
            "the write to {name} was answered with: {other}"
        ))),
    }
}
