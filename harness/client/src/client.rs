//! The handle on one association.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use iedassay_wire::association::{
    ConcludeRefusal, Ending, Established, InitiatorEvent, ReleaseWay, Released,
};
use iedassay_wire::mms::{Pdu, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::actor::{Actor, Command};
use crate::config::ClientConfig;
use crate::error::{ClientError, ConnectError, IoError};
use crate::inbound::{Anomaly, Hub, Inbound, Interest, Subscription};
use crate::io::Io;

/// How to leave without a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disconnect {
    /// Close the stream (TCP FIN) without a word.
    Close,
    /// Reset the connection (TCP RST), where the stream can.
    Reset,
}

/// How and when an association ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub ending: Ending,
    /// When.
    pub at: Instant,
    /// Why the stream broke, if it did.
    pub io: Option<IoError>,
}

/// A PDU that answers another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// When the request was handed to the stream.
    pub sent: Instant,
    /// The answer.
    pub inbound: Inbound,
}

impl Exchanged {
    /// Time from the request to the answer.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.inbound.at.saturating_duration_since(self.sent)
    }
}

/// Why a release did not come about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// The server refused to conclude; the association goes on.
    #[error("the server refused to conclude: {0}")]
    Refused(ConcludeRefusal),
    /// The association ended in another way.
    #[error("the association ended before it was released: {}", .0.ending)]
    Ended(Ended),
    /// A release is under way already, or the association is over.
    #[error("the association is being released or over")]
    InProgress,
}

/// One association. Clones share it; when the last is dropped the stream is closed.
#[derive(Clone)]
pub struct Client {
    commands: mpsc::UnboundedSender<Command>,
    shared: Arc<Shared>,
}

struct Shared {
    hub: Arc<Hub>,
    established: Established,
    associated_at: Instant,
    ended: watch::Receiver<Option<Ended>>,
    next_invoke_id: AtomicU32,
    /// Octets of all responses so far.
    answered: AtomicU64,
    request_timeout: Duration,
    limit: usize,
}

impl Client {
    /// Associates over `stream` and starts the task that serves the association.
    ///
    /// # Errors
    /// When no association comes about, with the layer at which it failed. Each layer has its
    /// deadline, so it always ends.
    pub async fn connect<S>(stream: S, config: ClientConfig) -> Result<Self, ConnectError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let capture = config
            .capture
            .as_ref()
            .map(|capture| capture.open(&config.name, config.local, config.peer, Instant::now()));
        let mut io = Io::new(
            stream,
            config.association,
            capture,
            config.alter.clone(),
            config.pace,
        );
        let established = loop {
            match io.poll_event() {
                Some(InitiatorEvent::Established(established)) => break *established,
                Some(InitiatorEvent::Ended(ending)) => {
                    let error = ConnectError::from_ending(ending, io.error.clone());
                    tokio::spawn(io.close());
                    return Err(error);
                }
                Some(_) => {}
                None => {
                    io.wait(None).await;
                }
            }
        };
        let negotiated = established
            .answer
            .max_outstanding_calling
            .min(established.answer.max_outstanding_called);
        let limit = config.outstanding.map_or(negotiated, i32::from);
        // A server that grants nothing is asked one thing at a time all the same.
        let limit = usize::try_from(limit).unwrap_or(1).max(1);
        let hub = Arc::new(Hub::default());
        let (commands, receiver) = mpsc::unbounded_channel();
        let (ended, ended_receiver) = watch::channel(None);
        let actor = Actor::new(io, receiver, hub.clone(), ended, config.reset, limit);
        tokio::spawn(actor.run());
        let shared = Shared {
            hub,
            established,
            associated_at: Instant::now(),
            ended: ended_receiver,
            next_invoke_id: AtomicU32::new(1),
            answered: AtomicU64::new(0),
            request_timeout: config.request_timeout,
            limit,
        };
        Ok(Self {
            commands,
            shared: Arc::new(shared),
        })
    }

    /// What was negotiated.
    #[must_use]
    pub fn established(&self) -> &Established {
        &self.shared.established
    }

    /// When the association came about.
    #[must_use]
    pub fn associated_at(&self) -> Instant {
        self.shared.associated_at
    }

    /// How many requests are outstanding at most.
    #[must_use]
    pub fn outstanding_limit(&self) -> usize {
        self.shared.limit
    }

    /// How long a request waits for its response.
    #[must_use]
    pub fn request_timeout(&self) -> Duration {
        self.shared.request_timeout
    }

    /// Sends a request and gives its response.
    ///
    /// Several at once are sent together, up to the negotiated number; the rest wait their turn.
    ///
    /// # Errors
    /// A refusal, a rejection, an undecodable or wrong response, a timeout, or the end of the
    /// association.
    pub async fn request(&self, request: Request) -> Result<Response, ClientError> {
        self.request_within(request, self.shared.request_timeout)
            .await
    }

    /// As [`request`](Self::request), with a deadline of its own, which runs from the moment the
    /// request is sent.
    ///
    /// # Errors
    /// As [`request`](Self::request).
    pub async fn request_within(
        &self,
        request: Request,
        within: Duration,
    ) -> Result<Response, ClientError> {
        let (response, _) = self.request_counted(request, within).await?;
        Ok(response)
    }

    /// As [`request_within`](Self::request_within), with the number of octets that the response has.
    pub(crate) async fn request_counted(
        &self,
        request: Request,
        within: Duration,
    ) -> Result<(Response, usize), ClientError> {
        let expected = request.service();
        let exchanged = self.exchange(request, within).await?;
        let octets = exchanged.inbound.octets;
        let count = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        self.shared.answered.fetch_add(count, Ordering::Relaxed);
        match Pdu::decode(&octets) {
            Ok(Pdu::ConfirmedResponse(response)) => {
                let found = response.service.service();
                if found != expected {
                    return Err(ClientError::WrongService { expected, found });
                }
                Ok((response.service, octets.len()))
            }
            Ok(Pdu::ConfirmedError(error)) => Err(ClientError::Service(error.error)),
            Ok(Pdu::Reject(reject)) => Err(ClientError::Rejected(reject)),
            Ok(other) => Err(ClientError::Inconsistent(format!(
                "{} in answer to a request",
                other.kind()
            ))),
            Err(error) => Err(ClientError::Wire { error, octets }),
        }
    }

    /// Octets of all responses so far.
    pub(crate) fn answered_octets(&self) -> u64 {
        self.shared.answered.load(Ordering::Relaxed)
    }

    /// Sends a request and gives the PDU that carries its invoke id, whatever it is, undecoded.
    ///
    /// # Errors
    /// A timeout or the end of the association.
    pub async fn exchange(
        &self,
        request: Request,
        within: Duration,
    ) -> Result<Exchanged, ClientError> {
        let invoke_id = self.invoke_id();
        let pdu = Pdu::request(invoke_id, request).encode();
        self.exchange_octets(pdu, Some(invoke_id), within).await
    }

    /// Sends octets in place of an MMS PDU, be they one or not, and gives what answers the invoke
    /// id; without one, the first PDU that answers nothing else.
    ///
    /// # Errors
    /// A timeout or the end of the association.
    pub async fn exchange_octets(
        &self,
        pdu: Vec<u8>,
        invoke_id: Option<u32>,
        within: Duration,
    ) -> Result<Exchanged, ClientError> {
        let (reply, answer) = oneshot::channel();
        if self
            .commands
            .send(Command::Exchange {
                invoke_id,
                pdu,
                within,
                reply,
            })
            .is_err()
        {
            return Err(self.over());
        }
        answer.await.unwrap_or_else(|_| Err(self.over()))
    }

    /// An invoke id that was not used before.
    #[must_use]
    pub fn invoke_id(&self) -> u32 {
        // Some stacks read it as a signed number, so the highest bit stays clear.
        self.shared.next_invoke_id.fetch_add(1, Ordering::Relaxed) & 0x7fff_ffff
    }

    /// A queue of what the server sends from now on without being asked.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        self.subscribe_to(Interest::Unsolicited)
    }

    /// A queue of what the server sends from now on.
    #[must_use]
    pub fn subscribe_to(&self, interest: Interest) -> Subscription {
        let subscription = self.shared.hub.subscribe(interest);
        if self.ended().is_some() {
            self.shared.hub.close();
        }
        subscription
    }

    /// What the server did so far that no request accounts for; the first 256.
    #[must_use]
    pub fn anomalies(&self) -> Vec<Anomaly> {
        self.shared.hub.anomalies()
    }

    /// Sends octets as presentation user data, be they an MMS PDU or not, and expects nothing.
    ///
    /// # Errors
    /// When the association is over.
    pub fn send_mms(&self, pdu: Vec<u8>) -> Result<(), ClientError> {
        self.commands
            .send(Command::SendMms(pdu))
            .map_err(|_| self.over())
    }

    /// Sends octets as they are, below TPKT.
    ///
    /// # Errors
    /// When the association is over.
    pub fn send_raw(&self, octets: Vec<u8>) -> Result<(), ClientError> {
        self.commands
            .send(Command::SendRaw(octets))
            .map_err(|_| self.over())
    }

    /// Stops reading from the stream (`false`), so that what the server sends fills the buffers on the way and it has to hold
    /// back, or goes on. Requests are sent all the same; their answers come, and the end of the association is noticed, when
    /// reading goes on.
    pub fn read_stream(&self, reading: bool) {
        // After the end there is nothing to read.
        let _ = self.commands.send(Command::Reading(reading));
    }

    /// Releases in an orderly way and says of what it consisted. The stream is closed after it.
    ///
    /// # Errors
    /// When the server refuses, or the association ends otherwise, such as by a timeout.
    pub async fn release(&self, way: ReleaseWay) -> Result<Released, ReleaseError> {
        let (reply, answer) = oneshot::channel();
        if self.commands.send(Command::Release { way, reply }).is_err() {
            return Err(ReleaseError::InProgress);
        }
        answer.await.unwrap_or(Err(ReleaseError::InProgress))
    }

    /// Aborts: session ABORT with ARU and ABRT, then the stream is closed. Ends when the
    /// association is over.
    pub async fn abort(&self) -> Ended {
        let _ = self.commands.send(Command::Abort);
        self.wait_ended().await
    }

    /// Leaves without a word. Ends when the association is over.
    pub async fn disconnect(&self, how: Disconnect) -> Ended {
        let _ = self.commands.send(Command::Disconnect(how));
        self.wait_ended().await
    }

    /// How the association ended, if it did.
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        self.shared.ended.borrow().clone()
    }

    /// Waits until the association is over.
    pub async fn wait_ended(&self) -> Ended {
        let mut ended = self.shared.ended.clone();
        match ended
            .wait_for(Option::is_some)
            .await
            .map(|ended| ended.clone())
        {
            Ok(Some(ended)) => ended,
            // The task is gone without a word, as when its runtime shuts down.
            _ => Ended {
                ending: Ending::AbortedLocally,
                at: Instant::now(),
                io: None,
            },
        }
    }

    /// The error of everything that comes after the end.
    fn over(&self) -> ClientError {
        match self.ended() {
            Some(ended) => ClientError::from_ending(&ended.ending, ended.io.as_ref()),
            None => ClientError::Closed(Ending::AbortedLocally),
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("ended", &self.ended())
            .finish_non_exhaustive()
    }
}
