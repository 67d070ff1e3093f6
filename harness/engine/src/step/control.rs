//! `select`, `operate`, `cancel` (IEC 61850-7-2, control model; IEC 61850-8-1, its mapping).

use std::time::Duration;

use iedassay_model::Fc;
use iedassay_model::ObjectReference;
use iedassay_model::tree::{BType, Node, ServerModel};
use iedassay_wire::mms::{
    Data, ListedVariable, ObjectName, ReadRequest, Request, Response, VariableAccess, WriteRequest,
};
use tokio::time::Instant;

use super::request::{Answer, finish, kind_of};
use crate::cel::{Field, Fields, Millis, Value};
use crate::control::{Command, LastApplError, Told, build};
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::{Reply, ask};
use crate::suite::steps::{Cancel, ControlValue, Operate, Origin, Select};
use crate::suite::{AddCause, Common};
use crate::value::{Shape, different, from_write_value, hex, map, to_cel};

/// Who commands, unless a step says otherwise: station control.
const OR_CAT: i64 = 2;
/// How the harness calls itself in orIdent.
const OR_IDENT: &[u8] = b"iedassay";
/// LastApplError comes before the refusal; this long one that comes after it is waited for.
const STRAGGLER: Duration = Duration::from_millis(100);

/// What a case has to remember about controls.
#[derive(Debug, Default)]
pub(crate) struct Controls {
    /// Selections that stand: association and control object.
    selected: Vec<(String, String)>,
    /// The last command to each object, which Cancel must repeat.
    last: Vec<(String, Command)>,
    /// ctlNum of the last command.
    ctl_num: u8,
}

/// A control object on the wire.
#[derive(Debug, Clone)]
struct Object {
    reference: String,
    domain: String,
    /// `LN$CO$DO`.
    item: String,
}

impl Object {
    fn find(text: &str) -> Result<Self, Trouble> {
        let bad = |why: String| Trouble::suite(format!("`{text}` is no control object: {why}"));
        let mut reference: ObjectReference =
            text.parse().map_err(|error| bad(format!("{error}")))?;
        reference.fc = Some(Fc::CO);
        let name = reference
            .to_mms()
            .map_err(|error| bad(format!("{error}")))?;
        Ok(Self {
            reference: text.to_owned(),
            domain: name.domain,
            item: name.item,
        })
    }

    fn part(&self, part: &str) -> ObjectName {
        ObjectName::domain(self.domain.clone(), format!("{}${part}", self.item))
    }

    fn node<'a>(&self, model: &'a ServerModel, part: &str) -> Option<Node<'a>> {
        model.resolve(&self.domain, &self.item)?.child(part)
    }

    /// ctlModel as the model has it; by the components where it does not say.
    fn is_enhanced(&self, model: &ServerModel) -> bool {
        let configured = model
            .resolve(&self.domain, &self.item.replacen("$CO$", "$CF$", 1))
            .and_then(|node| node.child("ctlModel"))
            .and_then(|node| node.initial().map(str::to_owned));
        match configured.as_deref() {
            Some(text) => text.contains("enhanced") || text == "3" || text == "4",
            None => self.node(model, "SBOw").is_some() && self.node(model, "SBO").is_none(),
        }
    }

    /// The status it acts on.
    fn status(&self, model: &ServerModel) -> Option<ObjectName> {
        [("$ST$", "stVal"), ("$MX$", "mxVal")]
            .into_iter()
            .find_map(|(constraint, leaf)| {
                let item = format!("{}${leaf}", self.item.replacen("$CO$", constraint, 1));
                model.resolve(&self.domain, &item)?;
                Some(ObjectName::domain(self.domain.clone(), item))
            })
    }
}

/// What a step says about a command.
struct Words<'s> {
    value: Option<&'s ControlValue>,
    origin: Option<&'s Origin>,
    ctl_num: Option<&'s Field<i64>>,
    test: Option<&'s Field<bool>>,
    activate_after: Option<&'s Field<Millis>>,
    synchro_check: Option<&'s Field<bool>>,
    interlock_check: Option<&'s Field<bool>>,
}

/// Selects a control object.
pub(super) async fn select(cx: &mut CaseRun<'_>, step: &Select) -> Result<(), Trouble> {
    let common = step.common();
    let object = Object::find(&cx.eval(&step.control)?.0)?;
    let name = cx.client_name(common.client)?;
    let model = cx.shared.model.clone();
    let started = Instant::now();
    let (reply, outcome, reference) = if object.is_enhanced(&model) {
        let words = Words {
            value: step.value.as_ref(),
            origin: step.origin.as_ref(),
            ctl_num: step.ctl_num.as_ref(),
            test: step.test.as_ref(),
            activate_after: step.activate_after.as_ref(),
            synchro_check: step.synchro_check.as_ref(),
            interlock_check: step.interlock_check.as_ref(),
        };
        let (command, _) = command(cx, &name, &object, &words, false).await?;
        let data = build(&command, object.node(&model, "SBOw"), false);
        remember(cx, &object, command);
        let reply = write(cx, &common, object.part("SBOw"), data, started).await?;
        let outcome = written(&reply);
        (reply, outcome, String::new())
    } else {
        let reply = read(cx, &common, object.part("SBO"), started).await?;
        let (outcome, reference) = selected(&reply);
        (reply, outcome, reference)
    };
    if outcome == Outcome::Success {
        cx.controls
            .selected
            .push((name.clone(), object.reference.clone()));
    }
    let fields = vec![("reference", Value::from(reference))];
    conclude(
        cx,
        &common,
        started,
        &object,
        reply,
        outcome,
        fields,
        step.add_cause.as_ref(),
    )
    .await
}

/// Operates a control object.
pub(super) async fn operate(cx: &mut CaseRun<'_>, step: &Operate) -> Result<(), Trouble> {
    let common = step.common();
    let object = Object::find(&cx.eval(&step.control)?.0)?;
    let name = cx.client_name(common.client)?;
    let model = cx.shared.model.clone();
    let words = Words {
        value: step.value.as_ref(),
        origin: step.origin.as_ref(),
        ctl_num: step.ctl_num.as_ref(),
        test: step.test.as_ref(),
        activate_after: step.activate_after.as_ref(),
        synchro_check: step.synchro_check.as_ref(),
        interlock_check: step.interlock_check.as_ref(),
    };
    let (command, before) = command(cx, &name, &object, &words, true).await?;
    let node = object.node(&model, "Oper");
    let data = build(&command, node, false);
    let value_node = node.and_then(|node| node.child("ctlVal"));
    let status_node = object.status(&model).and_then(|name| match name {
        ObjectName::Domain { domain, item } => model.resolve(&domain, &item),
        _ => None,
    });
    let shown = shown_value(&command.value, value_node, status_node);
    let fields = vec![
        ("value", shown),
        ("command", to_cel(&command.value, value_node)),
        ("ctlNum", Value::Int(i64::from(command.ctl_num))),
        (
            "origin",
            map([
                ("category", Value::Int(command.or_cat)),
                ("identification", Value::from(hex(&command.or_ident))),
            ]),
        ),
        ("test", Value::Bool(command.test)),
        (
            "before",
            before.map_or(Value::Null, |data| to_cel(&data, status_node)),
        ),
    ];
    remember(cx, &object, command);
    let started = Instant::now();
    let reply = write(cx, &common, object.part("Oper"), data, started).await?;
    let outcome = written(&reply);
    conclude(
        cx,
        &common,
        started,
        &object,
        reply,
        outcome,
        fields,
        step.add_cause.as_ref(),
    )
    .await
}

/// Cancels a selection or a time-activated command.
pub(super) async fn cancel(cx: &mut CaseRun<'_>, step: &Cancel) -> Result<(), Trouble> {
    let common = step.common();
    let object = Object::find(&cx.eval(&step.control)?.0)?;
    let name = cx.client_name(common.client)?;
    let model = cx.shared.model.clone();
    let words = Words {
        value: step.value.as_ref(),
        origin: step.origin.as_ref(),
        ctl_num: step.ctl_num.as_ref(),
        test: step.test.as_ref(),
        activate_after: step.activate_after.as_ref(),
        synchro_check: None,
        interlock_check: None,
    };
    let command = match last(cx, &object) {
        Some(command) if step.value.is_none() && step.origin.is_none() => command,
        _ => command(cx, &name, &object, &words, false).await?.0,
    };
    let data = build(&command, object.node(&model, "Cancel"), true);
    let started = Instant::now();
    let reply = write(cx, &common, object.part("Cancel"), data, started).await?;
    let outcome = written(&reply);
    if outcome == Outcome::Success {
        forget(cx, &name, &object);
    }
    conclude(
        cx,
        &common,
        started,
        &object,
        reply,
        outcome,
        Vec::new(),
        step.add_cause.as_ref(),
    )
    .await
}

/// Operates a control object once, with select if it needs one; for stimuli.
pub(super) async fn toggle(cx: &mut CaseRun<'_>, client: &str, object: &str) -> Result<(), String> {
    let object = Object::find(object).map_err(|trouble| trouble.observed)?;
    let model = cx.shared.model.clone();
    let words = Words {
        value: None,
        origin: None,
        ctl_num: None,
        test: None,
        activate_after: None,
        synchro_check: None,
        interlock_check: None,
    };
    let (command, _) = command(cx, client, &object, &words, true)
        .await
        .map_err(|trouble| trouble.observed)?;
    let within = cx.shared.timeouts.request();
    let client = cx
        .clients
        .need(client)
        .map_err(|trouble| trouble.observed)?
        .client
        .clone();
    let enhanced = object.is_enhanced(&model);
    let outcome = if enhanced && object.node(&model, "SBOw").is_some() {
        let data = build(&command, object.node(&model, "SBOw"), false);
        written(&ask(&client, write_request(object.part("SBOw"), data), within).await)
    } else if !enhanced && object.node(&model, "SBO").is_some() {
        selected(&ask(&client, read_request(object.part("SBO")), within).await).0
    } else {
        Outcome::Success
    };
    if outcome != Outcome::Success {
        return Err(format!(
            "{} cannot be selected: {outcome}",
            object.reference
        ));
    }
    let data = build(&command, object.node(&model, "Oper"), false);
    match written(&ask(&client, write_request(object.part("Oper"), data), within).await) {
        Outcome::Success => Ok(()),
        outcome => Err(format!(
            "{} cannot be operated: {outcome}",
            object.reference
        )),
    }
}

/// Cancels every selection that the case has left; what could not be cancelled.
pub(crate) async fn restore(cx: &mut CaseRun<'_>) -> Vec<String> {
    let model = cx.shared.model.clone();
    let within = cx.shared.timeouts.request();
    let mut left = Vec::new();
    for (name, reference) in std::mem::take(&mut cx.controls.selected) {
        // Selections of an association that is over end with it.
        let Some(slot) = cx.clients.get(&name) else {
            continue;
        };
        if slot.client.ended().is_some() {
            continue;
        }
        let client = slot.client.clone();
        let Ok(object) = Object::find(&reference) else {
            continue;
        };
        let command = match last(cx, &object) {
            Some(command) => command,
            None => plain_command(cx, Data::Boolean(false)),
        };
        let data = build(&command, object.node(&model, "Cancel"), true);
        let outcome =
            written(&ask(&client, write_request(object.part("Cancel"), data), within).await);
        // Refused: the selection was over already, by its use or by time.
        if outcome != Outcome::Success && !outcome.is_refusal() {
            left.push(format!("{reference} may still be selected: {outcome}"));
        }
    }
    left
}

/// The end of each step: the cause of a refusal, the result, the judgement.
#[expect(clippy::too_many_arguments, reason = "all of it is one answer")]
async fn conclude(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    started: Instant,
    object: &Object,
    reply: Reply,
    outcome: Outcome,
    mut fields: Vec<(&'static str, Value)>,
    wanted: Option<&Fields<AddCause>>,
) -> Result<(), Trouble> {
    let name = cx.client_name(common.client)?;
    let refusal = if outcome.is_refusal() {
        last_appl_error(cx, &name, object, started).await
    } else {
        None
    };
    let cause = refusal
        .as_ref()
        .map(LastApplError::add_cause_word)
        .unwrap_or_default();
    let error = match &outcome {
        Outcome::Success => String::new(),
        other => other.code_name().unwrap_or_else(|| other.word()).to_owned(),
    };
    fields.push(("addCause", Value::from(cause.clone())));
    fields.push(("error", Value::from(error)));
    let exhibit = reply.exhibit.clone();
    let answer = Answer {
        outcomes: vec![(String::new(), outcome.clone())],
        at: reply.at,
        fields,
        exhibit: reply.exhibit,
    };
    finish(cx, common, started, answer)?;
    if !outcome.is_refusal() {
        return Ok(());
    }
    let Some(wanted) = cx.eval_list(wanted)? else {
        return Ok(());
    };
    let words: Vec<&str> = wanted.iter().map(|cause| cause.as_str()).collect();
    cx.log.checked();
    if refusal.is_none() {
        let model = cx.shared.model.clone();
        // PIXIT Ct21: whether LastApplError comes with normal security, where it is optional.
        let promised = matches!(cx.shared.target.pixit("Ct21"), Some(Value::Bool(true)));
        if object.is_enhanced(&model) || promised {
            cx.log.trouble(Trouble {
                kind: kind_of(&outcome),
                expected: vec![format!("LastApplError with {}", words.join(" or "))],
                observed: "no LastApplError came".to_owned(),
                exhibit: exhibit.clone(),
            });
        } else {
            cx.finding(
                "no-add-cause",
                format!(
                    "{} was refused without LastApplError, which normal security permits",
                    object.reference
                ),
            );
        }
        return Ok(());
    }
    if !words.contains(&cause.as_str()) {
        cx.log.trouble(
            Trouble::expectation(format!("additional cause {}", words.join(" or ")), cause)
                .with(exhibit),
        );
    }
    Ok(())
}

/// LastApplError about this object that came since `since`.
async fn last_appl_error(
    cx: &mut CaseRun<'_>,
    name: &str,
    object: &Object,
    since: Instant,
) -> Option<LastApplError> {
    let slot = cx.clients.get_mut(name)?;
    slot.pump();
    let until = Instant::now() + STRAGGLER;
    loop {
        let found = slot.told.iter().position(|(told, arrival)| {
            arrival.at >= since
                && matches!(told, Told::Refusal(refusal) if refusal.is_about(&object.domain, &object.item))
        });
        if let Some(index) = found {
            let (told, _) = slot.told.remove(index)?;
            return match told {
                Told::Refusal(refusal) => Some(refusal),
                Told::Termination { .. } => None,
            };
        }
        if !slot.pump_until(until).await {
            return None;
        }
    }
}

/// The command a step means, and the status before it where it was read.
async fn command(
    cx: &mut CaseRun<'_>,
    name: &str,
    object: &Object,
    words: &Words<'_>,
    need_status: bool,
) -> Result<(Command, Option<Data>), Trouble> {
    let model = cx.shared.model.clone();
    let node = ["Oper", "SBOw", "Cancel"]
        .into_iter()
        .find_map(|part| object.node(&model, part))
        .and_then(|node| node.child("ctlVal"));
    let status = match object.status(&model) {
        Some(status) if need_status || words.value.is_none() => {
            let client = cx.clients.need(name)?.client.clone();
            let reply = ask(&client, read_request(status), cx.shared.timeouts.request()).await;
            match reply.response {
                Some(Response::Read(read)) => read.results.into_iter().next().and_then(Result::ok),
                _ => None,
            }
        }
        _ => None,
    };
    let present = status.as_ref().map(|data| as_command(data, node));
    let value = match words.value {
        Some(ControlValue::Value(value)) => {
            let shape = Shape {
                node,
                present: present.as_ref(),
            };
            from_write_value(value, shape, &cx.scope)
                .map_err(|problem| Trouble::suite(problem.to_string()))?
        }
        Some(ControlValue::Present) => present.clone().ok_or_else(|| {
            Trouble::suite(format!("the status of {} is not known", object.reference))
        })?,
        Some(ControlValue::Other) | None => match &present {
            Some(present) => different(present, node).unwrap_or(Data::Boolean(true)),
            None => node.map_or(Data::Boolean(true), Node::default_data),
        },
    };
    let mut command = plain_command(cx, value);
    if let Some(origin) = words.origin {
        if let Some(category) = cx.eval_opt(origin.category.as_ref())? {
            command.or_cat = category.0;
        }
        if let Some(identification) = cx.eval_opt(origin.identification.as_ref())? {
            command.or_ident = identification.0;
        }
    }
    command.ctl_num = match cx.eval_opt(words.ctl_num)? {
        Some(number) => u8::try_from(number)
            .map_err(|_| Trouble::suite(format!("ctlNum {number} is not within 0 to 255")))?,
        None => {
            cx.controls.ctl_num = cx.controls.ctl_num.wrapping_add(1);
            cx.controls.ctl_num
        }
    };
    command.test = cx.eval_opt(words.test)?.unwrap_or(false);
    command.synchro_check = cx.eval_opt(words.synchro_check)?.unwrap_or(false);
    command.interlock_check = cx.eval_opt(words.interlock_check)?.unwrap_or(false);
    if let Some(later) = cx.eval_opt(words.activate_after)? {
        command.oper_tm = Some(command.time + later.duration());
    }
    Ok((command, status))
}

fn plain_command(cx: &CaseRun<'_>, value: Data) -> Command {
    Command {
        value,
        oper_tm: None,
        or_cat: OR_CAT,
        or_ident: OR_IDENT.to_vec(),
        ctl_num: cx.controls.ctl_num,
        time: cx.shared.anchor.since_unix_epoch(Instant::now()),
        test: false,
        synchro_check: false,
        interlock_check: false,
    }
}

/// A status as the command that leads to it: a double point is commanded by a boolean.
fn as_command(status: &Data, node: Option<Node<'_>>) -> Data {
    match (status, node.and_then(Node::btype)) {
        (Data::BitString(bits), None | Some(BType::Boolean)) => Data::Boolean(bits.is_set(0)),
        _ => status.clone(),
    }
}

/// The status that a command leads to, as expressions see it: on a double point `on` or `off`.
fn shown_value(value: &Data, node: Option<Node<'_>>, status: Option<Node<'_>>) -> Value {
    match (value, status.and_then(Node::btype)) {
        (Data::Boolean(on), Some(BType::Dbpos)) => Value::from(if *on { "on" } else { "off" }),
        _ => to_cel(value, node),
    }
}

fn remember(cx: &mut CaseRun<'_>, object: &Object, command: Command) {
    cx.controls
        .last
        .retain(|(known, _)| *known != object.reference);
    cx.controls.last.push((object.reference.clone(), command));
}

fn last(cx: &CaseRun<'_>, object: &Object) -> Option<Command> {
    cx.controls
        .last
        .iter()
        .find(|(known, _)| *known == object.reference)
        .map(|(_, command)| command.clone())
}

fn forget(cx: &mut CaseRun<'_>, name: &str, object: &Object) {
    cx.controls
        .selected
        .retain(|(client, known)| client != name || *known != object.reference);
}

fn read_request(name: ObjectName) -> Request {
    let listed = vec![ListedVariable::new(name, None)];
    Request::Read(ReadRequest::new(VariableAccess::ListOfVariable(listed)))
}

fn write_request(name: ObjectName, data: Data) -> Request {
    let listed = vec![ListedVariable::new(name, None)];
    Request::Write(WriteRequest {
        access: VariableAccess::ListOfVariable(listed),
        data: vec![data],
    })
}

async fn read(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    name: ObjectName,
    started: Instant,
) -> Result<Reply, Trouble> {
    super::send(cx, common, read_request(name), started).await
}

async fn write(
    cx: &mut CaseRun<'_>,
    common: &Common<'_>,
    name: ObjectName,
    data: Data,
    started: Instant,
) -> Result<Reply, Trouble> {
    super::send(cx, common, write_request(name, data), started).await
}

/// What reading SBO means: a reference for success, an empty text for a refusal.
fn selected(reply: &Reply) -> (Outcome, String) {
    let Some(Response::Read(read)) = &reply.response else {
        return (reply.outcome.clone(), String::new());
    };
    match read.results.first() {
        Some(Ok(Data::VisibleString(text) | Data::MmsString(text))) if text.is_empty() => (
            Outcome::NegativeAnswer("SBO was read as an empty text".to_owned()),
            String::new(),
        ),
        Some(Ok(Data::VisibleString(text) | Data::MmsString(text))) => {
            (Outcome::Success, text.to_string())
        }
        Some(Ok(other)) => (
            Outcome::Malformed(format!("SBO was read as {other}, which is no text")),
            String::new(),
        ),
        Some(Err(error)) => (Outcome::DataAccessError(error.0), String::new()),
        None => (
            Outcome::Malformed("a read response without results".to_owned()),
            String::new(),
        ),
    }
}

/// What the answer to a write means.
fn written(reply: &Reply) -> Outcome {
    let Some(Response::Write(write)) = &reply.response else {
        return reply.outcome.clone();
    };
    match write.results.first() {
        Some(Ok(())) => Outcome::Success,
        Some(Err(error)) => Outcome::DataAccessError(error.0),
        None => Outcome::Malformed("a write response without results".to_owned()),
    }
}
