//! Golden runs of the real binary: command, exit code, standard output, standard error.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]
#![allow(clippy::print_stderr, reason = "a skipped check must be seen")]

mod again;
mod check;
mod decode;
mod fuzz;
mod harness;
mod help;
mod hostile;
mod hostile_device;
mod hostile_server;
mod marks;
mod model;
mod odd_model;
mod outputs;
mod pics;
mod profiles;
mod report;
mod run;
mod scenario;
mod scl;
mod selftest;
