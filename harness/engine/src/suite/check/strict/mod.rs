//! What works but should not stay so: names nobody reads, steps that are never done, cases that say too little or too much.
//!
//! Everything here is a warning; `iedassay check --strict` takes warnings for errors.

mod fragments;
mod reach;
mod repeats;
mod shape;
mod variables;

use crate::diagnostic::{Diagnostic, sort};
use crate::suite::Library;

/// Looks at all suites; what could not be read is left out, because errors have told of it.
#[must_use]
pub fn strict(library: &Library) -> Vec<Diagnostic> {
    let mut found = variables::unused(library);
    found.extend(fragments::unused(library));
    found.extend(repeats::repeated(library));
    found.extend(shape::twins(library));
    for (_, case) in library.cases() {
        found.extend(reach::check(case));
        found.extend(shape::check(library, case));
    }
    sort(&mut found);
    found.dedup();
    found
}
