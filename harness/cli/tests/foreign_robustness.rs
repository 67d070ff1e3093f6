//! The cases of robustness on the foreign stacks, each on a server of its own: one that takes a server down must not hide the others.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod support;

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use support::expectation::{compare_with, judge_only, target};
use support::iec61850_rs::Iec61850Rs;
use support::peer::{Peer, finish};
use support::{iec61850_server, tools};

/// Of one case, far above what the longest takes.
const LIMIT: Duration = Duration::from_secs(120);
/// They mostly wait.
const AT_ONCE: usize = 2;

fn cases() -> Vec<String> {
    let output = finish(
        Command::new(env!("CARGO_BIN_EXE_iedassay")).args([
            "list",
            "--format",
            "json",
            "--filter",
            "robustness/*",
        ]),
        LIMIT,
    );
    let cases: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    cases
        .iter()
        .map(|case| case["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Judges every case on a server that `serve` starts and `target` describes, and compares with what is written down.
fn judge<S>(peer: &str, serve: impl Fn(&Path) -> (S, std::path::PathBuf) + Sync) {
    let left = Mutex::new(cases());
    let records = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(case) = left.lock().unwrap().pop() else {
                        return;
                    };
                    let directory = tempfile::tempdir().unwrap();
                    let (server, target) = serve(directory.path());
                    let out = directory.path().join("out");
                    let record = judge_only(&["--filter", &case], &target, &out, LIMIT);
                    drop(server);
                    records.lock().unwrap().push(record);
                }
            });
        }
    });
    compare_with(peer, "robustness.yaml", &records.into_inner().unwrap());
}

#[test]
fn robustness_of_libiec61850_is_as_written_down() {
    let Some(python) = tools::python() else {
        return;
    };
    let description = iedassay_model::scl::builtin().unwrap();
    judge("libiec61850", |directory| {
        let model = directory.join("assay.cfg");
        std::fs::write(&model, iedassay_model::cfg::write(&description.model)).unwrap();
        let peer = Peer::libiec61850(&python, &model, &[]);
        let target = peer.target("libiec61850", directory);
        (peer, target)
    });
}

#[test]
fn robustness_of_iec61850_server_is_as_written_down() {
    let Some(launcher) = tools::iec61850_server() else {
        return;
    };
    judge("iec61850-server", |directory| {
        let description = iec61850_server::description(directory);
        let peer = Peer::iec61850_server(&launcher, &description, "ASSAY");
        let target = peer.target("iec61850-server", directory);
        (peer, target)
    });
}

#[test]
fn robustness_of_iec61850_rs_is_as_written_down() {
    judge("iec61850-rs", |directory| {
        let peer = Iec61850Rs::serve(iedassay_model::scl::BUILTIN, "ASSAY", 5);
        let target = target(
            "iec61850-rs",
            &peer.mms.to_string(),
            &peer.process_side.to_string(),
            directory,
        );
        (peer, target)
    });
}
