//! The vocabulary of IEC 61850: object references and MMS names, functional constraints, values, SCL, the resolved server tree,
//! and the catalogue of capabilities (PICS).
//!
//! Pure: no sockets, no clock, no files. Text and bytes come in as arguments.
//!
//! * [`Fc`], [`ObjectReference`], [`DataSetReference`], [`BlockReference`]: names and their MMS forms.
//! * [`tree::ServerModel`]: what a server offers, from SCL or from a live browse; [`tree::Node`] is a handle into its MMS view.
#![deny(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        clippy::arithmetic_side_effects,
        clippy::print_stderr,
        reason = "tests may panic, count, and say that they skip"
    )
)]

pub mod browse;
pub mod capability;
pub mod cfg;
pub mod diff;
mod fc;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod hex;
mod nearest;
mod reference;
pub mod scl;
pub mod services;
pub mod standard;
pub mod tree;
pub mod value;

pub use fc::{Fc, UnknownFc};
pub use nearest::nearest;
pub use reference::{
    BlockKind, BlockReference, DataSetReference, MAX_REFERENCE, MmsName, NameError, NameErrorKind,
    ObjectReference, Selection, Step,
};
