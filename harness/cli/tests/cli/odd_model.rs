//! A device whose model has an odd shape and that does nothing wrong: a logical device with nothing but LLN0, names of logical devices
//! that do not begin with that of the IED, logical nodes with nothing but their behaviour, arrays of data.

use iedassay_reports::{RunRecord, Verdict};

use crate::harness::Bench;
use crate::run::Simulated;

const ODD: &str = include_str!("models/odd.cid");

fn bench() -> (Bench, Simulated) {
    let bench = Bench::new().file("odd.cid", ODD);
    let file = bench.path("odd.cid");
    let simulated = Simulated::start(&["--scl", file.to_str().unwrap()]);
    let target = format!(
        "target: odd\naddress: {}\nscl: {{file: odd.cid}}\nallow: {{robustness: true}}\n",
        simulated.address
    );
    (bench.file("t.yaml", target), simulated)
}

#[test]
fn nothing_is_held_against_it() {
    let (bench, _simulated) = bench();
    let mut args = vec!["run", "--target", "t.yaml"];
    for group in ["server/*", "configuration/*", "model/*", "datasets/*"] {
        args.extend(["--filter", group]);
    }
    let output = bench.command(&args).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let record = RunRecord::from_json(&bench.read("iedassay-out/record.json")).unwrap();
    let wrong = |verdict: &Verdict| matches!(verdict, Verdict::Fail | Verdict::Error);
    assert!(
        !record.cases.iter().any(|case| wrong(&case.verdict)),
        "{text}"
    );
    let passed = record
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::Pass);
    assert!(passed.count() >= 30, "{text}");
}

#[test]
fn it_is_browsed_as_it_is_described() {
    let (bench, _simulated) = bench();
    let args = ["browse", "--target", "t.yaml", "--scl", "odd.cid"];
    let output = bench.command(&args).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let output = bench.command(&args[..3]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    for name in ["Field_North_Bay07_Spare", "OnlyGAPC12", "MHAI1"] {
        assert!(text.contains(name), "{text}");
    }
}

#[test]
fn its_gap_is_shown() {
    let (bench, _simulated) = bench();
    let args = ["pics", "gap", "--target", "t.yaml"];
    let output = bench.command(&args).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code().is_some_and(|code| code <= 1), "{text}");
    assert!(text.contains("ACSI models"), "{text}");
}
