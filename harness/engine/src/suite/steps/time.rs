//! `wait`, `mark`.

use crate::cel::{Expr, Field, Millis, Name};
use crate::diagnostic::Spanned;
use crate::yaml::{Decoder, FromNode, Node};

/// Waits: `- wait: 200ms`.
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    /// How long.
    pub time: Field<Millis>,
}

impl Wait {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        self.time.exprs()
    }
}

impl FromNode for Wait {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        Field::from_node(node, cx).map(|time| Self { time })
    }
}

impl schemars::JsonSchema for Wait {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Wait".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = Field::<Millis>::json_schema(generator);
        schema.insert(
            "description".to_owned(),
            "Waits, for instance `200ms`.".into(),
        );
        schema
    }
}

/// Gives the present instant a name that windows and expressions can use: `- mark: start`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The name.
    pub name: Spanned<Name>,
}

impl FromNode for Mark {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        Spanned::from_node(node, cx).map(|name| Self { name })
    }
}

impl schemars::JsonSchema for Mark {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Mark".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = Name::json_schema(generator);
        schema.insert(
            "description".to_owned(),
            "Gives the present instant a name that windows (`after`) and expressions (`name.at`) can use.".into(),
        );
        schema
    }
}
