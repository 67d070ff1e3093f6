//! TLS as IEC 62351-3 wants it below MMS (IEC 62351-4, port 3782), on any byte stream and in both roles.
//!
//! * Both sides present a certificate; the authorities are one's own, never those of the web.
//! * TLS 1.2 and 1.3; a session is never resumed, so every association shows a whole handshake.
//! * Revocation lists count where they are given, for every certificate of a chain.
//! * What goes wrong is a [`TlsError`] that says which of the many reasons it was.
//!
//! Nothing here reads a clock but tokio's: validity is judged by a [`Clock`] that is handed in, so expiry works on virtual time
//! too. Every handshake has a deadline.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that cannot go on may panic"
    )
)]

mod alert;
mod certificate;
mod client;
mod clock;
mod error;
mod material;
mod server;
mod session;
mod stream;
mod verify;
mod versions;

pub use alert::Alert;
pub use certificate::{Certificate, Standing};
pub use client::{ClientSettings, ClientTls, Handshake};
pub use clock::Clock;
pub use error::TlsError;
pub use material::{
    Identity, MaterialError, RevocationList, authorities, certificates, identity, revocation_lists,
};
pub use rustls;
pub use server::{ServerSettings, ServerTls, client_verifier};
pub use session::Session;
pub use stream::TlsStream;
pub use versions::{Version, Versions};

/// The port of MMS over TLS (IEC 62351-4).
pub const MMS_TLS_PORT: u16 = 3782;
