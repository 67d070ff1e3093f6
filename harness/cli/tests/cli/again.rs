//! Runs that are killed and go on, that run again what did not pass, and waivers for a firmware: over TCP, to the exit code.

use std::collections::BTreeSet;

use iedassay_reports::{CaseRecord, RunRecord, Verdict};

use crate::harness::Bench;
use crate::run::{Simulated, signal, start, wait_for_line};

fn record(bench: &Bench, directory: &str) -> RunRecord {
    RunRecord::from_json(&bench.read(&format!("{directory}/record.json"))).unwrap()
}

fn target(simulated: &Simulated, more: &str) -> String {
    format!(
        "target: sim\naddress: {}\nscl: {{file: assay.cid}}\n{more}",
        simulated.address
    )
}

fn bench(simulated: &Simulated) -> Bench {
    Bench::new()
        .file("t.yaml", target(simulated, ""))
        .file("assay.cid", iedassay_model::scl::BUILTIN)
}

/// Exit code, standard output and standard error.
fn run(bench: &Bench, args: &[&str]) -> (i32, String, String) {
    let output = bench.command(args).output().unwrap();
    let text = |octets: Vec<u8>| String::from_utf8(octets).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// Planned cases are those with a verdict and those that were not reached.
fn sum_is_right(record: &RunRecord) {
    let cases = record.cases.iter().map(CaseRecord::key);
    let all: BTreeSet<String> = cases.chain(record.plan.to_run.iter().cloned()).collect();
    let verdicts = Verdict::ALL.iter();
    let sum: usize = verdicts.map(|verdict| record.summary.count(*verdict)).sum();
    assert_eq!(all.len(), sum + record.summary.not_reached);
    assert_eq!(sum, record.cases.len());
}

#[test]
fn a_run_that_was_killed_is_readable_and_goes_on_to_the_whole_sum() {
    let simulated = Simulated::start(&[]);
    let bench = bench(&simulated);
    let asked = [
        "run",
        "--target",
        "t.yaml",
        "--filter",
        "association/*",
        "--filter",
        "urcb/*",
        "--filter",
        "model/*",
    ];
    let mut child = start(&asked, &bench.path("."));
    wait_for_line(&mut child, "3/");
    signal(&child, "KILL");
    child.wait().unwrap();

    let (_, told, warned) = run(&bench, &["report", "iedassay-out"]);
    assert!(warned.contains("did not finish"), "{warned}");
    assert!(told.contains("not reached"), "{told}");
    let killed = record(&bench, "iedassay-out");
    assert!(killed.interrupted && killed.finished.is_none());
    let decided = killed.cases.len();
    assert!(killed.summary.not_reached > 0);
    sum_is_right(&killed);

    // Another target file is another device: not without a word.
    let original = bench.read("t.yaml");
    std::fs::write(bench.path("t.yaml"), format!("{original}# touched\n")).unwrap();
    let (code, _, why) = run(&bench, &["run", "--resume", "iedassay-out"]);
    assert_eq!(code, 2, "{why}");
    assert!(
        why.contains("no longer as it was at the start: the target file (t.yaml)"),
        "{why}"
    );
    assert_eq!(
        record(&bench, "iedassay-out"),
        killed,
        "nothing was touched"
    );
    std::fs::write(bench.path("t.yaml"), original).unwrap();

    let (code, told, why) = run(
        &bench,
        &["run", "--resume", "iedassay-out", "--operator", "J. Doe"],
    );
    let whole = record(&bench, "iedassay-out");
    assert_eq!((code, whole.interrupted), (0, false), "{told}{why}");
    assert_eq!(whole.summary.not_reached, 0);
    sum_is_right(&whole);
    assert_eq!(whole.plan, killed.plan);
    assert_eq!(whole.started, killed.started);
    let [resumption] = &whole.resumed[..] else {
        panic!("{:?}", whole.resumed)
    };
    assert_eq!(resumption.operator.as_deref(), Some("J. Doe"));
    let kept = killed
        .plan
        .to_run
        .iter()
        .filter(|key| killed.cases.iter().any(|case| case.key() == **key));
    assert_eq!(resumption.kept, kept.count());
    for case in &killed.cases {
        assert!(whole.cases.contains(case), "{} was run again", case.key());
    }
    assert!(whole.cases.len() > decided);
    let (code, _, _) = run(&bench, &["report", "iedassay-out", "--verify"]);
    assert_eq!(code, 0, "evidence of both parts is there");
    for name in ["report.html", "report.md", "junit.xml"] {
        let text = bench.read(&format!("iedassay-out/{name}"));
        assert!(
            text.contains("1 time: "),
            "{name} tells that it was resumed"
        );
        assert!(
            text.contains(whole.target.scl_sha256.as_ref().unwrap()),
            "{name}"
        );
        assert!(
            text.contains(&whole.suites.as_ref().unwrap().sha256),
            "{name}"
        );
    }
    let (code, _, told) = run(&bench, &["run", "--resume", "iedassay-out"]);
    assert_eq!(code, 0);
    assert!(told.contains("nothing is left to do"), "{told}");
}

const SUITE: &str = "suite: own/suite
title: Own
cases:
  - id: own/asks
    title: Somebody is asked
    steps:
      - question:
          id: said
          text: What is it?
          as: said
          check: [\"said.answer == 'this'\"]
  - id: own/reads
    title: It is read
    steps:
      - read: {ref: 'ASSAYLD0/LLN0.Mod.stVal[ST]', as: mode, check: [\"mode.value == 1\"]}
";

const ANSWERS: &str = "answers:
  - {case: own/asks, question: said, answer: this, by: J. Doe, on: 2026-01-01}
";

const PROFILE: &str = "profile: own
requirements:
  - {id: R1, text: It is read, cases: [own/reads]}
";

#[test]
fn a_run_does_not_go_on_with_anything_else_than_it_began_with() {
    let simulated = Simulated::start(&[]);
    let bench = bench(&simulated)
        .file("own.yaml", SUITE)
        .file("answers.yaml", ANSWERS)
        .file("profile.yaml", PROFILE);
    let asked = [
        "run",
        "--target",
        "t.yaml",
        "--suites",
        "own.yaml",
        "--answers",
        "answers.yaml",
        "--profile",
        "profile.yaml",
    ];
    let (code, told, why) = run(&bench, &asked);
    assert_eq!(code, 0, "{told}{why}");
    let mut stopped = record(&bench, "iedassay-out");
    assert_eq!(stopped.options.answers.as_deref(), Some("answers.yaml"));
    assert!(
        bench
            .read("iedassay-out/report.html")
            .contains("answers SHA-256")
    );
    // As if it had been killed before the last case.
    stopped.cases.pop();
    stopped.finished = None;
    let stopped = serde_json::to_string(&stopped).unwrap();
    let resume = |more: &[&str]| {
        std::fs::write(bench.path("iedassay-out/record.json"), &stopped).unwrap();
        let args = [&["run", "--resume", "iedassay-out"], more].concat();
        run(&bench, &args)
    };
    for (file, what) in [
        ("own.yaml", "the suites (own.yaml)"),
        ("t.yaml", "the target file (t.yaml)"),
        ("assay.cid", "the SCL file (assay.cid)"),
        ("profile.yaml", "the profile (own)"),
        ("answers.yaml", "the answers (answers.yaml)"),
    ] {
        let original = bench.read(file);
        let comment = match file {
            "assay.cid" => "<!-- touched -->",
            _ => "# touched",
        };
        std::fs::write(bench.path(file), format!("{original}{comment}\n")).unwrap();
        let (code, _, why) = resume(&[]);
        assert_eq!(code, 2, "{file}: {why}");
        let says = format!("no longer as it was at the start: {what}\n");
        assert!(why.contains(&says), "{file}: {why}");
        assert!(why.contains("put back what it was"), "{file}: {why}");
        let (code, _, why) = resume(&["--force"]);
        assert_eq!(code, 0, "{file}: {why}");
        let forced = record(&bench, "iedassay-out");
        assert_eq!(forced.resumed.last().unwrap().despite, [what]);
        std::fs::remove_file(bench.path(file)).unwrap();
        let (code, _, why) = resume(&[]);
        assert_eq!(code, 2, "{file}: {why}");
        assert!(why.contains(file), "{file}: {why}");
        std::fs::write(bench.path(file), original).unwrap();
    }
    let (code, _, why) = resume(&[]);
    assert_eq!(code, 0, "{why}");
    assert_eq!(record(&bench, "iedassay-out").resumed[0].despite, [""; 0]);
}

#[test]
fn only_what_did_not_pass_is_run_again_into_a_record_of_its_own() {
    let bench = Bench::new();
    let first = [
        "run",
        "--virtual-time",
        "--fault",
        "conclude-unanswered",
        "--filter",
        "association/*",
    ];
    assert_eq!(run(&bench, &first).0, 1);
    let before = record(&bench, "iedassay-out");
    let bad: Vec<String> = before
        .cases
        .iter()
        .filter(|case| !matches!(case.verdict, Verdict::Pass | Verdict::NotApplicable))
        .map(CaseRecord::key)
        .collect();
    let same = run(&bench, &["run", "--rerun-failed", "iedassay-out"]);
    assert_eq!(same.0, 2, "{}", same.2);
    assert!(same.2.contains("would take the place of"), "{}", same.2);
    let again = [
        "run",
        "--rerun-failed",
        "iedassay-out",
        "--out",
        "again",
        "--retries",
        "1",
    ];
    assert_eq!(run(&bench, &again).0, 1);
    let record_again = record(&bench, "again");
    assert_eq!(record_again.plan.to_run, bad);
    sum_is_right(&record_again);
    let origin = record_again.reruns.clone().unwrap();
    assert_eq!(
        (origin.started, origin.record.as_str()),
        (before.started, "iedassay-out/record.json")
    );
    assert_eq!(record_again.options.faults, ["conclude-unanswered"]);
    let failed = record_again
        .cases
        .iter()
        .find(|case| case.verdict == Verdict::Fail);
    assert_eq!(failed.unwrap().attempts.len(), 1, "it was tried twice");
}

#[test]
fn a_waiver_is_drafted_for_a_firmware_signed_and_held_against_the_device() {
    let simulated = Simulated::start(&["--fault", "conclude-unanswered"]);
    let bench = bench(&simulated);
    let go = [
        "run",
        "--target",
        "t.yaml",
        "--filter",
        "association/associate-release",
    ];
    assert_eq!(run(&bench, &go).0, 1);
    let (code, draft, _) = run(
        &bench,
        &[
            "waive",
            "--from",
            "iedassay-out",
            "--owner",
            "j.doe",
            "--reason",
            "ticket 4711",
        ],
    );
    assert_eq!(code, 0);
    assert!(draft.contains("    firmware: \"1.0\"\n"), "{draft}");
    let with = |waiver: &str| {
        std::fs::write(bench.path("t.yaml"), target(&simulated, waiver)).unwrap();
        let (code, told, _) = run(&bench, &go);
        (code, told)
    };
    let (code, told) = with(&draft);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("applied: ticket 4711"), "{told}");
    let (code, told) = with(&draft.replace("\"1.0\"", "\">= 2\""));
    assert_eq!(code, 1);
    assert!(
        told.contains("does not hold for this firmware: ticket 4711"),
        "{told}"
    );
    let (code, told) = with(&format!("{draft}    expires: 2026-01-01\n"));
    assert_eq!(code, 1);
    assert!(told.contains("expired"), "{told}");
    // On a device without the fault it is no longer needed, unless it is for another firmware.
    let mended = Simulated::start(&[]);
    for (waiver, expected) in [
        (draft.clone(), 1),
        (draft.replace("\"1.0\"", "\">= 2\""), 0),
    ] {
        std::fs::write(bench.path("t.yaml"), target(&mended, &waiver)).unwrap();
        let (code, told, _) = run(&bench, &go);
        assert_eq!(code, expected, "{told}");
    }
    let (code, _, why) = {
        std::fs::write(
            bench.path("t.yaml"),
            target(&simulated, &draft.replace("\"1.0\"", "\">= 4,\"")),
        )
        .unwrap();
        run(&bench, &["check", "t.yaml"])
    };
    assert_eq!(code, 2);
    assert!(why.contains("firmware revision such as"), "{why}");
}
