//! Arguments of `iedassay fuzz`.

use std::path::PathBuf;
use std::time::Duration;

use super::{Format, duration};

/// Fuzz a device over the network and watch whether it stays in service
///
/// Valid exchanges are made wrong in one to three places: fields, elements, lengths, order, repetition, pieces, a disconnect in the middle,
/// on one or two connections. All the while a healthy association asks the device for a value; a new association is tried after every ten
/// sequences. At the first loss of service the campaign stops, waits for the device, and plays what it sent again, shorter and shorter, until
/// nothing can be left out. Needs `allow: {robustness: true}` in the target file.
///
/// What could change anything that does not go with its association is never sent: no writes but to RptEna, GI and Resv of unbuffered report
/// control blocks, no controls, no files, no data sets but those of the association.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay fuzz --target bench.yaml                       a minute, at most 20 sequences a second
  iedassay fuzz --target bench.yaml --time 8h --rate 5    a night
  iedassay fuzz --target bench.yaml --seed 7 --first 4711 --sequences 1
                                                          one sequence again
  iedassay fuzz --virtual-time --fault NAME               the simulated IED, known to be weak

The directory given with --out receives fuzz.json and, if a service is lost, finding.yaml (a suite with one case that plays
it again: `iedassay run --suites DIR/finding.yaml`) and finding.pcapng. Ends with 1 when a service is lost.")]
pub(crate) struct FuzzArgs {
    /// Target file of the device [default: the simulated IED]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) target: Option<PathBuf>,
    /// What everything is drawn from [default: a new seed, told at the beginning]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Number of the first sequence
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) first: u64,
    /// End after so many sequences [default: as many as there is time for]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) sequences: Option<u64>,
    /// End after this time, as `10min` [default: 1min, or none with --sequences]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) time: Option<Duration>,
    /// Sequences a second at most
    #[arg(long, value_name = "N", default_value_t = 20.0, value_parser = rate)]
    pub(crate) rate: f64,
    /// How long an answer to each message is awaited
    #[arg(long, value_name = "TIME", default_value = "20ms", value_parser = duration)]
    pub(crate) patience: Duration,
    /// How long a new association may take to be accepted
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(crate) accept_within: Duration,
    /// How long the device may take to serve again after a loss, as for a restart
    #[arg(long, value_name = "TIME", default_value = "3min", value_parser = duration)]
    pub(crate) recovery: Duration,
    /// How often sequences are played again to make a finding shorter
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) tries: u64,
    /// Where the results go
    #[arg(long, short, value_name = "DIR", default_value = "iedassay-fuzz")]
    pub(crate) out: PathBuf,
    /// Switch on a named fault of the simulated IED; may be given several times
    #[arg(long = "fault", value_name = "NAME", conflicts_with = "target")]
    pub(crate) faults: Vec<String>,
    /// Run the simulated IED on a clock that jumps over every wait
    #[arg(long, conflicts_with = "target")]
    pub(crate) virtual_time: bool,
    /// Form of the result on standard output: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if (0.001..=10_000.0).contains(&rate) => Ok(rate),
        _ => Err("expected a number from 0.001 to 10000".to_owned()),
    }
}
