//! The simulated IED as the device under test: on loopback TCP in real time, or over pipes in process on any clock.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use iedassay_engine::connector::{
    BindFuture, ConnectFuture, Connection, Connector, Endpoint, TcpConnector, TimePlace,
};
use iedassay_model::tree::ServerModel;
use iedassay_sim::{Listening, Secure, Sim, SimConfig, TimeConfig};

use super::time_pipe::TimePipe;

/// Octets that a pipe holds: as much as a TCP socket would.
const PIPE: usize = 64 * 1024;
const MMS_PORT: u16 = 102;
/// First of the ports that clients in process seem to have, so that captures tell them apart.
const FIRST_CLIENT_PORT: u16 = 50_000;

/// The IED that `targets/sim.yaml` describes. It follows the time servers of the harness, once there are any.
pub(crate) fn usual(model: Arc<ServerModel>, epoch: Duration) -> SimConfig {
    let mut config = SimConfig::new(model, epoch);
    config.time = TimeConfig {
        servers: 2,
        poll: Duration::from_millis(500),
        not_synchronized_after: Duration::from_secs(2),
        ..TimeConfig::default()
    };
    config
}

/// A simulated IED on loopback TCP with its process side. Stops when dropped.
pub(crate) struct Simulated {
    mms: Listening,
    process: Listening,
    time: Arc<TimePipe>,
}

impl Simulated {
    pub(crate) async fn start(sim: &Sim) -> io::Result<Self> {
        let any_port = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        Ok(Self {
            mms: sim.listen(any_port).await?,
            process: sim.listen_process(any_port).await?,
            time: Arc::new(TimePipe::new(sim)),
        })
    }

    pub(crate) fn connector(&self) -> OnLoopback {
        OnLoopback {
            tcp: TcpConnector::new(
                self.mms.local_addr().to_string(),
                Some(self.process.local_addr().to_string()),
            ),
            time: Arc::clone(&self.time),
        }
    }
}

/// Connects to a simulated IED over TCP; the time it asks through pipes, since no port is known to be free.
pub(crate) struct OnLoopback {
    tcp: TcpConnector,
    time: Arc<TimePipe>,
}

impl Connector for OnLoopback {
    fn connect<'a>(&'a self, endpoint: &'a Endpoint) -> ConnectFuture<'a> {
        self.tcp.connect(endpoint)
    }

    fn bind<'a>(&'a self, place: &'a TimePlace) -> BindFuture<'a> {
        Box::pin(async move { self.time.bind(place) })
    }

    fn describe(&self) -> String {
        self.tcp.describe()
    }
}

/// Connects to a simulated IED through pipes.
pub(crate) struct InProcess {
    sim: Sim,
    secure: Option<Secure>,
    next_port: AtomicU16,
    time: TimePipe,
}

impl InProcess {
    /// Call it on the runtime that serves.
    pub(crate) fn new(sim: Sim) -> Self {
        Self {
            time: TimePipe::new(&sim),
            sim,
            secure: None,
            next_port: AtomicU16::new(FIRST_CLIENT_PORT),
        }
    }

    /// Connects to it where it is behind TLS.
    pub(crate) fn secured(self, secure: Secure) -> Self {
        Self {
            secure: Some(secure),
            ..self
        }
    }

    fn open(&self, endpoint: &Endpoint) -> io::Result<Connection> {
        let (client, server) = tokio::io::duplex(room(endpoint));
        let mut connection = Connection::in_process(Box::new(client));
        match endpoint {
            Endpoint::Mms { source, .. } => {
                let source = source.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
                let port = self
                    .next_port
                    .fetch_add(1, Ordering::Relaxed)
                    .max(FIRST_CLIENT_PORT);
                connection.local = Some(SocketAddr::new(source, port));
                connection.peer = Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), MMS_PORT));
                match &self.secure {
                    Some(secure) => tokio::spawn(secure.serve_stream_from(server, source)),
                    None => tokio::spawn(self.sim.serve_stream_from(server, source)),
                };
            }
            Endpoint::Process | Endpoint::Line(_) => {
                tokio::spawn(self.sim.serve_process_stream(server));
            }
            // Its answer would come in real time, after every deadline of a virtual clock.
            Endpoint::Http(_) => {
                return Err(io::Error::new(
                    io::ErrorKind::Unsupported,
                    "in process there is only the simulated IED",
                ));
            }
        }
        Ok(connection)
    }
}

/// How many octets a pipe to this endpoint holds.
fn room(endpoint: &Endpoint) -> usize {
    let asked = match endpoint {
        Endpoint::Mms { receive_buffer, .. } => *receive_buffer,
        _ => None,
    };
    asked
        .and_then(|octets| usize::try_from(octets).ok())
        .map_or(PIPE, |octets| octets.clamp(1, PIPE))
}

impl Connector for InProcess {
    fn connect<'a>(&'a self, endpoint: &'a Endpoint) -> ConnectFuture<'a> {
        Box::pin(async move { self.open(endpoint) })
    }

    fn bind<'a>(&'a self, place: &'a TimePlace) -> BindFuture<'a> {
        Box::pin(async move { self.time.bind(place) })
    }

    fn describe(&self) -> String {
        "simulated IED, in process".to_owned()
    }
}
