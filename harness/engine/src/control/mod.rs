//! Control of IEC 61850-8-1: the structures that are written, and what the server reports about commands.

mod structure;
mod told;

pub use structure::{Command, build};
pub use told::{LastApplError, Told, understand};
