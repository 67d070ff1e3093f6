//! What an association needs to know beyond the protocol.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use iedassay_wire::association::InitiatorConfig;

use crate::capture::Capture;

/// Makes dropping the stream a TCP reset; called just before the stream is dropped for
/// [`Disconnect::Reset`](crate::Disconnect::Reset).
pub type ResetHook = Arc<dyn Fn() + Send + Sync>;

/// Changes packets of the association attempt before they are sent: what goes in is one TPKT of the initiator, what comes out is
/// sent in its place. For tests of how a server takes what no honest client sends.
pub type Alter = Arc<dyn Fn(Vec<u8>) -> Vec<u8> + Send + Sync>;

/// Sends everything in small pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many octets at a time, at least one.
    pub octets: usize,
    /// A pause between the pieces.
    pub every: Duration,
}

/// How to associate, and what to do besides.
#[derive(Clone)]
pub struct ClientConfig {
    /// What to call this client in the capture.
    pub name: String,
    /// Addresses, proposals and deadlines of the association.
    pub association: InitiatorConfig,
    /// How long a request waits for its response, from the moment it is sent.
    pub request_timeout: Duration,
    /// How many requests may be outstanding; by default what was negotiated.
    pub outstanding: Option<u16>,
    /// Where to record everything.
    pub capture: Option<Capture>,
    /// This end of the stream, for the capture.
    pub local: Option<SocketAddr>,
    /// The server's end of the stream, for the capture.
    pub peer: Option<SocketAddr>,
    /// How to reset the connection. Without it a reset is a plain close.
    pub reset: Option<ResetHook>,
    /// What is done to the packets that establish the association.
    pub alter: Option<Alter>,
    /// How octets are handed to the stream; as they come, if absent.
    pub pace: Option<Pace>,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            name: "main".to_owned(),
            association: InitiatorConfig::default(),
            request_timeout: Duration::from_secs(10),
            outstanding: None,
            capture: None,
            local: None,
            peer: None,
            reset: None,
            alter: None,
            pace: None,
        }
    }
}

impl fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientConfig")
            .field("name", &self.name)
            .field("association", &self.association)
            .field("request_timeout", &self.request_timeout)
            .field("outstanding", &self.outstanding)
            .field("local", &self.local)
            .field("peer", &self.peer)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}
