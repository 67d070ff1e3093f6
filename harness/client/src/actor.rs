//! The task that owns the stream: matches responses with requests and hands out the rest.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use iedassay_wire::Layer;
use iedassay_wire::association::{
    ConcludeRefusal, Ending, InitiatorEvent, Phase, ReleaseWay, Released,
};
use iedassay_wire::mms::{Pdu, PduKind, Peek, peek};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::client::{Disconnect, Ended, Exchanged, ReleaseError};
use crate::config::ResetHook;
use crate::error::ClientError;
use crate::inbound::{Anomaly, AnomalyKind, Hub, Inbound};
use crate::io::{Happened, Io};

/// How many finished requests are remembered, to tell late and second responses from unknown ones.
const REMEMBERED: usize = 256;

pub(crate) enum Command {
    /// Send a PDU and give back what answers its invoke id. Without one, the first PDU that
    /// answers nothing else.
    Exchange {
        invoke_id: Option<u32>,
        pdu: Vec<u8>,
        within: Duration,
        reply: Reply,
    },
    /// Send a PDU that nothing answers.
    SendMms(Vec<u8>),
    /// Send octets below TPKT.
    SendRaw(Vec<u8>),
    /// Read from the stream, or leave there what comes.
    Reading(bool),
    Release {
        way: ReleaseWay,
        reply: oneshot::Sender<Result<Released, ReleaseError>>,
    },
    Abort,
    Disconnect(Disconnect),
}

pub(crate) type Reply = oneshot::Sender<Result<Exchanged, ClientError>>;

/// A request that waits for its response.
struct Outstanding {
    sent: Instant,
    deadline: Instant,
    within: Duration,
    reply: Reply,
}

/// A request that waits to be sent.
struct Queued {
    invoke_id: Option<u32>,
    pdu: Vec<u8>,
    within: Duration,
    reply: Reply,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Finished {
    Answered,
    Expired,
}

pub(crate) struct Actor<S> {
    pub(crate) io: Io<S>,
    commands: mpsc::UnboundedReceiver<Command>,
    hub: Arc<Hub>,
    ended: watch::Sender<Option<Ended>>,
    reset: Option<ResetHook>,
    limit: usize,
    outstanding: BTreeMap<u32, Outstanding>,
    /// Exchanges without an invoke id, in order.
    anonymous: VecDeque<Outstanding>,
    queue: VecDeque<Queued>,
    finished: VecDeque<(u32, Finished)>,
    /// PDUs taken.
    received: u64,
    release: Option<oneshot::Sender<Result<Released, ReleaseError>>>,
}

/// What remains to do with the stream.
enum Last {
    Close,
    Reset,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Actor<S> {
    pub(crate) fn new(
        io: Io<S>,
        commands: mpsc::UnboundedReceiver<Command>,
        hub: Arc<Hub>,
        ended: watch::Sender<Option<Ended>>,
        reset: Option<ResetHook>,
        limit: usize,
    ) -> Self {
        Self {
            io,
            commands,
            hub,
            ended,
            reset,
            limit,
            outstanding: BTreeMap::new(),
            anonymous: VecDeque::new(),
            queue: VecDeque::new(),
            finished: VecDeque::new(),
            received: 0,
            release: None,
        }
    }

    /// Runs until the association is over, then closes the stream.
    pub(crate) async fn run(mut self) {
        let last = self.serve().await;
        self.hub.close();
        match last {
            Last::Close => self.io.close().await,
            Last::Reset => {
                if let Some(reset) = &self.reset {
                    reset();
                }
                self.io.reset();
            }
        }
    }

    async fn serve(&mut self) -> Last {
        loop {
            if self.handle_events() {
                return Last::Close;
            }
            // Orders first: a peer that always has something to say must not keep them waiting.
            while let Ok(command) = self.commands.try_recv() {
                if let Some(last) = self.obey(command) {
                    return last;
                }
            }
            self.send_queued();
            let until = self.next_deadline();
            // The order is fixed so that runs on virtual time repeat exactly.
            tokio::select! {
                biased;
                happened = self.io.wait(until) => {
                    if matches!(happened, Happened::Time) {
                        self.expire();
                    }
                }
                command = self.commands.recv() => match command {
                    Some(command) => {
                        if let Some(last) = self.obey(command) {
                            return last;
                        }
                    }
                    // Nobody holds a handle any more.
                    None => {
                        self.finish(Ending::AbortedLocally);
                        return Last::Close;
                    }
                },
            }
        }
    }

    fn obey(&mut self, command: Command) -> Option<Last> {
        let now = self.io.now();
        match command {
            Command::Exchange {
                invoke_id,
                pdu,
                within,
                reply,
            } => {
                self.queue.push_back(Queued {
                    invoke_id,
                    pdu,
                    within,
                    reply,
                });
            }
            Command::SendMms(pdu) => drop(self.io.initiator.send_mms(&pdu)),
            Command::SendRaw(octets) => self.io.initiator.send_raw(octets),
            Command::Reading(reading) => self.io.reading = reading,
            Command::Release { way, reply } => {
                if self.release.is_some() || self.io.initiator.phase() != Phase::Established {
                    let _ = reply.send(Err(ReleaseError::InProgress));
                } else {
                    self.release = Some(reply);
                    self.io.initiator.release(way, now);
                }
            }
            Command::Abort => self.io.initiator.abort(now),
            Command::Disconnect(Disconnect::Close) => {
                self.finish(Ending::AbortedLocally);
                return Some(Last::Close);
            }
            Command::Disconnect(Disconnect::Reset) => {
                self.finish(Ending::AbortedLocally);
                return Some(Last::Reset);
            }
        }
        None
    }

    /// Handles what the initiator tells; true when the association is over.
    fn handle_events(&mut self) -> bool {
        while let Some(event) = self.io.poll_event() {
            match event {
                InitiatorEvent::Established(_) => {}
                InitiatorEvent::Mms(octets) => self.take(octets),
                InitiatorEvent::ConcludeRefused(refusal) => self.conclude_refused(refusal),
                InitiatorEvent::Ended(ending) => {
                    self.finish(ending);
                    return true;
                }
            }
        }
        false
    }

    fn conclude_refused(&mut self, refusal: ConcludeRefusal) {
        if let Some(reply) = self.release.take() {
            let _ = reply.send(Err(ReleaseError::Refused(refusal)));
        }
    }

    /// Tells everyone that it is over.
    fn finish(&mut self, ending: Ending) {
        let ended = Ended {
            ending,
            at: Instant::now(),
            io: self.io.error.clone(),
        };
        if let Some(reply) = self.release.take() {
            let _ = reply.send(match &ended.ending {
                Ending::Released(released) => Ok(*released),
                _ => Err(ReleaseError::Ended(ended.clone())),
            });
        }
        let error = ClientError::from_ending(&ended.ending, ended.io.as_ref());
        for (_, outstanding) in std::mem::take(&mut self.outstanding) {
            let _ = outstanding.reply.send(Err(error.clone()));
        }
        for outstanding in self.anonymous.drain(..) {
            let _ = outstanding.reply.send(Err(error.clone()));
        }
        for queued in self.queue.drain(..) {
            let _ = queued.reply.send(Err(error.clone()));
        }
        self.ended.send_replace(Some(ended));
        self.commands.close();
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Exchange { reply, .. } => drop(reply.send(Err(error.clone()))),
                Command::Release { reply, .. } => drop(reply.send(Err(ReleaseError::InProgress))),
                _ => {}
            }
        }
    }

    fn send_queued(&mut self) {
        while self.outstanding.len() + self.anonymous.len() < self.limit {
            let Some(queued) = self.queue.pop_front() else {
                return;
            };
            // An owner who went away does not want an answer any more.
            if queued.reply.is_closed() {
                continue;
            }
            if self.io.initiator.send_mms(&queued.pdu).is_err() {
                let phase = self.io.initiator.phase();
                let _ = queued
                    .reply
                    .send(Err(ClientError::Closed(Ending::Closed(phase))));
                continue;
            }
            let sent = Instant::now();
            let deadline = sent + queued.within;
            let outstanding = Outstanding {
                sent,
                deadline,
                within: queued.within,
                reply: queued.reply,
            };
            match queued.invoke_id {
                Some(invoke_id) => {
                    self.outstanding.insert(invoke_id, outstanding);
                }
                None => self.anonymous.push_back(outstanding),
            }
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.outstanding
            .values()
            .chain(&self.anonymous)
            .map(|outstanding| outstanding.deadline)
            .min()
    }

    fn expire(&mut self) {
        let now = Instant::now();
        let timeout = |within| ClientError::Timeout {
            layer: Layer::Mms,
            after: within,
        };
        let expired: Vec<u32> = self
            .outstanding
            .iter()
            .filter(|(_, outstanding)| outstanding.deadline <= now)
            .map(|(invoke_id, _)| *invoke_id)
            .collect();
        for invoke_id in expired {
            if let Some(outstanding) = self.outstanding.remove(&invoke_id) {
                self.remember(invoke_id, Finished::Expired);
                let _ = outstanding.reply.send(Err(timeout(outstanding.within)));
            }
        }
        let (over, waiting) = std::mem::take(&mut self.anonymous)
            .into_iter()
            .partition::<VecDeque<_>, _>(|outstanding| outstanding.deadline <= now);
        self.anonymous = waiting;
        for outstanding in over {
            let _ = outstanding.reply.send(Err(timeout(outstanding.within)));
        }
    }

    fn remember(&mut self, invoke_id: u32, how: Finished) {
        if self.finished.len() >= REMEMBERED {
            self.finished.pop_front();
        }
        self.finished.push_back((invoke_id, how));
    }

    /// Handles one PDU.
    fn take(&mut self, octets: Vec<u8>) {
        let peeked = peek(&octets);
        let kind = peeked.map_or(PduKind::Unknown, |peek| peek.kind);
        let (at, frame) = (self.io.last_read, self.io.last_frame);
        self.received += 1;
        let inbound = Inbound {
            at,
            frame,
            number: self.received,
            kind,
            octets,
        };
        match peeked {
            Ok(Peek {
                kind:
                    PduKind::ConfirmedResponse
                    | PduKind::ConfirmedError
                    | PduKind::Reject
                    | PduKind::CancelResponse
                    | PduKind::CancelError,
                invoke_id,
            }) => self.answer(invoke_id, inbound),
            Ok(Peek {
                kind: PduKind::Unconfirmed,
                ..
            }) => self.hub.publish(&Arc::new(inbound), true),
            // A server may ask for a file (obtainFile); whoever expects that subscribes.
            Ok(Peek {
                kind: PduKind::ConfirmedRequest | PduKind::CancelRequest,
                ..
            }) => {
                self.hub.publish(&Arc::new(inbound), true);
            }
            Ok(Peek { kind, .. }) => self.stray(inbound, AnomalyKind::Misplaced { kind }),
            Err(error) => self.stray(inbound, AnomalyKind::Unreadable { error }),
        }
    }

    /// Gives a response to its request.
    fn answer(&mut self, invoke_id: Option<u32>, inbound: Inbound) {
        let kind = inbound.kind;
        let outstanding = match invoke_id {
            Some(id) => self.outstanding.remove(&id),
            None => self.sole(),
        };
        if let Some(outstanding) = outstanding {
            if let Some(id) = invoke_id {
                self.remember(id, Finished::Answered);
            }
            let sent = outstanding.sent;
            if self.hub.wants_everything() {
                self.hub.publish(&Arc::new(inbound.clone()), false);
            }
            let _ = outstanding.reply.send(Ok(Exchanged { sent, inbound }));
            return;
        }
        let anomaly = match invoke_id {
            None if kind == PduKind::Reject => match inbound.pdu() {
                Ok(Pdu::Reject(reject)) => AnomalyKind::StrayReject {
                    reason: reject.reason,
                },
                Ok(_) => AnomalyKind::NoInvokeId { kind },
                Err(error) => AnomalyKind::Unreadable { error },
            },
            None => AnomalyKind::NoInvokeId { kind },
            Some(invoke_id) => match self.finished.iter().rev().find(|(id, _)| *id == invoke_id) {
                Some((_, Finished::Answered)) => AnomalyKind::Duplicate { invoke_id },
                Some((_, Finished::Expired)) => {
                    self.remember(invoke_id, Finished::Answered);
                    AnomalyKind::Late { invoke_id }
                }
                None => AnomalyKind::Unknown { invoke_id },
            },
        };
        self.stray(inbound, anomaly);
    }

    /// The one request that a response without a readable invoke id can only mean.
    fn sole(&mut self) -> Option<Outstanding> {
        if self.anonymous.len() == 1 && self.outstanding.is_empty() {
            return self.anonymous.pop_front();
        }
        if self.anonymous.is_empty() && self.outstanding.len() == 1 {
            let (invoke_id, outstanding) = self.outstanding.pop_first()?;
            self.remember(invoke_id, Finished::Answered);
            return Some(outstanding);
        }
        None
    }

    /// A PDU that answers no request with an invoke id: the first exchange without one takes it, else
    /// it is an anomaly.
    fn stray(&mut self, inbound: Inbound, kind: AnomalyKind) {
        if let Some(outstanding) = self.anonymous.pop_front() {
            let _ = outstanding.reply.send(Ok(Exchanged {
                sent: outstanding.sent,
                inbound,
            }));
            return;
        }
        self.hub.note(Anomaly {
            at: inbound.at,
            frame: inbound.frame,
            kind,
        });
        self.hub.publish(&Arc::new(inbound), false);
    }
}
