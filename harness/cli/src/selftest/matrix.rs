//! What came of a proof, and what is missing in it.

use std::collections::{BTreeMap, BTreeSet};

use iedassay_reports::Verdict;
use iedassay_sim::Fault;

use super::known::{Known, Waiting};
use super::pool::Job;
use super::subjects::{Outcome, Subject, Subjects};

/// What the proof is about, which decides what may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Every fault must have a killer: all cases had their chance, or the faults were named.
    pub(crate) every_fault: bool,
    /// Every case must have a kill: all faults were there.
    pub(crate) every_case: bool,
}

/// Outcomes by fault and case.
pub(crate) struct Matrix<'a> {
    pub(super) subjects: &'a Subjects,
    pub(super) waiting: &'a Waiting,
    scope: Scope,
    faults: Vec<Fault>,
    reference: BTreeMap<usize, Outcome>,
    outcomes: BTreeMap<Fault, BTreeMap<usize, Outcome>>,
}

/// A verdict on a faulty IED that is neither pass nor fail.
pub(super) struct Undecided<'a> {
    pub(super) fault: Fault,
    pub(super) case: &'a Subject,
    pub(super) outcome: &'a Outcome,
}

impl<'a> Matrix<'a> {
    pub(crate) fn new(
        subjects: &'a Subjects,
        faults: Vec<Fault>,
        waiting: &'a Waiting,
        scope: Scope,
    ) -> Self {
        Self {
            subjects,
            waiting,
            scope,
            faults,
            reference: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        }
    }

    /// Takes one outcome.
    pub(crate) fn take(&mut self, job: &Job, outcome: Outcome) {
        let row = match job.fault() {
            Some(fault) => self.outcomes.entry(fault).or_default(),
            None => &mut self.reference,
        };
        row.insert(job.case, outcome);
    }

    /// The faults that are in question, in the order in which they are listed.
    pub(crate) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// How the cases did on the reference, in the order of the suites.
    pub(super) fn reference(&self) -> impl Iterator<Item = (&'a Subject, &Outcome)> {
        self.reference
            .iter()
            .filter_map(|(case, outcome)| Some((self.subjects.cases().get(*case)?, outcome)))
    }

    /// Cases that neither pass on the reference nor do not apply to it.
    pub(super) fn failing(&self) -> impl Iterator<Item = (&'a Subject, &Outcome)> {
        self.reference().filter(|(_, outcome)| {
            !matches!(outcome.verdict, Verdict::Pass | Verdict::NotApplicable)
        })
    }

    /// The cases that kill a fault. Who fails on the reference too notices nothing.
    pub(crate) fn killers(&self, fault: Fault) -> Vec<&'a Subject> {
        let passes = |case: &usize| {
            self.reference
                .get(case)
                .is_some_and(|outcome| outcome.verdict == Verdict::Pass)
        };
        self.outcomes
            .get(&fault)
            .into_iter()
            .flatten()
            .filter(|(case, outcome)| outcome.verdict == Verdict::Fail && passes(case))
            .filter_map(|(case, _)| self.subjects.cases().get(*case))
            .collect()
    }

    /// The matrix by names, as it is committed.
    pub(crate) fn known(&self) -> Known {
        let rows = self.faults.iter().filter_map(|fault| {
            let killers: BTreeSet<String> = self
                .killers(*fault)
                .into_iter()
                .map(|case| case.id.clone())
                .collect();
            (!killers.is_empty()).then(|| (fault.name().to_owned(), killers))
        });
        Known(rows.collect())
    }

    /// Faults that must have a killer and have none.
    pub(super) fn survivors(&self) -> Vec<Fault> {
        let alive = |fault: &Fault| self.killers(*fault).is_empty();
        let waits = |fault: &Fault| self.waiting.reason(*fault).is_some();
        self.faults
            .iter()
            .copied()
            .filter(|fault| self.scope.every_fault && alive(fault) && !waits(fault))
            .collect()
    }

    /// Faults that wait for a case and have a killer.
    pub(super) fn awake(&self) -> Vec<Fault> {
        let waits = |fault: &Fault| self.waiting.reason(*fault).is_some();
        self.faults
            .iter()
            .copied()
            .filter(|fault| waits(fault) && !self.killers(*fault).is_empty())
            .collect()
    }

    /// Cases that must kill something and kill nothing.
    pub(super) fn idle(&self) -> Vec<&'a Subject> {
        let killing: BTreeSet<&str> = self
            .faults
            .iter()
            .flat_map(|fault| self.killers(*fault))
            .map(|case| case.id.as_str())
            .collect();
        self.reference()
            .filter(|(case, outcome)| {
                self.scope.every_case
                    && outcome.verdict == Verdict::Pass
                    && !killing.contains(case.id.as_str())
            })
            .map(|(case, _)| case)
            .collect()
    }

    /// Verdicts on faulty IEDs that are neither pass nor fail.
    pub(super) fn undecided(&self) -> Vec<Undecided<'_>> {
        let mut undecided = Vec::new();
        for (fault, row) in &self.outcomes {
            for (case, outcome) in row {
                if !matches!(
                    outcome.verdict,
                    Verdict::Pass | Verdict::Fail | Verdict::NotApplicable
                ) && let Some(case) = self.subjects.cases().get(*case)
                {
                    undecided.push(Undecided {
                        fault: *fault,
                        case,
                        outcome,
                    });
                }
            }
        }
        undecided
    }

    /// Whether the suites are proved: nothing fails on the reference, nothing is missing, nothing waits without need.
    pub(crate) fn is_proof(&self) -> bool {
        self.failing().next().is_none()
            && self.survivors().is_empty()
            && self.awake().is_empty()
            && self.idle().is_empty()
    }
}
