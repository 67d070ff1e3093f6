//! What happened in one case, as it is collected step by step; the verdict is made from it.

use std::time::Duration;

use iedassay_reports::{
    Answered, CaseRecord, Finding, Happening, Measurement, Moment, Phase, StepOutcome, StepRecord,
    millis,
};
use tokio::time::Instant;

use crate::event::{Emitter, Event};
use crate::runner::exhibit::{Exhibit, together};
use crate::verdict::{Incident, IncidentKind, Verdict, combine, was_stopped, worth_another_try};

/// Steps beyond this many are counted but not recorded: a `repeat` must not fill the memory.
const MAX_STEPS: usize = 2_000;

/// Measurements beyond this many are counted but not recorded.
const MAX_MEASUREMENTS: usize = 1_000;

/// Moments beyond this many are counted but not recorded.
const MAX_MOMENTS: usize = 2_500;

/// Something that went wrong in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// What kind; with the phase it decides the verdict.
    pub(crate) kind: IncidentKind,
    /// What would have been right; alternatives.
    pub(crate) expected: Vec<String>,
    /// What was there instead, in a sentence.
    pub(crate) observed: String,
    /// The bytes.
    pub(crate) exhibit: Exhibit,
}

impl Trouble {
    pub(crate) fn new(kind: IncidentKind, observed: impl Into<String>) -> Self {
        Self {
            kind,
            expected: Vec::new(),
            observed: observed.into(),
            exhibit: Exhibit::default(),
        }
    }

    pub(crate) fn expectation(expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Self {
            expected: vec![expected.into()],
            ..Self::new(IncidentKind::Expectation, observed)
        }
    }

    pub(crate) fn suite(observed: impl Into<String>) -> Self {
        Self::new(IncidentKind::Suite, observed)
    }

    pub(crate) fn harness(observed: impl Into<String>) -> Self {
        Self::new(IncidentKind::Harness, observed)
    }

    pub(crate) fn with(mut self, exhibit: Exhibit) -> Self {
        self.exhibit = exhibit;
        self
    }
}

/// A step under way.
#[derive(Debug)]
struct OpenStep {
    phase: Phase,
    verb: String,
    text: String,
    line: Option<u32>,
    /// What the suite says when the step fails.
    why: Option<String>,
    started: Instant,
    troubles: Vec<Trouble>,
}

/// The log of one case.
pub(crate) struct CaseLog {
    key: String,
    emitter: Emitter,
    started: Instant,
    open: Vec<OpenStep>,
    steps: Vec<StepRecord>,
    dropped_steps: usize,
    incidents: Vec<Incident>,
    findings: Vec<Finding>,
    measurements: Vec<Measurement>,
    dropped_measurements: usize,
    moments: Vec<Moment>,
    dropped_moments: usize,
    answers: Vec<Answered>,
    checks: usize,
    demanded: Duration,
}

impl CaseLog {
    pub(crate) fn new(key: String, emitter: Emitter) -> Self {
        Self {
            key,
            emitter,
            started: Instant::now(),
            open: Vec::new(),
            steps: Vec::new(),
            dropped_steps: 0,
            incidents: Vec::new(),
            findings: Vec::new(),
            measurements: Vec::new(),
            dropped_measurements: 0,
            moments: Vec::new(),
            dropped_moments: 0,
            answers: Vec::new(),
            checks: 0,
            demanded: Duration::ZERO,
        }
    }

    /// Begins a step; steps nest (`repeat`, `if`).
    pub(crate) fn begin(
        &mut self,
        phase: Phase,
        verb: &str,
        text: String,
        line: Option<u32>,
        why: Option<String>,
    ) {
        self.emitter.emit(&Event::StepStarted {
            key: self.key.clone(),
            phase,
            verb: verb.to_owned(),
            text: text.clone(),
        });
        let started = Instant::now();
        self.open.push(OpenStep {
            phase,
            verb: verb.to_owned(),
            text,
            line,
            why,
            started,
            troubles: Vec::new(),
        });
    }

    /// Says more about the open step, once its variables are resolved.
    pub(crate) fn describe(&mut self, text: impl Into<String>) {
        if let Some(step) = self.open.last_mut() {
            step.text = text.into();
        }
    }

    /// An expectation about the server was evaluated, whatever its result. Only the body counts.
    pub(crate) fn checked(&mut self) {
        if self
            .open
            .last()
            .is_some_and(|step| step.phase == Phase::Body)
        {
            self.checks += 1;
        }
    }

    /// Records trouble in the open step.
    pub(crate) fn trouble(&mut self, trouble: Trouble) {
        let phase = self.open.last().map_or(Phase::Body, |step| step.phase);
        let verb = self.open.last().map_or("case", |step| step.verb.as_str());
        let reason = match trouble.expected.as_slice() {
            [] => format!("{verb}: {}", trouble.observed),
            expected => format!(
                "{verb}: expected {}, observed {}",
                expected.join(" or "),
                trouble.observed
            ),
        };
        let why = self.open.last().and_then(|step| step.why.as_deref());
        let reason = match why {
            Some(why) => format!("{why} ({reason})"),
            None => reason,
        };
        self.incidents.push(Incident {
            phase,
            kind: trouble.kind,
            reason,
        });
        if let Some(step) = self.open.last_mut() {
            step.troubles.push(trouble);
        }
    }

    /// Ends the open step and records it.
    pub(crate) fn end(&mut self) {
        let Some(step) = self.open.pop() else { return };
        let outcome = step_outcome(step.phase, &step.troubles);
        self.record(step, outcome);
    }

    /// Ends every step that is still open: the case was cut short.
    pub(crate) fn end_all(&mut self) {
        while !self.open.is_empty() {
            self.end();
        }
    }

    fn record(&mut self, step: OpenStep, outcome: StepOutcome) {
        let exhibits: Vec<&Exhibit> = step
            .troubles
            .iter()
            .map(|t| &t.exhibit)
            .filter(|exhibit| !exhibit.is_empty())
            .collect();
        let exhibit = together(&exhibits);
        let observed: Vec<&str> = step.troubles.iter().map(|t| t.observed.as_str()).collect();
        let record = StepRecord {
            phase: step.phase,
            verb: step.verb,
            text: step.text,
            outcome,
            expected: step
                .troubles
                .iter()
                .flat_map(|t| t.expected.clone())
                .collect(),
            observed: (!observed.is_empty()).then(|| observed.join("; ")),
            pdu: exhibit.pdu(),
            bytes: exhibit.bytes(),
            marks: exhibit.marks().to_vec(),
            frame: exhibit.frame,
            line: step.line,
            started_ms: millis(step.started.duration_since(self.started)),
            duration_ms: millis(step.started.elapsed()),
        };
        self.emitter.emit(&Event::StepFinished {
            key: self.key.clone(),
            step: Box::new(record.clone()),
        });
        if self.steps.len() < MAX_STEPS || outcome.decides() {
            self.steps.push(record);
        } else {
            self.dropped_steps += 1;
        }
    }

    /// Records something legal but odd. The same code with the same text is counted, not repeated.
    pub(crate) fn finding(&mut self, finding: Finding) {
        let known = self
            .findings
            .iter_mut()
            .find(|f| f.code == finding.code && f.text == finding.text);
        if let Some(known) = known {
            known.count = known.count.saturating_add(1);
            return;
        }
        self.emitter.emit(&Event::FindingMade {
            key: self.key.clone(),
            finding: finding.clone(),
        });
        self.findings.push(finding);
    }

    /// Records a number that was measured now.
    pub(crate) fn measurement(&mut self, name: String, value: f64, unit: String) {
        if self.measurements.len() >= MAX_MEASUREMENTS {
            self.dropped_measurements += 1;
            return;
        }
        self.measurements.push(Measurement {
            name,
            value,
            unit,
            at_ms: Some(millis(self.started.elapsed())),
        });
    }

    /// Something happened that a picture shows.
    pub(crate) fn moment(&mut self, at: Instant, of: impl Into<String>, what: Happening) {
        if self.moments.len() >= MAX_MOMENTS {
            self.dropped_moments += 1;
            return;
        }
        self.moments.push(Moment {
            at_ms: millis(at.saturating_duration_since(self.started)),
            of: of.into(),
            what,
        });
    }

    /// A person answered.
    pub(crate) fn answered(&mut self, answered: Answered) {
        self.answers.push(answered);
    }

    /// The id of the case, without its instance.
    pub(crate) fn case(&self) -> &str {
        self.key.split('[').next().unwrap_or(&self.key)
    }

    /// The case demanded to wait this long, whatever the server does.
    pub(crate) fn demanded(&mut self, wait: Duration) {
        self.demanded += wait;
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    /// Whether anything has been recorded that forces a verdict other than pass.
    pub(crate) fn is_decided(&self) -> bool {
        self.incidents
            .iter()
            .any(|incident| incident.forces().is_some())
    }

    /// Whether another try of a case that did not pass can come to something else.
    pub(crate) fn worth_another_try(&self) -> bool {
        worth_another_try(&self.incidents, self.checks)
    }

    /// The record of the case: `head` with everything that happened filled in. Steps still open are ended.
    pub(crate) fn into_record(mut self, head: CaseRecord, run_started: Instant) -> CaseRecord {
        self.end_all();
        let judged = combine(&self.incidents, self.checks);
        for (dropped, what) in [
            (self.dropped_steps, "steps"),
            (self.dropped_measurements, "measurements"),
            (self.dropped_moments, "moments of its picture"),
        ] {
            if dropped > 0 {
                self.steps.push(StepRecord {
                    verb: "note".into(),
                    text: format!("{dropped} more {what} are not recorded"),
                    outcome: StepOutcome::Skipped,
                    ..StepRecord::default()
                });
            }
        }
        CaseRecord {
            stopped: judged.verdict == Verdict::Inconclusive && was_stopped(&self.incidents),
            verdict: judged.verdict,
            reason: judged.reason,
            findings: self.findings,
            measurements: self.measurements,
            moments: self.moments,
            answers: self.answers,
            steps: self.steps,
            checks: u32::try_from(self.checks).unwrap_or(u32::MAX),
            started_ms: millis(self.started.saturating_duration_since(run_started)),
            duration_ms: millis(self.started.elapsed()),
            demanded_wait_ms: millis(self.demanded),
            ..head
        }
    }
}

/// How a step ended: the worst of its troubles, seen from its phase.
fn step_outcome(phase: Phase, troubles: &[Trouble]) -> StepOutcome {
    let outcome = |trouble: &Trouble| match trouble.kind {
        IncidentKind::Suite | IncidentKind::Harness => StepOutcome::Error,
        IncidentKind::Expectation | IncidentKind::LostByServer if phase == Phase::Body => {
            StepOutcome::Failed
        }
        _ => StepOutcome::Inconclusive,
    };
    let rank = |outcome: &StepOutcome| match outcome {
        StepOutcome::Ok | StepOutcome::Skipped => 0,
        StepOutcome::Inconclusive => 1,
        StepOutcome::Failed => 2,
        StepOutcome::Error => 3,
    };
    troubles
        .iter()
        .map(outcome)
        .max_by_key(rank)
        .unwrap_or(StepOutcome::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    fn log() -> (CaseLog, Arc<Mutex<Vec<Event>>>) {
        let events = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&events);
        let sink = move |event: &Event| seen.lock().unwrap().push(event.clone());
        (
            CaseLog::new("a/b".into(), Emitter::new(Box::new(sink))),
            events,
        )
    }

    fn finish(log: CaseLog) -> CaseRecord {
        let started = log.started();
        log.into_record(
            CaseRecord {
                id: "a/b".into(),
                ..CaseRecord::default()
            },
            started,
        )
    }

    #[tokio::test(start_paused = true)]
    async fn soft_failures_of_a_step_are_kept_together_and_fail_the_case() {
        let (mut log, events) = log();
        log.begin(Phase::Body, "read", "read x".into(), Some(7), None);
        log.checked();
        log.trouble(Trouble::expectation("x == 1", "x is 2"));
        log.checked();
        log.trouble(Trouble::expectation("y == 1", "y is 3"));
        tokio::time::advance(Duration::from_millis(5)).await;
        log.end();
        let record = finish(log);
        assert_eq!((record.verdict, record.checks), (Verdict::Fail, 2));
        assert_eq!(
            record.reason.as_deref(),
            Some("read: expected x == 1, observed x is 2 (and 1 more)")
        );
        let step = &record.steps[0];
        assert_eq!(step.outcome, StepOutcome::Failed);
        assert_eq!(step.observed.as_deref(), Some("x is 2; y is 3"));
        assert_eq!((step.line, step.duration_ms), (Some(7), 5.0));
        assert_eq!(events.lock().unwrap().len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_oddity_is_counted_and_told_once() {
        let (mut log, events) = log();
        for _ in 0..3 {
            log.finding(Finding {
                code: "ber-long-length".into(),
                text: "long length".into(),
                clause: None,
                frame: None,
                count: 1,
            });
        }
        assert_eq!(events.lock().unwrap().len(), 1);
        assert_eq!(finish(log).findings[0].count, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn checks_of_the_setup_do_not_count() {
        let (mut log, _) = log();
        log.begin(Phase::Setup, "read", String::new(), None, None);
        log.checked();
        log.end();
        assert_eq!(finish(log).verdict, Verdict::Error);
    }

    #[tokio::test(start_paused = true)]
    async fn a_step_cut_short_is_still_recorded() {
        let (mut log, _) = log();
        log.begin(Phase::Body, "wait", "wait 1s".into(), None, None);
        log.trouble(Trouble::new(
            IncidentKind::Budget,
            "the time of the case ran out",
        ));
        let record = finish(log);
        assert_eq!(record.verdict, Verdict::Inconclusive);
        assert_eq!(record.steps.len(), 1);
    }
}
