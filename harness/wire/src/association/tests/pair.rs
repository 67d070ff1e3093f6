//! Two state machines with a wire between them.

use crate::association::{
    Ending, Initiator, InitiatorConfig, InitiatorEvent, Refusal, Responder, ResponderConfig,
    ResponderEvent, Time,
};
use crate::mms::{Initiate, ServiceError};

/// How the responder's owner decides.
#[derive(Clone, Debug)]
pub(super) enum Decision {
    Accept,
    AcceptWith(Box<Initiate>),
    AcceptRaw(Vec<u8>),
    RefuseTransport(Refusal),
    Refuse(Refusal),
    /// Never decide.
    Ponder,
}

/// Both ends, and what each told its owner.
pub(super) struct Pair {
    pub(super) initiator: Initiator,
    pub(super) responder: Responder,
    pub(super) initiator_events: Vec<InitiatorEvent>,
    pub(super) responder_events: Vec<ResponderEvent>,
    pub(super) now: Time,
    pub(super) decision: Decision,
    pub(super) conclude: Result<(), ServiceError>,
    /// Octets in one piece; 0 is everything at once.
    pub(super) piece: usize,
    /// What the wire has carried to the responder and to the initiator.
    pub(super) carried: [Vec<u8>; 2],
}

impl Pair {
    pub(super) fn new() -> Self {
        Self::with(InitiatorConfig::default(), ResponderConfig::default())
    }

    pub(super) fn with(initiator: InitiatorConfig, responder: ResponderConfig) -> Self {
        let now = Time::from_secs(100);
        Self {
            initiator: Initiator::new(initiator, now),
            responder: Responder::new(responder, now),
            initiator_events: Vec::new(),
            responder_events: Vec::new(),
            now,
            decision: Decision::Accept,
            conclude: Ok(()),
            piece: 0,
            carried: [Vec::new(), Vec::new()],
        }
    }

    pub(super) fn deciding(mut self, decision: Decision) -> Self {
        self.decision = decision;
        self
    }

    /// Runs both until neither has anything to say.
    pub(super) fn run(&mut self) {
        loop {
            let to_responder = drain(|| self.initiator.poll_transmit());
            for piece in pieces(&to_responder, self.piece) {
                self.responder.handle_input(piece, self.now);
                self.decide();
            }
            self.decide();
            let to_initiator = drain(|| self.responder.poll_transmit());
            for piece in pieces(&to_initiator, self.piece) {
                self.initiator.handle_input(piece, self.now);
            }
            while let Some(event) = self.initiator.poll_event() {
                self.initiator_events.push(event);
            }
            let quiet = to_responder.is_empty() && to_initiator.is_empty();
            self.carried[0].extend(to_responder);
            self.carried[1].extend(to_initiator);
            if quiet {
                return;
            }
        }
    }

    /// As [`Self::run`], and closes the stream once either end is over.
    pub(super) fn run_to_close(&mut self) {
        self.run();
        if self.initiator_ending().is_some() {
            self.responder.handle_eof(self.now);
        }
        if self.responder_ending().is_some() {
            self.initiator.handle_eof(self.now);
        }
        self.run();
    }

    /// Lets time pass to the next deadline of either end.
    pub(super) fn pass_time(&mut self) {
        let next = [self.initiator.poll_timeout(), self.responder.poll_timeout()];
        if let Some(next) = next.into_iter().flatten().min() {
            self.now = self.now.max(next);
        }
        self.initiator.handle_timeout(self.now);
        self.responder.handle_timeout(self.now);
        self.run();
    }

    pub(super) fn initiator_ending(&self) -> Option<&Ending> {
        match self.initiator_events.last() {
            Some(InitiatorEvent::Ended(ending)) => Some(ending),
            _ => None,
        }
    }

    pub(super) fn responder_ending(&self) -> Option<&Ending> {
        match self.responder_events.last() {
            Some(ResponderEvent::Ended(ending)) => Some(ending),
            _ => None,
        }
    }

    pub(super) fn received_by_responder(&self) -> Vec<Vec<u8>> {
        let mms = |event| match event {
            ResponderEvent::Mms(pdu) => Some(pdu),
            _ => None,
        };
        self.responder_events
            .iter()
            .cloned()
            .filter_map(mms)
            .collect()
    }

    pub(super) fn received_by_initiator(&self) -> Vec<Vec<u8>> {
        let mms = |event| match event {
            InitiatorEvent::Mms(pdu) => Some(pdu),
            _ => None,
        };
        self.initiator_events
            .iter()
            .cloned()
            .filter_map(mms)
            .collect()
    }

    /// Decides what the responder asks, and notes what it tells.
    pub(super) fn decide(&mut self) {
        while let Some(event) = self.responder.poll_event() {
            let (responder, now) = (&mut self.responder, self.now);
            match (&event, &self.decision) {
                (_, Decision::Ponder) => {}
                (ResponderEvent::Transport(_), Decision::RefuseTransport(refusal)) => {
                    responder.refuse(refusal, now);
                }
                (ResponderEvent::Transport(_), _) => responder.accept_transport(now),
                (ResponderEvent::Associate(_), Decision::AcceptWith(answer)) => {
                    responder.accept_with((**answer).clone(), now);
                }
                (ResponderEvent::Associate(_), Decision::AcceptRaw(octets)) => {
                    responder.accept_raw(octets, now);
                }
                (ResponderEvent::Associate(_), Decision::Refuse(refusal)) => {
                    responder.refuse(refusal, now);
                }
                (ResponderEvent::Associate(_), _) => responder.accept(now),
                (ResponderEvent::Conclude, _) => {
                    responder.answer_conclude(self.conclude.clone(), now);
                }
                _ => {}
            }
            self.responder_events.push(event);
        }
    }
}

fn drain(mut poll: impl FnMut() -> Option<Vec<u8>>) -> Vec<u8> {
    core::iter::from_fn(&mut poll).flatten().collect()
}

fn pieces(octets: &[u8], size: usize) -> core::slice::Chunks<'_, u8> {
    octets.chunks(if size == 0 { octets.len().max(1) } else { size })
}
