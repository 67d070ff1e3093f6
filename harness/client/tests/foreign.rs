//! A server that nobody here wrote, over TCP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use iec61850_rs::server::{DirectoryStore, Ied, Server, ServerConfig};
use iedassay_client::capture::Capture;
use iedassay_client::services::blocks::Writes;
use iedassay_client::services::command::Command;
use iedassay_client::services::control::Controller;
use iedassay_client::services::notification::Notification;
use iedassay_client::{Anchor, Client, ClientConfig, tcp};
use iedassay_model::tree::{OptFlds, TrgOps};
use iedassay_model::{BlockReference, browse, scl};
use iedassay_wire::association::ReleaseWay;
use iedassay_wire::mms::{Data, FileName, ObjectName};

/// Serves the built-in model from a thread of its own, which ends with the process.
fn serve() -> SocketAddr {
    let ied = Ied::from_scl(scl::BUILTIN, None).unwrap();
    let mut server = Server::bind_with("127.0.0.1:0", ied, &ServerConfig::default()).unwrap();
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    server.set_file_store(Box::new(DirectoryStore::new(directory)));
    let address = server.local_addr().unwrap();
    std::thread::spawn(move || server.run());
    address
}

async fn connect(peer: SocketAddr, capture: Option<Capture>) -> Client {
    let stream = tcp::connect(peer, Some("127.0.0.2".parse().unwrap()))
        .await
        .unwrap();
    let local = stream.local_addr().ok();
    assert_eq!(
        local.map(|local| local.ip().to_string()).as_deref(),
        Some("127.0.0.2")
    );
    let config = ClientConfig {
        capture,
        local,
        peer: Some(peer),
        ..ClientConfig::default()
    };
    Client::connect(stream, config).await.unwrap()
}

#[tokio::test]
async fn browses_to_the_model_that_is_served() {
    let client = connect(serve(), None).await;
    let browsed = client.browse().await.unwrap();
    let built = browse::build(&browsed.browsed).unwrap();
    let served = scl::builtin().unwrap().model;
    let names = |model: &iedassay_model::tree::ServerModel| -> Vec<String> {
        let devices = model.logical_devices().iter();
        let mut names: Vec<String> = devices
            .flat_map(|device| {
                device
                    .logical_nodes
                    .iter()
                    .map(|node| format!("{}/{}", device.name, node.name))
            })
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&built.model), names(&served));
    assert_eq!(built.model.edition, served.edition);
    let control_models = |model: &iedassay_model::tree::ServerModel| -> Vec<(String, Data)> {
        let nodes = model
            .variables()
            .filter(|node| node.name() == "ctlModel" && node.item().contains("$CF$"));
        let mut found: Vec<_> = nodes
            .map(|node| {
                (
                    format!("{}/{}", node.domain(), node.item()),
                    node.default_data(),
                )
            })
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    };
    assert_eq!(control_models(&built.model), control_models(&served));
    let data_sets = |model: &iedassay_model::tree::ServerModel| -> usize {
        let devices = model.logical_devices().iter();
        devices
            .flat_map(|device| &device.logical_nodes)
            .map(|node| node.data_sets.len())
            .sum()
    };
    assert_eq!(data_sets(&built.model), data_sets(&served));
    let fatal: Vec<_> = browsed
        .problems
        .iter()
        .filter(|(_, error)| !error.is_refusal())
        .collect();
    assert!(fatal.is_empty(), "{fatal:?}");
    client.release(ReleaseWay::default()).await.unwrap();
}

#[tokio::test]
async fn a_report_a_control_and_a_file() {
    let capture = Capture::new(Anchor::now(SystemTime::now()));
    let client = connect(serve(), Some(capture.clone())).await;
    let served = scl::builtin().unwrap().model;
    let urcb = served
        .logical_devices()
        .iter()
        .flat_map(|device| device.logical_nodes.iter().map(move |node| (device, node)))
        .find_map(|(device, node)| {
            let block = node
                .report_controls
                .iter()
                .find(|block| !block.buffered && block.dat_set.is_some())?;
            let item = format!("{}$RP${}", node.name, block.name);
            BlockReference::from_mms(&device.name, &item).ok()
        })
        .unwrap();
    let mut subscription = client.subscribe();
    let trg_ops = TrgOps {
        gi: true,
        ..TrgOps::default()
    };
    let opt_flds = OptFlds {
        segmentation: false,
        ..OptFlds::ALL
    };
    let written = client
        .set_block(
            &urcb,
            vec![
                ("GI".into(), Data::Boolean(true)),
                ("RptEna".into(), Data::Boolean(true)),
                ("TrgOps".into(), Data::BitString(trg_ops.to_bits())),
                ("OptFlds".into(), Data::BitString(opt_flds.to_bits())),
            ],
            Writes::OneByOne,
        )
        .await
        .unwrap();
    assert!(
        written.iter().all(|(_, result)| result.is_ok()),
        "{written:?}"
    );
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    let inbound = subscription
        .next_before(deadline)
        .await
        .expect("a report in time");
    let Notification::Report(report) = inbound.notification().unwrap() else {
        panic!("{inbound:?}")
    };
    assert!(
        report
            .entries
            .iter()
            .all(|entry| entry.reason_code().is_some_and(|reason| reason.gi))
    );
    let block = client.get_block(&urcb).await.unwrap();
    assert_eq!(
        (block.flag("RptEna"), block.trg_ops()),
        (Some(true), Some(trg_ops))
    );

    let files = client.file_directory(None).await.unwrap();
    assert!(
        files
            .iter()
            .any(|file| file.name.to_path().ends_with("lib.rs")),
        "{files:?}"
    );
    let contents = client
        .get_file(FileName::new("lib.rs"), 1 << 20)
        .await
        .unwrap();
    assert_eq!(contents, include_bytes!("../src/lib.rs"));

    let mut refused = Controller::new(&client, &"ASSAYLD0/LLN0.Nothing".parse().unwrap()).unwrap();
    let outcome = refused
        .operate(&Command::new(Data::Boolean(true), 1, Duration::ZERO))
        .await;
    assert!(outcome.result.is_err());

    let many: Vec<_> = (0..40)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                client
                    .read(ObjectName::domain("ASSAYLD0", "LLN0$ST$Mod"))
                    .await
            })
        })
        .collect();
    for read in many {
        read.await.unwrap().unwrap();
    }
    assert_eq!(client.anomalies(), []);
    client.release(ReleaseWay::default()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(700)).await;
    no_malformed_packet(&capture);
}

#[tokio::test]
async fn an_aborted_association_frees_its_place() {
    let peer = serve();
    for _ in 0..20 {
        let client = connect(peer, None).await;
        client.identify().await.unwrap();
        client.abort().await;
    }
}

#[tokio::test]
async fn many_associations_live_side_by_side() {
    let peer = serve();
    let clients: Vec<Arc<Client>> =
        futures(5, || async { Arc::new(connect(peer, None).await) }).await;
    for client in &clients {
        client.identify().await.unwrap();
    }
    for client in &clients {
        client
            .release(ReleaseWay {
                conclude: true,
                session: false,
            })
            .await
            .unwrap();
    }
}

async fn futures<T, F: Future<Output = T>>(count: usize, make: impl Fn() -> F) -> Vec<T> {
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(make().await);
    }
    all
}

/// Asks the decoder of others, where it is installed.
fn no_malformed_packet(capture: &Capture) {
    let path = std::env::temp_dir().join(format!("iedassay-foreign-{}.pcapng", std::process::id()));
    std::fs::write(&path, capture.to_pcapng()).unwrap();
    let output = std::process::Command::new("tshark")
        .arg("-r")
        .arg(&path)
        .args(["-Y", "_ws.malformed"])
        .output();
    std::fs::remove_file(&path).unwrap();
    if let Ok(output) = output {
        assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    }
}
