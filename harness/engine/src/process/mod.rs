//! The process side of the IED under test: what makes a data-set member change.
//!
//! Three ways that need no MMS association: a line protocol on a byte stream ([`mod@line`]), an external command
//! ([`exec`]), and an HTTP call ([`http`]). All are bounded in time and in what they read.

pub mod exec;
pub mod http;
pub mod line;
