//! Browsing SCL files, listing faults, listing and explaining cases.

use crate::harness::{Bench, golden};

fn bench() -> Bench {
    Bench::new().file("minimal.cid", iedassay_model::scl::MINIMAL)
}

#[test]
fn browse_shows_the_model_of_a_file() {
    golden!(
        "browse_minimal",
        bench().transcript(&["browse", "--scl", "minimal.cid"])
    );
    golden!(
        "browse_minimal_all",
        bench().transcript(&["browse", "--scl", "minimal.cid", "--all"])
    );
    golden!(
        "browse_minimal_json",
        bench().transcript(&["browse", "--scl", "minimal.cid", "--format", "json"])
    );
}

#[test]
fn browse_names_the_ieds_of_a_file() {
    golden!(
        "browse_wrong_ied",
        bench().transcript(&["browse", "--scl", "minimal.cid", "--ied", "MINIMA"])
    );
    golden!(
        "browse_no_file",
        bench().transcript(&["browse", "--scl", "none.cid"])
    );
}

#[test]
fn sim_refuses_what_it_cannot_serve() {
    golden!(
        "sim_unknown_fault",
        bench().transcript(&["sim", "--fault", "gi-not-rest"])
    );
    golden!(
        "sim_no_such_ied",
        bench().transcript(&["sim", "--scl", "minimal.cid", "--ied", "OTHER"])
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    golden!(
        "sim_address_taken",
        bench().transcript(&["sim", "--listen", &address])
    );
}

const PROFILE: &str = "\
association:
  max: 0
  max-pdu: 8192
  lost-after: soon
report:
  resync: from-oldest
reports:
  resync: from-newest
  owner: perhaps
edition: 3
files: nowhere
";

#[test]
fn a_profile_tells_all_its_mistakes_at_once() {
    golden!(
        "sim_bad_profile",
        Bench::new().file("profile.yaml", PROFILE).transcript(&[
            "sim",
            "--profile",
            "profile.yaml",
            "--option",
            "control.sbo-timeot=3s",
            "--option",
            "control.switch-follows=2"
        ])
    );
    golden!(
        "sim_bad_option",
        bench().transcript(&["sim", "--option", "resync"])
    );
}

#[test]
fn faults_are_listed_one_a_line_name_first() {
    let output = bench().command(&["sim", "--list-faults"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().count() >= 10);
    for line in text.lines() {
        let (name, what) = line.split_once("  ").unwrap();
        assert!(
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{line}"
        );
        assert!(!what.trim().is_empty(), "{line}");
    }
}

const SUITE: &str = r#"suite: data/sample
title: Reading
block: ["1"]
cases:
  - id: data/read-one
    title: A value can be read
    uca: {sSrv5: high, sSrvN1: low}
    clause: IEC 61850-7-2, GetDataValues
    rationale: >
      Without reading there is
      nothing to see.
    tags: [smoke]
    edition: ["2"]
    needs: {capability: [S5], allow: operate}
    for-each: {ln: "model.lns"}
    steps:
      # The reference is that of the built-in model.
      - read: {ref: "ASSAYLD0/LLN0.Mod.stVal[ST]"}
"#;

#[test]
fn cases_are_listed_and_explained() {
    let bench = Bench::new().file("sample.yaml", SUITE);
    golden!(
        "list_human",
        bench.transcript(&["list", "--suites", "sample.yaml"])
    );
    golden!(
        "list_json",
        bench.transcript(&["list", "--suites", "sample.yaml", "--format", "json"])
    );
    golden!(
        "explain",
        bench.transcript(&["explain", "data/read-one", "--suites", "sample.yaml"])
    );
    golden!(
        "explain_by_uca_id",
        bench.transcript(&["explain", "ssrv5", "--suites", "sample.yaml"])
    );
    golden!(
        "explain_unknown",
        bench.transcript(&["explain", "data/raed-one", "--suites", "sample.yaml"])
    );
}

/// Only what does not change with every new case or fault.
#[test]
fn explain_tells_what_a_failure_means() {
    let bench = Bench::new();
    let page = bench.transcript(&["explain", "association/lost-link"]);
    assert!(page.contains("[lost-link-undetected; "), "{page}");
    assert!(page.contains("association/associate-abort"), "{page}");
    let own = Bench::new().file("sample.yaml", SUITE);
    let page = own.transcript(&["explain", "data/read-one", "--suites", "sample.yaml"]);
    assert!(!page.contains("a failure usually means"), "{page}");
}
