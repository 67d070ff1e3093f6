//! One file for each command.

mod before;
pub(crate) mod browse;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod decode;
pub(crate) mod diff;
pub(crate) mod dry_run;
pub(crate) mod explain;
pub(crate) mod fuzz;
pub(crate) mod hostile_server;
pub(crate) mod list;
pub(crate) mod pics;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod schemas;
pub(crate) mod selftest;
pub(crate) mod sim;
mod sim_scenario;
mod sim_tls;
pub(crate) mod waive;
