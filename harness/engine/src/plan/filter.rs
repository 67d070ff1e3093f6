//! `--filter`: which cases are selected.
//!
//! A filter is words joined by `and`, `or`, `not` and parentheses. A word is
//!
//! | word | fits |
//! |---|---|
//! | `reporting/urcb-*` | ids, `*` standing for any text |
//! | `reporting`, `reporting/bundling`, `sRp2` | a group, a suite, or a catalogue id by its whole name |
//! | `rcb/gi[LD0/LLN0.urcb01[RP]]` | one instance of a case with `for-each` |
//! | `tag:x`, `block:5`, `uca:sRp*`, `group:x`, `suite:x`, `kind:negative`, `edition:2.1`, `id:x` | that label |

use crate::diagnostic::did_you_mean;
use crate::glob;
use crate::suite::{Case, LoadedSuite};

const LABELS: &[&str] = &[
    "id", "group", "suite", "block", "tag", "uca", "kind", "edition",
];

/// What a filter is held against.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The suite.
    pub suite: &'a LoadedSuite,
    /// The case.
    pub case: &'a Case,
    /// The instance; nothing to ask about the case as a whole.
    pub instance: Option<&'a str>,
}

/// A filter, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    source: String,
    expr: Expr,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Expr {
    Plain(String),
    Label(&'static str, String),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
}

/// A filter that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("filter `{filter}`: {message}")]
pub struct FilterError {
    /// The filter as written.
    pub filter: String,
    /// What is wrong.
    pub message: String,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// When a parenthesis or a word is missing, or a label is unknown.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let bad = |message: String| FilterError {
            filter: text.to_owned(),
            message,
        };
        let tokens = tokens(text);
        if tokens.len() > 1_000 {
            return Err(bad("too long".to_owned()));
        }
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
            depth: 0,
        };
        let expr = parser.or().map_err(bad)?;
        match parser.peek() {
            None => Ok(Self {
                source: text.to_owned(),
                expr,
            }),
            Some(extra) => Err(bad(format!("did not expect `{extra}`"))),
        }
    }

    /// The filter as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it selects the subject; of a case as a whole, whether it may select an instance of it.
    #[must_use]
    pub fn may_fit(&self, subject: &Subject<'_>) -> bool {
        fits(&self.expr, subject) != Some(false)
    }
}

/// Three-valued: an instance asked of a case as a whole is not known yet.
fn fits(expr: &Expr, subject: &Subject<'_>) -> Option<bool> {
    match expr {
        Expr::Plain(word) => plain(word, subject),
        Expr::Label(label, word) => Some(label_fits(label, word, subject)),
        Expr::Not(inner) => fits(inner, subject).map(|b| !b),
        Expr::And(all) => {
            let results: Vec<_> = all.iter().map(|e| fits(e, subject)).collect();
            if results.contains(&Some(false)) {
                Some(false)
            } else if results.contains(&None) {
                None
            } else {
                Some(true)
            }
        }
        Expr::Or(any) => {
            let results: Vec<_> = any.iter().map(|e| fits(e, subject)).collect();
            if results.contains(&Some(true)) {
                Some(true)
            } else if results.contains(&None) {
                None
            } else {
                Some(false)
            }
        }
    }
}

fn plain(word: &str, subject: &Subject<'_>) -> Option<bool> {
    let id = subject.case.id.value.as_str();
    if let Some((case, instance)) = word.split_once('[')
        && let Some(instance) = instance.strip_suffix(']')
    {
        if !glob::matches(case, id) {
            return Some(false);
        }
        return subject.instance.map(|i| glob::matches(instance, i));
    }
    Some(
        glob::matches(word, id)
            || word == subject.suite.group()
            || word == subject.suite.name
            || subject.case.uca_ids().any(|u| u == word),
    )
}

fn label_fits(label: &str, word: &str, subject: &Subject<'_>) -> bool {
    let (suite, case) = (subject.suite, subject.case);
    match label {
        "id" => any(word, [case.id.value.as_str()]),
        "group" => any(word, [suite.group()]),
        "suite" => any(word, [suite.name.as_str()]),
        "block" => any(word, suite.blocks_of(case).iter().map(String::as_str)),
        "tag" => any(word, case.tags.iter().map(|t| t.value.as_str())),
        "uca" => any(word, case.uca_ids()),
        "kind" => any(word, [case.kind().as_str()]),
        "edition" => {
            case.edition.is_empty() || any(word, case.edition.iter().map(|e| e.value.as_str()))
        }
        _ => false,
    }
}

fn any<'a>(pattern: &str, words: impl IntoIterator<Item = &'a str>) -> bool {
    words.into_iter().any(|w| glob::matches(pattern, w))
}

/// Words and parentheses; a word may hold brackets with anything inside.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut brackets = 0usize;
    for c in text.chars() {
        match c {
            '[' => brackets = brackets.saturating_add(1),
            ']' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        if brackets == 0 && (c.is_whitespace() || c == '(' || c == ')') {
            if !word.is_empty() {
                tokens.push(core::mem::take(&mut word));
            }
            if !c.is_whitespace() {
                tokens.push(c.to_string());
            }
        } else {
            word.push(c);
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

struct Parser<'a> {
    tokens: &'a [String],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.peek() == Some(word);
        if there {
            self.at = self.at.saturating_add(1);
        }
        there
    }

    fn or(&mut self) -> Result<Expr, String> {
        let mut any = vec![self.and()?];
        while self.take("or") {
            any.push(self.and()?);
        }
        Ok(one(any, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut all = vec![self.not()?];
        while self.take("and") {
            all.push(self.not()?);
        }
        Ok(one(all, Expr::And))
    }

    fn not(&mut self) -> Result<Expr, String> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > 100 {
            return Err("too deep".to_owned());
        }
        let expr = if self.take("not") {
            Expr::Not(Box::new(self.not()?))
        } else if self.take("(") {
            let inner = self.or()?;
            if !self.take(")") {
                return Err("a `)` is missing".to_owned());
            }
            inner
        } else {
            self.word()?
        };
        self.depth = self.depth.saturating_sub(1);
        Ok(expr)
    }

    fn word(&mut self) -> Result<Expr, String> {
        let Some(word) = self.peek().map(str::to_owned) else {
            return Err("a word is missing at the end".to_owned());
        };
        if matches!(word.as_str(), ")" | "and" | "or") {
            return Err(format!("expected a word, found `{word}`"));
        }
        self.at = self.at.saturating_add(1);
        // A colon inside brackets belongs to the name of an instance.
        let head = word.split('[').next().unwrap_or_default();
        let Some((label, _)) = head.split_once(':') else {
            return Ok(Expr::Plain(word));
        };
        let rest = word
            .get(label.len().saturating_add(1)..)
            .unwrap_or_default()
            .to_owned();
        match LABELS.iter().find(|l| **l == label) {
            Some(label) if !rest.is_empty() => Ok(Expr::Label(label, rest)),
            Some(label) => Err(format!("nothing stands after `{label}:`")),
            None => Err(match did_you_mean(label, LABELS.iter().copied()) {
                Some(near) => format!("unknown label `{label}:`; did you mean `{near}:`?"),
                None => format!("unknown label `{label}:`; known are {}", LABELS.join(", ")),
            }),
        }
    }
}

fn one(mut list: Vec<Expr>, many: fn(Vec<Expr>) -> Expr) -> Expr {
    match list.pop() {
        Some(only) if list.is_empty() => only,
        Some(last) => {
            list.push(last);
            many(list)
        }
        None => many(list),
    }
}
