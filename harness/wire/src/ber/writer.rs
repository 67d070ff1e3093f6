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
