//! The suites and targets that come with the tool are free of errors.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use iedassay_engine::diagnostic::{Diagnostic, Sources};
use iedassay_engine::suite::load::load_embedded;
use iedassay_engine::suite::{embedded, procedures};
use iedassay_engine::target::{check_deviations, load::load};
use jiff::civil::Date;

fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let all: Vec<String> = diagnostics.iter().map(|d| d.plain(sources)).collect();
    all.join("\n")
}

#[test]
fn suites_load_without_errors() {
    let loaded = load_embedded();
    assert!(
        loaded.diagnostics.is_empty(),
        "{}",
        shown(&loaded.diagnostics, &loaded.library.sources)
    );
}

#[test]
fn suites_stand_a_strict_check() {
    let library = load_embedded().library;
    let found = iedassay_engine::suite::strict(&library);
    assert!(found.is_empty(), "{}", shown(&found, &library.sources));
}

#[test]
fn every_case_tells_its_clause_and_why_and_most_their_catalogue_id() {
    let loaded = load_embedded();
    let mute: Vec<&str> = loaded
        .library
        .cases()
        .filter(|(_, c)| {
            c.clause.is_none()
                || c.rationale.is_none()
                || (c.uca.is_empty() && !beyond(&c.id.value))
        })
        .map(|(_, c)| c.id.value.as_str())
        .collect();
    assert!(
        mute.is_empty(),
        "without clause, rationale or uca: {mute:?}"
    );
}

#[test]
fn every_procedure_has_a_case_or_a_reason_and_every_id_is_a_procedure() {
    let library = load_embedded().library;
    let all = procedures::all().unwrap();
    let silent: Vec<&str> = all
        .iter()
        .filter(|p| p.untested.is_none() && p.cases(&library).next().is_none())
        .map(|p| p.id.as_str())
        .collect();
    assert!(silent.is_empty(), "neither case nor reason: {silent:?}");
    let unknown: Vec<String> = library
        .cases()
        .flat_map(|(_, case)| case.uca_ids().map(str::to_owned).collect::<Vec<_>>())
        .filter(|id| !all.iter().any(|p| p.id == *id))
        .collect();
    assert!(unknown.is_empty(), "no procedure: {unknown:?}");
}

/// What no published procedure has: field cases, robustness, blocked updates, CmdBlk, and how MMS treats requests that are no good.
fn beyond(id: &str) -> bool {
    const OWN: [&str; 6] = [
        "control/command-blocked",
        "server/coding-of-requests",
        "server/large-invoke-id",
        "server/long-lengths-of-presentation",
        "server/unknown-service",
        "server/undecodable-argument",
    ];
    ["interop/", "robustness/", "blocking/"]
        .iter()
        .any(|topic| id.starts_with(topic))
        || OWN.contains(&id)
}

#[test]
fn targets_load_without_errors() {
    for (name, text) in embedded::TARGETS {
        let mut sources = Sources::new();
        let file = sources.add(*name, *text);
        match load(&sources, file) {
            Ok((target, mut warnings)) => {
                let library = load_embedded().library;
                let ids: Vec<&str> = library.cases().map(|(_, c)| c.id.value.as_str()).collect();
                warnings.extend(check_deviations(&target, Date::constant(2026, 1, 1), &ids));
                assert!(warnings.is_empty(), "{}", shown(&warnings, &sources));
            }
            Err(errors) => panic!("{}", shown(&errors, &sources)),
        }
    }
}
