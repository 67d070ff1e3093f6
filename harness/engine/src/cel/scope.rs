//! Variables in sight, and evaluation.

use core::fmt;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use cel::common::ast::IdedExpr;
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Env, ExecutionError, Value};

use super::field::Part;
use super::shared::{self, Pool};
use super::{Expr, functions};
use crate::diagnostic::{Code, Diagnostic, Span};

/// The language and our functions, without optional values: they would take the name `value`, which reports need.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::default().with_optional_support(false).with_stdlib();
    functions::declare(&mut env);
    Arc::new(env)
});

/// Variables by name. Cloning is cheap; a clone is how an inner block gets variables of its own.
#[derive(Clone, Default)]
pub struct Scope {
    vars: BTreeMap<String, Arc<Binding>>,
    pool: Pool,
}

struct Binding {
    value: Value,
    val: Box<dyn Val>,
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.vars.keys()).finish()
    }
}

impl Scope {
    /// Nothing in sight.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Binds a name, replacing what it meant before.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.bind(name.into(), value.into(), false);
    }

    /// Binds a name to something large that lives as long as this scope and all its clones, such as the model: its
    /// parts are then never copied.
    pub fn set_shared(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.bind(name.into(), value.into(), true);
    }

    /// Takes a name out of sight.
    pub(crate) fn forget(&mut self, name: &str) {
        self.vars.remove(name);
    }

    fn bind(&mut self, name: String, value: Value, keep: bool) {
        let val = self.pool.val(&value, keep);
        self.vars.insert(name, Arc::new(Binding { value, val }));
    }

    /// What a name means.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.vars.get(name).map(|b| &b.value)
    }

    /// All names in sight.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.vars.keys().map(String::as_str)
    }

    /// Evaluates an expression.
    ///
    /// # Errors
    ///
    /// When a variable or a key is missing, types do not fit, or a function refuses.
    pub fn eval(&self, expr: &Expr) -> Result<Value, EvalError> {
        self.eval_ast(expr.ast()).map_err(|e| EvalError {
            span: expr.span,
            source: expr.source.to_string(),
            message: functions::explain(&e),
            help: None,
            in_data: matches!(
                e,
                ExecutionError::NoSuchKey(_)
                    | ExecutionError::IndexOutOfBounds(_)
                    | ExecutionError::FunctionError { .. }
            ),
            missing: match &e {
                ExecutionError::NoSuchKey(key) => Some(key.to_string()),
                _ => None,
            },
        })
    }

    /// Evaluates a part of an expression.
    pub(crate) fn eval_ast(&self, ast: &IdedExpr) -> Result<Value, ExecutionError> {
        let mut context = Context::with_env(Arc::clone(&ENV));
        context.set_variable_resolver(self);
        Value::resolve_val(ast, &context).and_then(|v| shared::value(v.as_ref()))
    }

    /// Evaluates an expression that must give true or false.
    ///
    /// # Errors
    ///
    /// As [`Scope::eval`], and when it gives something else.
    pub fn eval_bool(&self, expr: &Expr) -> Result<bool, EvalError> {
        match self.eval(expr)? {
            Value::Bool(b) => Ok(b),
            other => Err(EvalError {
                span: expr.span,
                source: expr.source.to_string(),
                message: format!(
                    "expected true or false, found {}",
                    functions::describe(&other)
                ),
                help: None,
                in_data: false,
                missing: None,
            }),
        }
    }

    /// Puts the values of the expressions into a text.
    ///
    /// # Errors
    ///
    /// As [`Scope::eval`], and when a value cannot stand in a text (a list, a map).
    pub fn interpolate(&self, parts: &[Part]) -> Result<String, EvalError> {
        let mut out = String::new();
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Expr(expr) => {
                    let value = self.eval(expr)?;
                    match functions::scalar_text(&value) {
                        Some(text) => out.push_str(&text),
                        None => {
                            return Err(EvalError {
                                span: expr.span,
                                source: expr.source.to_string(),
                                message: format!(
                                    "{} cannot stand inside a text",
                                    functions::describe(&value)
                                ),
                                help: None,
                                in_data: false,
                                missing: None,
                            });
                        }
                    }
                }
            }
        }
        Ok(out)
    }
}

impl VariableResolver for Scope {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        self.vars
            .get(variable)
            .map(|b| CowVal::Borrowed(b.val.as_ref()))
    }
}

/// An expression or field that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    /// Where it stands in the suite.
    pub span: Span,
    /// The expression; empty for a literal.
    pub source: String,
    /// What went wrong.
    pub message: String,
    /// What would fit.
    pub help: Option<String>,
    /// What is missing is missing in a value (a key, an element), so the server may be at fault, not the suite.
    pub in_data: bool,
    /// The key that is missing, where one is.
    pub missing: Option<String>,
}

impl EvalError {
    /// As a diagnostic.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let d = Diagnostic::error(Code::Invalid, self.span, self.to_string());
        match &self.help {
            Some(help) => d.help(help.clone()),
            None => d,
        }
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.source.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "`{}`: {}", self.source, self.message)
        }
    }
}

impl core::error::Error for EvalError {}
