//! `repeat`, `for-each`, `if`, `use`.

use std::sync::Arc;

use super::entry::StepEntry;
use crate::cel::{Expr, Field, FieldValue, Millis, Name};
use crate::diagnostic::Spanned;
use crate::yaml::decode::Table;
use crate::yaml::{Decoder, FromNode, Node, NodeKind, yaml_struct};

yaml_struct! {
    /// Does steps several times: `times`, or `until` an expression is true.
    ///
    /// Result: a list with one map per round, of the names the steps bound in it.
    pub struct Repeat {
        /// How often. With `until`, at most so often.
        pub times: Option<Field<u32>>,
        /// Ends when this expression is true after a round. It not becoming true within `within` (or `times`) is a failure.
        pub until: Option<Expr>,
        /// Pause between the rounds.
        pub every: Option<Field<Millis>>,
        /// Limit for `until`.
        pub within: Option<Field<Millis>>,
        /// Name of the number of the round, from 0.
        pub index: Option<Spanned<Name>>,
        /// What is done.
        pub steps: Vec<StepEntry>,
        /// A name for the list of results.
        pub r#as: Option<Spanned<Name>>,
        /// A sentence for the report when `until` does not become true.
        pub why: Option<Field<String>>,
    }
}

yaml_struct! {
    /// Does steps for every element of a list.
    ///
    /// Result: a list with one map per round, of the names the steps bound in it.
    pub struct ForEach {
        /// Name of the element.
        pub each: Spanned<Name>,
        /// Expression that gives the list.
        pub r#in: Expr,
        /// Name of the number of the round, from 0.
        pub index: Option<Spanned<Name>>,
        /// What is done.
        pub steps: Vec<StepEntry>,
        /// A name for the list of results.
        pub r#as: Option<Spanned<Name>>,
    }
}

yaml_struct! {
    /// Does steps only if an expression is true.
    pub struct If {
        /// The expression.
        pub when: Expr,
        /// Done if it is true.
        pub then: Vec<StepEntry>,
        /// Done if it is false.
        #[schemars(default)]
        pub r#else: Vec<StepEntry>,
    }
}

yaml_struct! {
    /// The keys of `use`.
    pub struct UseBody {
        /// Name of the fragment, of this file or of an included one.
        pub fragment: Spanned<String>,
        /// Variables the fragment sees, besides those in sight here: name to expression.
        #[schemars(default)]
        pub with: Table<Expr>,
    }
}

/// Does the steps of a fragment here: `- use: fragment`, or with variables: `- use: {fragment: f, with: {rcb: rcb}}`.
/// What the fragment binds can be used afterwards.
#[derive(Debug, Clone)]
pub struct Use {
    /// What is written.
    pub body: UseBody,
    /// The fragment's steps, filled in by the loader.
    pub steps: Arc<[StepEntry]>,
}

impl FromNode for Use {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let body = match &node.kind {
            NodeKind::Map(_) => UseBody::from_node(node, cx)?,
            _ => UseBody {
                fragment: Spanned::from_node(node, cx)?,
                with: Table::default(),
            },
        };
        for (name, _) in body.with.iter() {
            check_name(name, cx);
        }
        Some(Self {
            body,
            steps: Arc::from([]),
        })
    }
}

impl schemars::JsonSchema for Use {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Use".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let long = UseBody::json_schema(generator);
        schemars::json_schema!({
            "description": "Does the steps of a fragment here: its name, or `{fragment: name, with: {variable: expression}}`.",
            "anyOf": [{"type": "string"}, long],
        })
    }
}

/// Complains about a variable name that is none.
pub(in crate::suite) fn check_name(name: &Spanned<String>, cx: &mut Decoder) {
    if let Err(bad) = Name::from_text(&name.value) {
        cx.push(bad.diagnostic(name.span));
    }
}
