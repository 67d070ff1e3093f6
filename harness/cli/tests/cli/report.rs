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
fn evidence_that_was_touched_is_told() {
    let bench = Bench::new();
    let args = [
        "run",
        "--virtual-time",
        "--filter",
        "association/associate-release",
    ];
    bench.command(&args).assert().success();
    let verify = || {
        let output = bench
            .command(&["report", "iedassay-out", "--verify"])
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    assert_eq!(verify(), (Some(0), String::new()));
    let capture = "captures/association-associate-release.pcapng";
    let record: serde_json::Value =
        serde_json::from_str(&bench.read("iedassay-out/record.json")).unwrap();
    let digest = record["cases"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|case| case["digests"][capture].as_str())
        .unwrap();
    for report in ["report.html", "report.md"] {
        let text = bench.read(&format!("iedassay-out/{report}"));
        assert!(text.contains(digest), "{report}");
    }
    std::fs::write(bench.path("iedassay-out").join(capture), "other").unwrap();
    assert_eq!(verify(), (Some(1), format!("{capture} differs\n")));
    std::fs::remove_file(bench.path("iedassay-out").join(capture)).unwrap();
    let (code, told) = verify();
    assert_eq!(code, Some(1));
    assert!(told.starts_with(&format!("{capture}: ")), "{told}");
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

#[test]
fn a_draft_of_waivers_is_refused_until_a_person_has_signed_it() {
    let bench = Bench::new().file("old/record.json", RECORD);
    let draft = |args: &[&str]| {
        let all: Vec<&str> = ["waive", "--from", "old"]
            .iter()
            .chain(args)
            .copied()
            .collect();
        let output = bench.command(&all).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    let target = "target: bay 12\naddress: 192.0.2.17\n";
    std::fs::write(
        bench.path("unsigned.yaml"),
        format!("{target}{}", draft(&[])),
    )
    .unwrap();
    let signed = draft(&[
        "--owner",
        "j.doe",
        "--reason",
        "ticket 4711",
        "--expires",
        "2090-12-31",
    ]);
    std::fs::write(bench.path("signed.yaml"), format!("{target}{signed}")).unwrap();
    let unsigned = bench.transcript(&["check", "unsigned.yaml"]);
    assert!(
        unsigned.contains("a known deviation needs a `reason`"),
        "{unsigned}"
    );
    assert!(
        unsigned.contains("a known deviation needs a `owner`"),
        "{unsigned}"
    );
    // The cases of this old record are not those of the suites, and it says so; the signature is not what is wrong.
    let signed = bench.transcript(&["check", "signed.yaml"]);
    assert!(!signed.contains("needs a"), "{signed}");
    golden!(
        "waive_bad_day",
        bench.transcript(&["waive", "--from", "old", "--expires", "soon"])
    );
}
