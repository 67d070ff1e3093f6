//! `iedassay fuzz` on the foreign stacks: what it does to a server that nobody here wrote, and that a server that goes on serving is told to.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests may panic and say what they saw"
)]

mod support;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use support::expectation::target;
use support::iec61850_rs::Iec61850Rs;
use support::peer::{Peer, finish};
use support::{iec61850_server, tools};

const LIMIT: Duration = Duration::from_secs(3600);

/// So many sequences are few enough for the gate; `IEDASSAY_FUZZ_SEQUENCES` makes a campaign of it.
fn sequences() -> String {
    std::env::var("IEDASSAY_FUZZ_SEQUENCES").unwrap_or_else(|_| "150".to_owned())
}

fn fuzz(target: &Path, out: &Path) -> Value {
    let output = finish(
        Command::new(env!("CARGO_BIN_EXE_iedassay"))
            .args(["fuzz", "--seed", "7", "--recovery", "1s", "--tries", "0"])
            .args(["--sequences", &sequences(), "--format", "json"])
            .arg("--target")
            .arg(target)
            .arg("--out")
            .arg(out),
        LIMIT,
    );
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// It was really fuzzed, and was in service to the end.
fn assert_stood(report: &Value) {
    assert_eq!(report["ended"], "sequences", "{report:#}");
    assert!(report["messages"].as_u64().unwrap() > 500, "{report:#}");
    assert!(
        report["latency"]["answers"].as_u64().unwrap() > 20,
        "{report:#}"
    );
}

#[test]
fn iec61850_rs_stays_in_service() {
    let directory = tempfile::tempdir().unwrap();
    let peer = Iec61850Rs::serve(iedassay_model::scl::BUILTIN, "ASSAY", 5);
    let target = target(
        "iec61850-rs",
        &peer.mms.to_string(),
        &peer.process_side.to_string(),
        directory.path(),
    );
    assert_stood(&fuzz(&target, &directory.path().join("out")));
}

#[test]
fn iec61850_server_stays_in_service() {
    let Some(launcher) = tools::iec61850_server() else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let description = iec61850_server::description(directory.path());
    let mut peer = Peer::iec61850_server(&launcher, &description, "ASSAY");
    let target = peer.target("iec61850-server", directory.path());
    assert_stood(&fuzz(&target, &directory.path().join("out")));
    assert!(peer.alive());
}
