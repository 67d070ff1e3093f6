//! Steps that are never done, and checks that cannot come out otherwise.

use crate::cel::Expr;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::suite::Case;
use crate::suite::steps::{Step, StepEntry};

pub(super) fn check(case: &Case) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(when) = &case.when
        && when.constant() == Some(false)
    {
        never(
            &mut found,
            when.span,
            "the case never applies",
            "its `when` is always false",
        );
    }
    for (_, list) in case.for_each.iter().filter(|(_, e)| e.is_empty_list()) {
        never(
            &mut found,
            list.span,
            "the case never applies",
            "there is nothing to run it for",
        );
    }
    for steps in [&case.setup, &case.steps, &case.cleanup] {
        walk(steps, &mut found);
    }
    found
}

fn walk(steps: &[StepEntry], found: &mut Vec<Diagnostic>) {
    for (index, entry) in steps.iter().enumerate() {
        for expr in judged(&entry.step).filter(|expr| expr.variables.is_empty()) {
            found.push(
                Diagnostic::warning(
                    Code::ConstantCheck,
                    expr.span,
                    format!("`{}` is the same whatever the device does", expr.source),
                )
                .help("check something of a result, or leave it out"),
            );
        }
        let step = &entry.step;
        let first = |steps: &[StepEntry]| steps.first().map(|s| s.verb_span);
        match step {
            Step::If(s) => {
                let unreached = match s.when.constant() {
                    Some(true) => first(&s.r#else),
                    Some(false) => first(&s.then),
                    None => None,
                };
                if let Some(span) = unreached {
                    let why = format!("`{}` never changes", s.when.source);
                    never(found, span, UNREACHED, &why);
                }
            }
            Step::Repeat(s) => {
                let none = s.times.as_ref().and_then(|times| times.as_literal()) == Some(&0);
                if let Some(span) = first(&s.steps).filter(|_| none) {
                    never(found, span, UNREACHED, "`times` is 0");
                }
                if s.until.as_ref().and_then(Expr::constant) == Some(false)
                    && let Some(next) = steps.get(index + 1)
                {
                    never(
                        found,
                        next.verb_span,
                        UNREACHED,
                        "the `repeat` before it never succeeds",
                    );
                }
            }
            Step::ForEach(s) if s.r#in.is_empty_list() => {
                if let Some(span) = first(&s.steps) {
                    never(found, span, UNREACHED, "the list is empty");
                }
            }
            Step::Note(s) => condition(found, entry, s.when.as_ref()),
            Step::Measure(s) => condition(found, entry, s.when.as_ref()),
            _ => {}
        }
        for block in step.blocks() {
            walk(block, found);
        }
    }
}

const UNREACHED: &str = "this step is never done";

fn condition(found: &mut Vec<Diagnostic>, entry: &StepEntry, when: Option<&Expr>) {
    if when.and_then(Expr::constant) == Some(false) {
        never(
            found,
            entry.verb_span,
            UNREACHED,
            "its `when` is always false",
        );
    }
}

/// The expressions that must be true for the step to pass.
fn judged(step: &Step) -> impl Iterator<Item = &Expr> {
    let that = match step {
        Step::Assert(s) => s.that.0.as_slice(),
        other => other.common().check,
    };
    let until = match step {
        Step::Repeat(s) => s.until.as_ref(),
        _ => None,
    };
    that.iter().chain(until)
}

fn never(found: &mut Vec<Diagnostic>, span: Span, what: &str, why: &str) {
    found.push(
        Diagnostic::warning(Code::UnreachableStep, span, format!("{what}: {why}"))
            .help("leave it out, or mend the condition"),
    );
}
