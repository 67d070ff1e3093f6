//! Every server of every SCL file at hand, served by the simulated IED: our client finds exactly what the file describes, reads all
//! of it and gets reports of every block; foreign clients find the same.
//!
//! The files are our own (one for each edition of SCL, and the built-in descriptions) and a public collection beside the
//! repository, where it is there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod editions;
mod files;
mod foreign;
mod live;
mod options;
mod scenario;
#[path = "../support/mod.rs"]
mod support;
mod whole;
