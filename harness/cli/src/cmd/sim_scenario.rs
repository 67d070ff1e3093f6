//! Scenarios of `iedassay sim`: played while the IED serves, or listed on virtual time.

use std::collections::HashSet;
use std::time::Duration;

use iedassay_model::value::format_duration;
use iedassay_sim::{Sim, SimConfig};

use crate::args::SimArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::scenario::Titled;

/// How much of a scenario is listed without being told.
const USUAL: Duration = Duration::from_secs(60);
/// Mistakes that are told; a scenario that goes on for ever would repeat them for ever.
const MAX_TOLD: usize = 100;

/// Plays a scenario. Never ends: the IED goes on serving.
pub(super) async fn play(sim: &Sim, titled: Option<Titled>, console: &Console) {
    if let Some(titled) = titled {
        console.note(&format!("scenario: {}", titled.title));
        let mut told = HashSet::new();
        let played = sim.process().play(titled.scenario, |_, command, answer| {
            if let Err(error) = answer
                && told.len() < MAX_TOLD
                && told.insert(command.to_string())
            {
                console.warning(&format!("`{command}` is not possible: {error}"));
            }
        });
        let time = format_duration(played.await);
        console.note(&format!("the scenario has ended after {time}"));
    }
    std::future::pending().await
}

/// Plays a scenario on virtual time and lists its commands, each with its instant.
pub(super) async fn list(
    args: &SimArgs,
    config: SimConfig,
    titled: Option<Titled>,
    console: &Console,
) -> Result<Exit, Failure> {
    let Some(titled) = titled else {
        return Err(
            Failure::usage("there is no scenario to play on virtual time")
                .hint("name one with `--scenario FILE`"),
        );
    };
    let sim = Sim::new(config);
    let limit = args.lasts.unwrap_or(USUAL);
    let (mut refused, mut unwritten) = (false, None);
    let played = sim.process().play(titled.scenario, |at, command, answer| {
        let why = match answer {
            Ok(_) => String::new(),
            Err(error) => format!("  # {error}"),
        };
        refused |= answer.is_err();
        let line = format!("{:>10.3}s  {command}{why}\n", at.as_secs_f64());
        if unwritten.is_none() {
            unwritten = console.result(&line).err();
        }
    });
    let ended = tokio::time::timeout(limit, played).await;
    if let Some(failure) = unwritten {
        return Err(failure);
    }
    console.note(&match ended {
        Ok(time) => format!("the scenario ends after {}", format_duration(time)),
        Err(_) => format!(
            "the scenario goes on after {}; `--for TIME` lists more",
            format_duration(limit)
        ),
    });
    Ok(if refused {
        Exit::CouldNotTest
    } else {
        Exit::Conforms
    })
}
