//! Bodies of the fuzz targets: what must hold for any octets at all.
//!
//! They live here so that a fuzz target has three lines, and so that tests on stable Rust replay every
//! corpus and every crash ever found. A body panics when a promise is broken.

mod association;
mod codec;
mod queries;
mod round_trip;
mod shape;
mod stack;
mod text;
mod two_associations;

pub use association::{initiator, responder, tampered_pair};
pub use codec::{acse, annotate, ber, cotp, data, mms, mutate, presentation, session, tpkt};
pub use queries::queries;
pub use round_trip::round_trip;
pub use stack::{sntp, stack};
pub use two_associations::two_associations;

/// A body: any octets in, a panic when a promise is broken.
pub type Body = fn(&[u8]);

/// Every target by the name of its binary, which is the name of its corpus folder.
pub const TARGETS: &[(&str, Body)] = &[
    ("acse", acse),
    ("annotate", annotate),
    ("ber", ber),
    ("cotp", cotp),
    ("data", data),
    ("initiator", initiator),
    ("mms", mms),
    ("mutate", mutate),
    ("presentation", presentation),
    ("queries", queries),
    ("responder", responder),
    ("round_trip", round_trip),
    ("session", session),
    ("sntp", sntp),
    ("stack", stack),
    ("tampered_pair", tampered_pair),
    ("tpkt", tpkt),
    ("two_associations", two_associations),
];
