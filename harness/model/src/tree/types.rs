//! MMS types and default values of nodes (IEC 61850-8-1, mapping of basic types).

use iedassay_wire::{
    ber::BitString,
    mms::{BinaryTime, Data, Float, TypeSpecification, UtcTime},
};

use super::{BType, Node};
use crate::value::initial_value;

impl BType {
    /// The MMS type of a basic type. A structure without its components is an empty one; use [`Node::type_spec`].
    #[must_use]
    pub fn type_spec(&self) -> TypeSpecification {
        use TypeSpecification as T;
        let size = |size: u32| i32::try_from(size).unwrap_or(i32::MAX);
        let at_most = |limit: u32| size(limit).saturating_neg();
        match self {
            Self::Boolean => T::Boolean,
            Self::Int8 => T::Integer(8),
            Self::Int16 => T::Integer(16),
            Self::Int24 => T::Integer(24),
            Self::Int32 => T::Integer(32),
            Self::Int64 => T::Integer(64),
            Self::Int128 => T::Integer(128),
            Self::Int8U => T::Unsigned(8),
            Self::Int16U => T::Unsigned(16),
            Self::Int24U => T::Unsigned(24),
            Self::Int32U => T::Unsigned(32),
            Self::Float32 => T::FLOAT32,
            Self::Float64 => T::FLOAT64,
            Self::Enum(literals) => {
                let fits = |low: i32, high: i32| {
                    literals
                        .literals
                        .iter()
                        .all(|(ord, _)| (low..=high).contains(ord))
                };
                if fits(i32::from(i8::MIN), i32::from(i8::MAX)) {
                    T::Integer(8)
                } else if fits(i32::from(i16::MIN), i32::from(i16::MAX)) {
                    T::Integer(16)
                } else {
                    T::Integer(32)
                }
            }
            Self::Dbpos | Self::Tcmd => T::BitString(2),
            Self::Quality => T::BitString(-13),
            Self::Timestamp => T::UtcTime,
            Self::VisString(limit) => T::VisibleString(at_most(*limit)),
            Self::ObjRef => T::VisibleString(-129),
            Self::Currency => T::VisibleString(-3),
            Self::Unicode(limit) => T::MmsString(at_most(*limit)),
            Self::Octet(limit) => T::OctetString(at_most(*limit)),
            Self::OctetFixed(count) => T::OctetString(size(*count)),
            Self::EntryTime => T::BinaryTime { with_date: true },
            Self::Check => T::BitString(-2),
            Self::TrgOps => T::BitString(-6),
            Self::OptFlds => T::BitString(-10),
            Self::SvOptFlds => T::BitString(-8),
            Self::LogOptFlds => T::BitString(-1),
            Self::BitString(limit) => T::BitString(at_most(*limit)),
            Self::Other(spec) => (**spec).clone(),
            Self::PhyComAddr | Self::Structure | Self::Unknown => T::Structure {
                packed: false,
                components: Vec::new(),
            },
        }
    }

    /// The value that a type has before anyone sets it: zero, empty, false, good.
    #[must_use]
    pub fn zero(&self) -> Data {
        match self {
            Self::Boolean => Data::Boolean(false),
            Self::Int8 | Self::Int16 | Self::Int24 | Self::Int32 | Self::Int64 | Self::Int128 => {
                Data::Integer(0)
            }
            Self::Int8U | Self::Int16U | Self::Int24U | Self::Int32U => Data::Unsigned(0),
            Self::Float32 => Data::FloatingPoint(Float::F32(0.0)),
            Self::Float64 => Data::FloatingPoint(Float::F64(0.0)),
            // Many enumerations begin at 1, and 0 would be no legal value of theirs.
            Self::Enum(literals) => {
                let has_zero = literals.literals.is_empty() || literals.literal(0).is_some();
                let first = literals
                    .literals
                    .first()
                    .map_or(0, |(ord, _)| i64::from(*ord));
                Data::Integer(if has_zero { 0 } else { first })
            }
            Self::Dbpos | Self::Tcmd | Self::Check => bits(2),
            Self::Quality => bits(13),
            Self::TrgOps => bits(6),
            Self::OptFlds => bits(10),
            Self::SvOptFlds => bits(8),
            Self::LogOptFlds => bits(1),
            Self::BitString(size) => bits(*size),
            Self::Timestamp => Data::UtcTime(UtcTime::default()),
            Self::VisString(_) | Self::ObjRef | Self::Currency => {
                Data::VisibleString(String::new())
            }
            Self::Unicode(_) => Data::MmsString(String::new()),
            Self::Octet(_) => Data::OctetString(Vec::new()),
            Self::OctetFixed(size) => {
                Data::OctetString(vec![0; usize::try_from(*size).unwrap_or(0)])
            }
            Self::EntryTime => Data::BinaryTime(BinaryTime::DateTime { millis: 0, days: 0 }),
            Self::PhyComAddr | Self::Structure | Self::Unknown | Self::Other(_) => {
                Data::Structure(Vec::new())
            }
        }
    }
}

fn bits(size: u32) -> Data {
    Data::BitString(BitString::zeros(
        usize::try_from(size.min(65_536)).unwrap_or(0),
    ))
}

impl Node<'_> {
    /// The MMS type of the node: of a leaf, a structure, a whole functional constraint, a whole logical node, a control block.
    #[must_use]
    pub fn type_spec(self) -> TypeSpecification {
        let element = self.element_type_spec();
        match self.count() {
            Some(count) => TypeSpecification::Array {
                packed: false,
                count,
                element: Box::new(element),
            },
            None => element,
        }
    }

    /// The MMS type of one element of an array; of anything else its type.
    #[must_use]
    pub fn element_type_spec(self) -> TypeSpecification {
        match self.btype() {
            Some(btype) if !btype.is_structured() => btype.type_spec(),
            _ => TypeSpecification::structure(
                self.children()
                    .map(|child| (child.name(), child.type_spec())),
            ),
        }
    }

    /// The value that the node starts with: what the description configures, else zero. Of a structure with all its components.
    #[must_use]
    pub fn default_data(self) -> Data {
        self.data_of(None, None)
    }

    /// As [`Self::default_data`], with the values of one setting group (from 1) where the description has them.
    #[must_use]
    pub fn group_data(self, group: u32) -> Data {
        self.data_of(Some(group), None)
    }

    fn data_of(self, group: Option<u32>, index: Option<u32>) -> Data {
        match self.count() {
            Some(count) => Data::Array(
                (0..count)
                    .map(|index| self.element_of(group, Some(index)))
                    .collect(),
            ),
            None => self.element_of(group, index),
        }
    }

    fn element_of(self, group: Option<u32>, index: Option<u32>) -> Data {
        match self.btype() {
            Some(btype) if !btype.is_structured() => {
                let of_group = group.and_then(|group| {
                    self.group_values()
                        .iter()
                        .find(|(number, _)| *number == group)
                });
                let text = match of_group {
                    Some((_, text)) => Some(text.as_str()),
                    None => index
                        .and_then(|index| self.element_value(index))
                        .or(self.initial())
                        .or_else(|| self.group_values().first().map(|(_, text)| text.as_str())),
                };
                text.and_then(|text| initial_value(btype, text).ok())
                    .unwrap_or_else(|| btype.zero())
            }
            _ => Data::Structure(
                self.children()
                    .map(|child| child.data_of(group, index))
                    .collect(),
            ),
        }
    }
}
