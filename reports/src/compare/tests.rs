use super::*;
use crate::capability::{Capability, CapabilityKind, Statement};
use crate::case::{CaseRecord, Finding, Verdict, Waiver, WaiverState};
use crate::record::{Target, Tool};
use crate::terminal::TerminalOptions;

fn case(id: &str, verdict: Verdict, reason: Option<&str>) -> CaseRecord {
    CaseRecord {
        id: id.into(),
        title: format!("about {id}"),
        verdict,
        reason: reason.map(str::to_owned),
        ..CaseRecord::default()
    }
}

fn record(revision: &str, cases: Vec<CaseRecord>) -> RunRecord {
    let tool = Tool {
        name: "iedassay".into(),
        version: "0".into(),
    };
    let target = Target {
        name: "bay 7".into(),
        revision: Some(revision.into()),
        ..Target::default()
    };
    let mut record = RunRecord::new(tool, target, "2026-01-02T03:04:05Z".into());
    record.cases = cases;
    record.plan.selected = record.cases.len();
    record.conclude();
    record
}

fn compare(old: &RunRecord, new: &RunRecord) -> Comparison {
    super::compare(old, new, Tolerance::default())
}

fn kinds(comparison: &Comparison) -> Vec<(&str, CaseChangeKind)> {
    let cases = comparison.cases.iter();
    cases.map(|case| (case.case.as_str(), case.kind)).collect()
}

#[test]
fn each_pair_of_verdicts_has_its_kind() {
    use CaseChangeKind::*;
    use Verdict::*;
    let table = [
        (Some(Pass), Some(Fail), Some(NewFailure)),
        (Some(NotApplicable), Some(Fail), Some(NewFailure)),
        (None, Some(Fail), Some(NewFailure)),
        (Some(Fail), Some(Pass), Some(Fixed)),
        (Some(Pass), Some(Inconclusive), Some(LostVerdict)),
        (Some(Fail), Some(NotApplicable), Some(LostVerdict)),
        (Some(Pass), Some(Error), Some(LostVerdict)),
        (Some(Pass), None, Some(LostVerdict)),
        (Some(Inconclusive), Some(Pass), Some(NewlyJudged)),
        (None, Some(Pass), Some(NewlyJudged)),
        (Some(Pass), Some(Pass), None),
        (Some(Fail), Some(Fail), None),
        (Some(Inconclusive), Some(Error), None),
        (None, Some(NotApplicable), None),
        (Some(NotApplicable), None, None),
    ];
    for (old, new, kind) in table {
        let one = |verdict: Option<Verdict>| {
            verdict
                .into_iter()
                .map(|verdict| case("a/b", verdict, Some("why")))
                .collect()
        };
        let comparison = compare(&record("1", one(old)), &record("1", one(new)));
        assert_eq!(
            comparison.cases.first().map(|case| case.kind),
            kind,
            "{old:?} {new:?}"
        );
        let stops = matches!(kind, Some(NewFailure | LostVerdict));
        assert_eq!(comparison.regressions() > 0, stops, "{old:?} {new:?}");
    }
}

#[test]
fn a_record_is_the_same_as_itself() {
    let same = record(
        "1",
        vec![
            case("a/b", Verdict::Pass, None),
            case("a/c", Verdict::Fail, Some("r")),
        ],
    );
    let comparison = compare(&same, &same);
    assert!(comparison.cases.is_empty() && comparison.facts.is_empty());
    assert_eq!((comparison.same_cases, comparison.regressions()), (2, 0));
    assert!(
        terminal(&comparison, TerminalOptions::default())
            .ends_with("nothing changed, the same: 2\n")
    );
}

#[test]
fn a_failure_that_a_waiver_accepts_stops_no_gate() {
    let mut waived = case("a/b", Verdict::Fail, Some("r"));
    waived.waiver = Some(Waiver {
        reason: "ticket".into(),
        owner: "o".into(),
        expires: None,
        firmware: None,
        state: WaiverState::Applied,
    });
    let comparison = compare(
        &record("1", vec![case("a/b", Verdict::Pass, None)]),
        &record("2", vec![waived]),
    );
    assert_eq!(kinds(&comparison), [("a/b", CaseChangeKind::NewlyWaived)]);
    assert_eq!(comparison.regressions(), 0);
}

#[test]
fn a_narrower_filter_takes_no_verdict_away() {
    let old = record("1", vec![case("a/b", Verdict::Pass, None)]);
    let mut new = record("1", vec![case("a/c", Verdict::Pass, None)]);
    new.options.filters.push("a/c".into());
    let comparison = compare(&old, &new);
    assert_eq!(comparison.not_selected, 1);
    assert_eq!(comparison.regressions(), 0);
}

#[test]
fn an_oddity_is_new_by_its_code_not_by_its_text() {
    let with = |code: &str, text: &str| {
        let mut case = case("a/b", Verdict::Pass, None);
        case.findings.push(Finding {
            code: code.into(),
            text: text.into(),
            clause: None,
            frame: None,
            count: 1,
        });
        record("1", vec![case])
    };
    let old = with("ber-long-length", "at 12");
    assert!(
        compare(&old, &with("ber-long-length", "at 14"))
            .cases
            .is_empty()
    );
    let comparison = compare(&old, &with("boolean-true", "is 0x01"));
    assert_eq!(kinds(&comparison), [("a/b", CaseChangeKind::NewFinding)]);
}

#[test]
fn a_capability_that_worked_and_fails_is_lost() {
    let with = |verdict| {
        let mut record = record("1", vec![case("a/b", verdict, Some("r"))]);
        record.capabilities.push(Capability {
            id: "S5".into(),
            name: "GetDataValues".into(),
            kind: CapabilityKind::AcsiService,
            part_of: None,
            required: None,
            claimed: Some(Statement::flag(true)),
            announced: None,
            described: None,
            probed: None,
            unprobed: None,
            cases: vec!["a/b".into()],
            shown_by: Vec::new(),
        });
        record
    };
    let (good, bad) = (with(Verdict::Pass), with(Verdict::Fail));
    let lost = compare(&good, &bad);
    assert_eq!(lost.capabilities[0].kind, CapabilityChangeKind::Lost);
    assert_eq!(lost.capabilities[0].new, "claimed yes, failing");
    assert_eq!(lost.regressions(), 2);
    assert_eq!(
        compare(&bad, &good).capabilities[0].kind,
        CapabilityChangeKind::Gained
    );
}

#[test]
fn device_text_stays_text_in_every_form() {
    let old = record("1", vec![case("a/b", Verdict::Pass, None)]);
    let new = record(
        "<script>\u{1b}[2J",
        vec![case("a/b", Verdict::Fail, Some("got <b>|\u{1b}[1m"))],
    );
    let comparison = compare(&old, &new);
    let text = terminal(&comparison, TerminalOptions::default());
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.contains("revision  1 -> <script>\\x1b[2J"), "{text}");
    let page = markdown(&comparison);
    assert!(
        !page.contains("<script>") && !page.contains('\u{1b}'),
        "{page}"
    );
}

#[test]
fn what_was_measured_otherwise_is_told_and_stops_nothing() {
    use crate::case::Measurement;
    let with = |values: &[f64]| {
        let mut case = case("a", Verdict::Pass, None);
        case.measurements = values
            .iter()
            .map(|value| Measurement {
                name: "delay <b>".into(),
                value: *value,
                unit: "ms".into(),
                at_ms: None,
            })
            .collect();
        record("1", vec![case])
    };
    let comparison = compare(&with(&[100.0, 110.0, 400.0]), &with(&[210.0, 220.0, 230.0]));
    assert_eq!(
        (comparison.measurements.len(), comparison.regressions()),
        (1, 0)
    );
    let text = terminal(&comparison, TerminalOptions::default());
    assert!(
        text.contains("delay <b>: 110 ms -> 220 ms (+100 %)"),
        "{text}"
    );
    assert!(
        text.contains("210 to 230 ms in 3 measurements, before 100 to 400 ms"),
        "{text}"
    );
    assert!(
        text.ends_with("measured otherwise: 1, the same: 1\n"),
        "{text}"
    );
    assert!(markdown(&comparison).contains("| 110 ms | 220 ms | +100 % |"));
    let page = html(&comparison).unwrap();
    assert!(
        page.contains("delay &lt;b&gt;") && page.contains("+100 %"),
        "{page}"
    );
    let same = compare(&with(&[100.0]), &with(&[120.0]));
    assert_eq!((same.measurements.len(), same.same_measurements), (0, 1));
}

#[test]
fn the_page_shows_both_runs_side_by_side_and_escapes_what_devices_say() {
    let old = record("1", vec![case("a", Verdict::Pass, None)]);
    let new = record(
        "<2>",
        vec![case("a", Verdict::Fail, Some("<script>x</script>"))],
    );
    let page = html(&compare(&old, &new)).unwrap();
    assert!(page.contains("new failures (1)") && page.contains("got worse"));
    assert!(
        page.contains("&lt;script&gt;") && !page.contains("<script"),
        "{page}"
    );
    assert!(
        page.contains("<td>revision</td><td>1</td><td>&lt;2&gt;</td>"),
        "{page}"
    );
}
