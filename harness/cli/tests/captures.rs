//! The captures of every case on the simulated IED, read by a decoder nobody here wrote.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use support::peer::finish;
use support::tools;

const RUN: Duration = Duration::from_secs(300);
const DECODE: Duration = Duration::from_secs(60);

#[test]
fn tshark_decodes_the_capture_of_every_case() {
    let Some(tshark) = tools::tshark() else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    let output = finish(
        Command::new(env!("CARGO_BIN_EXE_iedassay"))
            .args(["run", "--virtual-time", "--out"])
            .arg(&out),
        RUN,
    );
    let record = std::fs::read(out.join("record.json"))
        .unwrap_or_else(|error| panic!("no record ({error}): {output:?}"));
    let captures = captures_of(&serde_json::from_slice(&record).unwrap());
    assert!(captures.len() > 90, "only {} captures", captures.len());

    let queue = Mutex::new(captures.into_iter());
    let complaints = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().next();
                    let Some((name, raw)) = next else { return };
                    let found = complaints_of(&tshark, &out.join(&name), raw);
                    complaints
                        .lock()
                        .unwrap()
                        .extend(found.into_iter().map(|text| format!("{name}: {text}")));
                }
            });
        }
    });
    let complaints = complaints.into_inner().unwrap();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The captures by name, each with whether its case sends octets that are meant to be wrong.
fn captures_of(record: &Value) -> BTreeSet<(String, bool)> {
    let cases = record["cases"].as_array().unwrap();
    cases
        .iter()
        .filter_map(|case| {
            // tshark takes the length of an item's name for one octet; the octets are right (X.690, 8.1.3.5).
            let misread = case["id"] == "server/coding-of-requests"
                && case["capture"].as_str()?.contains("long-lengths");
            let raw = misread
                || case["group"] == "robustness"
                || case["steps"]
                    .as_array()
                    .is_some_and(|steps| steps.iter().any(|step| step["verb"] == "send-raw"));
            Some((case["capture"].as_str()?.to_owned(), raw))
        })
        .collect()
}

/// What tshark finds wrong with a capture.
fn complaints_of(tshark: &PathBuf, capture: &Path, raw: bool) -> Vec<String> {
    let output = finish(
        Command::new(tshark)
            .arg("-r")
            .arg(capture)
            .args(["-d", "tcp.port==102,tpkt"])
            .args(["-Y", "mms || _ws.malformed", "-T", "fields"])
            .args(["-e", "frame.number", "-e", "_ws.malformed"])
            .args(["-e", "mms.initiate_RequestPDU_element"]),
        DECODE,
    );
    if !output.status.success() {
        return vec![String::from_utf8_lossy(&output.stderr).into_owned()];
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let frames: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let mut complaints = Vec::new();
    match frames.first() {
        None => complaints.push("no MMS in it".to_owned()),
        Some(first) if first.get(2).is_none_or(|initiate| initiate.is_empty()) => {
            complaints.push(format!("frame {} is no initiate-request", first[0]));
        }
        Some(_) => {}
    }
    if !raw {
        complaints.extend(
            frames
                .iter()
                .filter(|frame| frame.get(1).is_some_and(|malformed| !malformed.is_empty()))
                .map(|frame| format!("frame {} is malformed", frame[0])),
        );
    }
    complaints
}
