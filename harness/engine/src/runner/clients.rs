//! The associations of a case, and requests on them as outcomes with their evidence.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use iedassay_client::services::notification::{LastApplError, Notification, Termination};
use iedassay_client::tls::TlsError;
use iedassay_client::{
    Anomaly, AnomalyKind, Client, ClientError, ConnectError, Exchanged, Inbound, IoError,
    Subscription,
};
use iedassay_wire::Layer;
use iedassay_wire::Observations;
use iedassay_wire::association::{Ending, Refusal};
use iedassay_wire::mms::{ConfirmedRequest, Pdu, Request, Response};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::case_log::Trouble;
use super::exhibit::{Exhibit, shortened};
use crate::outcome::{Outcome, RefusalLayer};
use crate::report::{Arrival, Inbox};

/// What the server told about a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// A refusal is about to come, or has come.
    Refusal(LastApplError),
    /// CommandTermination.
    Termination(Termination),
}

/// One association of a case.
pub(crate) struct Slot {
    pub(crate) client: Client,
    subscription: Subscription,
    /// Reports that no step has asked for.
    pub(crate) inbox: Inbox,
    /// What the server told about commands.
    pub(crate) told: VecDeque<(Told, Arrival)>,
    /// PDUs that nobody understands.
    pub(crate) strange: Vec<String>,
    /// Octets were sent that the client knows nothing of, so that it cannot match what answers them.
    pub(crate) raw: bool,
    /// Requests that were sent and whose answers no step has waited for yet.
    pub(crate) asked: Vec<JoinHandle<Reply>>,
}

impl Slot {
    pub(crate) fn new(client: Client) -> Self {
        let subscription = client.subscribe();
        Self {
            client,
            subscription,
            inbox: Inbox::default(),
            told: VecDeque::new(),
            strange: Vec::new(),
            raw: false,
            asked: Vec::new(),
        }
    }

    /// Sorts everything that waits.
    pub(crate) fn pump(&mut self) {
        while let Some(inbound) = self.subscription.try_next() {
            self.sort(&inbound);
        }
    }

    /// Waits for the next PDU that nobody asked for until `deadline`, and sorts it. False when none came.
    pub(crate) async fn pump_until(&mut self, deadline: Instant) -> bool {
        match self.subscription.next_before(deadline).await {
            Some(inbound) => {
                self.sort(&inbound);
                true
            }
            None => false,
        }
    }

    /// What waits of a server that fetches a file is no surprise: the harness has told it to.
    pub(crate) fn forget_fetching(&mut self) {
        while let Some(inbound) = self.subscription.try_next() {
            let fetches = match inbound.notification() {
                Ok(Notification::Other(pdu)) => matches!(
                    *pdu,
                    Pdu::ConfirmedRequest(ConfirmedRequest {
                        service: Request::FileOpen(_)
                            | Request::FileRead { .. }
                            | Request::FileClose { .. },
                        ..
                    })
                ),
                _ => false,
            };
            if !fetches {
                self.sort(&inbound);
            }
        }
    }

    /// What the server did that no request accounts for.
    pub(crate) fn anomalies(&self) -> impl Iterator<Item = Anomaly> {
        self.client.anomalies().into_iter().filter(|anomaly| {
            let unmatched = matches!(
                anomaly.kind,
                AnomalyKind::Unknown { .. } | AnomalyKind::StrayReject { .. }
            );
            !(self.raw && unmatched)
        })
    }

    fn sort(&mut self, inbound: &Inbound) {
        let arrival = arrival_of(inbound);
        match inbound.notification() {
            Ok(Notification::Report(report)) => self.inbox.put(Ok(report), arrival),
            Ok(Notification::BadReport(error)) => self.inbox.put(Err(error), arrival),
            Ok(Notification::LastApplError(error)) => {
                self.told.push_back((Told::Refusal(error), arrival));
            }
            Ok(Notification::Termination(termination)) => {
                self.told
                    .push_back((Told::Termination(termination), arrival));
            }
            Ok(Notification::Other(pdu)) => self.strange.push(shortened(&pdu.to_string())),
            Err(error) => self.strange.push(format!("undecodable PDU: {error}")),
        }
    }
}

/// The associations of a case by name.
#[derive(Default)]
pub(crate) struct Clients {
    slots: BTreeMap<String, Slot>,
    /// Associations that fell silent: kept open, never used again.
    silent: Vec<Client>,
    /// Every association ended by a step or by the server, with what is to be said about it.
    over: BTreeMap<String, String>,
}

impl Clients {
    pub(crate) fn insert(&mut self, name: &str, slot: Slot) {
        self.over.remove(name);
        self.slots.insert(name.to_owned(), slot);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Slot> {
        self.slots.get(name)
    }

    /// Trouble when an association of this name stands.
    pub(crate) fn unused(&self, name: &str) -> Result<(), Trouble> {
        if self
            .get(name)
            .is_some_and(|slot| slot.client.ended().is_none())
        {
            return Err(Trouble::suite(format!(
                "the association `{name}` is open already"
            )));
        }
        Ok(())
    }

    /// The association of this name, or the trouble that there is none.
    pub(crate) fn need(&mut self, name: &str) -> Result<&mut Slot, Trouble> {
        if !self.slots.contains_key(name) {
            return Err(match self.over.get(name) {
                Some(why) => Trouble::suite(format!("the association `{name}` is over: {why}")),
                None => Trouble::suite(format!(
                    "there is no association `{name}`; `associate` it first"
                )),
            });
        }
        self.slots
            .get_mut(name)
            .ok_or_else(|| Trouble::harness("the association vanished"))
    }

    /// Takes an association out, because a step ends it.
    pub(crate) fn remove(&mut self, name: &str, why: &str) -> Option<Slot> {
        self.over.insert(name.to_owned(), why.to_owned());
        self.slots.remove(name)
    }

    /// Keeps an association open without ever using it again.
    pub(crate) fn silence(&mut self, client: Client) {
        self.silent.push(client);
    }

    /// All read again what the server sends.
    pub(crate) fn read_all(&self) {
        self.slots
            .values()
            .for_each(|slot| slot.client.read_stream(true));
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.slots.keys().cloned().collect()
    }

    /// Takes all out, for the end of the case.
    pub(crate) fn drain(&mut self) -> (Vec<Slot>, Vec<Client>) {
        let slots = std::mem::take(&mut self.slots).into_values().collect();
        (slots, std::mem::take(&mut self.silent))
    }
}

/// What came of a request.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) outcome: Outcome,
    /// The response, when the outcome is success as far as the service itself goes.
    pub(crate) response: Option<Response>,
    /// When the answer came, or the waiting ended.
    pub(crate) at: Instant,
    /// The place of the answer among the PDUs of the association.
    pub(crate) number: Option<u64>,
    pub(crate) exhibit: Exhibit,
    /// What is odd about the encoding of the answer.
    pub(crate) oddities: Vec<(String, String)>,
}

/// Sends a request and waits for what comes of it.
pub(crate) async fn ask(client: &Client, request: Request, within: Duration) -> Reply {
    ask_coded(client, request, within, |pdu| pdu).await
}

/// As [`ask`], with the PDU coded in another way before it is sent.
pub(crate) async fn ask_coded(
    client: &Client,
    request: Request,
    within: Duration,
    code: impl FnOnce(Vec<u8>) -> Vec<u8>,
) -> Reply {
    let expected = request.service();
    let invoke_id = client.invoke_id();
    let pdu = code(Pdu::request(invoke_id, request).encode());
    match client.exchange_octets(pdu, Some(invoke_id), within).await {
        Ok(exchanged) => understand_answer(&exchanged, expected),
        Err(error) => Reply {
            outcome: outcome_of_error(&error),
            response: None,
            at: Instant::now(),
            number: None,
            exhibit: exhibit_of_error(&error),
            oddities: Vec::new(),
        },
    }
}

fn understand_answer(exchanged: &Exchanged, expected: iedassay_wire::mms::Service) -> Reply {
    let inbound = &exchanged.inbound;
    let observations = Observations::new();
    let decoded = Pdu::decode_observed(&inbound.octets, &observations);
    let (outcome, response) = match &decoded {
        Ok(Pdu::ConfirmedResponse(response)) if response.service.service() == expected => {
            (Outcome::Success, Some(response.service.clone()))
        }
        Ok(Pdu::ConfirmedResponse(response)) => {
            let found = response.service.service();
            (
                Outcome::Malformed(format!("a response to {found} instead of {expected}")),
                None,
            )
        }
        Ok(Pdu::ConfirmedError(error)) => {
            let code = error.error.code;
            let class = u8::try_from(code.class.0).unwrap_or(u8::MAX);
            (
                Outcome::ServiceError {
                    class,
                    code: code.code,
                },
                None,
            )
        }
        Ok(Pdu::Reject(reject)) => {
            let pdu = u8::try_from(reject.reason.class.0).unwrap_or(u8::MAX);
            (
                Outcome::Reject {
                    pdu,
                    reason: reject.reason.code,
                },
                None,
            )
        }
        Ok(other) => (
            Outcome::Malformed(format!("{} in answer to a request", other.kind())),
            None,
        ),
        Err(error) => (Outcome::Malformed(error.to_string()), None),
    };
    let oddities = observations
        .into_vec()
        .iter()
        .map(|seen| {
            let code = format!("encoding-{}", seen.kind.to_string().replace(' ', "-"));
            (code, format!("{} in {}", seen.kind, inbound.kind))
        })
        .collect();
    Reply {
        outcome,
        response,
        at: inbound.at,
        number: Some(inbound.number),
        exhibit: exhibit_of(inbound),
        oddities,
    }
}

/// What a PDU means that answers octets which are no request.
pub(crate) fn answer_outcome(inbound: &Inbound) -> (Outcome, Exhibit) {
    let decoded = inbound.pdu();
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    let outcome = match &decoded {
        Ok(Pdu::ConfirmedResponse(_)) => Outcome::Success,
        Ok(Pdu::ConfirmedError(error)) => Outcome::ServiceError {
            class: small(error.error.code.class.0),
            code: error.error.code.code,
        },
        Ok(Pdu::Reject(reject)) => Outcome::Reject {
            pdu: small(reject.reason.class.0),
            reason: reject.reason.code,
        },
        Ok(_) => Outcome::Success,
        Err(error) => Outcome::Malformed(error.to_string()),
    };
    (outcome, exhibit_of(inbound))
}

/// An answer as evidence.
fn exhibit_of(inbound: &Inbound) -> Exhibit {
    Exhibit::new(&inbound.octets, Some(inbound.frame))
}

/// A PDU in the inbox as evidence.
pub(crate) fn exhibit_of_arrival(arrival: &Arrival) -> Exhibit {
    Exhibit::new(&arrival.bytes, arrival.frame)
}

fn exhibit_of_error(error: &ClientError) -> Exhibit {
    match error {
        ClientError::Wire { octets, .. } => Exhibit::new(octets, None),
        _ => Exhibit::default(),
    }
}

fn arrival_of(inbound: &Inbound) -> Arrival {
    Arrival {
        at: inbound.at,
        number: inbound.number,
        frame: Some(inbound.frame).filter(|frame| *frame > 0),
        bytes: inbound.octets.clone(),
    }
}

/// What the end of a request means.
pub(crate) fn outcome_of_error(error: &ClientError) -> Outcome {
    match error {
        ClientError::Timeout { .. } => Outcome::Timeout,
        ClientError::Aborted(abort) => Outcome::Abort(abort.to_string()),
        ClientError::Transport(error) => broken(error),
        ClientError::Closed(ending) => outcome_of_ending(ending, None),
        ClientError::Service(error) => Outcome::ServiceError {
            class: u8::try_from(error.code.class.0).unwrap_or(u8::MAX),
            code: error.code.code,
        },
        ClientError::Access(error) => Outcome::DataAccessError(error.0),
        ClientError::Rejected(reject) => Outcome::Reject {
            pdu: u8::try_from(reject.reason.class.0).unwrap_or(u8::MAX),
            reason: reject.reason.code,
        },
        other => Outcome::Malformed(other.to_string()),
    }
}

/// What the end of an association means for who was using it.
pub(crate) fn outcome_of_ending(ending: &Ending, io: Option<&IoError>) -> Outcome {
    match (ending, io) {
        (Ending::AbortedByPeer(abort), _) => Outcome::Abort(abort.to_string()),
        (Ending::Closed(_), Some(error)) => broken(error),
        (Ending::Invalid(error), _) => Outcome::Malformed(error.to_string()),
        (Ending::TimedOut { .. }, _) => Outcome::Timeout,
        (other, _) => Outcome::Close(other.to_string()),
    }
}

/// A broken stream: what the server does to it is the server's, all else is the network's.
fn broken(error: &IoError) -> Outcome {
    match error.kind {
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Outcome::Close(format!("reset ({})", error.text)),
        _ => Outcome::Network(error.text.clone()),
    }
}

/// What a connection that did not come about means.
pub(crate) fn outcome_of_tcp(error: &io::Error) -> Outcome {
    match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted => Outcome::Refused {
            layer: RefusalLayer::Tcp,
            detail: "connection refused".to_owned(),
        },
        io::ErrorKind::TimedOut => Outcome::Timeout,
        _ => Outcome::Network(error.to_string()),
    }
}

/// What a connection means that TLS did not secure. A certificate of the server that is not in order is no refusal: it is this
/// side that turns away.
pub(crate) fn outcome_of_tls(error: &TlsError) -> Outcome {
    match error {
        TlsError::Timeout { .. } => Outcome::Timeout,
        TlsError::Io { text, .. } => Outcome::Network(text.clone()),
        refusal if refusal.is_refusal() => Outcome::Refused {
            layer: RefusalLayer::Tls,
            detail: refusal.to_string(),
        },
        other => Outcome::Malformed(other.to_string()),
    }
}

/// What an association that did not come about means.
pub(crate) fn outcome_of_connect(error: &ConnectError) -> Outcome {
    let refused = |layer, detail: String| Outcome::Refused { layer, detail };
    match error {
        ConnectError::Transport { phase, error } => match broken(error) {
            Outcome::Close(how) => refused(
                RefusalLayer::Tcp,
                format!("{how} while waiting for the {phase}"),
            ),
            other => other,
        },
        ConnectError::Tls { error, .. } => outcome_of_tls(error),
        ConnectError::Refused(refusal) => refused(layer_of(refusal.layer()), refusal_text(refusal)),
        ConnectError::Aborted(abort) => {
            refused(layer_of(error.layer()), format!("aborted: {abort}"))
        }
        ConnectError::Closed(phase) => refused(
            RefusalLayer::Tcp,
            format!("connection closed while waiting for the {phase}"),
        ),
        ConnectError::Timeout { .. } => Outcome::Timeout,
        other => Outcome::Malformed(other.to_string()),
    }
}

fn refusal_text(refusal: &Refusal) -> String {
    refusal.to_string()
}

fn layer_of(layer: Layer) -> RefusalLayer {
    match layer {
        Layer::Session => RefusalLayer::Session,
        Layer::Presentation => RefusalLayer::Presentation,
        Layer::Acse => RefusalLayer::Acse,
        Layer::Mms => RefusalLayer::Mms,
        _ => RefusalLayer::Cotp,
    }
}

/// How to reset a connection.
pub(crate) fn reset_hook(switch: &crate::connector::ResetSwitch) -> iedassay_client::ResetHook {
    let switch = switch.clone();
    Arc::new(move || switch.arm())
}
