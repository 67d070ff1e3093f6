//! Every suite on `iec61850-server`, a second stack of Rust by another author.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod support;

use std::time::Duration;

use support::expectation::{compare_all, judge_only};
use support::peer::Peer;
use support::{iec61850_server, tools};

const LIMIT: Duration = Duration::from_secs(1200);

/// What each of two servers is judged on. It is mostly waiting, so that two at a time take half of it.
const HALVES: [&str; 2] = [
    "brcb/* or settings/* or tracking/*",
    "not (brcb/* or settings/* or tracking/* or robustness/*)",
];

#[test]
fn every_verdict_on_iec61850_server_is_as_written_down() {
    let Some(launcher) = tools::iec61850_server() else {
        return;
    };
    let half = |selection: &str| {
        let directory = tempfile::tempdir().unwrap();
        let description = iec61850_server::description(directory.path());
        let mut peer = Peer::iec61850_server(&launcher, &description, "ASSAY");
        let target = peer.target("iec61850-server", directory.path());
        let out = directory.path().join("out");
        let record = judge_only(&["--filter", selection], &target, &out, LIMIT);
        assert!(peer.alive(), "iec61850-server has ended");
        record
    };
    let records = std::thread::scope(|scope| {
        HALVES
            .map(|selection| scope.spawn(move || half(selection)))
            .map(|running| running.join().unwrap())
    });
    compare_all("iec61850-server", &records);
}
