//! Executes a plan against a connector and tells what happens as events. Never prints, never exits.

mod announced;
mod bench;
pub(crate) mod case_log;
pub(crate) mod case_run;
pub(crate) mod clients;
mod earlier;
mod evidence;
pub(crate) mod execute;
pub(crate) mod exhibit;
mod firmware;
mod head;
mod ladder;
mod lane;
pub(crate) mod look;
pub(crate) mod memory;
pub(crate) mod model_brief;
pub(crate) mod probe;
mod refused;
mod run;
pub(crate) mod shared;
mod survey;
#[cfg(test)]
pub(crate) mod testing;
mod tries;

pub use bench::Bench;
pub use earlier::Earlier;
pub use evidence::sha256;
pub use look::{Look, Surveyed, look, look_and_survey};
pub use probe::ProbeError;
pub use run::{RunEnd, RunInput, run};
pub use shared::Operator;
