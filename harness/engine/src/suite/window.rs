//! When something must happen.

use crate::cel::{Expr, Field, Millis, Name};
use crate::diagnostic::{Span, Spanned};
use crate::yaml::{Decoder, FromNode, Node, NodeKind, yaml_struct};

/// A window in time: `within: 2s`, or `within: {after: first, min: 900ms, max: 1200ms}`.
///
/// `min` and `max` count from the instant `after` (a step's name, or a `mark`), or from the start of the step.
/// The target's tolerances widen the window outside, unless it is `exact`.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// Where it stands.
    pub span: Span,
    /// The instant from which is counted.
    pub after: Option<Spanned<Name>>,
    /// Not before.
    pub min: Option<Field<Millis>>,
    /// Not later.
    pub max: Field<Millis>,
    /// Without the target's tolerances.
    pub exact: bool,
}

yaml_struct! {
    /// The long form of a window.
    struct WindowMap {
        /// The instant from which is counted: the name (`as`) of a step, or a `mark`. Otherwise the start of this step.
        after: Option<Spanned<Name>>,
        /// Not before.
        min: Option<Field<Millis>>,
        /// Not later.
        max: Field<Millis>,
        /// `true`: without the target's tolerances.
        exact: Option<bool>,
    }
}

impl FromNode for Window {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        if let NodeKind::Map(_) = node.kind {
            let map = WindowMap::from_node(node, cx)?;
            return Some(Self {
                span: node.span,
                after: map.after,
                min: map.min,
                max: map.max,
                exact: map.exact.unwrap_or(false),
            });
        }
        Some(Self {
            span: node.span,
            after: None,
            min: None,
            max: Field::from_node(node, cx)?,
            exact: false,
        })
    }
}

impl Window {
    /// The expressions inside.
    #[must_use]
    pub fn exprs(&self) -> Vec<&Expr> {
        let mut all = self.max.exprs();
        all.extend(self.min.iter().flat_map(Field::exprs));
        all
    }
}

impl schemars::JsonSchema for Window {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Window".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let short = Field::<Millis>::json_schema(generator);
        let long = WindowMap::json_schema(generator);
        schemars::json_schema!({
            "description": "A time limit such as `2s`, or a window `{after: first, min: 900ms, max: 1200ms}`.",
            "anyOf": [short, long],
        })
    }
}
