//! Reports of IEC 61850-8-1: from an InformationReport to its fields, segments put together, and the inbox that keeps
//! what has arrived until a step asks for it.

mod decode;
mod inbox;
mod join;

pub use decode::{Entry, NotAReport, Report, decode};
pub use inbox::{Arrival, Inbox, Source, Taken};
pub use join::Joined;
