//! The quick way through values: elements of one identifier octet and a short length, in the
//! forms that nearly all values have.
//!
//! What is anything else, valid or not, is left to the complete decoder of [`super::view`], which
//! knows it all and tells what is wrong or odd. Where this gives a value, that gives the same.

use crate::ber::{BitStr, Octets, Tag, Text};
use crate::mms::{BinaryTime, Data, DataRef, Float, UtcTime};

/// Tag of a failed access; Data never has it.
pub(crate) const FAILURE: Tag = Tag::context(0);
/// Identifier octet of a failed access.
pub(crate) const FAILURE_IDENTIFIER: u8 = 0x80;
/// Identifier octet of an array.
pub(crate) const ARRAY: u8 = 0xa1;
/// Identifier octet of a structure.
pub(crate) const STRUCTURE: u8 = 0xa2;

/// What is made of a value that is neither array nor structure.
///
/// One method for each kind, so that what is made is written where it belongs at once; an enum
/// passed through several hands costs more than decoding it.
pub(crate) trait Visitor<'a> {
    type Out;
    fn boolean(self, value: bool) -> Self::Out;
    fn bits(self, bits: BitStr<'a>) -> Self::Out;
    fn integer(self, value: i64) -> Self::Out;
    fn unsigned(self, value: u64) -> Self::Out;
    fn float32(self, value: f32) -> Self::Out;
    fn octets(self, octets: Octets<'a>) -> Self::Out;
    fn visible(self, text: Text<'a>) -> Self::Out;
    fn binary_time(self, time: BinaryTime) -> Self::Out;
    fn mms_string(self, text: Text<'a>) -> Self::Out;
    fn utc_time(self, time: UtcTime) -> Self::Out;
}

/// Shows `visitor` the value of the given identifier octet and contents; `None` if it is not a
/// usual one.
#[inline(always)]
pub(crate) fn visit<'a, V: Visitor<'a>>(
    identifier: u8,
    content: &'a [u8],
    visitor: V,
) -> Option<V::Out> {
    match identifier {
        0x83 => match content {
            [octet] => Some(visitor.boolean(*octet != 0)),
            _ => None,
        },
        0x84 => BitStr::from_content(content).map(|bits| visitor.bits(bits)),
        0x85 => signed(content).map(|value| visitor.integer(value)),
        0x86 => magnitude(content).map(|value| visitor.unsigned(value)),
        0x87 => match *content {
            [8, a, b, c, d] => Some(visitor.float32(f32::from_be_bytes([a, b, c, d]))),
            _ => None,
        },
        0x89 => Some(visitor.octets(Octets::plain(content))),
        0x8a => Some(visitor.visible(Text::plain(content))),
        0x8c => BinaryTime::from_octets(content).map(|time| visitor.binary_time(time)),
        0x90 => Some(visitor.mms_string(Text::plain(content))),
        0x91 => match *content {
            [a, b, c, d, e, f, g, h] => {
                Some(visitor.utc_time(UtcTime::from_octets([a, b, c, d, e, f, g, h])))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Up to eight octets as an unsigned number.
#[inline]
fn magnitude(content: &[u8]) -> Option<u64> {
    match *content {
        [a] => Some(u64::from(a)),
        [a, b] => Some(u64::from(u16::from_be_bytes([a, b]))),
        [a, b, c, d] => Some(u64::from(u32::from_be_bytes([a, b, c, d]))),
        [] => None,
        _ if content.len() > 8 => None,
        _ => Some(
            content
                .iter()
                .fold(0, |value, octet| (value << 8) | u64::from(*octet)),
        ),
    }
}

/// Up to eight octets as a signed number.
#[inline]
pub(crate) fn signed(content: &[u8]) -> Option<i64> {
    match *content {
        [a] => Some(i64::from(a.cast_signed())),
        [a, b] => Some(i64::from(i16::from_be_bytes([a, b]))),
        [a, b, c, d] => Some(i64::from(i32::from_be_bytes([a, b, c, d]))),
        [first, ref rest @ ..] if rest.len() < 8 => {
            let first = i64::from(first.cast_signed());
            Some(
                rest.iter()
                    .fold(first, |value, octet| (value << 8) | i64::from(*octet)),
            )
        }
        _ => None,
    }
}

/// Makes nothing: to see whether the value is valid.
pub(crate) struct Check;

impl<'a> Visitor<'a> for Check {
    type Out = ();
    fn boolean(self, _: bool) {}
    fn bits(self, _: BitStr<'a>) {}
    fn integer(self, _: i64) {}
    fn unsigned(self, _: u64) {}
    fn float32(self, _: f32) {}
    fn octets(self, _: Octets<'a>) {}
    fn visible(self, _: Text<'a>) {}
    fn binary_time(self, _: BinaryTime) {}
    fn mms_string(self, _: Text<'a>) {}
    fn utc_time(self, _: UtcTime) {}
}

/// Makes a value that borrows.
pub(crate) struct Borrow;

impl<'a> Visitor<'a> for Borrow {
    type Out = DataRef<'a>;
    #[inline(always)]
    fn boolean(self, value: bool) -> DataRef<'a> {
        DataRef::Boolean(value)
    }
    #[inline(always)]
    fn bits(self, bits: BitStr<'a>) -> DataRef<'a> {
        DataRef::BitString(bits)
    }
    #[inline(always)]
    fn integer(self, value: i64) -> DataRef<'a> {
        DataRef::Integer(value)
    }
    #[inline(always)]
    fn unsigned(self, value: u64) -> DataRef<'a> {
        DataRef::Unsigned(value)
    }
    #[inline(always)]
    fn float32(self, value: f32) -> DataRef<'a> {
        DataRef::Float32(value)
    }
    #[inline(always)]
    fn octets(self, octets: Octets<'a>) -> DataRef<'a> {
        DataRef::OctetString(octets)
    }
    #[inline(always)]
    fn visible(self, text: Text<'a>) -> DataRef<'a> {
        DataRef::VisibleString(text)
    }
    #[inline(always)]
    fn binary_time(self, time: BinaryTime) -> DataRef<'a> {
        DataRef::BinaryTime(time)
    }
    #[inline(always)]
    fn mms_string(self, text: Text<'a>) -> DataRef<'a> {
        DataRef::MmsString(text)
    }
    #[inline(always)]
    fn utc_time(self, time: UtcTime) -> DataRef<'a> {
        DataRef::UtcTime(time)
    }
}

/// Makes an owned value, wrapped by `wrap`, and appends it to `list`.
pub(crate) struct Push<'l, T, W> {
    pub(crate) list: &'l mut Vec<T>,
    pub(crate) wrap: W,
}

impl<'a, T, W: Fn(Data) -> T> Visitor<'a> for Push<'_, T, W> {
    type Out = ();
    #[inline(always)]
    fn boolean(self, value: bool) {
        self.list.push((self.wrap)(Data::Boolean(value)));
    }
    #[inline(always)]
    fn bits(self, bits: BitStr<'a>) {
        self.list
            .push((self.wrap)(Data::BitString(bits.to_bit_string())));
    }
    #[inline(always)]
    fn integer(self, value: i64) {
        self.list.push((self.wrap)(Data::Integer(value)));
    }
    #[inline(always)]
    fn unsigned(self, value: u64) {
        self.list.push((self.wrap)(Data::Unsigned(value)));
    }
    #[inline(always)]
    fn float32(self, value: f32) {
        self.list
            .push((self.wrap)(Data::FloatingPoint(Float::F32(value))));
    }
    #[inline(always)]
    fn octets(self, octets: Octets<'a>) {
        self.list
            .push((self.wrap)(Data::OctetString(octets.to_vec())));
    }
    #[inline(always)]
    fn visible(self, text: Text<'a>) {
        self.list
            .push((self.wrap)(Data::VisibleString(text.into())));
    }
    #[inline(always)]
    fn binary_time(self, time: BinaryTime) {
        self.list.push((self.wrap)(Data::BinaryTime(time)));
    }
    #[inline(always)]
    fn mms_string(self, text: Text<'a>) {
        self.list.push((self.wrap)(Data::MmsString(text.into())));
    }
    #[inline(always)]
    fn utc_time(self, time: UtcTime) {
        self.list.push((self.wrap)(Data::UtcTime(time)));
    }
}
