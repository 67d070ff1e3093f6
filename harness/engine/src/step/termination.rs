//! `expect-termination`.

use iedassay_client::services::command::Origin;
use iedassay_client::services::notification::Termination;
use iedassay_wire::mms::Data;
use tokio::time::{Instant, sleep_until};

use super::control::{Object, cause_word, origin_value, shown_value};
use super::request::{ResultFields, bind_result, kind_of, show_result, timely};
use crate::cel::Value;
use crate::outcome::Outcome;
use crate::report::Arrival;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::{CaseRun, ms};
use crate::runner::clients::{Told, exhibit_of_arrival, outcome_of_ending};
use crate::runner::exhibit::Exhibit;
use crate::suite::AddCause;
use crate::suite::steps::ExpectTermination;

/// Waits for the CommandTermination of a command.
pub(super) async fn expect_termination(
    cx: &mut CaseRun<'_>,
    step: &ExpectTermination,
) -> Result<(), Trouble> {
    let common = step.common();
    let model = std::sync::Arc::clone(&cx.shared.model);
    let object = Object::of(&model, &cx.eval(&step.control)?.0)?;
    let name = cx.client_name(common.client)?;
    let absent = cx.eval_opt(step.absent.as_ref())?.unwrap_or(false);
    let wanted: Option<Vec<&str>> = cx
        .eval_list(step.add_cause.as_ref())?
        .map(|causes| causes.into_iter().map(AddCause::as_str).collect());
    let started = Instant::now();
    let until = match common.within {
        Some(window) => cx.window(window, started)?.latest(),
        None => started + cx.shared.timeouts.request(),
    };
    cx.log.checked();
    let told = next_termination(cx, &name, &object, until).await?;
    cx.log.demanded(started.elapsed());
    let Some((termination, arrival)) = told else {
        if absent {
            bind_result(cx, &common, &Outcome::Success, Instant::now(), &[]);
            return cx.check(common.check);
        }
        let observed = format!("none within {}", ms(started.elapsed()));
        return Err(Trouble::expectation(
            described(&object, wanted.as_deref()),
            observed,
        ));
    };
    let exhibit = exhibit_of_arrival(&arrival);
    let fields = fields_of(cx, &name, &object, &termination, &arrival);
    bind_result(cx, &common, &Outcome::Success, arrival.at, &fields);
    show_result(cx, &common, &exhibit);
    if absent {
        let expected = format!("no CommandTermination of {}", object.text);
        cx.log
            .trouble(Trouble::expectation(expected, observed(&termination)).with(exhibit));
        sleep_until(until).await;
        return Ok(());
    }
    judge(cx, &object, &termination, wanted.as_deref(), &exhibit);
    timely(cx, &common, started, arrival.at, &exhibit)?;
    cx.check(common.check)
}

/// Positive or with the right cause.
fn judge(
    cx: &mut CaseRun<'_>,
    object: &Object<'_>,
    termination: &Termination,
    wanted: Option<&[&str]>,
    exhibit: &Exhibit,
) {
    let holds = match (wanted, &termination.error) {
        (None, error) => error.is_none(),
        (Some(_), None) => false,
        (Some(wanted), Some(error)) => wanted.contains(&cause_word(error.add_cause).as_str()),
    };
    if !holds {
        let trouble = Trouble::expectation(described(object, wanted), observed(termination));
        cx.log.trouble(trouble.with(exhibit.clone()));
    }
}

fn described(object: &Object<'_>, wanted: Option<&[&str]>) -> String {
    match wanted {
        None => format!("a positive CommandTermination of {}", object.text),
        Some(causes) => format!(
            "a negative CommandTermination of {} with additional cause {}",
            object.text,
            causes.join(" or ")
        ),
    }
}

fn observed(termination: &Termination) -> String {
    match &termination.error {
        None => "a positive one".to_owned(),
        Some(error) => format!(
            "a negative one with additional cause {}",
            cause_word(error.add_cause)
        ),
    }
}

/// The next CommandTermination of a control that comes before `until`; an error when the association is lost.
async fn next_termination(
    cx: &mut CaseRun<'_>,
    name: &str,
    object: &Object<'_>,
    until: Instant,
) -> Result<Option<(Termination, Arrival)>, Trouble> {
    loop {
        let slot = cx.clients.need(name)?;
        slot.pump();
        let found = slot.told.iter().position(|(told, _)| match told {
            Told::Termination(termination) => {
                object.is_named(&termination.domain, &termination.item)
            }
            Told::Refusal(_) => false,
        });
        if let Some((Told::Termination(termination), arrival)) =
            found.and_then(|index| slot.told.remove(index))
        {
            return Ok(Some((termination, arrival)));
        }
        if slot.pump_until(until).await {
            continue;
        }
        let Some(ended) = slot.client.ended() else {
            return Ok(None);
        };
        let outcome = outcome_of_ending(&ended.ending, ended.io.as_ref());
        let what = format!("while waiting for a CommandTermination: {outcome}");
        return Err(Trouble::new(kind_of(&outcome), what));
    }
}

fn fields_of(
    cx: &CaseRun<'_>,
    name: &str,
    object: &Object<'_>,
    termination: &Termination,
    arrival: &Arrival,
) -> ResultFields {
    let cause = termination.error.as_ref().map(|e| cause_word(e.add_cause));
    let repeated = termination.value.as_ref().ok();
    let component = |wanted: &str| oper_component(object, repeated?, wanted);
    let value = component("ctlVal").map_or(Value::Null, |data| shown_value(data, object));
    let number = component("ctlNum").and_then(Data::as_i64);
    let origin = component("origin").and_then(Origin::from_data);
    // A termination that overtakes the response belongs to a command of which the client knows nothing yet.
    let early = cx
        .controls
        .answered(name, &object.text)
        .is_some_and(|response| arrival.number < response);
    vec![
        ("positive", Value::Bool(termination.error.is_none())),
        ("value", value),
        ("ctlNum", number.map_or(Value::Null, Value::Int)),
        ("origin", origin.map_or(Value::Null, |o| origin_value(&o))),
        ("addCause", Value::from(cause.unwrap_or_default())),
        ("order", Value::from(if early { "before" } else { "after" })),
    ]
}

/// A component of the Oper that is repeated, by its place in the model, or by the usual order.
fn oper_component<'d>(object: &Object<'_>, oper: &'d Data, wanted: &str) -> Option<&'d Data> {
    let members = oper.members()?;
    let place = match object.part("Oper") {
        Some(node) => node.children().position(|child| child.name() == wanted)?,
        None => {
            let timed = usize::from(members.len() > 6);
            match wanted {
                "ctlVal" => 0,
                "origin" => 1 + timed,
                _ => 2 + timed,
            }
        }
    };
    members.get(place)
}
