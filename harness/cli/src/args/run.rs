//! What runs, lists, checks and explains suites.

use std::path::PathBuf;

use iedassay_engine::cel::FieldValue;
use iedassay_engine::target::Jobs;

use super::Format;
use super::pics::{GapKind, gap_kind};

/// Run the suites on a device and judge it
///
/// Without a target the device is the simulated IED, in process. What the device allows is in its target file: by
/// default only reading, and configuring report control blocks. Whatever a case changes is put back, also after Ctrl-C.
///
/// The record is written as the run goes: what was stopped or killed keeps every verdict, and `--resume` goes on with the
/// rest.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay run                              the simulated IED, in real time
  iedassay run --virtual-time               the same in a fraction of the time
  iedassay run --fault gi-not-reset         an IED that is known to be wrong
  iedassay run --target bay12.yaml --out results/bay12
  iedassay run --target bay12.yaml --profile tender.yaml
  iedassay run --profile commissioning --only-required
  iedassay run --target bay12.yaml --filter reporting --filter sAss1
  iedassay run --filter 'block:5 and not kind:negative'
  iedassay run --target bay12.yaml --retries 2 --fail-on-flaky
  iedassay run --resume results/bay12       go on after a power cut, a kill or Ctrl-C
  iedassay run --rerun-failed results/bay12 --out results/bay12-again

With --retries a case that fails, or that is inconclusive because a preamble, a stimulus or the
network did not work, is tried again by itself when all others are done. One pass makes a pass,
and the case is shown as flaky with all its tries; without one the first failure stands. Not
tried again: errors of harness or suite, what the target does not allow, preconditions that do
not hold, and cases that could not put everything back.

The directory given with --out receives record.json, junit.xml, report.html, report.md, pics-gap.json, pics-gap.csv,
and of each case a capture and a transcript.")]
pub(crate) struct RunArgs {
    /// Target file of the device under test [default: the simulated IED]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) target: Option<PathBuf>,
    /// Requirement profile of the buyer: a file, or the name of one that is built in, as `commissioning` [default: the
    /// one that the target names]
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<PathBuf>,
    /// Only the cases that the requirements of the profile name
    #[arg(long, conflicts_with = "filters")]
    pub(crate) only_required: bool,
    /// Suite file or directory instead of the built-in suites; may be given several times
    #[arg(long, value_name = "PATH")]
    pub(crate) suites: Vec<PathBuf>,
    /// Cases to run: an id with `*`, a group, a suite, the id of a published procedure, or a label such as
    /// `block:5`, `tag:x`, `kind:negative`; joined by `and`, `or`, `not`. Several filters: cases that any selects
    #[arg(long = "filter", short, value_name = "EXPR")]
    pub(crate) filters: Vec<String>,
    /// Where reports and evidence go
    #[arg(long, short, value_name = "DIR", default_value = "iedassay-out")]
    pub(crate) out: PathBuf,
    /// Who runs this, for the record and every report [default: nobody is named]
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// Try a case that did not pass up to N times again; it never hides that it was needed
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u32).range(..=10))]
    pub(crate) retries: u32,
    /// End with 1 also when a case passed only when it was tried again
    #[arg(long)]
    pub(crate) fail_on_flaky: bool,
    /// Go on with a run that was stopped or killed, as it was asked for: with the same suites, target and description, or
    /// not at all
    #[arg(long, value_name = "DIR", conflicts_with_all = [
        "target", "profile", "only_required", "suites", "filters", "out", "strict", "answers", "shuffle", "retries",
        "fail_on_flaky", "dry_run", "faults", "virtual_time", "rerun_failed",
    ])]
    pub(crate) resume: Option<PathBuf>,
    /// Go on although something is no longer as it was; the record says what
    #[arg(long, requires = "resume")]
    pub(crate) force: bool,
    /// Only the cases that failed, were inconclusive or in error in this record, as it was asked for; what is given here goes
    /// before. The new record names the old one
    #[arg(long, value_name = "RECORD", conflicts_with_all = ["filters", "only_required", "shuffle", "dry_run"])]
    pub(crate) rerun_failed: Option<PathBuf>,
    /// Count inconclusive verdicts as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// File with answers to the questions of guided cases; what it leaves open is asked at the terminal
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
    /// Run the cases in an order drawn with this seed [default: a new seed, told in the record]
    #[arg(long, value_name = "SEED", num_args = 0..=1)]
    pub(crate) shuffle: Option<Option<u64>>,
    /// Run up to N cases at the same time where they cannot disturb each other, or `auto`: up to 4, as the associations of the
    /// device allow [default: what the target says under `jobs`, else 1]
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub(crate) jobs: Option<Jobs>,
    /// Show what would run, how long that takes and the longest chain of waits; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Switch on a named fault of the simulated IED; may be given several times
    #[arg(long = "fault", value_name = "NAME", conflicts_with = "target")]
    pub(crate) faults: Vec<String>,
    /// Run the simulated IED on a clock that jumps over every wait
    #[arg(long, conflicts_with = "target")]
    pub(crate) virtual_time: bool,
    /// End with 1 also when the PICS gap has this kind of gap, as `claimed-but-failing`, or `any`; may be given several times
    #[arg(long, value_name = "KIND", value_parser = gap_kind)]
    pub(crate) fail_on_gap: Vec<GapKind>,
    /// List every case in the summary, not only those that need an eye
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Form of the result on standard output: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// List the cases with their ids and needs
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay list
  iedassay list --filter reporting --filter sAss1
  iedassay list --filter 'block:5 and not kind:negative'
  iedassay list --format json               one array, each case with its rationale and needs")]
pub(crate) struct ListArgs {
    /// Cases to select: an id with `*`, a group, a suite, the id of a published procedure, or a label such as
    /// `block:5`, `tag:x`, `kind:negative`; joined by `and`, `or`, `not`. Several filters: cases that any selects
    #[arg(long = "filter", short, value_name = "EXPR")]
    pub(crate) filters: Vec<String>,
    /// Suite file or directory instead of the built-in suites; may be given several times
    #[arg(long, value_name = "PATH")]
    pub(crate) suites: Vec<PathBuf>,
    /// Form of the result: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// Check suites, targets, profiles, scenarios, answers and SCL files, every error at once
///
/// A target is checked together with the SCL file that it names, suites together with each other.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay check suites bay12.yaml
  iedassay check --strict my-suites         also what works but should not stay so
  iedassay check --answers bay12-answers.yaml
  iedassay check station.scd")]
pub(crate) struct CheckArgs {
    /// Files, or directories to search for them
    #[arg(value_name = "FILE", required_unless_present = "answers")]
    pub(crate) files: Vec<PathBuf>,
    /// File with answers to the questions of guided cases, of the suites given or else the built-in ones; may be given
    /// several times
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Vec<PathBuf>,
    /// Tell also unused variables and fragments, steps that are never done, checks that say nothing, cases without clause
    /// or rationale, longer than a screen or written twice, and steps that want to be a fragment; a warning is an error
    #[arg(long)]
    pub(crate) strict: bool,
    /// Form of the result on standard output: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// Say what a case checks, why it matters and how
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay explain urcb/integrity-period
  iedassay explain sRp5                     by the id of a published procedure
  iedassay explain sRp5 --format json")]
pub(crate) struct ExplainArgs {
    /// Id of the case, or of a published procedure
    #[arg(value_name = "CASE")]
    pub(crate) case: String,
    /// Suite file or directory instead of the built-in suites; may be given several times
    #[arg(long, value_name = "PATH")]
    pub(crate) suites: Vec<PathBuf>,
    /// Form of the result on standard output: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}

fn jobs(text: &str) -> Result<Jobs, String> {
    Jobs::from_text(text).map_err(|bad| bad.message)
}

/// Prove the suites: every case on the simulated IED, and on the simulated IED with each of its faults
///
/// On the simulated IED every case must pass. A fault is killed by the cases that fail on it: every case must kill a
/// fault, and every fault must have a killer. Each case has an IED of its own, in process and on virtual time, so that
/// a verdict never depends on what ran before. Ends with 1 when the suites are not proved.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay selftest                         the whole matrix, some minutes
  iedassay selftest --exhaustive            the same without leaving out what cannot differ: five times as long
  iedassay selftest --quick                 one kill of each case and of each fault, as the known matrix has them
  iedassay selftest --fault gi-not-reset    who notices this fault
  iedassay selftest --filter 'urcb/*'       what these cases notice
  iedassay selftest --suites my-suites/     suites of your own")]
pub(crate) struct SelftestArgs {
    /// Suite file or directory instead of the built-in suites; may be given several times
    #[arg(long, value_name = "PATH")]
    pub(crate) suites: Vec<PathBuf>,
    /// Cases to prove: an id with `*`, a group, a suite, the id of a published procedure, or a label such as
    /// `block:5`, `tag:x`, `kind:negative`; joined by `and`, `or`, `not`. Several filters: cases that any selects
    #[arg(long = "filter", short, value_name = "EXPR")]
    pub(crate) filters: Vec<String>,
    /// Only this fault; may be given several times
    #[arg(long = "fault", value_name = "NAME")]
    pub(crate) faults: Vec<String>,
    /// Cases judged at the same time [default: one for each processor]
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<std::num::NonZeroU16>,
    /// Prove only one kill of each case and of each fault, chosen from the matrix that is built in
    #[arg(long, conflicts_with_all = ["filters", "faults", "suites"])]
    pub(crate) quick: bool,
    /// Judge every case on every fault, also on those that the case does not come by on the simulated IED without a
    /// fault: its verdict cannot differ there, which this shows
    #[arg(long, conflicts_with = "quick")]
    pub(crate) exhaustive: bool,
    /// Write the matrix, as JSON
    #[arg(long, value_name = "FILE", conflicts_with_all = ["filters", "faults", "quick"])]
    pub(crate) update: Option<PathBuf>,
    /// Write the matrix, as a page to read
    #[arg(long, value_name = "FILE", conflicts_with_all = ["filters", "faults", "quick"])]
    pub(crate) page: Option<PathBuf>,
    /// List also the verdicts that are neither pass nor fail
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Form of the result on standard output: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}
