//! Types of field values.

use core::time::Duration;
use iedassay_model::value::{format_duration, parse_duration};

use cel::Value;

use super::field::{BadValue, FieldValue};
use super::functions::describe;
use crate::yaml::decode::parse_bool;
use crate::yaml::{Decoder, FromNode, Node};

impl FieldValue for String {
    const WHAT: &'static str = "text";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        Ok(text.to_owned())
    }
}

impl FieldValue for bool {
    const WHAT: &'static str = "`true` or `false`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        parse_bool(text).ok_or_else(|| BadValue::expected(Self::WHAT, &format!("`{text}`")))
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "boolean"})
    }
}

impl FieldValue for i64 {
    const WHAT: &'static str = "whole number";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        let parsed = match text.strip_prefix("0x") {
            Some(hex) => Self::from_str_radix(hex, 16).ok(),
            None => text.parse().ok(),
        };
        parsed.ok_or_else(|| BadValue::expected(Self::WHAT, &format!("`{text}`")))
    }

    fn from_value(value: &Value) -> Result<Self, BadValue> {
        let bad = || BadValue::expected(Self::WHAT, &describe(value));
        match value {
            Value::Int(i) => Ok(*i),
            Value::UInt(u) => Self::try_from(*u).map_err(|_| bad()),
            // Divisions and averages give floats; a float without a fraction is what the author meant.
            Value::Float(f) if f.fract() == 0.0 && f.abs() < 9.0e15 =>
            {
                #[allow(clippy::cast_possible_truncation, reason = "range checked above")]
                Ok(*f as Self)
            }
            _ => Err(bad()),
        }
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "integer"})
    }
}

impl FieldValue for u32 {
    const WHAT: &'static str = "whole number from 0";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        let bad = |_| BadValue::expected(Self::WHAT, &format!("`{text}`"));
        Self::try_from(i64::from_text(text)?).map_err(bad)
    }

    fn from_value(value: &Value) -> Result<Self, BadValue> {
        let bad = |_| BadValue::expected(Self::WHAT, &describe(value));
        Self::try_from(i64::from_value(value)?).map_err(bad)
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "integer", "minimum": 0})
    }
}

/// A duration, written with its unit: `200ms`, `1s`, `2min`; a bare number is milliseconds, as in expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub u64);

impl Millis {
    /// As a standard duration.
    #[must_use]
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

impl From<Millis> for Duration {
    fn from(value: Millis) -> Self {
        value.duration()
    }
}

impl core::fmt::Display for Millis {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&format_duration(self.duration()))
    }
}

impl FieldValue for Millis {
    const WHAT: &'static str = "duration such as `200ms`, `1s` or `2min`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        let time = parse_duration(text)
            .ok_or_else(|| BadValue::expected(Self::WHAT, &format!("`{text}`")))?;
        Ok(Self(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)))
    }

    fn from_value(value: &Value) -> Result<Self, BadValue> {
        let bad = || BadValue::expected(Self::WHAT, &describe(value));
        match value {
            Value::Int(i) => u64::try_from(*i).map(Self).map_err(|_| bad()),
            Value::UInt(u) => Ok(Self(*u)),
            Value::Float(f) => from_millis(*f).ok_or_else(bad),
            Value::String(s) => Self::from_text(s),
            _ => Err(bad()),
        }
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["string", "number"], "pattern": "^([0-9.]+ ?(ms|s|min|h)?|.*\\$.*)$"})
    }
}

fn from_millis(ms: f64) -> Option<Millis> {
    let year = 366.0 * 86_400_000.0;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "range checked by the filter"
    )]
    Some(ms)
        .filter(|ms| (0.0..year).contains(ms))
        .map(|ms| Millis(ms.round() as u64))
}

impl FromNode for Millis {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        from_scalar(node, cx)
    }
}

/// Octets, written in hexadecimal: `0001`, `00 01`, `0x0001`. May be empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Hex(pub Vec<u8>);

impl core::fmt::Display for Hex {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl FieldValue for Hex {
    const WHAT: &'static str = "row of octets in hexadecimal such as `00 01`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        let bad = || BadValue::expected(Self::WHAT, &format!("`{text}`"));
        let digits: Vec<u8> = text
            .trim_start_matches("0x")
            .chars()
            .filter(|c| !matches!(c, ' ' | ':' | '-' | '_' | '\n'))
            .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
            .collect::<Option<_>>()
            .ok_or_else(bad)?;
        if !digits.len().is_multiple_of(2) {
            return Err(bad());
        }
        Ok(Self(
            digits
                .chunks_exact(2)
                .map(|pair| pair.iter().fold(0, |n, d| (n << 4) | d))
                .collect(),
        ))
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["string", "integer"]})
    }
}

impl FromNode for Hex {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        from_scalar(node, cx)
    }
}

/// An object identifier such as `1.1.1.999.1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectIdentifier(pub Vec<u32>);

impl core::fmt::Display for ObjectIdentifier {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (i, arc) in self.0.iter().enumerate() {
            let dot = if i == 0 { "" } else { "." };
            write!(f, "{dot}{arc}")?;
        }
        Ok(())
    }
}

impl FieldValue for ObjectIdentifier {
    const WHAT: &'static str = "object identifier such as `1.1.1.999.1`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        let bad = || BadValue::expected(Self::WHAT, &format!("`{text}`"));
        let arcs: Vec<u32> = text
            .split('.')
            .map(|a| a.trim().parse().ok())
            .collect::<Option<_>>()
            .ok_or_else(bad)?;
        // ISO 8824: the first arc is 0 to 2, the second below 40 unless the first is 2.
        match arcs.as_slice() {
            [2, _, ..] => Ok(Self(arcs)),
            [0 | 1, second, ..] if *second < 40 => Ok(Self(arcs)),
            _ => Err(bad()),
        }
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^([0-9]+(\\.[0-9]+)+|.*\\$.*)$"})
    }
}

impl FromNode for ObjectIdentifier {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        from_scalar(node, cx)
    }
}

/// The name of an object of the server, as text. An object of the model gives its `ref`.
///
/// Data: `LD/LN.DO.DA[FC]`, `LD/LN.DO[FC]`, `LD/LN[FC]`. Control blocks, data sets and anything that is not
/// in the model: as on the wire, `LD/LLN0$RP$urcbA01`, `LD/LLN0$dsStatus`, `@dsMine`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectName(pub String);

impl core::fmt::Display for ObjectName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FieldValue for ObjectName {
    const WHAT: &'static str = "name of an object such as `LD/LN.DO.DA[FC]`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        Ok(Self(text.to_owned()))
    }

    fn from_value(value: &Value) -> Result<Self, BadValue> {
        match value {
            Value::String(s) => Ok(Self(s.to_string())),
            Value::Map(map) => match map.map.get(&cel::objects::Key::from("ref")) {
                Some(Value::String(s)) => Ok(Self(s.to_string())),
                _ => Err(BadValue::expected(Self::WHAT, "a map without `ref`")),
            },
            _ => Err(BadValue::expected(Self::WHAT, &describe(value))),
        }
    }
}

/// A name that steps give to results, instants and clients: letters, digits and `_`, not starting with a digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub String);

impl core::fmt::Display for Name {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FieldValue for Name {
    const WHAT: &'static str = "name (letters, digits and `_`)";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        let good = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if good && !super::functions::RESERVED.contains(&text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadValue {
                code: crate::diagnostic::Code::BadName,
                ..BadValue::invalid(format!(
                    "`{text}` cannot be a name here: letters, digits and `_` only, and no word of the expression language"
                ))
            })
        }
    }

    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$"})
    }
}

impl FromNode for Name {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        from_scalar(node, cx)
    }
}

/// Reads a type whose literal is one scalar, outside steps, where nothing is computed.
pub(crate) fn from_scalar<T: FieldValue>(node: &Node, cx: &mut Decoder) -> Option<T> {
    let Some(text) = node.text() else {
        cx.wrong_type(node, T::WHAT);
        return None;
    };
    T::from_text(text.trim_end())
        .map_err(|bad| cx.push(bad.diagnostic(node.span)))
        .ok()
}

macro_rules! literal_schemas {
    ($($ty:ty = $name:literal),*) => { $(
        impl schemars::JsonSchema for $ty {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                <$ty as FieldValue>::literal_schema(generator)
            }
        }
    )* };
}
literal_schemas!(
    Millis = "Duration",
    Hex = "Hex",
    ObjectIdentifier = "ObjectIdentifier",
    Name = "Name"
);
