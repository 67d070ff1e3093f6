//! A run around the engine: the world it tests, what it shows meanwhile, and how it is stopped.

mod interrupt;
mod progress;
mod simulated;

pub(crate) use interrupt::cancel_on_signals;
pub(crate) use progress::Progress;
pub(crate) use simulated::{InProcess, Simulated};
