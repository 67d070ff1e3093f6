//! Values as text: what SCL configures, and the syntax of the process side.

use iedassay_wire::{
    ber::BitString,
    mms::{BinaryTime, Data, Float, TimeQuality, UtcTime},
};

use super::{Dbpos, Quality, Tcmd, parse_date_time, time::TimestampQuality};
use crate::tree::BType;

/// Why a text is no value of a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueErrorKind {
    /// It is something else than the type wants.
    #[error("expected {0}")]
    Expected(&'static str),
    /// It is a number beyond the range of the type.
    #[error("out of the range of the type")]
    OutOfRange,
    /// It is longer than the type allows.
    #[error("longer than {0}")]
    TooLong(u32),
    /// It is none of the literals of the enumeration.
    #[error("expected one of {0}")]
    NoLiteral(String),
    /// The type is a structure.
    #[error("a value of this type has no text form")]
    Structured,
}

/// A text that is no value of a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {btype}: {kind}")]
pub struct ValueError {
    /// The text (its first characters when it is long).
    pub text: String,
    /// Name of the type.
    pub btype: String,
    /// Why.
    pub kind: ValueErrorKind,
}

/// The value that SCL configures (`Val`): texts stand as they are.
///
/// # Errors
/// [`ValueError`] when the text is no value of the type.
pub fn initial_value(btype: &BType, text: &str) -> Result<Data, ValueError> {
    convert(btype, text, text)
}

/// The value of a text of the process side: `true`, `-3`, `1.5`, `'text'` (quotes may be left out when the text has no spaces at
/// its ends), `off|on|intermediate|bad`, a quality such as `invalid+test`, an enumeration literal or number, `0b0101`,
/// `0x0a0b`, `2018-01-02T03:04:05.250Z`.
///
/// # Errors
/// [`ValueError`] when the text is no value of the type.
pub fn parse_value(btype: &BType, text: &str) -> Result<Data, ValueError> {
    let trimmed = text.trim();
    match unquote(trimmed) {
        Some(inner) => convert(btype, &inner, trimmed),
        None => convert(btype, trimmed, trimmed),
    }
}

/// The text of a value, such that [`parse_value`] reads it back: with the type, by its words (`on`, `good`, enumeration
/// literals); without, as the value alone tells. Structures and arrays print as the wire does.
#[must_use]
pub fn format_value(btype: Option<&BType>, data: &Data) -> String {
    match (btype, data) {
        (Some(BType::Dbpos), Data::BitString(bits)) if bits.len() == 2 => {
            Dbpos::from_bits(bits).to_string()
        }
        (Some(BType::Tcmd), Data::BitString(bits)) if bits.len() == 2 => {
            Tcmd::from_bits(bits).to_string()
        }
        (Some(BType::Quality), Data::BitString(bits)) if bits.len() == 13 => {
            Quality::from_bits(bits).to_string()
        }
        (Some(BType::Enum(literals)), Data::Integer(ord)) => match literals.literal(*ord) {
            Some(literal) if !literal.is_empty() => literal.to_owned(),
            _ => ord.to_string(),
        },
        (_, Data::VisibleString(text) | Data::MmsString(text)) => quote(text),
        (_, Data::Unsigned(number)) => number.to_string(),
        (_, Data::FloatingPoint(Float::F32(number))) => {
            float_text(f64::from(*number), number.to_string())
        }
        (_, Data::FloatingPoint(Float::F64(number))) => float_text(*number, number.to_string()),
        (_, Data::UtcTime(time)) => UtcTime {
            quality: TimeQuality(0),
            ..*time
        }
        .to_string(),
        _ => data.to_string(),
    }
}

fn convert(btype: &BType, text: &str, shown: &str) -> Result<Data, ValueError> {
    let fail = |kind| ValueError {
        text: shown.chars().take(80).collect(),
        btype: btype.scl_name(),
        kind,
    };
    let expected = |what| fail(ValueErrorKind::Expected(what));
    let trimmed = text.trim();
    Ok(match btype {
        BType::Boolean => match trimmed {
            "true" | "1" => Data::Boolean(true),
            "false" | "0" => Data::Boolean(false),
            _ => return Err(expected("true or false")),
        },
        BType::Int8 => signed(trimmed, 8).map_err(fail)?,
        BType::Int16 => signed(trimmed, 16).map_err(fail)?,
        BType::Int24 => signed(trimmed, 24).map_err(fail)?,
        BType::Int32 => signed(trimmed, 32).map_err(fail)?,
        BType::Int64 | BType::Int128 => signed(trimmed, 64).map_err(fail)?,
        BType::Int8U => unsigned(trimmed, 8).map_err(fail)?,
        BType::Int16U => unsigned(trimmed, 16).map_err(fail)?,
        BType::Int24U => unsigned(trimmed, 24).map_err(fail)?,
        BType::Int32U => unsigned(trimmed, 32).map_err(fail)?,
        BType::Float32 => Data::FloatingPoint(Float::F32(
            trimmed
                .parse()
                .map_err(|_| expected("a floating-point number"))?,
        )),
        BType::Float64 => Data::FloatingPoint(Float::F64(
            trimmed
                .parse()
                .map_err(|_| expected("a floating-point number"))?,
        )),
        BType::Enum(literals) => match literals
            .ord(trimmed)
            .map(i64::from)
            .or_else(|| trimmed.parse().ok())
        {
            Some(ord) if i32::try_from(ord).is_ok() => Data::Integer(ord),
            Some(_) => return Err(fail(ValueErrorKind::OutOfRange)),
            None => {
                let names: Vec<_> = literals
                    .literals
                    .iter()
                    .take(20)
                    .map(|(_, name)| name.as_str())
                    .collect();
                return Err(fail(ValueErrorKind::NoLiteral(names.join(", "))));
            }
        },
        BType::Dbpos => match Dbpos::from_word(trimmed) {
            Some(position) => Data::BitString(position.to_bits()),
            None => {
                bits(trimmed, 2, true).ok_or_else(|| expected("off, on, intermediate or bad"))?
            }
        },
        BType::Tcmd => match Tcmd::from_word(trimmed) {
            Some(command) => Data::BitString(command.to_bits()),
            None => {
                bits(trimmed, 2, true).ok_or_else(|| expected("stop, lower, higher or reserved"))?
            }
        },
        BType::Quality => match trimmed.parse::<Quality>() {
            Ok(quality) => Data::BitString(quality.to_bits()),
            Err(_) => bits(trimmed, 13, false)
                .ok_or_else(|| expected("a quality such as good or invalid+test"))?,
        },
        BType::Check => bits(trimmed, 2, false).ok_or_else(|| expected("bits such as 0b10"))?,
        BType::TrgOps => {
            bits(trimmed, 6, false).ok_or_else(|| expected("six bits such as 0b011000"))?
        }
        BType::OptFlds => {
            bits(trimmed, 10, false).ok_or_else(|| expected("ten bits such as 0b0111110010"))?
        }
        BType::SvOptFlds => bits(trimmed, 8, false).ok_or_else(|| expected("eight bits"))?,
        BType::LogOptFlds => bits(trimmed, 1, false).ok_or_else(|| expected("one bit"))?,
        BType::BitString(size) => {
            bits(trimmed, *size, false).ok_or_else(|| expected("bits such as 0b0101"))?
        }
        BType::VisString(size) => visible(text, *size).map_err(fail)?,
        BType::ObjRef => visible(text, 129).map_err(fail)?,
        BType::Currency => visible(text, 3).map_err(fail)?,
        BType::Unicode(size) => {
            if text.chars().count() > usize::try_from(*size).unwrap_or(usize::MAX) {
                return Err(fail(ValueErrorKind::TooLong(*size)));
            }
            Data::MmsString(text.to_owned())
        }
        BType::Octet(size) => octets(trimmed, *size, false).map_err(fail)?,
        BType::OctetFixed(size) => octets(trimmed, *size, true).map_err(fail)?,
        BType::Timestamp => {
            let time = parse_date_time(trimmed)
                .ok_or_else(|| expected("a time such as 2018-01-02T03:04:05.250Z"))?;
            Data::UtcTime(UtcTime::from_since_epoch(
                time,
                TimestampQuality::default().into(),
            ))
        }
        BType::EntryTime => {
            let time = parse_date_time(trimmed)
                .ok_or_else(|| expected("a time such as 2018-01-02T03:04:05.250Z"))?;
            Data::BinaryTime(BinaryTime::from_since_epoch(time))
        }
        BType::PhyComAddr | BType::Structure | BType::Other(_) | BType::Unknown => {
            return Err(fail(ValueErrorKind::Structured));
        }
    })
}

fn signed(text: &str, width: u32) -> Result<Data, ValueErrorKind> {
    let number: i64 = integer(text)?;
    let limit = 1_i64
        .checked_shl(width.saturating_sub(1))
        .unwrap_or(i64::MIN);
    // For 64 bits the shift gives i64::MIN, and everything fits.
    if limit > 0 && !(limit.saturating_neg()..limit).contains(&number) {
        return Err(ValueErrorKind::OutOfRange);
    }
    Ok(Data::Integer(number))
}

fn unsigned(text: &str, width: u32) -> Result<Data, ValueErrorKind> {
    let number: i64 = integer(text)?;
    match u64::try_from(number) {
        Ok(number) if width >= 64 || number >> width == 0 => Ok(Data::Unsigned(number)),
        _ => Err(ValueErrorKind::OutOfRange),
    }
}

fn integer(text: &str) -> Result<i64, ValueErrorKind> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ValueErrorKind::Expected("an integer"));
    }
    text.parse().map_err(|_| ValueErrorKind::OutOfRange)
}

/// `0b0101`; exactly so many bits, or (not exact) at most so many.
fn bits(text: &str, size: u32, exact: bool) -> Option<Data> {
    let digits = text.strip_prefix("0b")?;
    let size = usize::try_from(size).ok()?;
    if digits.len() > size || exact && digits.len() != size {
        return None;
    }
    let bits = digits.chars().map(|digit| match digit {
        '0' => Some(false),
        '1' => Some(true),
        _ => None,
    });
    Some(Data::BitString(BitString::from_bits(
        bits.collect::<Option<Vec<_>>>()?,
    )))
}

fn visible(text: &str, size: u32) -> Result<Data, ValueErrorKind> {
    if text.chars().any(|c| !(' '..='~').contains(&c)) {
        return Err(ValueErrorKind::Expected("printable ISO 646 characters"));
    }
    if text.len() > usize::try_from(size).unwrap_or(usize::MAX) {
        return Err(ValueErrorKind::TooLong(size));
    }
    Ok(Data::VisibleString(text.to_owned()))
}

fn octets(text: &str, size: u32, exact: bool) -> Result<Data, ValueErrorKind> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let octets =
        crate::hex::octets(digits).ok_or(ValueErrorKind::Expected("octets such as 0x0a0b"))?;
    let size_in_octets = usize::try_from(size).unwrap_or(usize::MAX);
    if octets.len() > size_in_octets {
        return Err(ValueErrorKind::TooLong(size));
    }
    if exact && octets.len() != size_in_octets {
        return Err(ValueErrorKind::Expected("all octets of the type"));
    }
    Ok(Data::OctetString(octets))
}

fn float_text(number: f64, text: String) -> String {
    // A whole number keeps its point, so that it is seen to be a floating-point number.
    if number.is_finite() && !text.contains(['.', 'e', 'E']) {
        format!("{text}.0")
    } else {
        text
    }
}

fn quote(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        if c == '\'' || c == '\\' {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('\'');
    quoted
}

/// The text in single or double quotes, escapes resolved; `None` when it is not quoted.
fn unquote(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' { chars.next()? } else { c });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::tree::EnumType;

    fn health() -> BType {
        let literals = vec![(1, "Ok".to_owned()), (2, "Warning".to_owned())];
        BType::Enum(Arc::new(EnumType {
            id: String::new(),
            literals,
        }))
    }

    #[test]
    fn reads_the_syntax_of_the_process_side() {
        let bit_string =
            |text: &str| Data::BitString(BitString::from_bits(text.chars().map(|c| c == '1')));
        let table = [
            (BType::Boolean, "true", Data::Boolean(true)),
            (BType::Int32, "-3", Data::Integer(-3)),
            (BType::Int8U, "255", Data::Unsigned(255)),
            (BType::Float32, "1.5", Data::FloatingPoint(Float::F32(1.5))),
            (
                BType::VisString(255),
                "'two words'",
                Data::VisibleString("two words".into()),
            ),
            (
                BType::VisString(255),
                "word",
                Data::VisibleString("word".into()),
            ),
            (BType::Dbpos, "on", bit_string("10")),
            (BType::Dbpos, "bad", bit_string("11")),
            (BType::Dbpos, "0b01", bit_string("01")),
            (BType::Quality, "invalid+test", bit_string("0100000000010")),
            (BType::Check, "0b10", bit_string("10")),
            (health(), "Warning", Data::Integer(2)),
            (health(), "2", Data::Integer(2)),
            (BType::Octet(64), "0x0a0B", Data::OctetString(vec![10, 11])),
            (
                BType::EntryTime,
                "1984-01-02T00:00:01",
                Data::BinaryTime(BinaryTime::DateTime {
                    millis: 1000,
                    days: 1,
                }),
            ),
        ];
        for (btype, text, data) in table {
            assert_eq!(parse_value(&btype, text), Ok(data.clone()), "{text}");
            assert_eq!(
                parse_value(&btype, &format_value(Some(&btype), &data)),
                Ok(data),
                "{text}"
            );
        }
    }

    #[test]
    fn tells_what_was_expected() {
        let error = parse_value(&BType::Boolean, "maybe").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`maybe` is no BOOLEAN: expected true or false"
        );
        let error = parse_value(&health(), "Fine").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Fine` is no Enum: expected one of Ok, Warning"
        );
        assert_eq!(
            parse_value(&BType::Int8, "128").unwrap_err().kind,
            ValueErrorKind::OutOfRange
        );
        assert_eq!(
            parse_value(&BType::Int8U, "-1").unwrap_err().kind,
            ValueErrorKind::OutOfRange
        );
        assert_eq!(
            parse_value(&BType::VisString(3), "'four'")
                .unwrap_err()
                .kind,
            ValueErrorKind::TooLong(3)
        );
        assert_eq!(
            parse_value(&BType::Structure, "1").unwrap_err().kind,
            ValueErrorKind::Structured
        );
    }

    #[test]
    fn configured_texts_stand_as_they_are() {
        assert_eq!(
            initial_value(&BType::VisString(64), "'a'"),
            Ok(Data::VisibleString("'a'".into()))
        );
        let intermediate = Data::BitString(Dbpos::Intermediate.to_bits());
        assert_eq!(
            initial_value(&BType::Dbpos, "intermediate-state"),
            Ok(intermediate)
        );
    }

    proptest! {
        #[test]
        fn integers_round_trip(number: i64) {
            let data = Data::Integer(number);
            prop_assert_eq!(parse_value(&BType::Int64, &format_value(Some(&BType::Int64), &data)), Ok(data));
        }

        #[test]
        fn floats_round_trip(number: f32) {
            let data = Data::FloatingPoint(Float::F32(number));
            let text = format_value(Some(&BType::Float32), &data);
            let back = parse_value(&BType::Float32, &text).unwrap().as_f64().unwrap();
            prop_assert!(back == f64::from(number) || number.is_nan() && back.is_nan());
        }

        #[test]
        fn visible_strings_round_trip(text in "[ -~]{0,60}") {
            let data = Data::VisibleString(text);
            let btype = BType::VisString(255);
            prop_assert_eq!(parse_value(&btype, &format_value(Some(&btype), &data)), Ok(data));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            for btype in [BType::Boolean, BType::Int8, BType::Int32U, BType::Float64, BType::Quality, BType::Dbpos, BType::Timestamp,
                BType::EntryTime, BType::Octet(64), BType::OctetFixed(8), BType::Unicode(255), BType::BitString(9)] {
                let _ = parse_value(&btype, &text);
                let _ = initial_value(&btype, &text);
            }
        }
    }
}
