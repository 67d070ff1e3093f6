//! Golden runs of the real binary: command, exit code, standard output, standard error.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod check;
mod decode;
mod harness;
mod help;
mod model;
mod report;
