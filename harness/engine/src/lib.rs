//! Suites and targets in, plan, verdicts and run record out. Never prints, never exits, knows no report format.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests may panic"
    )
)]

pub mod cancel;
pub mod clock;
pub mod connector;
pub mod event;
pub mod expect;
pub mod outcome;
pub mod process;
pub mod record_builder;
pub mod runner;
pub mod verdict;
pub mod waiver;
