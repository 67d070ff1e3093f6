//! Octets explained: a tree of named parts with their offsets, from TPKT down to MMS.
//!
//! [`annotate`] never fails. What cannot be decoded is shown as elements without names, or as octets,
//! with the error beside it. Offsets are those of the input, also behind a reassembly.
//!
//! ```
//! use iedassay_wire::annotate::{annotate, render};
//!
//! let bytes = [3, 0, 0, 0x14, 2, 0xf0, 0x80, 1, 0, 1, 0, 0x61, 7, 0x30, 5, 2, 1, 3, 0xa0, 0];
//! let tree = annotate(&bytes);
//! assert!(render(&tree).contains("presentation-context-identifier: 3"));
//! ```

mod connection;
mod data;
mod leaf;
mod mms;
mod osi;
mod render;
mod schema;
mod stream;
mod walk;

use std::borrow::Cow;

use crate::error::{Layer, WireError};
use crate::observe::Observation;

pub use render::{path_at, render, summarize};

/// A part of the input: a packet, a parameter, an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The layer that it belongs to.
    pub layer: Layer,
    /// What the standard calls it; `[n]` when it has no name there.
    pub name: Cow<'static, str>,
    /// Offset of its first octet in the input.
    pub offset: usize,
    /// Octets of the input that it covers, header included.
    pub length: usize,
    /// Its value as text; empty when the children say it all.
    pub value: String,
    /// Why it could not be decoded; the offset is that of the input.
    pub error: Option<WireError>,
    /// Its parts, in order.
    pub children: Vec<Node>,
}

/// Where in the stack the input begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Start {
    /// A stream of TPKT packets of one direction.
    Tpkt,
    /// One TPDU.
    Cotp,
    /// One TSDU.
    Session,
    /// One PPDU, or user data.
    Presentation,
    /// One ACSE APDU.
    Acse,
    /// One MMS PDU.
    Mms,
}

impl Start {
    /// Guesses from the first octets; MMS when nothing else fits.
    #[must_use]
    pub fn guess(bytes: &[u8]) -> Self {
        match bytes {
            // The second octet is reserved; another than zero is odd, but no reason to give up.
            [3, 0, _, _, ..] | [3, _, _, _, _, 0xe0 | 0xd0 | 0xf0, ..] => Self::Tpkt,
            [2, 0xf0, _, ..] | [6..=254, 0xe0 | 0xd0, _, _, _, _, ..] | [6, 0x80, ..] => {
                // A BER element never has these two octets: 0xe0, 0xd0 and 0xf0 are no lengths.
                Self::Cotp
            }
            [1, 0, 1, ..] | [9 | 10 | 12 | 13 | 14 | 25 | 26, _, ..] => Self::Session,
            // User data, not AARE: a list of SEQUENCE.
            [0x61, rest @ ..] if first_inner(rest) == Some(0x30) => Self::Presentation,
            [0x31 | 0x30 | 0x40, ..] => Self::Presentation,
            [0x60..=0x64, ..] => Self::Acse,
            _ => Self::Mms,
        }
    }
}

/// The identifier of the first element inside, given what follows the identifier outside.
fn first_inner(after_identifier: &[u8]) -> Option<u8> {
    let (length, rest) = after_identifier.split_first()?;
    let long = if *length > 0x80 { length & 0x7f } else { 0 };
    rest.get(usize::from(long)).copied()
}

/// Explains `bytes`, which begin at the layer that [`Start::guess`] finds.
#[must_use]
pub fn annotate(bytes: &[u8]) -> Vec<Node> {
    annotate_from(bytes, Start::guess(bytes))
}

/// Explains `bytes`, which begin at the layer given.
#[must_use]
pub fn annotate_from(bytes: &[u8], start: Start) -> Vec<Node> {
    build(bytes, start).0
}

/// What is legal but odd in `bytes`, on every layer, in order of offsets; at most a thousand.
#[must_use]
pub fn observations(bytes: &[u8]) -> Vec<Observation> {
    let (_, mut observations) = build(bytes, Start::guess(bytes));
    observations.sort_by_key(|seen| seen.offset);
    observations
}

fn build(bytes: &[u8], start: Start) -> (Vec<Node>, Vec<Observation>) {
    let mut builder = walk::Builder::new();
    let whole = walk::Place::whole(bytes);
    match start {
        Start::Tpkt => stream::packets(&mut builder, bytes),
        Start::Cotp => stream::tpdu(&mut builder, bytes, 0),
        Start::Session => connection::spdu(&mut builder, whole),
        Start::Presentation => walk::elements(&mut builder, whole, Layer::Presentation, osi::PPDU),
        Start::Acse => walk::elements(&mut builder, whole, Layer::Acse, osi::APDU),
        Start::Mms => walk::elements(&mut builder, whole, Layer::Mms, mms::PDU),
    }
    builder.finish()
}

impl Node {
    /// True when this or any part of it could not be decoded.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.error.is_some() || self.children.iter().any(Self::has_error)
    }

    /// The first part of that name, in depth-first order, this one included.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }
}

#[cfg(test)]
mod tests;
