//! What the owner does not allow is not done, wherever the step stands.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use common::{Bench, cases};
use iedassay_reports::{CaseRecord, Verdict};

const TARGET: &str = "target: t\naddress: localhost\nprocess-side: localhost\npower: {line: process-side}\nnetwork: {line: process-side}\n";
const SETTING: &str = "ASSAYLD0/GGIO1.IntIn1.db[CF]";

async fn judge(allow: &str, steps: &str) -> CaseRecord {
    let text =
        format!("  - id: test/case\n    title: t\n    steps: [{steps}, {{identify: {{}}}}]\n");
    let (record, _) = Bench::new(&format!("{TARGET}{allow}"))
        .run(cases(&text))
        .await;
    record.cases.into_iter().next().unwrap()
}

fn told(record: &CaseRecord) -> (Verdict, &str) {
    (record.verdict, record.reason.as_deref().unwrap_or_default())
}

#[tokio::test(start_paused = true)]
async fn a_step_inside_another_is_demanded_by_the_plan() {
    let write = "{write: {ref: 'ASSAYLD0/LLN0.Mod.ctlModel[CF]', value: 1}}";
    for nested in [
        format!("{{if: {{when: '1 == 1', then: [{write}]}}}}"),
        format!("{{if: {{when: '1 == 2', then: [{{identify: {{}}}}], else: [{write}]}}}}"),
        format!("{{repeat: {{times: 1, steps: [{{if: {{when: '1 == 1', then: [{write}]}}}}]}}}}"),
    ] {
        let record = judge("", &nested).await;
        assert_eq!(
            told(&record),
            (
                Verdict::NotApplicable,
                "the target does not allow `write-data`"
            ),
            "{nested}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_under_a_question_about_the_target_is_asked_for_when_it_is_done() {
    let under = |step: &str| format!("{{if: {{when: 'size(target.allow) >= 0', then: [{step}]}}}}");
    for (step, word) in [
        (
            "{write: {ref: 'ASSAYLD0/LLN0.Mod.ctlModel[CF]', value: 1}}",
            "write-data",
        ),
        ("{power-cycle: {}}", "cut-power"),
        ("{network: {action: cut}}", "cut-network"),
        (
            "{send-raw: {layer: mms, hex: a0, expect: any}}",
            "robustness",
        ),
        (
            "{delete-data-set: {data-set: 'ASSAYLD0/LLN0$dsX', expect: any}}",
            "data-sets",
        ),
        (
            "{select-setting-group: {ld: ASSAYPROT, group: 2}}",
            "setting-groups",
        ),
        ("{delete-file: {file: x, expect: any}}", "files"),
    ] {
        let record = judge("", &under(step)).await;
        let (verdict, reason) = told(&record);
        assert_eq!(verdict, Verdict::Inconclusive, "{step}: {reason}");
        assert!(
            reason.contains(&format!("the target does not allow `{word}`")),
            "{reason}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_is_listed_is_written() {
    let allow = "allow: {write-data: ['*[SP]']}\n";
    let unlisted = format!("{{write: {{ref: '{SETTING}', value: {{generate: same}}}}}}");
    let record = judge(allow, &unlisted).await;
    let (verdict, reason) = told(&record);
    assert_eq!(verdict, Verdict::Inconclusive, "{reason}");
    assert!(reason.contains("does not allow writing"), "{reason}");

    // On the wire it has another name, and is the same thing.
    let other =
        "{write: {ref: 'ASSAYLD0/GGIO1$CF$IntIn1$db', value: {unsigned: 1}, restore: false}}";
    assert_eq!(judge(allow, other).await.verdict, Verdict::Inconclusive);
    // As an operation by another way.
    let operate = "{write: {ref: 'ASSAYCTRL/GGIO1$CO$SPCSO1$Oper', value: {generate: same}, expect: refused, restore: false}}";
    let record = judge(allow, operate).await;
    let (verdict, reason) = told(&record);
    assert_eq!(verdict, Verdict::Inconclusive, "{reason}");
    assert!(
        reason.contains("does not allow operating ASSAYCTRL/GGIO1.SPCSO1"),
        "{reason}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_must_be_refused_and_report_control_blocks_need_no_line_of_their_own() {
    let allow = "allow: {write-data: ['*[SP]']}\n";
    for step in [
        "{write: {ref: 'ASSAYLD0/GGIO1.Ind1.stVal[ST]', value: {generate: same}, expect: refused, restore: false}}",
        "{write: {ref: 'ASSAYLD0/LLN0$RP$urcbStatus01$IntgPd', value: {unsigned: 5000}}}",
    ] {
        let record = judge(allow, step).await;
        assert_eq!(told(&record), (Verdict::Pass, ""), "{step}");
    }
}
