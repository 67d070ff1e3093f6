//! Helpers of the tests that need programs nobody here wrote: finding them, starting them, and never leaving one behind.
//!
//! A program that is missing skips the test with a line `SKIPPED: ...`; with `CI=true` it fails it instead. `ci/setup.sh`
//! installs them all.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic, and none of them uses every helper"
)]

pub(crate) mod expectation;
pub(crate) mod iec61850_rs;
pub(crate) mod iec61850_server;
pub(crate) mod peer;
pub(crate) mod tools;
