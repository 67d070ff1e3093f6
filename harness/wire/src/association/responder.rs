//! The called end.

use std::collections::VecDeque;

use crate::acse::AuthenticationValue;
use crate::association::channel::{Channel, Inbound, violation};
use crate::association::stack::{self, Contexts, Request, Signal};
use crate::association::{
    Abort, EndAddress, Ending, Established, NotEstablished, Phase, Refusal, Released,
    ResponderConfig, Time,
};
use crate::ber::Oid;
use crate::cotp::{Connect, DisconnectReason, DisconnectRequest, Parameters, Tpdu};
use crate::error::{ErrorKind, Layer, WireError};
use crate::mms::{Initiate, Pdu, PduKind, ServiceError, peek};
use crate::presentation::{AbortReason, ContextResult};

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
    /// TPDU size proposed, in octets; `None` when absent or not permitted.
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
    /// Authentication mechanism; 2.2.3.1 is a password.
    pub mechanism: Option<Oid>,
    /// Its proof of identity. The owner checks it.
    pub authentication: Option<AuthenticationValue>,
    /// What it proposes.
    pub proposed: Initiate,
    /// What [`Responder::accept`] will answer.
    pub answer: Initiate,
}

/// A decision that the owner owes.
#[derive(Debug)]
enum Pending {
    Transport(Connect),
    Associate {
        indication: Box<AssociateIndication>,
        results: Vec<ContextResult>,
    },
}

/// The called end of an association; see the [module](super) for how to drive it.
#[derive(Debug)]
pub struct Responder {
    config: ResponderConfig,
    channel: Channel,
    contexts: Contexts,
    phase: Phase,
    /// When the phase ends, and how long it was given.
    deadline: Option<(Time, Time)>,
    pending: Option<Pending>,
    /// What the CR said.
    transport: TransportIndication,
    peer_reference: u16,
    released: Released,
    events: VecDeque<ResponderEvent>,
}

impl Responder {
    /// Waits for a CR from now on.
    #[must_use]
    pub fn new(config: ResponderConfig, now: Time) -> Self {
        Self {
            channel: Channel::new(config.max_tsdu),
            contexts: Contexts::default(),
            phase: Phase::Transport,
            deadline: Some((now.saturating_add(config.establish), config.establish)),
            pending: None,
            transport: TransportIndication {
                calling_tsel: None,
                called_tsel: None,
                tpdu_size: None,
            },
            peer_reference: 0,
            released: Released::default(),
            events: VecDeque::new(),
            config,
        }
    }

    /// Takes octets from the stream, in pieces of any size.
    pub fn handle_input(&mut self, input: &[u8], now: Time) {
        if self.phase == Phase::Ended {
            return;
        }
        self.channel.push(input);
        self.run(now);
    }

    /// The peer closed the stream or it broke.
    pub fn handle_eof(&mut self, _now: Time) {
        match self.phase {
            Phase::Ended => {}
            Phase::Close => self.end(Ending::Released(self.released)),
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
    pub fn poll_event(&mut self) -> Option<ResponderEvent> {
        self.events.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) wants to be called.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Time> {
        self.deadline.map(|(at, _)| at)
    }

    /// Answers the pending CR with CC.
    pub fn accept_transport(&mut self, now: Time) {
        let Some(Pending::Transport(request)) = self.take_transport() else {
            return;
        };
        let own = self.config.tpdu_size;
        let proposed = request.parameters.tpdu_size;
        let agreed = proposed.map_or(own, |proposed| proposed.min(own));
        let Some(octets) = agreed.octets() else {
            self.fail(violation(Layer::Cotp, "TPDU size"));
            return;
        };
        self.channel.set_tpdu_size(octets);
        self.channel.send_tpdu(&Tpdu::ConnectConfirm(Connect {
            destination: request.source,
            source: self.config.reference,
            class_option: 0,
            parameters: Parameters {
                tpdu_size: proposed.map(|_| agreed),
                calling_tsap: request.parameters.calling_tsap,
                called_tsap: request.parameters.called_tsap,
                ..Parameters::default()
            },
        }));
        // The time to establish runs on.
        self.phase = Phase::Association;
        self.run(now);
    }

    /// Accepts the pending association as negotiated.
    pub fn accept(&mut self, now: Time) {
        if let Some(Pending::Associate { indication, .. }) = &self.pending {
            let answer = indication.answer.clone();
            self.accept_with(answer, now);
        }
    }

    /// Accepts the pending association with an answer of the owner's making, be it permitted or
    /// not.
    pub fn accept_with(&mut self, answer: Initiate, now: Time) {
        let octets = Pdu::InitiateResponse(answer.clone()).encode();
        self.establish(answer, &octets, now);
    }

    /// Accepts the pending association with these octets in place of the Initiate response.
    pub fn accept_raw(&mut self, initiate_response: &[u8], now: Time) {
        if let Some(Pending::Associate { indication, .. }) = &self.pending {
            let answer = indication.answer.clone();
            self.establish(answer, initiate_response, now);
        }
    }

    /// Refuses what is pending, at the layer of the refusal: a CR only by
    /// [`Refusal::Transport`], a CONNECT by any. Without anything pending this is an abort.
    /// The event `Ended` then says that this end aborted.
    pub fn refuse(&mut self, refusal: &Refusal, now: Time) {
        match (&self.pending, refusal) {
            (Some(Pending::Transport(request)), _) => {
                let reason = match refusal {
                    Refusal::Transport(reason) => *reason,
                    _ => DisconnectReason::NOT_SPECIFIED,
                };
                let destination = request.source;
                self.disconnect(destination, 0, reason);
            }
            (Some(Pending::Associate { .. }), Refusal::Transport(reason)) => {
                self.disconnect(self.peer_reference, self.config.reference, *reason);
            }
            (Some(Pending::Associate { .. }), _) => {
                if let Ok(refuse) = stack::refuse(refusal, &self.config.local, self.contexts) {
                    self.channel.send_tsdu(&refuse);
                }
            }
            (None, _) => {
                self.abort(now);
                return;
            }
        }
        self.end(Ending::AbortedLocally);
    }

    /// Answers a pending Conclude: `Ok` with a Conclude response, after which the peer is
    /// expected to release or to close; `Err` with a Conclude-ErrorPDU.
    pub fn answer_conclude(&mut self, answer: Result<(), ServiceError>, now: Time) {
        if self.phase != Phase::Conclude {
            return;
        }
        match answer {
            Ok(()) => {
                self.send_pdu(&Pdu::ConcludeResponse.encode());
                self.released.conclude = true;
                self.phase = Phase::Close;
                self.deadline = Some((now.saturating_add(self.config.close), self.config.close));
            }
            Err(error) => {
                let error = Pdu::ConcludeError(error).encode();
                self.send_pdu(&error);
                self.phase = Phase::Established;
            }
        }
        self.run(now);
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

    /// Octets received that do not make a whole packet yet.
    #[must_use]
    pub const fn unfinished(&self) -> usize {
        self.channel.pending()
    }

    /// The configuration it was made with.
    #[must_use]
    pub const fn config(&self) -> &ResponderConfig {
        &self.config
    }

    /// Handles input until it runs out, the owner has to decide, or the end.
    fn run(&mut self, now: Time) {
        while self.phase != Phase::Ended && self.pending.is_none() && self.phase != Phase::Conclude
        {
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
        // An owner that does not decide must not make a flooding peer fill the memory.
        let limit = self
            .config
            .max_tsdu
            .saturating_mul(2)
            .saturating_add(0x1_0000);
        if self.phase != Phase::Ended && self.channel.pending() > limit {
            self.fail(WireError::new(
                Layer::Tpkt,
                ErrorKind::SizeExceeded { limit },
                0,
            ));
        }
    }

    fn end(&mut self, ending: Ending) {
        if self.phase != Phase::Ended {
            self.phase = Phase::Ended;
            self.deadline = None;
            self.pending = None;
            self.events.push_back(ResponderEvent::Ended(ending));
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
            Inbound::Request(request) if connecting => {
                self.peer_reference = request.source;
                let indication = TransportIndication {
                    calling_tsel: request.parameters.calling_tsap.clone(),
                    called_tsel: request.parameters.called_tsap.clone(),
                    tpdu_size: request.parameters.tpdu_size.and_then(|size| size.octets()),
                };
                self.transport = indication.clone();
                self.pending = Some(Pending::Transport(request));
                self.events.push_back(ResponderEvent::Transport(indication));
            }
            Inbound::Tsdu(tsdu) if self.phase == Phase::Association => self.requested(&tsdu)?,
            Inbound::Tsdu(tsdu) if !connecting => self.take_tsdu(tsdu, now)?,
            Inbound::Disconnect(_) if self.phase == Phase::Close => {
                self.end(Ending::Released(self.released));
            }
            Inbound::Disconnect(reason) => {
                self.end(Ending::AbortedByPeer(Abort::Transport(reason)));
            }
            Inbound::Error(cause) => {
                self.end(Ending::AbortedByPeer(Abort::TransportError(cause)));
            }
            Inbound::Request(_) | Inbound::Confirm(_) | Inbound::Tsdu(_) => {
                return Err(violation(Layer::Cotp, "TPDU in this phase"));
            }
        }
        Ok(())
    }

    fn requested(&mut self, tsdu: &[u8]) -> Result<(), WireError> {
        match stack::request(tsdu, &self.config)? {
            Request::Acceptable {
                contexts,
                results,
                mut indication,
            } => {
                self.contexts = contexts;
                indication.calling.tsel = self.transport.calling_tsel.take().unwrap_or_default();
                indication.called.tsel = self.transport.called_tsel.take().unwrap_or_default();
                let event = ResponderEvent::Associate(indication.clone());
                self.pending = Some(Pending::Associate {
                    indication,
                    results,
                });
                self.events.push_back(event);
            }
            Request::Refusable(refusal) => {
                let refuse = stack::refuse(&refusal, &self.config.local, self.contexts)?;
                self.channel.send_tsdu(&refuse);
                self.end(Ending::AbortedLocally);
            }
            Request::Aborted(abort) => self.end(Ending::AbortedByPeer(abort)),
        }
        Ok(())
    }

    fn establish(&mut self, answer: Initiate, octets: &[u8], now: Time) {
        let (indication, results) = match self.pending.take() {
            Some(Pending::Associate {
                indication,
                results,
            }) => (indication, results),
            other => {
                self.pending = other;
                return;
            }
        };
        let ssel = &indication.called.ssel;
        match stack::accept(&self.config.local, self.contexts, results, ssel, octets) {
            Ok(accept) => self.channel.send_tsdu(&accept),
            Err(error) => {
                self.fail(error);
                return;
            }
        }
        self.phase = Phase::Established;
        self.deadline = None;
        self.events
            .push_back(ResponderEvent::Established(Box::new(Established {
                answer,
                proposed: indication.proposed,
                tpdu_size: self.channel.tpdu_size(),
                peer: indication.calling,
            })));
        self.run(now);
    }

    fn take_tsdu(&mut self, tsdu: Vec<u8>, now: Time) -> Result<(), WireError> {
        match stack::signal(tsdu, self.contexts)? {
            Signal::Data(_) if self.phase == Phase::Close => {
                return Err(violation(Layer::Mms, "PDU after Conclude"));
            }
            Signal::Data(pdus) => pdus
                .into_iter()
                .try_for_each(|pdu| self.take_pdu(pdu, now))?,
            Signal::Finish => {
                self.channel.send_tsdu(&stack::disconnect(self.contexts)?);
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

    fn take_pdu(&mut self, pdu: Vec<u8>, _now: Time) -> Result<(), WireError> {
        match peek(&pdu).map_or(PduKind::Unknown, |peek| peek.kind) {
            PduKind::ConcludeRequest => {
                self.phase = Phase::Conclude;
                self.events.push_back(ResponderEvent::Conclude);
            }
            PduKind::InitiateRequest
            | PduKind::InitiateResponse
            | PduKind::InitiateError
            | PduKind::ConcludeResponse
            | PduKind::ConcludeError => {
                return Err(violation(Layer::Mms, "PDU in this phase"));
            }
            _ => self.events.push_back(ResponderEvent::Mms(pdu)),
        }
        Ok(())
    }

    fn take_transport(&mut self) -> Option<Pending> {
        self.pending
            .take_if(|pending| matches!(pending, Pending::Transport(_)))
    }

    fn disconnect(&mut self, destination: u16, source: u16, reason: DisconnectReason) {
        self.channel
            .send_tpdu(&Tpdu::DisconnectRequest(DisconnectRequest {
                destination,
                source,
                reason,
                parameters: Parameters::default(),
            }));
    }
}
