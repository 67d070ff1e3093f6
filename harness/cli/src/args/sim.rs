//! The simulated IED on its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use iedassay_client::tls::Version;

use super::{DescriptionArgs, duration};

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
    #[command(flatten)]
    pub(crate) description: DescriptionArgs,
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
