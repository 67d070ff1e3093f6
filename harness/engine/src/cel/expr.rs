//! A parsed expression that knows its place.

use std::sync::Arc;

use cel::common::ast::{EntryExpr, Expr as Ast, IdedExpr, LiteralValue, operators};
use cel::parser::Parser;

use super::functions;
use crate::diagnostic::{Code, Diagnostic, Span, Spanned, did_you_mean};
use crate::yaml::{Decoder, FromNode, Node, NodeKind};

/// Longer expressions are refused: they are a program, not a check.
const MAX_LENGTH: usize = 4_000;
/// Parentheses and operators inside each other.
const MAX_DEPTH: u16 = 48;

/// A CEL expression, parsed, with its source and place.
#[derive(Debug, Clone)]
pub struct Expr {
    /// The text as written.
    pub source: Arc<str>,
    /// Where the text stands.
    pub span: Span,
    /// Variables it reads, each with its place; macros' own variables are left out.
    pub variables: Arc<[Spanned<String>]>,
    /// Elements of lists that read like a word of the standard without quotes: `[dchg]`, `[seq-num]`.
    pub bare_words: Arc<[Spanned<String>]>,
    ast: Arc<IdedExpr>,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Expr {
    /// Parses `text`; `place(a, b)` gives the span in the file of bytes `a..b` of the text.
    ///
    /// # Errors
    ///
    /// One diagnostic per syntax error or unknown function.
    pub fn parse(
        text: &str,
        place: &dyn Fn(usize, usize) -> Span,
    ) -> Result<Self, Vec<Diagnostic>> {
        let whole = place(0, text.len());
        if text.trim().is_empty() {
            return Err(vec![Diagnostic::error(
                Code::CelSyntax,
                whole,
                "the expression is empty",
            )]);
        }
        if text.len() > MAX_LENGTH {
            let message = format!("the expression is longer than {MAX_LENGTH} characters");
            return Err(vec![Diagnostic::error(Code::CelSyntax, whole, message)]);
        }
        let parsed = Parser::new()
            .max_recursion_depth(MAX_DEPTH)
            .enable_optional_syntax(false)
            .parse_with_source_info(text);
        let (ast, info) = match parsed {
            Ok(parsed) => parsed,
            Err(errors) => return Err(syntax_errors(&errors, text, place)),
        };
        let mut walk = Walk::default();
        walk.expr(&ast);
        let at = |id: u64, name: &str| {
            let start = info
                .offset_for(id)
                .map_or(0, |(s, _)| char_offset(text, s as usize));
            let start = text
                .get(start..)
                .and_then(|t| t.find(name))
                .map_or(start, |i| start.saturating_add(i));
            place(start, start.saturating_add(name.len()))
        };
        let mut errors = Vec::new();
        for (id, name) in &walk.functions {
            if functions::is_known(name) {
                continue;
            }
            let d = Diagnostic::error(
                Code::UnknownFunction,
                at(*id, name),
                format!("unknown function `{name}`"),
            );
            errors.push(match did_you_mean(name, functions::known()) {
                Some(near) => d.help(format!("did you mean `{near}`?")),
                None => d.help("suites/README.md lists the functions"),
            });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            source: text.into(),
            span: whole,
            variables: walk
                .variables
                .iter()
                .map(|(id, name)| Spanned::new((*name).to_owned(), at(*id, name)))
                .collect(),
            bare_words: walk
                .bare_words
                .iter()
                .map(|(id, word)| Spanned::new(word.clone(), at(*id, word)))
                .collect(),
            ast: Arc::new(ast),
        })
    }

    /// The syntax tree, for evaluation.
    pub(crate) fn ast(&self) -> &IdedExpr {
        &self.ast
    }

    /// Its truth when nothing but `true` and `false` decides it.
    #[must_use]
    pub fn constant(&self) -> Option<bool> {
        constant(&self.ast)
    }

    /// Whether it is the empty list, as it is written.
    #[must_use]
    pub fn is_empty_list(&self) -> bool {
        matches!(&self.ast.expr, Ast::List(list) if list.elements.is_empty())
    }

    /// Whether it calls a function of this name.
    #[must_use]
    pub fn calls(&self, name: &str) -> bool {
        let mut walk = Walk::default();
        walk.expr(&self.ast);
        walk.functions.iter().any(|(_, f)| *f == name)
    }
}

/// The parser's complaints in a person's words; only the first of a chain, the others follow from it.
fn syntax_errors(
    errors: &cel::ParseErrors,
    text: &str,
    place: &dyn Fn(usize, usize) -> Span,
) -> Vec<Diagnostic> {
    let Some(error) = errors
        .errors
        .iter()
        .find(|e| e.msg.starts_with("Syntax error"))
        .or_else(|| errors.errors.first())
    else {
        let message = "the expression cannot be parsed";
        return vec![Diagnostic::error(
            Code::CelSyntax,
            place(0, text.len()),
            message,
        )];
    };
    let (line, column) = error.pos;
    let line = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let line_start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let offset = text
        .get(line_start..)
        .map_or(0, |rest| char_offset(rest, column));
    let start = line_start.saturating_add(offset).min(text.len());
    let end = text
        .get(start..)
        .and_then(|t| t.chars().next())
        .map_or(start, |c| start.saturating_add(c.len_utf8()));
    let message = error.msg.trim_start_matches("Syntax error: ");
    let message = if start >= text.len() {
        "the expression ends too early".to_owned()
    } else if message.starts_with("token recognition error") {
        match text.get(start..end).unwrap_or_default() {
            quote @ ("'" | "\"") => format!("the text after {quote} does not end"),
            other => format!("`{other}` cannot stand here"),
        }
    } else {
        let cut = message.find(" expecting ").unwrap_or(message.len());
        let shown = message.get(..cut).unwrap_or(message);
        shown
            .replace("extraneous input", "one too many")
            .replace("mismatched input", "did not expect")
            .replace("no viable alternative at input", "cannot make sense of")
    };
    vec![Diagnostic::error(
        Code::CelSyntax,
        place(start, end),
        format!("syntax error in the expression: {message}"),
    )]
}

/// Byte offset of the `n`th character.
fn char_offset(text: &str, n: usize) -> usize {
    text.char_indices().nth(n).map_or(text.len(), |(i, _)| i)
}

/// Depth is bounded by the parser.
fn constant(e: &IdedExpr) -> Option<bool> {
    match &e.expr {
        Ast::Literal(LiteralValue::Boolean(value)) => Some(*value.inner()),
        Ast::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, [a]) => constant(a).map(|a| !a),
            (operators::LOGICAL_AND, [a, b]) => match (constant(a), constant(b)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            (operators::LOGICAL_OR, [a, b]) => match (constant(a), constant(b)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The word that an element of a list would be with quotes, and the node it begins with: a name, or names that minus signs join.
fn bare_word(e: &IdedExpr) -> Option<(u64, String)> {
    match &e.expr {
        Ast::Ident(name) if !name.starts_with('@') => Some((e.id, name.clone())),
        Ast::Call(call) if call.func_name == operators::SUBSTRACT => match call.args.as_slice() {
            [a, b] => {
                let (start, head) = bare_word(a)?;
                let (_, tail) = bare_word(b)?;
                Some((start, format!("{head}-{tail}")))
            }
            _ => None,
        },
        _ => None,
    }
}

#[derive(Default)]
struct Walk<'a> {
    variables: Vec<(u64, &'a str)>,
    functions: Vec<(u64, &'a str)>,
    bound: Vec<&'a str>,
    bare_words: Vec<(u64, String)>,
}

impl<'a> Walk<'a> {
    /// Depth is bounded by the parser.
    fn expr(&mut self, e: &'a IdedExpr) {
        match &e.expr {
            Ast::Call(call) => {
                self.functions.push((e.id, &call.func_name));
                call.target.iter().for_each(|t| self.expr(t));
                call.args.iter().for_each(|a| self.expr(a));
            }
            Ast::Comprehension(c) => {
                self.expr(&c.iter_range);
                self.expr(&c.accu_init);
                let depth = self.bound.len();
                self.bound.push(&c.iter_var);
                self.bound.extend(c.iter_var2.as_deref());
                self.bound.push(&c.accu_var);
                self.expr(&c.loop_cond);
                self.expr(&c.loop_step);
                self.expr(&c.result);
                self.bound.truncate(depth);
            }
            Ast::Ident(name) => {
                if !name.starts_with('@') && !self.bound.contains(&name.as_str()) {
                    self.variables.push((e.id, name));
                }
            }
            Ast::List(list) => {
                for element in &list.elements {
                    let own = |word: &(u64, String)| self.bound.contains(&word.1.as_str());
                    self.bare_words
                        .extend(bare_word(element).filter(|word| !own(word)));
                    self.expr(element);
                }
            }
            Ast::Map(map) => map.entries.iter().for_each(|i| self.entry(&i.expr)),
            Ast::Struct(s) => s.entries.iter().for_each(|i| self.entry(&i.expr)),
            Ast::Select(select) => self.expr(&select.operand),
            Ast::Literal(_) | Ast::Unspecified => {}
        }
    }

    fn entry(&mut self, entry: &'a EntryExpr) {
        match entry {
            EntryExpr::StructField(f) => self.expr(&f.value),
            EntryExpr::MapEntry(m) => {
                self.expr(&m.key);
                self.expr(&m.value);
            }
        }
    }
}

impl FromNode for Expr {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        let NodeKind::Scalar(scalar) = &node.kind else {
            cx.wrong_type(node, "an expression");
            return None;
        };
        match Self::parse(&scalar.text, &|a, b| scalar.place(node.span, a, b)) {
            Ok(expr) => Some(expr),
            Err(errors) => {
                cx.diagnostics.extend(errors);
                None
            }
        }
    }
}

impl schemars::JsonSchema for Expr {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["string", "boolean", "number"], "description": "A CEL expression."})
    }
}

/// One expression or a list of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExprList(pub Vec<Expr>);

impl FromNode for ExprList {
    fn from_node(node: &Node, cx: &mut Decoder) -> Option<Self> {
        match &node.kind {
            NodeKind::Seq(_) => Vec::from_node(node, cx).map(Self),
            _ => Expr::from_node(node, cx).map(|e| Self(vec![e])),
        }
    }

    fn missing() -> Option<Self> {
        Some(Self::default())
    }
}

impl schemars::JsonSchema for ExprList {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Expressions".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let one = generator.subschema_for::<Expr>();
        schemars::json_schema!({"anyOf": [one.clone(), {"type": "array", "items": one}]})
    }

    fn _schemars_private_is_option() -> bool {
        true
    }
}
