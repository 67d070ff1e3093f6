//! `let`, `assert`, `note`, `measure`.

use crate::cel::{Expr, ExprList, Field};
use crate::yaml::decode::Table;
use crate::yaml::{Decoder, FromNode, Node, NodeKind, yaml_struct};

/// Gives values names: `- let: {n: "rcb.members.size()"}`. The values are expressions.
#[derive(Debug, Clone)]
pub struct Let {
    /// Names and expressions; later ones see earlier ones.
    pub values: Table<Expr>,
}

impl FromNode for Let {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let values = Table::from_node(node, cx)?;
        for (name, _) in values.iter() {
            crate::suite::steps::flow::check_name(name, cx);
        }
        Some(Self { values })
    }
}

impl schemars::JsonSchema for Let {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Let".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = Table::<Expr>::json_schema(generator);
        schema.insert(
            "description".to_owned(),
            "Gives values names. The values are expressions.".into(),
        );
        schema
    }
}

/// Expressions that must be true: `- assert: "size(r.members) == 3"`, one or a list, or with a sentence:
/// `- assert: {that: "...", why: "..."}`.
#[derive(Debug, Clone)]
pub struct Assert {
    /// The expressions.
    pub that: ExprList,
    /// A sentence for the report when one is false.
    pub why: Option<Field<String>>,
}

yaml_struct! {
    /// The long form.
    struct AssertMap {
        /// The expressions.
        that: ExprList,
        /// A sentence for the report when one is false.
        why: Option<Field<String>>,
    }
}

impl FromNode for Assert {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        if let NodeKind::Map(_) = node.kind {
            let map = AssertMap::from_node(node, cx)?;
            return Some(Self {
                that: map.that,
                why: map.why,
            });
        }
        Some(Self {
            that: ExprList::from_node(node, cx)?,
            why: None,
        })
    }
}

impl schemars::JsonSchema for Assert {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Assert".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let short = ExprList::json_schema(generator);
        let long = AssertMap::json_schema(generator);
        schemars::json_schema!({
            "description": "Expressions that must be true: one, a list, or `{that: ..., why: ...}`.",
            "anyOf": [short, long],
        })
    }
}

/// A finding: permitted, but worth telling. `- note: text`, or only `when` an expression is true.
#[derive(Debug, Clone)]
pub struct Note {
    /// The text.
    pub text: Field<String>,
    /// Only if this is true.
    pub when: Option<Expr>,
}

yaml_struct! {
    /// The long form.
    struct NoteMap {
        /// The text.
        text: Field<String>,
        /// Only if this is true.
        when: Option<Expr>,
    }
}

impl FromNode for Note {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        if let NodeKind::Map(_) = node.kind {
            let map = NoteMap::from_node(node, cx)?;
            return Some(Self {
                text: map.text,
                when: map.when,
            });
        }
        Some(Self {
            text: Field::from_node(node, cx)?,
            when: None,
        })
    }
}

impl schemars::JsonSchema for Note {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Note".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let short = Field::<String>::json_schema(generator);
        let long = NoteMap::json_schema(generator);
        schemars::json_schema!({
            "description": "A finding: permitted, but worth telling. A text, or `{text: ..., when: expression}`.",
            "anyOf": [short, long],
        })
    }
}

yaml_struct! {
    /// A number for the record: it judges nothing, reports draw it and `diff` compares it. Several of the same name in one case are a series.
    pub struct Measure {
        /// What it is, in words, the same in every run: `reports delivered`.
        pub name: Field<String>,
        /// Expression: the number.
        pub value: Expr,
        /// Its unit: `ms`, `reports`, `associations`.
        pub unit: Option<Field<String>>,
        /// Only if this is true.
        pub when: Option<Expr>,
    }
}
