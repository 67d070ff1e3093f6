//! Presentation protocol (ISO 8823-1, ITU-T X.226), normal mode.
//!
//! Which PPDU lies in a session SPDU follows from that SPDU, so each has a decoder of its own: CP in
//! CONNECT, CPA in ACCEPT, CPR in REFUSE, ARU or ARP in ABORT, user data everywhere else.

mod abort;
mod connect;
mod user_data;

pub use abort::{AbortPpdu, AbortReason};
pub use connect::{
    Accept, Connect, Context, ContextOutcome, ContextResult, ProviderReason, Reject,
};
pub use user_data::{Pdv, PdvEncoding, UserData, data_header, decode_single, encode_data};

use crate::ber::Oid;

/// Identifier of the presentation context for ACSE, as every stack numbers it.
pub const ACSE_CONTEXT: i64 = 1;
/// Identifier of the presentation context for MMS, as every stack numbers it.
pub const MMS_CONTEXT: i64 = 3;

/// Abstract syntax of ACSE: 2.2.1.0.1.
#[must_use]
pub fn acse_syntax() -> Oid {
    Oid::from_valid(&[0x52, 1, 0, 1])
}

/// Abstract syntax of MMS: 1.0.9506.2.1.
#[must_use]
pub fn mms_syntax() -> Oid {
    Oid::from_valid(&[0x28, 0xca, 0x22, 2, 1])
}

/// Transfer syntax BER: 2.1.1.
#[must_use]
pub fn ber_syntax() -> Oid {
    Oid::from_valid(&[0x51, 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_identifiers_are_those_of_the_standard() {
        assert_eq!(acse_syntax().arcs(), [2, 2, 1, 0, 1]);
        assert_eq!(mms_syntax().arcs(), [1, 0, 9506, 2, 1]);
        assert_eq!(ber_syntax().arcs(), [2, 1, 1]);
    }
}
