//! Executes a plan against a connector and tells what happens as events. Never prints, never exits.

pub(crate) mod case_log;
pub(crate) mod case_run;
pub(crate) mod clients;
pub(crate) mod execute;
pub(crate) mod memory;
pub(crate) mod shared;
#[cfg(test)]
pub(crate) mod testing;
