//! The tasks around the IED: they only move octets and wait.

mod bells;
mod connection;
mod gate;
mod harm;
mod listen;
mod play;
mod process;
mod secure;
mod time;

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use iedassay_tls::{MaterialError, ServerSettings};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{Notify, broadcast, watch},
    time::Instant,
};

use crate::{
    Fault, Persistence, PersistenceError, SimConfig, client::AssociationId, ied::Ied, persistence,
    process::ControlNotice, report::Time,
};
use bells::{Bells, SessionId};
use gate::Gate;
pub use listen::Listening;
pub(crate) use listen::accept;
pub use process::{ControlEvent, Controls, Process};
pub use secure::Secure;
pub use time::{Following, TimeLink, TimeServersEnd};

/// A running simulated IED. Clones are handles to the same one.
#[derive(Clone)]
pub struct Sim {
    shared: Arc<Shared>,
}

/// What all tasks share.
struct Shared {
    config: Arc<SimConfig>,
    started: Instant,
    state: Mutex<State>,
    /// Counts what concerns everybody: the network cut or whole again, a power cycle, a failure of the store.
    ticks: watch::Sender<u64>,
    /// A value of the process begins to move.
    motion_begins: Arc<Notify>,
}

struct State {
    ied: Ied,
    gate: Gate,
    bells: Bells,
    /// Only with a fault: the session that all others wait for, because its client does not read.
    stuck: Option<SessionId>,
    /// The network is cut: established connections fall silent.
    cut: bool,
    /// Only with faults: nobody is served any more, or nobody but this one.
    stopped: bool,
    busy_with: Option<SessionId>,
    /// Power cycles so far; connections of an earlier one are gone.
    cycle: u64,
    /// After a power cycle, when service begins again.
    up: Time,
    /// What outlives the process, and why it does not any more.
    place: Option<Box<dyn Persistence>>,
    failure: Option<String>,
    /// Somebody keeps the values of the process moving.
    mover: bool,
    /// Whom the process side tells of controls.
    notices: broadcast::Sender<Arc<ControlNotice>>,
}

/// Controls that a listener of the process side may leave waiting.
const NOTICES: usize = 1024;

impl State {
    /// Keeps what has to be kept before anything is told. False when that is impossible: then nothing may be told any more.
    fn settle(&mut self, all: bool) -> bool {
        if let Some(place) = &mut self.place
            && self.failure.is_none()
        {
            let records = self.ied.take_records(all);
            if !records.is_empty()
                && let Err(error) = place.commit(&records)
            {
                self.failure = Some(error.to_string());
            }
        }
        self.failure.is_none()
    }

    /// Nobody has to wait any more for this session.
    fn unstick(&mut self, id: SessionId) {
        if self.stuck == Some(id) {
            self.stuck = None;
            self.bells.ring_all();
        }
    }

    /// Rings for whoever has to look again after what `own` did. The answer is when `own` has to look again for the IED's sake, if it
    /// is the one that keeps watch.
    fn tell_others(
        &mut self,
        own: Option<SessionId>,
        association: Option<AssociationId>,
    ) -> Option<Time> {
        for other in self.ied.take_news(association) {
            self.bells.ring(other);
        }
        if self.gate.take_evictions() {
            self.bells.ring_all();
        }
        for notice in self.ied.take_notices() {
            // Nobody has to listen.
            let _ = self.notices.send(Arc::new(notice));
        }
        self.bells.watch_for(self.ied.deadline(), own)
    }
}

impl Sim {
    /// Starts an IED. Call it on the runtime that will serve: its clock begins here.
    #[must_use]
    pub fn new(config: SimConfig) -> Self {
        let config = Arc::new(config);
        let ied = Ied::new(Arc::clone(&config), config.epoch);
        Self::start(config, ied, None)
    }

    /// As [`Self::new`], with a place that outlives it. Buffered reports, logs, settings of their control blocks, data sets that clients
    /// defined, files that they gave, written settings and setting groups are there again when an IED of the same model is started with that place.
    ///
    /// Whatever a response, a report or an answer of the process side tells was kept before. When that becomes impossible
    /// the IED falls silent, see [`Self::failed`].
    ///
    /// # Errors
    /// When the place cannot be used, or what is kept there is of another model or cannot be understood.
    pub fn with_persistence(
        config: SimConfig,
        mut place: Box<dyn Persistence>,
    ) -> Result<Self, PersistenceError> {
        let config = Arc::new(config);
        let kept = persistence::open(&mut *place, &config.model)?;
        let mut ied = Ied::new(Arc::clone(&config), config.epoch);
        ied.keep(kept, config.epoch)?;
        Ok(Self::start(config, ied, Some(place)))
    }

    /// Ends when what has to be kept cannot be kept any more, with the reason. Never without persistence.
    pub async fn failed(&self) -> String {
        let mut ticks = self.shared.ticks.subscribe();
        loop {
            if let Some(failure) = self.shared.lock().failure.clone() {
                return failure;
            }
            if ticks.changed().await.is_err() {
                core::future::pending::<()>().await;
            }
        }
    }

    fn start(config: Arc<SimConfig>, ied: Ied, place: Option<Box<dyn Persistence>>) -> Self {
        let state = State {
            ied,
            gate: Gate::new(&config),
            bells: Bells::default(),
            stuck: None,
            cut: false,
            stopped: false,
            busy_with: None,
            cycle: 0,
            up: Time::ZERO,
            place,
            failure: None,
            mover: false,
            notices: broadcast::Sender::new(NOTICES),
        };
        Self {
            shared: Arc::new(Shared {
                config,
                started: Instant::now(),
                state: Mutex::new(state),
                ticks: watch::Sender::new(0),
                motion_begins: Arc::new(Notify::new()),
            }),
        }
    }

    /// What it was started with.
    #[must_use]
    pub fn config(&self) -> &SimConfig {
        &self.shared.config
    }

    /// Serves one client until the connection ends; the future is for the caller to spawn. The client counts as 127.0.0.1.
    pub fn serve_stream<S>(&self, stream: S) -> impl Future<Output = ()> + Send + 'static + use<S>
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
    ) -> impl Future<Output = ()> + Send + 'static + use<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        connection::serve(Arc::clone(&self.shared), stream, peer)
    }

    /// The same IED behind TLS, which refuses clients as [`ServerSettings`] say. It may be served plain besides.
    ///
    /// # Errors
    /// When the material cannot be used.
    pub fn secure(&self, settings: &ServerSettings) -> Result<Secure, MaterialError> {
        Secure::new(Arc::clone(&self.shared), settings)
    }

    /// Serves the process side (one command a line, one answer line) until the stream ends.
    pub fn serve_process_stream<S>(
        &self,
        stream: S,
    ) -> impl Future<Output = ()> + Send + 'static + use<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        process::serve(self.process(), stream)
    }

    /// The process side in process.
    #[must_use]
    pub fn process(&self) -> Process {
        Process::new(Arc::clone(&self.shared))
    }

    /// Serves clients on TCP until the answer is dropped. Port 0 takes a free port.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen(&self, address: SocketAddr) -> std::io::Result<Listening> {
        let shared = Arc::clone(&self.shared);
        listen::clients(Arc::clone(&self.shared), address, move |stream, peer| {
            connection::serve(Arc::clone(&shared), stream, peer)
        })
        .await
    }

    /// Serves the process side on TCP until the answer is dropped. Port 0 takes a free port.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen_process(&self, address: SocketAddr) -> std::io::Result<Listening> {
        listen::process(self.process(), address).await
    }

    /// By name, everything that a client who has gone should have left as it found it: settings, configuration, the
    /// process but for times and for what controls move, report control blocks, data sets, selections, associations.
    #[must_use]
    pub fn fingerprint(&self) -> BTreeMap<String, String> {
        self.shared.lock().ied.fingerprint()
    }

    /// How many associations are up or on their way, those included that a fault keeps for ever.
    #[must_use]
    pub fn association_count(&self) -> usize {
        let now = self.shared.now();
        self.shared.lock().gate.taken(now)
    }
}

impl Shared {
    /// UTC, as tokio's clock has it.
    fn now(&self) -> Time {
        self.config.epoch.saturating_add(self.started.elapsed())
    }

    /// The instant of a time.
    fn instant(&self, time: Time) -> Instant {
        let after = time.saturating_sub(self.config.epoch);
        // Further than anybody waits, and still within what the clock can tell.
        self.started + after.min(Duration::from_secs(100 * 365 * 86_400))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held leaves a state that is as good as any other to a tester.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells all tasks to look again.
    fn tick(&self, state: &State) {
        state.bells.ring_all();
        self.ticks
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The network is cut, or whole again.
    fn set_cut(&self, cut: bool) {
        let mut state = self.lock();
        state.cut = cut;
        self.tick(&state);
    }

    /// Power off for so long, and on.
    fn power_cycle(&self, off: Duration) {
        let now = self.now();
        let mut state = self.lock();
        let longer = if state.gate.faults().has(Fault::RestartTakesLong) {
            Duration::from_secs(120)
        } else {
            Duration::ZERO
        };
        state.ied.power_cycle(now);
        state.settle(true);
        state.gate = Gate::new(&self.config);
        (state.stopped, state.busy_with) = (false, None);
        state.cycle += 1;
        state.up = now.saturating_add(off) + self.config.restart_time + longer;
        self.tick(&state);
    }
}
