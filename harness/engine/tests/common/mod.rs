//! The simulated IED in process, and what a run against it needs.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test uses a part of it, and tests may panic"
)]

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use iedassay_client::Anchor;
use iedassay_engine::answers::Answers;
use iedassay_engine::cancel::CancelToken;
use iedassay_engine::connector::{
    BindFuture, Carrier, ConnectFuture, Connection, Connector, Datagrams, Endpoint, TimePlace,
};
use iedassay_engine::diagnostic::Sources;
use iedassay_engine::event::Event;
use iedassay_engine::plan::PlanOptions;
use iedassay_engine::record_builder::RecordBuilder;
use iedassay_engine::runner::{Earlier, Operator, RunEnd, RunInput, run};
use iedassay_engine::suite::{Library, load};
use iedassay_engine::target;
use iedassay_model::scl;
use iedassay_reports::{Options, RunRecord, Target, Tool, Verdict};
use iedassay_sim::{Sim, SimConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

pub const EPOCH: Duration = Duration::from_secs(1_700_000_000);

pub const TARGET: &str = r#"
target: simulated IED
address: localhost
source-addresses: [127.0.0.1, 127.0.0.2]
process-side: localhost
edition: "2"
timeouts: {connect: 2s, associate: 5s, request: 5s, release: 3s, case: 2min}
tolerances: {early: 0ms, late: 10ms, clock: 1s}
allow: {write-data: true, substitute: ["*"], operate: ["*"], data-sets: true, setting-groups: true, files: true, cut-power: true, cut-network: true, exhaust-associations: true, robustness: true}
stimuli: {default: {line: process-side}, conditions: {test-not-ok: {line: process-side}, keeps-state: {line: process-side}, interlocked: {line: process-side}, no-synchronism: {line: process-side}, local: {line: process-side}, command-blocked: {line: process-side}, one-of-n: {line: process-side}, half-way: {line: process-side}}}
power: {line: process-side}
network: {line: process-side}
"#;

/// Serves one HTTP connection.
pub type HttpServer = Arc<dyn Fn(DuplexStream) + Send + Sync>;

/// A device that asks for the time at a server of this number.
pub type TimeDevice = Arc<dyn Fn(usize, Carrier) + Send + Sync>;

/// Hears events.
pub type Listener = Box<dyn FnMut(&Event) + Send>;

/// How long a LastApplError is held back on its way to the client.
pub type Late = Duration;

struct InProcess {
    sim: Sim,
    late: Option<Late>,
    http: Option<HttpServer>,
    time: Option<TimeDevice>,
    udp: bool,
}

impl Connector for InProcess {
    fn connect<'a>(&'a self, endpoint: &'a Endpoint) -> ConnectFuture<'a> {
        let room = match endpoint {
            Endpoint::Mms {
                receive_buffer: Some(octets),
                ..
            } => usize::try_from(*octets).unwrap(),
            _ => 64 * 1024,
        };
        let (ours, theirs) = tokio::io::duplex(room);
        match endpoint {
            Endpoint::Mms { source, .. } => {
                let source = source.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
                let server = match self.late {
                    None => theirs,
                    Some(late) => {
                        let (near, far) = tokio::io::duplex(64 * 1024);
                        tokio::spawn(hold_back(near, theirs, late));
                        far
                    }
                };
                tokio::spawn(self.sim.serve_stream_from(server, source));
            }
            Endpoint::Http(_) => match &self.http {
                Some(server) => server(theirs),
                None => return Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) }),
            },
            _ => {
                tokio::spawn(self.sim.serve_process_stream(theirs));
            }
        }
        Box::pin(async move { Ok(Connection::in_process(Box::new(ours))) })
    }

    fn bind<'a>(&'a self, place: &'a TimePlace) -> BindFuture<'a> {
        if self.udp {
            return Box::pin(Datagrams::udp(&place.address));
        }
        let (datagrams, carrier) = Datagrams::pipe((Ipv4Addr::LOCALHOST, 123).into());
        match &self.time {
            Some(device) => device(place.number, carrier),
            None => return Box::pin(async { Err(io::ErrorKind::Unsupported.into()) }),
        }
        Box::pin(async move { Ok(datagrams) })
    }

    fn describe(&self) -> String {
        "simulated IED, in process".to_owned()
    }
}

/// Passes everything on, but every LastApplError later.
async fn hold_back(server: DuplexStream, client: DuplexStream, late: Late) {
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let (mut from_client, mut to_client) = tokio::io::split(client);
    tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
    let (frames, mut read) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut head = [0; 4];
        while from_server.read_exact(&mut head).await.is_ok() {
            let mut frame = vec![0; usize::from(u16::from_be_bytes([head[2], head[3]]))];
            frame[..4].copy_from_slice(&head);
            from_server.read_exact(&mut frame[4..]).await.unwrap();
            frames.send(frame).unwrap();
        }
    });
    let name = b"LastApplError";
    let mut held = VecDeque::new();
    loop {
        let due = held.front().map_or_else(
            || tokio::time::Instant::now() + Duration::from_secs(3600),
            |(due, _)| *due,
        );
        let frame = tokio::select! {
            biased;
            frame = read.recv() => match frame {
                Some(frame) if frame.windows(name.len()).any(|window| window == name) => {
                    held.push_back((tokio::time::Instant::now() + late, frame));
                    continue;
                }
                Some(frame) => frame,
                None => return,
            },
            () = tokio::time::sleep_until(due) => match held.pop_front() {
                Some((_, frame)) => frame,
                None => continue,
            },
        };
        if to_client.write_all(&frame).await.is_err() {
            return;
        }
    }
}

struct OneFile(String);

impl load::Files for OneFile {
    fn text(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

pub fn sim() -> Sim {
    sim_with(|_| {})
}

pub fn sim_with(change: impl FnOnce(&mut SimConfig)) -> Sim {
    let model = Arc::new(scl::builtin().unwrap().model);
    let mut config = SimConfig::new(model, EPOCH);
    change(&mut config);
    Sim::new(config)
}

/// The library of one suite, which must be without mistakes.
pub fn library(text: &str) -> Arc<Library> {
    let loaded = load::load(&["test.yaml".to_owned()], &OneFile(text.to_owned()));
    let errors: Vec<String> = loaded
        .diagnostics
        .iter()
        .filter(|d| d.is_error())
        .map(|d| d.plain(&loaded.library.sources))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    Arc::new(loaded.library)
}

/// The library of a suite with these cases.
pub fn cases(cases: &str) -> Arc<Library> {
    library(&format!(
        "suite: test/suite\ntitle: Test\nblock: [\"1\"]\ncases:\n{cases}"
    ))
}

/// A simulated IED with all that stands around it.
pub struct Bench {
    pub sim: Sim,
    pub target: String,
    pub with_scl: bool,
    pub cancel: CancelToken,
    pub evidence: Option<PathBuf>,
    pub operator: Option<Arc<dyn Operator>>,
    pub answers: Arc<Answers>,
    pub http: Option<HttpServer>,
    pub late: Option<Late>,
    pub time: Option<TimeDevice>,
    /// Time servers are on real sockets.
    pub udp: bool,
    pub options: Options,
    pub only: Option<std::collections::BTreeSet<String>>,
    pub earlier: Option<Earlier>,
    /// Hears every event after the record has.
    pub listener: Option<Listener>,
}

impl Bench {
    pub fn new(target: &str) -> Self {
        Self {
            sim: sim(),
            target: target.to_owned(),
            with_scl: true,
            cancel: CancelToken::never(),
            evidence: None,
            operator: None,
            answers: Arc::default(),
            http: None,
            late: None,
            time: None,
            udp: false,
            options: Options::default(),
            only: None,
            earlier: None,
            listener: None,
        }
    }

    pub async fn run(mut self, library: Arc<Library>) -> (RunRecord, RunEnd) {
        let mut sources = Sources::new();
        let file = sources.add("target.yaml", self.target);
        let target = match target::load::load(&sources, file) {
            Ok((target, _)) => target,
            Err(wrong) => panic!(
                "{}",
                wrong.iter().map(|d| d.plain(&sources)).collect::<String>()
            ),
        };
        let builder = Arc::new(Mutex::new(RecordBuilder::new()));
        let sink = {
            let builder = Arc::clone(&builder);
            let mut listener = self.listener.take();
            move |event: &Event| {
                builder.lock().unwrap().apply(event);
                if let Some(listener) = &mut listener {
                    listener(event);
                }
            }
        };
        let input = RunInput {
            jobs: target.jobs.map_or(1, target::Jobs::number),
            known_waits: std::collections::BTreeMap::new(),
            survey: false,
            library,
            target: Arc::new(target),
            model: self
                .with_scl
                .then(|| Arc::new(scl::builtin().unwrap().model)),
            plan: PlanOptions {
                only: self.only,
                ..PlanOptions::default()
            },
            connector: Arc::new(InProcess {
                sim: self.sim,
                late: self.late,
                http: self.http,
                time: self.time,
                udp: self.udp,
            }),
            anchor: Anchor::now(SystemTime::UNIX_EPOCH + EPOCH),
            cancel: self.cancel,
            operator: self.operator,
            answers: self.answers,
            evidence: self.evidence,
            tool: Tool {
                name: "iedassay".into(),
                version: "0".into(),
            },
            target_record: Target {
                name: "sim".into(),
                ..Target::default()
            },
            suites: None,
            run_by: None,
            options: self.options,
            reruns: None,
            earlier: self.earlier,
            capabilities: Vec::new(),
            requirements: Vec::new(),
        };
        let end = run(input, Box::new(sink)).await;
        let record = builder.lock().unwrap().record().cloned().unwrap();
        (record, end)
    }
}

pub async fn run_cases(text: &str, with_scl: bool) -> (RunRecord, RunEnd) {
    run_library(cases(text), TARGET, with_scl).await
}

pub async fn run_library(
    library: Arc<Library>,
    target: &str,
    with_scl: bool,
) -> (RunRecord, RunEnd) {
    let mut bench = Bench::new(target);
    bench.with_scl = with_scl;
    bench.run(library).await
}

/// Every case passes; otherwise the test says which do not, and why.
pub fn all_pass(record: &RunRecord) {
    let bad: Vec<String> = record
        .cases
        .iter()
        .filter(|case| case.verdict != Verdict::Pass)
        .map(|case| {
            format!(
                "{}: {} because {}",
                case.key(),
                case.verdict,
                case.reason.as_deref().unwrap_or("?")
            )
        })
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert!(!record.cases.is_empty());
    assert!(record.left_behind.is_empty(), "{:?}", record.left_behind);
}
