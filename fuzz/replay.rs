//! Replays on stable Rust what fuzzing left: every file of a corpus, and every crash ever found. The tests of the crates
//! whose bodies are fuzzed include this file.

use std::fs;
use std::path::{Path, PathBuf};

/// The name of a target and its body.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// The folder of the fuzz targets.
pub(crate) fn fuzz() -> PathBuf {
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

/// The tests that every crate has of its targets.
macro_rules! replays {
    ($targets:expr) => {
        #[test]
        fn replays_the_corpora() {
            replay::corpora($targets);
        }

        #[test]
        fn replays_past_crashes() {
            replay::crashes($targets);
        }
    };
}
pub(crate) use replays;

fn replay(folder: &str, targets: &[Target]) -> usize {
    let mut replayed = 0;
    for (target, body) in targets {
        for path in files(folder, target) {
            let input = fs::read(&path).unwrap();
            let result = std::panic::catch_unwind(|| body(&input));
            assert!(result.is_ok(), "{}", path.display());
            replayed += 1;
        }
    }
    replayed
}

/// Replays the corpora, of which none may be empty.
pub(crate) fn corpora(targets: &[Target]) {
    for (target, _) in targets {
        assert!(!files("corpus", target).is_empty(), "{target} has no seeds");
    }
    assert!(replay("corpus", targets) > 0);
}

/// Replays past crashes, if there are any.
pub(crate) fn crashes(targets: &[Target]) {
    replay("regressions", targets);
}
