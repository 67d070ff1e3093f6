//! Source texts, spans in them, and structured diagnostics.
//!
//! The engine only says *what* is wrong and *where*; the command line renders it (with a caret under
//! the line). [`Diagnostic::plain`] is a rendering without colour and snippet, for logs and tests.

use core::fmt;
use std::sync::Arc;

/// Which of the texts in [`Sources`] a span lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct FileId(u32);

/// A range of bytes in one source text, half open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `start..end` of `file`; offsets past 4 GiB saturate.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            file,
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// The bytes as a range that can index the text.
    #[must_use]
    pub fn range(&self) -> core::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Pairs a value with its place.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> core::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// One source text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// How the user knows it: the path as given, or a name such as `reporting/urcb.yaml` for an embedded suite.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

/// All texts that diagnostics may point into.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// No texts yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text and returns its id.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile {
            name: name.into(),
            text: text.into(),
        });
        id
    }

    /// The text with this id.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All texts in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u32..).map(FileId).zip(self.files.iter())
    }

    /// Name, line and column (both from 1, columns in characters) of the start of a span.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        let Some(file) = self.get(span.file) else {
            return Position::default();
        };
        let upto = clip(&file.text, span.start as usize);
        let line_start = upto.rfind('\n').map_or(0, |i| i.saturating_add(1));
        Position {
            file: Arc::clone(&file.name),
            line: upto.matches('\n').count().saturating_add(1),
            column: upto
                .get(line_start..)
                .map_or(0, |s| s.chars().count())
                .saturating_add(1),
        }
    }

    /// The text a span covers; empty when it lies outside.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|f| f.text.get(span.range()))
            .unwrap_or_default()
    }
}

/// The text up to `at`, moved down to a character boundary.
fn clip(text: &str, at: usize) -> &str {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at = at.saturating_sub(1);
    }
    text.get(..at).unwrap_or_default()
}

/// A place a person can go to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Position {
    /// Name of the text.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// It can be used, but a person should look.
    Warning,
}

/// What kind of mistake it is: stable, so that editors and scripts can rely on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// The text is not YAML, or goes over a budget (size, depth, aliases).
    Yaml,
    /// A file could not be read.
    Io,
    /// A key that this place does not know.
    UnknownKey,
    /// A key that this place needs.
    MissingKey,
    /// A value of another type than this place needs.
    WrongType,
    /// A word that is not one of the permitted ones.
    UnknownWord,
    /// The same case id twice.
    DuplicateId,
    /// An id or a name that does not follow the rules for names.
    BadName,
    /// A variable that nothing before this place defines.
    UndefinedVariable,
    /// An expression that does not parse.
    CelSyntax,
    /// A function that expressions do not know.
    UnknownFunction,
    /// A case that checks nothing.
    VacuousCase,
    /// Files that include each other in a circle.
    IncludeCycle,
    /// An included file that does not exist.
    MissingInclude,
    /// Keys that cannot stand together, or a value out of its range.
    Invalid,
    /// A deviation that has run out.
    ExpiredDeviation,
    /// Something named that is known nowhere (a case, a capability, a PIXIT question).
    UnknownReference,
    /// A name that nothing reads.
    UnusedVariable,
    /// A fragment that no case uses.
    UnusedFragment,
    /// A step that is never done.
    UnreachableStep,
    /// A check that comes out the same whatever the device does.
    ConstantCheck,
    /// A case longer than a screen.
    LongCase,
    /// Two cases that do the same.
    IdenticalCases,
    /// Steps in a row that several cases repeat.
    RepeatedSteps,
    /// A variable in a list where its name is also a word of the standard.
    BareWord,
}

impl Code {
    /// The code as it is printed, for instance `unknown-key`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Io => "io",
            Self::UnknownKey => "unknown-key",
            Self::MissingKey => "missing-key",
            Self::WrongType => "wrong-type",
            Self::UnknownWord => "unknown-word",
            Self::DuplicateId => "duplicate-id",
            Self::BadName => "bad-name",
            Self::UndefinedVariable => "undefined-variable",
            Self::CelSyntax => "cel-syntax",
            Self::UnknownFunction => "unknown-function",
            Self::VacuousCase => "vacuous-case",
            Self::IncludeCycle => "include-cycle",
            Self::MissingInclude => "missing-include",
            Self::Invalid => "invalid",
            Self::ExpiredDeviation => "expired-deviation",
            Self::UnknownReference => "unknown-reference",
            Self::UnusedVariable => "unused-variable",
            Self::UnusedFragment => "unused-fragment",
            Self::UnreachableStep => "unreachable-step",
            Self::ConstantCheck => "constant-check",
            Self::LongCase => "long-case",
            Self::IdenticalCases => "identical-cases",
            Self::RepeatedSteps => "repeated-steps",
            Self::BareWord => "bare-word",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place with a few words about it. The first label of a diagnostic is the primary one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there; may be empty for the primary label.
    pub text: String,
}

/// One mistake: what, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad.
    pub severity: Severity,
    /// What kind.
    pub code: Code,
    /// One line, lower case, no full stop.
    pub message: String,
    /// The places; the first is the primary one. Empty only when there is no text (a file that cannot be read).
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    #[must_use]
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            labels: vec![Label {
                span,
                text: String::new(),
            }],
            help: None,
        }
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, span, message)
        }
    }

    /// An error that no text can be shown for.
    #[must_use]
    pub fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// Words under the caret of the primary label.
    #[must_use]
    pub fn at(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// A second place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The primary place.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|l| l.span)
    }

    /// Whether the file cannot be used.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        matches!(self.severity, Severity::Error)
    }

    /// Plain text: `file:line:column: error[code]: message`, then the source line with a caret, other places and help.
    #[must_use]
    pub fn plain(&self, sources: &Sources) -> String {
        use fmt::Write as _;
        let word = if self.is_error() { "error" } else { "warning" };
        let mut out = String::new();
        let place = self
            .span()
            .map(|s| format!("{}: ", sources.position(s)))
            .unwrap_or_default();
        let _ = write!(out, "{place}{word}[{}]: {}", self.code, self.message);
        for (i, label) in self.labels.iter().enumerate() {
            let pos = sources.position(label.span);
            if i > 0 {
                let _ = write!(out, "\n  also {pos}: {}", label.text);
            }
            let line = source_line(sources, label.span);
            let pad: String = line
                .chars()
                .take(pos.column.saturating_sub(1))
                .map(|c| if c == '\t' { '\t' } else { ' ' })
                .collect();
            let width = sources
                .slice(label.span)
                .lines()
                .next()
                .map_or(1, |l| l.chars().count())
                .max(1);
            let text = if i == 0 { label.text.as_str() } else { "" };
            let caret = format!("{pad}{} {text}", "^".repeat(width));
            let _ = write!(out, "\n    {line}\n    {}", caret.trim_end());
        }
        if let Some(help) = &self.help {
            let _ = write!(out, "\n  help: {help}");
        }
        out
    }
}

/// The line the span starts on, without its line break.
fn source_line(sources: &Sources, span: Span) -> &str {
    let Some(file) = sources.get(span.file) else {
        return "";
    };
    let start = clip(&file.text, span.start as usize)
        .rfind('\n')
        .map_or(0, |i| i.saturating_add(1));
    file.text
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or_default()
}

/// Diagnostics in the order a person reads: by file, by place, errors before warnings at one place.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|d| (d.span(), d.severity));
}

/// The word of `known` that `word` was most probably meant to be.
#[must_use]
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase().replace('_', "-");
    // For a name of one letter every other such name would be near.
    let limit = match lower.chars().count() {
        0..=1 => 0,
        n => (n / 3).max(1),
    };
    known
        .into_iter()
        .map(|k| (distance(&lower, &k.to_lowercase()), k))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

/// Edits (insert, delete, replace, swap of neighbours) from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let mut best = (last[j + 1] + 1)
                .min(row[j] + 1)
                .min(last[j] + usize::from(ca != cb));
            if i > 0 && j > 0 && *ca == b[j - 1] && a[i - 1] == *cb {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = core::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_columns_in_characters() {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", "é: 1\nbé: x\n");
        let at = "é: 1\nbé: ".len();
        assert_eq!(
            sources.position(Span::new(id, at, at + 1)).to_string(),
            "a.yaml:2:5"
        );
    }

    #[test]
    fn suggests_the_nearest_word_only_when_near() {
        let words = ["buf-tm", "trg-ops", "opt-flds"];
        assert_eq!(did_you_mean("buftm", words), Some("buf-tm"));
        assert_eq!(did_you_mean("trg_ops", words), Some("trg-ops"));
        assert_eq!(did_you_mean("potato", words), None);
    }

    #[test]
    fn renders_the_line_with_a_caret() {
        let mut sources = Sources::new();
        let id = sources.add("a.yaml", "a: 1\nbad: 2\n");
        let d = Diagnostic::error(Code::UnknownKey, Span::new(id, 5, 8), "unknown key `bad`")
            .help("did you mean `bat`");
        assert_eq!(
            d.plain(&sources),
            "a.yaml:2:1: error[unknown-key]: unknown key `bad`\n    bad: 2\n    ^^^\n  help: did you mean `bat`"
        );
    }
}
