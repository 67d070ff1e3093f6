//! The engine of iedassay: suites and a target go in; a plan, verdicts and the run record come out. Never prints,
//! never exits, knows no report format.
//!
//! Language: [`diagnostic`] (source texts, spans, errors that point at a line), [`yaml`] (text to a spanned tree, and
//! the tree to typed values with every error collected), [`cel`] (expressions and their values), [`suite`] (the typed
//! suite language and its loader).

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests may panic"
    )
)]

pub mod answers;
pub mod campaign;
pub mod cancel;
pub mod cel;
pub mod connector;
pub mod diagnostic;
pub mod event;
pub mod expect;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod glob;
pub mod handbook;
mod origin;
pub mod outcome;
pub mod plan;
pub mod process;
pub mod profile;
pub mod record_builder;
pub mod record_file;
pub mod report;
pub mod runner;
mod safety;
pub mod schema;
pub mod statement_file;
mod step;
pub mod suite;
pub mod target;
mod time_server;
pub mod value;
pub mod verdict;
pub mod waiver;
pub mod yaml;
