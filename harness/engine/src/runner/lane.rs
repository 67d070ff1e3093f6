//! The cases of a run on their way: which run at the same time, and what comes of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use iedassay_reports::{Attempt, CaseRecord, Parallel, Verdict, millis};
use tokio::task::JoinSet;

use super::earlier::Earlier;
use super::execute::{Finished, Instance, run_case};
use super::head::head;
use super::run::Runner;
use super::shared::Shared;
use super::tries::Tries;
use crate::cel::Value;
use crate::event::{Emitter, Event};
use crate::plan::{Chain, Ground, Job, Limits, Plan, PlannedCase, Queue, chain};

/// Why a run ends before its plan is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Early {
    /// It was cancelled.
    Interrupted,
    /// The target went away, or the time is over.
    Lost(&'static str),
}

/// Cases that wait, that run, and that have run.
pub(super) struct Lane {
    queue: Queue,
    limits: Limits,
    /// What each case touches and waits for; only when several may run at the same time.
    jobs: Vec<Job>,
    keys: Vec<String>,
    running: JoinSet<(usize, Finished)>,
    /// Cases beside which another one has run.
    beside: BTreeSet<usize>,
    tries: Tries,
    emitter: Emitter,
}

impl Lane {
    pub(super) fn new(runner: &Runner, planned: &Plan) -> Self {
        let shared = &runner.shared;
        let keys: Vec<String> = planned.to_run().map(|(case, _)| case.key()).collect();
        let limits = Limits::of(&shared.target, runner.input.jobs);
        let jobs = if limits.jobs > 1 {
            let ground = Ground {
                model: &shared.model,
                target: &shared.target,
                globals: &planned.globals,
            };
            planned.jobs(&ground, &runner.input.known_waits)
        } else {
            vec![Job::default(); keys.len()]
        };
        let mut lane = Self {
            queue: Queue::new(jobs.clone(), limits),
            limits,
            jobs,
            keys,
            running: JoinSet::new(),
            beside: BTreeSet::new(),
            tries: Tries::new(runner.input.options.retries),
            emitter: shared.emitter.clone(),
        };
        if let Some(parallel) = lane.told(lane.queue.chain()) {
            lane.emitter.emit(&Event::RanParallel(parallel));
        }
        if let Some(earlier) = &runner.input.earlier {
            lane.go_on(earlier);
        }
        lane
    }

    /// Leaves out what has its verdict from before; what was to be tried again comes last.
    fn go_on(&mut self, earlier: &Earlier) {
        let decided = earlier.decided(&self.keys);
        for (job, key) in self.keys.iter().enumerate() {
            let Some(record) = decided.get(key) else {
                continue;
            };
            if self.tries.left(record) {
                self.tries.take_up(job, (*record).clone());
                self.queue.repeat_alone(job);
            } else {
                self.queue.leave_out(job);
            }
        }
    }

    /// Nothing more is begun.
    pub(super) fn stop(&mut self) {
        self.queue.stop();
    }

    /// Begins every case that may run now.
    pub(super) fn fill(&mut self, shared: &Arc<Shared>, planned: &Plan) {
        while let Some(job) = self.queue.start() {
            let Some((case, bindings)) = planned.to_run().nth(job) else {
                self.queue.finished(job);
                continue;
            };
            if self.queue.running().len() > 1 {
                self.beside.extend(self.queue.running());
            }
            self.begin(shared, planned, job, case, bindings);
        }
    }

    fn begin(
        &mut self,
        shared: &Arc<Shared>,
        planned: &Plan,
        job: usize,
        case: &PlannedCase,
        bindings: &[(String, Value)],
    ) {
        let head = head(&shared.sources, case);
        let mut scope = planned.globals.clone();
        for (name, value) in bindings {
            scope.set(name.clone(), value.clone());
        }
        self.emitter.emit(&Event::CaseStarted {
            key: head.key(),
            title: head.title.clone(),
            number: job + 1,
            of: self.keys.len(),
        });
        let shared = Arc::clone(shared);
        let instance = Instance {
            case: Arc::clone(&case.case),
            scope,
            head,
        };
        self.running
            .spawn(async move { (job, run_case(&shared, &instance).await) });
    }

    /// Waits for the next case to come to its end; `None` when none runs.
    pub(super) async fn next(&mut self) -> Option<(usize, Finished)> {
        match self.running.join_next().await? {
            Ok((job, finished)) => {
                self.queue.finished(job);
                Some((job, finished))
            }
            Err(error) => match error.try_into_panic() {
                // A panic is a mistake of the harness and ends the run as it would without tasks.
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => None,
            },
        }
    }

    /// Whether a case did not pass beside others and has to run once more by itself: what comes of it then is its verdict. A
    /// false alarm from interference is worse than a longer run.
    pub(super) fn needs_to_be_alone(&self, job: usize, verdict: Verdict) -> bool {
        let good = matches!(verdict, Verdict::Pass | Verdict::NotApplicable);
        !good && self.beside.contains(&job) && !self.tries.was_repeated(job)
    }

    /// Lets a case run once more by itself, after this try beside others.
    pub(super) fn repeat_alone(&mut self, job: usize, beside: &CaseRecord) {
        self.tries.beside(job, beside);
        self.queue.repeat_alone(job);
    }

    /// What all tries of a case have come to, this one included.
    pub(super) fn decided(&mut self, job: usize, record: CaseRecord) -> CaseRecord {
        self.tries.decided(job, record)
    }

    /// What came of a case beside others, when that is not its verdict.
    pub(super) fn was_beside(&self, job: usize) -> Option<&Attempt> {
        self.tries.was_beside(job)
    }

    /// Lets a case that did not pass run again by itself, when everything else is done, as often as the run was asked to.
    pub(super) fn tries_again(&mut self, job: usize, record: &CaseRecord) {
        if self.tries.left(record) {
            self.queue.repeat_alone(job);
        }
    }

    /// What the evidence of the try that has come to its end is called.
    pub(super) fn evidence_name(&self, job: usize, key: &str) -> String {
        self.tries.name(job, key)
    }

    /// Notes the waits that a case did demand.
    pub(super) fn waited(&mut self, job: usize, demanded_ms: f64) {
        if let Some(job) = self.jobs.get_mut(job) {
            job.wait = Duration::try_from_secs_f64(demanded_ms / 1000.0).unwrap_or(job.wait);
        }
    }

    /// How the cases ran at the same time, and the longest chain of the waits that they demanded; `None` when one ran after the
    /// other.
    pub(super) fn summary(&self) -> Option<Parallel> {
        if self.limits.jobs <= 1 {
            return None;
        }
        self.told(&chain(&self.jobs))
    }

    fn told(&self, chain: &Chain) -> Option<Parallel> {
        let key = |job: &usize| self.keys.get(*job).cloned();
        (self.limits.jobs > 1).then(|| Parallel {
            jobs: self.limits.jobs,
            associations: self.limits.associations,
            chain: chain.jobs.iter().filter_map(key).collect(),
            chain_wait_ms: millis(chain.wait),
        })
    }
}
