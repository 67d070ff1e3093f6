//! `iedassay sim`: the simulated IED on its own.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use iedassay_sim::tls::ServerSettings;
use iedassay_sim::{CalledAddress, Fault, FaultSet, FileStore, Sim, SimConfig};

use super::{sim_scenario, sim_tls};
use crate::args::SimArgs;
use crate::clock;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, plain_io};
use crate::scenario::{self, Titled};
use crate::scl;
use crate::session;
use crate::sim_profile;

/// Where it listens without being told.
const USUAL: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 10_102);

pub(crate) fn run(args: &SimArgs, console: &Console) -> Result<Exit, Failure> {
    if args.list_faults {
        console.result(&fault_list())?;
        return Ok(Exit::Conforms);
    }
    if args.list_options {
        console.result(&sim_profile::list())?;
        return Ok(Exit::Conforms);
    }
    let faults = parse_faults(&args.faults)?;
    let description = scl::load_or_builtin(
        console,
        args.description.scl.as_deref(),
        args.description.ied.as_deref(),
        args.description.access_point.as_deref(),
    )?;
    let secured = sim_tls::settings(&args.tls, |text| console.warning(text))?;
    sim_tls::log();
    let mut config = SimConfig::new(Arc::new(description.model), since_epoch(clock::now()));
    config.faults = faults;
    let decided = sim_profile::apply(config, args.profile.as_deref(), &args.options, console)?;
    config = decided.config;
    if let Some(max) = args.max_associations {
        config.max_associations = usize::from(max);
    }
    config.time.servers = args.time_servers.len();
    if let Some(password) = &args.password {
        config.password = Some(password.clone().into_bytes());
    }
    if args.any_address {
        config.address = CalledAddress::any();
    }
    let scenario = args.scenario.as_ref().or(decided.scenario.as_ref());
    let scenario = match scenario {
        Some(path) => Some(scenario::load(path, &config.model, console)?),
        None => None,
    };
    let runtime = session::runtime(args.virtual_time)?;
    if args.virtual_time {
        return runtime.block_on(sim_scenario::list(args, config, scenario, console));
    }
    runtime.block_on(serve(args, config, secured, scenario, console))
}

async fn serve(
    args: &SimArgs,
    config: SimConfig,
    secured: Option<ServerSettings>,
    scenario: Option<Titled>,
    console: &Console,
) -> Result<Exit, Failure> {
    let sim = match &args.store {
        Some(path) => kept(path, config)?,
        None => Sim::new(config),
    };
    let mut lines = String::new();
    let plain = match (args.listen, secured.is_some()) {
        (Some(address), _) => Some(address),
        (None, true) => None,
        (None, false) => Some(USUAL),
    };
    let mms = match plain {
        Some(address) => Some(
            sim.listen(address)
                .await
                .map_err(|error| unbound(address, &error))?,
        ),
        None => None,
    };
    if let Some(mms) = &mms {
        lines.push_str(&format!("mms {}\n", mms.local_addr()));
    }
    let tls = match &secured {
        Some(settings) => {
            let address = args.tls.tls_listen;
            let secure = sim.secure(settings).map_err(|error| {
                Failure::usage(format!("TLS cannot be set up: {error}")).hint(error.remedy())
            })?;
            let listening = secure
                .listen(address)
                .await
                .map_err(|error| unbound(address, &error))?;
            lines.push_str(&format!("mms-tls {}\n", listening.local_addr()));
            Some(listening)
        }
        None => None,
    };
    let process = match args.process {
        Some(address) => Some(
            sim.listen_process(address)
                .await
                .map_err(|error| unbound(address, &error))?,
        ),
        None => None,
    };
    if let Some(process) = &process {
        lines.push_str(&format!("process {}\n", process.local_addr()));
    }
    let following = match args.time_servers.as_slice() {
        [] => None,
        servers => Some(sim.follow_time_servers(servers).await.map_err(|error| {
            Failure::new(
                Exit::CouldNotTest,
                format!("cannot ask the time servers: {}", plain_io(&error)),
            )
        })?),
    };
    console.result(&lines)?;
    let model = &sim.config().model;
    console.note(&format!(
        "serving IED `{}` with {} logical device{}; Ctrl-C ends it",
        model.ied_name,
        model.logical_devices().len(),
        if model.logical_devices().len() == 1 {
            ""
        } else {
            "s"
        },
    ));
    for fault in sim.config().faults.iter() {
        console.note(&format!("fault {}: {}", fault.name(), fault.doc()));
    }
    let _listening = (mms, tls, process, following);
    let playing = sim_scenario::play(&sim, scenario, console);
    let end = async {
        match args.lasts {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = playing => {}
        () = end => {}
        ended = tokio::signal::ctrl_c() => if ended.is_err() {
            // Without a signal handler the only way to end is to be killed.
            std::future::pending::<()>().await;
        },
        reason = sim.failed() => {
            let what = "the store cannot be written any more, so nothing is answered any more";
            return Err(Failure::new(Exit::CouldNotTest, format!("{what}: {reason}")));
        }
    }
    Ok(Exit::Conforms)
}

/// An IED whose state outlives the process.
fn kept(path: &Path, config: SimConfig) -> Result<Sim, Failure> {
    let opened =
        FileStore::open(path).and_then(|store| Sim::with_persistence(config, Box::new(store)));
    opened.map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("cannot use the store {}: {error}", path.display()),
        )
        .hint("a store belongs to one model and to one process; name another file to begin anew")
    })
}

/// The faults of these names.
pub(crate) fn parse_faults(names: &[String]) -> Result<FaultSet, Failure> {
    let mut faults = FaultSet::none();
    for name in names {
        match name.parse::<Fault>() {
            Ok(fault) => faults.insert(fault),
            Err(_) => return Err(unknown_fault(name)),
        };
    }
    Ok(faults)
}

fn unknown_fault(name: &str) -> Failure {
    let failure = Failure::usage(format!("there is no fault `{name}`"));
    let known = Fault::ALL.iter().map(|fault| fault.name());
    match iedassay_engine::diagnostic::did_you_mean(name, known) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`iedassay sim --list-faults` lists them"),
    }
}

/// One fault a line, its name first.
fn fault_list() -> String {
    let width = Fault::ALL
        .iter()
        .map(|fault| fault.name().len())
        .max()
        .unwrap_or(0);
    Fault::ALL
        .iter()
        .map(|fault| format!("{:width$}  {}\n", fault.name(), fault.doc()))
        .collect()
}

pub(crate) fn unbound(address: SocketAddr, error: &std::io::Error) -> Failure {
    let failure = Failure::new(
        Exit::CouldNotTest,
        format!("cannot listen on {address}: {}", plain_io(error)),
    );
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            failure.hint("ports below 1024 need a privilege; take another port with `--listen`")
        }
        std::io::ErrorKind::AddrInUse => {
            failure.hint("another program listens there; port 0 takes a free port")
        }
        std::io::ErrorKind::AddrNotAvailable => {
            failure.hint("the address must be one of this machine")
        }
        _ => failure,
    }
}

/// Time since 1970, as the simulated IED wants it.
pub(crate) fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}
