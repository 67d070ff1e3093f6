//! What the vendor states: SCL, PICS, PIXIT.

use crate::cel::{FieldValue, Millis, Value};
use crate::diagnostic::{Span, Spanned};
use crate::yaml::decode::Table;
use crate::yaml::{Decoder, FromNode, Node, NodeKind, Style, yaml_struct};

yaml_struct! {
    /// The SCL file that describes the device.
    pub struct SclSource {
        /// The file, relative to the target file. `builtin` is the model of the simulated IED.
        pub file: Spanned<String>,
        /// Name of the IED in it; may be absent if there is only one.
        pub ied: Option<Spanned<String>>,
        /// Access point; may be absent if there is only one.
        pub access_point: Option<Spanned<String>>,
    }
}

/// The PICS statement: item by item `true` or `false`.
#[derive(Debug, Clone, Default)]
pub struct Pics {
    /// Items and answers.
    pub items: Table<bool>,
}

impl Pics {
    /// Whether an item is claimed; nothing if the statement is silent.
    #[must_use]
    pub fn claims(&self, id: &str) -> Option<bool> {
        self.items.get(id).copied()
    }
}

impl FromNode for Pics {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        Table::from_node(node, cx).map(|items| Self { items })
    }
}

impl schemars::JsonSchema for Pics {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pics".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "object", "additionalProperties": {"type": "boolean"}})
    }
}

/// An answer of the PIXIT: a number, a truth value, a duration, a text, a list or a map.
#[derive(Debug, Clone)]
pub struct PixitValue {
    /// Where it stands.
    pub span: Span,
    /// The answer. A duration is a number of milliseconds.
    pub value: Value,
}

impl FromNode for PixitValue {
    fn from_node(node: &Node, _: &mut Decoder) -> Option<Self> {
        Some(Self {
            span: node.span,
            value: plain_value(node),
        })
    }
}

/// Depth is bounded by the YAML reader.
fn plain_value(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Null => Value::Null,
        NodeKind::Scalar(s) if s.style == Style::Text => text(&s.text),
        NodeKind::Scalar(s) => match s.text.as_str() {
            "true" | "yes" => Value::Bool(true),
            "false" | "no" => Value::Bool(false),
            other => match (other.parse::<i64>(), other.parse::<f64>()) {
                (Ok(i), _) => Value::Int(i),
                (_, Ok(f)) if f.is_finite() => Value::Float(f),
                _ => match Millis::from_text(other) {
                    Ok(ms) if other.starts_with(|c: char| c.is_ascii_digit()) => {
                        Value::Int(i64::try_from(ms.0).unwrap_or(i64::MAX))
                    }
                    _ => text(other),
                },
            },
        },
        NodeKind::Seq(items) => {
            Value::List(items.iter().map(plain_value).collect::<Vec<_>>().into())
        }
        NodeKind::Map(entries) => {
            let map: std::collections::HashMap<String, Value> = entries
                .iter()
                .map(|e| (e.key.value.clone(), plain_value(&e.value)))
                .collect();
            Value::Map(map.into())
        }
    }
}

fn text(s: &str) -> Value {
    Value::String(s.to_owned().into())
}

impl schemars::JsonSchema for PixitValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PixitValue".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({})
    }
}
