//! Fields of steps: literal, `$name.path`, `${CEL}`, or a text with `${CEL}` inside.

use core::fmt;

use cel::Value;

use super::{EvalError, Expr, Scope};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::yaml::{Decoder, FromNode, Node, NodeKind};

/// A type that can be written as one scalar, or computed by an expression.
pub trait FieldValue: Sized {
    /// What it is called in messages, for instance `duration such as 200ms`.
    const WHAT: &'static str;

    /// Reads the text of a literal.
    ///
    /// # Errors
    ///
    /// Why the text is no such value.
    fn from_text(text: &str) -> Result<Self, BadValue>;

    /// Reads what an expression gave. By default its text is read as a literal.
    ///
    /// # Errors
    ///
    /// Why the value does not fit.
    fn from_value(value: &Value) -> Result<Self, BadValue> {
        match super::functions::scalar_text(value) {
            Some(text) => Self::from_text(&text),
            None => Err(BadValue::expected(
                Self::WHAT,
                &super::functions::describe(value),
            )),
        }
    }

    /// The JSON Schema of the literal.
    fn literal_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["string", "number", "boolean"]})
    }
}

/// Why a value does not fit its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadValue {
    /// One line.
    pub message: String,
    /// What would fit.
    pub help: Option<String>,
    /// Which kind of mistake.
    pub code: Code,
}

impl BadValue {
    /// Something else was expected.
    #[must_use]
    pub fn expected(what: &str, found: &str) -> Self {
        Self {
            message: format!("expected {}, found {found}", article(what)),
            help: None,
            code: Code::WrongType,
        }
    }

    /// The right kind of value, but not a permitted one.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
            code: Code::Invalid,
        }
    }

    /// A word that is none of the permitted ones.
    #[must_use]
    pub fn word<'a>(
        what: &str,
        word: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Self {
        let list = known
            .clone()
            .into_iter()
            .map(|k| format!("`{k}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let near = did_you_mean(word, known);
        Self {
            message: format!("`{word}` is not a known {what}"),
            help: Some(match near {
                Some(near) => format!("did you mean `{near}`? permitted: {list}"),
                None => format!("permitted: {list}"),
            }),
            code: Code::UnknownWord,
        }
    }

    /// As a diagnostic at a place.
    #[must_use]
    pub fn diagnostic(self, span: Span) -> Diagnostic {
        let d = Diagnostic::error(self.code, span, self.message);
        match self.help {
            Some(help) => d.help(help),
            None => d,
        }
    }
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for BadValue {}

fn article(what: &str) -> String {
    match what.chars().next() {
        Some(c) if "aeiouAEIO".contains(c) => format!("an {what}"),
        Some('`') => what.to_owned(),
        _ => format!("a {what}"),
    }
}

/// One piece of a text with expressions inside.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Taken as it is.
    Text(String),
    /// Replaced by what the expression gives.
    Expr(Expr),
}

/// A field whose value may be known only while the case runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<T> {
    /// Where it stands.
    pub span: Span,
    /// What is written there.
    pub kind: FieldKind<T>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind<T> {
    /// A value known since loading.
    Literal(T),
    /// `$name.path` or `${CEL}`.
    Expr(Expr),
    /// A text with `${CEL}` inside.
    Template(Vec<Part>),
}

impl<T> Field<T> {
    /// A literal that stands nowhere, for defaults.
    pub fn literal(value: T) -> Self {
        Self {
            span: Span::default(),
            kind: FieldKind::Literal(value),
        }
    }

    /// The value if it is a literal.
    pub const fn as_literal(&self) -> Option<&T> {
        match &self.kind {
            FieldKind::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The expressions inside.
    pub fn exprs(&self) -> Vec<&Expr> {
        match &self.kind {
            FieldKind::Literal(_) => Vec::new(),
            FieldKind::Expr(e) => vec![e],
            FieldKind::Template(parts) => parts
                .iter()
                .filter_map(|p| match p {
                    Part::Expr(e) => Some(e),
                    Part::Text(_) => None,
                })
                .collect(),
        }
    }
}

impl<T: FieldValue + Clone> Field<T> {
    /// The value in this scope.
    ///
    /// # Errors
    ///
    /// When an expression fails or gives something that is no `T`; the error knows the place.
    pub fn eval(&self, scope: &Scope) -> Result<T, EvalError> {
        let bad = |b: BadValue| EvalError {
            span: self.span,
            source: String::new(),
            message: b.message,
            help: b.help,
            in_data: false,
            missing: None,
        };
        match &self.kind {
            FieldKind::Literal(value) => Ok(value.clone()),
            FieldKind::Expr(expr) => {
                let value = scope.eval(expr)?;
                T::from_value(&value).map_err(|b| EvalError {
                    source: expr.source.to_string(),
                    ..bad(b)
                })
            }
            FieldKind::Template(parts) => T::from_text(&scope.interpolate(parts)?).map_err(bad),
        }
    }
}

impl<T: FieldValue> FromNode for Field<T> {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let NodeKind::Scalar(scalar) = &node.kind else {
            cx.wrong_type(node, &article(T::WHAT));
            return None;
        };
        let text = scalar.text.trim_end();
        let kind = match dynamic(text, &|a, b| scalar.place(node.span, a, b)) {
            Ok(Some(Dynamic::Expr(e))) => FieldKind::Expr(e),
            Ok(Some(Dynamic::Template(parts))) => FieldKind::Template(parts),
            Ok(None) => match T::from_text(text) {
                Ok(value) => FieldKind::Literal(value),
                Err(bad) => {
                    cx.push(bad.diagnostic(node.span));
                    return None;
                }
            },
            Err(errors) => {
                cx.diagnostics.extend(errors);
                return None;
            }
        };
        Some(Self {
            span: node.span,
            kind,
        })
    }
}

impl<T: FieldValue> schemars::JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Field{}", T::WHAT).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let literal = T::literal_schema(generator);
        schemars::json_schema!({"anyOf": [literal, {"type": "string", "pattern": "\\$"}]})
    }
}

/// A list of fields, written as a list, as one scalar, or as one expression that gives a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Fields<T> {
    /// Where it stands.
    pub span: Span,
    /// The items as written.
    pub items: Vec<Field<T>>,
    /// Whether it was written as one scalar (then an expression may give the whole list).
    pub scalar: bool,
}

impl<T: FieldValue + Clone> Fields<T> {
    /// All values in this scope. An expression that gives a list adds all its elements.
    ///
    /// # Errors
    ///
    /// As [`Field::eval`].
    pub fn eval(&self, scope: &Scope) -> Result<Vec<T>, EvalError> {
        let mut all = Vec::new();
        for item in &self.items {
            if let FieldKind::Expr(expr) = &item.kind
                && let Value::List(list) = scope.eval(expr)?
            {
                for value in list.iter() {
                    all.push(T::from_value(value).map_err(|b| EvalError {
                        span: item.span,
                        source: expr.source.to_string(),
                        message: b.message,
                        help: b.help,
                        in_data: false,
                        missing: None,
                    })?);
                }
            } else {
                all.push(item.eval(scope)?);
            }
        }
        Ok(all)
    }
}

impl<T> Fields<T> {
    /// The expressions inside.
    pub fn exprs(&self) -> Vec<&Expr> {
        self.items.iter().flat_map(Field::exprs).collect()
    }
}

impl<T: FieldValue> FromNode for Fields<T> {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let (items, scalar) = match &node.kind {
            NodeKind::Seq(_) => (Vec::from_node(node, cx)?, false),
            _ => (vec![Field::from_node(node, cx)?], true),
        };
        Some(Self {
            span: node.span,
            items,
            scalar,
        })
    }
}

impl<T: FieldValue> schemars::JsonSchema for Fields<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Fields{}", T::WHAT).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = Field::<T>::json_schema(generator);
        schemars::json_schema!({"anyOf": [one.clone(), {"type": "array", "items": one}]})
    }
}

/// A scalar that is not a literal.
pub(crate) enum Dynamic {
    Expr(Expr),
    Template(Vec<Part>),
}

/// Recognises `$name.path`, `${CEL}` and texts with `${CEL}` inside; nothing for a literal.
pub(crate) fn dynamic(
    text: &str,
    place: &dyn Fn(usize, usize) -> Span,
) -> Result<Option<Dynamic>, Vec<Diagnostic>> {
    if let Some(path) = text.strip_prefix('$')
        && path.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    {
        let expr = Expr::parse(path, &|a, b| {
            place(a.saturating_add(1), b.saturating_add(1))
        })?;
        return Ok(Some(Dynamic::Expr(expr)));
    }
    if !text.contains("${") {
        return Ok(None);
    }
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|t| t.find("${")) {
        let open = at.saturating_add(open);
        let inner = open.saturating_add(2);
        let Some(len) = text.get(inner..).and_then(closing_brace) else {
            let span = place(open, text.len());
            return Err(vec![Diagnostic::error(
                Code::CelSyntax,
                span,
                "`${` without its `}`",
            )]);
        };
        if open > at {
            parts.push(Part::Text(
                text.get(at..open).unwrap_or_default().to_owned(),
            ));
        }
        let source = text
            .get(inner..inner.saturating_add(len))
            .unwrap_or_default();
        let expr = Expr::parse(source, &|a, b| {
            place(inner.saturating_add(a), inner.saturating_add(b))
        })?;
        parts.push(Part::Expr(expr));
        at = inner.saturating_add(len).saturating_add(1);
    }
    if let Some(rest) = text.get(at..)
        && !rest.is_empty()
    {
        parts.push(Part::Text(rest.to_owned()));
    }
    match parts.as_slice() {
        [Part::Expr(expr)] => Ok(Some(Dynamic::Expr(expr.clone()))),
        _ => Ok(Some(Dynamic::Template(parts))),
    }
}

/// Offset of the brace that closes an expression, braces and quotes inside it skipped.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(_), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(q), c) if c == q && !escaped => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '{') => depth = depth.saturating_add(1),
            (None, '}') if depth == 0 => return Some(i),
            (None, '}') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        escaped = false;
    }
    None
}
