//! `iedassay fuzz`: a device that falls is found, the way to it made short and written down; one that stands is left alone.

use serde_json::Value;

use crate::harness::Bench;

const FAULT: &str = "malformed-input-restarts";

fn fuzz(bench: &Bench, args: &[&str]) -> (Option<i32>, Value) {
    let mut all = vec!["fuzz", "--virtual-time", "--format", "json"];
    all.extend_from_slice(args);
    let output = bench.command(&all).output().unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), report)
}

#[test]
fn a_device_that_starts_again_is_found_and_the_sequence_made_short() {
    let bench = Bench::new();
    let (code, report) = fuzz(&bench, &["--seed", "1", "--fault", FAULT]);
    assert_eq!(code, Some(1));
    assert_eq!(report["ended"], "finding");
    let finding = &report["finding"];
    assert_eq!(finding["reproduced"], "yes");
    assert!(finding["recovered-after"].is_u64(), "{finding}");
    let steps: Vec<&str> = finding["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step.as_str().unwrap())
        .collect();
    assert!(steps.len() <= 4, "{steps:?}");
    let [opening, .., last] = &steps[..] else {
        panic!("{steps:?}");
    };
    assert!(opening.ends_with("open the connection"), "{steps:?}");
    // One change of one message is enough.
    assert!(last.matches(',').count() <= 1, "{steps:?}");
    let file = bench.read("iedassay-fuzz/fuzz.json");
    assert_eq!(serde_json::from_str::<Value>(&file).unwrap(), report);

    // The case that it leaves is a right one, fails on this device and passes on a sound one.
    let check = ["check", "--strict", "iedassay-fuzz/finding.yaml"];
    bench.command(&check).assert().code(0);
    let play = [
        "run",
        "--virtual-time",
        "--suites",
        "iedassay-fuzz/finding.yaml",
    ];
    bench.command(&play).assert().code(0);
    bench
        .command(&play)
        .args(["--fault", FAULT])
        .assert()
        .code(1);
    let decoded = bench
        .command(&["decode", "iedassay-fuzz/finding.pcapng"])
        .output()
        .unwrap();
    let decoded = String::from_utf8_lossy(&decoded.stdout).into_owned();
    assert!(
        decoded.contains("ConnectRequest") || decoded.contains("CR"),
        "{decoded}"
    );
}

#[test]
fn a_sequence_is_the_same_every_time() {
    let bench = Bench::new();
    let args = ["--seed", "4", "--sequences", "40"];
    let (code, first) = fuzz(&bench, &args);
    assert_eq!(code, Some(0), "{first}");
    assert_eq!(first["sequences"], 40);
    assert_eq!(first["ended"], "sequences");
    assert!(first["latency"]["answers"].as_u64().unwrap() > 40);
    assert!(first["reactions"].as_object().unwrap().len() > 5);
    assert_eq!(fuzz(&bench, &args).1, first);
}

#[test]
fn a_device_that_never_comes_back_is_told_with_all_that_was_sent() {
    let bench = Bench::new();
    let (code, report) = fuzz(
        &bench,
        &[
            "--seed",
            "1",
            "--fault",
            "malformed-mms-stops-others",
            "--recovery",
            "20s",
        ],
    );
    assert_eq!(code, Some(1));
    let finding = &report["finding"];
    assert_eq!(finding["reproduced"], "not-tried");
    assert!(finding.get("recovered-after").is_none(), "{finding}");
    assert!(!finding["steps"].as_array().unwrap().is_empty());
}

#[test]
fn a_device_that_does_not_permit_it_is_left_alone() {
    let bench = Bench::new().file(
        "bay.yaml",
        "target: bay\naddress: 127.0.0.1:1\nscl: {file: builtin, ied: ASSAY}\n",
    );
    let output = bench
        .command(&["fuzz", "--target", "bay.yaml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("robustness: true"), "{said}");
}
