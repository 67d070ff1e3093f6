//! The spanned tree.

use crate::diagnostic::{Span, Spanned};

/// One YAML node.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it stands; for a scalar without its quotes' meaning, so the quotes belong to the span.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// The kinds of nodes.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// Nothing, `~` or `null`.
    Null,
    /// A plain, quoted or block scalar.
    Scalar(Scalar),
    /// A list.
    Seq(Vec<Node>),
    /// A map, in the order written.
    Map(Vec<Entry>),
}

/// One entry of a map.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key's text.
    pub key: Spanned<String>,
    /// The value.
    pub value: Node,
}

/// A scalar as written: its text is never converted before a type asks for it, so `0001` stays four characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text after unquoting and unfolding.
    pub text: String,
    /// How it was written.
    pub style: Style,
    /// For texts whose characters do not lie in the file one after the other (escapes, folded lines): the offset
    /// from the start of the span of every byte of `text`.
    pub offsets: Option<Box<[u32]>>,
}

impl Scalar {
    /// Where bytes `start..end` of the text stand in the file.
    #[must_use]
    pub fn place(&self, span: Span, start: usize, end: usize) -> Span {
        let offset = |at: usize| match &self.offsets {
            None => u32::try_from(at).unwrap_or(u32::MAX),
            Some(offsets) => offsets.get(at).or(offsets.last()).copied().unwrap_or(0),
        };
        Span {
            file: span.file,
            start: span.start.saturating_add(offset(start)),
            end: span.start.saturating_add(offset(end)),
        }
    }
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes, or as a block: always a text.
    Text,
}

impl Node {
    /// In a few words for messages: `a list`, `` `abc` ``.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.kind {
            NodeKind::Null => "nothing".to_owned(),
            NodeKind::Scalar(s) => {
                let short: String = s.text.trim_end().chars().take(40).collect();
                let dots = if short.len() < s.text.trim_end().len() {
                    "..."
                } else {
                    ""
                };
                format!("`{short}{dots}`")
            }
            NodeKind::Seq(_) => "a list".to_owned(),
            NodeKind::Map(_) => "a map".to_owned(),
        }
    }

    /// The value under a key of a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            NodeKind::Map(entries) => entries
                .iter()
                .find(|e| e.key.value == key)
                .map(|e| &e.value),
            _ => None,
        }
    }

    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(s) => Some(&s.text),
            _ => None,
        }
    }
}
