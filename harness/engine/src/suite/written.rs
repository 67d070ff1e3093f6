//! The text of a step or a case as its author wrote it. The span of a mapping is only where it begins.

use crate::diagnostic::{Sources, Span};

/// A step as it is written: the line that begins with its verb, and the lines below it that are indented further or
/// close what it opens.
pub(crate) fn step(sources: &Sources, span: Span) -> &str {
    written(
        rest(sources, span),
        sources.position(span).column,
        usize::MAX,
    )
}

/// The same, cut off after about `limit` bytes.
pub(crate) fn step_up_to(sources: &Sources, span: Span, limit: usize) -> &str {
    written(rest(sources, span), sources.position(span).column, limit)
}

/// A case as it is written, from its first key on.
pub(crate) fn case(sources: &Sources, span: Span) -> &str {
    let column = sources.position(span).column.saturating_sub(1);
    written(rest(sources, span), column, usize::MAX)
}

/// The words of a text without comments of whole lines, so that the same steps are the same however they are laid out.
pub(crate) fn words(text: &str) -> String {
    lines(text)
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The lines that say something: neither empty nor only a comment.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| says_something(line))
}

fn says_something(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

fn rest(sources: &Sources, span: Span) -> &str {
    sources
        .get(span.file)
        .and_then(|file| file.text.get(span.start as usize..))
        .unwrap_or_default()
}

/// The first line, and what follows it with at least `indent` blanks before or within brackets that are open.
fn written(rest: &str, indent: usize, limit: usize) -> &str {
    let mut end = 0;
    let mut upto = 0;
    let mut open = 0_i32;
    for (index, line) in rest.split_inclusive('\n').enumerate() {
        upto += line.len();
        if index > 0 && !says_something(line) {
            continue;
        }
        let blanks = line.len() - line.trim_start().len();
        if index > 0 && open <= 0 && blanks < indent {
            break;
        }
        end = upto;
        if end > limit {
            break;
        }
        open += brackets(line);
    }
    rest.get(..end).unwrap_or(rest).trim_end()
}

/// How many brackets a line leaves open, those within quotes not counted.
fn brackets(line: &str) -> i32 {
    let mut quote = None;
    line.chars().fold(0, |open, c| {
        match (quote, c) {
            (Some(end), c) if c == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[') => return open + 1,
            (None, '}' | ']') => return open - 1,
            (None, _) => {}
        }
        open
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_shown_as_far_as_it_goes() {
        let block = "read:\n          ref: A\n\n          check:\n            - x\n\n      # next\n      - wait: 1s\n";
        assert_eq!(
            written(block, 9, usize::MAX),
            "read:\n          ref: A\n\n          check:\n            - x"
        );
        let flow = "read: {ref: A,\n  check: [x]}\n      - wait: 1s\n";
        assert_eq!(
            written(flow, 9, usize::MAX),
            "read: {ref: A,\n  check: [x]}"
        );
        let quoted = "let: {a: \"x.split('[')\"}\n      - wait: 1s\n";
        assert_eq!(written(quoted, 9, usize::MAX), "let: {a: \"x.split('[')\"}");
        assert_eq!(
            written("release\n      - wait: 1s\n", 9, usize::MAX),
            "release"
        );
    }

    #[test]
    fn a_case_ends_where_the_next_begins() {
        let mut sources = Sources::new();
        let text = "cases:\n  - id: a/b\n    title: t\n    # c\n    steps:\n      - release\n\n  - id: a/c\n";
        let file = sources.add("a.yaml", text);
        let at = text.find("id: a/b").unwrap_or_default();
        let whole = case(&sources, Span::new(file, at, at + 2));
        assert_eq!(lines(whole).count(), 4, "{whole}");
        assert_eq!(words("a\n   # c\n  b  c"), "a b c");
    }
}
