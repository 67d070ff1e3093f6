//! The calling end.

use std::collections::VecDeque;

use crate::association::{Ending, Established, InitiatorConfig, NotEstablished, Phase, Time};

/// What an [`Initiator`] tells its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InitiatorEvent {
    /// The association stands; MMS PDUs can be sent.
    Established(Box<Established>),
    /// An MMS PDU arrived. Initiate and Conclude PDUs are handled within and not given here.
    Mms(Vec<u8>),
    /// The peer refused to conclude (Conclude-ErrorPDU); the association goes on.
    ConcludeRefused {
        /// Error class by its tag; 9 is conclude.
        class: u32,
        /// Code within the class.
        code: i64,
    },
    /// It is over; nothing comes after this.
    Ended(Ending),
}

/// What an orderly release consists of. Conclude comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseWay {
    /// MMS Conclude (IEC 61850-8-1, Release service).
    pub conclude: bool,
    /// ACSE release in session FINISH; otherwise the stream is closed.
    pub session: bool,
}

impl Default for ReleaseWay {
    fn default() -> Self {
        Self {
            conclude: true,
            session: true,
        }
    }
}

/// The calling end of an association; see the [module](super) for how to drive it.
#[derive(Debug)]
pub struct Initiator {
    config: InitiatorConfig,
    phase: Phase,
    transmit: VecDeque<Vec<u8>>,
    events: VecDeque<InitiatorEvent>,
    timeout: Option<Time>,
}

impl Initiator {
    /// Starts at once: the CR is ready to transmit.
    #[must_use]
    pub fn new(config: InitiatorConfig, now: Time) -> Self {
        let timeout = now.checked_add(config.deadlines.transport);
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
    pub fn poll_event(&mut self) -> Option<InitiatorEvent> {
        self.events.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Time> {
        self.timeout
    }

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

    /// Starts an orderly release. Without an established association this is an abort.
    pub fn release(&mut self, _way: ReleaseWay, _now: Time) {}

    /// Aborts: session ABORT with ARU and ABRT, then the end.
    pub fn abort(&mut self, _now: Time) {}

    /// How far it has come.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// The configuration it was made with.
    #[must_use]
    pub const fn config(&self) -> &InitiatorConfig {
        &self.config
    }
}
