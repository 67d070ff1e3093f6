//! What makes reports of a run, compares two, and forgives.

use std::path::PathBuf;

use clap::ValueEnum;

use super::Format;

/// Render an old run record again
///
/// Writes junit.xml, report.html, report.md, pics-gap.json and pics-gap.csv beside the record, or to another directory,
/// and prints the summary. The verdicts are those of the record.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay report iedassay-out              the directory of a run, or its record.json
  iedassay report old/record.json --out rendered-again")]
pub(crate) struct ReportArgs {
    /// The record, or the directory that holds it
    #[arg(value_name = "RECORD")]
    pub(crate) record: PathBuf,
    /// Compare every evidence file with its SHA-256 in the record instead of rendering; ends with 1 when one differs
    #[arg(long, conflicts_with_all = ["out", "verbose", "format"])]
    pub(crate) verify: bool,
    /// Where to write [default: beside the record]
    #[arg(long, short, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Form of the result on standard output: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
    /// List every case, not only those that need an eye
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Only this case, by its id, or by its id and instance as `id[instance]`; may be given several times. Reports are written
    /// only with --out, so that those of the whole run stay
    #[arg(long = "case", value_name = "CASE", conflicts_with = "verify")]
    pub(crate) cases: Vec<String>,
}

/// Show what changed between two runs
///
/// Of the same device with other firmware, of two devices, or of the same release twice. Ends with 1 when a case fails
/// that did not, when a verdict is gone, or when a capability that worked fails; otherwise with 0.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay diff firmware-4.2 firmware-4.3   the directories of two runs, or their record.json
  iedassay diff baseline.json iedassay-out --format markdown >> summary.md
  iedassay diff firmware-4.2 firmware-4.3 --format html > changes.html")]
pub(crate) struct DiffArgs {
    /// The earlier record, or the one that is the measure: its file, or the directory that holds it
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The later record
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Per cent by which the middle of what a case measured may move without being told; of times 20 ms are always free
    #[arg(long, value_name = "PERCENT", default_value_t = 25)]
    pub(crate) tolerance: u16,
    /// End with 1 also when something measured moved by more
    #[arg(long)]
    pub(crate) fail_on_measurements: bool,
    /// Form of the result: human, json, markdown or html
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: DiffFormat,
}

/// Draft the known deviations of a target file from the failures of a run
///
/// Prints the section `known-deviations` for every failure that no waiver accepts, each with what was observed beside
/// it. A person puts it into the target file, with a reason and a name. Each holds for the firmware that the device told in
/// that run, written `firmware:`; widen it (`4.2.*`, or `>= 4.2, < 4.5`) or take it out where it holds for others too. Ends
/// with 4 when nothing fails.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay waive --from iedassay-out >> bay12.yaml
  iedassay waive --from iedassay-out --owner j.doe@example.org --reason 'ticket 4711' --expires 2027-03-31")]
pub(crate) struct WaiveArgs {
    /// The record of the run, or the directory that holds it
    #[arg(long, value_name = "RECORD")]
    pub(crate) from: PathBuf,
    /// Who answers for the deviations
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// Why they are accepted
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// The last day on which they are
    #[arg(long, value_name = "DAY")]
    pub(crate) expires: Option<String>,
}

/// Form of a comparison.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
    /// For merge requests and step summaries
    Markdown,
    /// One page with both runs side by side
    Html,
}
