//! A run around the engine: the world it tests, what it shows meanwhile, and how it is stopped.

mod answers;
mod capabilities;
mod exercised;
mod interrupt;
mod operator;
mod output;
mod progress;
mod simulated;
mod subject;
mod time_pipe;
mod world;

pub(crate) use answers::{answers, built_in_answers};
pub(crate) use capabilities::capabilities;
pub(crate) use interrupt::cancel_on_signals;
pub(crate) use operator::at_terminal;
pub(crate) use output::Output;
pub(crate) use progress::Progress;
pub(crate) use simulated::{InProcess, Simulated, usual};
pub(crate) use subject::{Demanded, Subject};
pub(crate) use world::{address_of, connector, runtime};
