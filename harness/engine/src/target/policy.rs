//! How many elements a `for-each` runs over.

use crate::yaml::{Decoder, FromNode, Node, NodeKind, yaml_struct};

/// How many elements of the device a `for-each` runs over: `all`, `first`, or `{sample: 3}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForEachPolicy {
    /// Every element.
    #[default]
    All,
    /// The first one.
    First,
    /// So many, spread evenly (with a shuffle seed: drawn at random).
    Sample(u32),
}

yaml_struct! {
    /// The long form.
    struct SampleMap {
        /// How many elements.
        sample: u32,
    }
}

impl FromNode for ForEachPolicy {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        match (&node.kind, node.text()) {
            (NodeKind::Map(_), _) => SampleMap::from_node(node, cx).map(|m| Self::Sample(m.sample)),
            (_, Some("all")) => Some(Self::All),
            (_, Some("first")) => Some(Self::First),
            _ => {
                cx.wrong_type(node, "`all`, `first` or `{sample: 3}`");
                None
            }
        }
    }
}

impl schemars::JsonSchema for ForEachPolicy {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ForEachPolicy".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let sample = SampleMap::json_schema(generator);
        schemars::json_schema!({"anyOf": [{"enum": ["all", "first"]}, sample]})
    }
}
