//! What a suite writes, as MMS Data: a scalar takes the type of the attribute it is written to.

use iedassay_model::tree::{BType, Node};
use iedassay_wire::ber::{BitString, Oid};
use iedassay_wire::mms::{BinaryTime, Data, Float, TimeQuality, UtcTime};

use super::choose;
use super::words::Words;
use crate::cel::{EvalError, FieldValue as _, Hex, Scope, Value};
use crate::suite::{DataType, Generate, Literal, WriteValue};

/// Why a value of a suite is no value of the attribute.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueProblem {
    /// An expression of it cannot be evaluated.
    #[error("{0}")]
    Expression(#[from] EvalError),
    /// It does not fit the type: the suite is wrong.
    #[error("`{value}` is no {wanted}")]
    DoesNotFit {
        /// The value as written.
        value: String,
        /// The type.
        wanted: String,
    },
    /// The harness cannot make such a value of this type.
    #[error("there is no {what} value of type {of}")]
    CannotMake {
        /// What was asked for.
        what: &'static str,
        /// The type.
        of: String,
    },
    /// The type of the attribute is not known: it is not in the model and cannot be read.
    #[error("the type of the attribute is not known")]
    UnknownType,
}

/// What is known about the attribute that a value is written to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shape<'a> {
    /// Where it stands in the model.
    pub node: Option<Node<'a>>,
    /// Its present value.
    pub present: Option<&'a Data>,
}

/// The Data that `value` means for an attribute of this shape.
///
/// # Errors
/// When it does not fit the type, or an expression in it fails.
pub fn from_write_value(
    value: &WriteValue,
    shape: Shape<'_>,
    scope: &Scope,
) -> Result<Data, ValueProblem> {
    match value {
        WriteValue::Scalar(field) => from_literal(&field.eval(scope)?, shape),
        WriteValue::List(items) => {
            let parts = items
                .iter()
                .enumerate()
                .map(|(index, item)| from_write_value(item, component(shape, index), scope))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(if is_array(shape) {
                Data::Array(parts)
            } else {
                Data::Structure(parts)
            })
        }
        WriteValue::Typed(data_type, inner) => typed(data_type.value, inner, shape, scope),
        WriteValue::Generate(field) => generate(field.eval(scope)?, shape),
    }
}

/// The Data that a scalar means for an attribute of this shape.
///
/// # Errors
/// When it does not fit the type.
pub fn from_literal(literal: &Literal, shape: Shape<'_>) -> Result<Data, ValueProblem> {
    match literal {
        Literal::Text(text) => {
            // `00` is a number only where a number is wanted.
            let textual = matches!(
                Kind::of(shape),
                Some(Kind::Octets | Kind::Visible | Kind::Mms)
            );
            let value = if textual {
                Value::from(text.as_str())
            } else {
                scalar_of_text(text)
            };
            from_value(&value, shape)
        }
        Literal::Value(value) => from_value(value, shape),
    }
}

fn generate(what: Generate, shape: Shape<'_>) -> Result<Data, ValueProblem> {
    let present = shape.present.ok_or(ValueProblem::UnknownType)?;
    let made = match what {
        Generate::Same => Some(present.clone()),
        Generate::Different => choose::different(present, shape.node),
        Generate::WrongType => Some(choose::wrong_type(present)),
        Generate::OutOfRange => choose::out_of_range(present, shape.node),
    };
    made.ok_or_else(|| ValueProblem::CannotMake {
        what: what.as_str(),
        of: type_name(shape),
    })
}

/// The component at `index` of something of this shape.
fn component(shape: Shape<'_>, index: usize) -> Shape<'_> {
    let present = shape
        .present
        .and_then(|data| data.members())
        .and_then(|members| members.get(index));
    let node = shape.node.and_then(|node| match node.count() {
        Some(_) => Some(node),
        None => node.children().nth(index),
    });
    Shape { node, present }
}

fn is_array(shape: Shape<'_>) -> bool {
    match shape.present {
        Some(data) => matches!(data, Data::Array(_)),
        None => shape.node.is_some_and(|node| node.count().is_some()),
    }
}

/// A text as YAML writes it has no type yet: this is the value that it looks like.
fn scalar_of_text(text: &str) -> Value {
    match text {
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    if let Ok(number) = i64::from_text(text) {
        return Value::Int(number);
    }
    match text.parse::<f64>() {
        Ok(number)
            if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) =>
        {
            Value::Float(number)
        }
        _ => Value::from(text),
    }
}

fn from_value(value: &Value, shape: Shape<'_>) -> Result<Data, ValueProblem> {
    if let Some(parts) = parts_of(value, shape) {
        let parts = parts
            .into_iter()
            .map(|(part, shape)| from_value(&part, shape))
            .collect::<Result<Vec<_>, _>>()?;
        return Ok(if is_array(shape) {
            Data::Array(parts)
        } else {
            Data::Structure(parts)
        });
    }
    let kind = Kind::of(shape)
        .or_else(|| Kind::guess(value))
        .ok_or(ValueProblem::UnknownType)?;
    kind.data(value).ok_or_else(|| ValueProblem::DoesNotFit {
        value: show(value),
        wanted: kind.name(),
    })
}

/// The components of a list or map that is written to a structure or array.
fn parts_of<'a>(value: &Value, shape: Shape<'a>) -> Option<Vec<(Value, Shape<'a>)>> {
    let compound = shape.present.is_some_and(|data| data.members().is_some())
        || shape
            .node
            .is_some_and(|node| !node.is_leaf() || node.count().is_some());
    match value {
        Value::List(items) if compound => Some(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| (item.clone(), component(shape, index)))
                .collect(),
        ),
        Value::Map(map) => {
            let node = shape.node.filter(|node| !node.is_leaf())?;
            let children = node.children();
            children
                .enumerate()
                .map(|(index, child)| {
                    let part = map.map.get(&cel::objects::Key::from(child.name()))?;
                    Some((part.clone(), component(shape, index)))
                })
                .collect()
        }
        _ => None,
    }
}

fn typed(
    data_type: DataType,
    inner: &WriteValue,
    shape: Shape<'_>,
    scope: &Scope,
) -> Result<Data, ValueProblem> {
    if let WriteValue::List(items) = inner {
        let parts = items
            .iter()
            .map(|item| from_write_value(item, Shape::default(), scope))
            .collect::<Result<Vec<_>, _>>()?;
        return Ok(if data_type == DataType::Array {
            Data::Array(parts)
        } else {
            Data::Structure(parts)
        });
    }
    let value = match inner {
        WriteValue::Scalar(field) => match field.eval(scope)? {
            Literal::Text(text) => match data_type {
                DataType::OctetString | DataType::VisibleString | DataType::MmsString => {
                    Value::from(text)
                }
                _ => scalar_of_text(&text),
            },
            Literal::Value(value) => value,
        },
        other => return from_write_value(other, shape, scope),
    };
    let kind = match data_type {
        DataType::Boolean => Kind::Boolean,
        DataType::Integer => Kind::Integer,
        DataType::Unsigned => Kind::Unsigned,
        DataType::Float => Kind::Float32,
        DataType::Double => Kind::Float64,
        DataType::BitString => Kind::Bits {
            len: None,
            words: None,
        },
        DataType::OctetString => Kind::Octets,
        DataType::VisibleString => Kind::Visible,
        DataType::MmsString => Kind::Mms,
        DataType::UtcTime => Kind::Utc,
        DataType::BinaryTime => Kind::Binary,
        DataType::Structure | DataType::Array => {
            let wanted = data_type.as_str().to_owned();
            return Err(ValueProblem::DoesNotFit {
                value: show(&value),
                wanted,
            });
        }
    };
    kind.data(&value).ok_or_else(|| ValueProblem::DoesNotFit {
        value: show(&value),
        wanted: kind.name(),
    })
}

/// The alternative of Data that a leaf has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Boolean,
    Integer,
    Unsigned,
    Float32,
    Float64,
    Bits {
        len: Option<usize>,
        words: Option<Words>,
    },
    Octets,
    Visible,
    Mms,
    Utc,
    Binary,
}

impl Kind {
    fn of(shape: Shape<'_>) -> Option<Self> {
        // What the server has answered is nearer to what it takes than what a file says about it.
        let present = shape
            .present
            .and_then(|data| Self::of_data(data, shape.node));
        present.or_else(|| shape.node.and_then(Self::of_node))
    }

    fn of_data(data: &Data, node: Option<Node<'_>>) -> Option<Self> {
        Some(match data {
            Data::Boolean(_) => Self::Boolean,
            Data::Integer(_) => Self::Integer,
            Data::Unsigned(_) => Self::Unsigned,
            Data::FloatingPoint(Float::F64(_)) => Self::Float64,
            Data::FloatingPoint(_) => Self::Float32,
            Data::BitString(bits) => Self::Bits {
                len: Some(bits.len()),
                words: Words::of(node, bits.len()),
            },
            Data::OctetString(_) => Self::Octets,
            Data::VisibleString(_) => Self::Visible,
            Data::MmsString(_) => Self::Mms,
            Data::UtcTime(_) => Self::Utc,
            Data::BinaryTime(_) => Self::Binary,
            _ => return None,
        })
    }

    fn of_node(node: Node<'_>) -> Option<Self> {
        let bits = |len: usize| Self::Bits {
            len: Some(len),
            words: Words::of(Some(node), len),
        };
        Some(match node.btype()? {
            BType::Boolean => Self::Boolean,
            BType::Int8
            | BType::Int16
            | BType::Int24
            | BType::Int32
            | BType::Int64
            | BType::Int128
            | BType::Enum(_) => Self::Integer,
            BType::Int8U | BType::Int16U | BType::Int24U | BType::Int32U => Self::Unsigned,
            BType::Float32 => Self::Float32,
            BType::Float64 => Self::Float64,
            BType::Dbpos | BType::Tcmd | BType::Check => bits(2),
            BType::Quality => bits(13),
            BType::TrgOps => bits(6),
            BType::OptFlds => bits(10),
            BType::SvOptFlds => bits(8),
            BType::LogOptFlds => bits(1),
            BType::BitString(len) => bits(usize::try_from(*len).ok()?),
            BType::Octet(_) | BType::OctetFixed(_) => Self::Octets,
            BType::VisString(_) | BType::ObjRef | BType::Currency => Self::Visible,
            BType::Unicode(_) => Self::Mms,
            BType::Timestamp => Self::Utc,
            BType::EntryTime => Self::Binary,
            _ => return None,
        })
    }

    fn guess(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Bool(_) => Self::Boolean,
            Value::Int(_) | Value::UInt(_) => Self::Integer,
            Value::Float(_) => Self::Float32,
            Value::String(text) if text.starts_with("0b") => Self::Bits {
                len: None,
                words: None,
            },
            Value::String(_) => Self::Visible,
            _ => return None,
        })
    }

    fn data(self, value: &Value) -> Option<Data> {
        Some(match self {
            Self::Boolean => Data::Boolean(match value {
                Value::Bool(value) => *value,
                Value::Int(0) => false,
                Value::Int(1) => true,
                _ => return None,
            }),
            Self::Integer => Data::Integer(whole(value)?),
            Self::Unsigned => Data::Unsigned(u64::try_from(whole(value)?).ok()?),
            #[allow(
                clippy::cast_possible_truncation,
                reason = "single precision is what the attribute has"
            )]
            Self::Float32 => Data::FloatingPoint(Float::F32(real(value)? as f32)),
            Self::Float64 => Data::FloatingPoint(Float::F64(real(value)?)),
            Self::Bits { len, words } => Data::BitString(bit_string(value, len, words)?),
            Self::Octets => Data::OctetString(match value {
                Value::Bytes(octets) => octets.to_vec(),
                other => Hex::from_text(&text(other)?).ok()?.0,
            }),
            Self::Visible => Data::VisibleString(text(value)?),
            Self::Mms => Data::MmsString(text(value)?),
            Self::Utc => Data::UtcTime(UtcTime::from_since_epoch(time(value)?, TimeQuality(0x0a))),
            Self::Binary => Data::BinaryTime(match value {
                Value::String(text) => BinaryTime::from_octets(&Hex::from_text(text).ok()?.0)?,
                other => BinaryTime::from_since_epoch(time(other)?),
            }),
        })
    }

    fn name(self) -> String {
        match self {
            Self::Boolean => "boolean".into(),
            Self::Integer => "integer".into(),
            Self::Unsigned => "unsigned integer".into(),
            Self::Float32 | Self::Float64 => "floating-point number".into(),
            Self::Bits {
                words: Some(words), ..
            } => format!("value of {}", words.known().join(", ")),
            Self::Bits { len: Some(len), .. } => format!("bit string of {len}"),
            Self::Bits { .. } => "bit string such as 0b0110".into(),
            Self::Octets => "octet string in hexadecimal".into(),
            Self::Visible => "visible string".into(),
            Self::Mms => "text".into(),
            Self::Utc => "time in milliseconds since 1970".into(),
            Self::Binary => "binary time".into(),
        }
    }
}

fn whole(value: &Value) -> Option<i64> {
    i64::from_value(value).ok()
}

fn real(value: &Value) -> Option<f64> {
    match value {
        Value::Float(value) => Some(*value),
        #[allow(clippy::cast_precision_loss, reason = "a suite writes small numbers")]
        Value::Int(value) => Some(*value as f64),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    crate::cel::functions::scalar_text(value)
}

fn time(value: &Value) -> Option<std::time::Duration> {
    if let Value::Map(map) = value {
        return time(map.map.get(&cel::objects::Key::from("ms"))?);
    }
    u64::try_from(whole(value)?)
        .ok()
        .map(std::time::Duration::from_millis)
}

fn bit_string(value: &Value, len: Option<usize>, words: Option<Words>) -> Option<BitString> {
    match value {
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(text).collect::<Option<_>>()?;
            words?.write(items.iter().map(String::as_str), len?).ok()
        }
        Value::Int(_) => {
            let number = u64::try_from(whole(value)?).ok()?;
            Some(BitString::from_uint(number, u32::try_from(len?).ok()?))
        }
        other => {
            let text = text(other)?;
            if let Some(digits) = text.strip_prefix("0b") {
                let bits: Option<Vec<bool>> = digits
                    .chars()
                    .filter(|c| *c != '_')
                    .map(|c| match c {
                        '0' => Some(false),
                        '1' => Some(true),
                        _ => None,
                    })
                    .collect();
                return bits.map(BitString::from_bits);
            }
            words?.write(text.split('+').map(str::trim), len?).ok()
        }
    }
}

fn type_name(shape: Shape<'_>) -> String {
    match (shape.node.and_then(Node::btype), shape.present) {
        (Some(btype), _) => btype.scl_name(),
        (None, Some(data)) => data.kind().to_owned(),
        (None, None) => "unknown".to_owned(),
    }
}

fn show(value: &Value) -> String {
    crate::cel::functions::describe(value)
}

/// An object identifier from text; here so that `value` owns all conversions.
#[must_use]
pub(crate) fn oid(arcs: &[u32]) -> Option<Oid> {
    let arcs: Vec<u64> = arcs.iter().map(|arc| u64::from(*arc)).collect();
    Oid::from_arcs(&arcs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_model::scl;

    fn literal(text: &str, item: &str) -> Result<Data, ValueProblem> {
        let model = scl::builtin().unwrap().model;
        let node = model.resolve("ASSAYLD0", item).unwrap();
        from_literal(
            &Literal::Text(text.to_owned()),
            Shape {
                node: Some(node),
                present: None,
            },
        )
    }

    #[test]
    fn a_scalar_takes_the_type_of_the_attribute() {
        let table = [
            ("true", "GGIO1$ST$Ind1$stVal", Data::Boolean(true)),
            ("5", "LLN0$ST$Mod$stVal", Data::Integer(5)),
            (
                "5",
                "LLN0$DC$NamPlt$vendor",
                Data::VisibleString("5".into()),
            ),
            (
                "good",
                "GGIO1$ST$Ind1$q",
                Data::BitString(BitString::zeros(13)),
            ),
        ];
        for (text, item, expected) in table {
            assert_eq!(literal(text, item), Ok(expected), "{text} to {item}");
        }
        assert_eq!(
            literal("maybe", "GGIO1$ST$Ind1$stVal")
                .unwrap_err()
                .to_string(),
            "`'maybe'` is no boolean"
        );
    }

    #[test]
    fn octets_that_look_like_numbers_stay_octets() {
        let present = Data::OctetString(vec![]);
        let shape = Shape {
            node: None,
            present: Some(&present),
        };
        assert_eq!(
            from_literal(&Literal::Text("00".into()), shape),
            Ok(Data::OctetString(vec![0]))
        );
    }

    #[test]
    fn a_time_stamp_that_was_read_can_be_written() {
        let present = Data::UtcTime(UtcTime::from_octets([0, 0, 0, 9, 0, 0, 0, 0x0a]));
        let shape = Shape {
            node: None,
            present: Some(&present),
        };
        let shown = super::super::to_cel(&present, None);
        assert_eq!(
            from_literal(&Literal::Value(shown), shape),
            Ok(present.clone())
        );
    }
}
