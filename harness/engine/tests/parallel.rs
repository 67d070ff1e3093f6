//! Cases at the same time, against the simulated IED on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

mod common;

use std::time::Duration;

use common::{Bench, TARGET, all_pass, cases};
use iedassay_engine::cancel::cancellation;
use iedassay_engine::runner::RunEnd;
use iedassay_reports::{RunRecord, Verdict};

fn target(jobs: usize) -> String {
    format!("{TARGET}jobs: {jobs}\npixit: {{As1: 5}}\n")
}

/// A case that changes an object and waits.
fn waits(id: &str, object: &str, seconds: u32) -> String {
    format!(
        "  - id: {id}
    title: t
    steps:
      - read: {{ref: '{object}', as: before}}
      - stimulate: {{member: '{object}', change: dchg, as: first}}
      - wait: {seconds}s
      - read: {{ref: '{object}', as: after, check: ['after.value != before.value', 'after.value == first.value']}}
"
    )
}

async fn run(text: &str, jobs: usize) -> RunRecord {
    let (record, end) = Bench::new(&target(jobs)).run(cases(text)).await;
    assert_eq!(end, RunEnd::Completed);
    record
}

fn keys(record: &RunRecord) -> Vec<&str> {
    record.cases.iter().map(|case| case.id.as_str()).collect()
}

const A: &str = "ASSAYLD0/GGIO1.Ind1.stVal[ST]";
const B: &str = "ASSAYLD0/GGIO1.Ind2.stVal[ST]";

#[tokio::test(start_paused = true)]
async fn what_does_not_meet_waits_at_the_same_time_and_the_record_keeps_the_order() {
    let text = waits("test/short", A, 5) + &waits("test/long", B, 30) + &waits("test/same", A, 10);
    let record = run(&text, 4).await;
    all_pass(&record);
    assert_eq!(keys(&record), ["test/short", "test/long", "test/same"]);
    assert!(
        (30_000.0..31_000.0).contains(&record.duration_ms),
        "{}",
        record.duration_ms
    );
    assert_eq!(record.demanded_wait_ms, 45_000.0);
    let parallel = record.parallel.unwrap();
    assert_eq!((parallel.jobs, parallel.associations), (4, 4));
    assert_eq!(parallel.chain, ["test/long"]);
    assert_eq!(parallel.chain_wait_ms, 30_000.0);
}

#[tokio::test(start_paused = true)]
async fn what_meets_waits_one_after_the_other() {
    let text = waits("test/one", A, 5) + &waits("test/other", A, 30);
    let record = run(&text, 4).await;
    all_pass(&record);
    assert!(record.duration_ms >= 35_000.0);
    assert_eq!(record.parallel.unwrap().chain, ["test/one", "test/other"]);
    // And one at a time tells of no chain.
    let record = run(&text, 1).await;
    all_pass(&record);
    assert_eq!(record.parallel, None);
}

#[tokio::test(start_paused = true)]
async fn a_case_that_says_so_is_alone() {
    let alone = "    title: t\n    alone: it measures how long answers take";
    let text = waits("test/one", A, 5) + &waits("test/other", B, 30).replace("    title: t", alone);
    let record = run(&text, 4).await;
    all_pass(&record);
    assert!(record.duration_ms >= 35_000.0);
}

/// Three cases that hold two associations each, on a server that has five and a target that says it has ten.
#[tokio::test(start_paused = true)]
async fn what_fails_beside_others_is_judged_by_itself() {
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
    let target = target(8).replace("As1: 5", "As1: 10");
    let (record, end) = Bench::new(&target).run(cases(&text)).await;
    assert_eq!(end, RunEnd::Completed);
    all_pass(&record);
    let repeated = record.cases.iter().flat_map(|case| &case.findings);
    assert!(repeated.filter(|f| f.code == "repeated-alone").count() > 0);
    assert!(record.duration_ms >= 40_000.0, "{}", record.duration_ms);
}

#[tokio::test(start_paused = true)]
async fn all_that_run_are_stopped_and_put_back() {
    let (handle, cancel) = cancellation();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        handle.cancel();
    });
    let text = waits("test/one", A, 90) + &waits("test/other", B, 90) + &waits("test/later", A, 90);
    let mut bench = Bench::new(&target(4));
    bench.cancel = cancel;
    let (record, end) = bench.run(cases(&text)).await;
    assert_eq!(end, RunEnd::Interrupted);
    assert_eq!(keys(&record), ["test/one", "test/other"]);
    let verdicts: Vec<Verdict> = record.cases.iter().map(|case| case.verdict).collect();
    assert_eq!(verdicts, [Verdict::Inconclusive; 2]);
    assert!(record.left_behind.is_empty(), "{:?}", record.left_behind);
    assert!(record.duration_ms < 10_000.0, "{}", record.duration_ms);
    assert_eq!(record.summary.not_reached, 1);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_the_run_ends_after_what_runs() {
    let text = waits("test/one", A, 20) + &waits("test/later", A, 20);
    let target = target(4).replace("case: 2min", "case: 2min, run: 10s");
    let (record, end) = Bench::new(&target).run(cases(&text)).await;
    assert!(matches!(end, RunEnd::Lost { .. }), "{end:?}");
    assert_eq!(keys(&record), ["test/one"]);
    all_pass(&record);
}
