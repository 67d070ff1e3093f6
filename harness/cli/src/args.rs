//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use iedassay_client::tls::Version;
use iedassay_engine::cel::FieldValue;
use iedassay_engine::target::Jobs;
use iedassay_reports::pics_gap::Gap;
use iedassay_wire::annotate::Start;

mod fuzz;
mod hostile_server;

pub(crate) use fuzz::FuzzArgs;
pub(crate) use hostile_server::HostileServerArgs;

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

/// Show the model of a server, live or as an SCL file describes it, or the differences
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay browse --target bay12.yaml       what the device tells of itself
  iedassay browse --scl station.scd --ied AA1E1Q01 --format json
  iedassay browse --target bay12.yaml --scl bay12.cid
                                            what is different; ends with 1 when something is
  iedassay browse                           the built-in model")]
pub(crate) struct BrowseArgs {
    /// Target file of the device to browse; with an SCL file too, the differences are shown
    #[arg(long, short, value_name = "FILE")]
    pub(crate) target: Option<PathBuf>,
    /// SCL file to read (.cid, .icd, .iid, .scd)
    #[arg(long, value_name = "FILE")]
    pub(crate) scl: Option<PathBuf>,
    /// IED within the SCL file; needed when the file has several
    #[arg(long, value_name = "NAME", requires = "scl")]
    pub(crate) ied: Option<String>,
    /// Access point of the IED [default: the first that has a server]
    #[arg(long, value_name = "NAME", requires = "scl")]
    pub(crate) access_point: Option<String>,
    /// Show every attribute with its functional constraint and type
    #[arg(long)]
    pub(crate) all: bool,
    /// Form of the result: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// Run the simulated IED on its own
///
/// Prints where it listens on standard output, one line each: `mms ADDRESS`, `mms-tls ADDRESS`, and `process ADDRESS` for the
/// process side.
/// Ends with Ctrl-C.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay sim                              serve the built-in model on 127.0.0.1:10102
  iedassay sim --listen 0.0.0.0:102 --scl bay12.cid
  iedassay sim --fault gi-not-reset         with a named deviation from the standard
  iedassay sim --list-faults                one fault a line, its name first
  iedassay sim --profile device.yaml --option association.max=2
                                            a device with other PIXIT choices
  iedassay sim --scenario feeder.yaml       and the process changes as the file says
  iedassay sim --scenario feeder.yaml --virtual-time --for 1min
                                            only list what it does, and when
  iedassay sim --tls-cert ied.pem --tls-key ied.key --tls-ca ca.pem --tls-crl ca.crl

The process side (`--process 127.0.0.1:0`) takes one command a line, as in
  set ASSAYLD0/GGIO1.Ind1.stVal[ST] true
and `help` lists what else")]
pub(crate) struct SimArgs {
    /// Where MMS clients connect; port 0 takes a free one [default: 127.0.0.1:10102; with TLS nowhere]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// Where the process side listens; without it there is none
    #[arg(long, value_name = "ADDR")]
    pub(crate) process: Option<SocketAddr>,
    /// Time server (SNTP over UDP) that sets the clock; give another one that is asked when the first is silent
    #[arg(long = "time-server", value_name = "ADDR")]
    pub(crate) time_servers: Vec<SocketAddr>,
    /// SCL file to serve instead of the built-in model
    #[arg(long, value_name = "FILE")]
    pub(crate) scl: Option<PathBuf>,
    /// IED within the SCL file; needed when the file has several
    #[arg(long, value_name = "NAME", requires = "scl")]
    pub(crate) ied: Option<String>,
    /// Access point of the IED [default: the first that has a server]
    #[arg(long, value_name = "NAME", requires = "scl")]
    pub(crate) access_point: Option<String>,
    /// Switch on a named fault; may be given several times
    #[arg(long = "fault", value_name = "NAME")]
    pub(crate) faults: Vec<String>,
    /// List the faults, one a line, and end
    #[arg(long)]
    pub(crate) list_faults: bool,
    /// Associations served at once [default: as the SCL file says, else 5]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_associations: Option<u16>,
    /// File in which buffered reports, logs, settings, data sets and files outlive the process; made when it is missing
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
    /// Serve clients whatever selectors and titles they call
    #[arg(long)]
    pub(crate) any_address: bool,
    /// Password that a client has to give, as `--option association.password=TEXT`
    #[arg(long, value_name = "TEXT")]
    pub(crate) password: Option<String>,
    /// YAML file with the choices that the standard leaves to a device (PIXIT)
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// One such choice, as `reports.resync=from-first-unsent`; goes over the profile; may be given several times
    #[arg(long = "option", value_name = "KEY=VALUE")]
    pub(crate) options: Vec<String>,
    /// List these choices, one a line, and end
    #[arg(long)]
    pub(crate) list_options: bool,
    /// YAML file with what happens to the process, and when
    #[arg(long, value_name = "FILE")]
    pub(crate) scenario: Option<PathBuf>,
    /// Serve nobody: play the scenario on a clock that jumps over every wait and list its commands with their instants
    #[arg(long, conflicts_with_all = ["listen", "process", "store", "tls_cert"])]
    pub(crate) virtual_time: bool,
    /// End after this time, as `90s` or `10min` [default: never; with --virtual-time 1min]
    #[arg(long = "for", value_name = "TIME", value_parser = duration, allow_hyphen_values = true)]
    pub(crate) lasts: Option<Duration>,
    #[command(flatten)]
    pub(crate) tls: SimTlsArgs,
}

fn jobs(text: &str) -> Result<Jobs, String> {
    Jobs::from_text(text).map_err(|bad| bad.message)
}

fn duration(text: &str) -> Result<Duration, String> {
    iedassay_model::value::parse_duration(text)
        .ok_or_else(|| "expected a time such as `200ms`, `1s` or `2min`".to_owned())
}

/// The simulated IED behind TLS.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "TLS (IEC 62351-3), clients must show a certificate")]
pub(crate) struct SimTlsArgs {
    /// Certificate of the IED, PEM
    #[arg(long = "tls-cert", value_name = "FILE", requires_all = ["tls_key", "tls_ca"])]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key, PEM without a passphrase
    #[arg(long = "tls-key", value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Certificates of the authorities whose clients are let in, PEM
    #[arg(long = "tls-ca", value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_ca: Option<PathBuf>,
    /// Revocation list; may be given several times
    #[arg(long = "tls-crl", value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_crl: Vec<PathBuf>,
    /// Version served, 1.2 or 1.3; may be given several times [default: both]
    #[arg(long = "tls-version", value_name = "VERSION", value_parser = tls_version, requires = "tls_cert")]
    pub(crate) tls_versions: Vec<Version>,
    /// Where clients connect with TLS; port 0 takes a free one
    #[arg(
        long = "tls-listen",
        value_name = "ADDR",
        default_value = "127.0.0.1:3782"
    )]
    pub(crate) tls_listen: SocketAddr,
}

fn tls_version(text: &str) -> Result<Version, String> {
    Version::ALL
        .into_iter()
        .find(|version| version.as_str() == text)
        .ok_or_else(|| "expected 1.2 or 1.3".to_owned())
}

/// Explain octets or a capture, layer by layer down to MMS
///
/// Ends with 1 when something is malformed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay decode iedassay-out/captures/urcb-integrity-period.pcapng
  iedassay decode capture.pcapng --frame 31
  iedassay decode capture.pcapng --summary  one line for each message
  iedassay decode 'a0 0e 02 01 01 a4 09 a1 07 a0 05 ...'
  xxd -p pdu.bin | iedassay decode -")]
pub(crate) struct DecodeArgs {
    /// A pcapng or pcap file, a file with hexadecimal text or raw octets, the octets themselves, or `-` for
    /// standard input
    #[arg(value_name = "FILE|HEX|-", allow_hyphen_values = true)]
    pub(crate) input: Option<String>,
    /// Layer that the octets begin with: tpkt, cotp, session, presentation, acse or mms [default: guessed]
    #[arg(long, value_enum, value_name = "LAYER", hide_possible_values = true)]
    pub(crate) layer: Option<LayerName>,
    /// Only the message that this frame of the capture completes
    #[arg(long, value_name = "N")]
    pub(crate) frame: Option<u64>,
    /// One line for each message
    #[arg(long)]
    pub(crate) summary: bool,
    /// Form of the result: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}

/// A layer that octets can begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LayerName {
    /// RFC 1006 packets
    Tpkt,
    /// One ISO 8073 TPDU
    Cotp,
    /// One ISO 8327 SPDU
    Session,
    /// One ISO 8823 PPDU
    Presentation,
    /// One ISO 8650 APDU
    Acse,
    /// One ISO 9506 PDU
    Mms,
}

impl LayerName {
    pub(crate) fn start(self) -> Start {
        match self {
            Self::Tpkt => Start::Tpkt,
            Self::Cotp => Start::Cotp,
            Self::Session => Start::Session,
            Self::Presentation => Start::Presentation,
            Self::Acse => Start::Acse,
            Self::Mms => Start::Mms,
        }
    }
}

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

fn gap_kind(word: &str) -> Result<GapKind, String> {
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
