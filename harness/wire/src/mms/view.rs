//! Values borrowed from the bytes that carry them.

use crate::ber::{BitStr, Octets, RawView, Reader, Text, Tlv};
use crate::error::{ErrorKind, Layer, WireError};
use crate::mms::{BinaryTime, Data, Float, UtcTime};
use crate::observe::ObservationKind;

/// A value that borrows from the input.
///
/// Making one validates it to its last leaf; walking its lists afterwards cannot fail and
/// allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DataView<'a> {
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
    #[inline]
    pub fn from_tlv(tlv: &Tlv<'a>) -> Result<Self, WireError> {
        match Shallow::of(tlv)? {
            Shallow::Array(list) => DataList::validated(list).map(Self::Array),
            Shallow::Structure(list) => DataList::validated(list).map(Self::Structure),
            Shallow::Leaf(view) => Ok(view),
        }
    }

    /// The value that `tlv` is, which has been validated before.
    #[inline]
    pub(crate) fn trusted(tlv: &Tlv<'a>) -> Option<Self> {
        match Shallow::of(tlv).ok()? {
            Shallow::Array(r) => Some(Self::Array(DataList {
                content: r.remaining(),
            })),
            Shallow::Structure(r) => Some(Self::Structure(DataList {
                content: r.remaining(),
            })),
            Shallow::Leaf(view) => Some(view),
        }
    }

    /// Elements of an array or components of a structure.
    #[must_use]
    pub const fn members(&self) -> Option<DataList<'a>> {
        match self {
            Self::Array(list) | Self::Structure(list) => Some(*list),
            _ => None,
        }
    }

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

impl core::fmt::Display for DataView<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.to_data(), f)
    }
}

/// Members of an array or structure, validated.
#[derive(Clone, Copy, Debug)]
pub struct DataList<'a> {
    content: &'a [u8],
}

impl<'a> DataList<'a> {
    /// Validates all that is left in `r`.
    #[inline]
    pub(crate) fn validated(mut r: Reader<'a>) -> Result<Self, WireError> {
        let content = r.remaining();
        while let Some(tlv) = r.next()? {
            DataView::from_tlv(&tlv)?;
        }
        Ok(Self { content })
    }

    /// The members in order.
    #[must_use]
    pub fn iter(&self) -> DataIter<'a> {
        DataIter {
            r: Reader::new(Layer::Mms, self.content),
        }
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

    fn into_iter(self) -> DataIter<'a> {
        self.iter()
    }
}

/// Walks over validated members.
#[derive(Clone, Debug)]
pub struct DataIter<'a> {
    r: Reader<'a>,
}

impl<'a> Iterator for DataIter<'a> {
    type Item = DataView<'a>;

    #[inline]
    fn next(&mut self) -> Option<DataView<'a>> {
        DataView::trusted(&self.r.next().ok().flatten()?)
    }
}

/// Counts the elements of validated contents.
pub(crate) fn count(content: &[u8]) -> usize {
    let mut r = Reader::new(Layer::Mms, content);
    let mut count: usize = 0;
    while let Ok(Some(_)) = r.next() {
        count = count.saturating_add(1);
    }
    count
}

/// A value of which only the outermost level has been looked at.
pub(crate) enum Shallow<'a> {
    Array(Reader<'a>),
    Structure(Reader<'a>),
    /// Never an array or a structure.
    Leaf(DataView<'a>),
}

impl<'a> Shallow<'a> {
    /// Looks at `tlv`; the members of a list are not looked at.
    #[inline]
    pub(crate) fn of(tlv: &Tlv<'a>) -> Result<Self, WireError> {
        let leaf = match tlv.tag().context_number() {
            Some(1) => return tlv.reader().map(Self::Array),
            Some(2) => return tlv.reader().map(Self::Structure),
            Some(3) => DataView::Boolean(tlv.boolean()?),
            Some(4) => DataView::BitString(tlv.bits()?),
            Some(5) => tlv.integer()?.map_or_else(|| wide(tlv), DataView::Integer),
            Some(6) => tlv
                .magnitude()?
                .map_or_else(|| wide(tlv), DataView::Unsigned),
            Some(7) => float(tlv)?,
            Some(9) => DataView::OctetString(tlv.octets()?),
            Some(10) => DataView::VisibleString(tlv.visible()?),
            Some(11) => DataView::GeneralizedTime(tlv.visible()?),
            Some(12) => {
                let octets = tlv.octets()?.to_cow();
                let time =
                    BinaryTime::from_octets(&octets).ok_or_else(|| size(tlv, octets.len()))?;
                DataView::BinaryTime(time)
            }
            Some(13) => tlv.integer()?.map_or_else(|| wide(tlv), DataView::Bcd),
            Some(14) => DataView::BooleanArray(tlv.bits()?),
            Some(15) => DataView::ObjId(tlv.valid_oid()?),
            Some(16) => DataView::MmsString(tlv.utf8()?),
            Some(17) => {
                let octets = tlv.octets()?.to_cow();
                let octets: [u8; 8] = octets
                    .as_ref()
                    .try_into()
                    .map_err(|_| size(tlv, octets.len()))?;
                DataView::UtcTime(UtcTime::from_octets(octets))
            }
            // [0] is the failure of an AccessResult and never a value.
            Some(number) if number != 0 => unknown(tlv, ObservationKind::UnknownElement),
            _ => return Err(tlv.error(ErrorKind::NoAlternative { choice: "Data" })),
        };
        Ok(Self::Leaf(leaf))
    }
}

#[inline]
fn float<'a>(tlv: &Tlv<'a>) -> Result<DataView<'a>, WireError> {
    let octets = tlv.octets()?;
    match octets.to_cow().as_ref() {
        [8, rest @ ..] if let Ok(rest) = <[u8; 4]>::try_from(rest) => {
            Ok(DataView::Float32(f32::from_be_bytes(rest)))
        }
        [11, rest @ ..] if let Ok(rest) = <[u8; 8]>::try_from(rest) => {
            Ok(DataView::Float64(f64::from_be_bytes(rest)))
        }
        [] => Err(size(tlv, 0)),
        _ => Ok(DataView::FloatOther(octets)),
    }
}

#[cold]
fn wide<'a>(tlv: &Tlv<'a>) -> DataView<'a> {
    unknown(tlv, ObservationKind::WideInteger)
}

#[cold]
fn unknown<'a>(tlv: &Tlv<'a>, kind: ObservationKind) -> DataView<'a> {
    tlv.observe(kind);
    DataView::Unknown(RawView::from(*tlv))
}

#[cold]
fn size(tlv: &Tlv<'_>, found: usize) -> WireError {
    tlv.content_error(ErrorKind::InvalidSize { found })
}
