//! A cursor over the elements of a slice.

use crate::ber::header::{Header, Identifier, Plain, end_of_contents};
use crate::ber::{Tag, Tlv};
use crate::error::{ErrorKind, Layer, WireError};
use crate::observe::{Observation, ObservationKind, Observations};

/// Bounds that a reader keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many constructed elements may nest; bounds the recursion of every decoder.
    pub depth: u16,
    /// The largest input in octets.
    pub size: usize,
}

impl Limits {
    /// 96 levels, which holds a TypeSpecification nested 20 deep, and 16 MiB.
    pub const DEFAULT: Self = Self {
        depth: 96,
        size: 16 << 20,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What a reader and everything made from it share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) sink: Option<&'a Observations>,
    pub(super) layer: Layer,
    /// Constructed elements that may still be entered.
    pub(super) depth: u16,
}

impl Context<'_> {
    pub(super) fn observe(self, kind: ObservationKind, offset: usize) {
        if let Some(sink) = self.sink {
            sink.push(Observation {
                layer: self.layer,
                kind,
                offset,
            });
        }
    }

    #[cold]
    pub(super) const fn error(self, kind: ErrorKind, offset: usize) -> WireError {
        WireError::new(self.layer, kind, offset)
    }
}

/// A cursor over the elements of a slice.
///
/// It is `Copy`: a copy is a bookmark. Each element is consumed by [`next`](Self::next),
/// [`expect`](Self::expect) or [`optional`](Self::optional); a structure that is complete is
/// closed with [`finish`](Self::finish), which rejects leftovers.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    input: &'a [u8],
    offset: usize,
    context: Context<'a>,
}

impl<'a> Reader<'a> {
    /// A reader of `input` on behalf of `layer`, with [`Limits::DEFAULT`] and no sink.
    #[must_use]
    pub const fn new(layer: Layer, input: &'a [u8]) -> Self {
        let context = Context {
            sink: None,
            layer,
            depth: Limits::DEFAULT.depth,
        };
        Self {
            input,
            offset: 0,
            context,
        }
    }

    /// A reader with other bounds.
    ///
    /// # Errors
    /// [`ErrorKind::SizeExceeded`] when `input` is larger than the limit.
    pub const fn with_limits(
        layer: Layer,
        input: &'a [u8],
        limits: Limits,
    ) -> Result<Self, WireError> {
        if input.len() > limits.size {
            return Err(WireError::new(
                layer,
                ErrorKind::SizeExceeded { limit: limits.size },
                0,
            ));
        }
        let context = Context {
            sink: None,
            layer,
            depth: limits.depth,
        };
        Ok(Self {
            input,
            offset: 0,
            context,
        })
    }

    /// The same reader, telling oddities to `sink`.
    #[must_use]
    pub const fn observed(mut self, sink: &'a Observations) -> Self {
        self.context.sink = Some(sink);
        self
    }

    /// The same reader, whose first octet is at `offset` of some larger input.
    #[must_use]
    pub const fn at_offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// The same reader, on behalf of another layer.
    #[must_use]
    pub const fn for_layer(mut self, layer: Layer) -> Self {
        self.context.layer = layer;
        self
    }

    pub(super) const fn in_context(input: &'a [u8], offset: usize, context: Context<'a>) -> Self {
        Self {
            input,
            offset,
            context,
        }
    }

    /// True when all is consumed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.input.is_empty()
    }

    /// Absolute offset of the next octet.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// What is not consumed yet.
    #[must_use]
    pub const fn remaining(&self) -> &'a [u8] {
        self.input
    }

    /// The layer on whose behalf this reads.
    #[must_use]
    pub const fn layer(&self) -> Layer {
        self.context.layer
    }

    /// An error of this reader's layer at the next octet.
    #[must_use]
    pub const fn error(&self, kind: ErrorKind) -> WireError {
        self.context.error(kind, self.offset)
    }

    /// The next element, consumed; `None` at the end.
    ///
    /// # Errors
    /// When identifier or length octets are invalid, or the element is truncated.
    #[inline]
    #[expect(
        clippy::should_implement_trait,
        reason = "fallible, as std's iterators are not"
    )]
    pub fn next(&mut self) -> Result<Option<Tlv<'a>>, WireError> {
        if self.input.is_empty() {
            return Ok(None);
        }
        // Lengths that are longer than they need be are of interest only to a sink.
        if let Some(plain) = Plain::first_of(self.input)
            && (plain.header == 2 || self.context.sink.is_none())
        {
            let octets = plain.header.wrapping_add(plain.content.len());
            let tlv = Tlv {
                tag: Tag::from_low_identifier(plain.identifier),
                constructed: plain.identifier & 0x20 != 0,
                raw: self.input.get(..octets).unwrap_or_default(),
                content: plain.content,
                offset: self.offset,
                content_offset: self.offset.wrapping_add(plain.header),
                context: self.context,
            };
            self.offset = self.offset.wrapping_add(octets);
            self.input = plain.rest;
            return Ok(Some(tlv));
        }
        self.next_slow().map(Some)
    }

    /// True when nobody wants to know of oddities.
    #[inline]
    pub(crate) const fn is_unobserved(&self) -> bool {
        self.context.sink.is_none()
    }

    /// The next element, if it is [`Plain`]. It stays; [`skip_plain`](Self::skip_plain) consumes it.
    #[inline]
    pub(crate) fn peek_plain(&self) -> Option<Plain<'a>> {
        Plain::first_of(self.input)
    }

    /// Consumes what [`peek_plain`](Self::peek_plain) found.
    #[inline]
    pub(crate) fn skip_plain(&mut self, plain: &Plain<'a>) {
        self.input = plain.rest;
        self.offset = self
            .offset
            .wrapping_add(plain.header)
            .wrapping_add(plain.content.len());
    }

    /// A reader of the contents of what [`peek_plain`](Self::peek_plain) found, one level deeper;
    /// `None` when that is too deep.
    #[inline]
    pub(crate) fn enter_plain(&self, plain: &Plain<'a>) -> Option<Self> {
        let context = Context {
            depth: self.context.depth.checked_sub(1)?,
            ..self.context
        };
        let offset = self.offset.wrapping_add(plain.header);
        Some(Self {
            input: plain.content,
            offset,
            context,
        })
    }

    #[cold]
    fn next_slow(&mut self) -> Result<Tlv<'a>, WireError> {
        let header = Header::read(self.input, self.offset, self.context)?;
        let body = self.input.get(header.octets..).unwrap_or_default();
        let content_offset = self.offset.saturating_add(header.octets);
        let (length, trailer) = match header.length {
            Some(length) => (length, 0),
            None => {
                self.context
                    .observe(ObservationKind::IndefiniteLength, self.offset);
                (end_of_contents(body, content_offset, self.context)?, 2)
            }
        };
        let Some(content) = body.get(..length) else {
            let kind = ErrorKind::Truncated {
                needed: length,
                available: body.len(),
            };
            return Err(self.context.error(kind, content_offset));
        };
        let octets = header.octets.saturating_add(length).saturating_add(trailer);
        let (raw, rest) = self
            .input
            .split_at_checked(octets)
            .unwrap_or((self.input, &[]));
        let tlv = Tlv {
            tag: header.tag,
            constructed: header.constructed,
            raw,
            content,
            offset: self.offset,
            content_offset,
            context: self.context,
        };
        self.offset = self.offset.saturating_add(octets);
        self.input = rest;
        Ok(tlv)
    }

    /// The next element of an input that was cut: what is there of its contents. For showing only.
    ///
    /// # Errors
    /// When identifier or length octets are invalid or cut.
    pub(crate) fn next_cut(&mut self) -> Result<Tlv<'a>, WireError> {
        let header = Header::read(self.input, self.offset, self.context)?;
        let content = self.input.get(header.octets..).unwrap_or_default();
        let content = match header.length {
            Some(length) => content.get(..length).unwrap_or(content),
            None => content,
        };
        let octets = header.octets.saturating_add(content.len());
        let (raw, rest) = self
            .input
            .split_at_checked(octets)
            .unwrap_or((self.input, &[]));
        let tlv = Tlv {
            tag: header.tag,
            constructed: header.constructed,
            raw,
            content,
            offset: self.offset,
            content_offset: self.offset.saturating_add(header.octets),
            context: self.context,
        };
        self.offset = self.offset.saturating_add(octets);
        self.input = rest;
        Ok(tlv)
    }

    /// The tag of the next element, which stays; `None` at the end.
    ///
    /// # Errors
    /// When the identifier octets are invalid.
    #[inline]
    pub fn peek_tag(&self) -> Result<Option<Tag>, WireError> {
        match self.input.first() {
            None => Ok(None),
            Some(identifier) if identifier & 0x1f != 0x1f => {
                Ok(Some(Tag::from_low_identifier(*identifier)))
            }
            Some(_) => {
                let silent = Context {
                    sink: None,
                    ..self.context
                };
                let identifier = Identifier::read(self.input, self.offset, silent)?;
                Ok(Some(identifier.tag))
            }
        }
    }

    /// The next element whatever it is.
    ///
    /// # Errors
    /// As [`next`](Self::next), and [`ErrorKind::NoAlternative`] of `choice` at the end.
    #[inline]
    pub fn any(&mut self, choice: &'static str) -> Result<Tlv<'a>, WireError> {
        match self.next()? {
            Some(tlv) => Ok(tlv),
            None => Err(self.error(ErrorKind::NoAlternative { choice })),
        }
    }

    /// The next element, which must carry `tag`.
    ///
    /// # Errors
    /// As [`next`](Self::next), [`ErrorKind::Missing`] at the end,
    /// [`ErrorKind::UnexpectedTag`] when it carries another.
    #[inline]
    pub fn expect(&mut self, tag: Tag) -> Result<Tlv<'a>, WireError> {
        match self.next()? {
            Some(tlv) if tlv.tag == tag => Ok(tlv),
            Some(tlv) => {
                let kind = ErrorKind::UnexpectedTag {
                    expected: tag,
                    found: tlv.tag,
                };
                Err(self.context.error(kind, tlv.offset))
            }
            None => Err(self.error(ErrorKind::Missing { expected: tag })),
        }
    }

    /// The next element if it carries `tag`; otherwise nothing is consumed.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    #[inline]
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Tlv<'a>>, WireError> {
        if self.peek_tag()? == Some(tag) {
            self.next()
        } else {
            Ok(None)
        }
    }

    /// Closes the structure.
    ///
    /// # Errors
    /// [`ErrorKind::TrailingData`] when something is left.
    #[inline]
    pub const fn finish(&self) -> Result<(), WireError> {
        if self.input.is_empty() {
            Ok(())
        } else {
            Err(self.error(ErrorKind::TrailingData {
                octets: self.input.len(),
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        text.split_whitespace()
            .map(|octet| u8::from_str_radix(octet, 16).unwrap())
            .collect()
    }

    #[test]
    fn reads_every_form_of_tag_and_length() {
        for (bytes, tag, content) in [
            ("05 00", Tag::NULL, ""),
            ("80 01 aa", Tag::context(0), "aa"),
            ("9e 01 aa", Tag::context(30), "aa"),
            ("9f 1f 01 aa", Tag::context(31), "aa"),
            ("bf 48 00", Tag::context(72), ""),
            ("bf 81 00 01 aa", Tag::context(128), "aa"),
            ("5f 87 ff ff 7f 00", Tag::application(0xff_ffff), ""),
            (
                "df 83 ff ff ff 7f 00",
                Tag::new(crate::ber::Class::Private, Tag::MAX_NUMBER),
                "",
            ),
            ("61 81 01 aa", Tag::application(1), "aa"),
            ("30 82 00 01 aa", Tag::SEQUENCE, "aa"),
            (
                "30 8a 00 00 00 00 00 00 00 00 00 01 aa",
                Tag::SEQUENCE,
                "aa",
            ),
            ("30 80 aa 01 bb 00 00", Tag::SEQUENCE, "aa 01 bb"),
            ("30 80 00 00", Tag::SEQUENCE, ""),
            (
                "30 80 30 80 05 00 00 00 05 00 00 00",
                Tag::SEQUENCE,
                "30 80 05 00 00 00 05 00",
            ),
        ] {
            let bytes = hex(bytes);
            let mut r = Reader::new(Layer::Mms, &bytes);
            let tlv = r.expect(tag).unwrap();
            assert_eq!(tlv.content(), hex(content), "{bytes:02x?}");
            assert_eq!(tlv.raw(), bytes, "{bytes:02x?}");
            assert_eq!(r.offset(), bytes.len());
            r.finish().unwrap();
            assert!(r.next().unwrap().is_none());
        }
    }

    #[test]
    fn refuses_what_is_not_ber() {
        use ErrorKind as K;
        for (bytes, kind, offset) in [
            (
                "9f",
                K::Truncated {
                    needed: 1,
                    available: 0,
                },
                1,
            ),
            ("9f 80 01 00", K::InvalidTag, 0),
            ("9f 84 80 80 80 00 00", K::InvalidTag, 0),
            ("9f ff ff ff ff ff", K::InvalidTag, 0),
            (
                "9f 81",
                K::Truncated {
                    needed: 1,
                    available: 0,
                },
                2,
            ),
            (
                "80",
                K::Truncated {
                    needed: 1,
                    available: 0,
                },
                1,
            ),
            (
                "80 01",
                K::Truncated {
                    needed: 1,
                    available: 0,
                },
                2,
            ),
            (
                "80 81",
                K::Truncated {
                    needed: 1,
                    available: 0,
                },
                2,
            ),
            (
                "80 82 01",
                K::Truncated {
                    needed: 2,
                    available: 1,
                },
                2,
            ),
            (
                "80 84 7f ff ff ff 00",
                K::Truncated {
                    needed: 0x7fff_ffff,
                    available: 1,
                },
                6,
            ),
            ("80 89 01 00 00 00 00 00 00 00 00", K::InvalidLength, 1),
            ("80 ff", K::InvalidLength, 1),
            ("80 80 00 00", K::IndefinitePrimitive, 1),
            ("a0 80", K::NoEndOfContents, 2),
            (
                "a0 80 00",
                K::Truncated {
                    needed: 1,
                    available: 0,
                },
                3,
            ),
            ("a0 80 05 00", K::NoEndOfContents, 4),
            ("a0 80 a0 80 00 00", K::NoEndOfContents, 6),
            ("a0 80 00 01 00 00 00", K::InvalidTag, 2),
            (
                "a0 80 04 05 00 00",
                K::Truncated {
                    needed: 5,
                    available: 2,
                },
                4,
            ),
        ] {
            let bytes = hex(bytes);
            let error = Reader::new(Layer::Acse, &bytes).next().unwrap_err();
            assert_eq!(
                error,
                WireError::new(Layer::Acse, kind, offset),
                "{bytes:02x?}"
            );
        }
    }

    #[test]
    fn tells_what_it_expected() {
        let mut r = Reader::new(Layer::Mms, &[0x80, 0x00]).at_offset(100);
        let found = Tag::context(0);
        let expected = Tag::context(1);
        let error = r.expect(expected).unwrap_err();
        assert_eq!(error.kind, ErrorKind::UnexpectedTag { expected, found });
        assert_eq!(
            error.to_string(),
            "MMS: expected [1], found [0] at octet 100"
        );
        let error = r.expect(expected).unwrap_err();
        assert_eq!(error.to_string(), "MMS: [1] is missing at octet 102");
        assert!(r.optional(found).unwrap().is_none());
    }

    #[test]
    fn keeps_offsets_through_nesting() {
        let bytes = hex("30 08 a0 06 05 00 a1 80 00 00");
        let mut r = Reader::new(Layer::Mms, &bytes);
        let mut inner = r
            .expect(Tag::SEQUENCE)
            .unwrap()
            .inner("x")
            .unwrap()
            .reader()
            .unwrap();
        assert_eq!(inner.expect(Tag::NULL).unwrap().offset(), 4);
        let last = inner.expect(Tag::context(1)).unwrap();
        assert_eq!((last.offset(), last.content_offset()), (6, 8));
        assert!(last.reader().unwrap().is_empty());
        inner.finish().unwrap();
        r.finish().unwrap();
    }

    #[test]
    fn observes_what_is_odd() {
        use ObservationKind as O;
        for (bytes, kind, offset) in [
            ("80 81 01 aa", O::LongFormLength, 1),
            ("80 82 00 81", O::LongFormLength, 1),
            ("a0 80 00 00", O::IndefiniteLength, 0),
            // What is inside is observed when it is read, not while its end is looked for.
            ("a0 80 80 81 01 aa 00 00", O::IndefiniteLength, 0),
            ("9f 05 00", O::HighTagForm, 0),
        ] {
            let mut bytes = hex(bytes);
            bytes.resize(bytes.len().max(200), 0);
            let sink = Observations::new();
            Reader::new(Layer::Mms, &bytes)
                .observed(&sink)
                .next()
                .unwrap();
            assert_eq!(
                sink.into_vec(),
                [Observation {
                    layer: Layer::Mms,
                    kind,
                    offset
                }]
            );
        }
        for plain in ["80 01 aa", "9f 1f 00"] {
            let bytes = hex(plain);
            let sink = Observations::new();
            Reader::new(Layer::Mms, &bytes)
                .observed(&sink)
                .next()
                .unwrap();
            assert!(sink.is_empty(), "{plain}");
        }
        let mut long = hex("80 81 80");
        long.resize(131, 0);
        let sink = Observations::new();
        Reader::new(Layer::Mms, &long)
            .observed(&sink)
            .next()
            .unwrap();
        assert!(sink.is_empty());
    }

    #[test]
    fn a_tag_is_the_same_before_its_element_and_odd_once() {
        for (bytes, odd) in [
            ("05 00", 0),
            ("1e 00", 0),
            ("a0 00", 0),
            ("9f 1f 00", 0),
            ("bf 81 00 00", 0),
            ("9f 05 00", 1),
        ] {
            let bytes = hex(bytes);
            let sink = Observations::new();
            let mut r = Reader::new(Layer::Mms, &bytes).observed(&sink);
            let peeked = r.peek_tag().unwrap();
            assert_eq!(peeked, r.next().unwrap().map(|tlv| tlv.tag()));
            assert_eq!(r.peek_tag(), Ok(None));
            assert_eq!(sink.to_vec().len(), odd, "{bytes:02x?}");
        }
    }

    #[test]
    fn refuses_to_nest_deeper_than_allowed() {
        let mut bytes = Vec::new();
        for _ in 0..60 {
            let len = u8::try_from(bytes.len()).unwrap();
            bytes.splice(0..0, [0x30, len]);
        }
        let limits = Limits {
            depth: 10,
            ..Limits::DEFAULT
        };
        let mut r = Reader::with_limits(Layer::Mms, &bytes, limits).unwrap();
        let mut entered = 0;
        let error = loop {
            match r.next().unwrap().unwrap().reader() {
                Ok(inner) => r = inner,
                Err(error) => break error,
            }
            entered += 1;
        };
        assert_eq!(
            (entered, error.kind, error.offset),
            (10, ErrorKind::DepthExceeded, 20)
        );
    }

    #[test]
    fn refuses_a_bomb_of_indefinite_lengths_without_recursion() {
        let bytes = [0x30, 0x80].repeat(500_000);
        let error = Reader::new(Layer::Mms, &bytes).next().unwrap_err();
        assert_eq!(error.kind, ErrorKind::DepthExceeded);
        let flat = [&[0x30, 0x80][..], &[0x05, 0x00].repeat(500_000), &[0, 0]].concat();
        assert_eq!(
            Reader::new(Layer::Mms, &flat)
                .next()
                .unwrap()
                .unwrap()
                .raw(),
            flat
        );
    }

    #[test]
    fn indefinite_lengths_nest_as_deep_as_allowed_and_no_deeper() {
        let limits = Limits {
            depth: 3,
            ..Limits::DEFAULT
        };
        let kind = |levels: usize| {
            let bytes = [[0x30, 0x80].repeat(levels), [0, 0].repeat(levels)].concat();
            let mut r = Reader::with_limits(Layer::Mms, &bytes, limits).unwrap();
            r.next().err().map(|error| error.kind)
        };
        assert_eq!(kind(3), None);
        assert_eq!(kind(4), Some(ErrorKind::DepthExceeded));
    }

    #[test]
    fn a_length_of_all_ones_is_read_and_one_octet_more_is_none() {
        let kind = |octets: usize| {
            let count = 0x80 | u8::try_from(octets).unwrap();
            let bytes = [&[0x30, count][..], &vec![0xff; octets]].concat();
            Reader::new(Layer::Mms, &bytes).next().unwrap_err().kind
        };
        let needed = ErrorKind::Truncated {
            needed: usize::MAX,
            available: 0,
        };
        assert_eq!(kind(size_of::<usize>()), needed);
        assert_eq!(kind(size_of::<usize>() + 1), ErrorKind::InvalidLength);
    }

    #[test]
    fn refuses_input_larger_than_allowed() {
        let limits = Limits {
            size: 3,
            ..Limits::DEFAULT
        };
        assert!(Reader::with_limits(Layer::Mms, &[0; 3], limits).is_ok());
        let error = Reader::with_limits(Layer::Mms, &[0; 4], limits).unwrap_err();
        assert_eq!(error.kind, ErrorKind::SizeExceeded { limit: 3 });
    }
}
