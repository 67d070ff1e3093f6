//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

mod description;
mod fuzz;
mod hostile_server;
mod look;
mod pics;
mod report;
mod run;
mod sim;

pub(crate) use description::DescriptionArgs;
pub(crate) use fuzz::FuzzArgs;
pub(crate) use hostile_server::HostileServerArgs;
pub(crate) use look::{BrowseArgs, DecodeArgs, LayerName};
pub(crate) use pics::{GapFormat, GapKind, PicsArgs, PicsCommand, PicsGapArgs, PicsInitArgs};
pub(crate) use report::{DiffArgs, DiffFormat, ReportArgs, WaiveArgs};
pub(crate) use run::{CheckArgs, ExplainArgs, ListArgs, RunArgs, SelftestArgs};
pub(crate) use sim::{SimArgs, SimTlsArgs};

const AFTER_HELP: &str = "\
Exit codes:
  0  everything that ran conforms (waivers applied)
  1  at least one nonconformance; with --fail-on-flaky also a case that passed only when tried again
  2  usage, or an error in a suite, target or SCL file
  3  could not test: no association, interrupted, harness error
  4  nothing was selected

Start here:
  iedassay run                              judge the simulated IED, no hardware needed
  iedassay run --target bay12.yaml          judge a real one
  iedassay explain urcb/integrity-period    what a case checks and why";

/// Tests whether an IEC 61850 server does what it claims.
#[derive(Debug, Parser)]
#[command(name = "iedassay", version, about, after_help = AFTER_HELP, max_term_width = 100)]
#[command(propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct Args {
    /// When to use colours: auto, always or never; `auto` respects NO_COLOR and pipes
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_possible_values = true
    )]
    pub(crate) color: ColorChoice,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(RunArgs),
    List(ListArgs),
    Check(CheckArgs),
    Explain(ExplainArgs),
    Browse(BrowseArgs),
    Sim(Box<SimArgs>),
    Decode(DecodeArgs),
    Report(ReportArgs),
    Selftest(SelftestArgs),
    Diff(DiffArgs),
    Fuzz(FuzzArgs),
    HostileServer(HostileServerArgs),
    Waive(WaiveArgs),
    Pics(PicsArgs),
    Completions(CompletionsArgs),
    Schemas(SchemasArgs),
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Form of the result on standard output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
}

fn duration(text: &str) -> Result<Duration, String> {
    iedassay_model::value::parse_duration(text)
        .ok_or_else(|| "expected a time such as `200ms`, `1s` or `2min`".to_owned())
}

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay completions bash > ~/.local/share/bash-completion/completions/iedassay
  iedassay completions zsh > ~/.zfunc/_iedassay")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Write the JSON Schemas of suites, targets, records and of what commands print as JSON into a source tree
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub(crate) struct SchemasArgs {
    /// Only list them: where each stands and what it describes
    #[arg(long)]
    pub(crate) list: bool,
    /// Root of the source tree
    #[arg(value_name = "DIR", default_value = ".", conflicts_with = "list")]
    pub(crate) root: PathBuf,
}
