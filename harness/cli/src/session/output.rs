//! The directory that a run leaves, and the record that is kept in it while the run goes on.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use iedassay_engine::event::{Event, EventSink};
use iedassay_engine::record_file::RecordFile;
use iedassay_reports::{RunRecord, json};

use super::Progress;
use crate::cmd::report::{RECORD, write_reports};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// Directories of evidence and the extension of what is in them.
const EVIDENCE: [(&str, &str); 2] = [("captures", "pcapng"), ("transcripts", "txt")];

/// The directory of a run.
pub(crate) struct Output {
    directory: PathBuf,
    state: Arc<Mutex<State>>,
}

struct State {
    record: Option<RecordFile>,
    progress: Progress,
}

impl Output {
    /// Makes the directory ready. What an earlier run left in it is taken away, so that no old capture is taken for a
    /// new one; unless that run goes on.
    pub(crate) fn prepare(
        directory: &Path,
        goes_on: bool,
        progress: Progress,
    ) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::unwritable(directory, &error);
        fs::create_dir_all(directory).map_err(failed)?;
        if !goes_on && directory.join(RECORD).is_file() {
            for (name, extension) in EVIDENCE {
                clear(&directory.join(name), extension).map_err(failed)?;
            }
        }
        let record = Some(RecordFile::new(directory.join(RECORD)));
        Ok(Self {
            directory: directory.to_owned(),
            state: Arc::new(Mutex::new(State { record, progress })),
        })
    }

    /// Where the runner sends its events.
    pub(crate) fn sink(&self) -> Box<dyn EventSink> {
        let state = Arc::clone(&self.state);
        Box::new(move |event: &Event| {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(record) = &mut state.record {
                record.apply(event);
            }
            state.progress.event(event);
        })
    }

    /// The finished record; it and all reports are on disk.
    pub(crate) fn finish(self) -> Result<RunRecord, Failure> {
        let record = self
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .record
            .take();
        let (record, trouble) = record.map_or((None, None), RecordFile::finish);
        let path = self.directory.join(RECORD);
        if let Some(error) = trouble {
            return Err(Failure::unwritable(&path, &error));
        }
        let record =
            record.ok_or_else(|| Failure::new(Exit::CouldNotTest, "the run left no record"))?;
        let text = json::render(&record)
            .map_err(|error| Failure::new(Exit::CouldNotTest, "cannot render JSON").cause(error))?;
        files::write(&path, &text)?;
        write_reports(&record, &self.directory)?;
        Ok(record)
    }
}

fn clear(directory: &Path, extension: &str) -> std::io::Result<()> {
    if !directory.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
