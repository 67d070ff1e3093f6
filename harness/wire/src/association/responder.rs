//! The called end.

use std::collections::VecDeque;

use crate::association::{
    Authentication, EndAddress, Ending, Established, MmsParameters, NotEstablished, Phase, Refusal,
    ResponderConfig, Time,
};
use crate::ber::Oid;

/// What a [`Responder`] tells its owner, and what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponderEvent {
    /// A CR arrived. Answer with [`Responder::accept_transport`] or [`Responder::refuse`]; until
    /// then input waits.
    Transport(TransportIndication),
    /// A CONNECT with everything above it arrived, and the protocol permits to accept it. Answer
    /// with [`Responder::accept`] and its kin or [`Responder::refuse`]; until then input waits.
    Associate(Box<AssociateIndication>),
    /// The association stands; MMS PDUs can be sent.
    Established(Box<Established>),
    /// An MMS PDU arrived. Initiate and Conclude PDUs are not given here.
    Mms(Vec<u8>),
    /// The peer wants to conclude. Answer with [`Responder::answer_conclude`].
    Conclude,
    /// It is over; nothing comes after this.
    Ended(Ending),
}

/// What a CR asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportIndication {
    /// Calling transport selector; `None` when absent.
    pub calling_tsel: Option<Vec<u8>>,
    /// Called transport selector; `None` when absent.
    pub called_tsel: Option<Vec<u8>>,
    /// TPDU size proposed, in octets; `None` when absent.
    pub tpdu_size: Option<usize>,
}

/// What a CONNECT with CP, AARQ and Initiate request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociateIndication {
    /// What the peer says about itself; what was not sent is empty.
    pub calling: EndAddress,
    /// Whom it wants; what was not sent is empty.
    pub called: EndAddress,
    /// Application context name.
    pub application_context: Oid,
    /// Its proof of identity. The owner checks it.
    pub authentication: Authentication,
    /// What it proposes.
    pub proposed: MmsParameters,
    /// What [`Responder::accept`] will answer.
    pub answer: MmsParameters,
}

/// The called end of an association; see the [module](super) for how to drive it.
#[derive(Debug)]
pub struct Responder {
    config: ResponderConfig,
    phase: Phase,
    transmit: VecDeque<Vec<u8>>,
    events: VecDeque<ResponderEvent>,
    timeout: Option<Time>,
}

impl Responder {
    /// Waits for a CR from now on.
    #[must_use]
    pub fn new(config: ResponderConfig, now: Time) -> Self {
        let timeout = now.checked_add(config.establish);
        Self {
            config,
            phase: Phase::Transport,
            transmit: VecDeque::new(),
            events: VecDeque::new(),
            timeout,
        }
    }

    /// Takes octets from the stream, in pieces of any size.
    pub fn handle_input(&mut self, _input: &[u8], _now: Time) {}

    /// The peer closed the stream or it broke.
    pub fn handle_eof(&mut self, _now: Time) {}

    /// The time of [`poll_timeout`](Self::poll_timeout) has come; harmless when it has not.
    pub fn handle_timeout(&mut self, _now: Time) {}

    /// The next TPKT to write to the stream.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.transmit.pop_front()
    }

    /// The next event.
    pub fn poll_event(&mut self) -> Option<ResponderEvent> {
        self.events.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Time> {
        self.timeout
    }

    /// Answers the pending CR with CC.
    pub fn accept_transport(&mut self, _now: Time) {}

    /// Accepts the pending association as negotiated.
    pub fn accept(&mut self, _now: Time) {}

    /// Accepts the pending association with an answer of the owner's making, be it permitted or
    /// not.
    pub fn accept_with(&mut self, _answer: MmsParameters, _now: Time) {}

    /// Accepts the pending association with these octets in place of the Initiate response.
    pub fn accept_raw(&mut self, _initiate_response: &[u8], _now: Time) {}

    /// Refuses what is pending, at the layer of the refusal: a CR only by
    /// [`Refusal::Transport`], a CONNECT by any. Without anything pending this is an abort.
    pub fn refuse(&mut self, _refusal: &Refusal, _now: Time) {}

    /// Answers a pending Conclude: `Ok` with a Conclude response, after which the peer is
    /// expected to release or to close; `Err` with a Conclude-ErrorPDU of that code.
    pub fn answer_conclude(&mut self, _answer: Result<(), i64>, _now: Time) {}

    /// Sends an MMS PDU as presentation user data, in as many DTs as the TPDU size asks for.
    ///
    /// # Errors
    /// When no association stands.
    pub fn send_mms(&mut self, _pdu: &[u8]) -> Result<(), NotEstablished> {
        Err(NotEstablished)
    }

    /// Sends octets as they are, below TPKT, in any phase but the last.
    pub fn send_raw(&mut self, octets: Vec<u8>) {
        self.transmit.push_back(octets);
    }

    /// Aborts: session ABORT with ARU and ABRT, then the end.
    pub fn abort(&mut self, _now: Time) {}

    /// How far it has come.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// The configuration it was made with.
    #[must_use]
    pub const fn config(&self) -> &ResponderConfig {
        &self.config
    }
}
