//! Replays the corpus and the past crashes of SCL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

#[path = "../../../fuzz/replay.rs"]
mod replay;

use iedassay_model::fuzzing;

const TARGETS: &[replay::Target] = &[("scl", fuzzing::scl)];

replay::replays!(TARGETS);
