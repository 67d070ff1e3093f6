//! `power-cycle`, `network`, `ask-operator`, `force`: the world around the device.

use tokio::time::{Instant, sleep};

use super::act;
use super::request::bind_result;
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::suite::Common;
use crate::suite::steps::{AskOperator, Condition, Force, Network, NetworkAction, PowerCycle};
use crate::target::{Action, WorldAction};

/// What a case has done to the world and must undo at its end.
#[derive(Debug, Default)]
pub(crate) struct Disturbed {
    /// Control objects whose process refuses commands, by reference.
    pub(crate) conditions: Vec<String>,
    /// Whether the network path is cut.
    pub(crate) network: bool,
}

/// Interrupts the supply.
pub(super) async fn power_cycle(cx: &mut CaseRun<'_>, step: &PowerCycle) -> Result<(), Trouble> {
    let target = cx.shared.target.clone();
    let power = target
        .power
        .as_ref()
        .ok_or_else(|| act::stimulus("the target file names no way to cut the power"))?;
    let off_for = cx.eval_opt(step.off_for.as_ref())?.or(power.off_for);
    let within = cx.shared.timeouts.stimulus();
    match &power.action {
        // The line protocol knows a restart, which is off and on in one.
        Action::Line(line) => {
            act::line(cx, line, "restart", within).await?;
        }
        action => {
            act::world(cx, action, "", &[("ref", ""), ("action", "off")], within).await?;
            let pause = off_for
                .map(crate::cel::Millis::duration)
                .unwrap_or_default();
            cx.log.demanded(pause);
            sleep(pause).await;
            act::world(cx, action, "", &[("ref", ""), ("action", "on")], within).await?;
        }
    }
    done(cx, &step.common());
    Ok(())
}

/// Cuts the network path, or restores it.
pub(super) async fn network(cx: &mut CaseRun<'_>, step: &Network) -> Result<(), Trouble> {
    set_network(cx, step.action == NetworkAction::Cut).await?;
    done(cx, &step.common());
    Ok(())
}

async fn set_network(cx: &mut CaseRun<'_>, cut: bool) -> Result<(), Trouble> {
    let target = cx.shared.target.clone();
    let network = target
        .network
        .as_ref()
        .ok_or_else(|| act::stimulus("the target file names no way to cut the network path"))?;
    let (word, command) = if cut {
        ("cut", "blackhole on")
    } else {
        ("restore", "blackhole off")
    };
    let within = cx.shared.timeouts.stimulus();
    // Noted before it is done: a cut that is only half done must be undone too.
    if cut {
        cx.disturbed.network = true;
    }
    act::world(
        cx,
        &network.action,
        command,
        &[("ref", ""), ("action", word)],
        within,
    )
    .await?;
    if !cut {
        cx.disturbed.network = false;
    }
    Ok(())
}

/// Asks a person. Without one the case is inconclusive.
pub(super) fn ask_operator(cx: &CaseRun<'_>, step: &AskOperator) -> Result<(), Trouble> {
    let text = cx.eval(&step.text)?;
    Err(act::no_operator(&text))
}

/// Brings the process of a control into a condition, or out of it.
pub(super) async fn force(cx: &mut CaseRun<'_>, step: &Force) -> Result<(), Trouble> {
    let control = cx.eval(&step.control)?.0;
    let Condition::TestNotOk = cx.eval(&step.condition)?;
    let active = cx.eval_opt(step.active.as_ref())?.unwrap_or(true);
    set_condition(cx, &control, active).await?;
    done(cx, &step.common());
    cx.check(step.common().check)
}

async fn set_condition(cx: &mut CaseRun<'_>, control: &str, active: bool) -> Result<(), Trouble> {
    let target = cx.shared.target.clone();
    let way: &WorldAction = target
        .stimuli
        .as_ref()
        .and_then(|stimuli| stimuli.conditions.as_ref())
        .and_then(|conditions| conditions.test_not_ok.as_ref())
        .ok_or_else(|| {
            act::stimulus("the target file names no way to make the process refuse commands")
        })?;
    let word = if active { "on" } else { "off" };
    let within = cx.shared.timeouts.stimulus();
    if active && !cx.disturbed.conditions.iter().any(|known| known == control) {
        cx.disturbed.conditions.push(control.to_owned());
    }
    let command = format!("block {control} {word}");
    act::world(
        cx,
        &way.action,
        &command,
        &[("ref", control), ("action", word)],
        within,
    )
    .await?;
    if !active {
        cx.disturbed.conditions.retain(|known| known != control);
    }
    Ok(())
}

/// Undoes what the case has done to the world; what could not be undone.
pub(crate) async fn restore(cx: &mut CaseRun<'_>) -> Vec<String> {
    let mut left = Vec::new();
    if cx.disturbed.network
        && let Err(trouble) = set_network(cx, false).await
    {
        left.push(format!(
            "the network path is still cut: {}",
            trouble.observed
        ));
    }
    for control in cx.disturbed.conditions.clone() {
        if let Err(trouble) = set_condition(cx, &control, false).await {
            left.push(format!(
                "the process of {control} still refuses commands: {}",
                trouble.observed
            ));
        }
    }
    left
}

fn done(cx: &mut CaseRun<'_>, common: &Common<'_>) {
    bind_result(cx, common, &Outcome::Success, Instant::now(), &[]);
}
