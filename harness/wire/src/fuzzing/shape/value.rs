//! Data, types, names and access: what MMS services are made of.

use arbitrary::{Result, Unstructured};

use crate::ber::Tag;
use crate::fuzzing::shape::{any, bits, list, octets, oid, option, raw, slice, text};
use crate::mms::{
    AccessResult, AccessSelection, Address, AlternateAccess, AlternateAccessItem, BinaryTime,
    Component, Data, DataAccessError, Float, ListedVariable, ObjectName, Selector, TimeQuality,
    TypeSpecification, UtcTime, VariableAccess, VariableSpecification,
};

/// Values inside values.
const MAX_DEPTH: u8 = 6;

/// Any value.
pub(in crate::fuzzing) fn data(u: &mut Unstructured<'_>) -> Result<Data> {
    nested_data(u, 0)
}

fn nested_data(u: &mut Unstructured<'_>, depth: u8) -> Result<Data> {
    let inside = depth.saturating_add(1);
    let kinds = if depth < MAX_DEPTH { 16 } else { 14 };
    Ok(match u.int_in_range(0..=kinds)? {
        0 => Data::Boolean(any(u)?),
        1 => Data::BitString(bits(u)?),
        2 => Data::Integer(any(u)?),
        3 => Data::Unsigned(any(u)?),
        4 => Data::FloatingPoint(float(u)?),
        5 => Data::OctetString(octets(u)?),
        6 => Data::VisibleString(text(u)?),
        7 => Data::GeneralizedTime(text(u)?),
        8 => Data::BinaryTime(binary_time(u)?),
        9 => Data::Bcd(any(u)?),
        10 => Data::BooleanArray(bits(u)?),
        11 => Data::ObjId(oid(u)?),
        12 => Data::MmsString(text(u)?),
        13 => Data::UtcTime(UtcTime {
            seconds: any(u)?,
            fraction: u.int_in_range(0..=0xff_ffff)?,
            quality: TimeQuality(any(u)?),
        }),
        14 => Data::Unknown(raw(u, 18..=Tag::MAX_NUMBER)?),
        15 => Data::Array(list(u, |u| nested_data(u, inside))?),
        _ => Data::Structure(list(u, |u| nested_data(u, inside))?),
    })
}

fn float(u: &mut Unstructured<'_>) -> Result<Float> {
    Ok(match u.int_in_range(0..=2)? {
        0 => Float::F32(f32::from_bits(any(u)?)),
        1 => Float::F64(f64::from_bits(any(u)?)),
        _ => {
            // The exponent width and an odd number of octets, which neither known width has.
            let mut other = vec![any(u)?];
            other.extend_from_slice(slice(u)?);
            match (other.first(), other.len()) {
                (Some(8), 5) | (Some(11), 9) => Float::F32(0.0),
                _ => Float::Other(other),
            }
        }
    })
}

pub(super) fn binary_time(u: &mut Unstructured<'_>) -> Result<BinaryTime> {
    let millis = any(u)?;
    Ok(match option(u, any::<u16>)? {
        None => BinaryTime::TimeOfDay { millis },
        Some(days) => BinaryTime::DateTime { millis, days },
    })
}

pub(super) fn object_name(u: &mut Unstructured<'_>) -> Result<ObjectName> {
    Ok(match u.int_in_range(0..=2)? {
        0 => ObjectName::Domain {
            domain: text(u)?,
            item: text(u)?,
        },
        1 => ObjectName::Vmd(text(u)?),
        _ => ObjectName::Aa(text(u)?),
    })
}

/// Any type.
pub(in crate::fuzzing) fn type_spec(u: &mut Unstructured<'_>) -> Result<TypeSpecification> {
    nested_type(u, 0)
}

fn nested_type(u: &mut Unstructured<'_>, depth: u8) -> Result<TypeSpecification> {
    use TypeSpecification as T;
    let inside = depth.saturating_add(1);
    let kinds = if depth < MAX_DEPTH { 16 } else { 14 };
    Ok(match u.int_in_range(0..=kinds)? {
        0 => T::Boolean,
        1 => T::TypeName(object_name(u)?),
        2 => T::BitString(any(u)?),
        3 => T::Integer(any(u)?),
        4 => T::Unsigned(any(u)?),
        5 => T::FloatingPoint {
            format_width: any(u)?,
            exponent_width: any(u)?,
        },
        6 => T::OctetString(any(u)?),
        7 => T::VisibleString(any(u)?),
        8 => T::GeneralizedTime,
        9 => T::BinaryTime { with_date: any(u)? },
        10 => T::Bcd(any(u)?),
        11 => T::ObjId,
        12 => T::MmsString(any(u)?),
        13 => T::UtcTime,
        14 => T::Unknown(raw(u, 18..=100)?),
        15 => T::Array {
            packed: any(u)?,
            count: any(u)?,
            element: Box::new(nested_type(u, inside)?),
        },
        _ => T::Structure {
            packed: any(u)?,
            components: list(u, |u| {
                Ok(Component {
                    name: option(u, text)?,
                    type_spec: nested_type(u, inside)?,
                })
            })?,
        },
    })
}

fn selector(u: &mut Unstructured<'_>) -> Result<Selector> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Selector::Component(text(u)?),
        1 => Selector::Index(any(u)?),
        2 => Selector::IndexRange {
            low: any(u)?,
            count: any(u)?,
        },
        _ => Selector::AllElements,
    })
}

fn alternate_access(u: &mut Unstructured<'_>, depth: u8) -> Result<AlternateAccess> {
    let inside = depth.saturating_add(1);
    let items = list(u, |u| {
        let name = option(u, text)?;
        let selector = selector(u)?;
        let selection = if depth < MAX_DEPTH && any(u)? {
            AccessSelection::Nested(selector, alternate_access(u, inside)?)
        } else {
            AccessSelection::Select(selector)
        };
        Ok(AlternateAccessItem { name, selection })
    })?;
    Ok(AlternateAccess { items })
}

pub(super) fn address(u: &mut Unstructured<'_>) -> Result<Address> {
    Ok(match u.int_in_range(0..=2)? {
        0 => Address::Numeric(any(u)?),
        1 => Address::Symbolic(text(u)?),
        _ => Address::Unconstrained(octets(u)?),
    })
}

pub(super) fn listed_variable(u: &mut Unstructured<'_>) -> Result<ListedVariable> {
    use VariableSpecification as V;
    let specification = match u.int_in_range(0..=5)? {
        0 | 1 => V::Name(object_name(u)?),
        2 => V::Address(address(u)?),
        3 => V::Description {
            address: address(u)?,
            type_spec: type_spec(u)?,
        },
        4 => V::ScatteredAccess(raw(u, 3..=3)?),
        _ => V::Invalidated,
    };
    Ok(ListedVariable {
        specification,
        alternate_access: option(u, |u| alternate_access(u, 0))?,
    })
}

pub(super) fn variable_access(u: &mut Unstructured<'_>) -> Result<VariableAccess> {
    Ok(if any(u)? {
        VariableAccess::VariableListName(object_name(u)?)
    } else {
        VariableAccess::ListOfVariable(list(u, listed_variable)?)
    })
}

pub(super) fn access_results(u: &mut Unstructured<'_>) -> Result<Vec<AccessResult>> {
    list(u, |u| {
        Ok(if any(u)? {
            Err(DataAccessError(any(u)?))
        } else {
            Ok(data(u)?)
        })
    })
}
