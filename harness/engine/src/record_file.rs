//! The file that keeps the run record while the run goes on.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use iedassay_reports::RunRecord;

use crate::event::{Event, EventSink};
use crate::record_builder::RecordBuilder;

/// Keeps `record.json` up to date on disk, so that a killed run leaves a valid record with every finished verdict.
///
/// A new verdict is written over the end of the file, together with a new end: the whole run costs as much as its
/// record is long. Until the run has finished, the file says `interrupted`.
#[derive(Debug)]
pub struct RecordFile {
    builder: RecordBuilder,
    path: PathBuf,
    open: Option<Open>,
    trouble: Option<io::Error>,
}

/// The file as it stands.
#[derive(Debug)]
struct Open {
    file: File,
    /// Everything before the first case.
    head: String,
    /// Cases in the file.
    cases: usize,
    /// Where the last of them ends.
    end: u64,
}

impl RecordFile {
    /// Keeps the record at `path`; its directory must exist.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self {
            builder: RecordBuilder::new(),
            path,
            open: None,
            trouble: None,
        }
    }

    /// Takes one event, and writes the file when something that it tells has come.
    pub fn apply(&mut self, event: &Event) {
        let cases = self.cases();
        self.builder.apply(event);
        if matches!(event, Event::CaseFinished(_)) && self.cases() == cases {
            // A case that was tried again stands somewhere in the middle, so that the whole file is new.
            self.open = None;
        }
        let writes = matches!(
            event,
            Event::RunStarted { .. }
                | Event::TargetProbed { .. }
                | Event::CaseFinished(_)
                | Event::CouldNotTest { .. }
                | Event::RunFinished { .. }
        );
        if !writes {
            return;
        }
        if matches!(event, Event::RunFinished { .. }) {
            // Cases that ran at the same time are put into order, so that the whole file is new.
            self.open = None;
        }
        if let Err(error) = self.write() {
            self.trouble.get_or_insert(error);
        }
    }

    fn cases(&self) -> usize {
        self.record().map_or(0, |record| record.cases.len())
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

    fn write(&mut self) -> io::Result<()> {
        let Some(record) = self.builder.record_mut() else {
            return Ok(());
        };
        let frame = frame(record)?;
        let Some((head, tail)) = frame.split_at_checked(head_length(&frame)) else {
            return Err(io::Error::other("a record without cases"));
        };
        let tail = format!("\n{tail}\n");
        match &mut self.open {
            Some(open) if open.head == head => open.append(record, &tail),
            _ => {
                self.open = Some(Open::create(&self.path, head, record, &tail)?);
                Ok(())
            }
        }
    }
}

impl EventSink for RecordFile {
    fn event(&mut self, event: &Event) {
        self.apply(event);
    }
}

impl Open {
    /// Writes the whole record beside the file and puts it in its place.
    fn create(path: &Path, head: &str, record: &RunRecord, tail: &str) -> io::Result<Self> {
        let temporary = path.with_extension("json.tmp");
        let mut open = Self {
            file: File::create(&temporary)?,
            head: head.to_owned(),
            cases: 0,
            end: 0,
        };
        open.file.write_all(head.as_bytes())?;
        open.end = open.file.stream_position()?;
        open.append(record, tail)?;
        fs::rename(&temporary, path)?;
        Ok(open)
    }

    /// Writes the cases that the file does not have yet, and a new end, over the old end.
    fn append(&mut self, record: &RunRecord, tail: &str) -> io::Result<()> {
        let mut text = String::new();
        for case in record.cases.iter().skip(self.cases) {
            if self.cases > 0 {
                text.push(',');
            }
            text.push('\n');
            text.push_str(&serde_json::to_string(case)?);
            self.cases += 1;
        }
        let end = self.end + text.len() as u64;
        text.push_str(tail);
        // In one call, so that a killed process leaves the old end or the new one; what a power cut tears off is read without its
        // end (`RunRecord::from_torn_json`).
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(text.as_bytes())?;
        self.file.set_len(self.end + text.len() as u64)?;
        self.end = end;
        Ok(())
    }
}

/// The text of the record without its cases. As long as the run has not finished it says `interrupted`: if it is the last
/// that gets written, the run was killed, and then this is what is true.
fn frame(record: &mut RunRecord) -> io::Result<String> {
    let interrupted = record.interrupted;
    record.interrupted |= record.finished.is_none();
    record.conclude();
    let cases = std::mem::take(&mut record.cases);
    let text = serde_json::to_string(&record);
    record.cases = cases;
    record.interrupted = interrupted;
    record.conclude();
    Ok(text?)
}

fn head_length(frame: &str) -> usize {
    let cases = RunRecord::CASES;
    frame.find(cases).map_or(usize::MAX, |at| at + cases.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record_builder::tests::{finished, passed, started};

    fn read(path: &Path) -> RunRecord {
        RunRecord::from_json(&fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn a_record_that_grows_is_valid_after_every_event() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("record.json");
        let mut file = RecordFile::new(path.clone());
        let mut last = None;
        for event in [started(), passed("a"), passed("b"), finished()] {
            file.apply(&event);
            let record = read(&path);
            assert_eq!(record.cases, file.record().unwrap().cases);
            last = Some(record);
        }
        assert_eq!(last.as_ref(), file.record());
        assert!(file.finish().1.is_none());
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
