//! Single reads of one BOOLEAN over TCP, beside the client of libiec61850 on the same server in the same run.
//!
//! | name | what |
//! |---|---|
//! | `sequential/ours` | one read at a time: the next is sent when the last has been answered |
//! | `sequential/libiec61850` | the same, by `ci/peers/libiec61850/bench.py` in a process of its own |
//! | `pipelined/ours` | as many outstanding as were negotiated |
//! | `threads/ours` | one at a time on the runtime of the command line, which has a thread for each core |
//!
//! The server is the simulated IED on a thread of its own. Without libiec61850 only our side is measured.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on may panic"
)]

#[allow(
    dead_code,
    reason = "of the helpers of the tests only the one that finds Python is used"
)]
#[path = "../../cli/tests/support/tools.rs"]
mod tools;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iedassay_client::{Client, ClientConfig, tcp};
use iedassay_model::scl;
use iedassay_sim::{CalledAddress, Sim, SimConfig};
use iedassay_wire::ber::Oid;
use iedassay_wire::mms::{Data, ObjectName};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

/// Requests outstanding at once in `pipelined`, which the simulated IED grants.
const OUTSTANDING: u16 = 5;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// The simulated IED on a thread that ends with the process.
fn serve() -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        runtime().block_on(async {
            let model = Arc::new(scl::builtin().unwrap().model);
            let sim = Sim::new(SimConfig::new(model, Duration::from_secs(1_700_000_000)));
            let listening = sim.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
            tell.send(listening.local_addr()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    told.recv().unwrap()
}

async fn connect(peer: SocketAddr) -> Client {
    let address = CalledAddress::of(&scl::builtin().unwrap().model);
    let mut config = ClientConfig::default();
    config.association.called.ap_title = Oid::from_arcs(&address.ap_title.unwrap());
    config.association.called.ae_qualifier = address.ae_qualifier;
    let stream = tcp::connect(peer, None).await.unwrap();
    Client::connect(stream, config).await.unwrap()
}

fn item() -> ObjectName {
    ObjectName::domain("ASSAYLD0", "GGIO1$ST$Ind1$stVal")
}

async fn sequential(client: &Client, count: u64) -> Duration {
    let began = Instant::now();
    for _ in 0..count {
        let value = client.read(item()).await.unwrap();
        assert_eq!(value, Data::Boolean(false));
    }
    began.elapsed()
}

async fn pipelined(client: &Client, count: u64) -> Duration {
    let began = Instant::now();
    let mut readers = JoinSet::new();
    for reader in 0..u64::from(OUTSTANDING) {
        let client = client.clone();
        let share = (count + reader) / u64::from(OUTSTANDING);
        readers.spawn(async move { sequential(&client, share).await });
    }
    readers.join_all().await;
    began.elapsed()
}

/// The client of libiec61850.
struct Peer {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    fn start(server: SocketAddr) -> Option<Self> {
        let mut process = Command::new(tools::python()?)
            .arg(tools::repository().join("ci/peers/libiec61850/bench.py"))
            .args([&server.to_string(), "ASSAYLD0/GGIO1.Ind1.stVal[ST]"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut peer = Self {
            orders: process.stdin.take().unwrap(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
        };
        assert_eq!(peer.line(), "ready");
        Some(peer)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    fn reads(&mut self, count: u64) -> Duration {
        writeln!(self.orders, "{count}").unwrap();
        Duration::from_nanos(self.line().parse().unwrap())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn reads(c: &mut Criterion) {
    let server = serve();
    let runtime = runtime();
    let client = runtime.block_on(connect(server));
    assert!(client.outstanding_limit() >= usize::from(OUTSTANDING));
    let mut group = c.benchmark_group("client-reads");
    group.throughput(Throughput::Elements(1));
    group.bench_function("sequential/ours", |b| {
        b.iter_custom(|count| runtime.block_on(sequential(&client, count)));
    });
    if let Some(mut peer) = Peer::start(server) {
        group.bench_function("sequential/libiec61850", |b| {
            b.iter_custom(|count| peer.reads(count));
        });
    }
    group.bench_function("pipelined/ours", |b| {
        b.iter_custom(|count| runtime.block_on(pipelined(&client, count)));
    });
    let threads = Builder::new_multi_thread().enable_all().build().unwrap();
    let client = Arc::new(threads.block_on(connect(server)));
    group.bench_function("threads/ours", |b| {
        b.iter_custom(|count| {
            let client = Arc::clone(&client);
            // On a worker, where the command line runs its cases too.
            let reads = threads.spawn(async move { sequential(&client, count).await });
            threads.block_on(reads).unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, reads);
criterion_main!(benches);
