//! One case from its first step to its verdict: setup, body, cleanup, putting back.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use iedassay_client::Disconnect;
use iedassay_client::capture::Capture;
use iedassay_reports::{CaseRecord, LeftBehind, Phase, Restored};
use iedassay_wire::association::ReleaseWay;
use tokio::time::{Instant, sleep, timeout};

use super::case_log::{CaseLog, Trouble};
use super::case_run::{CaseRun, MAIN, ms};
use super::shared::Shared;
use crate::cel::Scope;
use crate::safety::restore;
use crate::step::associate::associate_main;
use crate::step::{Flow, run_steps};
use crate::suite::{AssociateMain, Case};
use crate::verdict::IncidentKind;

/// How long putting back may take, whatever time the case itself had.
const RESTORE_LIMIT: Duration = Duration::from_secs(60);

/// Pauses before each attempt to open the default association.
const PAUSES: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_secs(2),
];

/// A case instance as the plan has it.
pub(crate) struct Instance {
    /// The case.
    pub(crate) case: Arc<Case>,
    /// What it sees before its first step: model, target, variables of `for-each`.
    pub(crate) scope: Scope,
    /// Its record, with everything the plan knows filled in.
    pub(crate) head: CaseRecord,
}

/// What a case leaves.
pub(crate) struct Finished {
    pub(crate) record: CaseRecord,
    pub(crate) left_behind: Vec<LeftBehind>,
    pub(crate) capture: Capture,
    /// Whether the default association came about, or the case had none.
    pub(crate) associated: bool,
    /// Whether another try of a case that did not pass may be made, and can come to something else.
    pub(crate) worth_another_try: bool,
}

/// Runs a case instance to its end, whatever happens.
pub(crate) async fn run_case(shared: &Shared, instance: &Instance) -> Finished {
    let log = CaseLog::new(instance.head.key(), shared.emitter.clone());
    let mut cx = CaseRun::new(shared, log, instance.scope.clone());
    let case = &instance.case;
    let limit = case
        .time_limit
        .map_or(shared.timeouts.case(), crate::cel::Millis::duration);

    let mut associated = true;
    let ended = within(shared, limit, judged_part(&mut cx, case, &mut associated)).await;
    match ended {
        Ended::Done => {}
        Ended::TimeUp => {
            let observed = format!("the time of the case ({}) ran out", ms(limit));
            cx.log.trouble(Trouble::new(IncidentKind::Budget, observed));
        }
        Ended::Cancelled => cx
            .log
            .trouble(Trouble::new(IncidentKind::Cancelled, "the run was stopped")),
    }
    cx.log.end_all();
    cx.readings.clear();

    // Also after a cancellation: what was changed is put back before the run ends.
    cx.phase = Phase::Restore;
    cx.clients.read_all();
    // Without an association the case has done nothing that its cleanup could undo.
    if associated {
        bounded(&mut cx, "cleanup", |cx| run_cleanup(cx, case)).await;
    }
    let restored = bounded(&mut cx, "putting back", |cx| Box::pin(restore(cx))).await;
    let (restored, left_behind) = restored.unwrap_or_else(|| {
        let why = format!("not done within {}", ms(RESTORE_LIMIT));
        let left = LeftBehind {
            case: instance.head.key(),
            what: "what the case changed".to_owned(),
            why,
        };
        (Restored::No, vec![left])
    });
    say_goodbye(&mut cx).await;
    cx.log.end_all();
    let capture = cx.capture.clone();
    // What is left changed on the device would be another case.
    let worth_another_try = restored != Restored::No && cx.log.worth_another_try();
    let mut record = cx.log.into_record(instance.head.clone(), shared.started);
    record.restored = restored;
    Finished {
        record,
        left_behind,
        capture,
        associated,
        worth_another_try,
    }
}

/// Everything that can decide the verdict.
async fn judged_part(cx: &mut CaseRun<'_>, case: &Case, associated: &mut bool) {
    cx.phase = Phase::Setup;
    if case.associate != Some(AssociateMain::Manual) {
        *associated = open_main(cx).await;
        if !*associated {
            return;
        }
    }
    if run_steps(cx, &case.setup).await == Flow::Stop || cx.log.is_decided() {
        return;
    }
    cx.phase = Phase::Body;
    run_steps(cx, &case.steps).await;
}

/// Opens the association `main`. A server may need a moment to free what the last case used.
async fn open_main(cx: &mut CaseRun<'_>) -> bool {
    cx.log.begin(
        Phase::Setup,
        "associate",
        "associate main".to_owned(),
        None,
        None,
    );
    let mut last = None;
    for pause in PAUSES {
        if !pause.is_zero() {
            cx.log.demanded(pause);
            sleep(pause).await;
        }
        match associate_main(cx, MAIN).await {
            Ok(()) => {
                if last.is_some() {
                    cx.finding(
                        "association-retried",
                        "the server needed a moment before it associated again",
                    );
                }
                cx.log.end();
                return true;
            }
            Err(trouble) => last = Some(trouble),
        }
    }
    if let Some(trouble) = last {
        cx.log.trouble(trouble);
    }
    cx.log.end();
    false
}

fn run_cleanup<'a>(cx: &'a mut CaseRun<'_>, case: &'a Case) -> Bounded<'a, Flow> {
    Box::pin(async move { run_steps(cx, &case.cleanup).await })
}

type Bounded<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Does a part of the end of a case within its limit; `None` when it did not come to an end.
async fn bounded<'r, T>(
    cx: &mut CaseRun<'r>,
    what: &str,
    work: impl for<'a> FnOnce(&'a mut CaseRun<'r>) -> Bounded<'a, T>,
) -> Option<T> {
    if let Ok(done) = timeout(RESTORE_LIMIT, work(cx)).await {
        cx.log.end_all();
        return Some(done);
    }
    let observed = format!("{what} did not end within {}", ms(RESTORE_LIMIT));
    cx.log.trouble(Trouble::new(IncidentKind::Budget, observed));
    cx.log.end_all();
    None
}

/// Releases every association and tells what was odd on them.
async fn say_goodbye(cx: &mut CaseRun<'_>) {
    let (slots, silent) = cx.clients.drain();
    for mut slot in slots {
        slot.pump();
        for strange in slot.strange.drain(..) {
            cx.finding("strange-pdu", strange);
        }
        if slot.inbox.dropped() > 0 {
            cx.finding(
                "report-storm",
                format!("{} reports that nobody waited for", slot.inbox.dropped()),
            );
        }
        if slot.client.ended().is_none() {
            // How a release goes is for the cases of association to judge.
            let _ = timeout(
                cx.shared.timeouts.release(),
                slot.client.release(ReleaseWay::default()),
            )
            .await;
        }
        for anomaly in slot.anomalies() {
            cx.finding("anomaly", anomaly.kind.to_string());
        }
    }
    for client in silent {
        let _ = timeout(
            cx.shared.timeouts.release(),
            client.disconnect(Disconnect::Close),
        )
        .await;
    }
}

/// How a bounded part of a case ended.
enum Ended {
    Done,
    TimeUp,
    Cancelled,
}

async fn within(shared: &Shared, limit: Duration, work: impl Future<Output = ()>) -> Ended {
    let deadline = Instant::now() + limit;
    tokio::select! {
        biased;
        () = work => Ended::Done,
        () = shared.cancel.cancelled() => Ended::Cancelled,
        () = sleep(deadline.saturating_duration_since(Instant::now())) => Ended::TimeUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::{CancelToken, cancellation};
    use crate::runner::testing::{case_of, case_that_associates, shared_with};
    use iedassay_reports::{StepOutcome, Verdict};

    async fn run(steps: &str) -> CaseRecord {
        run_cancellable(steps, CancelToken::never()).await
    }

    async fn run_cancellable(steps: &str, cancel: CancelToken) -> CaseRecord {
        let (case, sources) = case_of(steps);
        let shared = shared_with(sources, cancel);
        let head = CaseRecord {
            id: case.id.value.clone(),
            ..CaseRecord::default()
        };
        run_case(
            &shared,
            &Instance {
                case,
                scope: Scope::new(),
                head,
            },
        )
        .await
        .record
    }

    #[tokio::test(start_paused = true)]
    async fn checks_that_hold_pass_and_waits_cost_their_virtual_time() {
        let record = run("steps: [{wait: 90s}, {mark: m}, {assert: 'm.at == 90000'}]").await;
        assert_eq!(record.reason, None);
        assert_eq!((record.verdict, record.checks), (Verdict::Pass, 1));
        assert_eq!(
            (record.duration_ms, record.demanded_wait_ms),
            (90_000.0, 90_000.0)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_check_does_not_stop_the_case() {
        let record = run("steps: [{let: {n: '2'}}, {assert: {that: 'n == 3', why: three is needed}}, {assert: 'n == 2'}]").await;
        assert_eq!((record.verdict, record.checks), (Verdict::Fail, 2));
        assert_eq!(
            record.reason.as_deref(),
            Some("three is needed (assert: expected n == 3, observed n is 2)")
        );
        assert_eq!(record.steps[1].outcome, StepOutcome::Failed);
        assert_eq!(record.steps[2].outcome, StepOutcome::Ok);
        assert_eq!(record.steps[1].line, Some(9));
    }

    #[tokio::test(start_paused = true)]
    async fn a_case_that_finds_no_server_is_inconclusive_also_with_a_cleanup() {
        let write = "{write: {ref: 'X/LLN0.Mod.stVal[ST]', value: '1'}}";
        let (case, sources) =
            case_that_associates(&format!("steps: [{write}]\n    cleanup: [{write}]"));
        let instance = Instance {
            case,
            scope: Scope::new(),
            head: CaseRecord::default(),
        };
        let shared = shared_with(sources, CancelToken::never());
        let finished = run_case(&shared, &instance).await;
        assert_eq!(finished.record.verdict, Verdict::Inconclusive);
        assert!(!finished.associated);
    }

    #[tokio::test(start_paused = true)]
    async fn what_fails_in_the_setup_is_inconclusive_and_stops() {
        let record = run("setup: [{assert: '1 == 2'}]\n    steps: [{assert: 'true'}]").await;
        assert_eq!(record.verdict, Verdict::Inconclusive);
        assert_eq!(record.steps.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn rounds_bind_what_their_steps_bind() {
        let steps = "steps:
      - repeat: {times: 3, index: i, every: 1s, as: rounds, steps: [{let: {double: 'i * 2'}}]}
      - for-each: {each: x, in: '[5, 7]', as: items, steps: [{let: {y: 'x + 1'}}]}
      - assert: ['rounds.map(r, r.double) == [0, 2, 4]', 'items.map(r, r.y) == [6, 8]']
      - if: {when: 'size(rounds) == 3', then: [{assert: 'true'}], else: [{assert: 'false'}]}";
        let record = run(steps).await;
        assert_eq!(record.reason, None);
        assert_eq!(
            (record.verdict, record.checks, record.demanded_wait_ms),
            (Verdict::Pass, 3, 2_000.0)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn until_that_never_comes_fails_within_its_limit() {
        let steps =
            "steps: [{repeat: {until: 'now < 0', every: 1s, within: 10s, steps: [{mark: m}]}}]";
        let record = run(steps).await;
        assert_eq!(record.verdict, Verdict::Fail);
        assert_eq!(record.duration_ms, 10_000.0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_case_that_hangs_ends_with_its_time() {
        let record = run(
            "time-limit: 5s\n    steps: [{wait: 1h}, {assert: 'true'}]\n    cleanup: [{wait: 1s}]",
        )
        .await;
        assert_eq!(record.verdict, Verdict::Inconclusive);
        assert_eq!(
            record.reason.as_deref(),
            Some("wait: the time of the case (5000 ms) ran out")
        );
        assert_eq!(record.duration_ms, 6_000.0, "cleanup is done all the same");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stopped_run_ends_the_case_at_once_and_cleans_up() {
        let (handle, token) = cancellation();
        tokio::spawn(async move {
            sleep(Duration::from_secs(2)).await;
            handle.cancel();
        });
        let record = run_cancellable("steps: [{wait: 1h}]\n    cleanup: [{wait: 1s}]", token).await;
        assert_eq!(
            (record.verdict, record.duration_ms),
            (Verdict::Inconclusive, 3_000.0)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_expression_that_cannot_be_evaluated_is_an_error_of_the_suite() {
        let record = run("steps: [{assert: '1 + true == 2'}]").await;
        assert_eq!(record.verdict, Verdict::Error);
        let record = run("steps: [{let: {m: '{\"a\": 1}'}}, {assert: 'm.b == 2'}]").await;
        assert_eq!(
            record.verdict,
            Verdict::Fail,
            "what is missing in data is the server's"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_measured_stands_in_the_record_and_judges_nothing() {
        let record = run(
            "steps: [{mark: t}, {wait: 250ms}, {measure: {name: pause, value: 'now - t.at', unit: ms}}, {measure: {name: share, value: '1.0 / 4.0', when: 'now > 0'}}, {measure: {name: never, value: '1', when: 'now < 0'}}]",
        )
        .await;
        assert_eq!(record.verdict, Verdict::Error, "nothing was checked");
        let measured = |name: &str, value, unit: &str| iedassay_reports::Measurement {
            name: name.into(),
            value,
            unit: unit.into(),
            at_ms: Some(250.0),
        };
        assert_eq!(
            record.measurements,
            [measured("pause", 250.0, "ms"), measured("share", 0.25, "")]
        );
        let record = run("steps: [{measure: {name: x, value: '1.0 / 0.0'}}]").await;
        assert_eq!(record.verdict, Verdict::Error);
        assert!(record.measurements.is_empty());
        let record =
            run("steps: [{repeat: {times: 1002, steps: [{measure: {name: x, value: '1'}}]}}]")
                .await;
        assert_eq!(record.measurements.len(), 1000);
        assert_eq!(
            record.steps.last().map(|step| step.text.as_str()),
            Some("2 more measurements are not recorded")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_note_is_a_finding_and_no_check() {
        let record = run("steps: [{note: 'odd'}]").await;
        assert_eq!(record.verdict, Verdict::Error);
        assert_eq!(record.findings[0].text, "odd");
    }
}
