//! The two ends of an association as state machines without sockets and clocks.
//!
//! [`Initiator`] is the client's end, [`Responder`] the server's. They own COTP, session,
//! presentation, ACSE and the MMS services Initiate and Conclude; above them an MMS PDU is a slice
//! of octets.
//!
//! # Calling convention
//!
//! Time is a [`Time`] since an epoch of the caller's choice that never goes back. In a loop:
//!
//! 1. tell what happened: `handle_input` (octets from the stream, in pieces of any size),
//!    `handle_eof` (the peer closed the stream), `handle_timeout` (the time of `poll_timeout` has
//!    come), or an order such as `send_mms`, `release`, `abort`;
//! 2. write everything `poll_transmit` gives to the stream, one TPKT each;
//! 3. handle everything `poll_event` gives; an `Ended` event is the last, and tells the owner to
//!    close the stream, after writing what `poll_transmit` still gives;
//! 4. wait for octets or for `poll_timeout`.
//!
//! Nothing is read from the stream behind `Ended`: what is sent or received after it is ignored.
//! Input may be anything; it ends the association at worst.

mod channel;
mod config;
mod initiator;
mod outcome;
mod responder;
mod stack;

pub use channel::out_of_phase;
pub use config::{
    Authentication, Deadlines, EndAddress, InitiatorConfig, ResponderConfig, client_proposal,
    negotiate, server_limits,
};
pub use initiator::{Initiator, InitiatorEvent, ReleaseWay};
pub use outcome::{Abort, ConcludeRefusal, Ending, Established, Phase, Refusal, Released};
pub use responder::{AssociateIndication, Responder, ResponderEvent, TransportIndication};

/// Time since an epoch of the caller's choice.
pub type Time = core::time::Duration;

/// There is no association to send on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotEstablished;

impl core::fmt::Display for NotEstablished {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("no association is established")
    }
}

impl core::error::Error for NotEstablished {}

#[cfg(test)]
mod tests;
