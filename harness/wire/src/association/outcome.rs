//! How an association comes about, is refused, and ends.

use core::fmt;

use crate::acse::{AbortSource, AssociateResult, Diagnostic};
use crate::association::{EndAddress, Time};
use crate::cotp::{DisconnectReason, RejectCause};
use crate::error::{Layer, WireError};
use crate::mms::{Initiate, RejectReason, ServiceError};
use crate::presentation::{AbortReason, ProviderReason};
use crate::session::RefuseReason;

/// How far an association has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Waiting for the transport connection: CC at the initiator, CR at the responder.
    Transport,
    /// Waiting for the association: the answer to CONNECT at the initiator, CONNECT at the
    /// responder. Session, presentation, ACSE and MMS travel in one TSDU.
    Association,
    /// Established.
    Established,
    /// Waiting for the answer to a Conclude request.
    Conclude,
    /// Waiting for the answer to a session FINISH with its release request.
    Release,
    /// Waiting for the peer to close the transport.
    Close,
    /// Over.
    Ended,
}

impl Phase {
    /// The layer whose answer is awaited in this phase.
    #[must_use]
    pub const fn layer(self) -> Layer {
        match self {
            Self::Transport | Self::Close | Self::Ended => Layer::Cotp,
            Self::Association => Layer::Session,
            Self::Established | Self::Conclude => Layer::Mms,
            Self::Release => Layer::Acse,
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Transport => "transport connection",
            Self::Association => "association",
            Self::Established => "established association",
            Self::Conclude => "conclude",
            Self::Release => "release",
            Self::Close => "close",
            Self::Ended => "end",
        })
    }
}

/// What both ends agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Established {
    /// The Initiate response: the negotiated values and the services of the called end.
    pub answer: Initiate,
    /// The Initiate request.
    pub proposed: Initiate,
    /// TPDU size in use, in octets.
    pub tpdu_size: usize,
    /// What the peer said about itself: at the initiator the responding selectors and titles, at
    /// the responder the calling ones. What was not sent is empty.
    pub peer: EndAddress,
}

/// Which layer refused, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// COTP DR in answer to CR (ISO 8073, 13.5).
    Transport(DisconnectReason),
    /// COTP ER in answer to CR (ISO 8073, 13.12).
    TransportError(RejectCause),
    /// Session REFUSE in answer to CONNECT (ISO 8327-1, 8.3.5), with the reason if it gives one.
    Session(Option<RefuseReason>),
    /// CPR in answer to CP (ISO 8823-1), with the reason if it gives one; or a CPA that refuses
    /// the context of MMS.
    Presentation(Option<ProviderReason>),
    /// AARE with a result other than accepted (ISO 8650-1).
    Acse(AssociateResult, Diagnostic),
    /// Initiate-ErrorPDU (ISO 9506-2, 8.2).
    Initiate(ServiceError),
    /// RejectPDU in place of an Initiate response.
    Reject(RejectReason),
}

impl Refusal {
    /// The layer that refused.
    #[must_use]
    pub const fn layer(&self) -> Layer {
        match self {
            Self::Transport(_) | Self::TransportError(_) => Layer::Cotp,
            Self::Session(_) => Layer::Session,
            Self::Presentation(_) => Layer::Presentation,
            Self::Acse(..) => Layer::Acse,
            Self::Initiate(_) | Self::Reject(_) => Layer::Mms,
        }
    }
}

/// `COTP disconnect: congestion at the TSAP (1)`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(reason) => write!(f, "COTP disconnect: {reason}"),
            Self::TransportError(cause) => write!(f, "COTP error: cause {}", cause.0),
            Self::Session(Some(reason)) => write!(f, "session refuse: {reason}"),
            Self::Session(None) => f.write_str("session refuse"),
            Self::Presentation(Some(reason)) => write!(f, "presentation reject: {reason}"),
            Self::Presentation(None) => f.write_str("presentation reject"),
            Self::Acse(result, diagnostic) => write!(f, "association {result}: {diagnostic}"),
            Self::Initiate(error) => write!(f, "initiate error: {error}"),
            Self::Reject(reason) => write!(f, "initiate rejected: {reason}"),
        }
    }
}

/// How an association, or the attempt at one, ended. It is final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The peer refused the association.
    Refused(Refusal),
    /// Orderly, after a Conclude, a release, or both.
    Released(Released),
    /// The peer aborted.
    AbortedByPeer(Abort),
    /// This end aborted.
    AbortedLocally,
    /// The peer closed the stream, in the phase given, without saying why.
    Closed(Phase),
    /// Nothing came in the phase given.
    TimedOut {
        /// What was waited for.
        phase: Phase,
        /// How long.
        after: Time,
    },
    /// The peer sent what cannot be decoded or is not permitted at this point.
    Invalid(WireError),
}

/// What an orderly release consisted of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Released {
    /// Conclude was requested and answered.
    pub conclude: bool,
    /// ACSE release and session FINISH were answered by DISCONNECT.
    pub session: bool,
    /// This end asked for it.
    pub local: bool,
}

/// How the peer aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abort {
    /// COTP DR after the connection stood.
    Transport(DisconnectReason),
    /// COTP ER after the connection stood.
    TransportError(RejectCause),
    /// Session ABORT without presentation data that can be read.
    Session,
    /// Session ABORT with ARP: by the presentation provider, with the reason if it gives one.
    Presentation(Option<AbortReason>),
    /// Session ABORT with ARU, with an ABRT or without.
    Acse {
        /// Who aborted, if there is an ABRT.
        source: Option<AbortSource>,
        /// Diagnostic, if given.
        diagnostic: Option<i64>,
    },
}

impl fmt::Display for Abort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(reason) => write!(f, "COTP disconnect: {reason}"),
            Self::TransportError(cause) => write!(f, "COTP error: cause {}", cause.0),
            Self::Session => f.write_str("session abort"),
            Self::Presentation(Some(reason)) => write!(f, "presentation provider abort: {reason}"),
            Self::Presentation(None) => f.write_str("presentation provider abort"),
            Self::Acse {
                source: Some(source),
                ..
            } => write!(f, "ACSE abort by the {source}"),
            Self::Acse { source: None, .. } => f.write_str("presentation user abort"),
        }
    }
}

/// How the peer refused to conclude.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConcludeRefusal {
    /// Conclude-ErrorPDU.
    Error(ServiceError),
    /// RejectPDU.
    Reject(RejectReason),
}

impl fmt::Display for ConcludeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => write!(f, "conclude error: {error}"),
            Self::Reject(reason) => write!(f, "conclude rejected: {reason}"),
        }
    }
}

/// `refused: session refuse`, `closed by the peer during release`.
impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
            Self::Released(released) => write!(f, "{released}"),
            Self::AbortedByPeer(abort) => write!(f, "aborted by the peer: {abort}"),
            Self::AbortedLocally => f.write_str("aborted locally"),
            Self::Closed(phase) => write!(f, "closed by the peer in the phase {phase}"),
            Self::TimedOut { phase, after } => {
                write!(
                    f,
                    "nothing came in the phase {phase} within {} ms",
                    after.as_millis()
                )
            }
            Self::Invalid(error) => write!(f, "invalid: {error}"),
        }
    }
}

/// `released by conclude and session finish`.
impl fmt::Display for Released {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.local {
            "released"
        } else {
            "released by the peer"
        })?;
        f.write_str(match (self.conclude, self.session) {
            (true, true) => " with conclude and session finish",
            (true, false) => " with conclude",
            (false, true) => " with session finish",
            (false, false) => " by closing",
        })
    }
}
