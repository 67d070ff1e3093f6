//! The suite language: what a protocol engineer writes, typed and with every place kept.
//!
//! A [`Suite`] holds [`Case`]s; a case is what it needs, what it runs over (`for-each`), and [`Step`]s.
//! [`load`] reads files, puts fragments in, checks everything, and gives a [`Library`]. Reading never stops at the
//! first mistake; see [`crate::yaml`].

mod case;
pub(crate) mod check;
pub mod embedded;
mod library;
pub mod load;
mod needs;
mod outcome;
pub mod procedures;
mod report_words;
pub mod steps;
mod value;
mod window;
pub(crate) mod written;

pub use case::{AssociateMain, Case, CaseBody, CaseKind, Confidence, EditionWord, Suite};
pub use check::strict;
pub use library::{Library, LoadedSuite};
pub use load::Loaded;
pub use needs::{Allowance, Needs, OneOrMore, StimulusKind};
pub use outcome::{AddCause, ExpectSet};
pub use report_words::{NamedBits, OptFld, Reason, TrgOp};
pub use steps::{Common, Step, StepEntry};
pub use value::{DataType, Generate, Literal, WriteValue};
pub use window::Window;
