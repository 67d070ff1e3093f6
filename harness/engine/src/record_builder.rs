//! Events in, run record out; and the file that keeps the record while the run goes on.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use iedassay_reports::{RunRecord, millis};

use crate::event::{Event, EventSink};

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
            let mut record = RunRecord::new(
                header.tool.clone(),
                header.target.clone(),
                rfc3339(*started),
            );
            record.options = header.options.clone();
            record.plan = header.plan.clone();
            record.capabilities = header.capabilities.clone();
            record.cases = header.left_out.clone();
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
            Event::LeftBehind(left) => record.left_behind.push(left.clone()),
            Event::CaseFinished(case) => {
                record.cases.push((**case).clone());
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

/// Keeps `record.json` up to date on disk: rewritten whole after every case, by rename, so that a killed run leaves a
/// valid record with every finished verdict. Until the run has finished, the file says `interrupted`.
#[derive(Debug)]
pub struct RecordFile {
    builder: RecordBuilder,
    path: PathBuf,
    trouble: Option<io::Error>,
}

impl RecordFile {
    /// Keeps the record at `path`; its directory must exist.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self {
            builder: RecordBuilder::new(),
            path,
            trouble: None,
        }
    }

    /// Takes one event, and writes the file when a verdict, a start or an end has come.
    pub fn apply(&mut self, event: &Event) {
        self.builder.apply(event);
        let writes = matches!(
            event,
            Event::RunStarted { .. }
                | Event::CaseFinished(_)
                | Event::CouldNotTest { .. }
                | Event::RunFinished { .. }
        );
        if !writes {
            return;
        }
        let Some(record) = self.builder.record() else {
            return;
        };
        let result = if record.finished.is_some() {
            write_atomically(&self.path, record)
        } else {
            // If this is the last that gets written, the run was killed: then this is what is true.
            let mut unfinished = record.clone();
            unfinished.interrupted = true;
            unfinished.conclude();
            write_atomically(&self.path, &unfinished)
        };
        if let Err(error) = result {
            self.trouble.get_or_insert(error);
        }
    }

    /// The record as it stands.
    #[must_use]
    pub fn record(&self) -> Option<&RunRecord> {
        self.builder.record()
    }

    /// The finished record, and the first trouble in writing it.
    #[must_use]
    pub fn finish(self) -> (Option<RunRecord>, Option<io::Error>) {
        (self.builder.into_record(), self.trouble)
    }
}

impl EventSink for RecordFile {
    fn event(&mut self, event: &Event) {
        self.apply(event);
    }
}

/// Wall time as the record writes it: RFC 3339 in UTC with milliseconds.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    match jiff::Timestamp::try_from(time) {
        Ok(stamp) => format!("{stamp:.3}"),
        Err(_) => "out of range".to_owned(),
    }
}

fn write_atomically(path: &Path, record: &RunRecord) -> io::Result<()> {
    let temporary = path.with_extension("json.tmp");
    let mut out = io::BufWriter::new(fs::File::create(&temporary)?);
    serde_json::to_writer(&mut out, record)?;
    out.write_all(b"\n")?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::RunHeader;
    use iedassay_reports::{CaseRecord, Options, PlanRecord, Target, Tool, Verdict};
    use std::time::Duration;

    fn started() -> Event {
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
                options: Options::default(),
                plan,
                capabilities: Vec::new(),
                left_out: Vec::new(),
            }),
        }
    }

    fn passed(id: &str) -> Event {
        Event::CaseFinished(Box::new(CaseRecord {
            id: id.into(),
            verdict: Verdict::Pass,
            ..CaseRecord::default()
        }))
    }

    fn finished() -> Event {
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

    #[test]
    fn a_killed_run_leaves_a_valid_record_with_every_finished_verdict() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("record.json");
        let mut file = RecordFile::new(path.clone());
        file.apply(&started());
        file.apply(&passed("a"));
        drop(file);
        let record = RunRecord::from_json(&fs::read_to_string(&path).unwrap()).unwrap();
        assert!(record.interrupted);
        assert_eq!((record.summary.pass, record.summary.not_reached), (1, 1));
    }

    #[test]
    fn a_finished_run_is_not_called_interrupted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("record.json");
        let mut file = RecordFile::new(path.clone());
        for event in [started(), passed("a"), passed("b"), finished()] {
            file.apply(&event);
        }
        assert!(file.finish().1.is_none());
        let record = RunRecord::from_json(&fs::read_to_string(&path).unwrap()).unwrap();
        assert!(!record.interrupted);
    }

    #[test]
    fn trouble_in_writing_is_kept_and_told() {
        let mut file = RecordFile::new(PathBuf::from("/nonexistent-directory/record.json"));
        file.apply(&started());
        assert!(file.finish().1.is_some());
    }
}
