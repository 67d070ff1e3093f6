//! Bit strings, borrowed and owned. Bit 0 is the first, the most significant of the first octet.

use core::fmt;
use core::hash::{Hash, Hasher};

use crate::ber::{Reader, Tag, Tlv};
use crate::error::{ErrorKind, Layer, WireError};
use crate::observe::ObservationKind;

/// A bit string, borrowed: one piece, or segments that have been validated.
#[derive(Clone, Copy, Debug)]
pub struct BitStr<'a> {
    content: &'a [u8],
    unused: u8,
    segmented: bool,
}

impl<'a> BitStr<'a> {
    /// From the contents of a primitive element; `None` when they are not valid.
    #[inline]
    pub(crate) const fn from_content(content: &'a [u8]) -> Option<Self> {
        match content {
            [0, content @ ..] => Some(Self {
                content,
                unused: 0,
                segmented: false,
            }),
            [unused @ 1..=7, content @ ..] if !content.is_empty() => Some(Self {
                content,
                unused: *unused,
                segmented: false,
            }),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn plain(tlv: &Tlv<'a>) -> Result<Self, WireError> {
        let Some(bits) = Self::from_content(tlv.content()) else {
            return Err(tlv.content_error(ErrorKind::InvalidBitString));
        };
        if let Some(last) = bits.content.last()
            && last.trailing_zeros() < u32::from(bits.unused)
        {
            tlv.observe(ObservationKind::UnusedBitsSet);
        }
        Ok(bits)
    }

    #[cold]
    pub(super) fn segmented(tlv: &Tlv<'a>) -> Result<Self, WireError> {
        tlv.observe(ObservationKind::SegmentedString);
        let mut unused = 0;
        check_segments(tlv, &mut unused)?;
        Ok(Self {
            content: tlv.content(),
            unused,
            segmented: true,
        })
    }

    /// The octets and the number of unused bits in the last, if the string is in one piece.
    /// Unused bits may be set.
    #[must_use]
    #[inline]
    pub const fn as_parts(&self) -> Option<(&'a [u8], u8)> {
        if self.segmented {
            None
        } else {
            Some((self.content, self.unused))
        }
    }

    /// How many bits.
    #[must_use]
    pub fn len(&self) -> usize {
        let mut octets: usize = 0;
        if self.segmented {
            walk(self.content, &mut |piece| {
                octets = octets.saturating_add(piece.len())
            });
        } else {
            octets = self.content.len();
        }
        octets
            .saturating_mul(8)
            .saturating_sub(usize::from(self.unused))
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bit `index`; `None` past the end.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<bool> {
        match self.as_parts() {
            Some((octets, _)) if index < self.len() => bit(octets, index),
            Some(_) => None,
            None => self.to_bit_string().get(index),
        }
    }

    /// An owned copy.
    #[must_use]
    #[inline]
    pub fn to_bit_string(&self) -> BitString {
        if self.segmented {
            let mut octets = Vec::new();
            walk(self.content, &mut |piece| octets.extend_from_slice(piece));
            return BitString::from_octets(&octets, self.unused);
        }
        BitString::from_octets(self.content, self.unused)
    }
}

/// Equal when the bits are, however they came.
impl PartialEq for BitStr<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.to_bit_string() == other.to_bit_string()
    }
}

impl Eq for BitStr<'_> {}

/// Accepts segments of BIT STRING of which only the last has unused bits (X.690, 8.6.4).
fn check_segments(tlv: &Tlv<'_>, unused: &mut u8) -> Result<(), WireError> {
    let mut reader = tlv.reader()?;
    while let Some(segment) = reader.next()? {
        if segment.tag() != Tag::BIT_STRING {
            let kind = ErrorKind::UnexpectedTag {
                expected: Tag::BIT_STRING,
                found: segment.tag(),
            };
            return Err(segment.error(kind));
        }
        if *unused != 0 {
            return Err(segment.error(ErrorKind::InvalidBitString));
        }
        if segment.is_constructed() {
            check_segments(&segment, unused)?;
        } else {
            *unused = BitStr::plain(&segment)?.unused;
        }
    }
    Ok(())
}

fn walk<'a>(content: &'a [u8], f: &mut dyn FnMut(&'a [u8])) {
    let mut reader = Reader::new(Layer::Mms, content);
    while let Ok(Some(segment)) = reader.next() {
        if segment.is_constructed() {
            walk(segment.content(), f);
        } else {
            f(segment.content().get(1..).unwrap_or_default());
        }
    }
}

fn bit(octets: &[u8], index: usize) -> Option<bool> {
    octets
        .get(index >> 3)
        .map(|octet| octet & (0x80 >> (index & 7)) != 0)
}

/// A bit string, owned.
///
/// Unused bits of the last octet are kept as they came, so that it encodes back to the same octets,
/// but equality ignores them.
#[derive(Clone)]
pub struct BitString(Repr);

/// Octets and unused bits; nearly all bit strings are so short that they need no allocation.
#[derive(Clone)]
enum Repr {
    Inline {
        octets: [u8; INLINE],
        len: u8,
        unused: u8,
    },
    Heap {
        octets: Box<[u8]>,
        unused: u8,
    },
}

/// As many octets as take no more room than a boxed slice does.
const INLINE: usize = 20;

impl Repr {
    #[inline]
    fn new(octets: &[u8], unused: u8) -> Self {
        let mut inline = [0; INLINE];
        match *octets {
            [a] => {
                inline[0] = a;
                Self::Inline {
                    octets: inline,
                    len: 1,
                    unused,
                }
            }
            [a, b] => {
                inline[0] = a;
                inline[1] = b;
                Self::Inline {
                    octets: inline,
                    len: 2,
                    unused,
                }
            }
            _ => Self::new_slow(octets, unused),
        }
    }

    fn new_slow(octets: &[u8], unused: u8) -> Self {
        let mut inline = [0; INLINE];
        match (inline.get_mut(..octets.len()), u8::try_from(octets.len())) {
            (Some(room), Ok(len)) => {
                room.copy_from_slice(octets);
                Self::Inline {
                    octets: inline,
                    len,
                    unused,
                }
            }
            _ => Self::Heap {
                octets: octets.into(),
                unused,
            },
        }
    }
}

impl Default for BitString {
    fn default() -> Self {
        Self::from_octets(&[], 0)
    }
}

impl BitString {
    /// `len` zero bits.
    #[must_use]
    pub fn zeros(len: usize) -> Self {
        let octets = vec![0; len.div_ceil(8)];
        let unused = octets.len().saturating_mul(8).saturating_sub(len);
        Self::from_octets(&octets, u8::try_from(unused).unwrap_or_default())
    }

    /// From octets and the number of unused bits in the last one, which are kept as they are.
    /// More than 7 unused bits, or any in an empty string, count as none.
    #[must_use]
    #[inline]
    pub fn from_octets(octets: &[u8], unused: u8) -> Self {
        let unused = if unused > 7 || octets.is_empty() {
            0
        } else {
            unused
        };
        Self(Repr::new(octets, unused))
    }

    /// As [`from_octets`](Self::from_octets), of a vector.
    #[must_use]
    pub fn from_parts(octets: Vec<u8>, unused: u8) -> Self {
        Self::from_octets(&octets, unused)
    }

    /// From bits in order.
    #[must_use]
    pub fn from_bits(bits: impl IntoIterator<Item = bool>) -> Self {
        let mut octets: Vec<u8> = Vec::new();
        let mut mask: u8 = 0;
        for bit in bits {
            if mask == 0 {
                octets.push(0);
                mask = 0x80;
            }
            if bit && let Some(last) = octets.last_mut() {
                *last |= mask;
            }
            mask >>= 1;
        }
        // The bits of the mask are those at and above the next to be used.
        let unused = if mask == 0 {
            0
        } else {
            mask.trailing_zeros().saturating_add(1)
        };
        Self::from_octets(&octets, u8::try_from(unused).unwrap_or_default())
    }

    /// The `len` lowest bits of `value`, the highest of them first, as IEC 61850 reads coded
    /// enumerations. `len` is at most 64.
    #[must_use]
    pub fn from_uint(value: u64, len: u32) -> Self {
        Self::from_bits(
            (0..len.min(64))
                .rev()
                .map(|shift| (value >> shift) & 1 == 1),
        )
    }

    /// All bits as an unsigned number, the first bit highest; `None` above 64 bits.
    #[must_use]
    pub fn to_uint(&self) -> Option<u64> {
        (self.len() <= 64).then(|| {
            self.iter()
                .fold(0, |value, bit| (value << 1) | u64::from(bit))
        })
    }

    /// How many bits.
    #[must_use]
    pub fn len(&self) -> usize {
        self.octets()
            .len()
            .saturating_mul(8)
            .saturating_sub(usize::from(self.unused()))
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.octets().is_empty()
    }

    /// Bit `index`; `None` past the end.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<bool> {
        if index < self.len() {
            bit(self.octets(), index)
        } else {
            None
        }
    }

    /// True when bit `index` is there and set.
    #[must_use]
    pub fn is_set(&self, index: usize) -> bool {
        self.get(index) == Some(true)
    }

    /// Sets bit `index`, lengthening the string with zeros when it is shorter.
    pub fn set(&mut self, index: usize, value: bool) {
        if index >= self.len() {
            let more = index.saturating_sub(self.len()).saturating_add(1);
            *self = self
                .iter()
                .chain(core::iter::repeat_n(false, more))
                .collect();
        }
        if let Some(octet) = self.octets_mut().get_mut(index >> 3) {
            let mask = 0x80 >> (index & 7);
            if value {
                *octet |= mask
            } else {
                *octet &= !mask
            }
        }
    }

    /// Appends a bit. To build a long string, collect an iterator.
    pub fn push(&mut self, value: bool) {
        *self = self.iter().chain([value]).collect();
    }

    /// The bits in order.
    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..self.len()).map(|index| self.is_set(index))
    }

    /// The octets, unused bits as they came.
    #[must_use]
    #[inline]
    pub fn octets(&self) -> &[u8] {
        match &self.0 {
            Repr::Inline { octets, len, .. } => octets.get(..usize::from(*len)).unwrap_or_default(),
            Repr::Heap { octets, .. } => octets,
        }
    }

    fn octets_mut(&mut self) -> &mut [u8] {
        match &mut self.0 {
            Repr::Inline { octets, len, .. } => {
                octets.get_mut(..usize::from(*len)).unwrap_or_default()
            }
            Repr::Heap { octets, .. } => octets,
        }
    }

    /// Unused bits in the last octet, 0 to 7.
    #[must_use]
    #[inline]
    pub const fn unused(&self) -> u8 {
        match self.0 {
            Repr::Inline { unused, .. } | Repr::Heap { unused, .. } => unused,
        }
    }
}

impl PartialEq for BitString {
    fn eq(&self, other: &Self) -> bool {
        self.unused() == other.unused()
            && match (self.octets().split_last(), other.octets().split_last()) {
                (Some((a, a_rest)), Some((b, b_rest))) => {
                    a_rest == b_rest && a >> self.unused() == b >> self.unused()
                }
                (None, None) => true,
                _ => false,
            }
    }
}

impl Eq for BitString {}

impl Hash for BitString {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.unused().hash(state);
        if let Some((last, rest)) = self.octets().split_last() {
            rest.hash(state);
            (last >> self.unused()).hash(state);
        }
    }
}

/// The bits as `0b0101`; empty as `0b`.
impl fmt::Display for BitString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0b")?;
        self.iter()
            .try_for_each(|bit| f.write_str(if bit { "1" } else { "0" }))
    }
}

impl fmt::Debug for BitString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromIterator<bool> for BitString {
    fn from_iter<T: IntoIterator<Item = bool>>(bits: T) -> Self {
        Self::from_bits(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_bits_from_the_first() {
        let bits = BitString::from_parts(vec![0b1000_0001, 0b0110_0000], 5);
        assert_eq!(bits.to_string(), "0b10000001011");
        assert_eq!(
            (bits.len(), bits.get(0), bits.get(10), bits.get(11)),
            (11, Some(true), Some(true), None)
        );
        assert_eq!(bits.to_uint(), Some(0b100_0000_1011));
        assert_eq!(BitString::from_uint(0b100_0000_1011, 11), bits);
        assert_eq!(bits.iter().collect::<BitString>(), bits);
    }

    #[test]
    fn sets_bits_and_grows() {
        let mut bits = BitString::zeros(3);
        bits.set(1, true);
        bits.set(9, true);
        assert_eq!(bits.to_string(), "0b0100000001");
        assert_eq!((bits.octets(), bits.unused()), (&[0x40, 0x40][..], 6));
        bits.set(1, false);
        assert_eq!(bits.to_string(), "0b0000000001");
    }

    #[test]
    fn compares_bits_and_not_what_is_unused() {
        let clean = BitString::from_parts(vec![0xf0], 4);
        let dirty = BitString::from_parts(vec![0xff], 4);
        assert_eq!(clean, dirty);
        assert_eq!(dirty.octets(), [0xff]);
        assert_ne!(clean, BitString::from_parts(vec![0xf0], 3));
        assert_ne!(clean, BitString::from_parts(vec![0xe0], 4));
        let mut longer = dirty.clone();
        longer.push(false);
        assert_eq!(longer.to_string(), "0b11110");
        assert_eq!(BitString::from_parts(vec![], 3), BitString::default());
        assert_eq!(BitString::from_parts(vec![1], 9).len(), 8);
    }
}
