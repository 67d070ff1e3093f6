//! Carrying out what a target file names for the world outside MMS: a line command, a program, a person.

use std::time::Duration;

use crate::connector::Endpoint;
use crate::process::exec;
use crate::process::line::LineProcess;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::target::{Action, HostPort, Line};
use crate::verdict::IncidentKind;

/// The port of a line protocol whose address names none.
const LINE_PORT: u16 = 10_103;

/// Carries out a command on the line protocol; its payload.
pub(super) async fn line(
    cx: &CaseRun<'_>,
    line: &Line,
    command: &str,
    within: Duration,
) -> Result<String, Trouble> {
    let endpoint = match line {
        Line::ProcessSide => Endpoint::Process,
        Line::Address(address) => Endpoint::Line(address_of(address)),
    };
    LineProcess::new(cx.shared.connector.clone(), endpoint)
        .command(command, within)
        .await
        .map_err(|error| stimulus(error.to_string()))
}

/// Carries out an action that needs no MMS: a line command, a program or a person. What is for MMS is refused.
pub(super) async fn world(
    cx: &CaseRun<'_>,
    action: &Action,
    command: &str,
    replace: &[(&str, &str)],
    within: Duration,
) -> Result<(), Trouble> {
    match action {
        Action::Line(target) => line(cx, target, command, within).await.map(|_| ()),
        Action::Exec(words) => exec::run(words, replace, within)
            .await
            .map(|_| ())
            .map_err(|error| stimulus(error.to_string())),
        Action::Prompt(text) => Err(no_operator(&exec::fill(text, replace))),
        Action::Write(_) | Action::Control(_) => Err(Trouble::harness(
            "this action is not one of the process side",
        )),
    }
}

/// The trouble that the world did not do what a case needs.
pub(super) fn stimulus(text: impl Into<String>) -> Trouble {
    Trouble::new(IncidentKind::Stimulus, text)
}

/// The trouble that nobody is there to be asked.
pub(super) fn no_operator(text: &str) -> Trouble {
    stimulus(format!("nobody is there to be asked: {text}"))
}

fn address_of(address: &HostPort) -> String {
    format!("{}:{}", address.host, address.port_or(LINE_PORT))
}
