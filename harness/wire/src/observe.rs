//! What could be decoded but a careful encoder would not have sent.

use core::cell::{Cell, RefCell};
use core::fmt;

use crate::error::Layer;

/// One oddity and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Observation {
    /// The layer that saw it.
    pub layer: Layer,
    /// What is odd.
    pub kind: ObservationKind,
    /// Offset in octets from the start of the slice first handed in.
    pub offset: usize,
}

impl fmt::Display for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} at octet {}", self.layer, self.kind, self.offset)
    }
}

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ObservationKind {
    /// A long form length where the short form, or fewer octets, would do (X.690, 8.1.3.5).
    LongFormLength,
    /// An indefinite length (X.690, 8.1.3.6).
    IndefiniteLength,
    /// The high tag number form for a number that fits the low one (X.690, 8.1.2.2).
    HighTagForm,
    /// A string in segments (X.690, 8.6.4, 8.7.3 and 8.23).
    SegmentedString,
    /// BOOLEAN true that is not 0xFF (X.690, 8.2.2 leaves it to the sender).
    BooleanNotFf,
    /// Unused bits of a bit string that are not zero (X.690, 8.6.2.4 leaves them to the sender).
    UnusedBitsSet,
    /// An integer with redundant leading octets (X.690, 8.3.2).
    NonMinimalInteger,
    /// An unsigned integer whose highest bit is set, so that it reads as negative (X.690, 8.3.3).
    NegativeUnsigned,
    /// An integer too wide for this implementation, kept raw.
    WideInteger,
    /// A character outside the repertoire of VisibleString.
    NotVisible,
    /// A string that is not valid UTF-8, read as ISO 8859-1.
    InvalidUtf8,
    /// A value equal to its DEFAULT, encoded all the same.
    DefaultEncoded,
    /// An element that this implementation does not know, kept raw.
    UnknownElement,
    /// More bits than the named bits of the type.
    SurplusBits,
    /// A reserved field that is not zero.
    ReservedNotZero,
}

impl ObservationKind {
    /// True when the standard permits it; false when the standard forbids it and the reader was
    /// lenient because the meaning is plain.
    #[must_use]
    pub const fn is_permitted(self) -> bool {
        !matches!(
            self,
            Self::HighTagForm
                | Self::NonMinimalInteger
                | Self::NegativeUnsigned
                | Self::NotVisible
                | Self::InvalidUtf8
        )
    }
}

impl fmt::Display for ObservationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LongFormLength => "length longer than needed",
            Self::IndefiniteLength => "indefinite length",
            Self::HighTagForm => "tag form longer than needed",
            Self::SegmentedString => "string in segments",
            Self::BooleanNotFf => "true is not 0xff",
            Self::UnusedBitsSet => "unused bits are not zero",
            Self::NonMinimalInteger => "integer longer than needed",
            Self::NegativeUnsigned => "unsigned integer encoded as negative",
            Self::WideInteger => "integer wider than 64 bits",
            Self::NotVisible => "character outside VisibleString",
            Self::InvalidUtf8 => "string is not UTF-8",
            Self::DefaultEncoded => "default value encoded",
            Self::UnknownElement => "unknown element",
            Self::SurplusBits => "more bits than are named",
            Self::ReservedNotZero => "reserved field is not zero",
        })
    }
}

/// A bounded collection of observations, shared by a reader and all readers made from it.
#[derive(Clone, Debug)]
pub struct Observations {
    list: RefCell<Vec<Observation>>,
    limit: usize,
    dropped: Cell<usize>,
}

impl Default for Observations {
    fn default() -> Self {
        Self::with_limit(64)
    }
}

impl Observations {
    /// An empty collection that keeps 64 observations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty collection that keeps `limit` observations and counts the rest.
    #[must_use]
    pub fn with_limit(limit: usize) -> Self {
        Self {
            list: RefCell::new(Vec::new()),
            limit,
            dropped: Cell::new(0),
        }
    }

    /// Adds one; beyond the limit it is only counted.
    pub fn push(&self, observation: Observation) {
        match self.list.try_borrow_mut() {
            Ok(mut list) if list.len() < self.limit => list.push(observation),
            _ => self.dropped.set(self.dropped.get().saturating_add(1)),
        }
    }

    /// True when nothing odd was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.borrow().is_empty() && self.dropped.get() == 0
    }

    /// How many did not fit the limit.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.dropped.get()
    }

    /// A copy of what was kept, in order of decoding.
    #[must_use]
    pub fn to_vec(&self) -> Vec<Observation> {
        self.list.borrow().clone()
    }

    /// What was kept, in order of decoding.
    #[must_use]
    pub fn into_vec(self) -> Vec<Observation> {
        self.list.into_inner()
    }
}
