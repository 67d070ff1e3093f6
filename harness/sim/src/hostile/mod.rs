//! A server that clients have to survive: the simulated IED, whose octets are made slow, silent, endless or wrong on their way.
//!
//! A [`Behaviour`] is what a hostile, broken or overloaded server does to a client (class ROBC of the robustness catalogue). It is
//! not a [`Fault`](crate::Fault): faults are deviations that a case of the suites has to notice, while these are for whoever
//! tests a client, and no verdict about a server depends on them.
//!
//! ```no_run
//! # use iedassay_sim::{Sim, SimConfig, hostile::{Behaviour, Hostile, HostileConfig}};
//! # async fn example(config: SimConfig) -> std::io::Result<()> {
//! let hostile = Hostile::new(Sim::new(config), HostileConfig::default(), |event| {
//!     // Octets of both directions, what was done, and how the client took it.
//! });
//! let listening = hostile.listen("127.0.0.1:0".parse().unwrap(), vec![Behaviour::NeverAnswers]).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The behaviour sits between the client and a conformant IED and takes the IED's packets apart (`unit`); a row of the table says
//! at which of them it begins and what comes instead (`script`). So a client browses and reads as usual until then.

mod event;
mod kind;
mod list;
mod listen;
mod make;
mod script;
mod serve;
mod unit;
mod watch;

use std::{net::IpAddr, sync::Arc, time::Duration};

use tokio::io::{AsyncRead, AsyncWrite};

use crate::Sim;
pub use event::{Event, Reaction, What};
pub use kind::{Bears, Kind, UnknownBehaviour};
pub use list::Behaviour;
pub use serve::Last;

/// Times and amounts of a hostile server.
#[derive(Clone, Debug)]
pub struct HostileConfig {
    /// Everything that is drawn is drawn from this, the behaviour and the number of the connection.
    pub seed: u64,
    /// How long after the request a late answer comes.
    pub late: Duration,
    /// How long a client may stay without a word and without leaving before it counts as hung, and is left.
    pub patience: Duration,
    /// Between two bursts of a flood, and between two octets of a slow server.
    pub every: Duration,
    /// PDUs in a burst.
    pub burst: usize,
}

impl Default for HostileConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            late: Duration::from_secs(12),
            patience: Duration::from_secs(30),
            every: Duration::from_millis(1),
            burst: 32,
        }
    }
}

/// A hostile server. Clones are handles to the same one.
#[derive(Clone)]
pub struct Hostile {
    sim: Sim,
    config: Arc<HostileConfig>,
    observer: Arc<dyn Fn(&Event) + Send + Sync>,
}

impl Hostile {
    /// Around `sim`, which should be conformant and serve whatever address is called. `observer` is told everything, in order for each
    /// connection; it must not block.
    pub fn new(
        sim: Sim,
        config: HostileConfig,
        observer: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Self {
        Self {
            sim,
            config: Arc::new(config),
            observer: Arc::new(observer),
        }
    }

    /// Serves one client until either side ends the connection; `number` tells its events from those of others. What remains is
    /// to drop the stream, in the way of the answer.
    pub async fn serve_stream<S>(
        &self,
        stream: &mut S,
        peer: IpAddr,
        number: u64,
        behaviour: Behaviour,
    ) -> Last
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        serve::serve(self, stream, peer, number, behaviour).await
    }

    fn tell(&self, number: u64, what: What) {
        (self.observer)(&Event {
            number,
            at: tokio::time::Instant::now(),
            what,
        });
    }
}

impl std::fmt::Debug for Hostile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hostile")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
