//! Every suite on libiec61850, the stack that most devices and tools are compared with.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod support;

use std::time::Duration;

use support::expectation::{compare, judge};
use support::peer::Peer;
use support::tools;

const LIMIT: Duration = Duration::from_secs(1200);

#[test]
fn every_verdict_on_libiec61850_is_as_written_down() {
    let Some(python) = tools::python() else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let model = directory.path().join("assay.cfg");
    let description = iedassay_model::scl::builtin().unwrap();
    std::fs::write(&model, iedassay_model::cfg::write(&description.model)).unwrap();
    let mut peer = Peer::libiec61850(&python, &model, &[]);
    let target = peer.target("libiec61850", directory.path());
    let record = judge(&target, &directory.path().join("out"), LIMIT);
    assert!(peer.alive(), "libiec61850 has ended");
    compare("libiec61850", &record);
}
