//! From the keys of a step to a command.

use iedassay_client::Client;
use iedassay_client::services::command::{Command, Origin};
use iedassay_model::tree::{BType, Node};
use iedassay_wire::mms::Data;
use tokio::time::Instant;

use super::{Object, status_of};
use crate::cel::{Field, Value};
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::step::write::value_trouble;
use crate::suite::steps::{ControlKeys, ControlValue};
use crate::value::{Shape, different, from_write_value, hex, map, to_cel};

/// What a command is for: it decides which value is meant when the step gives none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Select,
    Operate,
    Cancel,
}

pub(super) async fn command(
    cx: &mut CaseRun<'_>,
    client: &Client,
    object: &Object<'_>,
    keys: &ControlKeys<'_>,
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
        Some(number) => number,
        None => match &last {
            Some(last) if same => last.ctl_num,
            _ => u32::from(cx.controls.next_number()),
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
    let check_bits = match cx.eval_opt(keys.check_bits)? {
        Some(bits) => u8::try_from(bits)
            .map_err(|_| Trouble::suite(format!("`check-bits: {bits}` is not in 0 to 255")))?,
        None => Command::CHECK_BITS,
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
        check_bits,
    })
}

/// A command with nothing said but its value.
pub(in crate::step) fn blank_command(cx: &CaseRun<'_>, value: Data) -> Command {
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
pub(in crate::step) fn as_command(status: &Data, ctl_val: Option<Node<'_>>) -> Option<Data> {
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
pub(in crate::step) fn shown_value(value: &Data, object: &Object<'_>) -> Value {
    match (value, object.status.and_then(Node::btype)) {
        (Data::Boolean(on), Some(BType::Dbpos)) => Value::from(if *on { "on" } else { "off" }),
        _ => to_cel(value, object.ctl_val()),
    }
}

/// An originator as expressions see it.
pub(in crate::step) fn origin_value(origin: &Origin) -> Value {
    map([
        ("category", Value::Int(origin.or_cat)),
        ("identification", Value::from(hex(&origin.or_ident))),
    ])
}
