//! Octet and character strings, borrowed.

use std::borrow::Cow;

use crate::ber::{Reader, Tag, Tlv};
use crate::error::{ErrorKind, Layer, WireError};
use crate::observe::ObservationKind;

/// The octets of a string: one piece, or the contents of a constructed string whose segments
/// have been validated.
#[derive(Clone, Copy, Debug)]
pub struct Octets<'a> {
    content: &'a [u8],
    segmented: bool,
}

impl<'a> Octets<'a> {
    #[inline]
    pub(crate) const fn plain(content: &'a [u8]) -> Self {
        Self {
            content,
            segmented: false,
        }
    }

    #[cold]
    pub(super) fn segmented(tlv: &Tlv<'a>) -> Result<Self, WireError> {
        tlv.observe(ObservationKind::SegmentedString);
        check_segments(tlv)?;
        Ok(Self {
            content: tlv.content(),
            segmented: true,
        })
    }

    /// The octets, if they are in one piece (as nearly always).
    #[must_use]
    #[inline]
    pub const fn as_slice(&self) -> Option<&'a [u8]> {
        if self.segmented {
            None
        } else {
            Some(self.content)
        }
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        let mut len: usize = 0;
        self.for_each(&mut |piece| len = len.saturating_add(piece.len()));
        len
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The octets in one piece, copied only when they came in segments.
    #[must_use]
    pub fn to_cow(&self) -> Cow<'a, [u8]> {
        match self.as_slice() {
            Some(slice) => Cow::Borrowed(slice),
            None => Cow::Owned(self.to_vec()),
        }
    }

    /// An owned copy.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        if let Some(slice) = self.as_slice() {
            return slice.to_vec();
        }
        let mut octets = Vec::new();
        self.for_each(&mut |piece| octets.extend_from_slice(piece));
        octets
    }

    /// Calls `f` with each piece in order.
    fn for_each(&self, f: &mut dyn FnMut(&'a [u8])) {
        if self.segmented {
            walk(self.content, f)
        } else {
            f(self.content)
        }
    }
}

/// Two strings are equal when their octets are, however they came.
impl PartialEq for Octets<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.to_cow() == other.to_cow()
    }
}

impl Eq for Octets<'_> {}

fn check_segments(tlv: &Tlv<'_>) -> Result<(), WireError> {
    let mut reader = tlv.reader()?;
    while let Some(segment) = reader.next()? {
        if segment.tag() != Tag::OCTET_STRING {
            let kind = ErrorKind::UnexpectedTag {
                expected: Tag::OCTET_STRING,
                found: segment.tag(),
            };
            return Err(segment.error(kind));
        }
        if segment.is_constructed() {
            check_segments(&segment)?;
        }
    }
    Ok(())
}

/// Visits the pieces of segments that [`check_segments`] has accepted, so depth is bounded.
fn walk<'a>(content: &'a [u8], f: &mut dyn FnMut(&'a [u8])) {
    let mut reader = Reader::new(Layer::Mms, content);
    while let Ok(Some(segment)) = reader.next() {
        if segment.is_constructed() {
            walk(segment.content(), f)
        } else {
            f(segment.content())
        }
    }
}

/// A character string.
///
/// VisibleString and MMSString are meant to be ASCII and UTF-8. What is neither is read as
/// ISO 8859-1, octet by octet, so that one bad string does not hide the rest of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a>(pub(super) Octets<'a>);

impl<'a> Text<'a> {
    #[inline]
    pub(crate) const fn plain(content: &'a [u8]) -> Self {
        Self(Octets::plain(content))
    }

    /// The text, if it is valid UTF-8 in one piece.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> Option<&'a str> {
        self.0
            .as_slice()
            .and_then(|octets| core::str::from_utf8(octets).ok())
    }

    /// The text, copied only when it must be.
    #[must_use]
    pub fn to_cow(&self) -> Cow<'a, str> {
        match self.as_str() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.to_owned_slow()),
        }
    }

    /// The octets.
    #[must_use]
    pub const fn octets(&self) -> Octets<'a> {
        self.0
    }

    #[cold]
    fn to_owned_slow(self) -> String {
        match String::from_utf8(self.0.to_vec()) {
            Ok(text) => text,
            Err(error) => error.into_bytes().into_iter().map(char::from).collect(),
        }
    }

    /// True when every octet is in the repertoire of VisibleString.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        self.0
            .to_cow()
            .iter()
            .all(|octet| matches!(octet, 0x20..=0x7e))
    }

    /// True when it is valid UTF-8.
    #[must_use]
    pub fn is_utf8(&self) -> bool {
        core::str::from_utf8(&self.0.to_cow()).is_ok()
    }
}

impl From<Text<'_>> for String {
    #[inline]
    fn from(text: Text<'_>) -> Self {
        match text.as_str() {
            Some(text) => text.to_owned(),
            None => text.to_owned_slow(),
        }
    }
}

impl core::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.to_cow())
    }
}
