//! The probes of the PICS gap: one harmless question for each capability that can be asked about.
//!
//! `unsupported` is believed only after a control question: a service, an object and a logical device that cannot exist
//! are asked for first, and only what is refused in the same way counts as unsupported. Whatever else comes back leaves
//! the question open, with what was answered. Nothing is changed on the device: every name that a request carries is either
//! only read, or names nothing.

mod initiate;
mod objects;
mod services;

use std::collections::BTreeMap;
use std::time::Duration;

use iedassay_client::Client;
use iedassay_client::capture::Capture;
use iedassay_reports::{Capability, Statement};
use iedassay_wire::ber::{RawTlv, Tag};
use iedassay_wire::mms::{
    ExtendedObjectClass, GetNameListRequest, ObjectClass, ObjectName, ObjectScope, ReadRequest,
    Request, Response, VariableAccess,
};
use tokio::time::timeout;

use super::clients::ask;
use super::probe::{ProbeError, failure};
use super::shared::Shared;
use crate::outcome::Outcome;
use crate::step::associate::{Attempt, Way, connect, target_configuration};

/// A logical device that no server has.
const NOWHERE: &str = "IEDASSAY_NOWHERE";
/// An object that no logical device has.
const NOTHING: &str = "IEDASSAY_NOTHING$ST$None$none";
/// The tag of a service that no edition of MMS has.
const NO_SERVICE: u32 = 0x3fff;
/// Associations that questions may cost; a device that loses more is left alone.
const MAX_LOST: u32 = 3;

/// What a probe found out about one capability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// It works; how that showed.
    Working(String),
    /// It is not there, as the control question confirms.
    Unsupported(String),
    /// It cannot be told, and why.
    Open(String),
}

/// What was found, by the id of the capability.
#[derive(Debug, Default)]
pub(crate) struct Findings(BTreeMap<&'static str, Found>);

impl Findings {
    fn put(&mut self, id: &'static str, found: Found) {
        self.0.insert(id, found);
    }

    fn put_all(&mut self, ids: &[&'static str], found: &Found) {
        for id in ids {
            self.put(id, found.clone());
        }
    }

    /// The capabilities with what was found.
    pub(crate) fn fill(&self, capabilities: &[Capability]) -> Vec<Capability> {
        capabilities
            .iter()
            .cloned()
            .map(|mut capability| {
                match self.0.get(capability.id.as_str()) {
                    Some(Found::Working(how)) => {
                        capability.probed = Some(Statement::flag(true).from_source(how));
                    }
                    Some(Found::Unsupported(how)) => {
                        capability.probed = Some(Statement::flag(false).from_source(how));
                    }
                    Some(Found::Open(why)) => capability.unprobed = Some(why.clone()),
                    None => {}
                }
                capability
            })
            .collect()
    }
}

/// How the device refuses what cannot exist.
#[derive(Debug, Clone)]
struct Controls {
    service: Outcome,
    object: Outcome,
    domain: Outcome,
}

/// Asks about every capability, on associations of its own.
///
/// # Errors
/// The device cannot be associated with.
pub(crate) async fn survey(shared: &Shared, capture: &Capture) -> Result<Findings, ProbeError> {
    let mut asker = Asker::open(shared, capture).await?;
    let mut findings = Findings::default();
    let established = asker.client.established().clone();
    initiate::tell(&established, &mut findings);
    findings.put_all(
        &["B11", "B21", "S2", "A1", "TP1"],
        &Found::Working("the device associates".to_owned()),
    );
    let controls = Controls {
        object: asker.read(NOTHING_AT).await,
        domain: asker
            .names(ObjectClass::NAMED_VARIABLE, Some(NOWHERE))
            .await
            .0,
        service: asker.ask(unknown_service()).await.0,
    };
    let names = objects::Names::read(&mut asker, &controls).await;
    objects::tell(&mut asker, &controls, &names, &mut findings).await;
    services::tell(&mut asker, &controls, &names, &mut findings).await;
    network_only(&mut findings);
    asker.close(&mut findings).await;
    Ok(findings)
}

/// The object that cannot exist, as domain and item.
const NOTHING_AT: (&str, &str) = (NOWHERE, NOTHING);

fn unknown_service() -> Request {
    raw_service(NO_SERVICE, false, Vec::new())
}

fn raw_service(tag: u32, constructed: bool, content: Vec<u8>) -> Request {
    Request::Unknown(RawTlv {
        tag: Tag::context(tag),
        constructed,
        content,
    })
}

// What no client can see over MMS.
fn network_only(findings: &mut Findings) {
    let open = |text: &str| Found::Open(text.to_owned());
    findings.put(
        "B12",
        open("whether the device is a client too shows only on the network"),
    );
    findings.put("B24", open("another mapping cannot be seen over MMS"));
    findings.put_all(
        &["B22", "S36", "S37", "A2", "TP3"],
        &open("not part of MMS: it shows only on the network"),
    );
    findings.put_all(
        &["M13", "S40", "S41", "S42", "S43", "S44", "A3", "TP4"],
        &open("GSSE is deprecated, and shows only on the network"),
    );
    findings.put_all(
        &["A4", "TP5"],
        &open("time synchronisation shows only on the network"),
    );
    findings.put(
        "TP2",
        open("the transport over OSI networks is out of reach of a TCP client"),
    );
    findings.put(
        "association/max",
        open("only opening as many associations as there are tells; a case does that where the target allows it"),
    );
}

/// An association for questions; opened again when a question costs it.
struct Asker<'a> {
    shared: &'a Shared,
    capture: &'a Capture,
    client: Client,
    lost: u32,
}

impl<'a> Asker<'a> {
    async fn open(shared: &'a Shared, capture: &'a Capture) -> Result<Self, ProbeError> {
        let client = associate(shared, capture)
            .await
            .map_err(|attempt| failure(shared, &attempt))?;
        Ok(Self {
            shared,
            capture,
            client,
            lost: 0,
        })
    }

    fn within(&self) -> Duration {
        self.shared.timeouts.request()
    }

    /// What comes of a request. An association that is over is opened again first; after too many the device is left alone.
    async fn ask(&mut self, request: Request) -> (Outcome, Option<Response>) {
        if self.shared.cancel.is_cancelled() {
            return (Outcome::Network("the run was stopped".to_owned()), None);
        }
        if self.client.ended().is_some() {
            if self.lost >= MAX_LOST {
                return (
                    Outcome::Network("the device has lost too many associations".to_owned()),
                    None,
                );
            }
            self.lost += 1;
            match associate(self.shared, self.capture).await {
                Ok(client) => self.client = client,
                Err(attempt) => {
                    return (
                        Outcome::Network(format!("no association: {}", attempt.outcome)),
                        None,
                    );
                }
            }
        }
        let reply = ask(&self.client, request, self.within()).await;
        (reply.outcome, reply.response)
    }

    async fn read(&mut self, (domain, item): (&str, &str)) -> Outcome {
        let access = VariableAccess::names([ObjectName::domain(domain, item)]);
        self.read_access(access).await.0
    }

    /// What comes of reading; the first refusal of an item is that of the whole.
    async fn read_access(
        &mut self,
        access: VariableAccess,
    ) -> (Outcome, Vec<iedassay_wire::mms::Data>) {
        let (outcome, response) = self.ask(Request::Read(ReadRequest::new(access))).await;
        let Some(Response::Read(read)) = response else {
            return (outcome, Vec::new());
        };
        let mut values = Vec::new();
        for result in read.results {
            match result {
                Ok(value) => values.push(value),
                Err(error) => return (Outcome::DataAccessError(error.0), values),
            }
        }
        (outcome, values)
    }

    /// One page of a name list: of a logical device, or of the whole server.
    async fn names(
        &mut self,
        class: ObjectClass,
        domain: Option<&str>,
    ) -> (Outcome, Vec<String>, bool) {
        self.names_after(class, domain, None).await
    }

    async fn names_after(
        &mut self,
        class: ObjectClass,
        domain: Option<&str>,
        continue_after: Option<String>,
    ) -> (Outcome, Vec<String>, bool) {
        let request = Request::GetNameList(GetNameListRequest {
            class: ExtendedObjectClass::Object(class),
            scope: domain.map_or(ObjectScope::Vmd, |domain| {
                ObjectScope::Domain(domain.to_owned())
            }),
            continue_after,
        });
        match self.ask(request).await {
            (outcome, Some(Response::GetNameList(page))) => {
                (outcome, page.names, page.more_follows)
            }
            (outcome, _) => (outcome, Vec::new(), false),
        }
    }

    /// Releases one association and aborts another, and tells whether the device goes along.
    async fn close(self, findings: &mut Findings) {
        let within = self.shared.timeouts.release();
        let released = match self.client.ended() {
            Some(_) => None,
            None => Some(
                timeout(
                    within,
                    self.client
                        .release(iedassay_wire::association::ReleaseWay::default()),
                )
                .await
                .is_ok_and(|released| released.is_ok()),
            ),
        };
        let found = match released {
            Some(true) => Found::Working("the association was released".to_owned()),
            Some(false) => Found::Open("the association could not be released".to_owned()),
            None => Found::Open("the association was over before it could be released".to_owned()),
        };
        findings.put_all(&["S4", "mms/conclude"], &found);
        let aborted = match associate(self.shared, self.capture).await {
            Ok(client) => {
                // However the connection ends: what counts is that the device takes the next one.
                let _ = timeout(within, client.abort()).await;
                associate(self.shared, self.capture).await
            }
            Err(attempt) => Err(attempt),
        };
        let found = match aborted {
            Ok(client) => {
                // The device has shown what it was asked for; how it lets go is the business of the cases.
                let _ = timeout(
                    within,
                    client.release(iedassay_wire::association::ReleaseWay::default()),
                )
                .await;
                Found::Working("the device associates again after an abort".to_owned())
            }
            Err(attempt) => Found::Open(format!(
                "no association after an abort: {}",
                attempt.outcome
            )),
        };
        findings.put("S3", found);
    }
}

async fn associate(shared: &Shared, capture: &Capture) -> Result<Client, Box<Attempt>> {
    let config = target_configuration(shared);
    let mut attempt = connect(shared, "survey", &config, Way::default(), capture).await;
    attempt.client.take().ok_or_else(|| Box::new(attempt))
}

/// Whether two refusals are the same as far as the protocol can tell.
fn same_refusal(a: &Outcome, b: &Outcome) -> bool {
    match (a, b) {
        (Outcome::Abort(_), Outcome::Abort(_)) | (Outcome::Close(_), Outcome::Close(_)) => true,
        (a, b) => a.is_refusal() && a == b,
    }
}
