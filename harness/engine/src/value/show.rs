//! MMS Data as expressions and the process side see it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use iedassay_model::tree::{Node, NodeKind};
use iedassay_wire::mms::{Data, Float};

use super::words::{Spoken, Words};
use crate::cel::Value;

/// A map of an expression.
#[must_use]
pub fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let entries: HashMap<String, Value> = entries
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    Value::from(entries)
}

/// A list of an expression.
#[must_use]
pub fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(Arc::new(items.into_iter().collect()))
}

/// `data` as expressions see it. `node` is where it stands in the model, when it does.
#[must_use]
pub fn to_cel(data: &Data, node: Option<Node<'_>>) -> Value {
    match data {
        Data::Array(items) => list(items.iter().map(|item| to_cel(item, node))),
        Data::Structure(items) => structure(items, node),
        Data::Boolean(value) => Value::Bool(*value),
        Data::BitString(bits) => match Words::of(node, bits.len()).map(|words| words.read(bits)) {
            Some(Spoken::Word(word)) => Value::from(word),
            Some(Spoken::List(words)) => list(words.into_iter().map(Value::from)),
            None => Value::from(bits_text(bits.iter())),
        },
        Data::Integer(value) | Data::Bcd(value) => Value::Int(*value),
        // Beyond what an expression can count, the largest number is nearer than an error.
        Data::Unsigned(value) => Value::Int(i64::try_from(*value).unwrap_or(i64::MAX)),
        Data::FloatingPoint(Float::F32(value)) => Value::Float(f64::from(*value)),
        Data::FloatingPoint(Float::F64(value)) => Value::Float(*value),
        Data::OctetString(octets) => Value::from(hex(octets)),
        Data::VisibleString(text) | Data::MmsString(text) | Data::GeneralizedTime(text) => {
            Value::from(text.as_str())
        }
        Data::BinaryTime(time) => time.since_epoch().map_or(Value::Null, millis),
        Data::BooleanArray(bits) => list(bits.iter().map(Value::Bool)),
        Data::UtcTime(time) => map([
            ("ms", millis(time.since_epoch())),
            (
                "leapSecondsKnown",
                Value::Bool(time.quality.leap_seconds_known()),
            ),
            ("clockFailure", Value::Bool(time.quality.clock_failure())),
            (
                "clockNotSynchronized",
                Value::Bool(time.quality.clock_not_synchronized()),
            ),
            ("accuracy", Value::Int(i64::from(time.quality.accuracy()))),
        ]),
        other @ (Data::FloatingPoint(Float::Other(_)) | Data::ObjId(_) | Data::Unknown(_)) => {
            Value::from(other.to_string())
        }
    }
}

fn structure(items: &[Data], node: Option<Node<'_>>) -> Value {
    let children: Vec<Node<'_>> = node
        .map(|node| node.children().collect())
        .unwrap_or_default();
    // With another number of components the names would lie about what stands where.
    if children.len() != items.len() || items.is_empty() {
        return list(items.iter().map(|item| to_cel(item, None)));
    }
    map(children
        .iter()
        .zip(items)
        .map(|(child, item)| (child.name(), to_cel(item, Some(*child)))))
}

/// `data` as the line protocol of the process side writes it; `None` for what it has no words for.
#[must_use]
pub fn line_text(data: &Data, node: Option<Node<'_>>) -> Option<String> {
    Some(match data {
        Data::Boolean(value) => value.to_string(),
        Data::Integer(value) => value.to_string(),
        Data::Unsigned(value) => value.to_string(),
        Data::FloatingPoint(Float::F32(value)) => format!("{value:?}"),
        Data::FloatingPoint(Float::F64(value)) => format!("{value:?}"),
        Data::VisibleString(text) | Data::MmsString(text) if !text.contains(['\'', '\n', '\r']) => {
            format!("'{text}'")
        }
        Data::BitString(bits) => match Words::of(node, bits.len()) {
            Some(words @ Words::One(_)) => match words.read(bits) {
                Spoken::Word(word) => word.to_owned(),
                Spoken::List(_) => return None,
            },
            Some(Words::Quality) => super::flag_words(bits, Words::Quality).join("+"),
            _ => bits_text(bits.iter()),
        },
        _ => return None,
    })
}

/// The main value of what stands at `node`: of a data object its `stVal`, `mag` and the like, of a structure its
/// first leaf that is neither quality nor time, of a leaf itself.
#[must_use]
pub(crate) fn main_leaf(node: Node<'_>) -> Node<'_> {
    if node.is_leaf() {
        return node;
    }
    const FIRST: [&str; 13] = [
        "stVal", "mxVal", "general", "mag", "cVal", "instMag", "instCVal", "actVal", "frVal",
        "valWTr", "setVal", "setMag", "f",
    ];
    let named = FIRST.iter().find_map(|name| node.child(name));
    let child = named.or_else(|| {
        node.children().find(|child| {
            !matches!(child.name(), "q" | "t")
                && (child.kind() == NodeKind::DataObject || child.leaves_within().next().is_some())
        })
    });
    match child {
        Some(child) => main_leaf(child),
        None => node,
    }
}

fn millis(time: Duration) -> Value {
    Value::Int(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}

fn bits_text(bits: impl Iterator<Item = bool>) -> String {
    let digits = bits.map(|bit| if bit { '1' } else { '0' });
    "0b".chars().chain(digits).collect()
}

/// Octets in hexadecimal, without separators.
#[must_use]
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
