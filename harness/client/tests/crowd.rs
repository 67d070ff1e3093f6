//! The simulated IED under clients that are silent, slow, or flood it: others are served in time, memory is bounded, and
//! nothing is left when they are gone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]

use std::sync::Arc;
use std::time::Duration;

use allocation_counter::measure;
use iedassay_client::services::blocks::Writes;
use iedassay_client::{Client, ClientConfig, Subscription};
use iedassay_model::{BlockReference, scl};
use iedassay_sim::{CalledAddress, Sim, SimConfig};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{Data, ObjectName, Pdu, ReadRequest, Request, VariableAccess};
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Clients of each sort.
const EACH: usize = 8;
/// How long one thing may take the good client, on the clock of the IED.
const SOON: Duration = Duration::from_secs(1);
/// Octets that everything together may take at once.
const MEMORY: u64 = 64 << 20;
const LD: &str = "ASSAYLD0";

fn dial(sim: &Sim) -> DuplexStream {
    let (near, far) = tokio::io::duplex(16 * 1024);
    tokio::spawn(sim.serve_stream(far));
    near
}

async fn associate(sim: &Sim) -> Client {
    let connecting = Client::connect(dial(sim), ClientConfig::default());
    connecting.await.unwrap()
}

fn status() -> ObjectName {
    ObjectName::domain(LD, "GGIO1$ST$Ind2$stVal")
}

/// Says nothing at all.
async fn silent(sim: Sim) {
    let _stream = dial(&sim);
    std::future::pending().await
}

/// Begins a packet and sends an octet of it a second.
async fn slow(sim: Sim) {
    let mut stream = dial(&sim);
    stream.write_all(&[3, 0, 0xff, 0xff]).await.unwrap();
    loop {
        sleep(Duration::from_secs(1)).await;
        if stream.write_all(&[0]).await.is_err() {
            // Time to associate is over.
            std::future::pending::<()>().await;
        }
    }
}

/// Asks without end and reads no answer.
async fn never_reads(sim: Sim) {
    let client = associate(&sim).await;
    client.read_stream(false);
    for invoke_id in 1_u32.. {
        let read = ReadRequest::new(VariableAccess::names([ObjectName::domain(LD, "LLN0")]));
        let pdu = Pdu::request(invoke_id, Request::Read(read)).encode();
        if client.send_mms(pdu).is_err() {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Sends packets of nothing, as fast as they are taken, again and again.
async fn floods(sim: Sim) {
    let empty = [3, 0, 0, 7, 2, 0xf0, 0x80].repeat(1000);
    loop {
        let mut stream = dial(&sim);
        while stream.write_all(&empty).await.is_ok() {}
        sleep(Duration::from_millis(100)).await;
    }
}

async fn good(sim: &Sim) {
    let client = timeout(SOON, associate(sim)).await.expect("no association");
    let mut reports = client.subscribe();
    let block = BlockReference::from_mms(LD, "LLN0$RP$urcbStatus01").unwrap();
    let mut trg_ops = BitString::zeros(6);
    trg_ops.set(1, true);
    let attributes = vec![
        ("TrgOps".to_owned(), Data::BitString(trg_ops)),
        ("RptEna".to_owned(), Data::Boolean(true)),
    ];
    let written = client.set_block(&block, attributes, Writes::OneByOne);
    let written = timeout(SOON, written).await.expect("no block").unwrap();
    assert!(
        written.iter().all(|(_, result)| result.is_ok()),
        "{written:?}"
    );
    for turn in 0..40 {
        let value = turn % 2 == 0;
        let command = format!("set {LD}/GGIO1.Ind1.stVal[ST] {value}");
        assert_eq!(sim.process().command(&command), "ok");
        reported(&mut reports, turn).await;
        let read = timeout(SOON, client.read(status())).await;
        assert_eq!(read.expect("not answered").unwrap(), Data::Boolean(false));
        sleep(Duration::from_millis(500)).await;
    }
    client.abort().await;
}

async fn reported(reports: &mut Subscription, turn: u32) {
    let inbound = timeout(SOON, reports.next()).await;
    let inbound = inbound.unwrap_or_else(|_| panic!("no report of change {turn}"));
    let view = inbound.unwrap();
    assert!(view.information_report().unwrap().unwrap().is_report());
}

async fn everybody() {
    let mut config = SimConfig::new(
        Arc::new(scl::builtin().unwrap().model),
        Duration::from_secs(1_700_000_000),
    );
    config.address = CalledAddress::any();
    config.max_associations = 3 * EACH;
    let sim = Sim::new(config);
    let mut crowd = JoinSet::new();
    for _ in 0..EACH {
        crowd.spawn(silent(sim.clone()));
        crowd.spawn(slow(sim.clone()));
        crowd.spawn(never_reads(sim.clone()));
        crowd.spawn(floods(sim.clone()));
    }
    sleep(Duration::from_millis(100)).await;
    good(&sim).await;
    crowd.shutdown().await;
    // The IED notices that each of them is gone.
    sleep(Duration::from_secs(60)).await;
    assert_eq!(sim.association_count(), 0);
    good(&sim).await;
}

#[test]
fn silent_slow_and_flooding_clients_stop_nobody() {
    let counted = measure(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(everybody());
    });
    assert!(counted.bytes_max < MEMORY, "{} octets", counted.bytes_max);
}
