//! Replays every committed corpus and every crash that fuzzing ever found, on stable Rust.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

#[path = "../../../fuzz/replay.rs"]
mod replay;

use std::collections::BTreeSet;
use std::fs;

use iedassay_wire::fuzzing::TARGETS;
use replay::fuzz;

replay::replays!(TARGETS);

/// The names of the binaries that the manifest of the fuzz targets lists.
fn binaries() -> BTreeSet<String> {
    fs::read_to_string(fuzz().join("Cargo.toml"))
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .filter(|name| *name != "iedassay-fuzz")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_target_has_a_binary_and_every_folder_a_target() {
    let binaries = binaries();
    for (target, _) in TARGETS {
        assert!(binaries.contains(*target), "{target} has no binary");
    }
    for target in &binaries {
        let body = fs::read_to_string(fuzz().join(format!("fuzz_targets/{target}.rs"))).unwrap();
        assert!(body.contains(&format!("::fuzzing::{target}(")), "{target}");
        assert_eq!(
            body.lines().count(),
            3,
            "{target} has more than its three lines"
        );
    }
    for folder in ["corpus", "regressions"] {
        for entry in fs::read_dir(fuzz().join(folder)).into_iter().flatten() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(
                binaries.contains(&name),
                "{folder}/{name} belongs to no target"
            );
        }
    }
}
