//! The calling end.

use std::collections::VecDeque;

use crate::association::channel::{Channel, Inbound, violation};
use crate::association::stack::{self, Answer, Contexts, Signal};
use crate::association::{
    Abort, ConcludeRefusal, Ending, Established, InitiatorConfig, NotEstablished, Phase, Refusal,
    Released, Time,
};
use crate::cotp::{Connect, Parameters, Tpdu};
use crate::error::{Layer, WireError};
use crate::mms::{Pdu, PduKind, RejectClass, peek};
use crate::presentation::AbortReason;

/// What an [`Initiator`] tells its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InitiatorEvent {
    /// The association stands; MMS PDUs can be sent.
    Established(Box<Established>),
    /// An MMS PDU arrived. Initiate and Conclude PDUs are handled within and not given here.
    Mms(Vec<u8>),
    /// The peer refused to conclude; the association goes on.
    ConcludeRefused(ConcludeRefusal),
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
    channel: Channel,
    contexts: Contexts,
    phase: Phase,
    /// When the phase ends, and how long it was given.
    deadline: Option<(Time, Time)>,
    /// What the release asked for consists of, once it began.
    way: ReleaseWay,
    released: Released,
    events: VecDeque<InitiatorEvent>,
    /// Responding transport selector, until the association stands.
    tsel: Vec<u8>,
}

impl Initiator {
    /// Starts at once: the CR is ready to transmit.
    #[must_use]
    pub fn new(config: InitiatorConfig, now: Time) -> Self {
        let mut this = Self {
            channel: Channel::new(config.max_tsdu),
            contexts: Contexts::default(),
            phase: Phase::Transport,
            deadline: None,
            way: ReleaseWay::default(),
            released: Released::default(),
            events: VecDeque::new(),
            tsel: Vec::new(),
            config,
        };
        this.enter(Phase::Transport, now);
        let some = |tsel: &[u8]| (!tsel.is_empty()).then(|| tsel.to_vec());
        this.channel.send_tpdu(&Tpdu::ConnectRequest(Connect {
            source: this.config.reference,
            parameters: Parameters {
                tpdu_size: Some(this.config.tpdu_size),
                calling_tsap: some(&this.config.calling.tsel),
                called_tsap: some(&this.config.called.tsel),
                ..Parameters::default()
            },
            ..Connect::default()
        }));
        this
    }

    /// Takes octets from the stream, in pieces of any size.
    pub fn handle_input(&mut self, input: &[u8], now: Time) {
        if self.phase == Phase::Ended {
            return;
        }
        self.channel.push(input);
        while self.phase != Phase::Ended {
            match self.channel.next() {
                Ok(Some(inbound)) => {
                    if let Err(error) = self.take(inbound, now) {
                        self.fail(error);
                    }
                }
                Ok(None) => return,
                Err(error) => self.fail(error),
            }
        }
    }

    /// The peer closed the stream or it broke.
    pub fn handle_eof(&mut self, _now: Time) {
        match self.phase {
            Phase::Ended => {}
            // The peer has answered Conclude: closing is how it releases.
            Phase::Release | Phase::Close if self.released.conclude => {
                self.end(Ending::Released(self.released));
            }
            phase => self.end(Ending::Closed(phase)),
        }
    }

    /// The time of [`poll_timeout`](Self::poll_timeout) has come; harmless when it has not.
    pub fn handle_timeout(&mut self, now: Time) {
        let Some((at, after)) = self.deadline else {
            return;
        };
        if now < at {
            return;
        }
        match self.phase {
            Phase::Close => self.end(Ending::Released(self.released)),
            phase => self.end(Ending::TimedOut { phase, after }),
        }
    }

    /// The next octets to write to the stream: one TPKT, or what was sent raw.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.channel.poll_transmit()
    }

    /// The next event.
    pub fn poll_event(&mut self) -> Option<InitiatorEvent> {
        self.events.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Time> {
        self.deadline.map(|(at, _)| at)
    }

    /// Sends an MMS PDU as presentation user data, in as many DTs as the TPDU size asks for.
    ///
    /// # Errors
    /// When no association stands.
    pub fn send_mms(&mut self, pdu: &[u8]) -> Result<(), NotEstablished> {
        if !matches!(self.phase, Phase::Established | Phase::Conclude) {
            return Err(NotEstablished);
        }
        self.send_pdu(pdu);
        Ok(())
    }

    fn send_pdu(&mut self, pdu: &[u8]) {
        let header = stack::data_header(pdu.len(), self.contexts);
        self.channel.send_parts(&header, pdu);
    }

    /// Sends octets as they are, below TPKT, in any phase but the last.
    pub fn send_raw(&mut self, octets: Vec<u8>) {
        if self.phase != Phase::Ended {
            self.channel.send_raw(octets);
        }
    }

    /// Starts an orderly release. Without an established association this is an abort.
    pub fn release(&mut self, way: ReleaseWay, now: Time) {
        if self.phase != Phase::Established {
            self.abort(now);
            return;
        }
        self.way = way;
        self.released.local = true;
        if way.conclude {
            self.send_pdu(&Pdu::ConcludeRequest.encode());
            self.enter(Phase::Conclude, now);
        } else {
            self.finish(now);
        }
    }

    /// Aborts: session ABORT with ARU and ABRT where there is a session to abort, then the end.
    pub fn abort(&mut self, _now: Time) {
        if self.phase == Phase::Ended {
            return;
        }
        if self.phase != Phase::Transport
            && let Ok(abort) = stack::abort_by_user(self.contexts)
        {
            self.channel.send_tsdu(&abort);
        }
        self.end(Ending::AbortedLocally);
    }

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

    fn enter(&mut self, phase: Phase, now: Time) {
        let deadlines = &self.config.deadlines;
        let after = match phase {
            Phase::Transport => Some(deadlines.transport),
            Phase::Association => Some(deadlines.association),
            Phase::Established | Phase::Ended => None,
            Phase::Conclude => Some(deadlines.conclude),
            Phase::Release => Some(deadlines.release),
            Phase::Close => Some(deadlines.close),
        };
        self.phase = phase;
        self.deadline = after.map(|after| (now.saturating_add(after), after));
    }

    fn end(&mut self, ending: Ending) {
        if self.phase != Phase::Ended {
            self.phase = Phase::Ended;
            self.deadline = None;
            self.events.push_back(InitiatorEvent::Ended(ending));
        }
    }

    /// The peer broke the protocol: tell it, where there is a session to tell it in.
    fn fail(&mut self, error: WireError) {
        let tell =
            !matches!(error.layer, Layer::Tpkt | Layer::Cotp) && self.phase != Phase::Transport;
        if tell && let Ok(abort) = stack::abort_by_provider(AbortReason::NOT_SPECIFIED) {
            self.channel.send_tsdu(&abort);
        }
        self.end(Ending::Invalid(error));
    }

    fn take(&mut self, inbound: Inbound, now: Time) -> Result<(), WireError> {
        let connecting = self.phase == Phase::Transport;
        match inbound {
            Inbound::Confirm(confirm) if connecting => self.connected(confirm, now),
            Inbound::Disconnect(reason) if connecting => {
                self.end(Ending::Refused(Refusal::Transport(reason)));
                Ok(())
            }
            Inbound::Error(cause) if connecting => {
                self.end(Ending::Refused(Refusal::TransportError(cause)));
                Ok(())
            }
            Inbound::Tsdu(tsdu) if !connecting => self.take_tsdu(tsdu, now),
            Inbound::Disconnect(_) if self.released.conclude => {
                self.end(Ending::Released(self.released));
                Ok(())
            }
            Inbound::Disconnect(reason) => {
                self.end(Ending::AbortedByPeer(Abort::Transport(reason)));
                Ok(())
            }
            Inbound::Error(cause) => {
                self.end(Ending::AbortedByPeer(Abort::TransportError(cause)));
                Ok(())
            }
            Inbound::Confirm(_) | Inbound::Request(_) | Inbound::Tsdu(_) => {
                Err(violation(Layer::Cotp, "TPDU in this phase"))
            }
        }
    }

    fn connected(&mut self, confirm: Connect, now: Time) -> Result<(), WireError> {
        if confirm.class_option & 0xf0 != 0 {
            return Err(violation(Layer::Cotp, "class"));
        }
        // Without the parameter the proposal holds: RFC 1006 has no smaller default.
        let agreed = confirm
            .parameters
            .tpdu_size
            .unwrap_or(self.config.tpdu_size);
        let Some(octets) = agreed.min(self.config.tpdu_size).octets() else {
            return Err(violation(Layer::Cotp, "TPDU size"));
        };
        self.channel.set_tpdu_size(octets);
        self.tsel = confirm.parameters.called_tsap.unwrap_or_default();
        self.channel.send_tsdu(&stack::connect(&self.config)?);
        self.enter(Phase::Association, now);
        Ok(())
    }

    fn take_tsdu(&mut self, tsdu: Vec<u8>, now: Time) -> Result<(), WireError> {
        if self.phase == Phase::Association {
            return self.answered(&tsdu, now);
        }
        match stack::signal(tsdu, self.contexts)? {
            Signal::Data(pdus) => pdus
                .into_iter()
                .try_for_each(|pdu| self.take_pdu(pdu, now))?,
            Signal::Finish => {
                self.channel.send_tsdu(&stack::disconnect(self.contexts)?);
                self.released.session = true;
                self.end(Ending::Released(self.released));
            }
            Signal::Disconnect if self.phase == Phase::Release => {
                self.released.session = true;
                self.end(Ending::Released(self.released));
            }
            Signal::Abort(abort) => self.end(Ending::AbortedByPeer(abort)),
            Signal::Disconnect | Signal::AbortAccept => {
                return Err(violation(Layer::Session, "SPDU in this phase"));
            }
        }
        Ok(())
    }

    fn answered(&mut self, tsdu: &[u8], now: Time) -> Result<(), WireError> {
        match stack::answer(tsdu)? {
            Answer::Accepted { initiate, peer } => {
                let tsel = core::mem::take(&mut self.tsel);
                let established = Established {
                    answer: initiate,
                    proposed: self.config.mms.clone(),
                    tpdu_size: self.channel.tpdu_size(),
                    peer: super::EndAddress { tsel, ..peer },
                };
                self.enter(Phase::Established, now);
                self.events
                    .push_back(InitiatorEvent::Established(Box::new(established)));
            }
            Answer::Refused(refusal) => self.end(Ending::Refused(refusal)),
            Answer::Aborted(abort) => self.end(Ending::AbortedByPeer(abort)),
        }
        Ok(())
    }

    fn take_pdu(&mut self, pdu: Vec<u8>, now: Time) -> Result<(), WireError> {
        // What cannot even be peeked at is the business of whoever decodes.
        let kind = peek(&pdu).map_or(PduKind::Unknown, |peek| peek.kind);
        let concluding = self.phase == Phase::Conclude;
        match kind {
            PduKind::ConcludeResponse if concluding => {
                self.released.conclude = true;
                self.finish(now);
            }
            PduKind::ConcludeError if concluding => {
                if let Pdu::ConcludeError(error) = Pdu::decode(&pdu)? {
                    self.conclude_refused(ConcludeRefusal::Error(error), now);
                }
            }
            PduKind::Reject if concluding => match Pdu::decode(&pdu) {
                Ok(Pdu::Reject(reject)) if reject.reason.class == RejectClass::CONCLUDE_REQUEST => {
                    self.conclude_refused(ConcludeRefusal::Reject(reject.reason), now);
                }
                _ => self.events.push_back(InitiatorEvent::Mms(pdu)),
            },
            // One was answered: more of them do not put off the end.
            PduKind::ConcludeRequest if self.phase == Phase::Close => {}
            PduKind::ConcludeRequest => {
                let response = Pdu::ConcludeResponse.encode();
                self.send_pdu(&response);
                self.released.conclude = true;
                self.enter(Phase::Close, now);
            }
            PduKind::InitiateRequest
            | PduKind::InitiateResponse
            | PduKind::InitiateError
            | PduKind::ConcludeResponse
            | PduKind::ConcludeError => {
                return Err(violation(Layer::Mms, "PDU in this phase"));
            }
            _ => self.events.push_back(InitiatorEvent::Mms(pdu)),
        }
        Ok(())
    }

    fn conclude_refused(&mut self, refusal: ConcludeRefusal, now: Time) {
        self.released.local = false;
        self.enter(Phase::Established, now);
        self.events
            .push_back(InitiatorEvent::ConcludeRefused(refusal));
    }

    /// Conclude is done or not wanted: release the session, or be done.
    fn finish(&mut self, now: Time) {
        match stack::finish(self.contexts) {
            Ok(finish) if self.way.session => {
                self.channel.send_tsdu(&finish);
                self.enter(Phase::Release, now);
            }
            _ => self.end(Ending::Released(self.released)),
        }
    }
}
