//! `release`, `abort`, `drop`, `expect-closed`.

use super::step;
use crate::yaml::words;

step! {
    /// Ends the association in order: Conclude, ACSE release, close.
    pub struct Release {}
}

step! {
    /// Ends the association at once with an ACSE ABORT.
    pub struct Abort {
        /// `true`: a request is sent just before, and its answer not awaited.
        pub pending_request: Option<bool>,
    }
}

step! {
    /// Ends the connection without a word of the upper layers.
    pub struct Drop {
        /// `close` (FIN), `reset` (RST), or `silent` (nothing more is sent and nothing answered).
        pub how: DropHow,
        /// `true`: a request is sent just before, and its answer not awaited.
        pub pending_request: Option<bool>,
    }
}

words! {
    /// How a connection is dropped.
    pub enum DropHow ("way to drop") {
        /// TCP FIN.
        Close = "close",
        /// TCP RST.
        Reset = "reset",
        /// Nothing: the client falls silent.
        Silent = "silent",
    }
}

step! {
    /// Waits until the server ends the association. `expect` takes `close` and `abort`; both if absent.
    ///
    /// Result: `how` (`close`, `reset`, `abort`).
    pub struct ExpectClosed {}
}
