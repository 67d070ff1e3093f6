//! A client of nothing but the association state machine, in memory or on any stream.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test uses a part of it, and a test that cannot go on may panic"
)]

use std::{
    collections::VecDeque,
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use iedassay_model::{scl, tree::ServerModel};
use iedassay_sim::{Fault, Sim, SimConfig};
use iedassay_wire::{
    association::{Ending, Established, Initiator, InitiatorConfig, InitiatorEvent, ReleaseWay},
    mms::{
        AccessResult, Data, DataAccessError, ErrorCode, FileAttributes, FileOpenResponse,
        FileReadResponse, ObjectName, Pdu, ReadRequest, Reject, Request, Response, Unconfirmed,
        VariableAccess, WriteRequest, WriteResult,
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
    time::{Instant, timeout},
};

/// What the simulated IED serves in these tests.
pub fn model() -> Arc<ServerModel> {
    static MODEL: OnceLock<Arc<ServerModel>> = OnceLock::new();
    Arc::clone(MODEL.get_or_init(|| Arc::new(scl::builtin().unwrap().model)))
}

/// 2023-11-14T22:13:20Z.
pub const EPOCH: Duration = Duration::from_secs(1_700_000_000);

pub fn config(faults: &[Fault]) -> SimConfig {
    let mut config = SimConfig::new(model(), EPOCH);
    config.faults = faults.iter().copied().collect();
    config
}

pub fn sim(faults: &[Fault]) -> Sim {
    Sim::new(config(faults))
}

/// What a client proposes to the built-in IED.
pub fn proposal() -> InitiatorConfig {
    let mut config = InitiatorConfig::default();
    let address = iedassay_sim::CalledAddress::of(&model());
    config.called.ap_title = iedassay_wire::ber::Oid::from_arcs(&address.ap_title.unwrap());
    config.called.ae_qualifier = address.ae_qualifier;
    config
}

pub struct Client {
    stream: DuplexStream,
    initiator: Initiator,
    started: Instant,
    invoke_id: u32,
    /// Whatever is no answer to a request: reports and the like, with the time since the epoch at which they came.
    pub unsolicited: VecDeque<(Duration, Pdu)>,
    /// For each unsolicited PDU, how many answers had come before it.
    pub answered_before: Vec<usize>,
    answered: usize,
    answers: VecDeque<Pdu>,
    /// The file that it has for a server that obtains one, and how far it was read.
    pub offered: Option<(Vec<u8>, usize)>,
    /// Whether it answers a server that asks that it has no such file.
    pub refuses: bool,
    /// What a server has asked.
    pub asked: Vec<String>,
    pub established: Option<Established>,
    pub ending: Option<Ending>,
}

/// An answer to a request.
#[derive(Debug, PartialEq)]
pub enum Answer {
    Response(Response),
    Error(ErrorCode),
    Reject(Reject),
    Ended(Ending),
    Nothing,
}

impl Client {
    pub async fn connect(sim: &Sim) -> Self {
        Self::connect_with(sim, proposal(), IpAddr::from([127, 0, 0, 1]))
            .await
            .unwrap()
    }

    pub async fn connect_from(sim: &Sim, host: u8) -> Self {
        Self::connect_with(sim, proposal(), IpAddr::from([127, 0, 0, host]))
            .await
            .unwrap()
    }

    /// Associates; the error is how it ended.
    pub async fn connect_with(
        sim: &Sim,
        config: InitiatorConfig,
        peer: IpAddr,
    ) -> Result<Self, Ending> {
        let (near, far) = tokio::io::duplex(64 * 1024);
        tokio::spawn(sim.serve_stream_from(far, peer));
        let mut client = Self {
            stream: near,
            initiator: Initiator::new(config, Duration::ZERO),
            started: Instant::now(),
            invoke_id: 0,
            unsolicited: VecDeque::new(),
            answered_before: Vec::new(),
            answered: 0,
            answers: VecDeque::new(),
            offered: None,
            refuses: false,
            asked: Vec::new(),
            established: None,
            ending: None,
        };
        while client.established.is_none() && client.ending.is_none() {
            client.step(Duration::from_secs(30)).await;
        }
        match client.ending.clone() {
            Some(ending) => Err(ending),
            None => Ok(client),
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn drain(&mut self) {
        while let Some(event) = self.initiator.poll_event() {
            match event {
                InitiatorEvent::Established(established) => self.established = Some(*established),
                InitiatorEvent::Mms(pdu) => match Pdu::decode(&pdu).unwrap() {
                    pdu @ (Pdu::ConfirmedResponse(_) | Pdu::ConfirmedError(_) | Pdu::Reject(_)) => {
                        self.answered += 1;
                        self.answers.push_back(pdu);
                    }
                    Pdu::ConfirmedRequest(request) if self.offered.is_some() => {
                        self.asked.push(request.service.to_string());
                        let answer = self.give(request.service);
                        let pdu = Pdu::response(request.invoke_id, answer).encode();
                        self.initiator.send_mms(&pdu).unwrap();
                    }
                    Pdu::ConfirmedRequest(request) if self.refuses => {
                        let code = ErrorCode::FILE_NON_EXISTENT;
                        let pdu = Pdu::error(request.invoke_id, code).encode();
                        self.initiator.send_mms(&pdu).unwrap();
                    }
                    pdu => {
                        let now = self.started.elapsed();
                        self.answered_before.push(self.answered);
                        self.unsolicited.push_back((now, pdu));
                    }
                },
                InitiatorEvent::Ended(ending) => self.ending = Some(ending),
                _ => {}
            }
        }
    }

    /// The next part of what it offers.
    fn give(&mut self, request: Request) -> Response {
        let (contents, position) = self.offered.as_mut().unwrap();
        match request {
            Request::FileOpen(_) => Response::FileOpen(FileOpenResponse {
                frsm_id: 7,
                attributes: FileAttributes {
                    size: u32::try_from(contents.len()).unwrap(),
                    last_modified: None,
                },
            }),
            Request::FileRead { frsm_id: 7 } => {
                let end = contents.len().min(*position + 1000);
                let data = contents[*position..end].to_vec();
                *position = end;
                Response::FileRead(FileReadResponse {
                    data,
                    more_follows: end < contents.len(),
                })
            }
            Request::FileClose { frsm_id: 7 } => Response::FileClose,
            other => panic!("{other}"),
        }
    }

    /// Writes what is to be written and reads once, for at most so long.
    async fn step(&mut self, limit: Duration) {
        while let Some(octets) = self.initiator.poll_transmit() {
            if self.stream.write_all(&octets).await.is_err() {
                break;
            }
        }
        self.drain();
        let mut buffer = [0; 4096];
        let own = self
            .initiator
            .poll_timeout()
            .map_or(limit, |at| at.saturating_sub(self.now()));
        match timeout(limit.min(own), self.stream.read(&mut buffer)).await {
            Ok(Ok(0) | Err(_)) => {
                let now = self.now();
                self.initiator.handle_eof(now);
            }
            Ok(Ok(count)) => {
                let now = self.now();
                self.initiator.handle_input(&buffer[..count], now);
            }
            Err(_) => {
                let now = self.now();
                self.initiator.handle_timeout(now);
            }
        }
        self.drain();
    }

    /// Lets time pass and takes what comes.
    pub async fn wait(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end && self.ending.is_none() {
            let left = end - Instant::now();
            self.step(left).await;
        }
    }

    pub async fn ask(&mut self, request: Request) -> Answer {
        self.invoke_id += 1;
        let octets = Pdu::request(self.invoke_id, request).encode();
        self.ask_raw(&octets).await
    }

    pub async fn ask_raw(&mut self, pdu: &[u8]) -> Answer {
        match self.exchange(pdu).await {
            Some(Pdu::ConfirmedResponse(response)) => {
                assert_eq!(response.invoke_id, self.invoke_id);
                Answer::Response(response.service)
            }
            Some(Pdu::ConfirmedError(error)) => {
                assert_eq!(error.invoke_id, self.invoke_id);
                Answer::Error(error.error.code)
            }
            Some(Pdu::Reject(reject)) => Answer::Reject(reject),
            Some(other) => panic!("{other:?}"),
            None => match &self.ending {
                Some(ending) => Answer::Ended(ending.clone()),
                None => Answer::Nothing,
            },
        }
    }

    /// Sends a PDU as it is, and reads nothing.
    pub async fn send(&mut self, pdu: &[u8]) {
        self.initiator.send_mms(pdu).unwrap();
        while let Some(octets) = self.initiator.poll_transmit() {
            self.stream.write_all(&octets).await.unwrap();
        }
    }

    /// Sends octets as they are, below TPKT, and waits for an answer.
    pub async fn exchange_raw(&mut self, octets: &[u8]) -> Option<Pdu> {
        self.initiator.send_raw(octets.to_vec());
        self.answer().await
    }

    /// How many answers have come that nobody has taken.
    pub fn answers_waiting(&self) -> usize {
        self.answers.len()
    }

    /// Sends a PDU as it is and waits for what answers a request, whichever request that is; none when nothing comes.
    pub async fn exchange(&mut self, pdu: &[u8]) -> Option<Pdu> {
        self.initiator.send_mms(pdu).unwrap();
        self.answer().await
    }

    async fn answer(&mut self) -> Option<Pdu> {
        let end = Instant::now() + Duration::from_secs(5);
        loop {
            if let Some(answer) = self.answers.pop_front() {
                return Some(answer);
            }
            if self.ending.is_some() || Instant::now() >= end {
                return None;
            }
            self.step(end - Instant::now()).await;
        }
    }

    pub async fn read(&mut self, item: &str) -> AccessResult {
        let access = VariableAccess::names([name(item)]);
        match self.ask(Request::Read(ReadRequest::new(access))).await {
            Answer::Response(Response::Read(response)) => {
                response.results.into_iter().next().unwrap()
            }
            other => panic!("read of {item}: {other:?}"),
        }
    }

    /// A value as text.
    pub async fn show(&mut self, item: &str) -> String {
        self.read(item).await.unwrap().to_string()
    }

    pub async fn write(&mut self, item: &str, data: Data) -> WriteResult {
        let access = VariableAccess::names([name(item)]);
        match self
            .ask(Request::Write(WriteRequest {
                access,
                data: vec![data],
            }))
            .await
        {
            Answer::Response(Response::Write(response)) => {
                response.results.into_iter().next().unwrap()
            }
            other => panic!("write of {item}: {other:?}"),
        }
    }

    /// The reports that came, each as its time in milliseconds and its fields as text.
    pub fn reports(&mut self) -> Vec<(u128, Vec<String>)> {
        self.unsolicited
            .drain(..)
            .filter_map(|(time, pdu)| match pdu {
                Pdu::Unconfirmed(Unconfirmed::InformationReport(report)) => Some((
                    time.as_millis(),
                    report
                        .results
                        .iter()
                        .map(|result| result.as_ref().unwrap().to_string())
                        .collect(),
                )),
                _ => None,
            })
            .collect()
    }

    /// Orderly: Conclude, then the end of the connection. None when it does not end.
    pub async fn release(mut self) -> Option<Ending> {
        let now = self.now();
        self.initiator.release(
            ReleaseWay {
                conclude: true,
                session: false,
            },
            now,
        );
        let end = Instant::now() + Duration::from_secs(30);
        while self.ending.is_none() && Instant::now() < end {
            self.step(Duration::from_secs(10)).await;
        }
        self.ending
    }

    /// ACSE abort.
    pub async fn abort(mut self) {
        let now = self.now();
        self.initiator.abort(now);
        while let Some(octets) = self.initiator.poll_transmit() {
            let _ = self.stream.write_all(&octets).await;
        }
        // The other side has to see it before the stream is gone.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// `LD/item`, the LD without the name of the IED.
pub fn name(text: &str) -> ObjectName {
    let (domain, item) = text.split_once('/').unwrap();
    ObjectName::domain(format!("ASSAY{domain}"), item)
}

pub const DENIED: DataAccessError = DataAccessError::OBJECT_ACCESS_DENIED;
pub const UNAVAILABLE: DataAccessError = DataAccessError::TEMPORARILY_UNAVAILABLE;
pub const UNKNOWN: DataAccessError = DataAccessError::OBJECT_NON_EXISTENT;
