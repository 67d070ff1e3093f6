//! Connection-oriented transport protocol, class 0 (ISO 8073, ITU-T X.224, RFC 1006).

mod params;
mod segment;
mod tpdu;

pub use params::{Parameters, TpduSize, UnknownParameter};
pub use segment::{Reassembler, packets, segments};
pub use tpdu::{
    Connect, Data, DisconnectReason, DisconnectRequest, RejectCause, Tpdu, TpduError, codes,
};
