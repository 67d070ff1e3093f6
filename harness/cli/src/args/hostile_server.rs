//! Arguments of `iedassay hostile-server`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::{DescriptionArgs, Format, duration};

/// Be a server that clients have to survive, for those who test clients
///
/// The simulated IED behind one named behaviour: slow, silent, endless, lying or malformed. Everything else is served as usual, so
/// that a client comes as far as the behaviour needs. Each connection gets the next behaviour in turn.
///
/// Prints `mms ADDRESS` on standard output, and for each connection that has ended a line: its number, the behaviour, how the client
/// took it (released, aborted, closed, reset, hung; or left, when the server went first), when, and how many requests it still sent.
/// Ends with --for, --connections or Ctrl-C, and then with 1 when a client hung.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  iedassay hostile-server --list            what it can do, and what a good client does
  iedassay hostile-server                   everything, one behaviour for each connection
  iedassay hostile-server --behaviour late-answers --late 6s
                                            for a client that waits five seconds
  iedassay hostile-server --behaviour malformed-answer --seed 7 --out evidence
                                            the same octets every time, and a capture
  iedassay hostile-server --connections 20 --for 10min --format json
                                            one document at the end, for a pipeline

A client that bears it tells its user what is wrong, within its deadlines, and associates again with a good server.
Try ours: `iedassay browse --target t.yaml` with `address: 127.0.0.1:10102`")]
pub(crate) struct HostileServerArgs {
    /// Where clients connect; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:10102")]
    pub(crate) listen: SocketAddr,
    /// What is done to clients; may be given several times, then in turn [default: everything in turn]
    #[arg(long = "behaviour", short, value_name = "NAME")]
    pub(crate) behaviours: Vec<String>,
    /// List the behaviours with class, title and what a good client does, and end
    #[arg(long)]
    pub(crate) list: bool,
    /// What everything is drawn from
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// How long after the request a late answer comes
    #[arg(long, value_name = "TIME", default_value = "12s", value_parser = duration)]
    pub(crate) late: Duration,
    /// How long a client may stay without a word before it counts as hung
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub(crate) patience: Duration,
    /// End after this time, as `90s` or `10min` [default: never]
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    pub(crate) lasts: Option<Duration>,
    /// End when so many connections have ended [default: never]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) connections: Option<u64>,
    #[command(flatten)]
    pub(crate) description: DescriptionArgs,
    /// Where hostile-server.json and hostile-server.pcapng go at the end; the capture keeps the first 64 MB [default: nowhere]
    #[arg(long, short, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Form of the result on standard output: human or json
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub(crate) format: Format,
}
