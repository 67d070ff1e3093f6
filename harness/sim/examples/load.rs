//! What the simulated IED bears: memory with many associations, and the time from a change to its report with many report
//! control blocks enabled. `cargo run --release -p iedassay-sim --example load`; `ci/bench.sh` runs it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that cannot go on may panic, and prints what it found"
)]

#[path = "../benches/support/mod.rs"]
mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use iedassay_model::{BlockReference, scl};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{Data, InformationReportView, ObjectName, PduKind, peek};
use support::Link;

/// Associations at once.
const ASSOCIATIONS: usize = 1000;
/// Report control blocks enabled at once.
const BLOCKS: usize = 20;
/// Changes that are timed.
const CHANGES: usize = 2000;

fn main() {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        support::serve(ASSOCIATIONS, |mms, process| println!("{mms} {process}"));
        return;
    }
    memory();
    latency(0);
    latency(ASSOCIATIONS - 1);
}

/// The simulated IED in a process of its own, so that its memory is its own.
struct Served {
    process: Child,
    mms: SocketAddr,
    process_side: SocketAddr,
}

impl Served {
    fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let (mms, process_side) = line.trim().split_once(' ').unwrap();
        Self {
            process,
            mms: mms.parse().unwrap(),
            process_side: process_side.parse().unwrap(),
        }
    }

    /// Resident memory in megabytes, as Linux counts it.
    fn resident(&self) -> f64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        let kilobytes: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kilobytes / 1000.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn memory() {
    let served = Served::start();
    let before = served.resident();
    let began = Instant::now();
    let mut links: Vec<Link> = (0..ASSOCIATIONS)
        .map(|_| Link::connect(served.mms))
        .collect();
    let took = began.elapsed();
    // Each of them is served.
    let item = ObjectName::domain("ASSAYLD0", "GGIO1$ST$Ind1$stVal");
    for link in &mut links {
        assert_eq!(link.read(&item), Data::Boolean(false));
    }
    println!(
        "load: {ASSOCIATIONS} associations in {} ms, resident {:.0} MB of which {before:.0} MB before the first",
        took.as_millis(),
        served.resident()
    );
}

/// With so many other associations that have nothing to do with it.
fn latency(others: usize) {
    let served = Served::start();
    let _others: Vec<Link> = (0..others).map(|_| Link::connect(served.mms)).collect();
    let model = scl::builtin().unwrap().model;
    let mut link = Link::connect(served.mms);
    let blocks: Vec<BlockReference> = model
        .report_controls()
        .filter(|at| at.block.client.is_none())
        .map(|at| at.reference())
        .take(BLOCKS)
        .collect();
    assert_eq!(blocks.len(), BLOCKS);
    let data_set = Data::VisibleString("ASSAYLD0/LLN0$dsStatus".into());
    for block in &blocks {
        let attribute =
            |name: &str| ObjectName::domain(block.ld.clone(), block.attribute_item(name));
        link.write(attribute("DatSet"), data_set.clone());
        link.write(attribute("BufTm"), Data::Unsigned(0));
        link.write(attribute("OptFlds"), bits(10, &[1, 2, 3]));
        link.write(attribute("TrgOps"), bits(6, &[1]));
        link.write(attribute("RptEna"), Data::Boolean(true));
    }
    let mut process = TcpStream::connect(served.process_side).unwrap();
    process.set_nodelay(true).unwrap();
    let mut answers = BufReader::new(process.try_clone().unwrap());
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for change in 0..CHANGES {
        let command = format!("set ASSAYLD0/GGIO1.Ind1.stVal[ST] {}\n", change % 2 == 0);
        let began = Instant::now();
        process.write_all(command.as_bytes()).unwrap();
        for seen in 1..=BLOCKS {
            let pdu = link.pdu();
            let at = began.elapsed();
            assert_eq!(peek(&pdu).unwrap().kind, PduKind::Unconfirmed);
            let view = InformationReportView::decode(&pdu).unwrap().unwrap();
            assert!(view.is_report());
            match seen {
                1 => first.push(at),
                BLOCKS => last.push(at),
                _ => {}
            }
        }
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "ok\n");
    }
    println!(
        "load: change to report with {BLOCKS} blocks that all report it, {others} other associations: first after {}, last after {} (medians of {CHANGES} changes, with the command over TCP)",
        median(&mut first),
        median(&mut last)
    );
}

fn bits(len: usize, set: &[usize]) -> Data {
    let mut bits = BitString::zeros(len);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

fn median(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let middle = times[times.len() / 2];
    format!("{} µs", middle.as_micros())
}
