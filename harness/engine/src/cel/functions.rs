//! Functions that expressions may call, and how values are shown.

use std::sync::Arc;

use cel::common::ast::operators;
use cel::extractors::This;
use cel::objects::Key;
use cel::{Context, ExecutionError, Value};

/// Functions of the language itself that suites may use, with a word about each.
const STANDARD: &[(&str, &str)] = &[
    (
        "size",
        "`size(x)`, `x.size()`: length of a list, map or text",
    ),
    (
        "contains",
        "`text.contains(part)`: whether the part is in it",
    ),
    (
        "startsWith",
        "`text.startsWith(part)`: whether it begins so",
    ),
    ("endsWith", "`text.endsWith(part)`: whether it ends so"),
    (
        "matches",
        "`text.matches(pattern)`: whether it fits a regular expression",
    ),
    ("string", "`string(x)`: as text"),
    ("int", "`int(x)`: as whole number"),
    ("double", "`double(x)`: as floating point"),
    ("bool", "`bool(x)`: as truth value"),
    (
        "type",
        "`type(x)`: its type: `int`, `double`, `string`, `bool`, `list`, `map`",
    ),
    ("max", "`max(a, b, ...)`: the largest, also of one list"),
    ("min", "`min(a, b, ...)`: the smallest, also of one list"),
    ("dyn", "`dyn(x)`: x, whatever its type"),
];

/// Macros of the language; after parsing they are no calls any more, the list is for suggestions and the handbook.
const MACROS: &[(&str, &str)] = &[
    ("has", "`has(map.key)`: whether the key is there"),
    (
        "all",
        "`list.all(x, test)`: whether the test holds for every element",
    ),
    ("exists", "`list.exists(x, test)`: whether it holds for one"),
    (
        "exists_one",
        "`list.exists_one(x, test)`: whether it holds for exactly one",
    ),
    ("map", "`list.map(x, value)`: the values"),
    (
        "filter",
        "`list.filter(x, test)`: the elements for which it holds",
    ),
];

/// Names that results and variables cannot take.
pub const RESERVED: &[&str] = &[
    "model",
    "target",
    "pixit",
    "pics",
    "edition",
    "now",
    "result",
    "true",
    "false",
    "null",
    "in",
    "as",
    "has",
    "all",
    "exists",
    "map",
    "filter",
    "size",
    "string",
    "int",
    "double",
    "bool",
    "type",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

type Answer = Result<Value, ExecutionError>;

/// Our own functions, with a word about each.
const OURS: &[(&str, &str)] = &[
    (
        "can",
        "`can(m, 'dchg')`: whether the target can bring about this change of a member or leaf",
    ),
    (
        "includes",
        "`r.includes(m)`: whether a report includes a member",
    ),
    (
        "value",
        "`r.value(m)`: the main value of a member in a report (`stVal`, `mag` ...)",
    ),
    ("data", "`r.data(m)`: everything a report holds of a member"),
    (
        "reason",
        "`r.reason(m)`: the reasons for inclusion of a member, a list of words",
    ),
    (
        "forModel",
        "`forModel(pixit.Ct15, c.ctlModel)`: a PIXIT answer for a control model, given for all or by model",
    ),
    (
        "near",
        "`near(a, b, d)`: whether two numbers differ by at most d",
    ),
    ("abs", "`abs(x)`: without its sign"),
    ("range", "`range(n)`: the list 0, 1, ... n-1"),
    ("first", "`list.first(n)`: the first n elements"),
    (
        "without",
        "`list.without(x)`: all elements but those equal to x",
    ),
    ("sorted", "`list.sorted()`: in ascending order"),
    (
        "unique",
        "`list.unique()`: each element once, in order of first appearance",
    ),
    (
        "sameElements",
        "`a.sameElements(b)`: whether two lists hold the same elements in any order",
    ),
    ("reversed", "`list.reversed()`: from last to first"),
    ("last", "`list.last()`: the last element"),
    ("sum", "`list.sum()`: of numbers"),
    ("join", "`list.join(', ')`: as one text"),
    ("split", "`text.split('/')`: the parts"),
    (
        "replace",
        "`text.replace(a, b)`: with every a replaced by b",
    ),
    ("upper", "`text.upper()`: in capitals"),
    ("lower", "`text.lower()`: in small letters"),
    (
        "swapCase",
        "`text.swapCase()`: capitals small and small letters capital",
    ),
    (
        "misspelt",
        "`text.misspelt()`: another name of the same length that nobody uses",
    ),
];

/// Lists made by functions are not longer.
const MAX_LIST: i64 = 100_000;

/// Whether a call of this name can be answered.
pub(crate) fn is_known(name: &str) -> bool {
    // Operators have names such as `_+_` and `@in`.
    name.starts_with(['_', '@', '!', '-'])
        || name == operators::INDEX
        || STANDARD.iter().chain(OURS).any(|(n, _)| *n == name)
}

/// Every function and macro, for suggestions.
pub fn known() -> impl Iterator<Item = &'static str> + Clone {
    table().map(|(name, _)| name)
}

/// Every function and macro with a word about it, for the handbook.
pub fn table() -> impl Iterator<Item = (&'static str, &'static str)> + Clone {
    OURS.iter().chain(MACROS).chain(STANDARD).copied()
}

/// Adds our functions to a context. A name that is taken is a mistake of ours, which a test shows.
pub(crate) fn register(context: &mut Context<'_, '_>) -> bool {
    [
        context.add_function("max", cel::functions::max),
        context.add_function("min", cel::functions::min),
        context.add_function("can", can),
        context.add_function("includes", includes),
        context.add_function("value", value),
        context.add_function("data", data),
        context.add_function("reason", reason),
        context.add_function("forModel", for_model),
        context.add_function("near", near),
        context.add_function("abs", abs),
        context.add_function("range", range),
        context.add_function("first", first),
        context.add_function("without", without),
        context.add_function("sorted", sorted),
        context.add_function("unique", unique),
        context.add_function("sameElements", same_elements),
        context.add_function("reversed", reversed),
        context.add_function("last", last),
        context.add_function("sum", sum),
        context.add_function("join", join),
        context.add_function("split", split),
        context.add_function("replace", replace),
        context.add_function("upper", upper),
        context.add_function("lower", lower),
        context.add_function("swapCase", swap_case),
        context.add_function("misspelt", misspelt),
    ]
    .iter()
    .all(Result::is_ok)
}

fn fail(function: &str, message: impl Into<String>) -> ExecutionError {
    ExecutionError::function_error(function, message.into())
}

fn key<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Map(m) => m.map.get(&Key::from(name)),
        _ => None,
    }
}

fn elements(function: &str, value: Value) -> Result<Arc<Vec<Value>>, ExecutionError> {
    match value {
        Value::List(l) => Ok(l),
        other => Err(fail(
            function,
            format!("expected a list, found {}", describe(&other)),
        )),
    }
}

fn number(function: &str, value: &Value) -> Result<f64, ExecutionError> {
    match value {
        #[allow(
            clippy::cast_precision_loss,
            reason = "only differences of numbers met on the wire"
        )]
        Value::Int(i) => Ok(*i as f64),
        #[allow(
            clippy::cast_precision_loss,
            reason = "only differences of numbers met on the wire"
        )]
        Value::UInt(u) => Ok(*u as f64),
        Value::Float(f) => Ok(*f),
        other => Err(fail(
            function,
            format!("expected a number, found {}", describe(other)),
        )),
    }
}

fn can(This(member): This<Value>, change: Arc<String>) -> Answer {
    match key(&member, "can") {
        Some(Value::List(list)) => Ok(Value::Bool(list.contains(&Value::String(change)))),
        _ => Err(fail(
            "can",
            format!("expected a member or a leaf, found {}", describe(&member)),
        )),
    }
}

/// The entry of a report for a member, given as object or as reference.
fn entry(function: &str, report: &Value, member: &Value) -> Result<Option<Value>, ExecutionError> {
    let Some(Value::List(entries)) = key(report, "entries") else {
        return Err(fail(
            function,
            format!("expected a report, found {}", describe(report)),
        ));
    };
    let wanted = match member {
        Value::String(_) => member,
        other => key(other, "ref").ok_or_else(|| {
            fail(
                function,
                format!("expected a member, found {}", describe(member)),
            )
        })?,
    };
    Ok(entries
        .iter()
        .find(|e| key(e, "ref") == Some(wanted))
        .cloned())
}

fn of_entry(function: &str, report: &Value, member: &Value, what: &str) -> Answer {
    match entry(function, report, member)? {
        Some(found) => Ok(key(&found, what).cloned().unwrap_or(Value::Null)),
        None => Err(fail(
            function,
            format!("the report does not include {}", describe(member)),
        )),
    }
}

fn includes(This(report): This<Value>, member: Value) -> Answer {
    Ok(Value::Bool(entry("includes", &report, &member)?.is_some()))
}

fn value(This(report): This<Value>, member: Value) -> Answer {
    of_entry("value", &report, &member, "value")
}

fn data(This(report): This<Value>, member: Value) -> Answer {
    of_entry("data", &report, &member, "data")
}

fn reason(This(report): This<Value>, member: Value) -> Answer {
    of_entry("reason", &report, &member, "reason")
}

fn for_model(answer: Value, model: i64) -> Answer {
    let Value::Map(by_model) = &answer else {
        return Ok(answer);
    };
    let name = usize::try_from(model)
        .ok()
        .and_then(|m| crate::target::pixit::MODELS.get(m))
        .ok_or_else(|| fail("forModel", format!("{model} is no control model")))?;
    by_model
        .map
        .get(&Key::from(*name))
        .cloned()
        .ok_or_else(|| fail("forModel", format!("the answer says nothing about {name}")))
}

fn near(a: Value, b: Value, d: Value) -> Answer {
    let (a, b, d) = (
        number("near", &a)?,
        number("near", &b)?,
        number("near", &d)?,
    );
    Ok(Value::Bool((a - b).abs() <= d))
}

fn abs(This(x): This<Value>) -> Answer {
    match x {
        Value::Int(i) => Ok(Value::Int(i.saturating_abs())),
        other => number("abs", &other).map(|f| Value::Float(f.abs())),
    }
}

fn range(n: i64) -> Answer {
    if n > MAX_LIST {
        return Err(fail("range", format!("{n} is more than {MAX_LIST}")));
    }
    Ok(Value::List(Arc::new((0..n).map(Value::Int).collect())))
}

fn first(This(list): This<Value>, n: i64) -> Answer {
    let list = elements("first", list)?;
    let n = usize::try_from(n).unwrap_or(0);
    Ok(Value::List(Arc::new(
        list.iter().take(n).cloned().collect(),
    )))
}

fn last(This(list): This<Value>) -> Answer {
    let list = elements("last", list)?;
    list.last()
        .cloned()
        .ok_or_else(|| fail("last", "the list is empty"))
}

fn without(This(list): This<Value>, x: Value) -> Answer {
    let list = elements("without", list)?;
    let kept = list.iter().filter(|e| **e != x).cloned().collect();
    Ok(Value::List(Arc::new(kept)))
}

fn sorted(This(list): This<Value>) -> Answer {
    let list = elements("sorted", list)?;
    let mut all: Vec<Value> = list.iter().cloned().collect();
    all.sort_by(|a, b| a.partial_cmp(b).unwrap_or(core::cmp::Ordering::Equal));
    Ok(Value::List(Arc::new(all)))
}

fn unique(This(list): This<Value>) -> Answer {
    let list = elements("unique", list)?;
    let mut all: Vec<Value> = Vec::new();
    for element in list.iter() {
        if !all.contains(element) {
            all.push(element.clone());
        }
    }
    Ok(Value::List(Arc::new(all)))
}

fn same_elements(This(a): This<Value>, b: Value) -> Answer {
    let (a, b) = (elements("sameElements", a)?, elements("sameElements", b)?);
    let mut rest: Vec<&Value> = b.iter().collect();
    let all = a.len() == b.len()
        && a.iter().all(|x| match rest.iter().position(|y| *y == x) {
            Some(i) => {
                rest.swap_remove(i);
                true
            }
            None => false,
        });
    Ok(Value::Bool(all))
}

fn reversed(This(list): This<Value>) -> Answer {
    let list = elements("reversed", list)?;
    Ok(Value::List(Arc::new(list.iter().rev().cloned().collect())))
}

fn sum(This(list): This<Value>) -> Answer {
    let list = elements("sum", list)?;
    if list.iter().all(|x| matches!(x, Value::Int(_))) {
        let total = list.iter().fold(0i64, |n, x| match x {
            Value::Int(i) => n.saturating_add(*i),
            _ => n,
        });
        return Ok(Value::Int(total));
    }
    let mut total = 0.0;
    for x in list.iter() {
        total += number("sum", x)?;
    }
    Ok(Value::Float(total))
}

fn join(This(list): This<Value>, separator: Arc<String>) -> Answer {
    let list = elements("join", list)?;
    let mut parts = Vec::with_capacity(list.len());
    for x in list.iter() {
        parts.push(
            scalar_text(x).ok_or_else(|| fail("join", format!("{} is no text", describe(x))))?,
        );
    }
    Ok(Value::from(parts.join(&separator)))
}

fn split(This(text): This<Arc<String>>, separator: Arc<String>) -> Answer {
    if separator.is_empty() {
        return Err(fail("split", "the separator is empty"));
    }
    let parts = text
        .split(separator.as_str())
        .map(|p| Value::from(p.to_owned()))
        .collect();
    Ok(Value::List(Arc::new(parts)))
}

fn replace(This(text): This<Arc<String>>, from: Arc<String>, to: Arc<String>) -> Answer {
    if from.is_empty() {
        return Err(fail("replace", "what to replace is empty"));
    }
    Ok(Value::from(text.replace(from.as_str(), &to)))
}

fn upper(This(text): This<Arc<String>>) -> Answer {
    Ok(Value::from(text.to_uppercase()))
}

fn lower(This(text): This<Arc<String>>) -> Answer {
    Ok(Value::from(text.to_lowercase()))
}

fn swap_case(This(text): This<Arc<String>>) -> Answer {
    let swapped: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_uppercase() {
                c.to_ascii_lowercase()
            } else {
                c.to_ascii_uppercase()
            }
        })
        .collect();
    Ok(Value::from(swapped))
}

/// The last letters become `Zz9`, as many as the name has room for: no standardised name ends so.
fn misspelt(This(text): This<Arc<String>>) -> Answer {
    let count = text.chars().count();
    let tail: String = "Zz9".chars().take(count.max(1)).collect();
    let kept = count.saturating_sub(tail.chars().count());
    let name: String = text.chars().take(kept).collect();
    Ok(Value::from(format!("{name}{tail}")))
}

/// The text of a scalar; nothing for lists, maps and the like.
#[must_use]
pub fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.to_string()),
        Value::Int(i) => Some(i.to_string()),
        Value::UInt(u) => Some(u.to_string()),
        Value::Float(f) => Some(f.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

/// A value in a few words for messages.
#[must_use]
pub fn describe(value: &Value) -> String {
    match value {
        Value::Null => "nothing (null)".to_owned(),
        Value::List(l) => format!("a list of {}", l.len()),
        Value::Map(m) => match m.map.get(&cel::objects::Key::from("ref")) {
            Some(Value::String(s)) => format!("the object {s}"),
            _ => "a map".to_owned(),
        },
        Value::String(s) => format!("'{s}'"),
        other => scalar_text(other).unwrap_or_else(|| format!("a {}", other.type_of())),
    }
}

/// What went wrong, in words of the suite and not of the interpreter.
pub(crate) fn explain(error: &ExecutionError) -> String {
    match error {
        ExecutionError::UndeclaredReference(name) => format!("nothing is called `{name}` here"),
        ExecutionError::NoSuchKey(key) => format!("there is no `{key}` in it"),
        ExecutionError::FunctionError { function, message } => format!("{function}: {message}"),
        ExecutionError::IndexOutOfBounds(i) => {
            format!("the list has no element {}", describe(i))
        }
        other => {
            let text = other.to_string();
            let mut chars = text.chars();
            chars
                .next()
                .map(|c| c.to_lowercase().collect::<String>() + chars.as_str())
                .unwrap_or(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cel::{Expr, Scope};
    use crate::diagnostic::{FileId, Span};
    use crate::value::{list, map};

    fn eval(scope: &Scope, text: &str) -> Result<Value, String> {
        let expr = Expr::parse(text, &|a, b| Span::new(FileId::default(), a, b))
            .map_err(|d| d[0].message.clone())?;
        scope.eval(&expr).map_err(|e| e.message)
    }

    fn report() -> Scope {
        let mut scope = Scope::new();
        let entry = |r: &str, v: i64| {
            map([
                ("ref", Value::from(r)),
                ("value", Value::Int(v)),
                ("reason", list([Value::from("dchg")])),
            ])
        };
        scope.set(
            "r",
            map([
                ("sqNum", Value::Int(0)),
                (
                    "entries",
                    list([entry("LD/A.x[ST]", 7), entry("LD/B.x[ST]", 8)]),
                ),
            ]),
        );
        scope.set(
            "m",
            map([
                ("ref", Value::from("LD/A.x[ST]")),
                ("can", list([Value::from("dchg")])),
            ]),
        );
        scope.set("other", map([("ref", Value::from("LD/C.x[ST]"))]));
        scope
    }

    #[test]
    fn reports_answer_about_members() {
        let scope = report();
        for text in [
            "r.includes(m)",
            "!r.includes(other)",
            "r.value(m) == 7",
            "r.reason(m) == ['dchg']",
            "r.includes('LD/B.x[ST]')",
            "can(m, 'dchg') && !can(m, 'qchg')",
            "r.sqNum == 0",
        ] {
            assert_eq!(eval(&scope, text), Ok(Value::Bool(true)), "{text}");
        }
        assert_eq!(
            eval(&scope, "r.value(other)").unwrap_err(),
            "value: the report does not include the object LD/C.x[ST]"
        );
    }

    #[test]
    fn list_and_text_functions_do_what_they_say() {
        let scope = Scope::new();
        for text in [
            "range(3) == [0, 1, 2]",
            "[3, 1, 2].sorted() == [1, 2, 3]",
            "[1, 2, 1].unique() == [1, 2]",
            "['a', 'b'].sameElements(['b', 'a'])",
            "!['a', 'a'].sameElements(['b', 'a'])",
            "[1, 2, 3].first(2) == [1, 2]",
            "[1, 2, 3].last() == 3",
            "[1, 2, 3].reversed() == [3, 2, 1]",
            "[1, 2, 3].sum() == 6",
            "[1, 2].without(1) == [2]",
            "['a', 'b'].join('+') == 'a+b'",
            "'a/b'.split('/') == ['a', 'b']",
            "'aXa'.replace('X', 'y') == 'aya'",
            "'LLn0'.swapCase() == 'llN0'",
            "'GGIO1'.misspelt() == 'GGZz9'",
            "near(1, 1.5, 0.5) && !near(1, 2, 0.5)",
            "abs(-3) == 3",
            "max(1, 3, 2) == 3",
        ] {
            assert_eq!(eval(&scope, text), Ok(Value::Bool(true)), "{text}");
        }
    }

    #[test]
    fn no_function_hides_one_of_the_language() {
        let mut context = Context::with_env(crate::cel::scope::env());
        assert!(register(&mut context));
    }

    #[test]
    fn every_function_of_ours_is_there() {
        for (name, _) in OURS {
            let message = eval(&Scope::new(), &format!("{name}()")).unwrap_err();
            assert!(!message.contains("nothing is called"), "{message}");
        }
        let scope = Scope::new();
        let text = "forModel({'sbo-normal': true}, 2) && forModel(true, 1) && !forModel({'direct-normal': false}, 1)";
        assert_eq!(eval(&scope, text), Ok(Value::Bool(true)));
    }

    #[test]
    fn a_name_that_is_missing_is_told_in_words() {
        let scope = report();
        assert_eq!(
            eval(&scope, "r.sqnum == 1").unwrap_err(),
            "there is no `sqnum` in it"
        );
        assert_eq!(
            eval(&scope, "nothing == 1").unwrap_err(),
            "nothing is called `nothing` here"
        );
    }
}
