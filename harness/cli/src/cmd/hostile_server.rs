//! `iedassay hostile-server`: what clients have to survive, and how they take it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use iedassay_client::Anchor;
use iedassay_client::capture::{Capture, Connection, Direction};
use iedassay_sim::hostile::{Behaviour, Event, Hostile, HostileConfig, Reaction, What};
use iedassay_sim::{CalledAddress, Sim, SimConfig};
use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::mpsc;

use super::sim::{since_epoch, unbound};
use crate::args::{Format, HostileServerArgs};
use crate::clock;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::scl;
use crate::session;

/// Connections that the document tells; of further ones it tells the number.
const MOST_TOLD: usize = 100_000;
/// Associations of the IED behind it.
const ASSOCIATIONS: usize = 256;

/// A behaviour, as the list tells it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct BehaviourView {
    /// For `--behaviour`.
    name: &'static str,
    /// The class of the robustness catalogue, if it is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'static str>,
    /// silent, slow, ending, flooding, endless, lying or malformed.
    kind: &'static str,
    /// What the server does.
    title: &'static str,
    /// What a good client does.
    good_client: &'static str,
    /// What comes of it at a good client: served, no-association, error, or any of these as the seed has it.
    outcome: &'static str,
}

impl From<Behaviour> for BehaviourView {
    fn from(one: Behaviour) -> Self {
        Self {
            name: one.name(),
            class: one.class(),
            kind: one.kind().name(),
            title: one.title(),
            good_client: one.good_client(),
            outcome: one.bears().name(),
        }
    }
}

/// What a hostile server did, and how its clients took it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct HostileReport {
    /// Where clients connected.
    address: String,
    /// What everything was drawn from.
    seed: u64,
    /// The connections that have ended, in that order.
    connections: Vec<ConnectionView>,
    /// Connections that ended after these and are not told.
    untold: u64,
}

/// One connection.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ConnectionView {
    /// The first is 1.
    number: u64,
    /// What was done to the client.
    behaviour: &'static str,
    /// The client's end.
    client: String,
    /// Whether it came to that; a client may never ask what the behaviour begins with.
    deviated: bool,
    /// released, aborted, closed, reset, hung, or left.
    reaction: &'static str,
    /// Milliseconds until then, since the server deviated or, if it did not, since the connection was opened.
    after: u64,
    /// Confirmed requests of the client.
    requests: u64,
    /// Those that came after the server had deviated.
    requests_after: u64,
}

pub(crate) fn run(args: &HostileServerArgs, console: &Console) -> Result<Exit, Failure> {
    if args.list {
        list(args.format, console)?;
        return Ok(Exit::Conforms);
    }
    let behaviours = parse(&args.behaviours)?;
    let description = scl::load_or_builtin(
        console,
        args.description.scl.as_deref(),
        args.description.ied.as_deref(),
        args.description.access_point.as_deref(),
    )?;
    let mut config = SimConfig::new(Arc::new(description.model), since_epoch(clock::now()));
    config.address = CalledAddress::any();
    config.max_associations = ASSOCIATIONS;
    let report = session::runtime(false)?.block_on(serve(args, config, behaviours, console))?;
    if args.format == Format::Json {
        console.json(&json(&report)?)?;
    }
    let hung = |one: &ConnectionView| one.reaction == Reaction::Hung.name();
    Ok(match report.connections.iter().any(hung) {
        true => Exit::Nonconforming,
        false => Exit::Conforms,
    })
}

async fn serve(
    args: &HostileServerArgs,
    config: SimConfig,
    behaviours: Vec<Behaviour>,
    console: &Console,
) -> Result<HostileReport, Failure> {
    let capture = args
        .out
        .as_ref()
        .map(|_| Capture::new(Anchor::now(clock::now())));
    let (ended, mut ends) = mpsc::unbounded_channel();
    let log = Log {
        capture: capture.clone(),
        open: Mutex::default(),
        ended,
    };
    let hostile_config = HostileConfig {
        seed: args.seed,
        late: args.late,
        patience: args.patience,
        ..HostileConfig::default()
    };
    let hostile = Hostile::new(Sim::new(config), hostile_config, move |event| {
        log.note(event);
    });
    let count = behaviours.len();
    let listening = hostile
        .listen(args.listen, behaviours)
        .await
        .map_err(|error| unbound(args.listen, &error))?;
    let address = listening.local_addr();
    match args.format {
        Format::Human => console.result(&format!("mms {address}\n"))?,
        Format::Json => console.note(&format!("mms {address}")),
    }
    console.note(&format!(
        "{count} behaviour{} in turn, seed {}; Ctrl-C ends it",
        if count == 1 { "" } else { "s" },
        args.seed
    ));
    let mut report = HostileReport {
        address: address.to_string(),
        seed: args.seed,
        connections: Vec::new(),
        untold: 0,
    };
    let end = async {
        match args.lasts {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    let mut end = std::pin::pin!(end);
    let mut left = args.connections.unwrap_or(u64::MAX);
    while left > 0 {
        tokio::select! {
            () = &mut end => break,
            stopped = tokio::signal::ctrl_c() => if stopped.is_ok() {
                break;
            } else {
                // Without a signal handler the only way to end is to be killed.
                std::future::pending::<()>().await;
            },
            Some(view) = ends.recv() => {
                left -= 1;
                if args.format == Format::Human {
                    console.result(&line(&view))?;
                }
                if report.connections.len() < MOST_TOLD {
                    report.connections.push(view);
                } else {
                    report.untold += 1;
                }
            }
        }
    }
    drop(listening);
    if let (Some(out), Some(capture)) = (&args.out, &capture) {
        files::write(&out.join("hostile-server.json"), &json(&report)?)?;
        files::write_octets(&out.join("hostile-server.pcapng"), &capture.to_pcapng())?;
    }
    Ok(report)
}

/// Where events go: octets into the capture, ends to whoever tells them.
struct Log {
    capture: Option<Capture>,
    open: Mutex<HashMap<u64, Open>>,
    ended: mpsc::UnboundedSender<ConnectionView>,
}

/// A connection that has not ended.
struct Open {
    behaviour: Behaviour,
    peer: SocketAddr,
    /// Seen from the client, as every capture.
    capture: Option<Connection>,
}

impl Log {
    fn note(&self, event: &Event) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let What::Connected {
            peer,
            local,
            behaviour,
        } = &event.what
        {
            let capture = self.capture.as_ref().map(|capture| {
                let name = format!("client {}", event.number);
                capture.open(&name, Some(*peer), Some(*local), event.at)
            });
            let one = Open {
                behaviour: *behaviour,
                peer: *peer,
                capture,
            };
            open.insert(event.number, one);
            return;
        }
        let Some(one) = open.get(&event.number) else {
            return;
        };
        match &event.what {
            What::Connected { .. } => {}
            What::Sent(octets) => {
                if let Some(capture) = &one.capture {
                    capture.received(octets, event.at);
                }
            }
            What::Received(octets) => {
                if let Some(capture) = &one.capture {
                    capture.sent(octets, event.at);
                }
            }
            What::Closed => {
                if let Some(capture) = &one.capture {
                    capture.closed(Direction::Received, event.at);
                }
            }
            What::Deviated => {
                if let Some(capture) = &self.capture {
                    capture.note(format!("{}: {}", one.behaviour, one.behaviour.title()));
                }
            }
            What::Ended {
                reaction,
                after,
                deviated,
                requests,
            } => {
                if let Some(capture) = &one.capture {
                    match reaction {
                        Reaction::Reset => capture.reset(Direction::Sent, event.at),
                        Reaction::Left | Reaction::Hung => {
                            capture.reset(Direction::Received, event.at);
                        }
                        _ => capture.closed(Direction::Sent, event.at),
                    }
                }
                let view = ConnectionView {
                    number: event.number,
                    behaviour: one.behaviour.name(),
                    client: one.peer.to_string(),
                    deviated: *deviated,
                    reaction: reaction.name(),
                    after: u64::try_from(after.as_millis()).unwrap_or(u64::MAX),
                    requests: requests.0,
                    requests_after: requests.1,
                };
                open.remove(&event.number);
                // At the very end nobody listens any more.
                let _ = self.ended.send(view);
            }
        }
    }
}

fn parse(names: &[String]) -> Result<Vec<Behaviour>, Failure> {
    if names.is_empty() {
        return Ok(Behaviour::ALL.to_vec());
    }
    let one = |name: &String| name.parse().map_err(|_| unknown(name));
    names.iter().map(one).collect()
}

fn unknown(name: &str) -> Failure {
    let failure = Failure::usage(format!("there is no behaviour `{name}`"));
    let known = Behaviour::ALL.iter().map(|behaviour| behaviour.name());
    match iedassay_engine::diagnostic::did_you_mean(name, known) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`iedassay hostile-server --list` lists them"),
    }
}

/// The list: a heading for each kind, two lines for each behaviour.
fn list(format: Format, console: &Console) -> Result<(), Failure> {
    if format == Format::Json {
        let views: Vec<BehaviourView> = Behaviour::ALL.iter().map(|one| (*one).into()).collect();
        return console.json(&json(&views)?);
    }
    let width = Behaviour::ALL
        .iter()
        .map(|one| one.name().len())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    let mut kind = None;
    for one in Behaviour::ALL {
        if kind.replace(one.kind()) != Some(one.kind()) {
            let blank = if out.is_empty() { "" } else { "\n" };
            let heading = console.paint_out("1", one.kind().name());
            out.push_str(&format!("{blank}{heading}\n"));
        }
        let class = one.class().map(|class| format!("  [{class}]"));
        let class = console.paint_out("2", &class.unwrap_or_default());
        out.push_str(&format!(
            "  {:width$}  {}{class}\n",
            one.name(),
            one.title()
        ));
        out.push_str(&format!(
            "  {:width$}  a good client {}\n",
            "",
            one.good_client()
        ));
    }
    console.result(&out)
}

fn line(view: &ConnectionView) -> String {
    let seconds = Duration::from_millis(view.after).as_secs_f64();
    let when = if view.deviated {
        format!(
            "{seconds:.1} s after the server deviated, {} request{} since",
            view.requests_after,
            if view.requests_after == 1 { "" } else { "s" }
        )
    } else {
        format!("after {seconds:.1} s; it did not come to that")
    };
    format!(
        "{} {} {}: {}, {when}\n",
        view.number, view.behaviour, view.client, view.reaction
    )
}

fn json(document: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(document)
        .map(|text| text + "\n")
        .map_err(|error| Failure::new(Exit::CouldNotTest, "cannot write JSON").cause(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the handbook.
    fn table() -> String {
        let mut out =
            String::from("| behaviour | kind | the server | a good client |\n|---|---|---|---|\n");
        for one in Behaviour::ALL {
            let class = one.class().map(|class| format!(" [{class}]"));
            out.push_str(&format!(
                "| `{}` | {} | {}{} | {} |\n",
                one.name(),
                one.kind(),
                one.title(),
                class.unwrap_or_default(),
                one.good_client(),
            ));
        }
        out
    }

    /// Run this test with `IEDASSAY_UPDATE_SCHEMAS=1` after a change of the behaviours.
    #[test]
    fn the_handbook_has_every_behaviour() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/hostile-server.md");
        let page = std::fs::read_to_string(path).unwrap();
        let fresh = iedassay_engine::handbook::splice(&page, "behaviours", &table()).unwrap();
        if std::env::var_os("IEDASSAY_UPDATE_SCHEMAS").is_some() {
            std::fs::write(path, &fresh).unwrap();
        }
        assert!(
            page == fresh || std::env::var_os("IEDASSAY_UPDATE_SCHEMAS").is_some(),
            "the table is stale: run this test with IEDASSAY_UPDATE_SCHEMAS=1"
        );
    }
}
