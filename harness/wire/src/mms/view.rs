//! Values borrowed from the bytes that carry them.

use crate::ber::{BitStr, Octets, Plain, RawView, Reader, Text, Tlv};
use crate::error::{ErrorKind, Layer, WireError};
use crate::mms::usual::{
    self, ARRAY, Borrow, Check, FAILURE, FAILURE_IDENTIFIER, STRUCTURE, signed,
};
use crate::mms::{BinaryTime, Data, Float, UtcTime};
use crate::observe::ObservationKind;

/// A value that borrows from the input: the octets of one Data.
///
/// Making one from bytes validates it to its last leaf; looking at it afterwards cannot fail and
/// allocates nothing. It is two words and copied freely; [`get`](Self::get) interprets it.
#[derive(Clone, Copy)]
pub struct DataView<'a> {
    raw: &'a [u8],
}

/// What a [`DataView`] is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DataRef<'a> {
    /// `[1]` elements of one type.
    Array(DataList<'a>),
    /// `[2]` components in order.
    Structure(DataList<'a>),
    /// `[3]`
    Boolean(bool),
    /// `[4]`
    BitString(BitStr<'a>),
    /// `[5]`
    Integer(i64),
    /// `[6]`
    Unsigned(u64),
    /// `[7]` single precision.
    Float32(f32),
    /// `[7]` double precision.
    Float64(f64),
    /// `[7]` of another width: all octets, exponent width first.
    FloatOther(Octets<'a>),
    /// `[9]`
    OctetString(Octets<'a>),
    /// `[10]`
    VisibleString(Text<'a>),
    /// `[11]`
    GeneralizedTime(Text<'a>),
    /// `[12]`
    BinaryTime(BinaryTime),
    /// `[13]`
    Bcd(i64),
    /// `[14]`
    BooleanArray(BitStr<'a>),
    /// `[15]` contents octets of a valid object identifier.
    ObjId(&'a [u8]),
    /// `[16]`
    MmsString(Text<'a>),
    /// `[17]`
    UtcTime(UtcTime),
    /// Another alternative, or an integer beyond 64 bits.
    Unknown(RawView<'a>),
}

impl<'a> DataView<'a> {
    /// The value that is all of `bytes`.
    ///
    /// # Errors
    /// When the bytes are not one valid Data.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(Layer::Mms, bytes);
        let view = Self::from_tlv(&r.any("Data")?)?;
        r.finish()?;
        Ok(view)
    }

    /// The value that `tlv` is.
    ///
    /// # Errors
    /// When it is not a valid Data.
    pub fn from_tlv(tlv: &Tlv<'a>) -> Result<Self, WireError> {
        match Shallow::of(tlv)? {
            Shallow::Array(mut members) | Shallow::Structure(mut members) => {
                validate::<false>(&mut members)?;
            }
            Shallow::Leaf(_) => {}
        }
        Ok(Self { raw: tlv.raw() })
    }

    /// What it is.
    #[must_use]
    #[inline]
    pub fn get(&self) -> DataRef<'a> {
        if let Some(plain) = Plain::first_of(self.raw) {
            let content = plain.content;
            match plain.identifier {
                ARRAY => return DataRef::Array(DataList { content }),
                STRUCTURE => return DataRef::Structure(DataList { content }),
                identifier => {
                    if let Some(value) = usual::visit(identifier, content, Borrow) {
                        return value;
                    }
                }
            }
        }
        self.get_unusual()
    }

    #[cold]
    #[inline(never)]
    fn get_unusual(&self) -> DataRef<'a> {
        let shallow = Reader::new(Layer::Mms, self.raw)
            .any("Data")
            .and_then(|tlv| Shallow::of(&tlv));
        match shallow {
            Ok(Shallow::Array(r)) => DataRef::Array(DataList {
                content: r.remaining(),
            }),
            Ok(Shallow::Structure(r)) => DataRef::Structure(DataList {
                content: r.remaining(),
            }),
            Ok(Shallow::Leaf(value)) => value,
            // Never, since it was validated.
            Err(_) => DataRef::Structure(DataList { content: &[] }),
        }
    }

    /// The encoded value, tag and length included.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Elements of an array or components of a structure.
    #[must_use]
    pub fn members(&self) -> Option<DataList<'a>> {
        match self.get() {
            DataRef::Array(list) | DataRef::Structure(list) => Some(list),
            _ => None,
        }
    }

    /// An owned copy.
    #[must_use]
    pub fn to_data(&self) -> Data {
        self.get().to_data()
    }
}

/// Equal when the values are, however they came; floating-point numbers by their bits, as [`Data`] is.
impl PartialEq for DataView<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.get(), other.get()) {
            (DataRef::Float32(one), DataRef::Float32(other)) => one.to_bits() == other.to_bits(),
            (DataRef::Float64(one), DataRef::Float64(other)) => one.to_bits() == other.to_bits(),
            (one, other) => one == other,
        }
    }
}

impl core::fmt::Display for DataView<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.to_data(), f)
    }
}

impl core::fmt::Debug for DataView<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

impl DataRef<'_> {
    /// An owned copy.
    #[must_use]
    pub fn to_data(&self) -> Data {
        match self {
            Self::Array(list) => Data::Array(list.iter().map(|view| view.to_data()).collect()),
            Self::Structure(list) => {
                Data::Structure(list.iter().map(|view| view.to_data()).collect())
            }
            Self::Boolean(value) => Data::Boolean(*value),
            Self::BitString(bits) => Data::BitString(bits.to_bit_string()),
            Self::Integer(value) => Data::Integer(*value),
            Self::Unsigned(value) => Data::Unsigned(*value),
            Self::Float32(value) => Data::FloatingPoint(Float::F32(*value)),
            Self::Float64(value) => Data::FloatingPoint(Float::F64(*value)),
            Self::FloatOther(octets) => Data::FloatingPoint(Float::Other(octets.to_vec())),
            Self::OctetString(octets) => Data::OctetString(octets.to_vec()),
            Self::VisibleString(text) => Data::VisibleString((*text).into()),
            Self::GeneralizedTime(text) => Data::GeneralizedTime((*text).into()),
            Self::BinaryTime(time) => Data::BinaryTime(*time),
            Self::Bcd(value) => Data::Bcd(*value),
            Self::BooleanArray(bits) => Data::BooleanArray(bits.to_bit_string()),
            Self::ObjId(content) => Data::ObjId(crate::ber::Oid::from_valid(content)),
            Self::MmsString(text) => Data::MmsString((*text).into()),
            Self::UtcTime(time) => Data::UtcTime(*time),
            Self::Unknown(raw) => Data::Unknown(raw.to_raw()),
        }
    }
}

/// Members of an array or structure, validated.
#[derive(Clone, Copy, Debug)]
pub struct DataList<'a> {
    content: &'a [u8],
}

impl<'a> DataList<'a> {
    /// The members in order.
    #[must_use]
    #[inline]
    pub const fn iter(&self) -> DataIter<'a> {
        DataIter { rest: self.content }
    }

    /// How many members; walks over them.
    #[must_use]
    pub fn len(&self) -> usize {
        count(self.content)
    }

    /// True when there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// The encoded members.
    #[must_use]
    pub const fn content(&self) -> &'a [u8] {
        self.content
    }
}

impl PartialEq for DataList<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a> IntoIterator for DataList<'a> {
    type Item = DataView<'a>;
    type IntoIter = DataIter<'a>;

    #[inline]
    fn into_iter(self) -> DataIter<'a> {
        self.iter()
    }
}

/// Walks over validated members.
#[derive(Clone, Debug)]
pub struct DataIter<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for DataIter<'a> {
    type Item = DataView<'a>;

    #[inline]
    fn next(&mut self) -> Option<DataView<'a>> {
        next_element(&mut self.rest).map(|raw| DataView { raw })
    }
}

/// Cuts the first element off validated octets; `None` when there is none.
#[inline]
pub(crate) fn next_element<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let octets = match rest {
        [] => return None,
        [identifier, length @ 0..=0x7f, ..] if identifier & 0x1f != 0x1f => {
            usize::from(*length).wrapping_add(2)
        }
        [identifier, 0x81, length, ..] if identifier & 0x1f != 0x1f => {
            usize::from(*length).wrapping_add(3)
        }
        _ => element_octets(rest),
    };
    let (element, more) = rest.split_at_checked(octets)?;
    *rest = more;
    Some(element)
}

#[cold]
#[inline(never)]
fn element_octets(rest: &[u8]) -> usize {
    match Reader::new(Layer::Mms, rest).next() {
        Ok(Some(tlv)) => tlv.raw().len(),
        // Never, since it was validated; more than there is ends the walk.
        Ok(None) | Err(_) => usize::MAX,
    }
}

/// Makes the view of an element that has been validated.
#[inline]
pub(crate) const fn view_of(raw: &[u8]) -> DataView<'_> {
    DataView { raw }
}

/// How many elements to make room for: those of octets that may not be valid, up to the first
/// fault, but no more than a hostile input may cost before it is decoded.
pub(crate) fn capacity(content: &[u8]) -> usize {
    count(content).min(4096)
}

/// Counts the elements of octets that may not be valid, up to the first fault.
pub(crate) fn count(mut content: &[u8]) -> usize {
    let mut count: usize = 0;
    while next_element(&mut content).is_some() {
        count = count.wrapping_add(1);
    }
    count
}

/// Validates every value that is left in `r`; of `RESULTS`, every access result.
pub(crate) fn validate<const RESULTS: bool>(r: &mut Reader<'_>) -> Result<(), WireError> {
    let quick = r.is_unobserved();
    loop {
        if quick && let Some(plain) = r.peek_plain() {
            if usual::visit(plain.identifier, plain.content, Check).is_some()
                || (RESULTS
                    && plain.identifier == FAILURE_IDENTIFIER
                    && signed(plain.content).is_some())
            {
                r.skip_plain(&plain);
                continue;
            }
            if let ARRAY | STRUCTURE = plain.identifier
                && let Some(mut members) = r.enter_plain(&plain)
            {
                validate::<false>(&mut members)?;
                r.skip_plain(&plain);
                continue;
            }
        }
        match r.next()? {
            None => return Ok(()),
            Some(tlv) if RESULTS && tlv.tag() == FAILURE => {
                tlv.i64()?;
            }
            Some(tlv) => {
                DataView::from_tlv(&tlv)?;
            }
        }
    }
}

/// A value of which only the outermost level has been looked at.
pub(crate) enum Shallow<'a> {
    Array(Reader<'a>),
    Structure(Reader<'a>),
    /// Never an array or a structure.
    Leaf(DataRef<'a>),
}

impl<'a> Shallow<'a> {
    /// Looks at `tlv`; the members of a list are not looked at.
    pub(crate) fn of(tlv: &Tlv<'a>) -> Result<Self, WireError> {
        let leaf = match tlv.tag().context_number() {
            Some(1) => return tlv.reader().map(Self::Array),
            Some(2) => return tlv.reader().map(Self::Structure),
            Some(3) => DataRef::Boolean(tlv.boolean()?),
            Some(4) => DataRef::BitString(tlv.bits()?),
            Some(5) => tlv.integer()?.map_or_else(|| wide(tlv), DataRef::Integer),
            Some(6) => tlv
                .magnitude()?
                .map_or_else(|| wide(tlv), DataRef::Unsigned),
            Some(7) => float(tlv)?,
            Some(9) => DataRef::OctetString(tlv.octets()?),
            Some(10) => DataRef::VisibleString(tlv.visible()?),
            Some(11) => DataRef::GeneralizedTime(tlv.visible()?),
            Some(12) => {
                let octets = tlv.octets()?.to_cow();
                let time =
                    BinaryTime::from_octets(&octets).ok_or_else(|| size(tlv, octets.len()))?;
                DataRef::BinaryTime(time)
            }
            Some(13) => tlv.integer()?.map_or_else(|| wide(tlv), DataRef::Bcd),
            Some(14) => DataRef::BooleanArray(tlv.bits()?),
            Some(15) => DataRef::ObjId(tlv.valid_oid()?),
            Some(16) => DataRef::MmsString(tlv.utf8()?),
            Some(17) => {
                let octets = tlv.octets()?.to_cow();
                let octets: [u8; 8] = octets
                    .as_ref()
                    .try_into()
                    .map_err(|_| size(tlv, octets.len()))?;
                DataRef::UtcTime(UtcTime::from_octets(octets))
            }
            // [0] is the failure of an AccessResult and never a value.
            Some(number) if number != 0 => unknown(tlv, ObservationKind::UnknownElement),
            _ => return Err(tlv.error(ErrorKind::NoAlternative { choice: "Data" })),
        };
        Ok(Self::Leaf(leaf))
    }
}

fn float<'a>(tlv: &Tlv<'a>) -> Result<DataRef<'a>, WireError> {
    let octets = tlv.octets()?;
    match octets.to_cow().as_ref() {
        [8, rest @ ..] if let Ok(rest) = <[u8; 4]>::try_from(rest) => {
            Ok(DataRef::Float32(f32::from_be_bytes(rest)))
        }
        [11, rest @ ..] if let Ok(rest) = <[u8; 8]>::try_from(rest) => {
            Ok(DataRef::Float64(f64::from_be_bytes(rest)))
        }
        [] => Err(size(tlv, 0)),
        _ => Ok(DataRef::FloatOther(octets)),
    }
}

#[cold]
fn wide<'a>(tlv: &Tlv<'a>) -> DataRef<'a> {
    unknown(tlv, ObservationKind::WideInteger)
}

#[cold]
fn unknown<'a>(tlv: &Tlv<'a>, kind: ObservationKind) -> DataRef<'a> {
    tlv.observe(kind);
    DataRef::Unknown(RawView::from(*tlv))
}

#[cold]
fn size(tlv: &Tlv<'_>, found: usize) -> WireError {
    tlv.content_error(ErrorKind::InvalidSize { found })
}
