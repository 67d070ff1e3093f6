//! A writer that knows every length when it writes it.

use crate::ber::{BitString, Oid, Tag};

/// Writes elements **back to front** into a reusable buffer.
///
/// Whatever is put comes *before* what was put earlier. So the elements of a sequence are
/// written last to first, and the header of an element after its contents; every length is
/// then known and nothing is ever moved, however deep the nesting.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    buffer: Vec<u8>,
    /// What is written lies in `buffer[start..]`.
    start: usize,
}

impl Writer {
    /// An empty writer that allocates when first used.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
        }
    }

    /// An empty writer with room for `octets`.
    #[must_use]
    pub fn with_capacity(octets: usize) -> Self {
        Self {
            buffer: vec![0; octets],
            start: octets,
        }
    }

    /// Forgets what was written and keeps the buffer.
    pub const fn clear(&mut self) {
        self.start = self.buffer.len();
    }

    /// What was written.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// What was written, in a vector of its own.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<u8> {
        self.buffer.drain(..self.start);
        self.buffer
    }

    /// How many octets were written.
    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.buffer.len().saturating_sub(self.start)
    }

    /// True when nothing was written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Puts octets before everything written so far.
    #[inline]
    pub fn put(&mut self, octets: &[u8]) {
        if self.start < octets.len() {
            self.grow(octets.len());
        }
        let start = self.start.saturating_sub(octets.len());
        if let Some(room) = self.buffer.get_mut(start..self.start) {
            room.copy_from_slice(octets);
            self.start = start;
        }
    }

    /// Makes room for at least `octets` more, at the front.
    #[cold]
    fn grow(&mut self, octets: usize) {
        let old = self.buffer.len();
        let add = old.max(octets).max(64);
        let mut grown = vec![0; old.saturating_add(add)];
        if let Some(room) = grown.get_mut(add..) {
            room.copy_from_slice(&self.buffer);
        }
        self.buffer = grown;
        self.start = self.start.saturating_add(add);
    }

    /// Puts identifier and length octets for contents of `length` octets just written.
    #[inline]
    pub fn header(&mut self, tag: Tag, constructed: bool, length: usize) {
        let number = tag.number();
        let form = if constructed { 0x20 } else { 0 };
        if let (Ok(number @ 0..=30), Ok(length @ 0..=0x7f)) =
            (u8::try_from(number), u8::try_from(length))
        {
            self.put(&[tag.class_bits() | form | number, length]);
        } else {
            self.length(length);
            self.identifier(tag, form);
        }
    }

    fn identifier(&mut self, tag: Tag, form: u8) {
        let number = tag.number();
        if let Ok(low @ 0..=30) = u8::try_from(number) {
            self.put(&[tag.class_bits() | form | low]);
            return;
        }
        let mut rest = number;
        let mut more = 0;
        while rest > 0 {
            self.put(&[u8::try_from(rest & 0x7f).unwrap_or_default() | more]);
            more = 0x80;
            rest >>= 7;
        }
        self.put(&[tag.class_bits() | form | 0x1f]);
    }

    fn length(&mut self, length: usize) {
        if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
            self.put(&[short]);
            return;
        }
        let octets = length.to_be_bytes();
        let zeros = usize::try_from(length.leading_zeros() >> 3).unwrap_or_default();
        let digits = octets.get(zeros..).unwrap_or_default();
        self.put(digits);
        self.put(&[0x80 | u8::try_from(digits.len()).unwrap_or_default()]);
    }

    /// Puts an element with the given contents.
    #[inline]
    pub fn element(&mut self, tag: Tag, constructed: bool, content: &[u8]) {
        self.put(content);
        self.header(tag, constructed, content.len());
    }

    /// Puts a primitive element with the given contents.
    #[inline]
    pub fn primitive(&mut self, tag: Tag, content: &[u8]) {
        self.element(tag, false, content);
    }

    /// Puts a constructed element with what `contents` writes, last part first.
    #[inline]
    pub fn constructed(&mut self, tag: Tag, contents: impl FnOnce(&mut Self)) {
        let before = self.len();
        contents(self);
        let length = self.len().saturating_sub(before);
        self.header(tag, true, length);
    }

    /// Puts a NULL.
    pub fn null(&mut self, tag: Tag) {
        self.header(tag, false, 0);
    }

    /// Puts a BOOLEAN; true is 0xFF.
    pub fn boolean(&mut self, tag: Tag, value: bool) {
        self.primitive(tag, &[if value { 0xff } else { 0 }]);
    }

    /// Puts an INTEGER in the fewest octets.
    #[inline]
    pub fn integer(&mut self, tag: Tag, value: i64) {
        // Bits that only repeat the sign, of which one must stay.
        let sign_bits = if value < 0 {
            value.leading_ones()
        } else {
            value.leading_zeros()
        };
        let skip = usize::try_from(sign_bits.saturating_sub(1) >> 3).unwrap_or_default();
        self.primitive(tag, value.to_be_bytes().get(skip..).unwrap_or_default());
    }

    /// Puts a non-negative INTEGER in the fewest octets.
    #[inline]
    pub fn unsigned(&mut self, tag: Tag, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.integer(tag, value),
            Err(_) => {
                self.put(&value.to_be_bytes());
                self.put(&[0]);
                self.header(tag, false, 9);
            }
        }
    }

    /// Puts an OCTET STRING.
    #[inline]
    pub fn octets(&mut self, tag: Tag, octets: &[u8]) {
        self.primitive(tag, octets);
    }

    /// Puts a character string.
    #[inline]
    pub fn text(&mut self, tag: Tag, text: &str) {
        self.primitive(tag, text.as_bytes());
    }

    /// Puts a BIT STRING.
    #[inline]
    pub fn bits(&mut self, tag: Tag, bits: &BitString) {
        self.put(bits.octets());
        self.put(&[bits.unused()]);
        self.header(tag, false, bits.octets().len().saturating_add(1));
    }

    /// Puts an OBJECT IDENTIFIER.
    pub fn oid(&mut self, tag: Tag, oid: &Oid) {
        self.primitive(tag, oid.content());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(f: impl FnOnce(&mut Writer)) -> Vec<u8> {
        let mut w = Writer::new();
        f(&mut w);
        w.into_vec()
    }

    #[test]
    fn writes_integers_in_the_fewest_octets() {
        for (value, expected) in [
            (0, &[0x02, 1, 0][..]),
            (1, &[0x02, 1, 1]),
            (127, &[0x02, 1, 0x7f]),
            (128, &[0x02, 2, 0, 0x80]),
            (255, &[0x02, 2, 0, 0xff]),
            (256, &[0x02, 2, 1, 0]),
            (32767, &[0x02, 2, 0x7f, 0xff]),
            (32768, &[0x02, 3, 0, 0x80, 0]),
            (-1, &[0x02, 1, 0xff]),
            (-128, &[0x02, 1, 0x80]),
            (-129, &[0x02, 2, 0xff, 0x7f]),
            (
                i64::MAX,
                &[0x02, 8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            ),
            (i64::MIN, &[0x02, 8, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        ] {
            assert_eq!(
                written(|w| w.integer(Tag::INTEGER, value)),
                expected,
                "{value}"
            );
        }
        for (value, expected) in [
            (0, &[0x86, 1, 0][..]),
            (0xffff_ffff, &[0x86, 5, 0, 0xff, 0xff, 0xff, 0xff]),
            (
                u64::MAX,
                &[0x86, 9, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            ),
        ] {
            assert_eq!(
                written(|w| w.unsigned(Tag::context(6), value)),
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn writes_the_shortest_header() {
        for (tag, constructed, len, expected) in [
            (Tag::context(0), false, 0, &[0x80, 0][..]),
            (Tag::context(30), true, 127, &[0xbe, 0x7f]),
            (Tag::context(31), false, 1, &[0x9f, 0x1f, 1]),
            (Tag::context(79), true, 128, &[0xbf, 0x4f, 0x81, 0x80]),
            (
                Tag::application(128),
                false,
                255,
                &[0x5f, 0x81, 0x00, 0x81, 0xff],
            ),
            (Tag::SEQUENCE, true, 256, &[0x30, 0x82, 1, 0]),
            (Tag::SEQUENCE, true, 65536, &[0x30, 0x83, 1, 0, 0]),
            (
                Tag::context(Tag::MAX_NUMBER),
                false,
                0,
                &[0x9f, 0x83, 0xff, 0xff, 0xff, 0x7f, 0],
            ),
        ] {
            assert_eq!(
                written(|w| w.header(tag, constructed, len)),
                expected,
                "{tag} {len}"
            );
        }
    }

    #[test]
    fn writes_the_last_first() {
        let bytes = written(|w| {
            w.constructed(Tag::SEQUENCE, |w| {
                w.text(Tag::VISIBLE_STRING, "ab");
                w.constructed(Tag::context(1), |w| w.null(Tag::context(0)));
                w.boolean(Tag::BOOLEAN, true);
            });
        });
        assert_eq!(
            bytes,
            [0x30, 11, 1, 1, 0xff, 0xa1, 2, 0x80, 0, 0x1a, 2, b'a', b'b']
        );
    }

    #[test]
    fn keeps_what_was_written_when_it_grows() {
        let mut w = Writer::with_capacity(3);
        let mut expected = Vec::new();
        for octet in 0..=255u8 {
            w.put(&[octet, octet]);
            expected.splice(0..0, [octet, octet]);
        }
        assert_eq!(w.as_slice(), expected);
        assert_eq!(w.len(), 512);
        w.clear();
        assert!(w.is_empty());
        w.put(&[1]);
        assert_eq!(w.into_vec(), [1]);
    }
}
