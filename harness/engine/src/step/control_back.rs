//! Commands that no case asks for: those that bring a control object back to the position it had before the case, and
//! those that a stimulus consists of.

use std::sync::Arc;
use std::time::Duration;

use iedassay_client::Client;
use iedassay_client::services::command::{Command, Part};
use iedassay_model::Fc;
use iedassay_model::tree::{BType, Node};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{Data, ObjectName};
use tokio::time::{Instant, sleep};

use super::control::{Object, allowed, as_command, blank_command, read_sbo, status_of};
use super::read::read_quietly;
use super::write::write_one;
use crate::outcome::Outcome;
use crate::runner::case_run::CaseRun;
use crate::safety::Change;

/// Between two looks at a position that is to change.
const LOOK: Duration = Duration::from_millis(50);

/// How long a train of pulses is waited for, at most.
const PULSES: Duration = Duration::from_secs(60);

/// Steps up or down that a tap changer is brought back by, at most.
const STEPS: usize = 32;

/// Remembers the position of a control object before the case operates it.
pub(super) fn note(cx: &mut CaseRun<'_>, client: &str, object: &Object<'_>, before: Option<&Data>) {
    if let Some(before) = before {
        let change = Change::Operated {
            control: object.text.clone(),
            before: before.clone(),
        };
        cx.ledger.note(client, change);
    }
}

/// Operates a control object back to the position it had before the case first operated it: only where it is elsewhere
/// now, only what the target allows, and with both checks of the device, because nobody watches.
///
/// # Errors
/// Why it is not there again, in a few words.
pub(crate) async fn put_back(
    cx: &mut CaseRun<'_>,
    client: &Client,
    control: &str,
    before: &Data,
) -> Result<(), String> {
    let model = Arc::clone(&cx.shared.model);
    let object = Object::of(&model, control).map_err(|trouble| trouble.observed)?;
    let now = position(cx, client, &object).await?;
    if same(&now, before) {
        return Ok(());
    }
    // What moves by itself is not commanded: a position between two ends, pulses.
    if let Some(time) = pulses(cx, client, &object).await
        && arrives(cx, client, &object, before, time).await?
    {
        return Ok(());
    }
    if is_between(&now)
        && arrives(cx, client, &object, before, cx.shared.timeouts.request()).await?
    {
        return Ok(());
    }
    allowed(cx, &object).map_err(|trouble| trouble.observed)?;
    if object.ctl_val().and_then(Node::btype) == Some(&BType::Tcmd) {
        return step_back(cx, client, &object, before).await;
    }
    let value = commanding(before, &object)
        .ok_or_else(|| format!("no command leads to {before}, where it was before"))?;
    command_once(cx, client, &object, value, true).await?;
    if arrives(cx, client, &object, before, cx.shared.timeouts.request()).await? {
        return Ok(());
    }
    let now = position(cx, client, &object).await?;
    Err(format!("it is {now} and was {before} before"))
}

/// Operates a control as a stimulus: as its control model asks, without judging.
pub(super) async fn stimulus_operate(
    cx: &mut CaseRun<'_>,
    client: (&str, &Client),
    control: &str,
    value: Data,
) -> Result<(), String> {
    let (name, client) = client;
    let model = Arc::clone(&cx.shared.model);
    let object = Object::of(&model, control).map_err(|trouble| trouble.observed)?;
    allowed(cx, &object).map_err(|trouble| trouble.observed)?;
    let before = status_of(cx, client, &object).await;
    note(cx, name, &object, before.as_ref());
    let value = as_command(&value, object.ctl_val()).unwrap_or(value);
    command_once(cx, client, &object, value, false).await
}

/// Selects where the control model wants it, and operates.
async fn command_once(
    cx: &mut CaseRun<'_>,
    client: &Client,
    object: &Object<'_>,
    value: Data,
    checks: bool,
) -> Result<(), String> {
    let within = cx.shared.timeouts.request();
    let mut command = blank_command(cx, value);
    command.ctl_num = cx.controls.next_number().into();
    command.interlock_check = checks;
    command.synchro_check = checks;
    let selected = match control_model(cx, client, object).await {
        Some(0) => return Err("its control model is status-only".to_owned()),
        Some(2) => Some(read_sbo(client, object, within).await.0),
        Some(4) => {
            let data = command.to_data(Part::SboWith, object.part("SBOw"));
            Some(write_one(client, object.name("SBOw"), data, within).await)
        }
        _ => None,
    };
    if let Some(reply) = &selected
        && reply.outcome != Outcome::Success
    {
        return Err(format!(
            "{} could not be selected: {}",
            object.text, reply.outcome
        ));
    }
    let data = command.to_data(Part::Oper, object.part("Oper"));
    let outcome = write_one(client, object.name("Oper"), data, within)
        .await
        .outcome;
    if outcome == Outcome::Success {
        return Ok(());
    }
    if selected.is_some() && object.part("Cancel").is_some() {
        // A refused command may leave the selection; a refused Cancel says that there was none.
        let data = cancelled(&command, object);
        write_one(client, object.name("Cancel"), data, within).await;
    }
    Err(format!("{} could not be operated: {outcome}", object.text))
}

fn cancelled(command: &Command, object: &Object<'_>) -> Data {
    command.to_data(Part::Cancel, object.part("Cancel"))
}

/// Brings a tap changer back step by step.
async fn step_back(
    cx: &mut CaseRun<'_>,
    client: &Client,
    object: &Object<'_>,
    before: &Data,
) -> Result<(), String> {
    for _ in 0..STEPS {
        let now = position(cx, client, object).await?;
        let (Some(is), Some(was)) = (now.as_i64(), before.as_i64()) else {
            return Err(format!("it is {now} and was {before} before"));
        };
        let (next, higher) = match is.cmp(&was) {
            std::cmp::Ordering::Equal => return Ok(()),
            std::cmp::Ordering::Less => (is.saturating_add(1), true),
            std::cmp::Ordering::Greater => (is.saturating_sub(1), false),
        };
        let value = Data::BitString(BitString::from_bits([higher, !higher]));
        command_once(cx, client, object, value, true).await?;
        let patience = cx.shared.timeouts.request();
        if !arrives(cx, client, object, &Data::Integer(next), patience).await? {
            let now = position(cx, client, object).await?;
            return Err(format!("it is {now} and was {before} before"));
        }
    }
    Err(format!("it is not {before} after {STEPS} steps"))
}

async fn position(cx: &CaseRun<'_>, client: &Client, object: &Object<'_>) -> Result<Data, String> {
    status_of(cx, client, object)
        .await
        .ok_or_else(|| "its position cannot be read".to_owned())
}

/// Whether the position is `wanted` within a time.
async fn arrives(
    cx: &mut CaseRun<'_>,
    client: &Client,
    object: &Object<'_>,
    wanted: &Data,
    within: Duration,
) -> Result<bool, String> {
    let started = Instant::now();
    loop {
        if same(&position(cx, client, object).await?, wanted) {
            return Ok(true);
        }
        if started.elapsed() >= within {
            return Ok(false);
        }
        cx.log.demanded(LOOK);
        sleep(LOOK).await;
    }
}

/// How long the pulses of its outputs take, when the object is set to pulses (IEC 61850-7-3, pulseConfig, cmdQual 0).
async fn pulses(cx: &CaseRun<'_>, client: &Client, object: &Object<'_>) -> Option<Duration> {
    let node = object.under(Fc::CF)?.child("pulseConfig")?;
    let name = ObjectName::domain(node.domain(), node.item());
    let data = read_quietly(client, name, cx.shared.timeouts.request()).await?;
    let part = |name: &str| {
        let index = node.children().position(|child| child.name() == name)?;
        data.members()?.get(index)?.as_i64()
    };
    if part("cmdQual")? != 0 {
        return None;
    }
    let one = part("onDur").unwrap_or(0).max(0) + part("offDur").unwrap_or(0).max(0);
    let all = one.saturating_mul(part("numPls").unwrap_or(1).max(1));
    let time = Duration::from_millis(u64::try_from(all).unwrap_or(0)) + Duration::from_secs(1);
    Some(time.min(PULSES))
}

/// The control model that holds now: a case may have changed it.
async fn control_model(cx: &CaseRun<'_>, client: &Client, object: &Object<'_>) -> Option<i64> {
    let live = match object.under(Fc::CF).and_then(|node| node.child("ctlModel")) {
        Some(node) => {
            let name = ObjectName::domain(node.domain(), node.item());
            let data = read_quietly(client, name, cx.shared.timeouts.request()).await;
            data.and_then(|data| data.as_i64())
        }
        None => None,
    };
    live.or(object.ctl_model)
}

/// The command that leads to a position; nothing for a position between two ends.
fn commanding(status: &Data, object: &Object<'_>) -> Option<Data> {
    let node = object.ctl_val();
    match (status, node.map(Node::default_data)) {
        (Data::BitString(bits), Some(Data::Boolean(_)) | None) if bits.len() == 2 => {
            (!is_between(status)).then(|| Data::Boolean(bits.is_set(0)))
        }
        (_, Some(Data::Structure(_))) => set_point(status, object),
        (Data::Integer(_) | Data::Unsigned(_), Some(Data::Integer(_) | Data::Unsigned(_))) => {
            as_command(status, node)
        }
        (_, Some(wanted)) if wanted.kind() != status.kind() => None,
        _ => Some(status.clone()),
    }
}

/// The analogue value of a set point (APC): `f` or `i`, as its status has it.
fn set_point(status: &Data, object: &Object<'_>) -> Option<Data> {
    let (value, leaf) = (object.ctl_val()?, object.status()?);
    value.child(leaf.name())?;
    let parts = value.children().map(|child| {
        if child.name() == leaf.name() {
            status.clone()
        } else {
            child.default_data()
        }
    });
    Some(Data::Structure(parts.collect()))
}

/// A double point that is in neither end: intermediate or bad.
fn is_between(status: &Data) -> bool {
    matches!(status, Data::BitString(bits) if bits.len() == 2 && bits.is_set(0) == bits.is_set(1))
}

/// Whether two positions are the same; analogue ones may differ by a thousandth.
fn same(a: &Data, b: &Data) -> bool {
    match (a, b) {
        (Data::FloatingPoint(_), Data::FloatingPoint(_)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 0.001 * b.abs().max(1.0),
            _ => a == b,
        },
        _ => a == b || a.as_i64().is_some_and(|number| b.as_i64() == Some(number)),
    }
}

#[cfg(test)]
mod tests {
    use iedassay_wire::mms::Float;

    use super::*;

    fn dbpos(on: bool, off: bool) -> Data {
        Data::BitString(BitString::from_bits([on, off]))
    }

    #[test]
    fn positions_are_compared_as_positions() {
        let float = |value| Data::FloatingPoint(Float::F32(value));
        assert!(same(&float(100.0), &float(100.05)));
        assert!(!same(&float(100.0), &float(101.0)));
        assert!(same(&Data::Integer(3), &Data::Integer(3)));
        assert!(!same(&dbpos(true, false), &dbpos(false, true)));
        assert!(is_between(&dbpos(false, false)) && is_between(&dbpos(true, true)));
        assert!(!is_between(&dbpos(true, false)));
    }
}
