//! Replays the corpus and the past crashes of captures.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

#[path = "../../../fuzz/replay.rs"]
mod replay;

use iedassay_client::fuzzing;

const TARGETS: &[replay::Target] = &[("capture", fuzzing::capture)];

replay::replays!(TARGETS);
