//! Steps in a row that several cases repeat word for word.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::suite::steps::{Step, StepEntry};
use crate::suite::{Library, written};

/// So many steps in a row are worth a name.
const STEPS: usize = 4;
/// In so many cases.
const CASES: usize = 3;

/// One list of steps of a case: their words and places.
struct List {
    case: usize,
    steps: Vec<(String, Span)>,
}

/// Where a row begins: the list and the step in it.
type Place = (usize, usize);

/// Rows of at least four equal steps in at least three cases, each told once and as long as it is.
pub(super) fn repeated(library: &Library) -> Vec<Diagnostic> {
    let mut lists = Vec::new();
    for (number, (_, case)) in library.cases().enumerate() {
        for steps in [&case.setup, &case.steps, &case.cleanup] {
            collect(library, number, steps, &mut lists);
        }
    }
    let mut rows: BTreeMap<Vec<&str>, Vec<Place>> = BTreeMap::new();
    for (at, list) in lists.iter().enumerate() {
        for (index, row) in list.steps.windows(STEPS).enumerate() {
            let words = row.iter().map(|(words, _)| words.as_str()).collect();
            rows.entry(words).or_default().push((at, index));
        }
    }
    let mut by_place: Vec<&Vec<Place>> = rows
        .values()
        .filter(|places| cases(&lists, places) >= CASES)
        .collect();
    by_place.sort();
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for places in by_place {
        if places.iter().any(|place| told.contains(place)) {
            continue;
        }
        let length = length(&lists, places);
        told.extend(
            places
                .iter()
                .flat_map(|(list, index)| (*index..index + length).map(|i| (*list, i))),
        );
        found.extend(tell(&lists, places, length));
    }
    found
}

fn collect(library: &Library, case: usize, steps: &[StepEntry], lists: &mut Vec<List>) {
    let words = |s: &StepEntry| {
        let text = written::words(written::step(&library.sources, s.span));
        (text, s.verb_span)
    };
    lists.push(List {
        case,
        steps: steps.iter().map(words).collect(),
    });
    for entry in steps {
        // The steps of a fragment stand in one place already.
        if !matches!(entry.step, Step::Use(_)) {
            for block in entry.step.blocks() {
                collect(library, case, block, lists);
            }
        }
    }
}

fn cases(lists: &[List], places: &[Place]) -> usize {
    let cases: BTreeSet<usize> = places
        .iter()
        .filter_map(|(list, _)| lists.get(*list).map(|list| list.case))
        .collect();
    cases.len()
}

/// How many steps are the same in all places.
fn length(lists: &[List], places: &[Place]) -> usize {
    let step = |(list, index): &Place, ahead: usize| {
        let list = lists.get(*list)?;
        list.steps.get(index + ahead).map(|(words, _)| words)
    };
    let same = |ahead: &usize| {
        let mut words = places.iter().map(|place| step(place, *ahead));
        match words.next() {
            Some(Some(first)) => words.all(|other| other == Some(first)),
            _ => false,
        }
    };
    STEPS + (STEPS..).take_while(same).count()
}

fn tell(lists: &[List], places: &[Place], length: usize) -> Option<Diagnostic> {
    let span = |(list, index): &Place| Some(lists.get(*list)?.steps.get(*index)?.1);
    let mut spans = places.iter().filter_map(span);
    let first = spans.next()?;
    let message = format!(
        "these {length} steps stand word for word in {} cases",
        cases(lists, places)
    );
    let d = Diagnostic::warning(Code::RepeatedSteps, first, message)
        .help("give them a name under `fragments`, and write `use` here and there");
    Some(
        spans
            .take(CASES - 1)
            .fold(d, |d, span| d.label(span, "and here")),
    )
}
