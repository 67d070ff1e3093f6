//! Session protocol (ISO 8327-1, ITU-T X.225): kernel and duplex functional units.

pub(crate) mod parameter;
mod spdu;

pub use parameter::Parameter;
pub use spdu::{Abort, Connect, Refuse, RefuseReason, Spdu, TransportDisconnect, data_prefix, si};
