//! Text to tree, on top of `serde-saphyr`.

use core::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned as At};

use super::node::{Entry, Node, NodeKind, Scalar, Style};
use crate::diagnostic::{Code, Diagnostic, FileId, Sources, Span, Spanned};

/// Larger files are refused before they are parsed.
pub const MAX_FILE_BYTES: usize = 4 * 1024 * 1024;
/// Maps and lists inside each other.
const MAX_DEPTH: usize = 64;
/// Scalars, lists and maps in one file, aliases expanded.
const MAX_NODES: usize = 100_000;
/// References to anchors.
const MAX_ALIASES: usize = 1_000;

/// Parses one of the texts in `sources`.
///
/// # Errors
///
/// A diagnostic with the place when the text is not YAML, has a key twice in one map, or goes over a budget.
pub fn read(sources: &Sources, file: FileId) -> Result<Node, Diagnostic> {
    let text = sources.get(file).map(|f| f.text.as_ref()).unwrap_or("");
    let start = Span::new(file, 0, 0);
    if text.len() > MAX_FILE_BYTES {
        let message = format!(
            "file of {} bytes is larger than the {MAX_FILE_BYTES} allowed",
            text.len()
        );
        return Err(Diagnostic::error(Code::Yaml, start, message));
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_aliases: MAX_ALIASES,
            max_events: MAX_NODES * 3,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_NODES,
        },
        with_snippet: false,
    };
    match serde_saphyr::from_str_with_options::<At<Raw>>(text, options) {
        Ok(raw) => Ok(convert(raw, text, file)),
        Err(error) => {
            let span = error
                .location()
                .map_or(start, |l| location_span(l, text, file));
            let d = Diagnostic::error(Code::Yaml, span, message(&error));
            Err(match remedy(&d.message, text, span) {
                Some(help) => d.help(help),
                None => d,
            })
        }
    }
}

/// The parser's words in our style, without the position it appends.
fn message(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let cut = text.rfind(" at line ").unwrap_or(text.len());
    let text = text.get(..cut).unwrap_or(&text);
    match text.strip_prefix("duplicate mapping key: ") {
        Some(rest) => {
            let key = rest.split(',').next().unwrap_or(rest);
            format!("key `{key}` stands twice in the same map")
        }
        None => text.lines().next().unwrap_or(text).to_owned(),
    }
}

/// The usual reason for an error of the parser, where there is one.
fn remedy(message: &str, text: &str, span: Span) -> Option<&'static str> {
    let at = text.get(span.start as usize..).unwrap_or_default();
    if message.contains("flow") && at.starts_with('[') {
        return Some("inside `{...}` a text with `[` needs quotes: {ref: \"LD/LN.DO[ST]\"}");
    }
    if message.contains("flow") && at.starts_with(':') {
        return Some("inside `{...}` a text with `: ` needs quotes");
    }
    if message.contains("tab") {
        return Some("indent with spaces");
    }
    None
}

/// What the parser hands out before source slices are looked up.
enum Raw {
    Null,
    /// Read as a number or boolean: the text is taken from the source.
    Plain(String),
    Text(String),
    Seq(Vec<At<Raw>>),
    Map(Vec<(At<String>, At<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Raw, E> {
        Ok(Raw::Plain(v.to_string()))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Raw, E> {
        Ok(Raw::Plain(v.to_string()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Raw, E> {
        Ok(Raw::Plain(v.to_string()))
    }

    fn visit_i128<E>(self, v: i128) -> Result<Raw, E> {
        Ok(Raw::Plain(v.to_string()))
    }

    fn visit_u128<E>(self, v: u128) -> Result<Raw, E> {
        Ok(Raw::Plain(v.to_string()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Raw, E> {
        Ok(Raw::Plain(v.to_string()))
    }

    fn visit_str<E>(self, v: &str) -> Result<Raw, E> {
        Ok(Raw::Text(v.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::Seq(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

/// Depth is bounded by the parser's budget.
fn convert(raw: At<Raw>, text: &str, file: FileId) -> Node {
    let span = location_span(raw.defined, text, file);
    let slice = text.get(span.range()).unwrap_or_default();
    let kind = match raw.value {
        Raw::Null => NodeKind::Null,
        Raw::Plain(fallback) => NodeKind::Scalar(Scalar {
            text: if slice.is_empty() {
                fallback
            } else {
                slice.to_owned()
            },
            style: Style::Plain,
            offsets: None,
        }),
        Raw::Text(value) if slice == value => NodeKind::Scalar(Scalar {
            text: value,
            style: Style::Plain,
            offsets: None,
        }),
        Raw::Text(value) => NodeKind::Scalar(Scalar {
            offsets: Some(align(slice, &value)),
            text: value,
            style: Style::Text,
        }),
        Raw::Seq(items) => {
            NodeKind::Seq(items.into_iter().map(|i| convert(i, text, file)).collect())
        }
        Raw::Map(entries) => NodeKind::Map(
            entries
                .into_iter()
                .map(|(key, value)| Entry {
                    key: Spanned::new(key.value, location_span(key.defined, text, file)),
                    value: convert(value, text, file),
                })
                .collect(),
        ),
    };
    Node { span, kind }
}

/// For every byte of `cooked` (and its end) where it comes from in `source`: quotes, escapes, indentation and
/// folded line breaks are skipped. An escape that stands for another character may shift what follows it by a few
/// columns within the scalar; that is good enough for a caret.
fn align(source: &str, cooked: &str) -> Box<[u32]> {
    let mut offsets = Vec::with_capacity(cooked.len().saturating_add(1));
    let mut rest = source.char_indices().peekable();
    if matches!(source.chars().next(), Some('\'' | '"')) {
        rest.next();
    }
    for c in cooked.chars() {
        let folded = c == ' ' || c == '\n';
        while let Some((_, s)) = rest.peek() {
            if *s == c || (folded && *s == '\n') || !(s.is_whitespace() || matches!(s, '\\' | '\''))
            {
                break;
            }
            rest.next();
        }
        let at = rest.next().map_or(source.len(), |(i, _)| i);
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        offsets.extend(core::iter::repeat_n(at, c.len_utf8()));
        if c == '\'' && source.starts_with('\'') {
            rest.next_if(|(_, s)| *s == '\'');
        }
    }
    let end = offsets.last().map_or(0, |o| o.saturating_add(1));
    offsets.push(end);
    offsets.into_boxed_slice()
}

/// Byte span of a location; errors of the scanner only know line and column.
fn location_span(location: Location, text: &str, file: FileId) -> Span {
    let span = location.span();
    if let (Some(start), Some(len)) = (span.byte_offset(), span.byte_len()) {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let len = usize::try_from(len).unwrap_or(0);
        return Span::new(file, start, start.saturating_add(len));
    }
    let number = |number: u64| usize::try_from(number).unwrap_or(1).saturating_sub(1);
    let rest = text
        .get(line_start(text, number(location.line()))..)
        .unwrap_or_default();
    let column = number(location.column());
    let offset: usize = rest.chars().take(column).map(char::len_utf8).sum();
    let at = text.len().saturating_sub(rest.len()).saturating_add(offset);
    let width = rest.chars().nth(column).map_or(0, char::len_utf8);
    Span::new(file, at, at.saturating_add(width))
}

/// Where the line begins, counted from 0; a carriage return alone ends one too (YAML 1.2, 5.4).
fn line_start(text: &str, line: usize) -> usize {
    let ends = text.char_indices().filter(|(at, c)| {
        let next = text.get(at.saturating_add(1)..).unwrap_or_default();
        *c == '\n' || (*c == '\r' && !next.starts_with('\n'))
    });
    match line.checked_sub(1) {
        None => 0,
        Some(before) => ends
            .map(|(at, _)| at.saturating_add(1))
            .nth(before)
            .unwrap_or(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Node, Diagnostic> {
        let mut sources = Sources::new();
        let id = sources.add("t.yaml", text);
        read(&sources, id)
    }

    #[test]
    fn keeps_the_text_of_plain_scalars() {
        let node = parse("a: 0001\nb: yes\nc: 2.50\nd: 'it''s'\n").unwrap();
        let texts: Vec<_> = ["a", "b", "c", "d"]
            .iter()
            .map(|k| node.get(k).and_then(Node::text).unwrap().to_owned())
            .collect();
        assert_eq!(texts, ["0001", "yes", "2.50", "it's"]);
    }

    #[test]
    fn spans_cover_the_value() {
        let text = "a:\n  b: [x, é]\n";
        let node = parse(text).unwrap();
        let NodeKind::Seq(items) = &node.get("a").unwrap().get("b").unwrap().kind else {
            panic!("list expected");
        };
        assert_eq!(&text[items[1].span.range()], "é");
    }

    #[test]
    fn tells_a_key_that_stands_twice() {
        let d = parse("a: 1\na: 2\n").unwrap_err();
        assert_eq!(d.message, "key `a` stands twice in the same map");
        assert_eq!(d.span().unwrap().range(), 5..6);
    }

    #[test]
    fn a_carriage_return_alone_ends_a_line_too() {
        for (text, at) in [
            ("a: 1\rb: [x]: c: d\n", 11),
            ("a: 1\r\nb: [x]: c: d\n", 12),
            ("a: 1\nb: [x]: c: d\n", 11),
            ("suite\rx]:y]], as: r}\n", 16),
        ] {
            let found = parse(text).unwrap_err().span().unwrap().range();
            assert_eq!(
                (found.start, &text[found.clone()]),
                (at, &text[at..=at]),
                "{text:?}"
            );
        }
    }

    #[test]
    fn refuses_deep_and_alias_bombs() {
        let deep = "[".repeat(500) + &"]".repeat(500);
        assert_eq!(parse(&deep).unwrap_err().code, Code::Yaml);
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for i in 1..12 {
            let refs = vec![format!("*a{}", i - 1); 10].join(",");
            bomb.push_str(&format!("a{i}: &a{i} [{refs}]\n"));
        }
        assert_eq!(parse(&bomb).unwrap_err().code, Code::Yaml);
    }
}
