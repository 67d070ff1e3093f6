//! Values the harness makes itself, so that it knows what to expect.

use std::time::Duration;

use iedassay_model::tree::{BType, Node};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{BinaryTime, Data, Float, UtcTime};

use super::words::Words;
use crate::suite::StimulusKind;

/// A legal value other than `present`; `None` where there is none to be known (structures, unknown types).
#[must_use]
pub fn different(present: &Data, node: Option<Node<'_>>) -> Option<Data> {
    let btype = node.and_then(Node::btype);
    Some(match present {
        Data::Boolean(value) => Data::Boolean(!value),
        Data::Integer(value) => Data::Integer(match btype {
            Some(BType::Enum(literals)) if literals.literals.len() > 1 => {
                let numbers: Vec<i64> = literals
                    .literals
                    .iter()
                    .map(|(number, _)| i64::from(*number))
                    .collect();
                after(&numbers, *value)?
            }
            _ => neighbour(*value, integer_range(btype)),
        }),
        Data::Unsigned(value) => {
            let now = i64::try_from(*value).ok()?;
            Data::Unsigned(u64::try_from(neighbour(now, integer_range(btype))).ok()?)
        }
        Data::FloatingPoint(Float::F32(value)) => Data::FloatingPoint(Float::F32(moved(*value))),
        Data::FloatingPoint(Float::F64(value)) => {
            Data::FloatingPoint(Float::F64(moved_double(*value)))
        }
        Data::BitString(bits) => Data::BitString(other_bits(bits, Words::of(node, bits.len()))?),
        Data::OctetString(octets) => Data::OctetString(other_octets(octets)),
        Data::VisibleString(text) => Data::VisibleString(other_text(text, text_limit(btype))),
        Data::MmsString(text) => Data::MmsString(other_text(text, text_limit(btype))),
        Data::UtcTime(time) => {
            let later = time.since_epoch() + Duration::from_secs(1);
            Data::UtcTime(UtcTime::from_since_epoch(later, time.quality))
        }
        Data::BinaryTime(time) => Data::BinaryTime(BinaryTime::from_since_epoch(
            time.since_epoch()? + Duration::from_secs(1),
        )),
        _ => return None,
    })
}

/// The value that a stimulus of this kind gives a leaf: another one for `dchg` and `qchg`, the same for `dupd`.
#[must_use]
pub fn next_for_stimulus(
    change: StimulusKind,
    present: &Data,
    node: Option<Node<'_>>,
) -> Option<Data> {
    match change {
        StimulusKind::Dupd => Some(present.clone()),
        _ => different(present, node),
    }
}

/// A value of an MMS type that no server can take for this one.
#[must_use]
pub fn wrong_type(present: &Data) -> Data {
    match present {
        Data::Boolean(_) => Data::VisibleString("wrong".into()),
        _ => Data::Boolean(true),
    }
}

/// A value of the right MMS type that the attribute cannot have; `None` where every value is legal.
#[must_use]
pub fn out_of_range(present: &Data, node: Option<Node<'_>>) -> Option<Data> {
    let btype = node.and_then(Node::btype)?;
    Some(match (present, btype) {
        (Data::Integer(_), BType::Enum(literals)) => {
            // As far from every literal as one octet goes, so that no server reads it as a newer edition's literal.
            let free = (0..=127_i64)
                .rev()
                .find(|number| literals.literal(*number).is_none())?;
            Data::Integer(free)
        }
        (Data::Integer(_), _) => Data::Integer(integer_range(Some(btype))?.1.checked_add(1)?),
        (Data::Unsigned(_), _) => Data::Unsigned(
            u64::try_from(integer_range(Some(btype))?.1)
                .ok()?
                .checked_add(1)?,
        ),
        (Data::VisibleString(_), _) => {
            Data::VisibleString("x".repeat(text_limit(Some(btype))?.checked_add(1)?))
        }
        (Data::MmsString(_), _) => {
            Data::MmsString("x".repeat(text_limit(Some(btype))?.checked_add(1)?))
        }
        (Data::OctetString(_), BType::Octet(len) | BType::OctetFixed(len)) => {
            Data::OctetString(vec![0xa5; usize::try_from(*len).ok()?.checked_add(1)?])
        }
        _ => return None,
    })
}

fn after(numbers: &[i64], present: i64) -> Option<i64> {
    let at = numbers.iter().position(|number| *number == present);
    let next = at.map_or(0, |at| (at + 1) % numbers.len());
    numbers
        .get(next)
        .copied()
        .filter(|number| *number != present)
}

fn neighbour(value: i64, range: Option<(i64, i64)>) -> i64 {
    let (_, max) = range.unwrap_or((i64::MIN, i64::MAX));
    if value < max { value + 1 } else { value - 1 }
}

fn integer_range(btype: Option<&BType>) -> Option<(i64, i64)> {
    Some(match btype? {
        BType::Int8 | BType::Enum(_) => (i64::from(i8::MIN), i64::from(i8::MAX)),
        BType::Int16 => (i64::from(i16::MIN), i64::from(i16::MAX)),
        BType::Int24 => (-(1 << 23), (1 << 23) - 1),
        BType::Int32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        BType::Int64 => (i64::MIN, i64::MAX),
        BType::Int8U => (0, i64::from(u8::MAX)),
        BType::Int16U => (0, i64::from(u16::MAX)),
        BType::Int24U => (0, (1 << 24) - 1),
        BType::Int32U => (0, i64::from(u32::MAX)),
        _ => return None,
    })
}

// A step of a tenth, at least 1: more than a usual dead band, and not a runaway when it is done often.
fn moved(value: f32) -> f32 {
    if value.is_finite() && value.abs() < 1.0e6 {
        value + (value.abs() * 0.1).max(1.0)
    } else {
        1.0
    }
}

fn moved_double(value: f64) -> f64 {
    if value.is_finite() && value.abs() < 1.0e6 {
        value + (value.abs() * 0.1).max(1.0)
    } else {
        1.0
    }
}

fn other_bits(bits: &BitString, words: Option<Words>) -> Option<BitString> {
    let word = |word: &str| words.and_then(|words| words.write([word], bits.len()).ok());
    match words {
        Some(Words::One(_)) => {
            let on = word("on").or_else(|| word("higher"))?;
            let off = word("off").or_else(|| word("lower"))?;
            Some(if *bits == on { off } else { on })
        }
        Some(Words::Quality) => {
            let good = word("good")?;
            if *bits == good {
                word("invalid")
            } else {
                Some(good)
            }
        }
        _ => {
            let last = bits.len().checked_sub(1)?;
            let mut other = bits.clone();
            other.set(last, !bits.is_set(last));
            Some(other)
        }
    }
}

fn other_octets(octets: &[u8]) -> Vec<u8> {
    match octets.split_last() {
        Some((last, rest)) => rest.iter().copied().chain([last.wrapping_add(1)]).collect(),
        None => vec![1],
    }
}

fn text_limit(btype: Option<&BType>) -> Option<usize> {
    match btype? {
        BType::VisString(max) | BType::Unicode(max) => usize::try_from(*max).ok(),
        BType::ObjRef => Some(129),
        BType::Currency => Some(3),
        _ => None,
    }
}

fn other_text(text: &str, limit: Option<usize>) -> String {
    let limit = limit.unwrap_or(32);
    let candidate: String = "iedassay".chars().take(limit.max(1)).collect();
    if candidate == text {
        candidate.chars().rev().collect()
    } else {
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(text: &str) -> Data {
        Data::BitString(BitString::from_bits(text.chars().map(|c| c == '1')))
    }

    #[test]
    fn a_different_value_is_different_and_of_the_same_kind() {
        let values = [
            Data::Boolean(true),
            Data::Integer(5),
            Data::Integer(i64::MAX),
            Data::Unsigned(0),
            Data::FloatingPoint(Float::F32(-3.5)),
            Data::FloatingPoint(Float::F32(f32::NAN)),
            Data::FloatingPoint(Float::F64(1.0e300)),
            bits("0110"),
            Data::OctetString(vec![]),
            Data::OctetString(vec![0xff]),
            Data::VisibleString("iedassay".into()),
            Data::MmsString(String::new()),
        ];
        for value in values {
            let other = different(&value, None).unwrap();
            assert_ne!(other, value);
            assert_eq!(other.kind(), value.kind());
        }
        assert_eq!(different(&Data::Structure(vec![]), None), None);
    }

    #[test]
    fn an_update_keeps_the_value() {
        assert_eq!(
            next_for_stimulus(StimulusKind::Dupd, &Data::Integer(3), None),
            Some(Data::Integer(3))
        );
    }

    #[test]
    fn wrong_types_are_wrong() {
        for value in [
            Data::Boolean(true),
            Data::Integer(1),
            Data::Structure(vec![]),
        ] {
            assert_ne!(wrong_type(&value).kind(), value.kind());
        }
    }
}
