//! From the tree to typed values, collecting every error instead of stopping at the first.

use super::node::{Entry, Node, NodeKind};
use crate::diagnostic::{Code, Diagnostic, Span, Spanned, did_you_mean};

/// A type that a node can be turned into.
pub trait FromNode: Sized {
    /// Reads the node; on failure says why through `cx` and returns nothing.
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self>;

    /// What an absent key means; nothing if the key is required.
    #[must_use]
    fn missing() -> Option<Self> {
        None
    }
}

/// Collects diagnostics while values are read.
#[derive(Debug, Default)]
pub struct Decoder {
    /// Everything found so far.
    pub diagnostics: Vec<Diagnostic>,
    /// Names bound (`as:`) by steps that could not be read: they must not be called undefined.
    pub broken_bindings: Vec<String>,
}

impl Decoder {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds an error at a place.
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(code, span, message));
    }

    /// Says that `node` is not what was expected, for instance `a list of steps`.
    pub fn wrong_type(&mut self, node: &Node, expected: &str) {
        let message = format!("expected {expected}, found {}", node.describe());
        self.push(Diagnostic::error(Code::WrongType, node.span, message));
    }

    /// Says that `word` is none of `known`.
    pub fn unknown_word<'a>(
        &mut self,
        span: Span,
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) {
        self.push(unknown_word(span, what, word, known));
    }

    /// The entries of a map, to be taken key by key.
    pub fn map<'n>(&mut self, node: &'n Node, expected: &str) -> Option<Fields<'n>> {
        match &node.kind {
            NodeKind::Map(entries) => Some(Fields {
                span: node.span,
                entries,
                asked: Vec::new(),
            }),
            _ => {
                self.wrong_type(node, expected);
                None
            }
        }
    }

    /// Every element of a list that can be read; nothing only if the node is no list.
    pub fn list<T: FromNode>(&mut self, node: &Node, expected: &str) -> Option<Vec<T>> {
        match &node.kind {
            NodeKind::Seq(items) => {
                let read: Vec<Option<T>> = items.iter().map(|i| T::from_node(i, self)).collect();
                Some(read.into_iter().flatten().collect())
            }
            _ => {
                self.wrong_type(node, expected);
                None
            }
        }
    }
}

/// The diagnostic for a word that is none of `known`.
#[must_use]
pub fn unknown_word<'a>(
    span: Span,
    what: &str,
    word: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let list = known
        .clone()
        .into_iter()
        .map(|k| format!("`{k}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let d = Diagnostic::error(
        Code::UnknownWord,
        span,
        format!("`{word}` is not a known {what}"),
    );
    match did_you_mean(word, known) {
        Some(near) => d.help(format!("did you mean `{near}`? permitted: {list}")),
        None => d.help(format!("permitted: {list}")),
    }
}

/// The diagnostic for something named that is known nowhere.
#[must_use]
pub fn unknown_reference<'a>(
    span: Span,
    what: &str,
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("there is no {what} `{word}`");
    let d = Diagnostic::error(Code::UnknownReference, span, message);
    match did_you_mean(word, known) {
        Some(near) => d.help(format!("did you mean `{near}`?")),
        None => d,
    }
}

/// The entries of one map while it is read.
#[derive(Debug)]
pub struct Fields<'n> {
    /// The whole map.
    pub span: Span,
    entries: &'n [Entry],
    asked: Vec<String>,
}

impl<'n> Fields<'n> {
    /// The node under `key`, if it is there. Marks the key as known.
    pub fn take(&mut self, key: &str) -> Option<&'n Entry> {
        self.asked.push(key.to_owned());
        self.entries.iter().find(|e| e.key.value == key)
    }

    /// The typed value under the key that a Rust field name stands for (`buf_tm` is `buf-tm`).
    pub fn field<T: FromNode>(&mut self, rust_name: &str, cx: &mut Decoder) -> Option<T> {
        let key = key_of(rust_name);
        match self.take(&key) {
            Some(entry) => T::from_node(&entry.value, cx),
            None => {
                let value = T::missing();
                if value.is_none() {
                    let span = Span {
                        end: self.span.start.saturating_add(1).max(
                            self.span.end.min(
                                self.entries
                                    .first()
                                    .map_or(self.span.end, |e| e.key.span.end),
                            ),
                        ),
                        ..self.span
                    };
                    cx.error(Code::MissingKey, span, format!("key `{key}` is missing"));
                }
                value
            }
        }
    }

    /// Complains about every key that nobody asked for.
    pub fn finish(self, cx: &mut Decoder) {
        for entry in self.entries {
            let key = &entry.key;
            if self.asked.contains(&key.value) {
                continue;
            }
            let d = Diagnostic::error(
                Code::UnknownKey,
                key.span,
                format!("unknown key `{}`", key.value),
            );
            let near = did_you_mean(&key.value, self.asked.iter().map(String::as_str));
            cx.push(match near {
                Some(near) => d.help(format!("did you mean `{near}`?")),
                None => {
                    let mut known: Vec<_> = self.asked.iter().map(|a| format!("`{a}`")).collect();
                    known.sort();
                    d.help(format!("known here: {}", known.join(", ")))
                }
            });
        }
    }
}

/// The YAML key of a Rust field: `r#as` is `as`, `buf_tm` is `buf-tm`.
#[must_use]
pub fn key_of(rust_name: &str) -> String {
    rust_name.trim_start_matches("r#").replace('_', "-")
}

impl<T: FromNode> FromNode for Option<T> {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        T::from_node(node, cx).map(Some)
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromNode> FromNode for Vec<T> {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        cx.list(node, "a list")
    }

    fn missing() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: FromNode> FromNode for Box<T> {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        T::from_node(node, cx).map(Self::new)
    }

    fn missing() -> Option<Self> {
        T::missing().map(Self::new)
    }
}

impl<T: FromNode> FromNode for Spanned<T> {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        T::from_node(node, cx).map(|value| Self::new(value, node.span))
    }
}

impl FromNode for String {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(s) => Some(s.text.trim_end().to_owned()),
            _ => {
                cx.wrong_type(node, "a text");
                None
            }
        }
    }
}

impl FromNode for bool {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let value = node.text().and_then(parse_bool);
        if value.is_none() {
            cx.wrong_type(node, "`true` or `false`");
        }
        value
    }
}

/// `true`, `yes`, `on` and their opposites.
#[must_use]
pub fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "true" | "yes" | "on" | "True" | "TRUE" => Some(true),
        "false" | "no" | "off" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

impl FromNode for u32 {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let value = node.text().and_then(|t| t.parse().ok());
        if value.is_none() {
            cx.wrong_type(node, "a whole number from 0");
        }
        value
    }
}

/// A map with free keys, in the order written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<T>(pub Vec<(Spanned<String>, T)>);

impl<T> Table<T> {
    /// Key and value in the order written.
    pub fn iter(&self) -> impl Iterator<Item = (&Spanned<String>, &T)> {
        self.0.iter().map(|(k, v)| (k, v))
    }

    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(k, _)| k.value == key).map(|(_, v)| v)
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: FromNode> FromNode for Table<T> {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            cx.wrong_type(node, "a map");
            return None;
        };
        let mut table = Vec::new();
        for entry in entries {
            if let Some(value) = T::from_node(&entry.value, cx) {
                table.push((entry.key.clone(), value));
            }
        }
        Some(Self(table))
    }

    fn missing() -> Option<Self> {
        Some(Self::default())
    }
}

impl<T: schemars::JsonSchema> schemars::JsonSchema for Table<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("TableOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let value = generator.subschema_for::<T>();
        schemars::json_schema!({"type": "object", "additionalProperties": value})
    }
}

impl<T: schemars::JsonSchema> schemars::JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}
