//! How the elements of a type are named.

use crate::ber::{Tag, Tlv};
use crate::error::{Layer, WireError};

/// What the contents of an element are.
#[derive(Clone, Copy)]
pub(super) enum Type {
    /// A value that prints as text.
    Leaf(fn(&Tlv<'_>) -> Result<String, WireError>),
    /// Elements with names of their own: SEQUENCE, SET, or the alternative inside an explicit tag.
    Fields(&'static [Field]),
    /// Elements of one type in any number; the names are those of its alternatives.
    List(&'static [Field]),
    /// Elements without names.
    Any,
}

/// One component or alternative.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) tag: Tag,
    pub(super) name: &'static str,
    pub(super) ty: &'static Type,
    /// The layer that begins here.
    pub(super) layer: Option<Layer>,
}

/// A component or alternative with a context tag.
pub(super) const fn c(number: u32, name: &'static str, ty: &'static Type) -> Field {
    u(Tag::context(number), name, ty)
}

/// A component or alternative with any tag.
pub(super) const fn u(tag: Tag, name: &'static str, ty: &'static Type) -> Field {
    Field {
        tag,
        name,
        ty,
        layer: None,
    }
}

/// The same, as the beginning of another layer.
pub(super) const fn at(layer: Layer, field: Field) -> Field {
    Field {
        layer: Some(layer),
        ..field
    }
}

/// The alternatives of `first`, then those of `second`.
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "only the compiler evaluates it"
)]
pub(super) const fn join<const N: usize>(first: &[Field], second: &[Field]) -> [Field; N] {
    let mut fields = [second[0]; N];
    let mut i = 0;
    while i < N {
        fields[i] = if i < first.len() {
            first[i]
        } else {
            second[i - first.len()]
        };
        i += 1;
    }
    fields
}
