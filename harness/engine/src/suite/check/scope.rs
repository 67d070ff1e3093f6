//! Every variable must be defined before it is used.

use std::collections::BTreeSet;

use crate::cel::{Expr, Name};
use crate::diagnostic::{Code, Diagnostic, Span, Spanned, did_you_mean};
use crate::suite::case::Case;
use crate::suite::report_words::{OptFld, Reason, TrgOp};
use crate::suite::steps::{Step, StepEntry};

/// Names that are always there.
pub(crate) const GLOBALS: &[&str] = &["model", "target", "profile", "pixit", "pics", "edition"];
/// Names that are there while steps run: the instant at which the step began, in milliseconds since the case began.
const IN_STEPS: &[&str] = &["now"];
/// Names of types that stand in expressions such as `type(x) == int`.
const TYPES: &[&str] = &[
    "int",
    "uint",
    "double",
    "bool",
    "string",
    "bytes",
    "list",
    "map",
    "null_type",
    "type",
];

/// Names in sight at a place.
#[derive(Clone)]
struct Sight<'a> {
    names: BTreeSet<String>,
    case: &'a Case,
}

pub(super) fn check(case: &Case) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut sight = Sight {
        names: GLOBALS.iter().map(|g| (*g).to_owned()).collect(),
        case,
    };
    for expr in case.needs.iter().flat_map(|n| n.exprs()).chain(&case.when) {
        sight.expr(expr, &mut found);
    }
    for (name, expr) in case.for_each.iter() {
        sight.expr(expr, &mut found);
        sight.names.insert(name.value.clone());
        if GLOBALS.contains(&name.value.as_str()) {
            found.push(Diagnostic::error(
                Code::BadName,
                name.span,
                format!("`{}` always means something else", name.value),
            ));
        }
    }
    sight.names.extend(IN_STEPS.iter().map(|n| (*n).to_owned()));
    for list in [&case.setup, &case.steps, &case.cleanup] {
        sight.steps(list, &mut found);
    }
    found
}

impl Sight<'_> {
    fn steps(&mut self, steps: &[StepEntry], found: &mut Vec<Diagnostic>) {
        for entry in steps {
            self.step(&entry.step, found);
        }
    }

    /// Depth is bounded by the YAML reader and by the fragments' limit.
    fn step(&mut self, step: &Step, found: &mut Vec<Diagnostic>) {
        for expr in step.inputs() {
            self.expr(expr, found);
        }
        let common = step.common();
        if let Some(window) = common.within
            && let Some(after) = &window.after
        {
            self.name(&after.value.0, after.span, "instant", found);
        }
        match step {
            Step::Let(s) => {
                for (name, expr) in s.values.iter() {
                    self.expr(expr, found);
                    self.names.insert(name.value.clone());
                }
            }
            Step::Mark(s) => self.bind(&s.name),
            Step::Repeat(s) => {
                let mut inner = self.clone();
                s.index.iter().for_each(|i| inner.bind(i));
                inner.steps(&s.steps, found);
                s.until.iter().for_each(|u| inner.expr(u, found));
                self.names.extend(inner.names);
                s.r#as.iter().for_each(|n| self.bind(n));
            }
            Step::ForEach(s) => {
                let mut inner = self.clone();
                inner.bind(&s.each);
                s.index.iter().for_each(|i| inner.bind(i));
                inner.steps(&s.steps, found);
                self.names.extend(inner.names);
                s.r#as.iter().for_each(|n| self.bind(n));
            }
            Step::If(s) => {
                let mut then = self.clone();
                then.steps(&s.then, found);
                let mut otherwise = self.clone();
                otherwise.steps(&s.r#else, found);
                self.names.extend(then.names);
                self.names.extend(otherwise.names);
            }
            Step::Use(s) => {
                for (name, expr) in s.body.with.iter() {
                    self.expr(expr, found);
                    self.names.insert(name.value.clone());
                }
                let before = found.len();
                self.steps(&s.steps, found);
                for d in found.iter_mut().skip(before) {
                    let here = "used here";
                    if d.labels.len() == 1 {
                        *d = d.clone().label(s.body.fragment.span, here);
                    }
                }
            }
            Step::ExpectReport(s) => {
                let mut inner = self.clone();
                inner.names.insert("report".to_owned());
                s.skip_until.iter().for_each(|e| inner.expr(e, found));
            }
            _ => {}
        }
        if let Some(name) = common.bind {
            self.bind(name);
        }
        let mut inner = self.clone();
        inner.names.insert("result".to_owned());
        for expr in common.check {
            inner.expr(expr, found);
        }
    }

    fn bind(&mut self, name: &Spanned<Name>) {
        self.names.insert(name.value.0.clone());
    }

    fn expr(&self, expr: &Expr, found: &mut Vec<Diagnostic>) {
        for variable in expr.variables.iter() {
            if TYPES.contains(&variable.value.as_str()) {
                continue;
            }
            let inside = |word: &&Spanned<String>| {
                word.span.start <= variable.span.start && variable.span.end <= word.span.end
            };
            match expr.bare_words.iter().find(inside) {
                Some(word) => self.bare_word(word, &variable.value, found),
                None => self.name(&variable.value, variable.span, "variable", found),
            }
        }
    }

    /// A name in a list, such as `[dchg]`: of a variable, or of a word that wants quotes.
    fn bare_word(&self, word: &Spanned<String>, variable: &str, found: &mut Vec<Diagnostic>) {
        let help = format!("in an expression a word has quotes: ['{}']", word.value);
        let near = || did_you_mean(variable, self.names.iter().map(String::as_str));
        if !self.defines(variable) && !is_word(&word.value) && near().is_some() {
            self.name(variable, word.span, "variable", found);
        } else if !self.defines(variable) {
            let message = format!("nothing before this defines the variable `{}`", word.value);
            let d = Diagnostic::error(Code::UndefinedVariable, word.span, message).help(help);
            // Each part of `seq-num` is a variable that is not there.
            if !found.contains(&d) {
                found.push(d);
            }
        } else if is_word(&word.value) {
            found.push(
                Diagnostic::warning(
                    Code::BareWord,
                    word.span,
                    format!(
                        "`{0}` is a variable here, and the word `'{0}'` is not meant",
                        word.value
                    ),
                )
                .help(format!("{help}; or give the variable another name")),
            );
        }
    }

    fn defines(&self, name: &str) -> bool {
        self.names.contains(name) || self.case.broken_bindings.iter().any(|b| b == name)
    }

    fn name(&self, name: &str, span: Span, what: &str, found: &mut Vec<Diagnostic>) {
        if self.defines(name) {
            return;
        }
        let d = Diagnostic::error(
            Code::UndefinedVariable,
            span,
            format!("nothing before this defines the {what} `{name}`"),
        );
        let near = did_you_mean(name, self.names.iter().map(String::as_str));
        found.push(match near {
            Some(near) => d.help(format!("did you mean `{near}`?")),
            None => {
                let own: Vec<String> = self.names.iter().map(|n| format!("`{n}`")).collect();
                d.help(format!("defined here: {}", own.join(", ")))
            }
        });
    }
}

/// Whether it is one of the words that bit sets of the standard are lists of.
fn is_word(name: &str) -> bool {
    TrgOp::words()
        .chain(Reason::words())
        .chain(OptFld::words())
        .any(|word| word == name)
}
