//! What an expression reads: names with the parts that follow them.

use cel::common::ast::{Expr as Ast, IdedExpr, operators};
use cel::objects::Key as CelKey;

use crate::cel::{Scope, Value};
use crate::expect::macros::Macro;

/// One part of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    Name(String),
    Index(usize),
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// A part of a named value, such as `r.value.q`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    /// The variable.
    pub(crate) root: String,
    /// The parts, outermost first.
    pub(crate) keys: Vec<Key>,
}

impl Path {
    pub(crate) fn of(root: impl Into<String>) -> Self {
        Self {
            root: root.into(),
            keys: Vec::new(),
        }
    }

    pub(crate) fn then(mut self, key: Key) -> Self {
        self.keys.push(key);
        self
    }

    fn named(self, name: &str) -> Self {
        self.then(Key::Name(name.to_owned()))
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.root)?;
        self.keys.iter().try_for_each(|key| match key {
            Key::Name(_) => write!(f, ".{key}"),
            Key::Index(_) => write!(f, "{key}"),
        })
    }
}

/// Names that stand for parts of other values: the elements that `all` looks at.
pub(crate) type Aliases = Vec<(String, Path)>;

/// The path that an expression is, when it is nothing but one.
pub(crate) fn path_of(scope: &Scope, aliases: &Aliases, ast: &IdedExpr) -> Option<Path> {
    match &ast.expr {
        Ast::Ident(name) => {
            let alias = aliases.iter().rev().find(|(known, _)| known == name);
            Some(alias.map_or_else(|| Path::of(name), |(_, path)| path.clone()))
        }
        Ast::Select(select) => Some(path_of(scope, aliases, &select.operand)?.named(&select.field)),
        Ast::Call(call) => match (&call.target, call.func_name.as_str(), call.args.as_slice()) {
            (None, operators::INDEX, [of, index]) => {
                let key = match scope.eval_ast(index).ok()? {
                    Value::Int(index) => Key::Index(usize::try_from(index).ok()?),
                    Value::String(name) => Key::Name((*name).clone()),
                    _ => return None,
                };
                Some(path_of(scope, aliases, of)?.then(key))
            }
            (Some(report), name @ ("value" | "data" | "reason"), [member]) => {
                let entry = entry(scope, report, member)?;
                let report = path_of(scope, aliases, report)?;
                Some(report.named("entries").then(Key::Index(entry)).named(name))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The paths that an expression reads, each once.
pub(crate) fn reads_of(scope: &Scope, aliases: &Aliases, ast: &IdedExpr, out: &mut Vec<Path>) {
    if let Some(path) = path_of(scope, aliases, ast) {
        if !out.contains(&path) {
            out.push(path);
        }
        return;
    }
    if let Some(known) = Macro::of(ast) {
        // What the body reads of each element lies in the range.
        return reads_of(scope, aliases, known.range, out);
    }
    match &ast.expr {
        Ast::Call(call) => {
            let parts = call.target.iter().map(AsRef::as_ref).chain(&call.args);
            for part in parts {
                reads_of(scope, aliases, part, out);
            }
        }
        Ast::Select(select) => reads_of(scope, aliases, &select.operand, out),
        Ast::List(list) => {
            for element in &list.elements {
                reads_of(scope, aliases, element, out);
            }
        }
        _ => {}
    }
}

/// The number of the entry of a report for a member, as the function `value` finds it.
fn entry(scope: &Scope, report: &IdedExpr, member: &IdedExpr) -> Option<usize> {
    let Value::Map(report) = scope.eval_ast(report).ok()? else {
        return None;
    };
    let Some(Value::List(entries)) = report.map.get(&CelKey::from("entries")) else {
        return None;
    };
    let reference = |value: &Value| match value {
        Value::Map(map) => map.map.get(&CelKey::from("ref")).cloned(),
        _ => None,
    };
    let member = scope.eval_ast(member).ok()?;
    let wanted = match &member {
        Value::String(_) => member,
        other => reference(other)?,
    };
    entries
        .iter()
        .position(|entry| reference(entry).as_ref() == Some(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cel::Expr;
    use crate::diagnostic::{FileId, Span};
    use crate::value::{list, map};

    fn reads(text: &str) -> Vec<String> {
        let expr = Expr::parse(text, &|a, b| Span::new(FileId::default(), a, b)).unwrap();
        let mut scope = Scope::new();
        scope.set("n", 1);
        let entry = |name: &str| map([("ref", Value::from(name)), ("value", Value::Int(3))]);
        scope.set("r", map([("entries", list([entry("a"), entry("b")]))]));
        let mut out = Vec::new();
        reads_of(&scope, &Aliases::new(), expr.ast(), &mut out);
        out.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tells_which_parts_of_which_values_are_read() {
        let table: [(&str, &[&str]); 8] = [
            ("r.value.q", &["r.value.q"]),
            ("r.values[n].t", &["r.values[1].t"]),
            ("r.names['x'] + 1", &["r.names.x"]),
            ("r.value('b')", &["r.entries[1].value"]),
            ("r.value('c')", &["r"]),
            ("size(r.names) - n", &["r.names", "n"]),
            ("r.names.exists(x, x.y == 1)", &["r.names"]),
            ("[r.a, r.b, r.a]", &["r.a", "r.b"]),
        ];
        for (text, expected) in table {
            assert_eq!(reads(text), expected, "{text}");
        }
    }
}
