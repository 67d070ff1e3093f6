//! Diagnostics of files, each with a caret under the line.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use iedassay_engine::diagnostic::{Diagnostic, Sources};
use iedassay_model::scl::{Position, SclError, SclErrors, Warning};
use schemars::JsonSchema;
use serde::Serialize;

use crate::console::Console;

/// A diagnostic for programs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Told {
    severity: &'static str,
    code: &'static str,
    message: String,
    /// Absent only for what cannot be read at all.
    #[serde(flatten)]
    place: Option<ToldPlace>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<ToldLabel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

/// Name of the file, line and column, both from 1.
#[derive(Debug, Serialize, JsonSchema)]
struct ToldPlace {
    file: String,
    line: usize,
    column: usize,
}

/// A second place and what is there.
#[derive(Debug, Serialize, JsonSchema)]
struct ToldLabel {
    #[serde(flatten)]
    place: ToldPlace,
    text: String,
}

impl Told {
    pub(crate) fn of(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let place = |span| {
            let position = sources.position(span);
            ToldPlace {
                file: position.file.to_string(),
                line: position.line,
                column: position.column,
            }
        };
        let labels = diagnostic.labels.iter().skip(1);
        Self {
            severity: severity(diagnostic.is_error()),
            code: diagnostic.code.as_str(),
            message: diagnostic.message.clone(),
            place: diagnostic.span().map(place),
            also: labels
                .map(|label| ToldLabel {
                    place: place(label.span),
                    text: label.text.clone(),
                })
                .collect(),
            remedy: diagnostic.help.clone(),
        }
    }

    pub(crate) fn scl(name: &str, error: &SclError) -> Self {
        Self::of_scl(
            true,
            name,
            error.position,
            error.to_string(),
            error.remedy(),
        )
    }

    pub(crate) fn scl_warning(name: &str, warning: &Warning) -> Self {
        Self::of_scl(
            false,
            name,
            warning.position,
            warning.message.clone(),
            warning.remedy.clone(),
        )
    }

    fn of_scl(
        error: bool,
        name: &str,
        position: Position,
        message: String,
        remedy: String,
    ) -> Self {
        Self {
            severity: severity(error),
            code: "scl",
            message,
            place: Some(ToldPlace {
                file: name.to_owned(),
                line: usize::try_from(position.line).unwrap_or(usize::MAX),
                column: usize::try_from(position.column).unwrap_or(usize::MAX),
            }),
            also: Vec::new(),
            remedy: Some(remedy),
        }
    }
}

const fn severity(error: bool) -> &'static str {
    if error { "error" } else { "warning" }
}

/// Shows diagnostics and a count on standard error.
pub(crate) fn show(console: &Console, diagnostics: &[Diagnostic], sources: &Sources) {
    list(console, diagnostics, sources);
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .count();
    count(console, errors, diagnostics.len() - errors);
}

/// Shows diagnostics.
pub(crate) fn list(console: &Console, diagnostics: &[Diagnostic], sources: &Sources) {
    for diagnostic in diagnostics {
        console.note(&format!("{}\n", render(console, diagnostic, sources)));
    }
}

/// Shows the errors of an SCL text and a count.
pub(crate) fn show_scl(console: &Console, name: &str, text: &str, errors: &SclErrors) {
    list_scl(console, name, text, &errors.0);
    count(console, errors.0.len(), 0);
}

/// Shows the errors of an SCL text.
pub(crate) fn list_scl(console: &Console, name: &str, text: &str, errors: &[SclError]) {
    for error in errors {
        let place = Place {
            name,
            text,
            offset: error.position.offset,
        };
        console.note(&format!(
            "{}\n",
            place.render(
                console,
                Level::ERROR,
                &error.to_string(),
                Some(&error.remedy())
            )
        ));
    }
}

/// Shows the warnings of an SCL text, at most a few of them.
pub(crate) fn show_scl_warnings(console: &Console, name: &str, warnings: &[Warning], most: usize) {
    for warning in warnings.iter().take(most) {
        console.warning(&format!("{name}:{warning}"));
    }
    if let Some(more) = warnings.len().checked_sub(most).filter(|more| *more > 0) {
        console.note(&format!(
            "  and {more} more, all of them with `iedassay check {name}`"
        ));
    }
}

/// The count that ends a list of diagnostics.
pub(crate) fn count(console: &Console, errors: usize, warnings: usize) {
    let plural =
        |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    match (errors, warnings) {
        (0, 0) => {}
        (0, _) => console.note(&plural(warnings, "warning")),
        (_, 0) => console.note(&plural(errors, "error")),
        _ => console.note(&format!(
            "{}, {}",
            plural(errors, "error"),
            plural(warnings, "warning")
        )),
    }
}

fn render(console: &Console, diagnostic: &Diagnostic, sources: &Sources) -> String {
    let level = if diagnostic.is_error() {
        Level::ERROR
    } else {
        Level::WARNING
    };
    let title = level
        .primary_title(clean(&diagnostic.message))
        .id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    // Labels of one file share a snippet, in the order in which the files first appear.
    let mut done = Vec::new();
    for (index, label) in diagnostic.labels.iter().enumerate() {
        let file = label.span.file;
        let Some(source) = sources.get(file).filter(|_| !done.contains(&file)) else {
            continue;
        };
        done.push(file);
        let mut snippet = Snippet::source(&*source.text)
            .path(&*source.name)
            .fold(true);
        for (other, label) in diagnostic
            .labels
            .iter()
            .enumerate()
            .skip(index)
            .filter(|(_, l)| l.span.file == file)
        {
            let kind = if other == 0 {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let text = (!label.text.is_empty()).then(|| clean(&label.text));
            snippet = snippet.annotation(
                kind.span(within(&source.text, label.span.range()))
                    .label(text),
            );
        }
        group = group.element(snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.with_name("hint").message(clean(help)));
    }
    renderer(console).render(&[group])
}

struct Place<'a> {
    name: &'a str,
    text: &'a str,
    offset: usize,
}

impl Place<'_> {
    // Shows the line only: SCL files are large, and some have one line of a megabyte.
    fn render(
        &self,
        console: &Console,
        level: Level<'_>,
        message: &str,
        help: Option<&str>,
    ) -> String {
        let offset = floor(self.text, self.offset);
        let before = self.text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = self
            .text
            .get(offset..)
            .and_then(|rest| rest.find('\n'))
            .map_or(self.text.len(), |at| offset + at);
        let start = line_start.max(floor(self.text, offset.saturating_sub(120)));
        let end = line_end.min(floor(self.text, offset + 160));
        let excerpt = self.text.get(start..end).unwrap_or_default();
        let length = excerpt.get(offset - start..).map_or(0, marked);
        let span = within(excerpt, offset - start..offset - start + length);
        let line = before.matches('\n').count() + 1;
        let snippet = Snippet::source(excerpt)
            .path(self.name)
            .line_start(line)
            .annotation(AnnotationKind::Primary.span(span));
        let mut group = Group::with_title(level.primary_title(clean(message))).element(snippet);
        if let Some(help) = help {
            group = group.element(Level::HELP.with_name("hint").message(clean(help)));
        }
        renderer(console).render(&[group])
    }
}

// The start tag or the word at a place.
fn marked(rest: &str) -> usize {
    let stop = |c: char| c == '>' || c == '\n';
    match rest.chars().next() {
        Some('<') => rest.find(stop).map_or(rest.len(), |at| {
            at + usize::from(rest.as_bytes().get(at) == Some(&b'>'))
        }),
        _ => rest
            .find(|c: char| c.is_whitespace() || stop(c))
            .unwrap_or(rest.len()),
    }
}

fn renderer(console: &Console) -> Renderer {
    let renderer = if console.color_err {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.decor_style(DecorStyle::Ascii).term_width(120)
}

// The snippet library wants a span of at least one character that ends on a boundary within the text.
fn within(text: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = floor(text, span.start);
    let mut end = floor(text, span.end.max(start));
    if end == start {
        end = text
            .get(start..)
            .and_then(|rest| rest.chars().next())
            .map_or(start, |c| start + c.len_utf8());
    }
    start..end
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

// Messages quote files, and files may hold anything.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}
