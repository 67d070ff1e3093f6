//! Bad suites, targets and SCL files: every error at once, each with its place and its remedy, exit code 2.

use crate::harness::{Bench, golden};

const BAD_SUITE: &str = r#"suite: reporting/sample
title: A sample with mistakes
block: ["5"]
cases:
  - id: rcb/first
    title: An unknown key, a CEL error and an undefined variable
    neds: {stimulus: dchg}
    for-each: {rcb: "model.rcbs.filter(r, r.members.exists(m, m.fc == 'ST' &&))"}
    steps:
      - set-rcb: {rcb: $rcb, trg-ops: [dchgg], enable: true}
      - expect-report: {from: $rbc, within: 3 apples}
  - id: rcb/first
    title: The same id again, and nothing checked
    steps:
      - wait: 1s
  - id: rcb/third
    title: A step that does not exist
    steps:
      - raed: {ref: "x"}
"#;

const GOOD_TARGET: &str = "target: bay 12\naddress: 192.0.2.17\n";

#[test]
fn every_mistake_of_a_suite_at_once() {
    let bench = Bench::new().file("bad.yaml", BAD_SUITE);
    golden!("check_bad_suite", bench.transcript(&["check", "bad.yaml"]));
}

#[test]
fn a_suite_that_is_not_yaml() {
    let bench = Bench::new().file("bad.yaml", "suite: [a\ntitle: b\n");
    golden!("check_not_yaml", bench.transcript(&["check", "bad.yaml"]));
}

#[test]
fn the_same_id_in_two_files() {
    let suite = |name: &str| {
        format!(
            "suite: {name}\ntitle: t\ncases:\n  - id: a/b\n    title: t\n    steps:\n      - read: {{ref: 'X/Y.Z[ST]'}}\n"
        )
    };
    let bench = Bench::new()
        .file("one.yaml", suite("a/one"))
        .file("two.yaml", suite("a/two"));
    golden!(
        "check_duplicate_id",
        bench.transcript(&["check", "one.yaml", "two.yaml"])
    );
}

#[test]
fn every_mistake_of_a_target_at_once() {
    let target =
        "target: bay 12\naddress: 192.0.2.17:99999\nallow: {operat: [x]}\npixit: {As99: 5}\n";
    let bench = Bench::new().file("bad.yaml", target);
    golden!("check_bad_target", bench.transcript(&["check", "bad.yaml"]));
}

#[test]
fn a_target_is_checked_with_its_scl_file() {
    let bench = Bench::new().file("t.yaml", format!("{GOOD_TARGET}scl: {{file: none.cid}}\n"));
    golden!(
        "check_target_without_scl_file",
        bench.transcript(&["check", "t.yaml"])
    );
    let bench = Bench::new()
        .file(
            "t.yaml",
            format!("{GOOD_TARGET}scl: {{file: assay.cid, ied: ASAY}}\n"),
        )
        .file("assay.cid", iedassay_model::scl::BUILTIN);
    golden!(
        "check_target_with_wrong_ied",
        bench.transcript(&["check", "t.yaml"])
    );
}

#[test]
fn scl_files_that_are_none() {
    let bench = Bench::new()
        .file(
            "unclosed.cid",
            "<SCL xmlns=\"http://www.iec.ch/61850/2003/SCL\"><IED name=\"A\">\n",
        )
        .file("other.cid", "<html><body/></html>")
        .file("empty.cid", "")
        .file("binary.cid", [0xff, 0xfe, 0x00]);
    for name in ["unclosed", "other", "empty", "binary"] {
        golden!(
            format!("check_scl_{name}"),
            bench.transcript(&["check", &format!("{name}.cid")])
        );
    }
}

#[test]
fn scl_with_missing_types() {
    let text = iedassay_model::scl::MINIMAL.replacen("<DOType id=\"", "<DOType id=\"renamed_", 1);
    let bench = Bench::new().file("m.cid", text);
    golden!(
        "check_scl_missing_type",
        bench.transcript(&["check", "m.cid"])
    );
}

#[test]
fn good_files_are_named() {
    let bench = Bench::new()
        .file("t.yaml", GOOD_TARGET)
        .file("m.cid", iedassay_model::scl::MINIMAL);
    golden!("check_good", bench.transcript(&["check", "."]));
}

#[test]
fn nothing_to_check() {
    let bench = Bench::new().file("empty/readme.txt", "x");
    golden!("check_nothing", bench.transcript(&["check", "empty"]));
    golden!(
        "check_no_such_file",
        bench.transcript(&["check", "nowhere.yaml"])
    );
}

#[test]
fn every_mistake_of_a_profile_at_once() {
    let profile = "profile: tender 7\nrequires: {M77: true, association/max: many}\nrequirements:\n  - {id: R1, cases: [urcb/general-interogation]}\n  - {id: R2}\n";
    let bench = Bench::new().file("profile.yaml", profile);
    golden!(
        "check_bad_profile",
        bench.transcript(&["check", "profile.yaml"])
    );
}

#[test]
fn a_target_whose_profile_is_missing() {
    let bench = Bench::new().file("bay.yaml", format!("{GOOD_TARGET}profile: tender.yaml\n"));
    golden!(
        "check_missing_profile",
        bench.transcript(&["check", "bay.yaml"])
    );
    golden!(
        "run_missing_profile",
        bench.transcript(&["run", "--target", "bay.yaml"])
    );
}

#[test]
fn the_sample_profile_is_good() {
    let sample = include_str!("../../../../suites/profiles/sample-procurement.yaml");
    let bench = Bench::new().file("profile.yaml", sample);
    bench.command(&["check", "profile.yaml"]).assert().success();
}

const LAX_SUITE: &str = r#"suite: a/lax
title: A name that nobody reads
cases:
  - id: a/lax
    title: Reads something
    clause: none
    rationale: It matters.
    steps:
      - read: {ref: "X/Y.Z[ST]", as: r}
"#;

#[test]
fn a_strict_check_takes_warnings_for_errors() {
    let bench = Bench::new().file("lax.yaml", LAX_SUITE);
    bench.command(&["check", "lax.yaml"]).assert().success();
    golden!(
        "check_strict",
        bench.transcript(&["check", "--strict", "lax.yaml"])
    );
}

#[test]
fn diagnostics_as_a_document() {
    let bench = Bench::new()
        .file("lax.yaml", LAX_SUITE)
        .file("t.yaml", "target: bay 12\naddress: 192.0.2.17:99999\n")
        .file("m.cid", "<html><body/></html>");
    golden!(
        "check_json",
        bench.transcript(&[
            "check", "--strict", "--format", "json", "lax.yaml", "t.yaml", "m.cid"
        ])
    );
}

#[test]
fn answers_are_checked_with_the_questions_of_the_suites() {
    let good = include_str!("../../../../suites/selftest/answers.json");
    let bad = "answers:\n  - {case: documentation/versions, question: nobody, answer: yes, by: me, on: 2027-02-30}\n  - {case: doc/none, question: q, answer: 'no', by: me, on: 2027-02-03}\n";
    let bench = Bench::new().file("good.json", good).file("bad.yaml", bad);
    bench
        .command(&["check", "--answers", "good.json"])
        .assert()
        .success();
    golden!(
        "check_bad_answers",
        bench.transcript(&["check", "bad.yaml"])
    );
}
