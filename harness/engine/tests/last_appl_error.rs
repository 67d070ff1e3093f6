//! When LastApplError comes, and what is made of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use std::time::Duration;

use common::{Bench, TARGET, cases};
use iedassay_reports::{CaseRecord, Verdict};

/// An Operate without a selection: object 2 is SBO with normal security, 4 with enhanced.
async fn refused(number: u32, pixit: &str, late: Option<u64>) -> CaseRecord {
    let check = match late {
        Some(10_000) => "",
        _ => ", check: [\"result.addCause == 'object-not-selected'\"]",
    };
    let text = format!(
        "  - id: test/refused
    title: Operate without a selection
    steps:
      - operate: {{control: ASSAYCTRL/GGIO1.SPCSO{number}, expect: refused, add-cause: object-not-selected{check}}}
"
    );
    let mut bench = Bench::new(&format!("{TARGET}{pixit}"));
    bench.late = late.map(Duration::from_millis);
    let (record, _) = bench.run(cases(&text)).await;
    record.cases.into_iter().next().unwrap()
}

fn findings(case: &CaseRecord) -> Vec<(&str, &str)> {
    case.findings
        .iter()
        .map(|finding| (finding.code.as_str(), finding.text.as_str()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn before_the_response_it_is_as_it_should_be() {
    for number in [2, 4] {
        let case = refused(number, "pixit: {Ct21: true}\n", None).await;
        assert_eq!(case.verdict, Verdict::Pass, "{:?}", case.reason);
        assert_eq!(findings(&case), []);
    }
}

#[tokio::test(start_paused = true)]
async fn late_and_not_promised_is_a_finding() {
    for pixit in [
        "",
        "pixit: {Ct21: {direct-normal: true, sbo-normal: false}}\n",
    ] {
        let case = refused(2, pixit, Some(20)).await;
        assert_eq!(case.verdict, Verdict::Pass, "{:?}", case.reason);
        assert_eq!(
            findings(&case),
            [(
                "late-last-appl-error",
                "the LastApplError of ASSAYCTRL/GGIO1.SPCSO2 came 20 ms after the response; it belongs before it"
            )]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn late_although_required_or_promised_fails_and_says_how_late() {
    for (number, pixit) in [
        (4, ""),
        (2, "pixit: {Ct21: true}\n"),
        (2, "pixit: {Ct21: {sbo-normal: true}}\n"),
    ] {
        let case = refused(number, pixit, Some(20)).await;
        let reason = case.reason.as_deref().unwrap_or_default();
        assert_eq!(case.verdict, Verdict::Fail, "{reason}");
        assert!(
            reason.contains(
                "expected additional cause object-not-selected in a LastApplError before the response, observed object-not-selected, in a LastApplError that came 20 ms after the response"
            ),
            "{reason}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_moment_too_late_it_has_not_come() {
    let case = refused(2, "pixit: {Ct21: true}\n", Some(10_000)).await;
    let reason = case.reason.as_deref().unwrap_or_default();
    assert_eq!(case.verdict, Verdict::Fail, "{reason}");
    assert!(reason.contains("observed no LastApplError"), "{reason}");
}
