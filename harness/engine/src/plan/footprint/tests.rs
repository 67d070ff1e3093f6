//! Which cases of the built-in suites may run beside each other, on the built-in model.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use super::*;
use crate::diagnostic::Sources;
use crate::plan::{PlanOptions, plan};
use crate::suite::{embedded, load};

/// Every instance that runs on the simulated IED, with its footprint.
static ALL: LazyLock<Vec<(String, Footprint)>> = LazyLock::new(|| {
    let library = load::load_embedded().library;
    let mut sources = Sources::new();
    let text = embedded::get("targets/sim.yaml").unwrap();
    let file = sources.add("sim.yaml", text.to_owned());
    let (target, _) = crate::target::load::load(&sources, file).unwrap();
    let model = iedassay_model::scl::builtin().unwrap().model;
    let plan = plan(&library, &target, &model, &PlanOptions::default());
    let ground = Ground {
        model: &model,
        target: &target,
        globals: &plan.globals,
    };
    let jobs = plan.jobs(&ground, &BTreeMap::new());
    let keys = plan.to_run().map(|(case, _)| case.key());
    keys.zip(jobs.into_iter().map(|job| job.footprint))
        .collect()
});

/// The first instance of a case.
fn of(id: &str) -> &'static Footprint {
    let found = ALL
        .iter()
        .find(|(key, _)| key.split('[').next() == Some(id));
    &found.unwrap_or_else(|| panic!("{id} does not run")).1
}

#[test]
fn cases_conflict_by_what_they_touch() {
    let table = [
        ("brcb/integrity-period", "brcb/reservation-by-time", true),
        // One stimulates what the other reports or logs.
        (
            "brcb/integrity-period",
            "urcb/bundling-same-member-twice",
            true,
        ),
        ("log/changes", "urcb/bundling-same-member-twice", true),
        // One only waits for a reservation to run out.
        (
            "brcb/reservation-by-time",
            "urcb/bundling-same-member-twice",
            false,
        ),
        ("brcb/reservation-by-time", "log/changes", false),
        ("brcb/integrity-period", "settings/reservation-ends", false),
        ("brcb/integrity-period", "sbo/selection-times-out", false),
        ("sbo/selection-times-out", "sbo/selection-lasts", true),
        (
            "sbo/selection-times-out",
            "settings/reservation-ends",
            false,
        ),
        ("association/lost-link", "files/set-small", true),
        ("datasets/persistent-and-power", "files/set-small", true),
    ];
    for (a, b, conflict) in table {
        let found = of(a).conflict(of(b));
        assert_eq!(found.is_some(), conflict, "{a}, {b}: {found:?}");
    }
}

#[test]
fn what_a_case_holds_and_waits_for_is_told_beforehand() {
    assert_eq!(of("brcb/reservation-by-time").associations, 2);
    assert_eq!(of("log/ring").associations, 1);
    let waits = of("sbo-enhanced/process-stays").waits;
    assert!(waits <= Duration::from_secs(60), "{waits:?}");
}

#[test]
fn what_cuts_stops_or_exhausts_is_alone() {
    for id in [
        "association/lost-link",
        "interop/events-and-power",
        "server/settings-survive-power",
    ] {
        assert!(of(id).alone.is_some(), "{id}");
    }
    let alone = ALL.iter().filter(|(_, f)| f.alone.is_some()).count();
    assert!(alone * 3 < ALL.len(), "{alone} of {} are alone", ALL.len());
}
