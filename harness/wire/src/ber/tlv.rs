//! One element and the primitive types it may hold.

use crate::ber::reader::Context;
use crate::ber::{BitStr, Octets, Oid, RawTlv, Reader, Tag, Text};
use crate::error::{ErrorKind, WireError};
use crate::observe::ObservationKind;

/// One element: tag, length and contents, borrowed from the input.
#[derive(Clone, Copy, Debug)]
pub struct Tlv<'a> {
    pub(super) tag: Tag,
    pub(super) constructed: bool,
    pub(super) raw: &'a [u8],
    pub(super) content: &'a [u8],
    pub(super) offset: usize,
    pub(super) content_offset: usize,
    pub(super) context: Context<'a>,
}

impl<'a> Tlv<'a> {
    /// The tag.
    #[must_use]
    #[inline]
    pub const fn tag(&self) -> Tag {
        self.tag
    }

    /// True in constructed form.
    #[must_use]
    #[inline]
    pub const fn is_constructed(&self) -> bool {
        self.constructed
    }

    /// The contents octets; without the end-of-contents octets of an indefinite length.
    #[must_use]
    #[inline]
    pub const fn content(&self) -> &'a [u8] {
        self.content
    }

    /// All octets, from the identifier to the end of contents.
    #[must_use]
    #[inline]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Absolute offset of the identifier.
    #[must_use]
    #[inline]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Absolute offset of the contents.
    #[must_use]
    #[inline]
    pub const fn content_offset(&self) -> usize {
        self.content_offset
    }

    /// An error of the reader's layer at this element.
    #[must_use]
    pub const fn error(&self, kind: ErrorKind) -> WireError {
        self.context.error(kind, self.offset)
    }

    /// An error of the reader's layer at the contents of this element.
    #[must_use]
    pub const fn content_error(&self, kind: ErrorKind) -> WireError {
        self.context.error(kind, self.content_offset)
    }

    /// Tells the sink, if there is one, of an oddity at this element.
    pub fn observe(&self, kind: ObservationKind) {
        self.context.observe(kind, self.offset);
    }

    /// An owned copy.
    #[must_use]
    pub fn to_raw(&self) -> RawTlv {
        RawTlv {
            tag: self.tag,
            constructed: self.constructed,
            content: self.content.to_vec(),
        }
    }

    /// A reader of the elements inside.
    ///
    /// # Errors
    /// [`ErrorKind::NotConstructed`] in primitive form, [`ErrorKind::DepthExceeded`] when this
    /// is one level too deep.
    #[inline]
    pub fn reader(&self) -> Result<Reader<'a>, WireError> {
        if !self.constructed {
            return Err(self.error(ErrorKind::NotConstructed));
        }
        let Some(depth) = self.context.depth.checked_sub(1) else {
            return Err(self.error(ErrorKind::DepthExceeded));
        };
        let context = Context {
            depth,
            ..self.context
        };
        Ok(Reader::in_context(
            self.content,
            self.content_offset,
            context,
        ))
    }

    /// The one element inside, as of an explicit tag or a tagged CHOICE.
    ///
    /// # Errors
    /// As [`reader`](Self::reader); [`ErrorKind::NoAlternative`] of `choice` when there is none;
    /// [`ErrorKind::TrailingData`] when there are more.
    #[inline]
    pub fn inner(&self, choice: &'static str) -> Result<Tlv<'a>, WireError> {
        let mut reader = self.reader()?;
        let tlv = reader.any(choice)?;
        reader.finish()?;
        Ok(tlv)
    }

    /// The contents, which must be in primitive form.
    ///
    /// # Errors
    /// [`ErrorKind::NotPrimitive`] in constructed form.
    #[inline]
    pub fn primitive(&self) -> Result<&'a [u8], WireError> {
        if self.constructed {
            Err(self.error(ErrorKind::NotPrimitive))
        } else {
            Ok(self.content)
        }
    }

    /// Contents of a NULL (X.690, 8.8).
    ///
    /// # Errors
    /// When constructed or not empty.
    #[inline]
    pub fn null(&self) -> Result<(), WireError> {
        match self.primitive()? {
            [] => Ok(()),
            more => Err(self.content_error(ErrorKind::InvalidSize { found: more.len() })),
        }
    }

    /// Contents of a BOOLEAN (X.690, 8.2). Any octet but zero is true.
    ///
    /// # Errors
    /// When constructed or not one octet.
    #[inline]
    pub fn boolean(&self) -> Result<bool, WireError> {
        match self.primitive()? {
            [0] => Ok(false),
            [0xff] => Ok(true),
            [_] => {
                self.context
                    .observe(ObservationKind::BooleanNotFf, self.content_offset);
                Ok(true)
            }
            other => Err(self.content_error(ErrorKind::InvalidSize { found: other.len() })),
        }
    }

    /// Contents of an INTEGER (X.690, 8.3); `None` when it does not fit 64 bits.
    ///
    /// Redundant leading octets are accepted and observed.
    ///
    /// # Errors
    /// When constructed or empty.
    #[inline]
    pub fn integer(&self) -> Result<Option<i64>, WireError> {
        let content = self.primitive()?;
        match content {
            [octet] => Ok(Some(i64::from(octet.cast_signed()))),
            [] => Err(self.content_error(ErrorKind::InvalidSize { found: 0 })),
            _ => {
                let content = self.without_redundant_octets(content);
                let negative = content.first().is_some_and(|first| first & 0x80 != 0);
                let mut octets = if negative { [0xff; 8] } else { [0; 8] };
                let Some(start) = octets.len().checked_sub(content.len()) else {
                    return Ok(None);
                };
                if let Some(low) = octets.get_mut(start..) {
                    low.copy_from_slice(content);
                }
                Ok(Some(i64::from_be_bytes(octets)))
            }
        }
    }

    /// Contents of an INTEGER that is never negative; `None` when it does not fit 64 bits.
    ///
    /// Senders forget the leading zero octet that keeps a set highest bit from meaning a
    /// negative number. Such contents are read as the magnitude they show, and observed.
    ///
    /// # Errors
    /// When constructed or empty.
    #[inline]
    pub fn magnitude(&self) -> Result<Option<u64>, WireError> {
        let content = self.primitive()?;
        let magnitude = match content {
            [octet] if octet & 0x80 == 0 => return Ok(Some(u64::from(*octet))),
            [] => return Err(self.content_error(ErrorKind::InvalidSize { found: 0 })),
            _ => match self.without_redundant_octets(content) {
                [0, rest @ ..] if !rest.is_empty() => rest,
                rest => {
                    if rest.first().is_some_and(|first| first & 0x80 != 0) {
                        self.context
                            .observe(ObservationKind::NegativeUnsigned, self.content_offset);
                        content
                    } else {
                        rest
                    }
                }
            },
        };
        let mut octets = [0; 8];
        let Some(start) = octets.len().checked_sub(magnitude.len()) else {
            return Ok(None);
        };
        if let Some(low) = octets.get_mut(start..) {
            low.copy_from_slice(magnitude);
        }
        Ok(Some(u64::from_be_bytes(octets)))
    }

    /// Cuts leading octets that only repeat the sign.
    fn without_redundant_octets(&self, mut content: &'a [u8]) -> &'a [u8] {
        let whole = content.len();
        while let [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] = content {
            content = content.get(1..).unwrap_or_default();
        }
        if content.len() != whole {
            self.context
                .observe(ObservationKind::NonMinimalInteger, self.content_offset);
        }
        content
    }

    fn ranged<T, U: TryFrom<T>>(&self, value: Option<T>) -> Result<U, WireError> {
        value
            .and_then(|value| U::try_from(value).ok())
            .ok_or_else(|| self.content_error(ErrorKind::IntegerRange))
    }

    /// An INTEGER of 64 bits.
    ///
    /// # Errors
    /// As [`integer`](Self::integer); [`ErrorKind::IntegerRange`].
    pub fn i64(&self) -> Result<i64, WireError> {
        self.ranged::<i64, i64>(self.integer()?)
    }

    /// An INTEGER of 32 bits (Integer32).
    ///
    /// # Errors
    /// As [`integer`](Self::integer); [`ErrorKind::IntegerRange`].
    pub fn i32(&self) -> Result<i32, WireError> {
        self.ranged(self.integer()?)
    }

    /// A non-negative INTEGER of 64 bits.
    ///
    /// # Errors
    /// As [`magnitude`](Self::magnitude); [`ErrorKind::IntegerRange`].
    pub fn u64(&self) -> Result<u64, WireError> {
        self.ranged::<u64, u64>(self.magnitude()?)
    }

    /// A non-negative INTEGER of 32 bits (Unsigned32).
    ///
    /// # Errors
    /// As [`magnitude`](Self::magnitude); [`ErrorKind::IntegerRange`].
    pub fn u32(&self) -> Result<u32, WireError> {
        self.ranged(self.magnitude()?)
    }

    /// A non-negative INTEGER of 8 bits (Unsigned8).
    ///
    /// # Errors
    /// As [`magnitude`](Self::magnitude); [`ErrorKind::IntegerRange`].
    pub fn u8(&self) -> Result<u8, WireError> {
        self.ranged(self.magnitude()?)
    }

    /// Contents of an OCTET STRING, in one piece or in segments (X.690, 8.7).
    ///
    /// # Errors
    /// When a segment is invalid.
    #[inline]
    pub fn octets(&self) -> Result<Octets<'a>, WireError> {
        if self.constructed {
            Octets::segmented(self)
        } else {
            Ok(Octets::plain(self.content))
        }
    }

    /// Contents of a BIT STRING, in one piece or in segments (X.690, 8.6).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidBitString`]; or when a segment is invalid.
    #[inline]
    pub fn bits(&self) -> Result<BitStr<'a>, WireError> {
        if self.constructed {
            BitStr::segmented(self)
        } else {
            BitStr::plain(self)
        }
    }

    /// Contents of a VisibleString or GraphicString (X.690, 8.23).
    ///
    /// Octets outside the repertoire are accepted and observed.
    ///
    /// # Errors
    /// When a segment is invalid.
    #[inline]
    pub fn visible(&self) -> Result<Text<'a>, WireError> {
        let text = Text(self.octets()?);
        if self.context.sink.is_some() && !text.is_visible() {
            self.context
                .observe(ObservationKind::NotVisible, self.content_offset);
        }
        Ok(text)
    }

    /// Contents of a UTF8String (X.690, 8.23).
    ///
    /// Octets that are not UTF-8 are accepted and observed.
    ///
    /// # Errors
    /// When a segment is invalid.
    #[inline]
    pub fn utf8(&self) -> Result<Text<'a>, WireError> {
        let text = Text(self.octets()?);
        if self.context.sink.is_some() && !text.is_utf8() {
            self.context
                .observe(ObservationKind::InvalidUtf8, self.content_offset);
        }
        Ok(text)
    }

    /// Contents of an OBJECT IDENTIFIER (X.690, 8.19).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOid`]; or when constructed.
    pub fn oid(&self) -> Result<Oid, WireError> {
        self.valid_oid().map(Oid::from_valid)
    }

    /// Contents octets of an OBJECT IDENTIFIER, checked.
    pub(crate) fn valid_oid(&self) -> Result<&'a [u8], WireError> {
        let content = self.primitive()?;
        if super::oid::is_valid(content) {
            Ok(content)
        } else {
            Err(self.content_error(ErrorKind::InvalidOid))
        }
    }
}
