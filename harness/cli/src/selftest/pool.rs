//! Several threads judge what there is to judge.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use iedassay_sim::Fault;

use super::subjects::{Outcome, Subjects};
use super::watchdog::{LIMIT, Watchdog};

/// One case on an IED without a fault, or some of its instances on an IED with one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    /// Which of the subjects.
    pub(crate) case: usize,
    pub(crate) with: Option<With>,
}

/// A fault, and what is judged on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct With {
    pub(crate) fault: Fault,
    /// Instances of the case, as its plan numbers them; all where there is no list.
    pub(crate) instances: Option<Vec<usize>>,
}

impl Job {
    /// The fault of the IED.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.with.as_ref().map(|with| with.fault)
    }
}

/// Does all jobs, about in their order, and hands each outcome to `done` as it comes.
pub(crate) fn judge_all(
    subjects: &Subjects,
    jobs: &[Job],
    threads: NonZeroUsize,
    mut done: impl FnMut(&Job, Outcome),
) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (sender, outcomes) = mpsc::channel();
        for _ in 0..threads.get().min(jobs.len()) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                let watchdog = Watchdog::start(scope, LIMIT);
                while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let Some(case) = subjects.cases().get(job.case) else {
                        continue;
                    };
                    let outcome =
                        watchdog.guard(|give_up| subjects.judge(case, job.with.as_ref(), give_up));
                    if sender.send((job, outcome)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (job, outcome) in outcomes {
            done(job, outcome);
        }
    });
}
