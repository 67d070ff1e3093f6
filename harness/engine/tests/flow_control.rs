//! Clients that take their time, against the simulated IED over pipes on virtual time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use common::{all_pass, run_cases};
use iedassay_reports::{Restored, Verdict};

#[tokio::test(start_paused = true)]
async fn what_is_not_read_waits_until_reading_goes_on() {
    let (record, _) = run_cases(
        "  - id: test/slow
    title: Answers wait in the connection
    steps:
      - associate: {client: slow, receive-buffer: 1024}
      - stop-reading: {client: slow}
      - identify: {client: slow, expect: timeout}
      - pipeline: {client: slow, ref: 'ASSAYLD0/GGIO3[ST]', within: 1min}
      - pipeline: {client: slow, ref: ['ASSAYLD0/LLN0.Beh[ST]', 'ASSAYLD0/Nobody[ST]'], times: 2, within: 1min}
      - mark: asked
      - wait: 15s
      - identify: {within: 100ms}
      - go-on-reading: {client: slow}
      - expect-answers: {client: slow, as: got}
      - assert: ['got.count == 7', \"got.outcomes.unique() == ['success']\", 'got.octets > 1024', 'got.at - asked.at >= 15000']
      - identify: {client: slow}
",
        true,
    )
    .await;
    all_pass(&record);
}

#[tokio::test(start_paused = true)]
async fn an_association_that_ends_meanwhile_is_told_by_who_may_expect_it() {
    let steps = "
    steps:
      - associate: {client: slow, receive-buffer: 1024}
      - stop-reading: {client: slow}
      - pipeline: {client: slow, ref: 'ASSAYLD0/GGIO3[ST]', times: 20, within: 2min}
      - wait: 1min
      - go-on-reading: {client: slow}
      - collect-reports: {client: slow, time: 1s, ";
    let (record, _) = run_cases(
        &format!(
            "  - id: test/permitted
    title: A server may give up a client that reads nothing{steps}may-end: true, as: got, check: [got.ended]}}
      - expect-answers: {{client: slow, expect: [success, closed]}}
  - id: test/not
    title: Nobody said that it may{steps}as: got}}
"
        ),
        true,
    )
    .await;
    assert_eq!(record.cases[0].reason, None);
    assert_eq!(record.cases[1].verdict, Verdict::Fail);
}

#[tokio::test(start_paused = true)]
async fn a_case_that_ends_while_a_client_does_not_read_is_put_back() {
    let (record, _) = run_cases(
        "  - id: test/left
    title: The client reads again by itself
    associate: manual
    steps:
      - associate: {client: slow}
      - set-rcb: {client: slow, rcb: 'ASSAYLD0/LLN0.brcbStatus01[BR]', enable: true}
      - stop-reading: {client: slow}
      - expect-answers: {client: slow}
",
        true,
    )
    .await;
    assert_eq!(record.cases[0].verdict, Verdict::Error);
    assert_eq!(record.cases[0].restored, Restored::Yes);
    assert!(record.left_behind.is_empty(), "{:?}", record.left_behind);
}
