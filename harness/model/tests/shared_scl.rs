//! Every public SCL file that is at hand loads, each of its IEDs that has a server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests may panic and say that they skip"
)]

use std::path::{Path, PathBuf};

use iedassay_model::scl::{self, MissingTypes, Options};

/// The collection beside the repository, when it is there.
fn collection() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/scl");
    if root.is_dir() {
        return Some(root);
    }
    eprintln!("SKIPPED: no shared SCL files beside the repository");
    None
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension != "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_server_loads() {
    let Some(root) = collection() else { return };
    for path in files(&root) {
        let text = std::fs::read_to_string(&path).unwrap();
        let ieds = scl::ieds(&text).unwrap_or_else(|errors| panic!("{}: {errors}", path.display()));
        for (ied, point) in ieds
            .iter()
            .flat_map(|ied| ied.servers.iter().map(move |point| (ied, point)))
        {
            let options = Options {
                ied: Some(&ied.name),
                access_point: Some(point),
                missing_types: MissingTypes::LeaveOut,
            };
            let place = format!("{} {} {point}", path.display(), ied.name);
            let description =
                scl::read(&text, &options).unwrap_or_else(|errors| panic!("{place}: {errors}"));
            let model = &description.model;
            eprintln!(
                "{place}: Ed {} {} LDs, {} names, {} data sets, {} RCBs, {} warnings",
                model.edition.as_str(),
                model.logical_devices().len(),
                model.node_count(),
                model.data_sets().count(),
                model.report_controls().count(),
                description.warnings.len()
            );
            for warning in &description.warnings {
                eprintln!("    {warning}");
            }
            assert!(model.node_count() > 0, "{place}");
            assert!(
                description
                    .warnings
                    .iter()
                    .all(|warning| warning.position.line > 0 && !warning.remedy.is_empty()),
                "{place}"
            );
            // Only one of them refers to a type that it does not have, and who judges a device by it must be told so.
            let strict = scl::parse(&text, Some(&ied.name));
            let incomplete = path.ends_with("valid2007B4.scd") && ied.name == "IED2";
            match strict {
                Ok(_) => assert!(!incomplete, "{place}"),
                Err(errors) => {
                    let shown = errors.to_string();
                    assert!(incomplete, "{place}: {shown}");
                    assert!(
                        shown.starts_with("255:6: there is no LNodeType `Dummy.THARDE`"),
                        "{shown}"
                    );
                }
            }
        }
    }
}
