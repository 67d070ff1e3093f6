//! `select`, `operate`, `cancel`.

use std::time::Duration;

use iedassay_client::Client;
use iedassay_client::services::command::{Command, Origin, Part};
use iedassay_client::services::notification::LastApplError;
use iedassay_model::tree::{BType, Node, ServerModel};
use iedassay_model::{Fc, ObjectReference};
use iedassay_wire::mms::{Data, ObjectName, ReadRequest, Request, Response, VariableAccess};
use tokio::time::Instant;

use super::control_back;
use super::read::{error_word, read_quietly};
use super::request::{Answer, finish, patience};
use super::write::{value_trouble, write_one};
use crate::cel::{Field, Fields, Value};
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, ms};
use crate::runner::clients::{Reply, Told, ask};
use crate::safety::Change;
use crate::suite::steps::{self, Cancel, ControlValue, Operate, Select};
use crate::suite::{AddCause, Common};
use crate::target::pixit;
use crate::value::{Shape, different, from_write_value, hex, main_leaf, map, to_cel};

/// How long LastApplError, which belongs before the negative response, may come after it.
const LATE_CAUSE: Duration = Duration::from_millis(50);

/// A control object of the model, or one that only has a name.
pub(super) struct Object<'m> {
    model: &'m ServerModel,
    /// `LD/LN.DO`, as messages have it.
    pub(super) text: String,
    domain: String,
    /// `LN$CO$DO`.
    item: String,
    /// The object under CO.
    node: Option<Node<'m>>,
    /// The status it acts on.
    status: Option<Node<'m>>,
    /// The configured control model, from the description.
    pub(super) ctl_model: Option<i64>,
}

impl<'m> Object<'m> {
    pub(super) fn of(model: &'m ServerModel, text: &str) -> Result<Self, Trouble> {
        let mut reference: ObjectReference = text
            .parse()
            .map_err(|error| Trouble::suite(format!("`{text}` is no control object: {error}")))?;
        reference.fc = Some(Fc::CO);
        let node = model.resolve_reference(&reference);
        let item = reference.mms_item();
        let domain = reference.ld.clone();
        let status = [Fc::ST, Fc::MX].into_iter().find_map(|fc| {
            let object = model.resolve_reference(&ObjectReference {
                fc: Some(fc),
                ..reference.clone()
            })?;
            let leaf = object.child("stVal").unwrap_or_else(|| main_leaf(object));
            leaf.is_leaf().then_some(leaf)
        });
        let ctl_model = model
            .resolve_reference(&ObjectReference {
                fc: Some(Fc::CF),
                ..reference.clone()
            })
            .and_then(|object| object.child("ctlModel"))
            .and_then(|node| match node.default_data() {
                Data::Integer(number) => Some(number),
                _ => None,
            });
        reference.fc = None;
        Ok(Self {
            model,
            text: reference.to_string(),
            domain,
            item,
            node,
            status,
            ctl_model,
        })
    }

    /// The status it acts on.
    pub(super) fn status(&self) -> Option<Node<'m>> {
        self.status
    }

    /// The object under another functional constraint than CO.
    pub(super) fn under(&self, fc: Fc) -> Option<Node<'m>> {
        let mut reference: ObjectReference = self.text.parse().ok()?;
        reference.fc = Some(fc);
        self.model.resolve_reference(&reference)
    }

    pub(super) fn part(&self, name: &str) -> Option<Node<'m>> {
        self.node.and_then(|node| node.child(name))
    }

    /// Whether a name on the wire is that of this object or of a part of it.
    pub(super) fn is_named(&self, domain: &str, item: &str) -> bool {
        domain == self.domain
            && item
                .strip_prefix(self.item.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('$'))
    }

    pub(super) fn name(&self, part: &str) -> ObjectName {
        ObjectName::domain(self.domain.clone(), format!("{}${part}", self.item))
    }

    /// Selected by a write of SBOw (enhanced security), not by a read of SBO.
    fn selects_with_value(&self) -> bool {
        match self.node {
            Some(_) => {
                self.part("SBOw").is_some()
                    && (self.ctl_model == Some(4) || self.part("SBO").is_none())
            }
            None => self.ctl_model == Some(4),
        }
    }

    /// Enhanced security: LastApplError is then required (IEC 61850-8-1).
    fn enhanced(&self) -> bool {
        matches!(self.ctl_model, Some(3 | 4))
    }

    pub(super) fn ctl_val(&self) -> Option<Node<'m>> {
        ["Oper", "SBOw", "Cancel"]
            .into_iter()
            .find_map(|part| self.part(part)?.child("ctlVal"))
    }
}

/// The keys that all control steps have.
struct Keys<'a> {
    value: Option<&'a ControlValue>,
    origin: Option<&'a steps::Origin>,
    ctl_num: Option<&'a Field<i64>>,
    test: Option<&'a Field<bool>>,
    activate_after: Option<&'a Field<crate::cel::Millis>>,
    activate_before: Option<&'a Field<crate::cel::Millis>>,
    add_cause: Option<&'a Fields<AddCause>>,
    synchro_check: Option<&'a Field<bool>>,
    interlock_check: Option<&'a Field<bool>>,
}

/// Selects a control object.
pub(super) async fn select(cx: &mut CaseRun<'_>, step: &Select) -> Result<(), Trouble> {
    let common = step.common();
    let model = std::sync::Arc::clone(&cx.shared.model);
    let object = Object::of(&model, &cx.eval(&step.control)?.0)?;
    allowed(cx, &object)?;
    let keys = Keys {
        value: step.value.as_ref(),
        origin: step.origin.as_ref(),
        ctl_num: step.ctl_num.as_ref(),
        test: step.test.as_ref(),
        activate_after: step.activate_after.as_ref(),
        activate_before: step.activate_before.as_ref(),
        add_cause: step.add_cause.as_ref(),
        synchro_check: step.synchro_check.as_ref(),
        interlock_check: step.interlock_check.as_ref(),
    };
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
    let keys = Keys {
        value: step.value.as_ref(),
        origin: step.origin.as_ref(),
        ctl_num: step.ctl_num.as_ref(),
        test: step.test.as_ref(),
        activate_after: step.activate_after.as_ref(),
        activate_before: step.activate_before.as_ref(),
        add_cause: step.add_cause.as_ref(),
        synchro_check: step.synchro_check.as_ref(),
        interlock_check: step.interlock_check.as_ref(),
    };
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
    let keys = Keys {
        value: step.value.as_ref(),
        origin: step.origin.as_ref(),
        ctl_num: step.ctl_num.as_ref(),
        test: step.test.as_ref(),
        activate_after: step.activate_after.as_ref(),
        activate_before: step.activate_before.as_ref(),
        add_cause: step.add_cause.as_ref(),
        synchro_check: None,
        interlock_check: None,
    };
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

/// A real device trips a real breaker: only what the target lists is operated, whatever the plan thought.
pub(super) fn allowed(cx: &CaseRun<'_>, object: &Object<'_>) -> Result<(), Trouble> {
    if cx.shared.target.allow().may_operate(&object.text) {
        return Ok(());
    }
    let what = format!("the target does not allow operating {}", object.text);
    Err(Trouble::new(
        crate::verdict::IncidentKind::Precondition,
        what,
    ))
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

/// Reads SBO: the reference of the object says selected, an empty text says no (IEC 61850-8-1, Select).
pub(super) async fn read_sbo(
    client: &Client,
    object: &Object<'_>,
    within: Duration,
) -> (Reply, String) {
    let request = Request::Read(ReadRequest::new(VariableAccess::names(
        [object.name("SBO")],
    )));
    let mut reply = ask(client, request, within).await;
    let mut reference = String::new();
    if let Some(Response::Read(response)) = &reply.response {
        reply.outcome = match response.results.as_slice() {
            [Ok(data)] => match data.as_str() {
                Some("") => Outcome::NegativeAnswer("SBO is empty".to_owned()),
                Some(text) => {
                    text.clone_into(&mut reference);
                    Outcome::Success
                }
                None => Outcome::Malformed(format!("SBO is {}, not a visible string", data.kind())),
            },
            [Err(error)] => Outcome::DataAccessError(error.0),
            other => Outcome::Malformed(format!("{} results for one variable", other.len())),
        };
    }
    (reply, reference)
}

/// What a command is for: it decides which value is meant when the step gives none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Select,
    Operate,
    Cancel,
}

async fn command(
    cx: &mut CaseRun<'_>,
    client: &Client,
    object: &Object<'_>,
    keys: &Keys<'_>,
    purpose: Purpose,
) -> Result<Command, Trouble> {
    let last = cx.controls.last(&object.text);
    let value = command_value(cx, client, object, keys.value, purpose, last.as_ref()).await?;
    let mut origin = Origin::default();
    // The Oper that follows a select, and the Cancel, belong to the same command: same origin, same number.
    let same = purpose == Purpose::Cancel
        || (purpose == Purpose::Operate && cx.controls.is_selected_with_value(&object.text));
    if same && let Some(last) = &last {
        origin = last.origin.clone();
    }
    if let Some(given) = keys.origin {
        if let Some(category) = cx.eval_opt(given.category.as_ref())? {
            origin.or_cat = category.0;
        }
        if let Some(identification) = cx.eval_opt(given.identification.as_ref())? {
            origin.or_ident = identification.0;
        }
    }
    let ctl_num = match cx.eval_opt(keys.ctl_num)? {
        Some(number) => u8::try_from(number)
            .map_err(|_| Trouble::suite(format!("`ctl-num: {number}` is not in 0 to 255")))?,
        None => match &last {
            Some(last) if same => last.ctl_num,
            _ => cx.controls.next_number(),
        },
    };
    let now = cx.shared.anchor.since_unix_epoch(Instant::now());
    let after = cx.eval_opt(keys.activate_after)?;
    let before = cx.eval_opt(keys.activate_before)?;
    let oper_tm = match (after, before) {
        (Some(_), Some(_)) => {
            return Err(Trouble::suite(
                "`activate-after` and `activate-before` exclude each other",
            ));
        }
        (Some(after), None) => Some(now + after.duration()),
        (None, Some(before)) => Some(now.saturating_sub(before.duration())),
        (None, None) => None,
    };
    let flag = |field: Option<&Field<bool>>| -> Result<bool, Trouble> {
        Ok(cx.eval_opt(field)?.unwrap_or(false))
    };
    Ok(Command {
        value,
        oper_tm,
        origin,
        ctl_num,
        time: now,
        test: flag(keys.test)?,
        synchro_check: flag(keys.synchro_check)?,
        interlock_check: flag(keys.interlock_check)?,
    })
}

/// A command with nothing said but its value.
pub(super) fn blank_command(cx: &CaseRun<'_>, value: Data) -> Command {
    let now = cx.shared.anchor.since_unix_epoch(Instant::now());
    Command::new(value, 0, now)
}

async fn command_value(
    cx: &CaseRun<'_>,
    client: &Client,
    object: &Object<'_>,
    wanted: Option<&ControlValue>,
    purpose: Purpose,
    last: Option<&Command>,
) -> Result<Data, Trouble> {
    let node = object.ctl_val();
    let wanted = match wanted {
        Some(ControlValue::Value(value)) => {
            let present = status_of(cx, client, object)
                .await
                .and_then(|data| as_command(&data, node));
            let shape = Shape {
                node,
                present: present.as_ref(),
            };
            return from_write_value(value, shape, &cx.scope)
                .map_err(|problem| cx.blamed(value_trouble(problem), value.exprs()));
        }
        Some(ControlValue::Other) => None,
        Some(ControlValue::Present) => Some(()),
        None => match (purpose, last) {
            (Purpose::Cancel, Some(last)) => return Ok(last.value.clone()),
            (Purpose::Operate, Some(last)) if cx.controls.is_selected_with_value(&object.text) => {
                return Ok(last.value.clone());
            }
            _ => None,
        },
    };
    let present = status_of(cx, client, object)
        .await
        .and_then(|data| as_command(&data, node))
        .or_else(|| node.map(Node::default_data));
    let present = present.ok_or_else(|| {
        let what = format!(
            "the status of {} cannot be read, so no value can be chosen",
            object.text
        );
        Trouble::new(crate::verdict::IncidentKind::Precondition, what)
    })?;
    if wanted.is_some() {
        return Ok(present);
    }
    different(&present, node).ok_or_else(|| {
        let what = format!(
            "no other value is known for {}, which is {present}",
            object.text
        );
        Trouble::new(crate::verdict::IncidentKind::Precondition, what)
    })
}

/// A status as the value that commands it: a double point position commands as a boolean.
pub(super) fn as_command(status: &Data, ctl_val: Option<Node<'_>>) -> Option<Data> {
    let wanted = ctl_val.map(Node::default_data);
    match (status, wanted) {
        (Data::BitString(bits), Some(Data::Boolean(_)) | None) if bits.len() == 2 => {
            Some(Data::Boolean(bits.is_set(0) && !bits.is_set(1)))
        }
        (status, Some(wanted)) if status.kind() != wanted.kind() => {
            match (status.as_i64(), &wanted) {
                (Some(number), Data::Integer(_)) => Some(Data::Integer(number)),
                (Some(number), Data::Unsigned(_)) => u64::try_from(number).ok().map(Data::Unsigned),
                // An analogue set point: a structure with f or i.
                _ => Some(wanted),
            }
        }
        (status, _) => Some(status.clone()),
    }
}

/// The status that a command leads to, as expressions see it: on a double point `on` or `off`.
pub(super) fn shown_value(value: &Data, object: &Object<'_>) -> Value {
    match (value, object.status.and_then(Node::btype)) {
        (Data::Boolean(on), Some(BType::Dbpos)) => Value::from(if *on { "on" } else { "off" }),
        _ => to_cel(value, object.ctl_val()),
    }
}

pub(super) async fn status_of(
    cx: &CaseRun<'_>,
    client: &Client,
    object: &Object<'_>,
) -> Option<Data> {
    let node = object.status?;
    let name = ObjectName::domain(node.domain(), node.item());
    read_quietly(client, name, cx.shared.timeouts.request()).await
}

/// An originator as expressions see it.
pub(super) fn origin_value(origin: &Origin) -> Value {
    map([
        ("category", Value::Int(origin.or_cat)),
        ("identification", Value::from(hex(&origin.or_ident))),
    ])
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
    keys: &Keys<'_>,
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
    cx.log.checked();
    let wanted: Vec<&str> = wanted.into_iter().map(AddCause::as_str).collect();
    let optional = !object.enhanced() && !promised(cx, object);
    let late = cause.as_ref().and_then(|cause| cause.late);
    match &cause {
        Some(_) if wanted.contains(&cause_word) && late.is_none() => {}
        Some(_) if wanted.contains(&cause_word) && optional => {
            cx.finding(
                "late-last-appl-error",
                format!(
                    "the LastApplError of {} came {} after the response; it belongs before it",
                    object.text,
                    ms(late.unwrap_or_default())
                ),
            );
        }
        None if optional => {
            cx.finding(
                "no-add-cause",
                format!(
                    "{} refused without LastApplError, which normal security permits",
                    object.text
                ),
            );
        }
        _ => {
            let observed = match (&cause, late) {
                (None, _) => "no LastApplError".to_owned(),
                (Some(cause), None) => cause.word.clone(),
                (Some(cause), Some(late)) => format!(
                    "{}, in a LastApplError that came {} after the response",
                    cause.word,
                    ms(late)
                ),
            };
            let before = if late.is_some() {
                " in a LastApplError before the response"
            } else {
                ""
            };
            let expected = format!("additional cause {}{before}", wanted.join(" or "));
            cx.log
                .trouble(Trouble::expectation(expected, observed).with(exhibit));
        }
    }
    Ok(())
}

/// Whether the PIXIT promises LastApplError with normal security (Ct21), for all control models or for this one.
fn promised(cx: &CaseRun<'_>, object: &Object<'_>) -> bool {
    let (answer, model) = (cx.shared.target.pixit("Ct21"), object.ctl_model);
    let found = answer.and_then(|answer| pixit::for_model(answer, model?));
    matches!(found, Some(Value::Bool(true)))
}

/// Why a command was refused, as the server told.
struct Cause {
    /// The word of the additional cause, or its number.
    word: String,
    /// How long after the response it came; `None` where it belongs, before it.
    late: Option<Duration>,
}

/// The LastApplError about this object: before the negative response as the standard has it, or a moment after.
async fn told_cause(
    cx: &mut CaseRun<'_>,
    name: &str,
    object: &Object<'_>,
    reply: &Reply,
    ctl_num: u8,
    wait: bool,
) -> Result<Option<Cause>, Trouble> {
    let until = Instant::now() + LATE_CAUSE;
    let about = |error: &LastApplError| error.is_about(&object.domain, &object.item);
    let slot = cx.clients.need(name)?;
    loop {
        slot.pump();
        let found = slot.told.iter().position(|(told, _)| match told {
            Told::Refusal(error) => about(error),
            // There is no CommandTermination with normal security: what looks like a negative one is the cause of this
            // refusal, with Oper beside it.
            Told::Termination(termination) => termination.error.as_ref().is_some_and(|error| {
                !object.enhanced() && about(error) && error.ctl_num == Some(i64::from(ctl_num))
            }),
        });
        let taken = found.and_then(|index| slot.told.remove(index));
        if let Some((told, arrival)) = taken {
            let error = match told {
                Told::Refusal(error) => Some(error),
                Told::Termination(termination) => termination.error,
            };
            let late = reply
                .number
                .filter(|response| arrival.number > *response)
                .map(|_| arrival.at.saturating_duration_since(reply.at));
            return Ok(error.map(|error| Cause {
                word: cause_word(error.add_cause),
                late,
            }));
        }
        if !wait || !slot.pump_until(until).await {
            return Ok(None);
        }
    }
}

/// The word of an additional cause, or its number.
pub(super) fn cause_word(add_cause: i64) -> String {
    usize::try_from(add_cause)
        .ok()
        .and_then(|index| AddCause::ALL.get(index))
        .map_or_else(|| add_cause.to_string(), ToString::to_string)
}
