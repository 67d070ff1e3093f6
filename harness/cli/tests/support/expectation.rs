//! What the suites must find on an IED nobody here wrote: every verdict that is not `pass`, with its cause.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::peer::finish;
use super::tools;

/// One verdict that is not `pass`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The verdict, in the word of the record.
    verdict: String,
    /// Whose fault it is and why, in a sentence or two.
    cause: String,
    /// The clause and the octets that show it; needed where the peer deviates.
    #[serde(default)]
    evidence: String,
}

/// All suites on a target but those of robustness, which have a test of their own, to its record: a foreign stack that one of them takes down
/// would be judged no further.
pub(crate) fn judge(target: &Path, out: &Path, limit: Duration) -> Value {
    judge_only(&["--filter", "not robustness/*"], target, out, limit)
}

/// The cases that `run` selects with these arguments on a target, to the record.
pub(crate) fn judge_only(selection: &[&str], target: &Path, out: &Path, limit: Duration) -> Value {
    let output = finish(
        Command::new(env!("CARGO_BIN_EXE_iedassay"))
            .arg("run")
            .args(selection)
            .arg("--target")
            .arg(target)
            .arg("--out")
            .arg(out),
        limit,
    );
    let record = std::fs::read(out.join("record.json")).unwrap_or_else(|error| {
        panic!(
            "no record ({error}), {}:\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )
    });
    serde_json::from_slice(&record).unwrap()
}

/// Writes a target file of `ci/peers` with the addresses at which the peer serves this time.
pub(crate) fn target(peer: &str, mms: &str, process_side: &str, directory: &Path) -> PathBuf {
    let template = tools::repository()
        .join("ci/peers")
        .join(peer)
        .join("target.yaml");
    let text = std::fs::read_to_string(template)
        .unwrap()
        .replace("127.0.0.1:10102", mms)
        .replace("127.0.0.1:10103", process_side);
    let path = directory.join("target.yaml");
    std::fs::write(&path, text).unwrap();
    path
}

/// Compares the verdicts of a record with the expectation file of the peer, case by case.
pub(crate) fn compare(peer: &str, record: &Value) {
    compare_all(peer, std::slice::from_ref(record));
}

/// [`compare`] with the records that together hold all cases.
pub(crate) fn compare_all(peer: &str, records: &[Value]) {
    compare_with(peer, "expected.yaml", records);
}

/// [`compare_all`] with another file of the peer.
pub(crate) fn compare_with(peer: &str, file: &str, records: &[Value]) {
    let file = tools::repository().join("ci/peers").join(peer).join(file);
    let expected: BTreeMap<String, Expected> =
        serde_saphyr::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let mut complaints = String::new();
    let cases = records
        .iter()
        .flat_map(|record| record["cases"].as_array().unwrap());
    // With several elements of the model the worst verdict is the one of the case.
    let mut seen: BTreeMap<&str, (usize, &str, &str)> = BTreeMap::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let verdict = case["verdict"].as_str().unwrap();
        let reason = case["reason"].as_str().unwrap_or_default();
        let found = (rank(verdict), verdict, reason);
        let worst = seen.entry(id).or_insert(found);
        if found.0 > worst.0 {
            *worst = found;
        }
    }
    for (id, (_, verdict, reason)) in &seen {
        let wanted = expected.get(*id).map_or("pass", |e| e.verdict.as_str());
        if *verdict != wanted {
            writeln!(
                complaints,
                "{id}: expected {wanted}, got {verdict}: {reason}"
            )
            .unwrap();
        }
    }
    for (id, expectation) in &expected {
        if !seen.contains_key(id.as_str()) {
            writeln!(
                complaints,
                "{id}: expected {}, but there is no such case",
                expectation.verdict
            )
            .unwrap();
        }
        if expectation.cause.trim().is_empty()
            || (expectation.verdict == "fail" && expectation.evidence.trim().is_empty())
        {
            writeln!(
                complaints,
                "{id}: an expectation needs its cause, and a failure its evidence"
            )
            .unwrap();
        }
    }
    assert!(
        complaints.is_empty(),
        "verdicts that {} does not expect:\n{complaints}",
        file.display()
    );
}

fn rank(verdict: &str) -> usize {
    ["not-applicable", "pass", "inconclusive", "fail", "error"]
        .iter()
        .position(|known| *known == verdict)
        .unwrap()
}
