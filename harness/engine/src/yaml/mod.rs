//! YAML text to a tree that knows its places, and from the tree to typed values.
//!
//! `serde-saphyr` parses and guards against hostile files (depth, size, aliases). The step from the
//! tree to typed values is our own ([`decode`]): serde stops at the first error of a file, and a suite
//! author wants to see all of them at once.

pub mod decode;
mod macros;
mod node;
mod read;

pub use decode::{Decoder, FromNode};
pub(crate) use macros::{words, yaml_struct};
pub use node::{Entry, Node, NodeKind, Scalar, Style};
pub use read::{MAX_FILE_BYTES, read};
