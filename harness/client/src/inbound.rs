//! What the server sends, with the time and place of its arrival, and who wants to see it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use iedassay_wire::WireError;
use iedassay_wire::mms::{InformationReportView, Pdu, PduKind, RejectReason};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// How many PDUs wait for a subscriber that does not take them; later ones are dropped and counted.
const SUBSCRIBER_LIMIT: usize = 100_000;
/// How many octets these may have together.
const SUBSCRIBER_OCTETS: usize = 32 << 20;
/// How many anomalies are kept.
const ANOMALY_LIMIT: usize = 256;

/// An MMS PDU from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbound {
    /// When its last octet was read.
    pub at: Instant,
    /// Number of the frame of the capture that holds its last octet; 0 without a capture.
    pub frame: u64,
    /// Its place among the PDUs of the association; the first is 1. Several may come with one read.
    pub number: u64,
    /// What it is.
    pub kind: PduKind,
    /// The PDU.
    pub octets: Vec<u8>,
}

impl Inbound {
    /// Decodes it.
    ///
    /// # Errors
    /// When it is not one valid PDU.
    pub fn pdu(&self) -> Result<Pdu, WireError> {
        Pdu::decode(&self.octets)
    }

    /// A view of it if it is an information report, without copying.
    ///
    /// # Errors
    /// When it is not one valid PDU.
    pub fn information_report(&self) -> Result<Option<InformationReportView<'_>>, WireError> {
        InformationReportView::decode(&self.octets)
    }
}

/// Something the server did that no request accounts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anomaly {
    /// When.
    pub at: Instant,
    /// Number of the frame of the capture; 0 without a capture.
    pub frame: u64,
    /// What.
    pub kind: AnomalyKind,
}

/// What the server did.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnomalyKind {
    /// A response came after its deadline.
    #[error("late response to request #{invoke_id}")]
    Late {
        /// The request.
        invoke_id: u32,
    },
    /// A second response to a request.
    #[error("second response to request #{invoke_id}")]
    Duplicate {
        /// The request.
        invoke_id: u32,
    },
    /// A response to a request that was never sent.
    #[error("response to request #{invoke_id}, which was never sent")]
    Unknown {
        /// The invoke id it carries.
        invoke_id: u32,
    },
    /// A reject that names no request, while not exactly one was outstanding.
    #[error("reject of no request: {reason}")]
    StrayReject {
        /// Its reason.
        reason: RejectReason,
    },
    /// A PDU that cannot be told apart.
    #[error("unreadable PDU: {error}")]
    Unreadable {
        /// What is wrong.
        error: WireError,
    },
    /// A response whose invoke id cannot be read.
    #[error("{kind} without a readable invoke id")]
    NoInvokeId {
        /// What it is.
        kind: PduKind,
    },
    /// A PDU that a server does not send.
    #[error("{kind} from the server")]
    Misplaced {
        /// What it is.
        kind: PduKind,
    },
}

/// Which PDUs a subscriber wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Those that no request asked for: reports, LastApplError, CommandTermination, requests of
    /// the server.
    Unsolicited,
    /// All, with every response.
    Everything,
}

struct Subscriber {
    interest: Interest,
    sender: mpsc::UnboundedSender<Arc<Inbound>>,
    waiting: Arc<Waiting>,
}

/// What waits for a subscriber.
#[derive(Debug, Default)]
struct Waiting {
    pdus: AtomicUsize,
    octets: AtomicUsize,
    dropped: AtomicUsize,
}

impl Waiting {
    /// Makes room for one more; without room it is counted as dropped.
    fn admit(&self, inbound: &Inbound) -> bool {
        let octets = inbound.octets.len();
        let full = self.pdus.load(Ordering::Relaxed) >= SUBSCRIBER_LIMIT
            || self.octets.load(Ordering::Relaxed).saturating_add(octets) > SUBSCRIBER_OCTETS;
        if full {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        } else {
            self.pdus.fetch_add(1, Ordering::Relaxed);
            self.octets.fetch_add(octets, Ordering::Relaxed);
        }
        !full
    }

    fn taken(&self, inbound: &Inbound) {
        self.pdus.fetch_sub(1, Ordering::Relaxed);
        self.octets
            .fetch_sub(inbound.octets.len(), Ordering::Relaxed);
    }
}

/// Hands PDUs to subscribers and keeps anomalies; shared by the task and the handles.
#[derive(Default)]
pub(crate) struct Hub {
    subscribers: Mutex<Vec<Subscriber>>,
    anomalies: Mutex<Vec<Anomaly>>,
}

impl Hub {
    pub(crate) fn subscribe(&self, interest: Interest) -> Subscription {
        let (sender, receiver) = mpsc::unbounded_channel();
        let waiting = Arc::<Waiting>::default();
        let subscriber = Subscriber {
            interest,
            sender,
            waiting: waiting.clone(),
        };
        self.subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(subscriber);
        Subscription { receiver, waiting }
    }

    /// Gives `inbound` to those who want it.
    pub(crate) fn publish(&self, inbound: &Arc<Inbound>, unsolicited: bool) {
        let mut subscribers = self
            .subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        subscribers.retain(|subscriber| {
            if subscriber.interest == Interest::Unsolicited && !unsolicited {
                return true;
            }
            !subscriber.waiting.admit(inbound) || subscriber.sender.send(inbound.clone()).is_ok()
        });
    }

    /// True when someone wants to see responses too.
    pub(crate) fn wants_everything(&self) -> bool {
        let subscribers = self
            .subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        subscribers
            .iter()
            .any(|subscriber| subscriber.interest == Interest::Everything)
    }

    /// Ends all subscriptions once they are drained.
    pub(crate) fn close(&self) {
        self.subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(crate) fn note(&self, anomaly: Anomaly) {
        let mut anomalies = self
            .anomalies
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if anomalies.len() < ANOMALY_LIMIT {
            anomalies.push(anomaly);
        }
    }

    pub(crate) fn anomalies(&self) -> Vec<Anomaly> {
        self.anomalies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A queue of PDUs from the server, beginning with the moment it was made.
#[derive(Debug)]
pub struct Subscription {
    receiver: mpsc::UnboundedReceiver<Arc<Inbound>>,
    waiting: Arc<Waiting>,
}

impl Subscription {
    /// The next PDU; `None` when the association is over and all were taken.
    pub async fn next(&mut self) -> Option<Arc<Inbound>> {
        let inbound = self.receiver.recv().await;
        self.taken(inbound)
    }

    /// The next PDU that came before `deadline`; `None` when none did or the association is over.
    pub async fn next_before(&mut self, deadline: Instant) -> Option<Arc<Inbound>> {
        timeout_at(deadline, self.next()).await.ok().flatten()
    }

    /// The next PDU that waits already.
    pub fn try_next(&mut self) -> Option<Arc<Inbound>> {
        let inbound = self.receiver.try_recv().ok();
        self.taken(inbound)
    }

    /// How many were dropped because too many waited.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.waiting.dropped.load(Ordering::Relaxed)
    }

    fn taken(&self, inbound: Option<Arc<Inbound>>) -> Option<Arc<Inbound>> {
        if let Some(inbound) = &inbound {
            self.waiting.taken(inbound);
        }
        inbound
    }
}
