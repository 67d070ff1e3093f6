//! Names that nothing reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::cel::Expr;
use crate::diagnostic::{Code, Diagnostic, Span, Spanned};
use crate::suite::steps::{Step, StepEntry};
use crate::suite::{Case, Library};

/// Who gave the name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Giver {
    As,
    Let,
    Mark,
    Round,
    Element,
    Instance,
    Parameter,
}

impl Giver {
    const fn help(self) -> &'static str {
        match self {
            Self::As => "leave `as` out, or check something of the result",
            Self::Let => "leave it out, or use it",
            Self::Mark => "leave the mark out, or count a window from it with `after`",
            Self::Round => "leave `index` out, or use it",
            Self::Element => "use it, or write `repeat`; a name that begins with `_` may go unread",
            Self::Instance => "use it, or leave it out: the case is run once for every element",
            Self::Parameter => {
                "neither the fragment nor what follows reads it: leave it out of `with`"
            }
        }
    }
}

struct Binding {
    name: String,
    giver: Giver,
    read: bool,
}

/// Every name that no case reads where it is given. A fragment's own names count as read when one of its users reads them.
pub(super) fn unused(library: &Library) -> Vec<Diagnostic> {
    let mut bindings = BTreeMap::new();
    for (_, case) in library.cases() {
        // What could not be read may have been the reader.
        if case.broken_bindings.is_empty() {
            Walk {
                bindings: &mut bindings,
                held: BTreeMap::new(),
                ever: BTreeMap::new(),
                collecting: 0,
            }
            .case(case);
        }
    }
    bindings
        .into_iter()
        .filter(|(_, binding)| !binding.read && !binding.name.starts_with('_'))
        .map(|(span, binding)| {
            Diagnostic::warning(
                Code::UnusedVariable,
                span,
                format!("nothing reads the variable `{}`", binding.name),
            )
            .help(binding.giver.help())
        })
        .collect()
}

/// By name, the places that may have given it the value it has.
type Held = BTreeMap<String, BTreeSet<Span>>;

struct Walk<'a> {
    bindings: &'a mut BTreeMap<Span, Binding>,
    held: Held,
    /// Every place that gave the name so far: cleanup is done wherever the case stopped.
    ever: Held,
    /// Loops under way whose rounds are collected under a name, with everything that is bound in them.
    collecting: usize,
}

impl Walk<'_> {
    fn case(&mut self, case: &Case) {
        for (name, expr) in case.for_each.iter() {
            self.expr(expr);
            self.bind(&name.value, name.span, Giver::Instance);
        }
        self.steps(&case.setup);
        self.steps(&case.steps);
        self.held = self.ever.clone();
        self.steps(&case.cleanup);
    }

    fn steps(&mut self, steps: &[StepEntry]) {
        for entry in steps {
            self.step(&entry.step);
        }
    }

    /// Depth is bounded by the YAML reader and by the fragments' limit.
    fn step(&mut self, step: &Step) {
        step.inputs().into_iter().for_each(|e| self.expr(e));
        let common = step.common();
        if let Some(after) = common.within.and_then(|window| window.after.as_ref()) {
            self.read(&after.value.0);
        }
        match step {
            Step::Let(s) => {
                for (name, expr) in s.values.iter() {
                    self.expr(expr);
                    self.bind(&name.value, name.span, Giver::Let);
                }
            }
            Step::Mark(s) => self.name(&s.name, Giver::Mark),
            Step::Repeat(s) => {
                self.looped(s.r#as.is_some(), &mut |walk| {
                    s.index.iter().for_each(|i| walk.name(i, Giver::Round));
                    walk.steps(&s.steps);
                    s.until.iter().for_each(|until| walk.expr(until));
                });
                s.r#as.iter().for_each(|n| self.name(n, Giver::As));
            }
            Step::ForEach(s) => {
                self.looped(s.r#as.is_some(), &mut |walk| {
                    walk.name(&s.each, Giver::Element);
                    s.index.iter().for_each(|i| walk.name(i, Giver::Round));
                    walk.steps(&s.steps);
                });
                s.r#as.iter().for_each(|n| self.name(n, Giver::As));
            }
            Step::If(s) => {
                let before = self.held.clone();
                self.steps(&s.then);
                let then = core::mem::replace(&mut self.held, before);
                self.steps(&s.r#else);
                self.join(&then);
            }
            Step::Use(s) => {
                for (name, expr) in s.body.with.iter() {
                    self.expr(expr);
                    self.bind(&name.value, name.span, Giver::Parameter);
                }
                self.steps(&s.steps);
            }
            Step::ExpectReport(s) => s.skip_until.iter().for_each(|e| self.expr(e)),
            _ => {}
        }
        if let Some(name) = common.bind {
            self.name(name, Giver::As);
        }
        common.check.iter().for_each(|e| self.expr(e));
    }

    /// A loop: what a round binds, the next one may read, and what came before when there is no round at all.
    fn looped(&mut self, collected: bool, round: &mut dyn FnMut(&mut Self)) {
        self.collecting += usize::from(collected);
        for _ in 0..2 {
            let before = self.held.clone();
            round(self);
            self.join(&before);
        }
        self.collecting -= usize::from(collected);
    }

    fn join(&mut self, other: &Held) {
        for (name, places) in other {
            self.held.entry(name.clone()).or_default().extend(places);
        }
    }

    fn name(&mut self, name: &Spanned<crate::cel::Name>, giver: Giver) {
        self.bind(&name.value.0, name.span, giver);
    }

    fn bind(&mut self, name: &str, span: Span, giver: Giver) {
        let binding = self.bindings.entry(span).or_insert_with(|| Binding {
            name: name.to_owned(),
            giver,
            read: false,
        });
        binding.read |= self.collecting > 0;
        self.held.insert(name.to_owned(), BTreeSet::from([span]));
        self.ever.entry(name.to_owned()).or_default().insert(span);
    }

    fn expr(&mut self, expr: &Expr) {
        for variable in expr.variables.iter() {
            self.read(&variable.value);
        }
    }

    fn read(&mut self, name: &str) {
        for place in self.held.get(name).into_iter().flatten() {
            if let Some(binding) = self.bindings.get_mut(place) {
                binding.read = true;
            }
        }
    }
}
