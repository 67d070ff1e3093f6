//! Bodies of the fuzz targets: what must hold for any octets at all.
//!
//! They live here so that a fuzz target has three lines, and so that tests on stable Rust replay every
//! corpus and every crash ever found. A body panics when a promise is broken.

mod association;
mod codec;

pub use association::{initiator, responder, tampered_pair};
pub use codec::{acse, annotate, ber, cotp, data, mms, mutate, presentation, session, tpkt};

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
    ("responder", responder),
    ("session", session),
    ("tampered_pair", tampered_pair),
    ("tpkt", tpkt),
];
