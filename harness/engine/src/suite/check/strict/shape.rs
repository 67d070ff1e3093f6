//! What a case must tell of itself, how long it may be, and whether another one is the same.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Spanned};
use crate::suite::{Case, Library, StepEntry, written};

/// A screen: the lines of a case, its rationale included, blank lines and comments not.
const SCREEN: usize = 60;

/// Title, clause and rationale must be there, and the case must fit on a screen.
pub(super) fn check(library: &Library, case: &Case) -> Vec<Diagnostic> {
    let missing = |key: &str, help: &str| {
        Diagnostic::warning(
            Code::MissingKey,
            case.id.span,
            format!("the case `{}` has no `{key}`", case.id.value),
        )
        .help(help)
    };
    let absent = |text: Option<&str>| text.is_none_or(|text| text.trim().is_empty());
    let mut found = Vec::new();
    if absent(Some(&case.title)) {
        found.push(missing("title", "say what is checked, as a sentence"));
    }
    if absent(case.clause.as_deref()) {
        found.push(missing(
            "clause",
            "say where the standard demands it: part and clause",
        ));
    }
    if absent(case.rationale.as_deref()) {
        found.push(missing(
            "rationale",
            "say why it matters and what a failure means in the field",
        ));
    }
    let lines = written::lines(written::case(&library.sources, case.span)).count();
    if lines > SCREEN {
        found.push(
            Diagnostic::warning(
                Code::LongCase,
                case.id.span,
                format!(
                    "the case `{}` has {lines} lines, more than a screen ({SCREEN})",
                    case.id.value
                ),
            )
            .help("make two cases of it, or fragments of what repeats"),
        );
    }
    found
}

/// Cases that do the same under the same conditions.
pub(super) fn twins(library: &Library) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, &Spanned<String>> = BTreeMap::new();
    let mut found = Vec::new();
    for (_, case) in library.cases() {
        // Steps that could not be read may have been the difference.
        if !case.broken_bindings.is_empty() {
            continue;
        }
        match first.get(&whole(library, case)) {
            Some(other) => found.push(
                Diagnostic::warning(
                    Code::IdenticalCases,
                    case.id.span,
                    format!("`{}` does the same as `{}`", case.id.value, other.value),
                )
                .label(other.span, "the other one")
                .help("keep one of them; it may name the catalogue ids and clauses of both"),
            ),
            None => {
                first.insert(whole(library, case), &case.id);
            }
        }
    }
    found
}

/// Everything that decides what a case does.
fn whole(library: &Library, case: &Case) -> String {
    let steps = |list: &[StepEntry]| {
        let texts = list
            .iter()
            .map(|s| written::words(written::step(&library.sources, s.span)));
        texts.collect::<Vec<_>>()
    };
    let for_each: Vec<_> = case
        .for_each
        .iter()
        .map(|(name, expr)| (&name.value, &expr.source))
        .collect();
    let needs = case.needs.as_ref().map(|needs| {
        let words = needs.stimulus.iter().map(|kind| kind.value.as_str());
        let models = needs.exprs().iter().map(|e| e.source.to_string());
        (words.collect::<Vec<_>>(), models.collect::<Vec<_>>())
    });
    let edition: Vec<_> = case.edition.iter().map(|e| e.value).collect();
    let when = case.when.as_ref().map(|when| &when.source);
    // Fragments of one name may differ from file to file.
    let file = case.id.span.file;
    format!(
        "{:?}",
        (
            file,
            case.associate,
            edition,
            when,
            needs,
            for_each,
            steps(&case.setup),
            steps(&case.steps),
            steps(&case.cleanup),
        )
    )
}
