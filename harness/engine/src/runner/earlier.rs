//! A run that was stopped or killed, and goes on.

use std::collections::{BTreeMap, BTreeSet};

use iedassay_reports::{CaseRecord, Resumption, RunRecord, Target};

use crate::event::Resumed;

/// What is left of a run that goes on.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Its record.
    pub record: RunRecord,
    /// Who lets it go on.
    pub operator: Option<String>,
    /// What is no longer as it was and is accepted; when there is nothing, a plan or a device that differs ends the run.
    pub despite: Vec<String>,
    /// Whether a plan or a device that differs is accepted.
    pub force: bool,
}

impl Earlier {
    /// The cases of a plan that have their verdict. A case that was under way when the run was stopped has none.
    pub(super) fn decided<'a>(&'a self, to_run: &[String]) -> BTreeMap<String, &'a CaseRecord> {
        let planned: BTreeSet<&String> = to_run.iter().collect();
        let cases = self.record.cases.iter().filter(|case| !case.stopped);
        cases
            .map(|case| (case.key(), case))
            .filter(|(key, _)| planned.contains(key))
            .collect()
    }

    /// What the run was, and with what it goes on.
    pub(super) fn resumed(&self, to_run: &[String], at: String) -> Resumed {
        let decided = self.decided(to_run);
        // In the order in which they were decided.
        let kept = self.record.cases.iter();
        let kept: Vec<CaseRecord> = kept
            .filter(|case| !case.stopped && decided.contains_key(&case.key()))
            .cloned()
            .collect();
        let resumption = Resumption {
            at,
            kept: kept.len(),
            operator: self.operator.clone(),
            despite: self.despite.clone(),
        };
        Resumed {
            record: Box::new(RunRecord {
                cases: kept,
                ..self.record.clone()
            }),
            resumption,
        }
    }

    /// Whether the plan is no longer that of the run. A run that was killed before it had one takes any.
    pub(super) fn plan_differs(&self, to_run: &[String]) -> bool {
        let before = &self.record.plan.to_run;
        !(before.is_empty() && self.record.cases.is_empty()) && before != to_run
    }

    /// In what the device is another one than at the start of the run.
    pub(super) fn device_differs(&self, now: &Target) -> Option<String> {
        let was = &self.record.target;
        let told = |target: &Target| {
            let firmware = target.firmware.as_ref().map(|found| found.revision.clone());
            let all = [&target.vendor, &target.model, &target.revision, &firmware];
            let known: Vec<String> = all.into_iter().flatten().cloned().collect();
            known.join(" ")
        };
        let (was, now) = (told(was), told(now));
        // A run that was killed before the device had said who it is takes any.
        (!was.is_empty() && was != now)
            .then(|| format!("the device says it is {now}, and it was {was} before"))
    }
}
