//! What can go wrong, sorted by who is at fault and where.

use std::fmt;
use std::io;
use std::time::Duration;

use iedassay_tls::TlsError;
use iedassay_wire::association::{Abort, Ending, Phase, Refusal};
use iedassay_wire::mms::{DataAccessError, Reject, Service, ServiceError};
use iedassay_wire::{Layer, WireError};

/// An error of the operating system, kept so that it can be copied and compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IoError {
    /// What kind of error.
    pub kind: io::ErrorKind,
    /// What the operating system said.
    pub text: String,
    /// What TLS said, when the stream is secured and that is what went wrong.
    pub tls: Option<Box<TlsError>>,
}

impl From<&io::Error> for IoError {
    fn from(error: &io::Error) -> Self {
        Self {
            kind: error.kind(),
            text: error.to_string(),
            tls: TlsError::of(error).cloned().map(Box::new),
        }
    }
}

impl From<io::Error> for IoError {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

impl fmt::Display for IoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for IoError {}

/// Why there is no association.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The stream broke.
    #[error("the stream broke in the phase {phase}: {error}")]
    Transport {
        /// What was waited for.
        phase: Phase,
        /// What the operating system said.
        error: IoError,
    },
    /// TLS broke after its handshake: so a server of TLS 1.3 rejects the certificate of the client.
    #[error("TLS broke in the phase {phase}: {error}")]
    Tls {
        /// What was waited for.
        phase: Phase,
        /// What went wrong.
        error: TlsError,
    },
    /// The server refused, at the layer of the refusal.
    #[error("the server refused the association: {0}")]
    Refused(Refusal),
    /// The server aborted.
    #[error("the server aborted: {0}")]
    Aborted(Abort),
    /// The server closed the stream without saying why.
    #[error("the server closed the connection in the phase {0}")]
    Closed(Phase),
    /// The server said nothing.
    #[error("the server did not answer in the phase {phase} within {} ms", after.as_millis())]
    Timeout {
        /// What was waited for.
        phase: Phase,
        /// How long.
        after: Duration,
    },
    /// The server sent what cannot be decoded or is not permitted at this point.
    #[error("the server sent an invalid answer: {0}")]
    Wire(WireError),
}

impl ConnectError {
    /// The layer that failed.
    #[must_use]
    pub const fn layer(&self) -> Layer {
        match self {
            Self::Transport { phase, .. }
            | Self::Tls { phase, .. }
            | Self::Closed(phase)
            | Self::Timeout { phase, .. } => phase.layer(),
            Self::Refused(refusal) => refusal.layer(),
            Self::Aborted(abort) => abort_layer(*abort),
            Self::Wire(error) => error.layer,
        }
    }

    pub(crate) fn from_ending(ending: Ending, io: Option<IoError>) -> Self {
        match ending {
            Ending::Refused(refusal) => Self::Refused(refusal),
            Ending::AbortedByPeer(abort) => Self::Aborted(abort),
            Ending::Closed(phase) => match io {
                Some(IoError {
                    tls: Some(error), ..
                }) => Self::Tls {
                    phase,
                    error: *error,
                },
                Some(error) => Self::Transport { phase, error },
                None => Self::Closed(phase),
            },
            Ending::TimedOut { phase, after } => Self::Timeout { phase, after },
            Ending::Invalid(error) => Self::Wire(error),
            // Neither can come before the association stands.
            Ending::Released(_) | Ending::AbortedLocally => Self::Closed(Phase::Ended),
        }
    }
}

const fn abort_layer(abort: Abort) -> Layer {
    match abort {
        Abort::Transport(_) | Abort::TransportError(_) => Layer::Cotp,
        Abort::Session => Layer::Session,
        Abort::Presentation(_) => Layer::Presentation,
        Abort::Acse { .. } => Layer::Acse,
    }
}

/// Why a service did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The stream broke before the response came.
    #[error("the stream broke: {0}")]
    Transport(IoError),
    /// The response cannot be decoded.
    #[error("the response cannot be decoded: {error}")]
    Wire {
        /// What is wrong, with the offset in `octets`.
        error: WireError,
        /// The MMS PDU.
        octets: Vec<u8>,
    },
    /// The server rejected the request (RejectPDU).
    #[error("the server rejected the request: {}", .0.reason)]
    Rejected(Reject),
    /// The server answered with a service error (Confirmed-ErrorPDU).
    #[error("service error {0}")]
    Service(ServiceError),
    /// The server refused access to a variable.
    #[error("access refused: {0}")]
    Access(DataAccessError),
    /// The server aborted before the response came.
    #[error("the server aborted: {0}")]
    Aborted(Abort),
    /// The association ended before the response came.
    #[error("the association is over: {0}")]
    Closed(Ending),
    /// No response came in time.
    #[error("no response within {} ms", after.as_millis())]
    Timeout {
        /// The layer that waited: MMS for a response, else that of the phase.
        layer: Layer,
        /// How long it waited.
        after: Duration,
    },
    /// The response is that of another service.
    #[error("the response is one to {found}, not to {expected}")]
    WrongService {
        /// What was asked.
        expected: Service,
        /// What was answered.
        found: Service,
    },
    /// The response contradicts the request or itself.
    #[error("{0}")]
    Inconsistent(String),
}

impl ClientError {
    pub(crate) fn from_ending(ending: &Ending, io: Option<&IoError>) -> Self {
        match ending {
            Ending::AbortedByPeer(abort) => Self::Aborted(*abort),
            Ending::Closed(_) => match io {
                Some(error) => Self::Transport(error.clone()),
                None => Self::Closed(ending.clone()),
            },
            Ending::TimedOut { phase, after } => Self::Timeout {
                layer: phase.layer(),
                after: *after,
            },
            other => Self::Closed(other.clone()),
        }
    }

    /// True when the server understood and said no: a service error or a data access error.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Service(_) | Self::Access(_))
    }

    /// True when the association is over.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Transport(_) | Self::Aborted(_) | Self::Closed(_)
        )
    }
}
