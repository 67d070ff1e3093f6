//! Replays every committed corpus and every crash that fuzzing ever found, on stable Rust.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

use std::fs;
use std::path::{Path, PathBuf};

use iedassay_wire::fuzzing::TARGETS;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// Every file below `folder/<target>`; a folder that is not there has none.
fn files(folder: &str, target: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(fuzz().join(folder).join(target)) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn replay(folder: &str) -> usize {
    let mut replayed = 0;
    for (target, body) in TARGETS {
        for path in files(folder, target) {
            let input = fs::read(&path).unwrap();
            let result = std::panic::catch_unwind(|| body(&input));
            assert!(result.is_ok(), "{}", path.display());
            replayed += 1;
        }
    }
    replayed
}

#[test]
fn replays_the_corpora() {
    for (target, _) in TARGETS {
        assert!(!files("corpus", target).is_empty(), "{target} has no seeds");
    }
    assert!(replay("corpus") > 0);
}

#[test]
fn replays_past_crashes() {
    replay("regressions");
}

#[test]
fn every_target_has_a_binary_and_every_folder_a_target() {
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    for (target, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{target}\"\n")));
        let body = fuzz().join(format!("fuzz_targets/{target}.rs"));
        assert!(
            fs::read_to_string(body)
                .unwrap()
                .contains(&format!("::{target}("))
        );
    }
    for folder in ["corpus", "regressions"] {
        for entry in fs::read_dir(fuzz().join(folder)).into_iter().flatten() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                TARGETS.iter().any(|(target, _)| *target == name),
                "{folder}/{name} belongs to no target"
            );
        }
    }
}
