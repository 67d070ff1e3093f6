//! Expressions: the Common Expression Language, through the `cel` crate.
//!
//! Where YAML wants an expression (`when`, `for-each`, `in`, `check`, `assert`, `let`, `until`) the text is CEL.
//! Everywhere else a field is a literal, `$name.path`, `${CEL}`, or a text with `${CEL}` inside: see [`Field`].
//!
//! Rules for values, so that an author never meets a surprise: every whole number is a CEL `int` (never `uint`),
//! every duration and instant is a number of milliseconds, every bit set is a list of words, and every object of
//! the model is a map with a `ref`.

mod expr;
mod field;
mod field_types;
pub mod functions;
mod globals;
mod model_view;
mod scope;
mod shared;

pub use cel::Value;
pub use expr::{Expr, ExprList};
pub use field::{BadValue, Field, FieldKind, FieldValue, Fields, Part};
pub(crate) use field_types::from_scalar;
pub use field_types::{Hex, Millis, Name, ObjectIdentifier, ObjectName};
pub use globals::globals;
pub use model_view::{Assume, model as model_view};
pub use scope::{EvalError, Scope};
