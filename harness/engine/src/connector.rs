//! How the engine reaches the world: a [`Connector`] opens byte streams, and nothing else in this crate does.
//!
//! The command line hands in a TCP connector for a real IED and an in-process one for the simulated IED, so that the
//! simulated IED is only an address.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

mod datagrams;
mod tcp;
mod tls;

pub use datagrams::{BindFuture, Carrier, Datagram, Datagrams, TimePlace};
pub use tcp::TcpConnector;
pub(crate) use tls::version_text;
pub use tls::{TargetTls, TlsConnector, remedy};

use iedassay_client::tls::{Session, Version};

use crate::target::TlsUse;

/// Any two-way byte stream.
pub trait ByteStream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> ByteStream for T {}

/// A boxed two-way byte stream.
pub type BoxStream = Box<dyn ByteStream>;

/// A future of a [`Connector`].
pub type ConnectFuture<'a> = Pin<Box<dyn Future<Output = io::Result<Connection>> + Send + 'a>>;

/// What to connect to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// The MMS port of the IED, from this source address when one is given (one address is not one client).
    Mms {
        /// Local address to connect from.
        source: Option<IpAddr>,
        /// Whether and how the connection is to be secured.
        security: Security,
        /// Room for octets that have come and are not read yet, in octets; that of the system if none is given.
        receive_buffer: Option<u32>,
    },
    /// The process side of the IED under test: the line protocol that stimuli speak.
    Process,
    /// A line protocol at another address, as a stimulus of the target file names it.
    Line(String),
    /// An HTTP server, `host:port`, as a stimulus of the target file names it.
    Http(String),
}

/// Whether and how a connection is to be secured, where the target has TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Security {
    /// Without TLS, or with which certificate.
    pub tls: TlsUse,
    /// The only version to offer, when not those of the target.
    pub version: Option<Version>,
}

impl Default for Security {
    /// As the target says.
    fn default() -> Self {
        Self {
            tls: TlsUse::Right,
            version: None,
        }
    }
}

impl Endpoint {
    /// The MMS port, secured as the target says, from this source address when one is given.
    #[must_use]
    pub fn mms(source: Option<IpAddr>) -> Self {
        Self::Mms {
            source,
            security: Security::default(),
            receive_buffer: None,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mms { source: None, .. } => f.write_str("mms"),
            Self::Mms {
                source: Some(source),
                ..
            } => write!(f, "mms from {source}"),
            Self::Process => f.write_str("process side"),
            Self::Line(address) => write!(f, "process side at {address}"),
            Self::Http(address) => write!(f, "HTTP server at {address}"),
        }
    }
}

/// An open stream with what is known about its ends.
pub struct Connection {
    /// The bytes.
    pub stream: BoxStream,
    /// Our end, for the capture.
    pub local: Option<SocketAddr>,
    /// The server's end, for the capture.
    pub peer: Option<SocketAddr>,
    /// Makes the closing of `stream` a reset.
    pub reset: ResetSwitch,
    /// What TLS agreed on, once the stream is secured.
    pub session: Option<Session>,
}

impl Connection {
    /// A connection over a stream that knows no addresses and no resets (in-process duplex).
    #[must_use]
    pub fn in_process(stream: BoxStream) -> Self {
        Self {
            stream,
            local: None,
            peer: None,
            reset: ResetSwitch::default(),
            session: None,
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("local", &self.local)
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

/// Decides, from outside of whoever owns the stream, that it shall end with a TCP RST instead of a FIN.
#[derive(Debug, Clone, Default)]
pub struct ResetSwitch(Arc<AtomicBool>);

impl ResetSwitch {
    /// From now on, dropping the stream resets the connection.
    pub fn arm(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether dropping the stream shall reset the connection.
    #[must_use]
    pub fn is_armed(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Opens connections to the IED under test and to its process side.
pub trait Connector: Send + Sync {
    /// Opens one connection. The caller bounds the time; implementations need no deadline of their own.
    ///
    /// # Errors
    /// What the operating system said, or [`io::ErrorKind::Unsupported`] for an endpoint that does not exist here.
    fn connect<'a>(&'a self, endpoint: &'a Endpoint) -> ConnectFuture<'a>;

    /// Secures an open connection to `endpoint` as that says, within a time. Where the target has no TLS there is nothing to do.
    ///
    /// # Errors
    /// An error that holds the [`TlsError`](iedassay_client::tls::TlsError).
    fn secure<'a>(
        &'a self,
        endpoint: &'a Endpoint,
        connection: Connection,
        within: Duration,
    ) -> ConnectFuture<'a> {
        let _ = (endpoint, within);
        Box::pin(std::future::ready(Ok(connection)))
    }

    /// Opens a place where the device asks for the time.
    ///
    /// # Errors
    /// What the operating system said, or [`io::ErrorKind::Unsupported`] where there can be none.
    fn bind<'a>(&'a self, place: &'a TimePlace) -> BindFuture<'a> {
        let what = format!("nobody asks for the time at {}", place.address);
        let error = io::Error::new(io::ErrorKind::Unsupported, what);
        Box::pin(std::future::ready(Err(error)))
    }

    /// Where the IED is, for reports: an address, or words such as `simulated IED, in process`.
    fn describe(&self) -> String;
}
