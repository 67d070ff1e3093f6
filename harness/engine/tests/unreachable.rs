//! Targets that cannot be tested: each ends the run with its own reason, within its deadline, and with a valid record.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

use std::io;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use iedassay_client::Anchor;
use iedassay_engine::cancel::CancelToken;
use iedassay_engine::connector::{ConnectFuture, Connection, Connector, Endpoint};
use iedassay_engine::diagnostic::Sources;
use iedassay_engine::event::Event;
use iedassay_engine::plan::PlanOptions;
use iedassay_engine::record_builder::RecordBuilder;
use iedassay_engine::runner::{ProbeError, RunEnd, RunInput, run};
use iedassay_engine::suite::{Library, load};
use iedassay_engine::target;
use iedassay_model::scl;
use iedassay_reports::{Conclusion, Options, RunRecord, Target, Tool};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

#[derive(Clone, Copy)]
enum Behaviour {
    Refuses,
    Hangs,
    ClosesAtOnce,
    ClosesAfterTheFirstOctets,
    AnswersGarbage,
    AnswersWithTls,
    SaysNothing,
    NoRoute,
}

struct Strange(Behaviour);

impl Connector for Strange {
    fn connect<'a>(&'a self, _: &'a Endpoint) -> ConnectFuture<'a> {
        let behaviour = self.0;
        Box::pin(async move {
            let (ours, mut theirs) = tokio::io::duplex(4096);
            match behaviour {
                Behaviour::Refuses => return Err(io::ErrorKind::ConnectionRefused.into()),
                Behaviour::NoRoute => return Err(io::Error::other("no route to host")),
                Behaviour::Hangs => std::future::pending::<()>().await,
                Behaviour::ClosesAtOnce => drop(theirs),
                Behaviour::ClosesAfterTheFirstOctets => {
                    tokio::spawn(async move {
                        let _ = theirs.read(&mut [0; 256]).await;
                    });
                }
                Behaviour::AnswersGarbage => {
                    tokio::spawn(async move {
                        let _ = theirs.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                        std::future::pending::<()>().await;
                    });
                }
                Behaviour::AnswersWithTls => {
                    tokio::spawn(async move {
                        // The fatal alert `unexpected_message`.
                        let _ = theirs.write_all(&[0x15, 3, 3, 0, 2, 2, 10]).await;
                    });
                }
                Behaviour::SaysNothing => {
                    tokio::spawn(async move {
                        let _keep = theirs;
                        std::future::pending::<()>().await;
                    });
                }
            }
            Ok(Connection::in_process(Box::new(ours)))
        })
    }

    fn describe(&self) -> String {
        "192.0.2.1:102".to_owned()
    }
}

/// Read once: it is the longest part of a probe.
static LIBRARY: LazyLock<Arc<Library>> = LazyLock::new(|| Arc::new(load::load_embedded().library));

async fn probe(behaviour: Behaviour, with_scl: bool) -> (RunEnd, RunRecord, Duration) {
    let mut sources = Sources::new();
    let text = "target: x\naddress: 192.0.2.1\ntimeouts: {connect: 2s, associate: 3s}\n";
    let file = sources.add("target.yaml", text.to_owned());
    let builder = Arc::new(Mutex::new(RecordBuilder::new()));
    let sink = {
        let builder = Arc::clone(&builder);
        move |event: &Event| builder.lock().unwrap().apply(event)
    };
    let input = RunInput {
        jobs: 1,
        known_waits: std::collections::BTreeMap::new(),
        survey: true,
        library: Arc::clone(&LIBRARY),
        target: Arc::new(target::load::load(&sources, file).unwrap().0),
        model: with_scl.then(|| Arc::new(scl::builtin().unwrap().model)),
        plan: PlanOptions::default(),
        connector: Arc::new(Strange(behaviour)),
        anchor: Anchor::now(SystemTime::UNIX_EPOCH),
        cancel: CancelToken::never(),
        operator: None,
        answers: Arc::default(),
        evidence: None,
        tool: Tool {
            name: "iedassay".into(),
            version: "0".into(),
        },
        target_record: Target::default(),
        suites: None,
        run_by: None,
        options: Options::default(),
        reruns: None,
        earlier: None,
        capabilities: Vec::new(),
        requirements: Vec::new(),
    };
    let started = Instant::now();
    let end = run(input, Box::new(sink)).await;
    let record = builder.lock().unwrap().record().cloned().unwrap();
    (end, record, started.elapsed())
}

fn kind(end: &RunEnd) -> &'static str {
    match end {
        RunEnd::CouldNotTest(error) => match error {
            ProbeError::Refused { .. } => "refused",
            ProbeError::Unreachable { .. } => "unreachable",
            ProbeError::Network { .. } => "network",
            ProbeError::Tls { .. } => "tls",
            ProbeError::Silent { .. } => "silent",
            ProbeError::Closed { .. } => "closed",
            ProbeError::SpeaksTls { .. } => "speaks-tls",
            ProbeError::Garbage { .. } => "garbage",
            ProbeError::NotAssociated { .. } => "not-associated",
            ProbeError::Browse { .. } => "browse",
        },
        _ => "tested",
    }
}

#[tokio::test(start_paused = true)]
async fn each_ends_with_its_reason_within_its_deadline() {
    let table = [
        (Behaviour::Refuses, "refused", 0),
        (Behaviour::NoRoute, "network", 0),
        (Behaviour::Hangs, "unreachable", 2),
        (Behaviour::ClosesAtOnce, "closed", 0),
        (Behaviour::ClosesAfterTheFirstOctets, "closed", 0),
        (Behaviour::AnswersGarbage, "garbage", 0),
        (Behaviour::AnswersWithTls, "speaks-tls", 0),
        (Behaviour::SaysNothing, "silent", 3),
    ];
    for (behaviour, expected, seconds) in table {
        for with_scl in [true, false] {
            let (end, record, took) = probe(behaviour, with_scl).await;
            assert_eq!(kind(&end), expected, "{end:?}");
            assert_eq!(took.as_secs(), seconds, "{expected}");
            assert_eq!(
                record.summary.conclusion,
                Conclusion::CouldNotTest,
                "{expected}"
            );
            assert!(record.finished.is_some());
            let reason = record.could_not_test.unwrap();
            assert!(reason.starts_with("192.0.2.1:102 "), "{reason}");
        }
    }
}
