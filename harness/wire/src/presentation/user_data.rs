//! User data of every PPDU (ISO 8823-1, 8.4).

use crate::ber::{Oid, Reader, Tag, Tlv, Writer};
use crate::error::{ErrorKind, Layer, WireError};

/// Octet string without context.
pub(super) const SIMPLE: Tag = Tag::application(0);
/// Sequence of PDV lists.
pub(super) const FULL: Tag = Tag::application(1);

/// How many PDV lists one PPDU may hold; real ones hold one.
const MAX_PDVS: usize = 16;

/// User data, borrowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserData<'a> {
    /// Octets of the default context.
    Simple(&'a [u8]),
    /// Presentation data values with their contexts.
    Full(Vec<Pdv<'a>>),
}

/// One PDV list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdv<'a> {
    /// Transfer syntax; stated only when several were proposed, but some stacks always do.
    pub transfer_syntax: Option<Oid>,
    /// Presentation context identifier.
    pub context: i64,
    /// How the values are wrapped.
    pub encoding: PdvEncoding,
    /// The values: for a single ASN.1 type one BER element.
    pub values: &'a [u8],
    /// Offset of `values` from the start of the input.
    pub offset: usize,
}

/// Wrapping of presentation data values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PdvEncoding {
    /// One ASN.1 value.
    SingleAsn1,
    /// An octet string.
    OctetAligned,
    /// A bit string whose bits fill whole octets.
    Arbitrary,
}

impl<'a> UserData<'a> {
    /// One ASN.1 value in `context`.
    #[must_use]
    pub fn single(context: i64, values: &'a [u8]) -> Self {
        Self::Full(vec![Pdv {
            transfer_syntax: None,
            context,
            encoding: PdvEncoding::SingleAsn1,
            values,
            offset: 0,
        }])
    }

    /// Decodes user data that stand alone, as in a data-phase SPDU. `offset` is the place of
    /// `octets` in what errors count from.
    ///
    /// # Errors
    /// When they are not one complete element of either form.
    pub fn decode(octets: &'a [u8], offset: usize) -> Result<Self, WireError> {
        let mut reader = Reader::new(Layer::Presentation, octets).at_offset(offset);
        let tlv = reader.any("User-data")?;
        let data = Self::from_tlv(&tlv)?;
        reader.finish()?;
        Ok(data)
    }

    /// True when `tlv` is user data at all.
    pub(super) fn is(tlv: &Tlv<'_>) -> bool {
        tlv.tag() == SIMPLE || tlv.tag() == FULL
    }

    pub(super) fn from_tlv(tlv: &Tlv<'a>) -> Result<Self, WireError> {
        if tlv.tag() == SIMPLE {
            return Ok(Self::Simple(tlv.primitive()?));
        }
        if tlv.tag() != FULL {
            return Err(tlv.error(ErrorKind::NoAlternative {
                choice: "User-data",
            }));
        }
        let mut lists = tlv.reader()?;
        let mut pdvs = Vec::new();
        while let Some(list) = lists.next()? {
            if pdvs.len() == MAX_PDVS {
                return Err(list.error(ErrorKind::SizeExceeded { limit: MAX_PDVS }));
            }
            pdvs.push(pdv(&list)?);
        }
        Ok(Self::Full(pdvs))
    }

    /// Puts it in front of what `w` holds.
    pub(super) fn encode_into(&self, w: &mut Writer) {
        match self {
            Self::Simple(octets) => w.octets(SIMPLE, octets),
            Self::Full(pdvs) => w.constructed(FULL, |w| {
                for pdv in pdvs.iter().rev() {
                    pdv.encode_into(w);
                }
            }),
        }
    }

    /// Encodes it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        self.encode_into(&mut w);
        w.into_vec()
    }

    /// The values of the first PDV list in `context` and their offset.
    #[must_use]
    pub fn in_context(&self, context: i64) -> Option<(&'a [u8], usize)> {
        match self {
            Self::Simple(_) => None,
            Self::Full(pdvs) => pdvs
                .iter()
                .find(|pdv| pdv.context == context)
                .map(|pdv| (pdv.values, pdv.offset)),
        }
    }
}

impl Pdv<'_> {
    fn encode_into(&self, w: &mut Writer) {
        w.constructed(Tag::SEQUENCE, |w| {
            match self.encoding {
                PdvEncoding::SingleAsn1 => w.element(Tag::context(0), true, self.values),
                PdvEncoding::OctetAligned => w.octets(Tag::context(1), self.values),
                PdvEncoding::Arbitrary => {
                    w.put(self.values);
                    w.put(&[0]);
                    w.header(Tag::context(2), false, self.values.len().saturating_add(1));
                }
            }
            w.integer(Tag::INTEGER, self.context);
            if let Some(syntax) = &self.transfer_syntax {
                w.oid(Tag::OID, syntax);
            }
        });
    }
}

/// User data of one ASN.1 value in `context`, in one pass: the hot path of the data phase.
#[must_use]
pub fn encode_data(context: i64, values: &[u8]) -> Vec<u8> {
    let mut w = Writer::with_capacity(values.len().saturating_add(32));
    w.constructed(FULL, |w| {
        w.constructed(Tag::SEQUENCE, |w| {
            w.element(Tag::context(0), true, values);
            w.integer(Tag::INTEGER, context);
        });
    });
    w.into_vec()
}

/// What precedes one ASN.1 value of `len` octets in `context`: all of [`encode_data`] but the value,
/// for those who do not want to copy it.
#[must_use]
pub fn data_header(context: i64, len: usize) -> Vec<u8> {
    let mut w = Writer::with_capacity(32);
    w.header(Tag::context(0), true, len);
    w.integer(Tag::INTEGER, context);
    w.header(Tag::SEQUENCE, true, w.len().saturating_add(len));
    w.header(FULL, true, w.len().saturating_add(len));
    w.into_vec()
}

/// The one PDV list of user data, decoded without allocation: the hot path of the data phase. `None`
/// when there are more lists or none, or the user data are simply encoded.
///
/// # Errors
/// When the octets are not one complete element of either form.
pub fn decode_single(octets: &[u8], offset: usize) -> Result<Option<Pdv<'_>>, WireError> {
    let mut reader = Reader::new(Layer::Presentation, octets).at_offset(offset);
    let data = reader.any("User-data")?;
    reader.finish()?;
    if data.tag() != FULL {
        return Ok(None);
    }
    let mut lists = data.reader()?;
    match lists.next()? {
        Some(list) if lists.is_empty() => pdv(&list).map(Some),
        _ => Ok(None),
    }
}

fn pdv<'a>(list: &Tlv<'a>) -> Result<Pdv<'a>, WireError> {
    if list.tag() != Tag::SEQUENCE {
        return Err(list.error(ErrorKind::UnexpectedTag {
            expected: Tag::SEQUENCE,
            found: list.tag(),
        }));
    }
    let mut reader = list.reader()?;
    let transfer_syntax = match reader.optional(Tag::OID)? {
        Some(tlv) => Some(tlv.oid()?),
        None => None,
    };
    let context = reader.expect(Tag::INTEGER)?.i64()?;
    let tlv = reader.any("presentation-data-values")?;
    let (encoding, values, offset) = match tlv.tag().context_number() {
        Some(0) if tlv.is_constructed() => {
            (PdvEncoding::SingleAsn1, tlv.content(), tlv.content_offset())
        }
        Some(0) => return Err(tlv.error(ErrorKind::NotConstructed)),
        Some(1) => (
            PdvEncoding::OctetAligned,
            tlv.primitive()?,
            tlv.content_offset(),
        ),
        Some(2) => match tlv.primitive()?.split_first() {
            Some((0, values)) => (
                PdvEncoding::Arbitrary,
                values,
                tlv.content_offset().saturating_add(1),
            ),
            _ => return Err(tlv.content_error(ErrorKind::InvalidBitString)),
        },
        _ => {
            return Err(tlv.error(ErrorKind::NoAlternative {
                choice: "presentation-data-values",
            }));
        }
    };
    reader.finish()?;
    Ok(Pdv {
        transfer_syntax,
        context,
        encoding,
        values,
        offset,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_single_value_and_its_place() {
        let octets = encode_data(3, &[0x8b, 0]);
        assert_eq!(octets, [0x61, 9, 0x30, 7, 2, 1, 3, 0xa0, 2, 0x8b, 0]);
        let data = UserData::decode(&octets, 100).unwrap();
        assert_eq!(data.in_context(3), Some((&[0x8b, 0][..], 109)));
        assert_eq!(data.in_context(1), None);
        assert_eq!(UserData::single(3, &[0x8b, 0]).encode(), octets);
    }

    #[test]
    fn header_and_value_make_user_data() {
        for len in [
            0, 1, 100, 117, 118, 119, 120, 127, 128, 255, 256, 65_000, 70_000,
        ] {
            for context in [3, -1, 128, i64::MAX] {
                let values = vec![0; len];
                let mut octets = data_header(context, len);
                octets.extend_from_slice(&values);
                assert_eq!(octets, encode_data(context, &values), "{len} in {context}");
            }
        }
    }

    #[test]
    fn single_value_is_that_of_the_whole() {
        let octets = encode_data(3, &[0x8b, 0]);
        let Ok(UserData::Full(pdvs)) = UserData::decode(&octets, 7) else {
            panic!("not fully encoded")
        };
        assert_eq!(decode_single(&octets, 7).unwrap().as_ref(), pdvs.first());
        let two = UserData::Full(vec![pdvs[0].clone(), pdvs[0].clone()]).encode();
        assert_eq!(decode_single(&two, 0), Ok(None));
        assert_eq!(decode_single(&[0x40, 1, 5], 0), Ok(None));
        assert!(decode_single(&[0x61, 3, 0x30, 0], 0).is_err());
        assert!(decode_single(&[0x61, 0, 9], 0).is_err());
    }

    #[test]
    fn accepts_a_stated_transfer_syntax() {
        let octets = [0x61, 13, 0x30, 11, 6, 2, 0x51, 1, 2, 1, 3, 0xa0, 2, 0x8b, 0];
        let data = UserData::decode(&octets, 0).unwrap();
        assert_eq!(data.in_context(3), Some((&[0x8b, 0][..], 13)));
        assert_eq!(data.encode(), octets);
    }

    #[test]
    fn reads_octet_aligned_and_arbitrary_values() {
        for octets in [
            &[0x61, 9, 0x30, 7, 2, 1, 3, 0x81, 2, 5, 6][..],
            &[0x61, 10, 0x30, 8, 2, 1, 3, 0x82, 3, 0, 5, 6],
        ] {
            let data = UserData::decode(octets, 0).unwrap();
            assert_eq!(data.in_context(3).unwrap().0, [5, 6]);
            assert_eq!(data.encode(), octets);
        }
    }

    #[test]
    fn rejects_what_is_no_user_data() {
        assert!(UserData::decode(&[], 0).is_err());
        assert!(UserData::decode(&[0x30, 0], 0).is_err());
        assert!(UserData::decode(&[0x61, 2, 0x30, 0], 0).is_err());
        assert!(UserData::decode(&[0x61, 0, 1], 0).is_err());
    }
}
