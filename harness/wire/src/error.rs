//! What is wrong with bytes, where, and whose fault it is.

use core::fmt;

use crate::ber::Tag;

/// The protocol layer that found the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Layer {
    /// TPKT framing, RFC 1006 and RFC 2126.
    Tpkt,
    /// Connection-oriented transport, ISO 8073.
    Cotp,
    /// Session, ISO 8327-1.
    Session,
    /// Presentation, ISO 8823-1.
    Presentation,
    /// Association control, ISO 8650-1.
    Acse,
    /// Manufacturing message specification, ISO 9506-2.
    Mms,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tpkt => "TPKT",
            Self::Cotp => "COTP",
            Self::Session => "session",
            Self::Presentation => "presentation",
            Self::Acse => "ACSE",
            Self::Mms => "MMS",
        })
    }
}

/// Who is to blame for an error. It decides the verdict of a test case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The bytes are not a valid encoding.
    Malformed,
    /// The bytes are a valid encoding of something the protocol forbids here.
    Violation,
    /// The peer did something permitted that this implementation does not do.
    Unsupported,
    /// The caller asked for something impossible.
    Misuse,
}

/// A fault in received bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WireError {
    /// The layer that found it.
    pub layer: Layer,
    /// What is wrong.
    pub kind: ErrorKind,
    /// Offset in octets from the start of the slice first handed in; at most its length.
    pub offset: usize,
}

impl WireError {
    /// A fault of `kind`, found by `layer` at `offset` octets from the start of the input.
    #[cold]
    #[must_use]
    pub const fn new(layer: Layer, kind: ErrorKind, offset: usize) -> Self {
        Self {
            layer,
            kind,
            offset,
        }
    }

    /// The same fault, seen from an outer slice in which the inner one begins at `by`.
    #[must_use]
    pub const fn shifted(self, by: usize) -> Self {
        Self {
            layer: self.layer,
            kind: self.kind,
            offset: self.offset.saturating_add(by),
        }
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} at octet {}", self.layer, self.kind, self.offset)
    }
}

impl core::error::Error for WireError {}

/// What is wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The element claims more octets than there are.
    Truncated {
        /// Octets needed from the point of the error.
        needed: usize,
        /// Octets present there.
        available: usize,
    },
    /// Octets follow where the element must end.
    TrailingData {
        /// How many.
        octets: usize,
    },
    /// Another element was expected here.
    UnexpectedTag {
        /// The tag the standard asks for.
        expected: Tag,
        /// The tag found.
        found: Tag,
    },
    /// A mandatory element is absent.
    Missing {
        /// Its tag.
        expected: Tag,
    },
    /// No alternative of the CHOICE has this tag, or the CHOICE is empty.
    NoAlternative {
        /// The CHOICE, by its name in the standard.
        choice: &'static str,
    },
    /// A primitive type arrived in constructed form (X.690 clause 8).
    NotPrimitive,
    /// A constructed type arrived in primitive form (X.690 clause 8).
    NotConstructed,
    /// The identifier octets are not valid, or the tag number exceeds 2^30 - 1 (X.690, 8.1.2).
    InvalidTag,
    /// The length octets are not valid, or exceed what a machine can address (X.690, 8.1.3).
    InvalidLength,
    /// An indefinite length on a primitive element (X.690, 8.1.3.2).
    IndefinitePrimitive,
    /// An indefinite length without end-of-contents octets (X.690, 8.1.5).
    NoEndOfContents,
    /// Elements nest deeper than the reader allows.
    DepthExceeded,
    /// The element or list is larger than the reader allows.
    SizeExceeded {
        /// The limit, in octets or elements.
        limit: usize,
    },
    /// The contents have a length that the type does not allow.
    InvalidSize {
        /// The length found, in octets.
        found: usize,
    },
    /// The integer does not fit the range of the field.
    IntegerRange,
    /// The bit string has an impossible count of unused bits (X.690, 8.6.2).
    InvalidBitString,
    /// The object identifier is not valid (X.690, 8.19).
    InvalidOid,
    /// A field has a value that the protocol forbids.
    InvalidValue {
        /// The field, by its name in the standard.
        field: &'static str,
    },
    /// A field has a value that is valid but not handled here.
    Unsupported {
        /// What is not handled.
        what: &'static str,
    },
}

impl ErrorKind {
    /// Who is to blame.
    #[must_use]
    pub const fn fault(self) -> Fault {
        match self {
            Self::InvalidValue { .. } => Fault::Violation,
            Self::Unsupported { .. } | Self::DepthExceeded | Self::SizeExceeded { .. } => {
                Fault::Unsupported
            }
            _ => Fault::Malformed,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Truncated { needed, available } => {
                write!(f, "truncated: {needed} octets needed, {available} present")
            }
            Self::TrailingData { octets } => write!(f, "{octets} octets after the end"),
            Self::UnexpectedTag { expected, found } => {
                write!(f, "expected {expected}, found {found}")
            }
            Self::Missing { expected } => write!(f, "{expected} is missing"),
            Self::NoAlternative { choice } => write!(f, "no such alternative of {choice}"),
            Self::NotPrimitive => f.write_str("constructed encoding of a primitive type"),
            Self::NotConstructed => f.write_str("primitive encoding of a constructed type"),
            Self::InvalidTag => f.write_str("invalid identifier octets"),
            Self::InvalidLength => f.write_str("invalid length octets"),
            Self::IndefinitePrimitive => f.write_str("indefinite length of a primitive element"),
            Self::NoEndOfContents => f.write_str("indefinite length without end-of-contents"),
            Self::DepthExceeded => f.write_str("nested too deeply"),
            Self::SizeExceeded { limit } => write!(f, "larger than the limit of {limit}"),
            Self::InvalidSize { found } => write!(f, "impossible length of {found} octets"),
            Self::IntegerRange => f.write_str("integer out of range"),
            Self::InvalidBitString => f.write_str("impossible count of unused bits"),
            Self::InvalidOid => f.write_str("invalid object identifier"),
            Self::InvalidValue { field } => write!(f, "forbidden value of {field}"),
            Self::Unsupported { what } => write!(f, "{what} is not supported"),
        }
    }
}
