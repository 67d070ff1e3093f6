//! What a hostile server tells of itself and of its clients.

use std::{fmt, net::SocketAddr, time::Duration};

use tokio::time::Instant;

use super::Behaviour;

/// Something that happened on a connection.
#[derive(Clone, Debug)]
pub struct Event {
    /// Number of the connection; the first is 1.
    pub number: u64,
    /// When.
    pub at: Instant,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// A client connected over TCP.
    Connected {
        /// The client's end.
        peer: SocketAddr,
        /// This end.
        local: SocketAddr,
        /// What the server does to it.
        behaviour: Behaviour,
    },
    /// These octets were sent.
    Sent(Vec<u8>),
    /// These octets were received.
    Received(Vec<u8>),
    /// The server deviated for the first time: what was hostile has begun.
    Deviated,
    /// This end closed its direction.
    Closed,
    /// It is over.
    Ended {
        /// What the client did.
        reaction: Reaction,
        /// Since the server deviated, or since the connection was opened if it did not come to that.
        after: Duration,
        /// Whether the server deviated at all.
        deviated: bool,
        /// Confirmed requests of the client, and how many of them came after the server had deviated.
        requests: (u64, u64),
    },
}

/// How a client took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reaction {
    /// It concluded or released (FINISH), and the connection ended.
    Released,
    /// It aborted: ABORT of session, or a disconnect request.
    Aborted,
    /// It closed the connection without a word.
    Closed,
    /// It reset the connection.
    Reset,
    /// It said nothing more and did not leave, until the server ran out of patience.
    Hung,
    /// The server ended the connection first.
    Left,
}

impl Reaction {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Released,
        Self::Aborted,
        Self::Closed,
        Self::Reset,
        Self::Hung,
        Self::Left,
    ];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Released => "released",
            Self::Aborted => "aborted",
            Self::Closed => "closed",
            Self::Reset => "reset",
            Self::Hung => "hung",
            Self::Left => "left",
        }
    }

    /// What that means, in words about the client.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Released => "released the association",
            Self::Aborted => "aborted the association",
            Self::Closed => "closed the connection",
            Self::Reset => "reset the connection",
            Self::Hung => "hung: it neither said anything nor left",
            Self::Left => "was left by the server",
        }
    }
}

impl fmt::Display for Reaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
