//! Sans-IO codec and association state machines of the IEC 61850-8-1 communication stack.
//!
//! Nothing here opens a socket, reads a clock or starts a task. Bytes come in as slices and
//! leave as vectors; time is an argument.
//!
//! | layer | standard | module |
//! |---|---|---|
//! | TPKT | RFC 1006, RFC 2126 | [`tpkt`] |
//! | transport | ISO 8073 | [`cotp`] |
//! | session | ISO 8327-1 | [`session`] |
//! | presentation | ISO 8823-1 | [`presentation`] |
//! | association control | ISO 8650-1 | [`acse`] |
//! | BER | ITU-T X.690 | [`ber`] |
//! | MMS | ISO 9506-2 | [`mms`] |
//! | time | RFC 4330, RFC 5905 | [`sntp`], on UDP |
//!
//! [`association`] drives them as a peer would, [`annotate`] explains octets of any of them.
//!
//! # Faults and oddities
//!
//! What cannot be decoded is a [`WireError`] that names the layer, the kind and the octet. What can
//! be decoded but is not what a careful encoder would have sent is an [`Observation`], collected
//! in an [`Observations`] sink by those who ask for it.

#![deny(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        reason = "a test that cannot go on may panic"
    )
)]

pub mod acse;
pub mod annotate;
pub mod association;
pub mod ber;
pub mod cotp;
pub mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod mms;
pub mod mutate;
pub mod observe;
pub mod presentation;
pub mod session;
pub mod sntp;
pub mod tpkt;

pub use error::{ErrorKind, Fault, Layer, WireError};
pub use observe::{Observation, ObservationKind, Observations};
