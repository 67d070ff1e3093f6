//! The process side of the IED under test: what makes a data-set member change.
//!
//! Two ways that need no MMS association: a line protocol on a byte stream ([`mod@line`]), and an external command
//! ([`exec`]). Both are bounded in time and in what they read.

pub mod exec;
pub mod line;
