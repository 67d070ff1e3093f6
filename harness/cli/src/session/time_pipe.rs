//! Carries datagrams between a simulated IED and the time servers of the harness, in process and on any clock.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use iedassay_engine::connector::{Carrier, Datagram, Datagrams, TimePlace};
use iedassay_sim::{Sim, TimeLink};
use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

/// UDP port that the simulated IED seems to ask from.
const CLIENT_PORT: u16 = 49_123;

/// The servers that are open, by number.
type Open = Arc<Mutex<Vec<Option<Sender<Datagram>>>>>;

/// The way to the time servers of one simulated IED.
pub(super) struct TimePipe {
    open: Open,
    answers: Sender<(usize, Vec<u8>)>,
}

impl TimePipe {
    /// Begins to carry. Call it on the runtime that serves.
    pub(super) fn new(sim: &Sim) -> Self {
        let (link, mut end) = TimeLink::pair();
        tokio::spawn(sim.follow_time(link));
        let servers = sim.config().time.servers;
        let open: Open = Arc::new(Mutex::new(vec![None; servers]));
        let places = Arc::clone(&open);
        tokio::spawn(async move {
            while let Some((number, octets)) = end.requests.recv().await {
                let places = places.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(Some(place)) = places.get(number) {
                    // Where nobody listens, or not fast enough, a datagram is lost.
                    let _ = place.try_send(Datagram {
                        octets,
                        peer: loopback(CLIENT_PORT),
                        at: Instant::now(),
                    });
                }
            }
        });
        Self {
            open,
            answers: end.answers,
        }
    }

    /// Opens the place of a server.
    pub(super) fn bind(&self, place: &TimePlace) -> io::Result<Datagrams> {
        let (datagrams, carrier) = Datagrams::pipe(loopback(iedassay_wire::sntp::PORT));
        let Carrier {
            received,
            mut to_send,
        } = carrier;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(slot) = open.get_mut(place.number) else {
            let what = format!("the simulated IED asks no time server at {}", place.address);
            return Err(io::Error::new(io::ErrorKind::Unsupported, what));
        };
        *slot = Some(received);
        let (number, answers) = (place.number, self.answers.clone());
        tokio::spawn(async move {
            while let Some((octets, _)) = to_send.recv().await {
                if answers.send((number, octets)).await.is_err() {
                    return;
                }
            }
        });
        Ok(datagrams)
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}
