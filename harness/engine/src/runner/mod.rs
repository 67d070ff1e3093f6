//! Executes a plan against a connector and tells what happens as events. Never prints, never exits.

pub(crate) mod case_log;
