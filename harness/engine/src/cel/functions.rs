//! Functions that expressions may call, and how values are shown.

use cel::common::ast::operators;
use cel::{Context, ExecutionError, Value};

/// Functions of the language itself that suites may use.
const STANDARD: &[&str] = &[
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "string",
    "int",
    "double",
    "bool",
    "type",
    "max",
    "min",
    "dyn",
];

/// Macros of the language; after parsing they are no calls any more, the list is for suggestions.
const MACROS: &[&str] = &["has", "all", "exists", "exists_one", "map", "filter"];

/// Names that results and variables cannot take.
pub const RESERVED: &[&str] = &[
    "model",
    "target",
    "pixit",
    "pics",
    "edition",
    "now",
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

/// Our own functions by name.
const OURS: &[&str] = &[];

/// Whether a call of this name can be answered.
pub(crate) fn is_known(name: &str) -> bool {
    // Operators have names such as `_+_` and `@in`.
    name.starts_with(['_', '@', '!', '-'])
        || name == operators::INDEX
        || STANDARD.contains(&name)
        || OURS.contains(&name)
}

/// Every function and macro, for suggestions and the handbook.
pub fn known() -> impl Iterator<Item = &'static str> + Clone {
    STANDARD.iter().chain(MACROS).chain(OURS).copied()
}

/// Adds our functions to a context.
pub(crate) fn register(_context: &mut Context<'_, '_>) {}

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
