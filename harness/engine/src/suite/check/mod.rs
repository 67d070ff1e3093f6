//! What the types cannot say about suites: checks over whole cases and over all files.

mod scope;
mod strict;

use std::collections::BTreeMap;

use super::case::Case;
use super::library::Library;
use super::steps::{Step, StepEntry, visit};
use iedassay_model::capability;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::target::pixit;
use crate::yaml::decode::unknown_reference;

pub use strict::strict;

/// Checks all suites.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    let mut found = duplicate_ids(library);
    for (_, case) in library.cases() {
        found.extend(vacuous(case));
        found.extend(keys_together(case));
        found.extend(statements(case));
        found.extend(scope::check(case));
    }
    found
}

fn duplicate_ids(library: &Library) -> Vec<Diagnostic> {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    let mut found = Vec::new();
    for (_, case) in library.cases() {
        match first.get(case.id.value.as_str()) {
            Some(other) => found.push(
                Diagnostic::error(
                    Code::DuplicateId,
                    case.id.span,
                    format!("there are two cases `{}`", case.id.value),
                )
                .label(*other, "the first one")
                .help("ids stay for ever and name one case; give the new case another id"),
            ),
            None => {
                first.insert(&case.id.value, case.id.span);
            }
        }
    }
    found
}

/// A case that can end without having looked at anything.
fn vacuous(case: &Case) -> Option<Diagnostic> {
    // Steps that could not be read may have been the checks.
    let judged = case.steps.iter().any(|s| s.step.judges()) || !case.broken_bindings.is_empty();
    (!judged).then(|| {
        Diagnostic::error(
            Code::VacuousCase,
            case.id.span,
            format!("the case `{}` checks nothing", case.id.value),
        )
        .help("add a request, an expectation or an `assert` under `steps`")
    })
}

/// Keys that need each other or cannot stand together.
fn keys_together(case: &Case) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut bad = |entry: &StepEntry, message: &str, help: &str| {
        found.push(Diagnostic::error(Code::Invalid, entry.verb_span, message).help(help));
    };
    visit(case.all_steps(), &mut |entry| match &entry.step {
        Step::Write(s) => match (&s.r#ref, &s.value, s.items.is_empty()) {
            (Some(_), Some(_), true) | (None, None, false) => {}
            _ => bad(
                entry,
                "`write` takes `ref` and `value`, or `items`",
                "write `ref: ...` and `value: ...` for one variable, `items: [{ref: ..., value: ...}]` for several",
            ),
        },
        Step::SetRcb(s) if s.attribute.is_some() != s.value.is_some() => bad(
            entry,
            "`attribute` and `value` of `set-rcb` belong together",
            "for instance `attribute: ConfRev` with `value: {generate: different}`",
        ),
        Step::ForEach(s) if s.steps.is_empty() => {
            bad(entry, "`for-each` has nothing to do", "add `steps`");
        }
        Step::If(s) if s.then.is_empty() && s.r#else.is_empty() => {
            bad(entry, "`if` has nothing to do", "add `then`");
        }
        Step::Repeat(s) => {
            if s.steps.is_empty() {
                bad(entry, "`repeat` has nothing to do", "add `steps`");
            }
            if s.times.is_none() && s.until.is_none() {
                bad(
                    entry,
                    "`repeat` needs `times` or `until`",
                    "for instance `times: 3`",
                );
            }
            if s.until.is_some() && s.times.is_none() && s.within.is_none() {
                bad(
                    entry,
                    "`repeat` with `until` needs an end: `within` or `times`",
                    "for instance `within: 5s`",
                );
            }
        }
        Step::GetNameList(s) => {
            let domain_class = s.class.as_literal() == Some(&super::steps::NameClass::Domain);
            if domain_class && s.domain.is_some() {
                bad(
                    entry,
                    "domains are listed for the whole server, not for a domain",
                    "leave `domain` out",
                );
            }
        }
        _ => {}
    });
    found
}

/// PICS items and PIXIT questions that do not exist.
fn statements(case: &Case) -> Vec<Diagnostic> {
    let Some(needs) = &case.needs else {
        return Vec::new();
    };
    let items = needs
        .capability
        .iter()
        .filter(|id| capability::find(&id.value).is_none())
        .map(|id| {
            let known = capability::all().iter().map(|item| item.id);
            unknown_reference(id.span, "PICS item", &id.value, known)
        });
    let questions = needs
        .pixit
        .iter()
        .filter(|id| pixit::question(&id.value).is_none())
        .map(|id| {
            let known = pixit::QUESTIONS.iter().map(|q| q.id);
            unknown_reference(id.span, "PIXIT question", &id.value, known)
        });
    items.chain(questions).collect()
}
