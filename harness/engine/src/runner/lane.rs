//! The cases of a run on their way: which run at the same time, and what comes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use iedassay_reports::{CaseRecord, Parallel, Verdict, millis};
use tokio::task::JoinSet;

use super::execute::{Finished, Instance, run_case};
use super::head::head;
use super::run::Runner;
use super::shared::Shared;
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
    /// What came of the first try of those that are repeated by themselves.
    repeated: BTreeMap<usize, String>,
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
        let lane = Self {
            queue: Queue::new(jobs.clone(), limits),
            limits,
            jobs,
            keys,
            running: JoinSet::new(),
            beside: BTreeSet::new(),
            repeated: BTreeMap::new(),
            emitter: shared.emitter.clone(),
        };
        if let Some(parallel) = lane.told(lane.queue.chain()) {
            lane.emitter.emit(&Event::RanParallel(parallel));
        }
        lane
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

    /// Lets a case that did not pass beside others run once more by itself: what comes of it then is its verdict. A false
    /// alarm from interference is worse than a longer run.
    pub(super) fn repeats_alone(&mut self, job: usize, verdict: Verdict) -> bool {
        let good = matches!(verdict, Verdict::Pass | Verdict::NotApplicable);
        if good || !self.beside.contains(&job) || self.repeated.contains_key(&job) {
            return false;
        }
        self.queue.repeat_alone(job);
        true
    }

    /// Remembers what came of the first try of a case that is repeated, and where its capture is.
    pub(super) fn note_first_try(
        &mut self,
        job: usize,
        record: &CaseRecord,
        capture: Option<String>,
    ) {
        let reason = record.reason.as_deref().unwrap_or_default();
        let seen = capture.map_or(String::new(), |file| format!(", {file}"));
        self.repeated
            .insert(job, format!("{} ({reason}){seen}", record.verdict.name()));
    }

    /// What came of the first try of a case that was repeated.
    pub(super) fn first_try(&self, job: usize) -> Option<String> {
        self.repeated.get(&job).cloned()
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
