//! An old record, rendered again.

use crate::harness::{Bench, golden};

const RECORD: &str = include_str!("../../../../reports/tests/golden/record.json");

#[test]
fn renders_again_beside_the_record() {
    let bench = Bench::new().file("old/record.json", RECORD);
    let text = bench.transcript(&["report", "old"]);
    assert!(text.contains("exit 1\n"), "{text}");
    assert!(text.ends_with("reports are in old\n"), "{text}");
    for name in [
        "junit.xml",
        "report.html",
        "report.md",
        "pics-gap.json",
        "pics-gap.csv",
    ] {
        assert!(!bench.read(&format!("old/{name}")).is_empty(), "{name}");
    }
}

#[test]
fn json_on_standard_output_is_one_document() {
    let bench = Bench::new().file("record.json", RECORD);
    let output = bench
        .command(&["report", "record.json", "--format", "json", "--out", "new"])
        .output()
        .unwrap();
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["summary"]["conclusion"], "nonconforming");
    assert!(bench.path("new/report.html").is_file());
}

#[test]
fn a_comparison_says_what_became_of_each_case_and_ends_with_1_when_it_is_worse() {
    let worse = RECORD.replacen("\"verdict\": \"pass\"", "\"verdict\": \"fail\"", 1);
    assert_ne!(worse, RECORD);
    let bench = Bench::new()
        .file("old/record.json", RECORD)
        .file("new.json", &worse);
    golden!("diff_worse", bench.transcript(&["diff", "old", "new.json"]));
    golden!(
        "diff_same",
        bench.transcript(&["diff", "old", "old/record.json"])
    );
    let json = bench
        .command(&["diff", "new.json", "old", "--format", "json"])
        .output()
        .unwrap();
    assert_eq!(json.status.code(), Some(0));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["cases"][0]["kind"], "fixed");
    golden!(
        "diff_no_record",
        bench.transcript(&["diff", "old", "nowhere"])
    );
}

#[test]
fn refuses_what_is_no_record() {
    let bench = Bench::new()
        .file("broken.json", "{\"schema_version\": 1,\n  \"tool\": 5}")
        .file("other.json", "{\"a\": 1}")
        .file("newer.json", "{\"schema_version\": 99}");
    golden!(
        "report_broken",
        bench.transcript(&["report", "broken.json"])
    );
    golden!("report_other", bench.transcript(&["report", "other.json"]));
    golden!("report_newer", bench.transcript(&["report", "newer.json"]));
    golden!("report_missing", bench.transcript(&["report", "nowhere"]));
}
