//! `selftest` tells who notices which fault, and ends with 1 when the suites are not proved.

use serde_json::Value;

use crate::harness::Bench;

/// Runs it; exit code and result.
fn selftest(bench: &Bench, args: &[&str]) -> (i32, Value) {
    let args: Vec<&str> = ["selftest", "--format", "json"]
        .iter()
        .chain(args)
        .copied()
        .collect();
    let output = bench.command(&args).output().unwrap();
    let code = output.status.code().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let told = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr))
    });
    (code, told)
}

fn suite(steps: &str) -> String {
    format!(
        "suite: own/suite\ntitle: Own\ncases:\n  - id: own/case\n    title: Own\n    clause: none\n    rationale: none\n    steps: {steps}\n"
    )
}

#[test]
fn names_the_cases_that_notice_a_fault() {
    let args = [
        "--fault",
        "cancel-without-effect",
        "--filter",
        "sbo/cancel",
        "--filter",
        "sbo/operate-many",
    ];
    let (code, told) = selftest(&Bench::new(), &args);
    assert_eq!(
        told["kills"]["cancel-without-effect"],
        serde_json::json!(["sbo/operate-many", "sbo/cancel"])
    );
    assert_eq!((code, &told["proved"]), (0, &Value::Bool(true)));
}

#[test]
fn a_named_fault_that_nobody_notices_is_no_proof() {
    let (code, told) = selftest(
        &Bench::new(),
        &["--fault", "gi-not-reset", "--filter", "sbo/cancel"],
    );
    assert_eq!(
        told["faults_without_killer"],
        serde_json::json!(["gi-not-reset"])
    );
    assert_eq!(code, 1);
}

#[test]
fn a_case_that_fails_without_a_fault_is_no_proof_and_kills_nothing() {
    let bench = Bench::new().file("own.yaml", suite("[{assert: '1 == 2'}]"));
    let (code, told) = selftest(&bench, &["--suites", "own.yaml", "--fault", "gi-not-reset"]);
    assert_eq!(told["reference"]["failed"][0]["case"], "own/case");
    assert_eq!(told["kills"]["gi-not-reset"], serde_json::json!([]));
    assert_eq!(code, 1);
}

#[test]
fn a_case_that_leaves_the_ied_otherwise_than_it_found_it_is_no_proof() {
    let steps = "[{write: {ref: 'ASSAYPROT/PTOC2.OpDlTmms.setVal[SP]', value: {generate: different}, restore: RESTORE}}]";
    for (restore, failed) in [("true", 0), ("false", 1)] {
        let bench = Bench::new().file("own.yaml", suite(&steps.replace("RESTORE", restore)));
        let args = ["--suites", "own.yaml", "--fault", "write-not-stored"];
        let (_, told) = selftest(&bench, &args);
        let cases = told["reference"]["failed"].as_array().unwrap();
        assert_eq!(cases.len(), failed, "{cases:?}");
        for case in cases {
            let reason = case["reason"].as_str().unwrap();
            assert!(
                reason.contains("ASSAYPROT/PTOC2.OpDlTmms.setVal[SP] was"),
                "{reason}"
            );
        }
    }
}

#[test]
fn a_case_that_notices_nothing_is_no_proof() {
    let bench = Bench::new().file("own.yaml", suite("[{assert: '1 == 1'}]"));
    let (code, told) = selftest(&bench, &["--suites", "own.yaml", "--filter", "own/case"]);
    assert_eq!(told["cases_without_kill"], serde_json::json!(["own/case"]));
    assert_eq!(
        told["faults_without_killer"],
        serde_json::json!([]),
        "other cases may notice them"
    );
    assert_eq!(code, 1);
}

#[test]
fn the_matrix_is_the_same_whatever_runs_beside_it() {
    let bench = Bench::new();
    let args = [
        "--filter",
        "association",
        "--fault",
        "abort-leaks-slot",
        "--fault",
        "conclude-refused",
        "--fault",
        "name-list-never-ends",
    ];
    let told = |jobs| selftest(&bench, &[&args[..], &["--jobs", jobs]].concat()).1;
    let alone = told("1");
    assert_eq!(alone, told("1"), "twice the same");
    assert_eq!(alone, told("7"));
}

#[test]
fn a_matrix_is_only_written_of_everything() {
    let bench = Bench::new();
    for part in [["--fault", "gi-not-reset"], ["--filter", "sbo"]] {
        let args = ["selftest", "--update", "matrix.json"]
            .iter()
            .chain(&part)
            .copied()
            .collect::<Vec<_>>();
        bench.command(&args).assert().code(2);
    }
    assert!(!bench.path("matrix.json").exists());
}

#[test]
fn nothing_selected_ends_with_4() {
    Bench::new()
        .command(&["selftest", "--filter", "no-such-case"])
        .assert()
        .code(4);
}

#[test]
fn what_a_case_does_not_come_by_it_does_not_notice() {
    let bench = Bench::new();
    let filter = ["--filter", "gi/* or sbo/cancel or files/*"];
    let faults = [
        "cancel-without-effect",
        "gi-not-reset",
        "release-leaks-slot",
        "optional-services-not-announced",
    ];
    let args: Vec<&str> = faults
        .iter()
        .flat_map(|fault| ["--fault", fault])
        .chain(filter)
        .collect();
    let everywhere: Vec<&str> = args.iter().copied().chain(["--exhaustive"]).collect();
    let (_, told) = selftest(&bench, &args);
    let (_, exhaustive) = selftest(&bench, &everywhere);
    assert_eq!(told["kills"], exhaustive["kills"]);
    assert_ne!(
        told["kills"]["cancel-without-effect"],
        serde_json::json!([])
    );
}
