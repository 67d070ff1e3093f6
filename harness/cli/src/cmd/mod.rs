//! One file for each command.

pub(crate) mod browse;
pub(crate) mod completions;
pub(crate) mod report;
pub(crate) mod schemas;
pub(crate) mod sim;
