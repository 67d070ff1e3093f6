//! `expect-termination`, against the simulated IED over pipes on virtual time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use common::{all_pass, run_cases};
use iedassay_reports::{RunRecord, Verdict};

const OBJECT: &str = "ASSAYCTRL/GGIO1.SPCSO3";

async fn run(steps: &str) -> RunRecord {
    let case = format!(
        "  - id: test/termination
    title: A command ends
    needs: {{allow: operate}}
    steps:
{steps}"
    )
    .replace("OBJECT", OBJECT);
    run_cases(&case, true).await.0
}

fn reason(record: &RunRecord) -> String {
    let case = &record.cases[0];
    assert_eq!(case.verdict, Verdict::Fail, "{case:?}");
    format!("{case:?}")
}

#[tokio::test(start_paused = true)]
async fn a_positive_termination_repeats_the_command_after_its_response() {
    let record = run("      - operate: {control: OBJECT, ctl-num: 9, as: o}
      - expect-termination:
          control: OBJECT
          as: t
          check: ['t.positive', 't.value == o.value', 't.ctlNum == 9', 't.origin == o.origin', \"t.order == 'after'\", \"t.addCause == ''\"]
      - expect-termination: {control: OBJECT, absent: true, within: 1s}
")
    .await;
    all_pass(&record);
}

#[tokio::test(start_paused = true)]
async fn a_negative_termination_has_its_cause() {
    let record = run("      - force: {control: OBJECT, condition: keeps-state}
      - operate: {control: OBJECT, as: o}
      - expect-termination: {control: OBJECT, within: {after: o, min: 2500ms, max: 4s}, add-cause: [time-limit-over], check: ['!result.positive']}
")
    .await;
    all_pass(&record);
}

#[tokio::test(start_paused = true)]
async fn a_negative_termination_is_no_positive_one() {
    let record = run("      - force: {control: OBJECT, condition: keeps-state}
      - operate: {control: OBJECT}
      - expect-termination: {control: OBJECT}
")
    .await;
    assert!(reason(&record).contains("a negative one with additional cause time-limit-over"));
}

#[tokio::test(start_paused = true)]
async fn a_positive_termination_is_no_negative_one() {
    let record = run("      - operate: {control: OBJECT}
      - expect-termination: {control: OBJECT, add-cause: [invalid-position]}
")
    .await;
    assert!(
        reason(&record).contains("with additional cause invalid-position, observed a positive one")
    );
}

#[tokio::test(start_paused = true)]
async fn a_termination_that_must_not_come_fails_the_case() {
    let record = run("      - operate: {control: OBJECT}
      - expect-termination: {control: OBJECT, absent: true, within: 1s}
")
    .await;
    assert!(reason(&record).contains("no CommandTermination of"));
}

#[tokio::test(start_paused = true)]
async fn no_termination_fails_the_case() {
    let record = run("      - expect-termination: {control: OBJECT, within: 1s}
")
    .await;
    assert!(reason(&record).contains("none within"));
}
