//! Captures that decoders of others read without help.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]

mod common;

use std::process::Command;

use common::{Behaviour, Order, anchor, associated, config, serve};
use iedassay_client::capture::{Capture, Direction, What};
use iedassay_client::{Client, ClientConfig, Disconnect};
use iedassay_wire::association::ReleaseWay;
use iedassay_wire::cotp::TpduSize;
use iedassay_wire::mms::{IdentifyResponse, Response};

fn serving() -> Behaviour {
    Behaviour::serving(|_| {
        // Large enough for several DTs and, in the capture, for several segments.
        let vendor = "v".repeat(20_000);
        Response::Identify(IdentifyResponse {
            vendor,
            model: String::new(),
            revision: String::new(),
            abstract_syntaxes: None,
        })
    })
}

/// An association with a release and one with a reset, in one capture.
async fn captured() -> Capture {
    let capture = Capture::new(anchor());
    for (name, tpdu_size, reset) in [
        ("main", TpduSize(7), false),
        ("second", TpduSize::MAX, true),
    ] {
        let (stream, server) = serve(serving());
        let mut config = ClientConfig {
            name: name.into(),
            capture: Some(capture.clone()),
            ..config()
        };
        config.association.tpdu_size = tpdu_size;
        if reset {
            config.local = Some("[::1]:40000".parse().unwrap());
            config.peer = Some("[::1]:10102".parse().unwrap());
        }
        capture.note(format!("step: associate {name}"));
        let client = Client::connect(stream, config).await.unwrap();
        capture.note("step: identify");
        client.identify().await.unwrap();
        server
            .orders
            .send(Order::Send(vec![0xa3, 2, 0xa1, 0]))
            .unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        if reset {
            client.disconnect(Disconnect::Reset).await;
        } else {
            client.release(ReleaseWay::default()).await.unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    }
    capture
}

#[tokio::test(start_paused = true)]
async fn frames_are_numbered_as_they_stand_in_the_file() {
    let capture = captured().await;
    let entries = capture.snapshot().entries;
    assert!(entries.windows(2).all(|pair| pair[0].frame < pair[1].frame));
    assert_eq!((entries[0].frame, entries[1].frame), (1, 4));
    assert_eq!(entries[0].notes, ["step: associate main"]);
    assert_eq!(entries.last().unwrap().what, What::Reset);
    assert_eq!(entries.last().unwrap().direction, Direction::Sent);
    assert_eq!(capture.frames(), entries.last().unwrap().frame);
}

#[tokio::test(start_paused = true)]
async fn a_full_capture_says_so_and_goes_on() {
    let capture = Capture::with_limit(anchor(), 1000);
    let (stream, _server) = serve(serving());
    let client = Client::connect(
        stream,
        ClientConfig {
            capture: Some(capture.clone()),
            ..config()
        },
    )
    .await
    .unwrap();
    client.identify().await.unwrap();
    assert!(capture.snapshot().truncated);
    assert!(capture.to_text().ends_with("later octets are missing\n"));
}

#[tokio::test(start_paused = true)]
async fn the_text_tells_steps_messages_and_parts() {
    let text = captured().await.to_text();
    for part in [
        "client main: 192.0.2.100:49152 to 192.0.2.1:102",
        "client second: [::1]:40000 to [::1]:102, really port 10102",
        "times count from 2023-11-14T22:13:20",
        "== step: identify",
        "identify-request #1",
        "initiate-request",
        "conclude-request",
        "main ->  connect",
        "second ->  reset",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn garbage_is_captured_too() {
    let (client, server) = associated(Behaviour::default()).await;
    drop(client);
    server.task.await.unwrap();
    let capture = Capture::new(anchor());
    let (stream, server) = serve(Behaviour::default());
    let client = Client::connect(
        stream,
        ClientConfig {
            capture: Some(capture.clone()),
            ..config()
        },
    )
    .await
    .unwrap();
    server.orders.send(Order::Raw(b"garbage".to_vec())).unwrap();
    client.wait_ended().await;
    assert!(
        capture.to_text().contains("no TPKT"),
        "{}",
        capture.to_text()
    );
}

fn tshark(capture: &Capture, arguments: &[&str]) -> Option<String> {
    let path = std::env::temp_dir().join(format!(
        "iedassay-capture-{}-{}.pcapng",
        std::process::id(),
        arguments.len()
    ));
    std::fs::write(&path, capture.to_pcapng()).unwrap();
    let output = Command::new("tshark")
        .arg("-r")
        .arg(&path)
        .args(arguments)
        .output();
    std::fs::remove_file(&path).unwrap();
    // Only this test needs the program; where there is none, others decode the same octets.
    let output = output.ok()?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

#[tokio::test(start_paused = true)]
async fn tshark_finds_nothing_wrong() {
    let capture = captured().await;
    let strict = [
        "-o",
        "ip.check_checksum:TRUE",
        "-o",
        "tcp.check_checksum:TRUE",
    ];
    let wrong = "_ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0 || tcp.analysis.flags";
    let Some(wrong) = tshark(&capture, &[&strict[..], &["-Y", wrong]].concat()) else {
        return;
    };
    assert_eq!(wrong, "");
    let mms = tshark(
        &capture,
        &["-Y", "mms", "-T", "fields", "-e", "_ws.col.Info"],
    )
    .unwrap();
    for part in [
        "initiate-RequestPDU",
        "initiate-ResponsePDU",
        "confirmed-ResponsePDU",
        "conclude-RequestPDU",
        "unconfirmed-PDU",
    ] {
        assert!(mms.contains(part), "{part} is not in\n{mms}");
    }
    let fields = [
        "-Y",
        "frame.comment",
        "-T",
        "fields",
        "-e",
        "frame.comment",
        "-e",
        "frame.time_epoch",
        "-e",
        "frame.number",
    ];
    let comments = tshark(&capture, &fields).unwrap();
    assert!(comments.contains("step: identify"), "{comments}");
    assert!(comments.contains("1700000000.000000000"), "{comments}");
    let ends = tshark(
        &capture,
        &["-Y", "tcp.flags.reset == 1 || tcp.flags.fin == 1"],
    )
    .unwrap();
    assert!(ends.lines().count() >= 2, "{ends}");
    let count = tshark(&capture, &["-T", "fields", "-e", "frame.number"])
        .unwrap()
        .lines()
        .count();
    assert_eq!(count as u64, capture.frames());
}

#[tokio::test(start_paused = true)]
async fn tshark_reads_every_refusal_and_abort() {
    use iedassay_wire::acse::{AssociateResult, Diagnostic};
    use iedassay_wire::association::Refusal;
    use iedassay_wire::cotp::DisconnectReason;
    use iedassay_wire::mms::{ErrorCode, RejectReason};
    use iedassay_wire::presentation::ProviderReason;
    use iedassay_wire::session::RefuseReason;
    let capture = Capture::new(anchor());
    for refusal in [
        Refusal::Transport(DisconnectReason::CONGESTION),
        Refusal::Session(Some(RefuseReason::SELECTOR_UNKNOWN)),
        Refusal::Presentation(Some(ProviderReason::SELECTOR_UNKNOWN)),
        Refusal::Acse(
            AssociateResult::REJECTED_PERMANENT,
            Diagnostic::AUTHENTICATION_REQUIRED,
        ),
        Refusal::Initiate(ErrorCode::VERSION_INCOMPATIBLE.into()),
        Refusal::Reject(RejectReason::INVALID_PDU),
    ] {
        let name = refusal.layer().to_string();
        let (stream, _server) = serve(Behaviour {
            refuse: Some(refusal),
            ..Behaviour::default()
        });
        let config = ClientConfig {
            name,
            capture: Some(capture.clone()),
            ..config()
        };
        Client::connect(stream, config).await.unwrap_err();
    }
    for by_client in [true, false] {
        let (stream, server) = serve(serving());
        let config = ClientConfig {
            capture: Some(capture.clone()),
            ..config()
        };
        let client = Client::connect(stream, config).await.unwrap();
        if by_client {
            client.abort().await;
        } else {
            server.orders.send(Order::Abort).unwrap();
            client.wait_ended().await;
        }
    }
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let Some(wrong) = tshark(&capture, &["-Y", "_ws.malformed || tcp.analysis.flags"]) else {
        return;
    };
    assert_eq!(wrong, "");
    let columns = tshark(&capture, &[]).unwrap();
    for part in [
        "DR TPDU",
        "REFUSE (RF) SPDU",
        "A-Associate-Response",
        "initiate-ErrorPDU",
        "rejectPDU",
        "Abort (service-user)",
    ] {
        assert!(columns.contains(part), "{part} is not in\n{columns}");
    }
}
