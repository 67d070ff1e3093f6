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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Layer;
    use crate::observe::Observations;

    fn tlv<'a>(bytes: &'a [u8], sink: &'a Observations) -> Tlv<'a> {
        Reader::new(Layer::Mms, bytes)
            .observed(sink)
            .next()
            .unwrap()
            .unwrap()
    }

    fn seen(sink: &Observations) -> Vec<ObservationKind> {
        sink.to_vec()
            .into_iter()
            .map(|observation| observation.kind)
            .collect()
    }

    #[test]
    fn reads_integers_of_every_width() {
        use ObservationKind::NonMinimalInteger;
        for (content, expected, odd) in [
            (&[0x00][..], Some(0), &[][..]),
            (&[0x7f], Some(127), &[]),
            (&[0x80], Some(-128), &[]),
            (&[0xff], Some(-1), &[]),
            (&[0x00, 0x80], Some(128), &[]),
            (&[0xff, 0x7f], Some(-129), &[]),
            (&[0x80, 0, 0, 0, 0, 0, 0, 0], Some(i64::MIN), &[]),
            (
                &[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                Some(i64::MAX),
                &[],
            ),
            (&[0x00, 0x80, 0, 0, 0, 0, 0, 0, 0], None, &[]),
            (&[0x00, 0x01], Some(1), &[NonMinimalInteger]),
            (&[0x00, 0x00, 0x80], Some(128), &[NonMinimalInteger]),
            (&[0xff, 0xff], Some(-1), &[NonMinimalInteger]),
            (&[0xff, 0x80], Some(-128), &[NonMinimalInteger]),
            (
                &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5],
                Some(5),
                &[NonMinimalInteger],
            ),
        ] {
            let len = u8::try_from(content.len()).unwrap();
            let bytes = [&[0x02, len], content].concat();
            let sink = Observations::new();
            assert_eq!(tlv(&bytes, &sink).integer(), Ok(expected), "{content:02x?}");
            assert_eq!(seen(&sink), odd, "{content:02x?}");
        }
    }

    #[test]
    fn reads_magnitudes_also_without_their_leading_zero() {
        use ObservationKind::{NegativeUnsigned, NonMinimalInteger};
        for (content, expected, odd) in [
            (&[0x00][..], Some(0), &[][..]),
            (&[0x7f], Some(127), &[]),
            (&[0x00, 0xff], Some(255), &[]),
            (
                &[0x00, 0xff, 0xff, 0xff, 0xff],
                Some(u64::from(u32::MAX)),
                &[],
            ),
            (
                &[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                Some(u64::MAX),
                &[],
            ),
            (&[1, 0, 0, 0, 0, 0, 0, 0, 0], None, &[]),
            (&[0x80], Some(128), &[NegativeUnsigned]),
            (&[0xff], Some(255), &[NegativeUnsigned]),
            (&[0x80, 0x00], Some(0x8000), &[NegativeUnsigned]),
            (
                &[0xff, 0xff],
                Some(0xffff),
                &[NonMinimalInteger, NegativeUnsigned],
            ),
            (&[0x00, 0x00, 0x01], Some(1), &[NonMinimalInteger]),
            (&[0x00, 0x00, 0x80], Some(128), &[NonMinimalInteger]),
        ] {
            let len = u8::try_from(content.len()).unwrap();
            let bytes = [&[0x02, len], content].concat();
            let sink = Observations::new();
            assert_eq!(
                tlv(&bytes, &sink).magnitude(),
                Ok(expected),
                "{content:02x?}"
            );
            assert_eq!(seen(&sink), odd, "{content:02x?}");
            assert_eq!(tlv(&bytes, &sink).u64().ok(), expected, "{content:02x?}");
        }
    }

    #[test]
    fn refuses_contents_that_the_type_does_not_have() {
        use ErrorKind as K;
        let sink = Observations::new();
        type Read = fn(&Tlv<'_>) -> Option<WireError>;
        let boolean: Read = |tlv| tlv.boolean().err();
        let integer: Read = |tlv| tlv.integer().err();
        let magnitude: Read = |tlv| tlv.magnitude().err();
        let null: Read = |tlv| tlv.null().err();
        let bits: Read = |tlv| tlv.bits().err();
        let oid: Read = |tlv| tlv.oid().err();
        let octets: Read = |tlv| tlv.octets().err();
        let reader: Read = |tlv| tlv.reader().err();
        let u8: Read = |tlv| tlv.u8().err();
        let i32: Read = |tlv| tlv.i32().err();
        let octet_string = Tag::OCTET_STRING;
        for (bytes, read, kind, offset) in [
            (&[0x80, 0][..], boolean, K::InvalidSize { found: 0 }, 2),
            (&[0x80, 2, 0, 0], boolean, K::InvalidSize { found: 2 }, 2),
            (&[0xa0, 1, 0], boolean, K::NotPrimitive, 0),
            (&[0x80, 0], integer, K::InvalidSize { found: 0 }, 2),
            (&[0xa0, 1, 0], integer, K::NotPrimitive, 0),
            (&[0x80, 0], magnitude, K::InvalidSize { found: 0 }, 2),
            (&[0x80, 2, 1, 0], u8, K::IntegerRange, 2),
            (&[0x80, 5, 0, 0x80, 0, 0, 0], i32, K::IntegerRange, 2),
            (&[0x80, 1, 0], null, K::InvalidSize { found: 1 }, 2),
            (&[0xa0, 0], null, K::NotPrimitive, 0),
            (&[0x80, 0], bits, K::InvalidBitString, 2),
            (&[0x80, 1, 1], bits, K::InvalidBitString, 2),
            (&[0x80, 2, 8, 0], bits, K::InvalidBitString, 2),
            (&[0x80, 0], oid, K::InvalidOid, 2),
            (&[0x80, 1, 0x80], oid, K::InvalidOid, 2),
            (&[0x80, 2, 0x80, 1], oid, K::InvalidOid, 2),
            (&[0x80, 2, 1, 0x81], oid, K::InvalidOid, 2),
            (&[0x80, 0], reader, K::NotConstructed, 0),
            (
                &[0xa0, 3, 0x80, 1, 0],
                octets,
                K::UnexpectedTag {
                    expected: octet_string,
                    found: Tag::context(0),
                },
                2,
            ),
            (
                &[0xa0, 2, 0x04, 1],
                octets,
                K::Truncated {
                    needed: 1,
                    available: 0,
                },
                4,
            ),
            // A segment follows one that has unused bits.
            (
                &[0xa0, 8, 3, 2, 1, 0, 3, 2, 0, 0],
                bits,
                K::InvalidBitString,
                6,
            ),
        ] {
            let error = read(&tlv(bytes, &sink)).unwrap();
            assert_eq!((error.kind, error.offset), (kind, offset), "{bytes:02x?}");
        }
    }

    #[test]
    fn observes_odd_contents() {
        use ObservationKind as O;
        type Read = fn(&Tlv<'_>);
        let boolean: Read = |tlv| assert!(tlv.boolean().unwrap());
        let bits: Read = |tlv| assert_eq!(tlv.bits().unwrap().len(), 6);
        let visible: Read = |tlv| assert!(!tlv.visible().unwrap().to_cow().is_empty());
        let utf8: Read = |tlv| assert!(!tlv.utf8().unwrap().to_cow().is_empty());
        for (bytes, read, kind) in [
            (&[0x80, 1, 1][..], boolean, O::BooleanNotFf),
            (&[0x80, 2, 2, 0x01], bits, O::UnusedBitsSet),
            (&[0x80, 1, 0x1f], visible, O::NotVisible),
            (&[0x80, 1, 0xe4], visible, O::NotVisible),
            (&[0x80, 1, 0xe4], utf8, O::InvalidUtf8),
            (&[0xa0, 3, 4, 1, 0x41], visible, O::SegmentedString),
        ] {
            let sink = Observations::new();
            read(&tlv(bytes, &sink));
            assert_eq!(seen(&sink), [kind], "{bytes:02x?}");
        }
        let sink = Observations::new();
        for (bytes, read) in [
            (&[0x80, 1, 0xff][..], boolean),
            (&[0x80, 2, 2, 0x04], bits),
            (&[0x80, 1, 0x20], visible),
            (&[0x80, 1, 0x7e], visible),
            (&[0x80, 2, 0xc3, 0xa4], utf8),
        ] {
            read(&tlv(bytes, &sink));
        }
        assert_eq!(seen(&sink), [], "of what is not odd");
    }

    #[test]
    fn reads_text_that_is_not_utf8_as_latin() {
        let sink = Observations::new();
        let text = tlv(&[0x80, 2, b'K', 0xf6], &sink).visible().unwrap();
        assert_eq!(
            (text.as_str(), text.to_string().as_str()),
            (None, "K\u{f6}")
        );
        let text = tlv(&[0xa0, 6, 4, 1, b'K', 4, 1, 0xf6], &sink)
            .utf8()
            .unwrap();
        assert_eq!(String::from(text), "K\u{f6}");
    }
}
