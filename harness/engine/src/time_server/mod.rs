//! The harness as the time server of the device (SNTP, RFC 4330).
//!
//! A server is opened by the first step that needs it, and goes on until the run ends: between the cases it tells the right time, so that
//! the device stays synchronised. It answers nobody whom the owner of the bench does not name.

mod manner;

use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use iedassay_client::Anchor;
use iedassay_wire::sntp::{Message, TooShort};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::connector::{Connector, Datagrams, TimePlace};
use crate::target::{Target, TimeClients};

pub(crate) use manner::{Manner, Originate, leap_word};

/// Servers that a bench may have.
pub(crate) const SERVERS: usize = 2;

/// Requests that are remembered until a step takes them; the oldest are forgotten first.
const REMEMBERED: usize = 1_000;

/// Addresses of others that are remembered.
const STRANGERS: usize = 20;

/// A request of the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) server: usize,
    pub(crate) at: Instant,
    pub(crate) from: SocketAddr,
    /// Octets of the datagram.
    pub(crate) size: usize,
    pub(crate) message: Result<Message, TooShort>,
    pub(crate) answered: bool,
}

/// What the tasks of both servers and the steps share.
#[derive(Debug, Default)]
struct State {
    manners: [Manner; SERVERS],
    requests: VecDeque<Asked>,
    /// The device has asked at all.
    known: bool,
    /// The device was told something that is not right, or nothing, since the clock was last put back.
    misled: bool,
    strangers: BTreeSet<IpAddr>,
}

/// The time servers of a run.
pub(crate) struct TimeServers {
    connector: Arc<dyn Connector>,
    anchor: Anchor,
    places: Vec<TimePlace>,
    clients: TimeClients,
    state: Arc<Mutex<State>>,
    came: Arc<Notify>,
    open: tokio::sync::Mutex<[Option<JoinHandle<()>>; SERVERS]>,
}

impl TimeServers {
    /// Those that the target names. None is opened yet.
    pub(crate) fn new(target: &Target, connector: Arc<dyn Connector>, anchor: Anchor) -> Self {
        let places = target.time_server.iter().flat_map(|s| s.places());
        Self {
            connector,
            anchor,
            places: places.collect(),
            clients: target.allow().time_server.unwrap_or_default(),
            state: Arc::default(),
            came: Arc::default(),
            open: tokio::sync::Mutex::default(),
        }
    }

    /// How many the target names.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// Opens those that are not open yet. One that is not asked for by any step tells the right time.
    pub(crate) async fn open(&self) -> io::Result<()> {
        let mut open = self.open.lock().await;
        for (place, task) in self.places.iter().zip(open.iter_mut()) {
            if task.is_some() {
                continue;
            }
            let datagrams = self.connector.bind(place).await.map_err(|error| {
                io::Error::new(
                    error.kind(),
                    format!("no time server can be at {}: {error}", place.address),
                )
            })?;
            *task = Some(tokio::spawn(serve(Service {
                number: place.number,
                datagrams,
                anchor: self.anchor,
                clients: self.clients.clone(),
                state: Arc::clone(&self.state),
                came: Arc::clone(&self.came),
            })));
        }
        Ok(())
    }

    /// From now on a server answers so. Requests that came before are forgotten.
    pub(crate) fn set(&self, server: usize, manner: Manner) {
        let mut state = self.state();
        state.requests.retain(|asked| asked.server != server);
        if let Some(place) = state.manners.get_mut(server) {
            *place = manner;
        }
        if manner != Manner::default() {
            state.misled = true;
        }
    }

    /// From now on all tell the right time.
    pub(crate) fn set_right(&self) {
        for server in 0..self.count() {
            self.set(server, Manner::default());
        }
    }

    /// Whether the device may have a wrong time, or no more any.
    pub(crate) fn is_misled(&self) -> bool {
        let state = self.state();
        state.misled && state.known
    }

    /// The device has the right time again.
    pub(crate) fn put_right(&self) {
        self.state().misled = false;
    }

    /// The next request to one of these servers that nobody took before, until a deadline.
    pub(crate) async fn next(&self, servers: &[usize], until: Instant) -> Option<Asked> {
        loop {
            let came = self.came.notified();
            tokio::pin!(came);
            // Told also of what comes between looking and waiting.
            came.as_mut().enable();
            {
                let mut state = self.state();
                let found = state
                    .requests
                    .iter()
                    .position(|asked| servers.contains(&asked.server));
                if let Some(asked) = found.and_then(|at| state.requests.remove(at)) {
                    return Some(asked);
                }
            }
            if tokio::time::timeout_at(until, came).await.is_err() {
                return None;
            }
        }
    }

    /// Who else has asked, and was not answered.
    pub(crate) fn take_strangers(&self) -> Vec<IpAddr> {
        std::mem::take(&mut self.state().strangers)
            .into_iter()
            .collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for TimeServers {
    fn drop(&mut self) {
        for task in self.open.get_mut().iter().flatten() {
            task.abort();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // What a panic left behind is still the best that is known.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Service {
    number: usize,
    datagrams: Datagrams,
    anchor: Anchor,
    clients: TimeClients,
    state: Arc<Mutex<State>>,
    came: Arc<Notify>,
}

async fn serve(mut service: Service) {
    while let Some(datagram) = service.datagrams.received.recv().await {
        let peer = datagram.peer.ip().to_canonical();
        if !service.clients.covers(peer) {
            let mut state = lock(&service.state);
            if state.strangers.len() < STRANGERS {
                state.strangers.insert(peer);
            }
            continue;
        }
        let message = Message::decode(&datagram.octets);
        let manner = lock(&service.state)
            .manners
            .get(service.number)
            .copied()
            .unwrap_or_default();
        let came = service.anchor.since_unix_epoch(datagram.at);
        let now = service.anchor.since_unix_epoch(Instant::now());
        let answer = message
            .ok()
            .and_then(|request| manner.answer(&request, came, now));
        let answered = match answer {
            Some(answer) => {
                let datagram = (answer.encode(), datagram.peer);
                service.datagrams.to_send.try_send(datagram).is_ok()
            }
            None => false,
        };
        let mut state = lock(&service.state);
        state.known = true;
        if state.requests.len() >= REMEMBERED {
            state.requests.pop_front();
        }
        state.requests.push_back(Asked {
            server: service.number,
            at: datagram.at,
            from: datagram.peer,
            size: datagram.octets.len(),
            message,
            answered,
        });
        drop(state);
        service.came.notify_waiters();
    }
}
