//! Every suite on `iec61850-rs`, a stack of Rust that reads our SCL file itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod support;

use std::time::Duration;

use support::expectation::{compare, judge, target};
use support::iec61850_rs::Iec61850Rs;

const LIMIT: Duration = Duration::from_secs(1200);

#[test]
fn every_verdict_on_iec61850_rs_is_as_written_down() {
    let peer = Iec61850Rs::serve(iedassay_model::scl::BUILTIN, "ASSAY", 5);
    let directory = tempfile::tempdir().unwrap();
    let target = target(
        "iec61850-rs",
        &peer.mms.to_string(),
        &peer.process_side.to_string(),
        directory.path(),
    );
    let record = judge(&target, &directory.path().join("out"), LIMIT);
    compare("iec61850-rs", &record);
}
