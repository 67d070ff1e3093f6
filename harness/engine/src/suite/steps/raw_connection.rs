//! `raw-connection`.

use super::step;
use crate::cel::{Expr, Field, Hex, Millis, Name};
use crate::yaml::words;

step! {
    /// Opens a connection that is no association, sends octets on it as they are, or closes it. What comes back is told and not judged, unless
    /// `check` does. A connection that is left open is closed at the end of the case. Needs `allow: robustness`.
    ///
    /// Result: `reaction` (what came back: `silence`, `connection closed`, `not sent`, or the kind of PDU, as `ACCEPT` or
    /// `confirmed-ErrorPDU`; empty unless octets were sent).
    pub struct RawConnection {
        /// What to call the connection.
        pub name: Field<Name>,
        /// What to do.
        pub action: RawAction,
        /// The octets, whole packets or not, in hexadecimal (only to `send`, which needs them).
        pub hex: Option<Field<Hex>>,
        /// So many octets at a time; all at once if absent.
        pub piece: Option<Field<u32>>,
        /// How often they are sent; once if absent.
        pub times: Option<Field<u32>>,
        /// How long something is awaited that comes back; 100 ms if absent.
        pub patience: Option<Field<Millis>>,
    }
}

words! {
    /// What is done with a connection.
    pub enum RawAction ("action") {
        /// Opens it.
        Open = "open",
        /// Sends octets.
        Send = "send",
        /// Closes it.
        Close = "close",
        /// Resets it.
        Reset = "reset",
    }
}

impl RawConnection {
    /// The expressions inside, without those of the common keys.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut all = self.name.exprs();
        all.extend(self.hex.iter().flat_map(Field::exprs));
        for number in [&self.piece, &self.times] {
            all.extend(number.iter().flat_map(Field::exprs));
        }
        all.extend(self.patience.iter().flat_map(Field::exprs));
        all
    }
}
