//! Events in, run record out.

use std::collections::BTreeMap;
use std::time::SystemTime;

use iedassay_reports::{RunRecord, millis};

use crate::event::{Event, RunHeader};

/// Builds the run record from the events of a run.
#[derive(Debug, Default)]
pub struct RecordBuilder {
    record: Option<RunRecord>,
}

impl RecordBuilder {
    /// A builder that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one event into the record. Events before `RunStarted` are ignored: there is nothing to put them in.
    pub fn apply(&mut self, event: &Event) {
        if let Event::RunStarted { started, header } = event {
            let mut record = begun(*started, header);
            record.conclude();
            self.record = Some(record);
            return;
        }
        let Some(record) = &mut self.record else {
            return;
        };
        match event {
            Event::TargetProbed {
                target,
                capabilities,
            } => {
                record.target = (**target).clone();
                record.capabilities.clone_from(capabilities);
            }
            Event::CapabilitiesAsked { capabilities } => {
                record.capabilities.clone_from(capabilities);
            }
            Event::ModelKnown(model) => record.model = Some((**model).clone()),
            Event::RanParallel(parallel) => record.parallel = Some(parallel.clone()),
            Event::EvidenceKept { digests } => record.digests.extend(digests.clone()),
            Event::LeftBehind(left) => record.left_behind.push(left.clone()),
            Event::CaseFinished(case) => {
                let key = case.key();
                match record.cases.iter_mut().find(|known| known.key() == key) {
                    Some(known) => *known = (**case).clone(),
                    None => record.cases.push((**case).clone()),
                }
                record.conclude();
            }
            Event::CouldNotTest { reason } => {
                record.could_not_test = Some(reason.clone());
                record.conclude();
            }
            Event::RunFinished {
                interrupted,
                finished,
                duration,
            } => {
                in_order_of_plan(record);
                record.interrupted = *interrupted;
                record.finished = Some(rfc3339(*finished));
                record.duration_ms = millis(*duration);
                record.conclude();
            }
            Event::RunStarted { .. }
            | Event::CaseStarted { .. }
            | Event::StepStarted { .. }
            | Event::StepFinished { .. }
            | Event::FindingMade { .. } => {}
        }
    }

    /// The record as it stands, for whoever has to write it; `None` before the run started.
    pub(crate) fn record_mut(&mut self) -> Option<&mut RunRecord> {
        self.record.as_mut()
    }

    /// The record as it stands; `None` before the run started.
    #[must_use]
    pub fn record(&self) -> Option<&RunRecord> {
        self.record.as_ref()
    }

    /// The finished record; `None` when the run never started.
    #[must_use]
    pub fn into_record(self) -> Option<RunRecord> {
        self.record
    }
}

/// The record of a run that starts, or goes on.
fn begun(started: SystemTime, header: &RunHeader) -> RunRecord {
    let mut record = match &header.resumed {
        Some(resumed) => {
            let mut record = (*resumed.record).clone();
            record.tool = header.tool.clone();
            record.target = header.target.clone();
            record.resumed.push(resumed.resumption.clone());
            record.could_not_test = None;
            record.interrupted = false;
            record.finished = None;
            record
        }
        None => {
            let (tool, target) = (header.tool.clone(), header.target.clone());
            let mut record = RunRecord::new(tool, target, rfc3339(started));
            record.options = header.options.clone();
            record.operator.clone_from(&header.operator);
            record.reruns.clone_from(&header.reruns);
            record
        }
    };
    record.suites.clone_from(&header.suites);
    record.plan = header.plan.clone();
    record.capabilities.clone_from(&header.capabilities);
    record.requirements.clone_from(&header.requirements);
    // What the plan leaves out stands before all that run.
    let kept = std::mem::replace(&mut record.cases, header.left_out.clone());
    record.cases.extend(kept);
    record
}

/// Cases that ran at the same time came to their verdicts in another order than that of the plan.
fn in_order_of_plan(record: &mut RunRecord) {
    if record.parallel.is_none() && record.resumed.is_empty() {
        return;
    }
    let place: BTreeMap<&String, usize> = (1..)
        .zip(&record.plan.to_run)
        .map(|(n, key)| (key, n))
        .collect();
    // What the plan left out stands before all that ran.
    record
        .cases
        .sort_by_cached_key(|case| place.get(&case.key()).copied().unwrap_or(0));
}

/// Wall time as the record writes it: RFC 3339 in UTC with milliseconds.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    match jiff::Timestamp::try_from(time) {
        Ok(stamp) => format!("{stamp:.3}"),
        Err(_) => "out of range".to_owned(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use iedassay_reports::{CaseRecord, Options, PlanRecord, Target, Tool, Verdict};
    use std::time::Duration;

    pub(crate) fn started() -> Event {
        let plan = PlanRecord {
            known: 2,
            selected: 2,
            to_run: vec!["a".into(), "b".into()],
            ..PlanRecord::default()
        };
        Event::RunStarted {
            started: SystemTime::UNIX_EPOCH + Duration::from_millis(1_500),
            header: Box::new(RunHeader {
                tool: Tool {
                    name: "iedassay".into(),
                    version: "0".into(),
                },
                target: Target::default(),
                suites: None,
                operator: None,
                options: Options::default(),
                reruns: None,
                resumed: None,
                plan,
                capabilities: Vec::new(),
                requirements: Vec::new(),
                left_out: Vec::new(),
            }),
        }
    }

    pub(crate) fn passed(id: &str) -> Event {
        Event::CaseFinished(Box::new(CaseRecord {
            id: id.into(),
            verdict: Verdict::Pass,
            ..CaseRecord::default()
        }))
    }

    pub(crate) fn finished() -> Event {
        let finished = SystemTime::UNIX_EPOCH + Duration::from_secs(3);
        Event::RunFinished {
            interrupted: false,
            finished,
            duration: Duration::from_millis(1_500),
        }
    }

    #[test]
    fn record_holds_what_the_events_said() {
        let mut builder = RecordBuilder::new();
        for event in [started(), passed("a"), passed("b"), finished()] {
            builder.apply(&event);
        }
        let record = builder.into_record().unwrap();
        assert_eq!(record.started, "1970-01-01T00:00:01.500Z");
        assert_eq!(record.finished.as_deref(), Some("1970-01-01T00:00:03.000Z"));
        assert_eq!((record.summary.pass, record.summary.not_reached), (2, 0));
    }
}
