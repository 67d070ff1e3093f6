//! Single reads of one BOOLEAN over TCP, one after the other: the simulated IED beside the server of libiec61850, asked by
//! the same client in the same run. Both serve the same model. Without libiec61850 only our side is measured.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on may panic"
)]

mod support;
#[allow(
    dead_code,
    reason = "of the helpers of the tests only the one that finds Python is used"
)]
#[path = "../../cli/tests/support/tools.rs"]
mod tools;

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use iedassay_model::scl;
use iedassay_wire::mms::{Data, ObjectName};
use support::Link;

/// The server of libiec61850 in a process of its own.
struct Peer {
    process: Child,
    mms: SocketAddr,
    model: PathBuf,
}

impl Peer {
    fn start() -> Option<Self> {
        let python = tools::python()?;
        let model = std::env::temp_dir().join(format!("iedassay-bench-{}.cfg", std::process::id()));
        let description = scl::builtin().unwrap();
        std::fs::write(&model, iedassay_model::cfg::write(&description.model)).unwrap();
        let held = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [mms, process_side] = held.each_ref().map(|held| held.local_addr().unwrap());
        drop(held);
        let mut process = Command::new(python)
            .arg(tools::repository().join("ci/peers/libiec61850/serve.py"))
            .arg(&model)
            .args(["--mms", &mms.to_string()])
            .args(["--process", &process_side.to_string()])
            // It ends when this pipe closes.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line, "ready\n");
        Some(Self {
            process,
            mms,
            model,
        })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself, and what is left in the temporary folder does no harm.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_file(&self.model);
    }
}

fn reads(c: &mut Criterion) {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || support::serve(5, |mms, _| tell.send(mms).unwrap()));
    let peer = Peer::start();
    let servers = [
        ("sequential/ours", Some(told.recv().unwrap())),
        ("sequential/libiec61850", peer.as_ref().map(|peer| peer.mms)),
    ];
    let item = ObjectName::domain("ASSAYLD0", "GGIO1$ST$Ind1$stVal");
    let mut group = c.benchmark_group("server-reads");
    group.throughput(Throughput::Elements(1));
    for (name, server) in servers {
        let Some(server) = server else { continue };
        // One association at a time: with several libiec61850 becomes slow.
        let mut link = Link::connect(server);
        group.bench_function(name, |b| {
            b.iter_custom(|count| {
                let began = Instant::now();
                for _ in 0..count {
                    assert_eq!(link.read(&item), Data::Boolean(false));
                }
                began.elapsed()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, reads);
criterion_main!(benches);
