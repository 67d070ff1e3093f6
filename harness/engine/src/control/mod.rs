//! Control of IEC 61850-8-1: the structures that are written.

mod structure;

pub use structure::{Command, build};
