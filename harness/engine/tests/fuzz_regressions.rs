//! Replays the corpus and the past crashes of suites and targets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

#[path = "../../../fuzz/replay.rs"]
mod replay;

use iedassay_engine::fuzzing;

const TARGETS: &[replay::Target] = &[("suite", fuzzing::suite), ("target", fuzzing::target)];

replay::replays!(TARGETS);
