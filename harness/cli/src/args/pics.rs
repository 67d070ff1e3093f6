//! The conformance statement and what is missing of it.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use iedassay_reports::pics_gap::Gap;

/// Hold what is required, claimed and announced against what was observed
#[derive(Debug, clap::Args)]
pub(crate) struct PicsArgs {
    #[command(subcommand)]
    pub(crate) command: PicsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PicsCommand {
    Gap(PicsGapArgs),
    Init(PicsInitArgs),
}

/// Show the PICS gap, of a run or of a device
///
/// Of a run: what its record holds. Of a device: it is associated with and asked about every capability, and no case is
/// run. Nothing is changed on it. Without either, the simulated IED is asked.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay pics gap iedassay-out            of a run: its directory, or its record.json
  iedassay pics gap --target bay12.yaml     of a device, without running any case
  iedassay pics gap iedassay-out --all --format csv
  iedassay pics gap iedassay-out --format html > pics-gap.html
  iedassay pics gap iedassay-out --statement bay12-pics.yaml --fail-on-unsigned
  iedassay pics gap iedassay-out --fail-on-gap claimed-but-failing --fail-on-gap statement-and-SCL-disagree

Kinds of gap: required-but-not-claimed, required-but-failing, claimed-but-failing, claimed-but-never-exercised,
announced-but-not-working, working-but-not-claimed, working-but-not-announced, statement-and-SCL-disagree.")]
pub(crate) struct PicsGapArgs {
    /// The record of a run, or the directory that holds it
    #[arg(value_name = "RECORD", conflicts_with = "target")]
    pub(crate) record: Option<PathBuf>,
    /// Target file of the device to ask [default: the simulated IED]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) target: Option<PathBuf>,
    /// Switch on a named fault of the simulated IED; may be given several times
    #[arg(long = "fault", value_name = "NAME", conflicts_with_all = ["target", "record"])]
    pub(crate) faults: Vec<String>,
    /// File of a PICS statement that holds instead of what is claimed otherwise; says whether it is signed and still what was
    /// signed
    #[arg(long, value_name = "FILE")]
    pub(crate) statement: Option<PathBuf>,
    /// End with 1 when the statement is not signed, or not what was signed
    #[arg(long, requires = "statement")]
    pub(crate) fail_on_unsigned: bool,
    /// Show every capability, not only those with a gap
    #[arg(long)]
    pub(crate) all: bool,
    /// Form of the result: human, json, csv, markdown, html or junit
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: GapFormat,
    /// End with 1 when there is this kind of gap, or `any`; may be given several times
    #[arg(long, value_name = "KIND", value_parser = gap_kind)]
    pub(crate) fail_on_gap: Vec<GapKind>,
}

/// Draft the PICS statement of a device, to be checked and signed by a person
///
/// Prints the section `pics` for the target file: what the SCL file says, where it is silent what the device was seen to do, and
/// what neither tells as a comment. With --out it is a file of its own that a person signs: name, organisation, day, and the
/// SHA-256 of what is signed, which `pics gap --statement FILE` tells. Nothing is changed on the device.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay pics init --target bay12.yaml                       the section for the target file
  iedassay pics init --target bay12.yaml --out bay12-pics.yaml   a file of its own, to be signed")]
pub(crate) struct PicsInitArgs {
    /// Target file of the device [default: the simulated IED]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) target: Option<PathBuf>,
    /// Write a statement of its own here, which must not be there yet
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Form of a PICS gap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum GapFormat {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
    /// One line a capability
    Csv,
    /// For merge requests and step summaries
    Markdown,
    /// One page, to be printed or sent, with every capability
    Html,
    /// One test case a capability
    Junit,
}

/// A kind of gap that fails, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GapKind(pub(crate) Option<Gap>);

pub(super) fn gap_kind(word: &str) -> Result<GapKind, String> {
    if word == "any" {
        return Ok(GapKind(None));
    }
    let known = Gap::ALL
        .into_iter()
        .find(|gap| gap.name().eq_ignore_ascii_case(word));
    known.map(|gap| GapKind(Some(gap))).ok_or_else(|| {
        let names: Vec<String> = Gap::ALL.into_iter().map(Gap::name).collect();
        format!("known are `any`, {}", names.join(", "))
    })
}
