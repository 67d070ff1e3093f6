//! Functions that expressions may call, and how values are shown.

mod lists;
mod numbers;
mod octets;
mod reports;
mod texts;

use cel::common::ast::operators;
use cel::common::functions::Function;
use cel::common::types::{CelList, DYN_TYPE};
use cel::common::value::{BuiltinRef, CowVal, Val};
use cel::{Env, ExecutionError, Value};

use super::shared;

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
    "profile",
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
    (
        "tlv",
        "`tlv('30', '020101')`: an element of BER in hexadecimal: identifier, length, contents",
    ),
    (
        "tpkt",
        "`tpkt('02f080')`: a TPDU in a TPKT, both in hexadecimal",
    ),
    ("hex", "`text.hex()`: its octets in hexadecimal"),
    ("times", "`text.times(n)`: the text n times over"),
];

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

/// Arguments of a function of ours.
type Args<'b, 'v> = Vec<CowVal<'b, 'v>>;
/// What it gives.
type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

/// Every function of ours: name, number of arguments, what it does.
const DECLARED: &[(&str, &[usize], Function)] = &[
    ("can", &[2], reports::can),
    ("includes", &[2], reports::includes),
    ("value", &[2], reports::value),
    ("data", &[2], reports::data),
    ("reason", &[2], reports::reason),
    ("forModel", &[2], reports::for_model),
    ("near", &[3], numbers::near),
    ("abs", &[1], numbers::abs),
    ("range", &[1], numbers::range),
    ("sum", &[1], numbers::sum),
    ("max", &[1, 2, 3, 4], numbers::max),
    ("min", &[1, 2, 3, 4], numbers::min),
    ("first", &[2], lists::first),
    ("last", &[1], lists::last),
    ("without", &[2], lists::without),
    ("sorted", &[1], lists::sorted),
    ("unique", &[1], lists::unique),
    ("sameElements", &[2], lists::same_elements),
    ("reversed", &[1], lists::reversed),
    ("join", &[2], texts::join),
    ("split", &[2], texts::split),
    ("replace", &[3], texts::replace),
    ("upper", &[1], texts::upper),
    ("lower", &[1], texts::lower),
    ("swapCase", &[1], texts::swap_case),
    ("misspelt", &[1], texts::misspelt),
    ("tlv", &[2], octets::tlv),
    ("tpkt", &[1], octets::tpkt),
    ("hex", &[1], octets::hex),
    ("times", &[2], octets::times),
];

/// Adds our functions, each as `f(x, y)` and as `x.f(y)`. Whether every name was free; a test sees to it.
pub(crate) fn declare(env: &mut Env) -> bool {
    let mut free = true;
    for (name, counts, function) in DECLARED {
        for count in *counts {
            let all = (0..*count).map(|_| DYN_TYPE).collect();
            let rest = (1..*count).map(|_| DYN_TYPE).collect();
            let id = format!("iedassay_{name}_{count}");
            free &= env.add_overload(name, &id, all, *function).is_ok();
            free &= env
                .add_member_overload(name, &format!("{id}_member"), DYN_TYPE, rest, *function)
                .is_ok();
        }
    }
    free
}

fn fail(function: &str, message: impl Into<String>) -> ExecutionError {
    ExecutionError::function_error(function, message.into())
}

/// An argument as a value; shared objects are not copied.
fn arg(args: &Args<'_, '_>, n: usize) -> Result<Value, ExecutionError> {
    match args.get(n) {
        Some(arg) => shared::value(arg.as_ref()),
        None => Err(ExecutionError::missing_argument_or_target()),
    }
}

fn text_arg(function: &str, args: &Args<'_, '_>, n: usize) -> Result<String, ExecutionError> {
    match arg(args, n)? {
        Value::String(s) => Ok(s.to_string()),
        other => Err(fail(
            function,
            format!("expected a text, found {}", describe(&other)),
        )),
    }
}

/// The elements of a list argument.
fn elements<'a, 'v>(
    function: &str,
    args: &'a Args<'_, 'v>,
    n: usize,
) -> Result<&'a [Box<dyn Val + 'v>], ExecutionError> {
    match args.get(n).map(|a| a.as_ref().as_builtin()) {
        Some(BuiltinRef::List(list)) => Ok(list.inner()),
        _ => {
            let found = arg(args, n).map_or_else(|_| "nothing".to_owned(), |v| describe(&v));
            Err(fail(function, format!("expected a list, found {found}")))
        }
    }
}

fn answer<'b, 'v>(value: &Value) -> Answer<'b, 'v> {
    Ok(CowVal::Owned(shared::val(value)))
}

fn list<'b, 'v>(items: Vec<Box<dyn Val + 'v>>) -> Answer<'b, 'v> {
    Ok(CowVal::owned(CelList::from(items)))
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
        let mut env = Env::default().with_optional_support(false).with_stdlib();
        assert!(declare(&mut env));
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
