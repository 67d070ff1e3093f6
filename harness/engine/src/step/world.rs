//! `force`, `power-cycle`, `network`, `ask-operator`: what happens around the device.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::permission::allowed;
use super::request::bind_event;
use crate::cel::{Millis, Value};
use crate::connector::Endpoint;
use crate::process::line::LineProcess;
use crate::process::{exec, http};
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::safety::Change;
use crate::suite::Allowance;
use crate::suite::steps::{AskOperator, Condition, Force, Network, NetworkAction, PowerCycle};
use crate::target::{Action, Line};
use crate::verdict::IncidentKind;

/// How long the supply is off when neither step nor target say.
const OFF_FOR: Duration = Duration::from_secs(5);

fn unable(what: impl Into<String>) -> Trouble {
    Trouble::new(IncidentKind::Stimulus, what)
}

/// The process side that a line action speaks to. One connection for all cases of a run.
pub(crate) fn line_process(cx: &CaseRun<'_>, line: &Line) -> Arc<LineProcess> {
    let endpoint = match line {
        Line::ProcessSide => Endpoint::Process,
        Line::Address(address) => Endpoint::Line(address.to_string()),
    };
    cx.shared.processes.get(endpoint)
}

/// Brings the process of a control into a condition, or out of it.
pub(super) async fn force(cx: &mut CaseRun<'_>, step: &Force) -> Result<(), Trouble> {
    let control = cx.eval(&step.control)?.0;
    let what = cx.eval(&step.condition)?;
    let active = cx.eval_opt(step.active.as_ref())?.unwrap_or(true);
    let sent = Instant::now();
    if active {
        cx.ledger.note(
            "",
            Change::Forced {
                control: control.clone(),
                condition: what,
            },
        );
    }
    condition(cx, &control, what, active).await?;
    if !active {
        cx.ledger.forget_forced(&control, what);
    }
    bind_event(cx, &step.common(), sent, Instant::now(), &[]);
    cx.check(&step.check.0)
}

/// Ends a condition, for putting back.
pub(crate) async fn end_condition(
    cx: &mut CaseRun<'_>,
    control: &str,
    what: Condition,
) -> Result<(), Trouble> {
    condition(cx, control, what, false).await
}

async fn condition(
    cx: &mut CaseRun<'_>,
    control: &str,
    what: Condition,
    active: bool,
) -> Result<(), Trouble> {
    let target = Arc::clone(&cx.shared.target);
    let stimuli = target.stimuli.as_ref();
    let ways = stimuli.and_then(|stimuli| stimuli.conditions.as_ref());
    let way = ways.and_then(|ways| ways.way(what)).ok_or_else(|| {
        let what = what.as_str();
        unable(format!(
            "the target does not say how to bring about `{what}`"
        ))
    })?;
    let word = if active { "on" } else { "off" };
    let replace = [("ref", control), ("action", word)];
    let (verb, cause) = process_command(what);
    let command = format!("{verb} {control} {cause}{word}");
    perform(cx, &way.action, &command, &replace).await
}

/// What the process side calls a condition: the command, and its word before `on` or `off`.
const fn process_command(what: Condition) -> (&'static str, &'static str) {
    match what {
        Condition::TestNotOk => ("block", ""),
        Condition::KeepsState => ("stick", ""),
        Condition::Interlocked => ("hold", "blocked-by-interlocking "),
        Condition::NoSynchronism => ("hold", "blocked-by-synchrocheck "),
        Condition::Local => ("hold", "blocked-by-switching-hierarchy "),
        Condition::CommandBlocked => ("hold", "blocked-by-command "),
        Condition::OneOfN => ("hold", "1-of-n-control "),
        Condition::HalfWay => ("hold", "invalid-position "),
    }
}

/// Interrupts the supply of the device.
pub(super) async fn power_cycle(cx: &mut CaseRun<'_>, step: &PowerCycle) -> Result<(), Trouble> {
    allowed(cx, Allowance::CutPower)?;
    let target = Arc::clone(&cx.shared.target);
    let way = target
        .power
        .as_ref()
        .ok_or_else(|| unable("the target does not say how to interrupt the supply"))?;
    let asked = cx.eval_opt(step.off_for.as_ref())?.map(Millis::duration);
    let off_for = asked
        .or(way.off_for.map(Millis::duration))
        .unwrap_or(OFF_FOR);
    let sent = Instant::now();
    match &way.action {
        // The process side knows one command for the whole of it.
        Action::Line(_) => perform(cx, &way.action, "restart", &[]).await?,
        action => {
            perform(cx, action, "", &[("ref", ""), ("action", "off")]).await?;
            cx.log.demanded(off_for);
            sleep(off_for).await;
            perform(cx, action, "", &[("ref", ""), ("action", "on")]).await?;
        }
    }
    bind_event(cx, &step.common(), sent, Instant::now(), &[]);
    Ok(())
}

/// Cuts the network path, or restores it.
pub(super) async fn network(cx: &mut CaseRun<'_>, step: &Network) -> Result<(), Trouble> {
    let sent = Instant::now();
    match step.action {
        NetworkAction::Cut => {
            allowed(cx, Allowance::CutNetwork)?;
            cx.ledger.note("", Change::NetworkCut);
            path(cx, "cut").await?;
        }
        NetworkAction::Restore => restore_network(cx).await?,
    }
    bind_event(cx, &step.common(), sent, Instant::now(), &[]);
    Ok(())
}

/// Restores the network path.
pub(crate) async fn restore_network(cx: &mut CaseRun<'_>) -> Result<(), Trouble> {
    path(cx, "restore").await?;
    cx.ledger.forget_cut();
    Ok(())
}

async fn path(cx: &mut CaseRun<'_>, action: &str) -> Result<(), Trouble> {
    let target = Arc::clone(&cx.shared.target);
    let way = target
        .network
        .as_ref()
        .ok_or_else(|| unable("the target does not say how to cut the network path"))?;
    let command = if action == "cut" {
        "blackhole on"
    } else {
        "blackhole off"
    };
    perform(cx, &way.action, command, &[("ref", ""), ("action", action)]).await
}

/// Does what needs no association: `command` of the line protocol, or any other way with every `{key}` replaced.
pub(super) async fn perform(
    cx: &CaseRun<'_>,
    action: &Action,
    command: &str,
    replace: &[(&str, &str)],
) -> Result<(), Trouble> {
    let within = cx.shared.timeouts.stimulus();
    match action {
        Action::Line(line) => {
            let process = line_process(cx, line);
            process
                .command(command, within)
                .await
                .map(drop)
                .map_err(|error| unable(error.to_string()))
        }
        Action::Exec(words) => exec::run(words, replace, within)
            .await
            .map(drop)
            .map_err(|error| unable(error.to_string())),
        Action::Http(call) => http::call(cx.shared.connector.as_ref(), call, replace, within)
            .await
            .map_err(|error| unable(error.to_string())),
        Action::Prompt(text) => have_done(cx, &exec::fill(text, replace)).await,
        Action::Write(_) | Action::Control(_) => {
            Err(unable("this cannot be done by a write or a control"))
        }
    }
}

/// Asks a person.
pub(super) async fn ask_operator(cx: &mut CaseRun<'_>, step: &AskOperator) -> Result<(), Trouble> {
    let text = cx.eval(&step.text)?;
    let sent = Instant::now();
    let answer = ask(cx, &text).await?;
    let yes = is_yes(&answer);
    let fields = [("answer", Value::from(answer)), ("yes", Value::Bool(yes))];
    bind_event(cx, &step.common(), sent, Instant::now(), &fields);
    cx.check(&step.check.0)
}

fn is_yes(answer: &str) -> bool {
    matches!(
        answer.trim().to_lowercase().as_str(),
        "y" | "yes" | "j" | "ja" | "ok" | "done"
    )
}

/// Has the operator do something. Silence on return means that it is done; other words tell what went wrong.
async fn have_done(cx: &CaseRun<'_>, text: &str) -> Result<(), Trouble> {
    let answer = ask(cx, text).await?;
    if answer.trim().is_empty() || is_yes(&answer) {
        return Ok(());
    }
    Err(unable(format!(
        "the operator was asked `{text}` and says: {}",
        answer.trim()
    )))
}

/// Shows a text to the operator and waits for the answer.
async fn ask(cx: &CaseRun<'_>, text: &str) -> Result<String, Trouble> {
    let Some(operator) = &cx.shared.operator else {
        return Err(unable(format!("nobody is there to ask: {text}")));
    };
    let limit = cx.shared.timeouts.operator();
    match timeout(limit, operator.ask(text)).await {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(unable(format!("the operator gave no answer to: {text}"))),
        Err(_) => Err(unable(format!(
            "the operator did not answer in time: {text}"
        ))),
    }
}
