//! Matching what the server did against what a suite permits, and explaining the difference.

pub mod explain;
pub(crate) mod macros;
pub mod pattern;
