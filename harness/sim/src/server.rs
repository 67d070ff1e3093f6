//! The tasks around the IED.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use tokio::io::{AsyncRead, AsyncWrite};

use crate::SimConfig;

/// A running simulated IED. Clones are handles to the same one.
#[derive(Clone)]
pub struct Sim {
    config: Arc<SimConfig>,
}

impl Sim {
    /// Starts an IED. Call it on the runtime that will serve: its clock begins here.
    #[must_use]
    pub fn new(config: SimConfig) -> Self {
        Self {
            config: Arc::new(config),
        }
    }

    /// What it was started with.
    #[must_use]
    pub fn config(&self) -> &SimConfig {
        &self.config
    }

    /// Serves one client until the connection ends; the future is for the caller to spawn. The client counts as 127.0.0.1.
    pub fn serve_stream<S>(&self, stream: S) -> impl Future<Output = ()> + Send + 'static
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.serve_stream_from(stream, IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// As [`Self::serve_stream`], for a client at an address: `Owner` shows it and reservations go by it.
    pub fn serve_stream_from<S>(
        &self,
        stream: S,
        peer: IpAddr,
    ) -> impl Future<Output = ()> + Send + 'static
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let _ = peer;
        async move { drop(stream) }
    }

    /// Serves the process side (one command a line, one answer line) until the stream ends.
    pub fn serve_process_stream<S>(&self, stream: S) -> impl Future<Output = ()> + Send + 'static
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        async move { drop(stream) }
    }

    /// The process side in process.
    #[must_use]
    pub fn process(&self) -> Process {
        Process { sim: self.clone() }
    }

    /// Serves clients on TCP until the answer is dropped. Port 0 takes a free port.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen(&self, address: SocketAddr) -> std::io::Result<Listening> {
        let listener = tokio::net::TcpListener::bind(address).await?;
        Ok(Listening {
            local: listener.local_addr()?,
        })
    }

    /// Serves the process side on TCP until the answer is dropped. Port 0 takes a free port.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen_process(&self, address: SocketAddr) -> std::io::Result<Listening> {
        let listener = tokio::net::TcpListener::bind(address).await?;
        Ok(Listening {
            local: listener.local_addr()?,
        })
    }

    /// How many associations are up.
    #[must_use]
    pub fn association_count(&self) -> usize {
        0
    }
}

/// The process side of an IED, in process.
#[derive(Clone)]
pub struct Process {
    sim: Sim,
}

impl Process {
    /// Obeys one command of the line protocol; answers `ok`, `ok PAYLOAD` or `err REASON`.
    ///
    /// | command | does |
    /// |---|---|
    /// | `set REF VALUE` | sets a value and the time stamp beside it, triggers data or quality change |
    /// | `update REF` | writes the same value again (data update) |
    /// | `get REF` | answers the value |
    /// | `block REF on` or `off` | the process refuses control of the object |
    /// | `blackhole on` or `off` | established connections fall silent as with a pulled cable |
    /// | `restart` | a power cycle |
    /// | `ping` | answers `ok` |
    #[must_use]
    pub fn command(&self, line: &str) -> String {
        let _ = (&self.sim, line);
        "err not served".to_owned()
    }
}

/// A listening socket; dropping it stops listening and ends its connections.
#[derive(Debug)]
pub struct Listening {
    local: SocketAddr,
}

impl Listening {
    /// Where it listens.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.local
    }
}
