//! An IEC 61850 client over MMS: one association on any byte stream.
//!
//! [`Client::connect`] associates over anything that is `AsyncRead + AsyncWrite`, and starts a task
//! that owns the stream. The handle sends requests, several at once up to what was negotiated;
//! responses are matched by invoke id, and what no request accounts for is kept as an
//! [`Anomaly`]. Reports and other unsolicited PDUs go to every [`Subscription`]. [`services`] puts
//! types on all that. A [`capture::Capture`] records everything both ways.
//!
//! Nothing here reads a clock but tokio's, so that everything also runs on virtual time; wall-clock
//! times come from an [`Anchor`] handed in.
//!
//! A [`Client`] never panics and never hangs, whatever the server does: every wait has a deadline.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that cannot go on may panic"
    )
)]

mod actor;
pub mod capture;
mod client;
mod clock;
mod config;
mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod inbound;
mod io;
pub mod services;
pub mod tcp;

pub use client::{Client, Disconnect, Ended, Exchanged, ReleaseError};
pub use clock::Anchor;
pub use config::{Alter, ClientConfig, Pace, ResetHook};
pub use error::{ClientError, ConnectError, IoError};
/// TLS below the association: secure the stream before [`Client::connect`].
pub use iedassay_tls as tls;
pub use inbound::{Anomaly, AnomalyKind, Inbound, Interest, Subscription};
