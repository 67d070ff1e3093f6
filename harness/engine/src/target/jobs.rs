//! How many cases may run at the same time.

use crate::cel::{BadValue, FieldValue};
use crate::yaml::{Decoder, FromNode, Node};

/// How many cases may run at the same time: a number, or `auto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jobs {
    /// Up to [`Jobs::AUTO`], as far as the associations of the device reach.
    Auto,
    /// At most so many.
    Number(u16),
}

impl Jobs {
    /// More at the same time shorten hardly any run: what is long waits for the same control block.
    pub const AUTO: usize = 4;

    /// The number.
    #[must_use]
    pub fn number(self) -> usize {
        match self {
            Self::Auto => Self::AUTO,
            Self::Number(number) => usize::from(number),
        }
    }
}

impl FieldValue for Jobs {
    const WHAT: &'static str = "number of cases at the same time, or `auto`";

    fn from_text(text: &str) -> Result<Self, BadValue> {
        match text.parse::<u16>() {
            _ if text == "auto" => Ok(Self::Auto),
            Ok(number) if number > 0 => Ok(Self::Number(number)),
            _ => Err(BadValue::expected(Self::WHAT, &format!("`{text}`"))),
        }
    }
}

impl FromNode for Jobs {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        crate::cel::from_scalar(node, cx)
    }
}

impl schemars::JsonSchema for Jobs {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Jobs".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1, "maximum": 65535}]})
    }
}
