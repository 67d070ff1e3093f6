//! A record of everything that went both ways, and its two renderings: pcapng and text.
//!
//! A [`Capture`] is a cheap handle that several associations share, so that a test case with two
//! clients leaves one file. Nothing is captured from an interface: the octets come from the client
//! itself, with the time at which it wrote or read them, so no privilege is needed and what went
//! through TLS is readable. The TCP around them is synthesised when the file is written.

mod frame;
mod messages;
mod pcapng;
pub mod read;
mod text;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use crate::clock::Anchor;

pub use messages::Message;

/// Port of the server in every capture, so that decoders recognise the protocol without help.
pub const SERVER_PORT: u16 = 102;

/// How many octets a capture keeps unless told otherwise.
pub const DEFAULT_LIMIT: usize = 64 << 20;

/// Who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From this client.
    Sent,
    /// From the server.
    Received,
}

/// What happened on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The connection was opened.
    Open,
    /// Octets, as they were written or read.
    Octets(Vec<u8>),
    /// The stream was closed in this direction.
    Fin,
    /// The connection was reset.
    Reset,
}

/// One entry of a capture.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// On which connection; an index into [`Snapshot::connections`].
    pub connection: usize,
    /// Which way.
    pub direction: Direction,
    /// What.
    pub what: What,
    /// Number of its first frame in the pcapng file; the first of the file is 1.
    pub frame: u64,
    /// What was noted before it.
    pub notes: Vec<String>,
}

/// The ends of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// What to call the client.
    pub name: String,
    /// The client's end.
    pub local: SocketAddr,
    /// The server's end; its port is [`SERVER_PORT`] whatever it really was.
    pub peer: SocketAddr,
    /// The port the server really has, when known and another.
    pub real_port: Option<u16>,
}

#[derive(Debug, Default)]
struct Inner {
    connections: Vec<Ends>,
    entries: Vec<Entry>,
    notes: Vec<String>,
    octets: usize,
    frames: u64,
    truncated: bool,
}

/// A shared handle to a record of everything that went both ways.
#[derive(Clone, Debug)]
pub struct Capture {
    anchor: Anchor,
    limit: usize,
    inner: Arc<Mutex<Inner>>,
}

/// A copy of what a capture holds.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Maps the instants of the entries to wall-clock time.
    pub anchor: Anchor,
    /// The connections in order of opening.
    pub connections: Vec<Ends>,
    /// Everything that happened, in order.
    pub entries: Vec<Entry>,
    /// Notes that no entry followed.
    pub notes: Vec<String>,
    /// True when the limit was reached and later octets were left out.
    pub truncated: bool,
}

impl Capture {
    /// An empty capture of at most [`DEFAULT_LIMIT`] octets.
    #[must_use]
    pub fn new(anchor: Anchor) -> Self {
        Self::with_limit(anchor, DEFAULT_LIMIT)
    }

    /// An empty capture that keeps at most `limit` octets and leaves out what comes later.
    #[must_use]
    pub fn with_limit(anchor: Anchor, limit: usize) -> Self {
        Self {
            anchor,
            limit,
            inner: Arc::default(),
        }
    }

    /// Records that a connection was opened. Ends that are not known get addresses that are
    /// reserved for documentation (RFC 5737).
    #[must_use]
    pub fn open(
        &self,
        name: &str,
        local: Option<SocketAddr>,
        peer: Option<SocketAddr>,
        at: Instant,
    ) -> Connection {
        let mut inner = self.lock();
        let index = inner.connections.len();
        let (local, peer) = ends(index, local, peer);
        let real_port = Some(peer.port()).filter(|&port| port != SERVER_PORT);
        let peer = SocketAddr::new(peer.ip(), SERVER_PORT);
        inner.connections.push(Ends {
            name: name.to_owned(),
            local,
            peer,
            real_port,
        });
        let connection = Connection {
            capture: self.clone(),
            index,
        };
        drop(inner);
        connection.add(Direction::Sent, What::Open, at);
        connection
    }

    /// Notes something, such as the name of a step, at the next thing that happens.
    pub fn note(&self, text: impl Into<String>) {
        self.lock().notes.push(text.into());
    }

    /// How many frames the pcapng file has so far, which is the number of the last.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.lock().frames
    }

    /// The anchor it was made with.
    #[must_use]
    pub const fn anchor(&self) -> Anchor {
        self.anchor
    }

    /// A copy of everything so far.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let inner = self.lock();
        Snapshot {
            anchor: self.anchor,
            connections: inner.connections.clone(),
            entries: inner.entries.clone(),
            notes: inner.notes.clone(),
            truncated: inner.truncated,
        }
    }

    /// Everything so far as a pcapng file.
    #[must_use]
    pub fn to_pcapng(&self) -> Vec<u8> {
        pcapng::write(&self.snapshot())
    }

    /// Everything so far as text: each message with its time, its frame and its parts.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::write(&self.snapshot())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A poisoned lock only says that some thread panicked while it noted something.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection of a capture.
#[derive(Clone, Debug)]
pub struct Connection {
    capture: Capture,
    index: usize,
}

impl Connection {
    /// Records octets that went out; returns the number of the frame that holds the last of them.
    pub fn sent(&self, octets: &[u8], at: Instant) -> u64 {
        self.add(Direction::Sent, What::Octets(octets.to_vec()), at)
    }

    /// Records octets that came in; returns the number of the frame that holds the last of them.
    pub fn received(&self, octets: &[u8], at: Instant) -> u64 {
        self.add(Direction::Received, What::Octets(octets.to_vec()), at)
    }

    /// Records that a side closed the stream.
    pub fn closed(&self, by: Direction, at: Instant) {
        self.add(by, What::Fin, at);
    }

    /// Records that a side reset the connection.
    pub fn reset(&self, by: Direction, at: Instant) {
        self.add(by, What::Reset, at);
    }

    fn add(&self, direction: Direction, what: What, at: Instant) -> u64 {
        let mut inner = self.capture.lock();
        if let What::Octets(octets) = &what {
            let total = inner.octets.saturating_add(octets.len());
            if octets.is_empty() || total > self.capture.limit {
                inner.truncated |= !octets.is_empty();
                return inner.frames;
            }
            inner.octets = total;
        }
        let frame = inner.frames + 1;
        inner.frames += frame::count(&what);
        let notes = std::mem::take(&mut inner.notes);
        inner.entries.push(Entry {
            at,
            connection: self.index,
            direction,
            what,
            frame,
            notes,
        });
        inner.frames
    }
}

/// Ends for connection `index`: what is known, and made-up addresses of the same family for the
/// rest.
fn ends(
    index: usize,
    local: Option<SocketAddr>,
    peer: Option<SocketAddr>,
) -> (SocketAddr, SocketAddr) {
    let port = 49_152 + (index % 16_000) as u16;
    let client = || IpAddr::from(Ipv4Addr::new(192, 0, 2, 100));
    let server = || IpAddr::from(Ipv4Addr::new(192, 0, 2, 1));
    match (local, peer) {
        (Some(local), Some(peer)) if local.is_ipv4() == peer.is_ipv4() => (local, peer),
        (_, Some(peer)) => (SocketAddr::new(peer.ip(), port), peer),
        (_, None) => (
            SocketAddr::new(client(), port),
            SocketAddr::new(server(), SERVER_PORT),
        ),
    }
}
