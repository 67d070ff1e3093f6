//! The proof of the suites: which case fails on which fault of the simulated IED.
//!
//! Each verdict is a function of one case and one fault: both meet on a simulated IED of their own, in process and on
//! virtual time. So the matrix is the same whatever runs beside it, in which order, and on how many threads. For the same
//! reason an IED does as the one without a fault until it is asked about its fault: where a case comes by a fault nowhere on
//! the reference, its verdict on that fault is known without running it.

mod device;
mod door;
mod known;
mod matrix;
mod noticed;
mod page;
mod pool;
mod reach;
mod subjects;
mod told;
mod watchdog;

pub(crate) use known::{Known, Waiting};
pub(crate) use matrix::{Matrix, Scope};
pub(crate) use noticed::Noticed;
pub(crate) use page::page;
pub(crate) use pool::{Job, With, judge_all};
pub(crate) use reach::Reach;
pub(crate) use subjects::Subjects;
pub(crate) use told::{Told, summary};
