//! Values of options: typed, in range, with a message that says what is permitted.

use std::ops::RangeInclusive;
use std::time::Duration;

use iedassay_engine::cel::Millis;
use iedassay_engine::diagnostic::{Code, Diagnostic};
use iedassay_engine::yaml::{Decoder, FromNode, Node};

/// A whole number in a range.
pub(super) fn number(node: &Node, cx: &mut Decoder, range: RangeInclusive<u32>) -> Option<u32> {
    let number = u32::from_node(node, cx)?;
    if range.contains(&number) {
        return Some(number);
    }
    let message = format!("{number} is out of range");
    cx.push(
        Diagnostic::error(Code::Invalid, node.span, message).help(format!(
            "permitted: {} to {}",
            range.start(),
            range.end()
        )),
    );
    None
}

/// A time such as `500ms` or `30s`.
pub(super) fn time(node: &Node, cx: &mut Decoder) -> Option<Duration> {
    Millis::from_node(node, cx).map(|millis| Duration::from_millis(millis.0))
}

/// One of a few words.
pub(super) fn word<T: Copy>(
    node: &Node,
    cx: &mut Decoder,
    what: &str,
    known: &[(&str, T)],
) -> Option<T> {
    let text = String::from_node(node, cx)?;
    let found = known.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
        cx.unknown_word(node.span, what, &text, words);
    }
    found.map(|(_, value)| *value)
}
