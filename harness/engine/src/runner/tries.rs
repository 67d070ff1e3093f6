//! What has come of each case of a run so far, when it is tried more than once.

use std::collections::BTreeMap;

use iedassay_reports::{Attempt, Because, CaseRecord};

/// The tries of the cases, each case by its place in the plan.
#[derive(Debug, Default)]
pub(super) struct Tries {
    /// How often a case that did not pass is tried again.
    retries: u32,
    /// What came of the try beside others of those that are repeated by themselves.
    beside: BTreeMap<usize, Attempt>,
    /// What the tries by themselves have come to.
    sofar: BTreeMap<usize, CaseRecord>,
}

impl Tries {
    pub(super) fn new(retries: u32) -> Self {
        Self {
            retries,
            ..Self::default()
        }
    }

    /// Takes up what an earlier run left of a case that was to be tried again.
    pub(super) fn take_up(&mut self, job: usize, record: CaseRecord) {
        self.sofar.insert(job, record);
    }

    pub(super) fn was_repeated(&self, job: usize) -> bool {
        self.beside.contains_key(&job)
    }

    /// Keeps what came of a case beside others, which is not its verdict.
    pub(super) fn beside(&mut self, job: usize, record: &CaseRecord) {
        let attempt = Attempt::of(record, Because::BesideOthers);
        self.beside.insert(job, attempt);
    }

    /// What came of a case beside others, when that is not its verdict.
    pub(super) fn was_beside(&self, job: usize) -> Option<&Attempt> {
        self.beside.get(&job)
    }

    /// What all tries of a case have come to, this one included.
    pub(super) fn decided(&mut self, job: usize, mut record: CaseRecord) -> CaseRecord {
        let all = match self.sofar.remove(&job) {
            Some(earlier) => earlier.tried_again(record),
            None => {
                record.attempts.extend(self.beside.get(&job).cloned());
                record
            }
        };
        self.sofar.insert(job, all.clone());
        all
    }

    /// What evidence of the next try is called.
    pub(super) fn name(&self, job: usize, key: &str) -> String {
        match self.sofar.get(&job) {
            Some(earlier) => format!("{key} try {}", earlier.retries().count() + 2),
            None => key.to_owned(),
        }
    }

    /// Whether another try of what has come to `record` is left.
    pub(super) fn left(&self, record: &CaseRecord) -> bool {
        has_tries_left(record, self.retries)
    }
}

/// Whether a case that has not passed has been tried less often than `retries` allows.
pub(super) fn has_tries_left(record: &CaseRecord, retries: u32) -> bool {
    use iedassay_reports::Verdict::{Fail, Inconclusive};
    matches!(record.verdict, Fail | Inconclusive)
        && record.retries().count() < usize::try_from(retries).unwrap_or(usize::MAX)
}
