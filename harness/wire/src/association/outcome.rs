//! How an association comes about, is refused, and ends.

use core::fmt;

use crate::association::{EndAddress, MmsParameters, Time};
use crate::error::{Layer, WireError};

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
    /// Negotiated values. `services` is what the called end announced.
    pub mms: MmsParameters,
    /// What was proposed.
    pub proposed: MmsParameters,
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
    Transport {
        /// Reason of the DR.
        reason: u8,
    },
    /// Session REFUSE in answer to CONNECT (ISO 8327-1, 8.3.4).
    Session {
        /// First octet of the reason code; `None` when the parameter is absent.
        reason: Option<u8>,
    },
    /// CPR in answer to CP (ISO 8823-1).
    Presentation {
        /// Provider reason; `None` when absent.
        reason: Option<i64>,
    },
    /// AARE with a result other than accepted (ISO 8650-1).
    Acse {
        /// 1 rejected-permanent, 2 rejected-transient.
        result: i64,
        /// Who gave the diagnostic, and its number.
        diagnostic: Diagnostic,
    },
    /// Initiate-ErrorPDU (ISO 9506-2, 8.2).
    Initiate {
        /// Error class by its tag; 8 is initiate.
        class: u32,
        /// Code within the class.
        code: i64,
    },
}

/// Result source diagnostic of an AARE (ISO 8650-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diagnostic {
    /// By the ACSE service user.
    User(i64),
    /// By the ACSE service provider.
    Provider(i64),
}

impl Refusal {
    /// The layer that refused.
    #[must_use]
    pub const fn layer(&self) -> Layer {
        match self {
            Self::Transport { .. } => Layer::Cotp,
            Self::Session { .. } => Layer::Session,
            Self::Presentation { .. } => Layer::Presentation,
            Self::Acse { .. } => Layer::Acse,
            Self::Initiate { .. } => Layer::Mms,
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
    /// COTP DR or ER after the connection stood.
    Transport {
        /// Reason of the DR or cause of the ER.
        reason: u8,
    },
    /// Session ABORT without presentation data.
    Session,
    /// Session ABORT with ARP: by the presentation provider.
    Presentation {
        /// Its reason; `None` when absent.
        reason: Option<i64>,
    },
    /// Session ABORT with ARU and ABRT.
    Acse {
        /// 0 by the user, 1 by the provider.
        source: i64,
        /// Diagnostic, if given.
        diagnostic: Option<i64>,
    },
}
