//! Fuzzing a device over the network: valid exchanges are made wrong in a few places, and a healthy association beside them tells whether the
//! device is still there.
//!
//! Everything is drawn from a seed, so that a sequence can be drawn again; nothing of what is sent asks for a change that the loss of its
//! association does not undo (`permit`). The campaign stops at the first loss of service, and makes the sequence that brought it about
//! as short as it can be.

mod case;
mod frame;
mod lab;
mod link;
mod permit;
mod play;
mod pool;
mod report;
mod run;
mod sequence;
mod shrink;
mod watch;

pub(crate) use link::Wire;
pub(crate) use permit::undone_by_loss;
pub use report::{Ended, Finding, FuzzReport, Latency, Reproduced};
pub use run::{Evidence, FuzzError, FuzzEvent, FuzzInput, fuzz};
