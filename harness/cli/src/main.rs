//! The `iedassay` command: arguments, progress, exit codes. The only crate that prints or exits.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests may panic"
    )
)]

mod args;
mod catalogue;
mod clock;
mod cmd;
mod console;
mod decode;
mod diagnostics;
mod exit;
mod explained;
mod failure;
mod files;
mod model_view;
mod output_schemas;
mod scenario;
mod scl;
mod selftest;
mod session;
mod sim_profile;
mod targets;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use console::Console;
use exit::Exit;
use failure::Failure;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, everything else is a usage error; clap prints each to the right stream.
            let exit = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Conforms
            };
            let _ = error.print();
            return exit.into();
        }
    };
    let console = Console::new(args.color);
    let result = run(args.command, &console);
    let exit = result.unwrap_or_else(|failure| {
        console.failure(&failure);
        failure.exit
    });
    exit.into()
}

fn run(command: Command, console: &Console) -> Result<Exit, Failure> {
    match command {
        Command::Browse(args) => cmd::browse::run(&args, console),
        Command::Check(args) => cmd::check::run(&args, console),
        Command::Completions(args) => cmd::completions::run(&args, console),
        Command::Decode(args) => cmd::decode::run(&args, console),
        Command::Diff(args) => cmd::diff::run(&args, console),
        Command::Explain(args) => cmd::explain::run(&args, console),
        Command::Fuzz(args) => cmd::fuzz::run(&args, console),
        Command::HostileServer(args) => cmd::hostile_server::run(&args, console),
        Command::List(args) => cmd::list::run(&args, console),
        Command::Report(args) => cmd::report::run(&args, console),
        Command::Run(args) => cmd::run::run(&args, console),
        Command::Schemas(args) => cmd::schemas::run(&args, console),
        Command::Selftest(args) => cmd::selftest::run(&args, console),
        Command::Sim(args) => cmd::sim::run(&args, console),
        Command::Pics(args) => cmd::pics::run(&args, console),
        Command::Waive(args) => cmd::waive::run(&args, console),
    }
}
