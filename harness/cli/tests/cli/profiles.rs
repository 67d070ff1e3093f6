//! The profiles that are built in: on the reference IED every requirement is met, and a fault is told at the right one.

use std::collections::BTreeMap;
use std::time::Duration;

use iedassay_reports::{Met, RunRecord, requirement_matrix};

use crate::harness::{Bench, golden};

/// State and grounds of each requirement by its id.
fn held(profile: &str, more: &[&str], code: i32) -> BTreeMap<String, (Met, Vec<String>)> {
    let bench = Bench::new();
    let mut args = vec!["run", "--virtual-time", "--profile", profile];
    args.extend(more);
    bench
        .command(&args)
        .timeout(Duration::from_secs(300))
        .assert()
        .code(code);
    let record = RunRecord::from_json(&bench.read("iedassay-out/record.json")).unwrap();
    let rows = requirement_matrix(&record).into_iter();
    rows.map(|row| (row.requirement.id, (row.met, row.because)))
        .collect()
}

/// All are met on the reference IED; with a fault that a case notices, those that the case speaks for are not.
fn assert_told(profile: &str, fault: &str, case: &str, not_met: &[&str]) {
    let all = held(profile, &["--only-required"], 0);
    let bad: Vec<_> = all
        .iter()
        .filter(|(_, (met, _))| *met != Met::Yes)
        .collect();
    assert!(bad.is_empty(), "{profile}: {bad:#?}");
    let with_fault = held(profile, &["--fault", fault, "--filter", case], 1);
    let found: Vec<&str> = with_fault
        .iter()
        .filter(|(_, (met, _))| *met == Met::No)
        .map(|(id, _)| id.as_str())
        .collect();
    assert_eq!(found, not_met, "{profile} with {fault}: {with_fault:#?}");
}

#[test]
fn commissioning() {
    assert_told(
        "commissioning",
        "data-set-hidden",
        "interop/names",
        &["STEP-3"],
    );
}

#[test]
fn protection_reporting() {
    assert_told(
        "protection-reporting",
        "qchg-unreported",
        "interop/template-reports",
        &["PROT-3"],
    );
}

#[test]
fn metering_reporting() {
    assert_told(
        "metering-reporting",
        "intg-pd-clamped",
        "interop/template-configuration",
        &["MET-2"],
    );
}

#[test]
fn sample_procurement() {
    assert_told(
        "sample-procurement",
        "long-delivery-skips",
        "interop/events-and-load",
        &["REP-4"],
    );
}

#[test]
fn the_table_of_requirements() {
    let args = [
        "run",
        "--virtual-time",
        "--profile",
        "metering-reporting",
        "--filter",
        "interop/template-*",
        "--fault",
        "intg-pd-clamped",
    ];
    golden!("run_profile", Bench::new().transcript(&args));
}

#[test]
fn what_is_wrong_with_limits_and_demands() {
    let profile = "\
profile: tender 8
demands:
  reports:
    - {name: a, trg-ops: [integrity]}
    - {name: a, trg-ops: [dchg, dchgs]}
  names: {data-sets: 'ds['}
requirements:
  - id: R1
    limits:
      - {measurement: association setup, case: interop/set-up-times, at-most: 5}
      - {measurement: release, case: interop/set-up-time, at-most: 5}
      - {measurement: release, case: interop/set-up-times}
";
    golden!(
        "check_bad_limits",
        Bench::new()
            .file("profile.yaml", profile)
            .transcript(&["check", "profile.yaml"])
    );
}

#[test]
fn a_profile_that_is_not_there() {
    let bench = Bench::new();
    golden!(
        "run_unknown_profile",
        bench.transcript(&["run", "--virtual-time", "--profile", "tender"])
    );
    golden!(
        "run_only_required_without_profile",
        bench.transcript(&["run", "--virtual-time", "--only-required"])
    );
}

#[test]
fn a_profile_that_asks_for_nothing_is_told() {
    let bench = Bench::new().file("empty.yaml", "profile: tender\nrequirements: []\n");
    let args = [
        "run",
        "--dry-run",
        "--filter",
        "association/associate-release",
        "--profile",
        "empty.yaml",
    ];
    let output = bench.command(&args).output().unwrap();
    let why = String::from_utf8(output.stderr).unwrap();
    assert!(
        why.contains("the profile empty.yaml asks for nothing"),
        "{why}"
    );
}
