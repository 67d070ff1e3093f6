//! The macros `all`, `exists`, `map` and `filter` of CEL, recognised in what the parser makes of them.

use cel::common::ast::{CallExpr, Expr as Ast, IdedExpr, LiteralValue, operators};

/// A macro over the elements of a list, as it was written: `range.word(var, body)`.
pub(crate) struct Macro<'a> {
    pub(crate) word: Word,
    pub(crate) range: &'a IdedExpr,
    pub(crate) var: &'a str,
    pub(crate) body: &'a IdedExpr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    All,
    Exists,
    Map,
    Filter,
}

impl Word {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Exists => "exists",
            Self::Map => "map",
            Self::Filter => "filter",
        }
    }
}

impl<'a> Macro<'a> {
    /// The macro that a comprehension stands for; nothing for another expression, and for `map` with a condition.
    pub(crate) fn of(ast: &'a IdedExpr) -> Option<Self> {
        let Ast::Comprehension(comprehension) = &ast.expr else {
            return None;
        };
        let accu = comprehension.accu_var.as_str();
        let step = call(&comprehension.loop_step)?;
        let (word, body) = match (step.func_name.as_str(), step.args.as_slice()) {
            (operators::LOGICAL_AND, [known, body]) if is(known, accu) => (Word::All, body),
            (operators::LOGICAL_OR, [known, body]) if is(known, accu) => (Word::Exists, body),
            (operators::ADD, [known, added]) if is(known, accu) => (Word::Map, only(added)?),
            (operators::CONDITIONAL, [body, taken, left]) if is(left, accu) => {
                let taken = call(taken)?;
                let added = taken.args.get(1).and_then(only)?;
                let keeps = is(added, &comprehension.iter_var);
                if taken.func_name != operators::ADD || !keeps {
                    return None;
                }
                (Word::Filter, body)
            }
            _ => return None,
        };
        let starts_so = match &comprehension.accu_init.expr {
            Ast::Literal(LiteralValue::Boolean(start)) => *start.inner() == (word == Word::All),
            _ => matches!(word, Word::Map | Word::Filter),
        };
        starts_so.then_some(Self {
            word,
            range: &comprehension.iter_range,
            var: &comprehension.iter_var,
            body,
        })
    }
}

fn call(ast: &IdedExpr) -> Option<&CallExpr> {
    match &ast.expr {
        Ast::Call(call) => Some(call),
        _ => None,
    }
}

fn is(ast: &IdedExpr, name: &str) -> bool {
    matches!(&ast.expr, Ast::Ident(known) if known == name)
}

fn only(ast: &IdedExpr) -> Option<&IdedExpr> {
    match &ast.expr {
        Ast::List(list) => match list.elements.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        _ => None,
    }
}
