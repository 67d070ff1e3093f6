//! Types of variables (ISO 9506-2, TypeSpecification).

use core::fmt;

use crate::ber::{RawTlv, Reader, Tag, Tlv, Writer};
use crate::error::{ErrorKind, WireError};
use crate::mms::ObjectName;
use crate::observe::ObservationKind;

/// Type of a variable (ISO 9506-2, TypeSpecification).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeSpecification {
    /// `[0]` a named type.
    TypeName(ObjectName),
    /// `[1]`
    Array {
        /// Elements are packed; normally false.
        packed: bool,
        /// How many elements.
        count: u32,
        /// Type of each.
        element: Box<TypeSpecification>,
    },
    /// `[2]`
    Structure {
        /// Components are packed; normally false.
        packed: bool,
        /// The components in order.
        components: Vec<Component>,
    },
    /// `[3]`
    Boolean,
    /// `[4]` bits; negative means at most so many.
    BitString(i32),
    /// `[5]` width in bits.
    Integer(u8),
    /// `[6]` width in bits.
    Unsigned(u8),
    /// `[7]`
    FloatingPoint {
        /// Width of the number in bits.
        format_width: u8,
        /// Width of its exponent in bits.
        exponent_width: u8,
    },
    /// `[9]` octets; negative means at most so many.
    OctetString(i32),
    /// `[10]` characters; negative means at most so many.
    VisibleString(i32),
    /// `[11]`
    GeneralizedTime,
    /// `[12]`
    BinaryTime {
        /// Six octets with a date, rather than four without.
        with_date: bool,
    },
    /// `[13]` decimal digits.
    Bcd(u8),
    /// `[15]`
    ObjId,
    /// `[16]` characters; negative means at most so many.
    MmsString(i32),
    /// `[17]`
    UtcTime,
    /// Another alternative.
    Unknown(RawTlv),
}

/// A component of a structure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Component {
    /// Its name.
    pub name: Option<String>,
    /// Its type.
    pub type_spec: TypeSpecification,
}

impl TypeSpecification {
    /// Single-precision floating point.
    pub const FLOAT32: Self = Self::FloatingPoint {
        format_width: 32,
        exponent_width: 8,
    };
    /// Double-precision floating point.
    pub const FLOAT64: Self = Self::FloatingPoint {
        format_width: 64,
        exponent_width: 11,
    };

    /// A structure of named components.
    #[must_use]
    pub fn structure<N: Into<String>>(
        components: impl IntoIterator<Item = (N, TypeSpecification)>,
    ) -> Self {
        let components = components
            .into_iter()
            .map(|(name, type_spec)| Component {
                name: Some(name.into()),
                type_spec,
            })
            .collect();
        Self::Structure {
            packed: false,
            components,
        }
    }

    /// The type of the component of that name.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Structure { components, .. } => components
                .iter()
                .find(|component| component.name.as_deref() == Some(name))
                .map(|component| &component.type_spec),
            _ => None,
        }
    }

    /// Decodes one type that is all of `bytes`.
    ///
    /// # Errors
    /// When the bytes are not one valid TypeSpecification.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(crate::Layer::Mms, bytes);
        let type_spec = Self::from_tlv(&r.any(CHOICE)?)?;
        r.finish()?;
        Ok(type_spec)
    }

    /// The type that `tlv` is.
    ///
    /// # Errors
    /// When it is not a valid TypeSpecification.
    pub fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        Ok(match tlv.tag().context_number() {
            Some(0) => Self::TypeName(ObjectName::from_tlv(&tlv.inner("ObjectName")?)?),
            Some(1) => {
                let mut r = tlv.reader()?;
                let packed = default_false(&mut r, Tag::context(0))?;
                let count = r.expect(Tag::context(1))?.u32()?;
                let element = Self::from_tlv(&r.expect(Tag::context(2))?.inner(CHOICE)?)?;
                r.finish()?;
                Self::Array {
                    packed,
                    count,
                    element: Box::new(element),
                }
            }
            Some(2) => {
                let mut r = tlv.reader()?;
                let packed = default_false(&mut r, Tag::context(0))?;
                let mut list = r.expect(Tag::context(1))?.reader()?;
                r.finish()?;
                let mut components = Vec::new();
                while !list.is_empty() {
                    components.push(Component::from_tlv(&list.expect(Tag::SEQUENCE)?)?);
                }
                Self::Structure { packed, components }
            }
            Some(3) => tlv.null().map(|()| Self::Boolean)?,
            Some(4) => Self::BitString(tlv.i32()?),
            Some(5) => Self::Integer(tlv.u8()?),
            Some(6) => Self::Unsigned(tlv.u8()?),
            Some(7) => {
                let mut r = tlv.reader()?;
                let format_width = r.expect(Tag::INTEGER)?.u8()?;
                let exponent_width = r.expect(Tag::INTEGER)?.u8()?;
                r.finish()?;
                Self::FloatingPoint {
                    format_width,
                    exponent_width,
                }
            }
            Some(9) => Self::OctetString(tlv.i32()?),
            Some(10) => Self::VisibleString(tlv.i32()?),
            Some(11) => tlv.null().map(|()| Self::GeneralizedTime)?,
            Some(12) => Self::BinaryTime {
                with_date: tlv.boolean()?,
            },
            Some(13) => Self::Bcd(tlv.u8()?),
            Some(15) => tlv.null().map(|()| Self::ObjId)?,
            Some(16) => Self::MmsString(tlv.i32()?),
            Some(17) => tlv.null().map(|()| Self::UtcTime)?,
            Some(_) => {
                tlv.observe(ObservationKind::UnknownElement);
                Self::Unknown(tlv.to_raw())
            }
            None => return Err(tlv.error(ErrorKind::NoAlternative { choice: CHOICE })),
        })
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
            Self::TypeName(name) => name.encode_tagged(w, Tag::context(0)),
            Self::Array {
                packed,
                count,
                element,
            } => w.constructed(Tag::context(1), |w| {
                w.constructed(Tag::context(2), |w| element.encode_into(w));
                w.unsigned(Tag::context(1), u64::from(*count));
                if *packed {
                    w.boolean(Tag::context(0), true);
                }
            }),
            Self::Structure { packed, components } => w.constructed(Tag::context(2), |w| {
                w.constructed(Tag::context(1), |w| {
                    for component in components.iter().rev() {
                        component.encode(w);
                    }
                });
                if *packed {
                    w.boolean(Tag::context(0), true);
                }
            }),
            Self::Boolean => w.null(Tag::context(3)),
            Self::BitString(size) => w.integer(Tag::context(4), i64::from(*size)),
            Self::Integer(width) => w.unsigned(Tag::context(5), u64::from(*width)),
            Self::Unsigned(width) => w.unsigned(Tag::context(6), u64::from(*width)),
            Self::FloatingPoint {
                format_width,
                exponent_width,
            } => {
                w.constructed(Tag::context(7), |w| {
                    w.unsigned(Tag::INTEGER, u64::from(*exponent_width));
                    w.unsigned(Tag::INTEGER, u64::from(*format_width));
                });
            }
            Self::OctetString(size) => w.integer(Tag::context(9), i64::from(*size)),
            Self::VisibleString(size) => w.integer(Tag::context(10), i64::from(*size)),
            Self::GeneralizedTime => w.null(Tag::context(11)),
            Self::BinaryTime { with_date } => w.boolean(Tag::context(12), *with_date),
            Self::Bcd(digits) => w.unsigned(Tag::context(13), u64::from(*digits)),
            Self::ObjId => w.null(Tag::context(15)),
            Self::MmsString(size) => w.integer(Tag::context(16), i64::from(*size)),
            Self::UtcTime => w.null(Tag::context(17)),
            Self::Unknown(raw) => raw.encode_into(w),
        }
    }
}

const CHOICE: &str = "TypeSpecification";

impl Component {
    fn from_tlv(tlv: &Tlv<'_>) -> Result<Self, WireError> {
        let mut r = tlv.reader()?;
        let name = match r.optional(Tag::context(0))? {
            Some(name) => Some(name.visible()?.into()),
            None => None,
        };
        let type_spec = TypeSpecification::from_tlv(&r.expect(Tag::context(1))?.inner(CHOICE)?)?;
        r.finish()?;
        Ok(Self { name, type_spec })
    }

    fn encode(&self, w: &mut Writer) {
        w.constructed(Tag::SEQUENCE, |w| {
            w.constructed(Tag::context(1), |w| self.type_spec.encode_into(w));
            if let Some(name) = &self.name {
                w.text(Tag::context(0), name);
            }
        });
    }
}

/// A BOOLEAN DEFAULT FALSE.
pub(crate) fn default_false(r: &mut Reader<'_>, tag: Tag) -> Result<bool, WireError> {
    default_boolean(r, tag, false)
}

/// A BOOLEAN DEFAULT `default`.
pub(crate) fn default_boolean(
    r: &mut Reader<'_>,
    tag: Tag,
    default: bool,
) -> Result<bool, WireError> {
    let Some(tlv) = r.optional(tag)? else {
        return Ok(default);
    };
    let value = tlv.boolean()?;
    if value == default {
        tlv.observe(ObservationKind::DefaultEncoded);
    }
    Ok(value)
}

/// `structure{stVal: boolean, q: bit-string(13), t: utc-time}`, `array[10] of float32`.
impl fmt::Display for TypeSpecification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packed = |packed: bool| if packed { "packed " } else { "" };
        match self {
            Self::TypeName(name) => write!(f, "type {name}"),
            Self::Array {
                packed: p,
                count,
                element,
            } => {
                write!(f, "{}array[{count}] of {element}", packed(*p))
            }
            Self::Structure {
                packed: p,
                components,
            } => {
                f.write_str(packed(*p))?;
                super::code::write_list(f, "structure{", components, "}")
            }
            Self::Boolean => f.write_str("boolean"),
            Self::BitString(size) => write!(f, "bit-string({size})"),
            Self::Integer(width) => write!(f, "integer({width})"),
            Self::Unsigned(width) => write!(f, "unsigned({width})"),
            Self::FloatingPoint {
                format_width: 32,
                exponent_width: 8,
            } => f.write_str("float32"),
            Self::FloatingPoint {
                format_width: 64,
                exponent_width: 11,
            } => f.write_str("float64"),
            Self::FloatingPoint {
                format_width,
                exponent_width,
            } => {
                write!(f, "floating-point({format_width}, {exponent_width})")
            }
            Self::OctetString(size) => write!(f, "octet-string({size})"),
            Self::VisibleString(size) => write!(f, "visible-string({size})"),
            Self::GeneralizedTime => f.write_str("generalized-time"),
            Self::BinaryTime { with_date: true } => f.write_str("binary-time(6)"),
            Self::BinaryTime { with_date: false } => f.write_str("binary-time(4)"),
            Self::Bcd(digits) => write!(f, "bcd({digits})"),
            Self::ObjId => f.write_str("objId"),
            Self::MmsString(size) => write!(f, "mMSString({size})"),
            Self::UtcTime => f.write_str("utc-time"),
            Self::Unknown(raw) => write!(f, "unknown {raw}"),
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name}: {}", self.type_spec),
            None => write!(f, "{}", self.type_spec),
        }
    }
}
