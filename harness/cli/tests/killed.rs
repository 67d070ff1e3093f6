//! The simulated IED with a store, killed with SIGKILL at random moments under load.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use iedassay_client::services::report::Report;
use iedassay_client::{Client, ClientConfig, Subscription};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{Data, ListedVariable, ObjectName, ReadJournalRequest};
use support::peer::Peer;
use tokio::time::{Instant, sleep, timeout};

const LIMIT: Duration = Duration::from_secs(60);
const ROUNDS: u64 = 8;

/// Fewer changes than the buffer keeps, so that the last entry of the client is still in it.
const CHANGES: i64 = 80;

fn attribute(name: &str) -> ListedVariable {
    let item = format!("LLN0$BR$brcbMixed01${name}");
    ListedVariable::from(ObjectName::domain("ASSAYLD0", item))
}

fn bits(len: usize, set: &[usize]) -> Data {
    let mut bits = BitString::zeros(len);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

/// Sets one value after the other until the process is gone; answers the last that was acknowledged.
fn load(process: SocketAddr, from: i64, what: impl Fn(i64) -> String) -> i64 {
    let mut acknowledged = from - 1;
    let Ok(mut stream) = TcpStream::connect(process) else {
        return acknowledged;
    };
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    for value in from..from + CHANGES {
        let mut answer = String::new();
        let line = format!("set ASSAYLD0/GGIO1.{}\n", what(value));
        if stream.write_all(line.as_bytes()).is_err()
            || answers.read_line(&mut answer).is_err()
            || answer.trim_end() != "ok"
        {
            break;
        }
        acknowledged = value;
    }
    acknowledged
}

/// The integer in a value.
fn number(data: &Data) -> Option<i64> {
    match data {
        Data::Integer(number) => Some(*number),
        Data::Structure(parts) => parts.iter().find_map(number),
        _ => None,
    }
}

/// What a client has been told.
#[derive(Default)]
struct Told {
    last: Option<Vec<u8>>,
    values: Vec<i64>,
    overflows: usize,
}

impl Told {
    fn take(&mut self, octets: &[u8]) {
        let pdu = iedassay_wire::mms::InformationReportView::decode(octets).unwrap();
        let report = Report::parse(&pdu.unwrap()).unwrap();
        self.overflows += usize::from(report.buf_ovfl == Some(true));
        self.last = report.entry_id.clone();
        for entry in &report.entries {
            self.values
                .extend(entry.value.as_ref().ok().and_then(number));
        }
    }

    async fn until(&mut self, reports: &mut Subscription, end: Instant) {
        while let Some(inbound) = reports.next_before(end).await {
            self.take(&inbound.octets);
        }
    }
}

async fn enabled(peer: &Peer, told: &Told, first: bool) -> (Client, Subscription) {
    let stream = iedassay_client::tcp::connect(peer.mms, None).await.unwrap();
    let client = Client::connect(stream, ClientConfig::default())
        .await
        .unwrap();
    let reports = client.subscribe();
    if first {
        for (name, value) in [
            ("OptFlds", bits(10, &[6, 7])),
            ("TrgOps", bits(6, &[1])),
            ("BufTm", Data::Unsigned(0)),
        ] {
            client.write(attribute(name), value).await.unwrap();
        }
    }
    if let Some(last) = &told.last {
        let last = Data::OctetString(last.clone());
        client.write(attribute("EntryID"), last).await.unwrap();
    }
    client
        .write(attribute("RptEna"), Data::Boolean(true))
        .await
        .unwrap();
    (client, reports)
}

async fn killed_again_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("ied.store");
    let arguments = ["--any-address", "--store", store.to_str().unwrap()];
    let mut told = Told::default();
    let (mut next, mut random) = (1, 0x2545_f491_4f6c_dd1d_u64);
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let peer = Peer::simulated(&arguments);
        let (client, mut reports) = enabled(&peer, &told, round == 0).await;
        let process = peer.process_side;
        let loading =
            thread::spawn(move || load(process, next, |value| format!("IntIn1.stVal[ST] {value}")));
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let wait = Duration::from_millis(5 + (random >> 33) % 150);
        told.until(&mut reports, Instant::now() + wait).await;
        // This is SIGKILL.
        drop(peer);
        let last = loading.join().unwrap();
        acknowledged.extend(next..=last);
        // The one that was under way may or may not be there; it is not used again.
        next = last + 2;
        client.wait_ended().await;
        while let Some(inbound) = reports.try_next() {
            told.take(&inbound.octets);
        }
    }
    let peer = Peer::simulated(&arguments);
    let (_client, mut reports) = enabled(&peer, &told, false).await;
    sleep(Duration::from_millis(500)).await;
    told.until(&mut reports, Instant::now()).await;

    assert!(
        acknowledged.len() > 50,
        "only {} changes",
        acknowledged.len()
    );
    assert!(
        told.values.windows(2).all(|pair| pair[0] < pair[1]),
        "twice or out of order: {:?}",
        told.values
    );
    let lost: Vec<&i64> = acknowledged
        .iter()
        .filter(|value| !told.values.contains(value))
        .collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert_eq!(told.overflows, 0);
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_acknowledged() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        timeout(LIMIT, killed_again_and_again())
            .await
            .expect("in time")
    });
}

async fn logged_and_killed() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("ied.store");
    let arguments = ["--any-address", "--store", store.to_str().unwrap()];
    let connect = async |peer: &Peer| {
        let stream = iedassay_client::tcp::connect(peer.mms, None).await.unwrap();
        Client::connect(stream, ClientConfig::default())
            .await
            .unwrap()
    };
    let peer = Peer::simulated(&arguments);
    let client = connect(&peer).await;
    let enable = ObjectName::domain("ASSAYLD0", "LLN0$LG$lcbStatus$LogEna");
    client.write(enable, Data::Boolean(true)).await.unwrap();
    let rename = client.file_rename("readme.txt".into(), "renamed.txt".into());
    rename.await.unwrap();
    let process = peer.process_side;
    let loading = thread::spawn(move || {
        load(process, 1, |value| {
            format!("Ind1.stVal[ST] {}", value % 2 == 1)
        })
    });
    sleep(Duration::from_millis(60)).await;
    // This is SIGKILL.
    drop(peer);
    let acknowledged = usize::try_from(loading.join().unwrap()).unwrap();
    let peer = Peer::simulated(&arguments);
    let client = connect(&peer).await;
    let mut request = ReadJournalRequest::new(ObjectName::domain("ASSAYLD0", "LLN0$EventLog"));
    let mut values = Vec::new();
    loop {
        let page = client.read_journal(request.clone()).await.unwrap();
        for entry in &page.entries {
            let first = entry.values.first().unwrap();
            values.push(first.value.to_string().starts_with("structure{true"));
        }
        let Some(last) = page.entries.last().filter(|_| page.more_follows) else {
            break;
        };
        request.start_after = Some(last.position());
    }
    assert!(acknowledged > 3, "only {acknowledged} changes");
    assert!(
        (acknowledged..=acknowledged + 1).contains(&values.len()),
        "{acknowledged} acknowledged, {} in the log",
        values.len()
    );
    let expected: Vec<bool> = (1..=values.len()).map(|value| value % 2 == 1).collect();
    assert_eq!(values, expected);
    let renamed = client.get_file("renamed.txt".into(), 1000).await.unwrap();
    assert_eq!(renamed, b"Files of the simulated IED.\r\n");
}

#[test]
fn a_kill_loses_no_log_entry_that_was_acknowledged_and_no_file() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { timeout(LIMIT, logged_and_killed()).await.expect("in time") });
}
