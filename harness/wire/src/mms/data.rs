//! Values (ISO 9506-2, Data), owned.

use core::fmt;

use crate::ber::{BitString, Oid, RawTlv, Reader, Tag, Tlv, Writer};
use crate::error::WireError;
use crate::mms::code::write_list;
use crate::mms::usual::{self, ARRAY, Push, STRUCTURE};
use crate::mms::view::{DataView, Shallow, capacity};
use crate::mms::{BinaryTime, UtcTime};

/// A value (ISO 9506-2, Data, with the utc-time of IEC 61850-8-1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Data {
    /// `[1]` elements of one type.
    Array(Vec<Data>),
    /// `[2]` components in order.
    Structure(Vec<Data>),
    /// `[3]`
    Boolean(bool),
    /// `[4]` such as quality, double-point position, or option flags.
    BitString(BitString),
    /// `[5]` signed.
    Integer(i64),
    /// `[6]` not negative.
    Unsigned(u64),
    /// `[7]`
    FloatingPoint(Float),
    /// `[9]`
    OctetString(Vec<u8>),
    /// `[10]` characters 0x20 to 0x7e; others are kept all the same.
    VisibleString(String),
    /// `[11]` as text, such as `20180102030405.250Z`.
    GeneralizedTime(String),
    /// `[12]` time of day with or without a date, such as EntryTime.
    BinaryTime(BinaryTime),
    /// `[13]` a decimal number.
    Bcd(i64),
    /// `[14]` packed booleans.
    BooleanArray(BitString),
    /// `[15]`
    ObjId(Oid),
    /// `[16]` UTF-8 text.
    MmsString(String),
    /// `[17]` time stamp of IEC 61850.
    UtcTime(UtcTime),
    /// Another alternative, or an integer beyond 64 bits.
    Unknown(RawTlv),
}

impl Data {
    /// Decodes one value that is all of `bytes`.
    ///
    /// # Errors
    /// When the bytes are not one valid Data.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(crate::Layer::Mms, bytes);
        let data = Self::from_tlv(&r.any("Data")?)?;
        r.finish()?;
        Ok(data)
    }

    /// The value that `tlv` is.
    ///
    /// # Errors
    /// When it is not a valid Data.
    pub fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        match Shallow::of(tlv)? {
            Shallow::Array(list) => Self::collect(list).map(Self::Array),
            Shallow::Structure(list) => Self::collect(list).map(Self::Structure),
            Shallow::Leaf(view) => Ok(view.to_data()),
        }
    }

    /// All values that are left in `r`.
    pub(crate) fn collect(mut r: Reader<'_>) -> Result<Vec<Self>, WireError> {
        let mut list = Vec::with_capacity(capacity(r.remaining()));
        loop {
            Self::push_usual(&mut r, &mut list, |data| data)?;
            match r.next()? {
                None => return Ok(list),
                Some(tlv) => list.push(Self::from_tlv(&tlv)?),
            }
        }
    }

    /// Appends the values at the front of `r` as long as they are of the kind that nearly all
    /// are; not at all when somebody wants to know of oddities.
    #[inline]
    pub(crate) fn push_usual<T>(
        r: &mut Reader<'_>,
        list: &mut Vec<T>,
        wrap: impl Fn(Self) -> T + Copy,
    ) -> Result<(), WireError> {
        if !r.is_unobserved() {
            return Ok(());
        }
        while let Some(plain) = r.peek_plain() {
            match plain.identifier {
                identifier @ (ARRAY | STRUCTURE) => {
                    let Some(members) = r.enter_plain(&plain) else {
                        return Ok(());
                    };
                    let members = Self::collect(members)?;
                    if identifier == ARRAY {
                        list.push(wrap(Self::Array(members)));
                    } else {
                        list.push(wrap(Self::Structure(members)));
                    }
                }
                identifier => {
                    let push = Push { list, wrap };
                    if usual::visit(identifier, plain.content, push).is_none() {
                        return Ok(());
                    }
                }
            }
            r.skip_plain(&plain);
        }
        Ok(())
    }

    /// Encodes into a vector of its own.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        self.encode_into(&mut w);
        w.into_vec()
    }

    /// Puts the encoding before what `w` holds.
    pub fn encode_into(&self, w: &mut Writer) {
        match self {
            Self::Array(list) => w.constructed(Tag::context(1), |w| Self::encode_list(list, w)),
            Self::Structure(list) => w.constructed(Tag::context(2), |w| Self::encode_list(list, w)),
            Self::Boolean(value) => w.boolean(Tag::context(3), *value),
            Self::BitString(bits) => w.bits(Tag::context(4), bits),
            Self::Integer(value) => w.integer(Tag::context(5), *value),
            Self::Unsigned(value) => w.unsigned(Tag::context(6), *value),
            Self::FloatingPoint(float) => float.encode(w),
            Self::OctetString(octets) => w.octets(Tag::context(9), octets),
            Self::VisibleString(text) => w.text(Tag::context(10), text),
            Self::GeneralizedTime(text) => w.text(Tag::context(11), text),
            Self::BinaryTime(time) => {
                let (octets, len) = time.to_octets();
                w.octets(Tag::context(12), octets.get(..len).unwrap_or_default());
            }
            Self::Bcd(value) => w.integer(Tag::context(13), *value),
            Self::BooleanArray(bits) => w.bits(Tag::context(14), bits),
            Self::ObjId(oid) => w.oid(Tag::context(15), oid),
            Self::MmsString(text) => w.text(Tag::context(16), text),
            Self::UtcTime(time) => w.octets(Tag::context(17), &time.to_octets()),
            Self::Unknown(raw) => raw.encode_into(w),
        }
    }

    pub(crate) fn encode_list(list: &[Self], w: &mut Writer) {
        for data in list.iter().rev() {
            data.encode_into(w);
        }
    }

    /// Name of the alternative in the standard, such as `bit-string`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Array(_) => "array",
            Self::Structure(_) => "structure",
            Self::Boolean(_) => "boolean",
            Self::BitString(_) => "bit-string",
            Self::Integer(_) => "integer",
            Self::Unsigned(_) => "unsigned",
            Self::FloatingPoint(_) => "floating-point",
            Self::OctetString(_) => "octet-string",
            Self::VisibleString(_) => "visible-string",
            Self::GeneralizedTime(_) => "generalized-time",
            Self::BinaryTime(_) => "binary-time",
            Self::Bcd(_) => "bcd",
            Self::BooleanArray(_) => "booleanArray",
            Self::ObjId(_) => "objId",
            Self::MmsString(_) => "mMSString",
            Self::UtcTime(_) => "utc-time",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Elements of an array or components of a structure.
    #[must_use]
    pub fn members(&self) -> Option<&[Self]> {
        match self {
            Self::Array(list) | Self::Structure(list) => Some(list),
            _ => None,
        }
    }

    /// The value, if it is a boolean.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The value, if it is an integer, signed or not, that fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(value) | Self::Bcd(value) => Some(*value),
            Self::Unsigned(value) => i64::try_from(*value).ok(),
            _ => None,
        }
    }

    /// The value, if it is an integer, signed or not, that is not negative.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Integer(value) | Self::Bcd(value) => u64::try_from(*value).ok(),
            Self::Unsigned(value) => Some(*value),
            _ => None,
        }
    }

    /// The value, if it is a floating-point number of a known width.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::FloatingPoint(Float::F32(value)) => Some(f64::from(*value)),
            Self::FloatingPoint(Float::F64(value)) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is a VisibleString, MMSString or GeneralizedTime.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::VisibleString(text) | Self::MmsString(text) | Self::GeneralizedTime(text) => {
                Some(text)
            }
            _ => None,
        }
    }

    /// The octets, if it is an octet string.
    #[must_use]
    pub fn as_octets(&self) -> Option<&[u8]> {
        match self {
            Self::OctetString(octets) => Some(octets),
            _ => None,
        }
    }

    /// The bits, if it is a bit string.
    #[must_use]
    pub const fn as_bits(&self) -> Option<&BitString> {
        match self {
            Self::BitString(bits) => Some(bits),
            _ => None,
        }
    }

    /// The time, if it is a utc-time.
    #[must_use]
    pub const fn as_utc_time(&self) -> Option<UtcTime> {
        match self {
            Self::UtcTime(time) => Some(*time),
            _ => None,
        }
    }

    /// The time, if it is a binary-time.
    #[must_use]
    pub const fn as_binary_time(&self) -> Option<BinaryTime> {
        match self {
            Self::BinaryTime(time) => Some(*time),
            _ => None,
        }
    }
}

impl From<DataView<'_>> for Data {
    fn from(view: DataView<'_>) -> Self {
        view.to_data()
    }
}

/// `structure{true, 0b0000000000000, 2018-01-02T03:04:05.250Z}`: arrays in brackets, text quoted,
/// octets as `0x0a0b`, unsigned integers as `5u`.
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Array(list) => write_list(f, "array[", list, "]"),
            Self::Structure(list) => write_list(f, "structure{", list, "}"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::BitString(bits) => write!(f, "{bits}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Unsigned(value) => write!(f, "{value}u"),
            Self::FloatingPoint(float) => write!(f, "{float}"),
            Self::OctetString(octets) => {
                f.write_str("0x")?;
                crate::ber::write_hex(f, octets)
            }
            Self::VisibleString(text) => write_quoted(f, text, '\''),
            Self::GeneralizedTime(text) => write!(f, "time {}", Quoted(text)),
            Self::BinaryTime(time) => write!(f, "{time}"),
            Self::Bcd(value) => write!(f, "bcd {value}"),
            Self::BooleanArray(bits) => write!(f, "booleans {bits}"),
            Self::ObjId(oid) => write!(f, "oid {oid}"),
            Self::MmsString(text) => write_quoted(f, text, '"'),
            Self::UtcTime(time) => write!(f, "{time}"),
            Self::Unknown(raw) => write!(f, "unknown {raw}"),
        }
    }
}

/// Prints text in single quotes with control characters escaped.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_quoted(f, self.0, '\'')
    }
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str, quote: char) -> fmt::Result {
    write!(f, "{quote}")?;
    for c in text.chars() {
        if c == quote || c == '\\' {
            write!(f, "\\{c}")?;
        } else if c.is_control() {
            write!(f, "{}", c.escape_default())?;
        } else {
            write!(f, "{c}")?;
        }
    }
    write!(f, "{quote}")
}

/// A floating-point value (ISO 9506-2, FloatingPoint): an octet with the width of the exponent,
/// then the number in the format of IEC 60559.
///
/// Equality compares the representation: a NaN equals itself, and zero differs from minus zero.
#[derive(Clone, Debug)]
pub enum Float {
    /// Single precision, exponent of 8 bits.
    F32(f32),
    /// Double precision, exponent of 11 bits.
    F64(f64),
    /// Any other width, all octets with the exponent width first; never empty.
    Other(Vec<u8>),
}

impl Float {
    fn encode(&self, w: &mut Writer) {
        let tag = Tag::context(7);
        match self {
            Self::F32(value) => {
                let [a, b, c, d] = value.to_be_bytes();
                w.primitive(tag, &[8, a, b, c, d]);
            }
            Self::F64(value) => {
                let [a, b, c, d, e, f, g, h] = value.to_be_bytes();
                w.primitive(tag, &[11, a, b, c, d, e, f, g, h]);
            }
            Self::Other(octets) => w.primitive(tag, octets),
        }
    }

    fn key(&self) -> (u8, u64, &[u8]) {
        match self {
            Self::F32(value) => (8, u64::from(value.to_bits()), &[]),
            Self::F64(value) => (11, value.to_bits(), &[]),
            Self::Other(octets) => (0, 0, octets),
        }
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Float {}

impl core::hash::Hash for Float {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// `1.5`, or `float 0x...` of another width.
impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::F32(value) => write!(f, "{value:?}"),
            Self::F64(value) => write!(f, "{value:?}"),
            Self::Other(octets) => {
                f.write_str("float 0x")?;
                crate::ber::write_hex(f, octets)
            }
        }
    }
}
