//! What the vendor states: SCL, PICS, PIXIT.

use iedassay_model::capability;
use iedassay_reports::Statement;

use super::pixit;
use crate::cel::{FieldValue, Millis, Value};
use crate::diagnostic::{Span, Spanned};
use crate::yaml::decode::Table;
use crate::yaml::decode::unknown_reference;
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

/// What a statement says of a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Yes or no.
    Flag(bool),
    /// A number, as of associations or octets.
    Number(u32),
}

impl Claim {
    /// Whether it is claimed at all; none of it is a no.
    #[must_use]
    pub fn is_yes(self) -> bool {
        match self {
            Self::Flag(yes) => yes,
            Self::Number(number) => number > 0,
        }
    }

    /// The same for a report.
    #[must_use]
    pub fn statement(self, source: &str) -> Statement {
        match self {
            Self::Flag(yes) => Statement::flag(yes),
            Self::Number(number) => Statement::value(number),
        }
        .from_source(source)
    }
}

impl core::fmt::Display for Claim {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Flag(yes) => yes.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl FromNode for Claim {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let text = node.text();
        if let Some(flag) = text.and_then(crate::yaml::decode::parse_bool) {
            return Some(Self::Flag(flag));
        }
        let number = text.and_then(|text| text.parse().ok()).map(Self::Number);
        if number.is_none() {
            cx.wrong_type(node, "`true`, `false` or a number");
        }
        number
    }
}

impl schemars::JsonSchema for Claim {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Claim".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["boolean", "integer"], "minimum": 0})
    }
}

/// The PICS statement, item by item. The items are those of [`capability::all`].
#[derive(Debug, Clone, Default)]
pub struct Pics {
    /// Items and answers.
    pub items: Table<Claim>,
}

impl Pics {
    /// Whether an item is claimed; nothing if the statement is silent.
    #[must_use]
    pub fn claims(&self, id: &str) -> Option<bool> {
        self.claim(id).map(Claim::is_yes)
    }

    /// What is said of an item; nothing if the statement is silent.
    #[must_use]
    pub fn claim(&self, id: &str) -> Option<Claim> {
        self.items.get(id).copied()
    }
}

impl FromNode for Pics {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let items: Table<Claim> = Table::from_node(node, cx)?;
        for (id, _) in items.iter() {
            if capability::find(&id.value).is_none() {
                let known = capability::all().iter().map(|item| item.id);
                cx.push(unknown_reference(id.span, "PICS item", &id.value, known));
            }
        }
        Some(Self { items })
    }
}

impl schemars::JsonSchema for Pics {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pics".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let items: serde_json::Map<String, serde_json::Value> = capability::all()
            .iter()
            .map(|item| {
                let types = match item.kind {
                    // Of accuracy and resolutions the significant bits.
                    _ if matches!(item.id, "T1" | "T2" | "T3") => {
                        serde_json::json!(["boolean", "integer"])
                    }
                    capability::CapabilityKind::Association => {
                        serde_json::json!(["boolean", "integer"])
                    }
                    _ => serde_json::json!("boolean"),
                };
                let schema = serde_json::json!({"type": types, "description": item.name});
                (item.id.to_owned(), schema)
            })
            .collect();
        schemars::json_schema!({"type": "object", "additionalProperties": false, "properties": items})
    }
}

/// The PIXIT statement: answers by question id.
#[derive(Debug, Clone, Default)]
pub struct Pixit(pub Table<PixitValue>);

impl core::ops::Deref for Pixit {
    type Target = Table<PixitValue>;

    fn deref(&self) -> &Table<PixitValue> {
        &self.0
    }
}

impl FromNode for Pixit {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let answers: Table<PixitValue> = Table::from_node(node, cx)?;
        for (id, answer) in answers.iter() {
            match pixit::question(&id.value) {
                Some(question) => cx.diagnostics.extend(pixit::check(question, answer)),
                None => {
                    let known = pixit::QUESTIONS.iter().map(|q| q.id);
                    cx.push(unknown_reference(
                        id.span,
                        "PIXIT question",
                        &id.value,
                        known,
                    ));
                }
            }
        }
        Some(Self(answers))
    }

    fn missing() -> Option<Self> {
        Some(Self::default())
    }
}

impl schemars::JsonSchema for Pixit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pixit".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let questions: serde_json::Map<String, serde_json::Value> = pixit::QUESTIONS
            .iter()
            .map(|q| {
                let text = format!("{}: {}", q.asks, q.answer.describe());
                (q.id.to_owned(), serde_json::json!({ "description": text }))
            })
            .collect();
        schemars::json_schema!({"type": "object", "additionalProperties": false, "properties": questions})
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
