//! Foreign readers see the built-in descriptions as we do.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use std::collections::BTreeSet;

use iec61850_rs::server::Ied;
use iedassay_model::scl;

/// Two attributes of control blocks have two spellings in the field; theirs to ours.
fn spelling(name: String) -> String {
    for (theirs, ours) in [
        ("$TimeOfEntry", "$TimeofEntry"),
        ("$OldEnt", "$OldEntr"),
        ("$NewEnt", "$NewEntr"),
    ] {
        if let Some(block) = name.strip_suffix(theirs) {
            return format!("{block}{ours}");
        }
    }
    name
}

/// Sorted names of every domain, ours and theirs.
fn names(text: &str, ied: &str) -> Vec<(String, BTreeSet<String>, BTreeSet<String>)> {
    let ours = scl::parse(text, Some(ied)).unwrap().model;
    let theirs = Ied::from_scl(text, Some(ied)).unwrap();
    assert_eq!(theirs.model.diagnostics, [], "{ied}");
    let domains: Vec<_> = ours
        .logical_devices()
        .iter()
        .map(|device| device.name.clone())
        .collect();
    assert_eq!(theirs.domain_names(), domains);
    domains
        .into_iter()
        .map(|domain| {
            let our_names = ours.names(&domain).map(str::to_owned).collect();
            let their_names = theirs
                .domain(&domain)
                .unwrap()
                .variable_names()
                .into_iter()
                .map(spelling)
                .collect();
            (domain, our_names, their_names)
        })
        .collect()
}

#[test]
fn the_names_of_every_domain_are_the_same() {
    for (text, ied) in [(scl::BUILTIN, "ASSAY"), (scl::MINIMAL, "MINIMAL")] {
        for (domain, ours, theirs) in names(text, ied) {
            // Their unicast sampled value blocks have neither a reservation nor a number of ASDUs.
            let only_ours: Vec<_> = ours
                .difference(&theirs)
                .filter(|name| !name.contains("$US$"))
                .collect();
            // `Owner` is there by `ReportSettings`; they have it always.
            let only_theirs: Vec<_> = theirs
                .difference(&ours)
                .filter(|name| !name.ends_with("$Owner"))
                .collect();
            assert!(
                only_ours.is_empty() && only_theirs.is_empty(),
                "{domain}: only ours {only_ours:?}, only theirs {only_theirs:?}"
            );
        }
    }
}
