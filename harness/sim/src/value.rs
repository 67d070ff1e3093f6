//! What may be written to a leaf.

use iedassay_model::tree::{BType, Node};
use iedassay_wire::mms::{BinaryTime, Data, DataAccessError, Float, TimeQuality};

/// Quality of the clock: synchronised, ten significant bits of the fraction.
pub(crate) const CLOCK_QUALITY: TimeQuality = TimeQuality(10);

/// Whether a node can take a value: its type, and the literals of its enumerations.
///
/// # Errors
/// `type-inconsistent` for another type or a wider number, `object-value-invalid` for a number outside an enumeration.
pub(crate) fn check(node: Node<'_>, data: &Data) -> Result<(), DataAccessError> {
    match (node.count(), data) {
        (Some(count), Data::Array(elements)) if u32::try_from(elements.len()) == Ok(count) => {
            elements
                .iter()
                .try_for_each(|element| check_element(node, element))
        }
        (Some(_), _) => Err(DataAccessError::TYPE_INCONSISTENT),
        (None, _) => check_element(node, data),
    }
}

/// As [`check`], for one element when the node is an array.
pub(crate) fn check_element(node: Node<'_>, data: &Data) -> Result<(), DataAccessError> {
    match (node.btype(), data) {
        (Some(btype), _) if node.is_leaf() => check_basic(btype, data),
        (_, Data::Structure(components)) if components.len() == node.children().count() => node
            .children()
            .zip(components)
            .try_for_each(|(child, component)| check(child, component)),
        _ => Err(DataAccessError::TYPE_INCONSISTENT),
    }
}

/// As [`check`], for a basic type. Bit strings have exactly the length of their type.
pub(crate) fn check_basic(btype: &BType, data: &Data) -> Result<(), DataAccessError> {
    let fits = |ok: bool| {
        if ok {
            Ok(())
        } else {
            Err(DataAccessError::TYPE_INCONSISTENT)
        }
    };
    match (btype, data) {
        (BType::Enum(literals), Data::Integer(number)) => {
            if literals.literals.is_empty() || literals.literal(*number).is_some() {
                Ok(())
            } else {
                Err(DataAccessError::OBJECT_VALUE_INVALID)
            }
        }
        (BType::Int8, Data::Integer(number)) => fits(i8::try_from(*number).is_ok()),
        (BType::Int16, Data::Integer(number)) => fits(i16::try_from(*number).is_ok()),
        (BType::Int24, Data::Integer(number)) => fits((-0x80_0000..0x80_0000).contains(number)),
        (BType::Int32, Data::Integer(number)) => fits(i32::try_from(*number).is_ok()),
        (BType::Int8U, Data::Unsigned(number)) => fits(u8::try_from(*number).is_ok()),
        (BType::Int16U, Data::Unsigned(number)) => fits(u16::try_from(*number).is_ok()),
        (BType::Int24U, Data::Unsigned(number)) => fits(*number <= 0xff_ffff),
        (BType::Int32U, Data::Unsigned(number)) => fits(u32::try_from(*number).is_ok()),
        (BType::VisString(size), Data::VisibleString(text)) => fits(at_most(text.len(), *size)),
        (BType::ObjRef, Data::VisibleString(text)) => fits(at_most(text.len(), 129)),
        (BType::Currency, Data::VisibleString(text)) => fits(at_most(text.len(), 3)),
        (BType::Unicode(size), Data::MmsString(text)) => fits(at_most(text.chars().count(), *size)),
        (BType::Octet(size), Data::OctetString(octets)) => fits(at_most(octets.len(), *size)),
        (BType::OctetFixed(size), Data::OctetString(octets)) => {
            fits(usize::try_from(*size).ok() == Some(octets.len()))
        }
        (BType::BitString(size), Data::BitString(bits)) => fits(at_most(bits.len(), *size)),
        (other, Data::BitString(bits)) => {
            fits(matches!(other.zero(), Data::BitString(zero) if zero.len() == bits.len()))
        }
        (BType::Boolean, Data::Boolean(_))
        | (BType::Float32, Data::FloatingPoint(Float::F32(_)))
        | (BType::Float64, Data::FloatingPoint(Float::F64(_)))
        | (BType::Timestamp, Data::UtcTime(_))
        | (BType::EntryTime, Data::BinaryTime(BinaryTime::DateTime { .. }))
        | (BType::Int64 | BType::Int128, Data::Integer(_)) => Ok(()),
        _ => fits(false),
    }
}

fn at_most(length: usize, size: u32) -> bool {
    u32::try_from(length).is_ok_and(|length| length <= size)
}

/// An integer cut to the width of its type, as a careless device does; none when it fits or is no integer.
pub(crate) fn cut(btype: &BType, data: &Data) -> Option<Data> {
    let signed =
        |number: &i64, bits: u32| Some(Data::Integer(number << (64 - bits) >> (64 - bits)));
    let unsigned =
        |number: &u64, bits: u32| Some(Data::Unsigned(number << (64 - bits) >> (64 - bits)));
    let cut = match (btype, data) {
        (BType::Int8, Data::Integer(number)) => signed(number, 8),
        (BType::Int16, Data::Integer(number)) => signed(number, 16),
        (BType::Int24 | BType::Int32, Data::Integer(number)) => signed(number, 32),
        (BType::Int8U, Data::Unsigned(number)) => unsigned(number, 8),
        (BType::Int16U, Data::Unsigned(number)) => unsigned(number, 16),
        (BType::Int24U | BType::Int32U, Data::Unsigned(number)) => unsigned(number, 32),
        _ => None,
    };
    cut.filter(|cut| cut != data)
}

/// A text cut to the length of its type, as a careless device does; none when it fits or is no text.
pub(crate) fn cut_text(btype: &BType, data: &Data) -> Option<Data> {
    let first = |text: &String, size: u32| -> String {
        text.chars()
            .take(usize::try_from(size).unwrap_or(usize::MAX))
            .collect()
    };
    let cut = match (btype, data) {
        (BType::VisString(size), Data::VisibleString(text)) => {
            Data::VisibleString(first(text, *size))
        }
        (BType::ObjRef, Data::VisibleString(text)) => Data::VisibleString(first(text, 129)),
        (BType::Unicode(size), Data::MmsString(text)) => Data::MmsString(first(text, *size)),
        _ => return None,
    };
    (cut != *data).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_model::tree::EnumType;
    use iedassay_wire::ber::BitString;
    use std::sync::Arc;

    #[test]
    fn tells_a_wrong_type_from_a_wrong_value() {
        let modes = BType::Enum(Arc::new(EnumType {
            id: "Mod".into(),
            literals: vec![(1, "on".into()), (5, "off".into())],
        }));
        let inconsistent = Err(DataAccessError::TYPE_INCONSISTENT);
        for (btype, data, expected) in [
            (&modes, Data::Integer(5), Ok(())),
            (
                &modes,
                Data::Integer(3),
                Err(DataAccessError::OBJECT_VALUE_INVALID),
            ),
            (&modes, Data::Unsigned(5), inconsistent),
            (&BType::Int8, Data::Integer(127), Ok(())),
            (&BType::Int8, Data::Integer(128), inconsistent),
            (&BType::Int24, Data::Integer(-0x80_0000), Ok(())),
            (&BType::Int24U, Data::Unsigned(0x100_0000), inconsistent),
            (
                &BType::Quality,
                Data::BitString(BitString::zeros(13)),
                Ok(()),
            ),
            (
                &BType::Quality,
                Data::BitString(BitString::zeros(12)),
                inconsistent,
            ),
            (
                &BType::Float32,
                Data::FloatingPoint(Float::F64(1.0)),
                inconsistent,
            ),
            (
                &BType::VisString(3),
                Data::VisibleString("four".into()),
                inconsistent,
            ),
            (
                &BType::OctetFixed(8),
                Data::OctetString(vec![0; 7]),
                inconsistent,
            ),
            (&BType::Structure, Data::Boolean(true), inconsistent),
        ] {
            assert_eq!(check_basic(btype, &data), expected, "{btype:?} {data}");
        }
    }

    #[test]
    fn cuts_only_what_is_too_wide() {
        assert_eq!(
            cut(&BType::Int8, &Data::Integer(0x181)),
            Some(Data::Integer(-127))
        );
        assert_eq!(
            cut(&BType::Int16U, &Data::Unsigned(0x1_0002)),
            Some(Data::Unsigned(2))
        );
        assert_eq!(cut(&BType::Int8, &Data::Integer(-1)), None);
        assert_eq!(cut(&BType::Boolean, &Data::Boolean(true)), None);
    }
}
