//! Every public SCL file that is at hand loads, each of its IEDs that has a server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests may panic and say that they skip"
)]

use std::path::{Path, PathBuf};

use iedassay_model::scl;

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
fn every_ied_with_a_server_loads() {
    let Some(root) = collection() else { return };
    for path in files(&root) {
        let text = std::fs::read_to_string(&path).unwrap();
        let ieds = scl::ieds(&text).unwrap_or_else(|errors| panic!("{}: {errors}", path.display()));
        for ied in ieds.iter().filter(|ied| !ied.servers.is_empty()) {
            let description = match scl::parse(&text, Some(&ied.name)) {
                Ok(description) => description,
                // One of the files refers to a type that it does not have, and must be told so.
                Err(errors) if path.ends_with("valid2007B4.scd") && ied.name == "IED2" => {
                    let text = errors.to_string();
                    assert!(
                        text.starts_with("255:6: there is no LNodeType `Dummy.THARDE`"),
                        "{text}"
                    );
                    continue;
                }
                Err(errors) => panic!("{} {}: {errors}", path.display(), ied.name),
            };
            let model = &description.model;
            eprintln!(
                "{} {}: Ed {} {} LDs, {} names, {} data sets, {} RCBs, {} warnings",
                path.file_name().unwrap().display(),
                ied.name,
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
            assert!(model.node_count() > 0, "{}", path.display());
        }
    }
}
