//! Fragments that no case uses.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, FileId};
use crate::suite::steps::visit;
use crate::suite::{Library, Step};

/// A fragment is used when a case does its steps, also through another fragment.
pub(super) fn unused(library: &Library) -> Vec<Diagnostic> {
    let mut used: BTreeSet<(FileId, &str)> = BTreeSet::new();
    for (_, case) in library.cases() {
        visit(case.all_steps(), &mut |entry| {
            if let Step::Use(s) = &entry.step
                && let Some(first) = s.steps.first()
            {
                used.insert((first.span.file, &s.body.fragment.value));
            }
        });
    }
    library
        .fragments
        .iter()
        .filter(|name| !used.contains(&(name.span.file, name.value.as_str())))
        .map(|name| {
            Diagnostic::warning(
                Code::UnusedFragment,
                name.span,
                format!("no case uses the fragment `{}`", name.value),
            )
            .help("leave it out; what it does is easily written again when a case needs it")
        })
        .collect()
}
