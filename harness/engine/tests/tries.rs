//! Cases that are tried again, and runs that go on, against the simulated IED on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

mod common;

use std::time::Duration;

use common::{Bench, TARGET, cases};
use iedassay_engine::cancel::cancellation;
use iedassay_engine::runner::{Earlier, RunEnd};
use iedassay_reports::{Because, Options, RunRecord, Verdict, WaiverState};

const IND: &str = "ASSAYLD0/GGIO1.Ind1.stVal[ST]";

/// A case that passes once Ind1 is true.
fn wants_true(id: &str) -> String {
    format!(
        "  - id: {id}
    title: t
    steps:
      - read: {{ref: '{IND}', as: r, check: 'r.value == true'}}
"
    )
}

fn waits(id: &str, seconds: u32) -> String {
    format!(
        "  - id: {id}\n    title: t\n    steps:\n      - wait: {seconds}s\n      - read: {{ref: '{IND}', as: r}}\n"
    )
}

/// A run during which Ind1 becomes true after a time.
async fn run(target: &str, retries: u32, text: &str, true_after: Option<u64>) -> RunRecord {
    let mut bench = Bench::new(target);
    bench.options = Options {
        retries,
        ..Options::default()
    };
    let folder = tempfile::tempdir().unwrap();
    bench.evidence = Some(folder.path().to_owned());
    let process = bench.sim.process();
    if let Some(seconds) = true_after {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            let told = process.command(&format!("set {IND} true"));
            assert_eq!(told, "ok");
        });
    }
    let (record, end) = bench.run(cases(text)).await;
    assert_eq!(end, RunEnd::Completed);
    // Every file that the record names is there, and is the one it says.
    for (file, digest) in record.evidence() {
        let octets = std::fs::read(folder.path().join(file)).unwrap();
        assert_eq!(iedassay_engine::runner::sha256(&octets), digest, "{file}");
    }
    record
}

fn verdicts(record: &RunRecord) -> Vec<(&str, Verdict)> {
    let cases = record.cases.iter();
    cases.map(|case| (case.id.as_str(), case.verdict)).collect()
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_tried_again_when_everything_else_is_done_and_is_flaky_when_it_passes() {
    let text = wants_true("test/flaky") + &waits("test/long", 30);
    let record = run(TARGET, 2, &text, Some(10)).await;
    assert_eq!(
        verdicts(&record),
        [("test/flaky", Verdict::Pass), ("test/long", Verdict::Pass)]
    );
    assert_eq!((record.summary.flaky, record.summary.not_reached), (1, 0));
    let flaky = &record.cases[0];
    assert!(flaky.is_flaky());
    assert!(flaky.started_ms >= 30_000.0, "it came last");
    let [first] = &flaky.attempts[..] else {
        panic!("{:?}", flaky.attempts)
    };
    assert_eq!(
        (first.verdict, first.because, first.started_ms < 1_000.0),
        (Verdict::Fail, Because::DidNotPass, true)
    );
    assert!(first.reason.is_some() && first.step.is_some() && !first.messages.is_empty());
    assert_eq!(
        (first.capture.as_deref(), flaky.capture.as_deref()),
        (
            Some("captures/test-flaky.pcapng"),
            Some("captures/test-flaky-try-2.pcapng")
        )
    );
}

#[tokio::test(start_paused = true)]
async fn what_never_passes_fails_with_all_its_tries() {
    let record = run(TARGET, 2, &wants_true("test/bad"), None).await;
    let bad = &record.cases[0];
    assert_eq!((bad.verdict, bad.attempts.len()), (Verdict::Fail, 2));
    assert!(!bad.is_flaky());
    assert_eq!(record.cases.len(), 1);
    // And without retries once.
    let record = run(TARGET, 0, &wants_true("test/bad"), None).await;
    assert_eq!(record.cases[0].attempts, []);
}

#[tokio::test(start_paused = true)]
async fn errors_and_what_the_owner_does_not_allow_are_not_tried_again() {
    let text = "  - id: test/error
    title: t
    steps: [{assert: '1 + true == 2'}]
  - id: test/forbidden
    title: t
    steps:
      - if: {when: 'true', then: [{write: {ref: 'ASSAYLD0/LLN0.Mod.ctlModel[CF]', value: '1'}}]}
      - assert: 'true'
";
    let cautious = TARGET.replace("write-data: true, ", "");
    let record = run(&cautious, 3, text, None).await;
    let error = record.cases.iter().find(|case| case.id == "test/error");
    assert_eq!(error.map(|case| case.verdict), Some(Verdict::Error));
    assert!(
        record.cases.iter().all(|case| case.attempts.is_empty()),
        "{:?}",
        record.cases
    );
    assert_eq!(record.cases.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_case_is_repeated_by_itself_first_and_that_makes_it_not_flaky() {
    let text: String = ["a", "b", "c"]
        .iter()
        .map(|name| {
            format!(
                "  - id: test/{name}
    title: t
    steps:
      - associate: {{client: second}}
      - wait: 20s
      - release: {{client: second}}
"
            )
        })
        .collect();
    let target = format!("{TARGET}jobs: 8\npixit: {{As1: 10}}\n");
    let record = run(&target, 2, &text, None).await;
    assert_eq!((record.summary.pass, record.summary.flaky), (3, 0));
    let beside: Vec<_> = record
        .cases
        .iter()
        .flat_map(|case| &case.attempts)
        .collect();
    assert!(!beside.is_empty());
    for attempt in beside {
        assert_eq!(attempt.because, Because::BesideOthers);
        assert!(attempt.capture.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopped_run_keeps_what_failed_and_goes_on_with_it_and_the_rest() {
    let text = wants_true("test/flaky")
        + &waits("test/done", 5)
        + &waits("test/under-way", 30)
        + &waits("test/later", 5);
    let (handle, cancel) = cancellation();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(10)).await;
        handle.cancel();
    });
    let retries = Options {
        retries: 1,
        ..Options::default()
    };
    let mut bench = Bench::new(TARGET);
    (bench.cancel, bench.options) = (cancel, retries.clone());
    let (stopped, end) = bench.run(cases(&text)).await;
    assert_eq!(end, RunEnd::Interrupted);
    assert_eq!(
        verdicts(&stopped),
        [
            ("test/flaky", Verdict::Fail),
            ("test/done", Verdict::Pass),
            ("test/under-way", Verdict::Inconclusive)
        ]
    );
    assert_eq!(stopped.summary.not_reached, 1);
    assert!(stopped.cases[2].stopped);

    let mut bench = Bench::new(TARGET);
    bench.options = retries.clone();
    bench.earlier = Some(earlier(&stopped));
    let told = bench.sim.process().command(&format!("set {IND} true"));
    assert_eq!(told, "ok");
    let (record, end) = bench.run(cases(&text)).await;
    assert_eq!(end, RunEnd::Completed);
    assert_eq!(
        verdicts(&record),
        [
            ("test/flaky", Verdict::Pass),
            ("test/done", Verdict::Pass),
            ("test/under-way", Verdict::Pass),
            ("test/later", Verdict::Pass)
        ]
    );
    assert!(record.cases[0].is_flaky() && !record.interrupted);
    assert_eq!(record.summary.not_reached, 0);
    assert_eq!(record.cases[1], stopped.cases[1], "it was not run again");
    let [resumption] = &record.resumed[..] else {
        panic!("{:?}", record.resumed)
    };
    assert_eq!((resumption.kept, &record.started), (2, &stopped.started));

    // With other cases, or on another device, it does not go on, and keeps what it has.
    let other = text.replace("test/later", "test/other");
    let mut bench = Bench::new(TARGET);
    bench.options = retries.clone();
    bench.earlier = Some(earlier(&stopped));
    let (refused, end) = bench.run(cases(&other)).await;
    assert!(matches!(end, RunEnd::Lost { .. }), "{end:?}");
    let why = refused.could_not_test.clone().unwrap();
    assert!(why.contains("other cases apply now"), "{why}");
    assert_eq!(verdicts(&refused), verdicts(&stopped)[..2]);
    assert_eq!(refused.summary.not_reached, 2);
    let mut changed = stopped.clone();
    changed.target.revision = Some("older".into());
    let mut bench = Bench::new(TARGET);
    bench.earlier = Some(earlier(&changed));
    let (refused, _) = bench.run(cases(&text)).await;
    let why = refused.could_not_test.unwrap();
    assert!(why.contains("and it was iedassay"), "{why}");
    let mut bench = Bench::new(TARGET);
    bench.earlier = Some(Earlier {
        force: true,
        ..earlier(&changed)
    });
    let (accepted, end) = bench.run(cases(&text)).await;
    assert_eq!(end, RunEnd::Completed);
    assert!(accepted.target.details.contains_key("not the same device"));
}

fn earlier(record: &RunRecord) -> Earlier {
    Earlier {
        record: record.clone(),
        operator: None,
        despite: Vec::new(),
        force: false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_waiver_holds_for_the_firmware_that_the_device_tells() {
    for (firmware, expected) in [
        ("1.*", WaiverState::Applied),
        (">= 2", WaiverState::OtherFirmware),
    ] {
        let target = format!(
            "{TARGET}known-deviations:\n  - {{case: test/bad, reason: r, owner: o, firmware: '{firmware}'}}\n"
        );
        let record = run(&target, 0, &wants_true("test/bad"), None).await;
        let told = record.target.firmware.as_ref().unwrap();
        assert_eq!(
            (told.revision.as_str(), told.source.as_str()),
            ("1.0", "ASSAYLD0/LPHD1.PhyNam.swRev[DC]")
        );
        let waiver = record.cases[0].waiver.as_ref().unwrap();
        assert_eq!(waiver.state, expected, "{firmware}");
        assert_eq!(
            record.cases[0].is_nonconformance(),
            expected == WaiverState::OtherFirmware
        );
    }
}
