//! Values to be written.

use crate::cel::{BadValue, Expr, Field, FieldValue, Value};
use crate::diagnostic::{Code, Diagnostic, Spanned};
use crate::yaml::{Decoder, FromNode, Node, NodeKind, words};

words! {
    /// Values the harness makes itself, from the type in the model and the present value.
    pub enum Generate ("generated value") {
        /// A legal value other than the present one.
        Different = "different",
        /// The present value.
        Same = "same",
        /// A value of another MMS type.
        WrongType = "wrong-type",
        /// A value of the right type outside its range (an undefined enumeration value, too large a number).
        OutOfRange = "out-of-range",
    }
}

words! {
    /// MMS types that can be asked for by name.
    pub enum DataType ("MMS type") {
        /// BOOLEAN.
        Boolean = "boolean",
        /// Signed integer.
        Integer = "integer",
        /// Unsigned integer.
        Unsigned = "unsigned",
        /// Single precision floating point.
        Float = "float",
        /// Double precision floating point.
        Double = "double",
        /// Bit string, written `0b0110`.
        BitString = "bit-string",
        /// Octet string, written in hexadecimal.
        OctetString = "octet-string",
        /// VisibleString.
        VisibleString = "visible-string",
        /// MMSString (UTF-8).
        MmsString = "mms-string",
        /// UTC time: milliseconds since 1970 or `now`.
        UtcTime = "utc-time",
        /// Binary time of 4 or 6 octets, in hexadecimal.
        BinaryTime = "binary-time",
        /// Structure: a list of values.
        Structure = "structure",
        /// Array: a list of values.
        Array = "array",
    }
}

/// A scalar that gets its type only from what it is written to.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// As written in the suite: `true`, `5`, `on`, `some text`.
    Text(String),
    /// As an expression gave it.
    Value(Value),
}

impl FieldValue for Literal {
    const WHAT: &'static str = "value";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        Ok(Self::Text(text.to_owned()))
    }

    fn from_value(value: &Value) -> Result<Self, BadValue> {
        Ok(Self::Value(value.clone()))
    }
}

/// A value to be written: a scalar that takes the type of the attribute, a list for its components, an explicit
/// type (`{unsigned: 5}`), or one the harness makes (`{generate: different}`).
#[derive(Debug, Clone, PartialEq)]
pub enum WriteValue {
    /// Takes the type of the attribute.
    Scalar(Field<Literal>),
    /// Components in order; each takes the type of its component.
    List(Vec<WriteValue>),
    /// Exactly this MMS type, right or wrong.
    Typed(Spanned<DataType>, Box<WriteValue>),
    /// Made by the harness.
    Generate(Field<Generate>),
}

impl FromNode for WriteValue {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(_) => Field::from_node(node, cx).map(Self::Scalar),
            NodeKind::Null => {
                cx.wrong_type(node, "a value");
                None
            }
            NodeKind::Seq(_) => Vec::from_node(node, cx).map(Self::List),
            NodeKind::Map(entries) => {
                let [entry] = entries.as_slice() else {
                    cx.push(Diagnostic::error(
                        Code::Invalid,
                        node.span,
                        "expected one key: the type of the value, or `generate`",
                    ));
                    return None;
                };
                if entry.key.value == "generate" {
                    return Field::from_node(&entry.value, cx).map(Self::Generate);
                }
                let Some(ty) = DataType::from_word(&entry.key.value) else {
                    let known = DataType::words().chain(["generate"]);
                    cx.unknown_word(entry.key.span, DataType::WHAT, &entry.key.value, known);
                    return None;
                };
                let inner = Self::from_node(&entry.value, cx)?;
                Some(Self::Typed(
                    Spanned::new(ty, entry.key.span),
                    Box::new(inner),
                ))
            }
        }
    }
}

impl WriteValue {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        match self {
            Self::Scalar(field) => field.exprs(),
            Self::List(items) => items.iter().flat_map(Self::exprs).collect(),
            Self::Typed(_, inner) => inner.exprs(),
            Self::Generate(field) => field.exprs(),
        }
    }
}

impl schemars::JsonSchema for WriteValue {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let value = generator.subschema_for::<Self>();
        let mut properties = serde_json::Map::new();
        for ty in DataType::words() {
            properties.insert(ty.to_owned(), value.clone().to_value());
        }
        let generate: Vec<&str> = Generate::words().collect();
        properties.insert("generate".to_owned(), serde_json::json!({"type": "string", "anyOf": [{"enum": generate}, {"pattern": "\\$"}]}));
        schemars::json_schema!({
            "description": "A value to be written: it takes the type of the attribute, unless the type is given (`{unsigned: 5}`) or the harness makes it (`{generate: different}`).",
            "anyOf": [
                {"type": ["string", "number", "boolean"]},
                {"type": "array", "items": value},
                {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false, "properties": properties},
            ],
        })
    }
}
