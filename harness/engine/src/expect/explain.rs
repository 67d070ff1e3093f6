//! Why an expression of a `check` is false: the values that stand on both sides of what does not hold.

use cel::common::ast::{Expr as Ast, IdedExpr, LiteralValue, operators};

use super::macros::{Macro, Word};
use crate::cel::{Expr, Scope, Value};
use crate::origin::{Aliases, Key, Path, path_of, reads_of};

/// Values longer than this are cut.
const MAX_VALUE: usize = 160;

/// What was observed, for a `check` that is false: `r.sqNum is 3`, or `r.sqNum is 3, before.sqNum is 5`.
#[must_use]
pub fn why_false(scope: &Scope, expr: &Expr) -> String {
    blame_false(scope, expr).observed
}

/// Why a `check` is false, and which parts of which values made it so.
pub(crate) struct Blame {
    pub(crate) observed: String,
    pub(crate) read: Vec<Path>,
}

/// The same with the parts of values that make it false.
pub(crate) fn blame_false(scope: &Scope, expr: &Expr) -> Blame {
    let mut said = Said::default();
    blame(scope, expr.ast(), &mut said);
    if said.words.is_empty() {
        // Nothing in it has a name to be shown: the variables say what can be said.
        for variable in expr.variables.iter() {
            if let Some(value) = scope.get(&variable.value) {
                said.note(variable.value.clone(), value);
            }
        }
    }
    Blame {
        observed: if said.words.is_empty() {
            "it is false".to_owned()
        } else {
            said.words.join(", ")
        },
        read: said.read,
    }
}

/// The parts of values that an expression reads which cannot be evaluated.
pub(crate) fn read_by(scope: &Scope, expr: &Expr) -> Vec<Path> {
    let mut read = Vec::new();
    reads_of(scope, &Aliases::new(), expr.ast(), &mut read);
    read
}

/// What is said, and which parts of values it is about.
#[derive(Default)]
struct Said {
    words: Vec<String>,
    read: Vec<Path>,
    aliases: Aliases,
}

impl Said {
    fn note(&mut self, name: String, value: &Value) {
        let text = format!("{name} is {}", show(value));
        if !self.words.contains(&text) {
            self.words.push(text);
        }
    }
}

/// A value in at most `MAX_VALUE` characters.
#[must_use]
pub fn show(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text, 0);
    if text.chars().count() > MAX_VALUE {
        let cut: String = text.chars().take(MAX_VALUE).collect();
        return format!("{cut}...");
    }
    text
}

/// More octets than are ever shown need not be written: no character has more than four.
const MAX_WRITTEN: usize = 4 * MAX_VALUE;

fn write_value(value: &Value, out: &mut String, depth: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::String(text) => {
            out.push('\'');
            out.push_str(text);
            out.push('\'');
        }
        Value::List(items) if depth < 4 => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if out.len() > MAX_WRITTEN {
                    return;
                }
                if index > 0 {
                    out.push_str(", ");
                }
                write_value(item, out, depth + 1);
            }
            out.push(']');
        }
        Value::Map(map) if depth < 4 => {
            // Objects of the model are known by their reference.
            if let Some(Value::String(name)) = map.map.get(&cel::objects::Key::from("ref")) {
                out.push_str(name);
                return;
            }
            let mut entries: Vec<(String, &Value)> = map
                .map
                .iter()
                .map(|(key, value)| (key.to_string(), value))
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            out.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if out.len() > MAX_WRITTEN {
                    return;
                }
                if index > 0 {
                    out.push_str(", ");
                }
                out.push_str(&key);
                out.push_str(": ");
                write_value(value, out, depth + 1);
            }
            out.push('}');
        }
        other => out.push_str(&crate::cel::functions::describe(other)),
    }
}

/// The first element that an `all` does not hold for, and why; the list that nothing `exists` in.
fn blame_elements(scope: &Scope, known: &Macro<'_>, said: &mut Said) {
    let elements = match scope.eval_ast(known.range) {
        Ok(Value::List(elements)) if known.word == Word::All => elements,
        _ => return note_part(scope, known.range, said),
    };
    let range = path_of(scope, &said.aliases, known.range);
    let mut inner = scope.clone();
    for (index, element) in elements.iter().enumerate() {
        inner.set(known.var, element.clone());
        if !matches!(inner.eval_ast(known.body), Ok(Value::Bool(true))) {
            let mut of = Said {
                aliases: said.aliases.clone(),
                ..Said::default()
            };
            // An element of what is no part of a value is known by its own name only, which nothing has an origin for.
            let path = range.map_or_else(
                || Path::of(format!("@{}", known.var)),
                |range| range.then(Key::Index(index)),
            );
            of.aliases.push((known.var.to_owned(), path));
            of.note(known.var.to_owned(), element);
            blame(&inner, known.body, &mut of);
            of.words.dedup();
            said.words.push(of.words.join(", "));
            said.read.extend(of.read);
            return;
        }
    }
}

/// Walks into the part that makes the whole false and notes the values of its sides.
fn blame(scope: &Scope, ast: &IdedExpr, said: &mut Said) {
    if let Some(known) = Macro::of(ast)
        && matches!(known.word, Word::All | Word::Exists)
    {
        return blame_elements(scope, &known, said);
    }
    let Ast::Call(call) = &ast.expr else {
        note_part(scope, ast, said);
        return;
    };
    let is_false = |part: &IdedExpr| !matches!(scope.eval_ast(part), Ok(Value::Bool(true)));
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::LOGICAL_AND, parts) => {
            if let Some(part) = parts.iter().find(|part| is_false(part)) {
                blame(scope, part, said);
            }
        }
        (operators::LOGICAL_OR, parts) => parts.iter().for_each(|part| blame(scope, part, said)),
        (operators::LOGICAL_NOT, [part]) => note_part(scope, part, said),
        (name, [left, right]) if is_comparison(name) => {
            note_part(scope, left, said);
            note_part(scope, right, said);
        }
        _ => {
            note_part(scope, ast, said);
            call.target
                .iter()
                .for_each(|target| note_part(scope, target, said));
            call.args
                .iter()
                .for_each(|part| note_part(scope, part, said));
        }
    }
}

fn is_comparison(name: &str) -> bool {
    [
        operators::EQUALS,
        operators::NOT_EQUALS,
        operators::GREATER,
        operators::GREATER_EQUALS,
        operators::LESS,
        operators::LESS_EQUALS,
        operators::IN,
    ]
    .contains(&name)
}

fn note_part(scope: &Scope, part: &IdedExpr, said: &mut Said) {
    let aliases = std::mem::take(&mut said.aliases);
    reads_of(scope, &aliases, part, &mut said.read);
    said.aliases = aliases;
    if matches!(part.expr, Ast::Literal(_) | Ast::List(_)) {
        return;
    }
    let Some(name) = unparse(part) else { return };
    if let Some((name, misfits)) = misfits(scope, part) {
        said.note(name, &misfits);
        return;
    }
    match scope.eval_ast(part) {
        Ok(value) => said.note(name, &value),
        Err(error) => said.words.push(format!(
            "{name}: {}",
            crate::cel::functions::explain(&error)
        )),
    }
}

/// What does not fit, where a result says only that something does not.
fn misfits(scope: &Scope, part: &IdedExpr) -> Option<(String, Value)> {
    let Ast::Select(select) = &part.expr else {
        return None;
    };
    if select.field != "fits" {
        return None;
    }
    let Ok(Value::Map(result)) = scope.eval_ast(&select.operand) else {
        return None;
    };
    ["misfits", "misfit"].into_iter().find_map(|field| {
        let told = result.map.get(&cel::objects::Key::from(field))?;
        let empty = match told {
            Value::List(list) => list.is_empty(),
            Value::String(text) => text.is_empty(),
            _ => true,
        };
        if empty {
            return None;
        }
        Some((
            format!("{}.{field}", unparse(&select.operand)?),
            told.clone(),
        ))
    })
}

/// Whether it is an operator between two sides.
fn has_sides(ast: &IdedExpr) -> bool {
    matches!(&ast.expr, Ast::Call(call) if call.target.is_none() && call.args.len() == 2
        && (call.func_name == operators::IN || call.func_name.starts_with('_')) && call.func_name != operators::INDEX)
}

/// The part as it is written, for the forms that people write in checks.
fn unparse(ast: &IdedExpr) -> Option<String> {
    if let Some(known) = Macro::of(ast) {
        return Some(format!(
            "{}.{}({}, {})",
            unparse(known.range)?,
            known.word.name(),
            known.var,
            unparse(known.body)?
        ));
    }
    Some(match &ast.expr {
        Ast::Ident(name) => name.clone(),
        Ast::Select(select) if select.test => {
            format!("has({}.{})", unparse(&select.operand)?, select.field)
        }
        Ast::Select(select) => format!("{}.{}", unparse(&select.operand)?, select.field),
        Ast::Literal(literal) => match literal {
            LiteralValue::Boolean(value) => value.inner().to_string(),
            LiteralValue::Int(value) => value.inner().to_string(),
            LiteralValue::Double(value) => value.inner().to_string(),
            LiteralValue::String(value) => format!("'{}'", value.inner()),
            LiteralValue::Null => "null".to_owned(),
            _ => return None,
        },
        Ast::Call(call) => {
            let args: Vec<String> = call.args.iter().map(unparse).collect::<Option<_>>()?;
            match (&call.target, call.func_name.as_str(), args.as_slice()) {
                (Some(target), name, args) => {
                    format!("{}.{name}({})", unparse(target)?, args.join(", "))
                }
                (None, operators::INDEX, [list, index]) => format!("{list}[{index}]"),
                (None, operators::NEGATE, [part]) => format!("-{part}"),
                (None, operators::LOGICAL_NOT, [part]) if call.args.iter().any(has_sides) => {
                    format!("!({part})")
                }
                (None, operators::LOGICAL_NOT, [part]) => format!("!{part}"),
                (None, operators::IN, [part, list]) => format!("{part} in {list}"),
                (None, name, [left, right]) if name.starts_with('_') => {
                    format!("{left} {} {right}", name.trim_matches('_'))
                }
                (None, name, args) if !name.starts_with(['_', '@']) => {
                    format!("{name}({})", args.join(", "))
                }
                _ => return None,
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{FileId, Span};
    use crate::value::{list, map};

    fn why(text: &str) -> String {
        let expr = Expr::parse(text, &|a, b| Span::new(FileId::default(), a, b)).unwrap();
        let mut scope = Scope::new();
        scope.set(
            "r",
            map([
                ("sqNum", Value::Int(3)),
                ("names", list([Value::from("a"), Value::from("b")])),
            ]),
        );
        scope.set(
            "v",
            map([
                ("fits", Value::Bool(false)),
                ("misfits", list([Value::from("q: a boolean")])),
            ]),
        );
        scope.set(
            "w",
            map([
                ("fits", Value::Bool(false)),
                ("misfit", Value::from("q: a boolean")),
            ]),
        );
        scope.set("n", 5);
        assert!(!scope.eval_bool(&expr).unwrap_or(false), "{text} holds");
        why_false(&scope, &expr)
    }

    #[test]
    fn shows_both_sides_of_what_does_not_hold() {
        let table = [
            ("r.sqNum == 0", "r.sqNum is 3"),
            ("r.sqNum > n", "r.sqNum is 3, n is 5"),
            ("r.sqNum == n - 1", "r.sqNum is 3, n - 1 is 4"),
            ("n == 5 && r.sqNum == 4", "r.sqNum is 3"),
            ("n == 6 || r.sqNum == 4", "n is 5, r.sqNum is 3"),
            ("!(n == 5)", "n == 5 is true"),
            ("v.fits", "v.misfits is ['q: a boolean']"),
            ("size(r.names) == 3", "size(r.names) is 2"),
            ("r.names.size() == 3", "r.names.size() is 2"),
            ("r.names[0] == 'c'", "r.names[0] is 'a'"),
            ("'c' in r.names", "r.names is ['a', 'b']"),
            ("r.names.exists(x, x == 'c')", "r.names is ['a', 'b']"),
            ("r.names.all(x, x == 'a')", "x is 'b'"),
            (
                "range(3).all(i, r.names[i] == 'a' && i < n)",
                "i is 1, r.names[i] is 'b'",
            ),
            (
                "r.names.map(x, x + 'c') == ['ac']",
                "r.names.map(x, x + 'c') is ['ac', 'bc']",
            ),
            (
                "r.names.filter(x, x != 'a').size() == 2",
                "r.names.filter(x, x != 'a').size() is 1",
            ),
            (
                "r.names.map(x, x == 'a', 1) == [2]",
                "r is {names: ['a', 'b'], sqNum: 3}",
            ),
            ("r.missing == 1", "r.missing: there is no `missing` in it"),
            ("w.fits", "w.misfit is 'q: a boolean'"),
            ("!has(r.sqNum)", "has(r.sqNum) is true"),
            (
                "r.names.map(x, false) == [true]",
                "r.names.map(x, false) is [false, false]",
            ),
            (
                "r.names.map(x, 1.5) == [1.0]",
                "r.names.map(x, 1.5) is [1.5, 1.5]",
            ),
            (
                "r.names.map(x, null) == [1]",
                "r.names.map(x, null) is [null, null]",
            ),
            ("-n == n", "-n is -5, n is 5"),
            ("(n in [5]) == (n == 4)", "n == 4 is false"),
            ("max(n, 1) == 4", "max(n, 1) is 5"),
            ("n + 1", "n + 1 is 6, n is 5"),
            (
                "(!(n == 5)) == (n == 5)",
                "!(n == 5) is false, n == 5 is true",
            ),
            (
                "('a' in r.names) == (n == 4)",
                "'a' in r.names is true, n == 4 is false",
            ),
            // What has no short form is told by its variables.
            ("(n == 5 ? 1 : 2) == n", "n is 5"),
            ("(n == 5 ? 1 : 2) == 2", "n is 5"),
            ("r.names == ['a']", "r.names is ['a', 'b']"),
            ("r.names != r.names", "r.names is ['a', 'b']"),
            ("n >= 6", "n is 5"),
            ("n <= 4", "n is 5"),
            ("n < 5", "n is 5"),
        ];
        for (text, expected) in table {
            assert_eq!(why(text), expected, "{text}");
        }
    }

    #[test]
    fn tells_which_parts_make_it_false() {
        let read = |text: &str| {
            let expr = Expr::parse(text, &|a, b| Span::new(FileId::default(), a, b)).unwrap();
            let mut scope = Scope::new();
            let names = list([Value::from("a"), Value::from("b")]);
            scope.set("r", map([("sqNum", Value::Int(3)), ("names", names)]));
            scope.set("n", 5);
            let read = blame_false(&scope, &expr).read;
            read.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let table: [(&str, &[&str]); 8] = [
            ("n == 5 && r.sqNum == 4", &["r.sqNum"]),
            ("r.sqNum == n", &["r.sqNum", "n"]),
            ("r.names.all(x, x == 'a')", &["r.names[1]"]),
            ("r.names.all(x, [x].all(y, y == 'a'))", &["@y"]),
            ("r.names.all(x, [1].all(i, x == 'a'))", &["r.names[1]"]),
            ("r.names.exists(x, x == 'c')", &["r.names"]),
            ("size(r.names) == 3", &["r.names"]),
            ("has(r.q)", &["r.q"]),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn tells_what_an_expression_reads_that_cannot_be_evaluated() {
        let expr = Expr::parse("r.missing + 1 == n", &|a, b| {
            Span::new(FileId::default(), a, b)
        });
        let mut scope = Scope::new();
        scope.set("r", map([("sqNum", Value::Int(3))]));
        scope.set("n", 5);
        let read = read_by(&scope, &expr.unwrap());
        let read: Vec<_> = read.iter().map(ToString::to_string).collect();
        assert_eq!(read, ["r.missing", "n"]);
    }

    #[test]
    fn long_values_are_cut() {
        let long = list((0..1000).map(Value::Int));
        assert!(show(&long).ends_with("..."));
        assert!(show(&long).len() < 200);
        // With its two quotes.
        let fits = "x".repeat(MAX_VALUE - 2);
        assert_eq!(show(&Value::from(fits.as_str())), format!("'{fits}'"));
        let one_more = "x".repeat(MAX_VALUE - 1);
        assert_eq!(
            show(&Value::from(one_more.as_str())),
            format!("'{one_more}...")
        );
        // Characters count, and not octets.
        let names = list((0..100).map(|_| Value::from("éé")));
        assert_eq!(show(&names).chars().count(), MAX_VALUE + 3);
        let keys: Vec<String> = (0..1000).map(|key| format!("k{key:03}")).collect();
        let wide = map(keys.iter().map(|key| (key.as_str(), Value::Int(1))));
        for value in [&long, &wide] {
            let mut written = String::new();
            write_value(value, &mut written, 0);
            assert!(written.len() < MAX_WRITTEN + 20, "{}", written.len());
        }
    }

    #[test]
    fn deep_values_are_told_by_what_they_are() {
        let lists = (0..6).fold(Value::Int(7), |inner, _| list([inner]));
        assert_eq!(show(&lists), "[[[[a list of 1]]]]");
        let maps = (0..6).fold(Value::Int(7), |inner, _| map([("k", inner)]));
        assert_eq!(show(&maps), "{k: {k: {k: {k: a map}}}}");
        let four = (0..4).fold(Value::Int(7), |inner, _| list([inner]));
        assert_eq!(show(&four), "[[[[7]]]]");
        let known = map([("ref", Value::from("LD/LLN0.Mod")), ("k", Value::Int(1))]);
        assert_eq!(show(&list([known, Value::Null])), "[LD/LLN0.Mod, null]");
    }
}
