//! `send-raw`.

use super::step;
use crate::cel::{Field, Hex};
use crate::yaml::words;

step! {
    /// Sends octets as they are and waits for what comes back. Needs `allow: robustness`. They may not be a request to write, which
    /// nobody could put back: for that there is `write`, with `coding`.
    ///
    /// Result: `answer` (octets in hexadecimal, empty for none), `pdu` (the kind of MMS PDU that came back, or empty).
    pub struct SendRaw {
        /// What the octets are.
        pub layer: Field<RawLayer>,
        /// The octets in hexadecimal.
        pub hex: Field<Hex>,
    }
}

words! {
    /// Where in the stack the octets enter.
    pub enum RawLayer ("layer") {
        /// Straight into TCP.
        Tcp = "tcp",
        /// Into a TPKT.
        Cotp = "cotp",
        /// Into a COTP DT.
        Session = "session",
        /// Into presentation user data, as an MMS PDU.
        Mms = "mms",
    }
}
