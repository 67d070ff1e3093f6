//! Files in memory (IEC 61850-8-1, file transfer).

pub(super) mod keeping;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use iedassay_wire::mms::{
    DirectoryEntry, ErrorCode, FileAttributes, FileDirectoryRequest, FileDirectoryResponse,
    FileName, FileOpenRequest, FileOpenResponse, FileReadResponse, FileRenameRequest, Response,
    TimeQuality, UtcTime,
};

use super::{Ied, obtain::Obtaining, service::Outcome};
use crate::{Fault, FaultSet, client::AssociationId, report::Time};

/// Files that an association may have open.
const MAX_OPEN: usize = 5;

/// A file.
#[derive(Clone, Debug)]
struct File {
    contents: Vec<u8>,
    modified: Time,
}

/// The file store. Paths have `/` and no leading one.
#[derive(Debug, Default)]
pub(crate) struct Files {
    files: BTreeMap<String, File>,
    started: Time,
    /// Only with a fault: files that are open for nobody any more.
    pub(super) leaked: Vec<String>,
    /// The files at start.
    initial: BTreeSet<String>,
    /// Whether somebody keeps what clients change, and what they have changed.
    kept: bool,
    touched: BTreeSet<String>,
}

impl Files {
    pub(crate) fn new(files: BTreeMap<String, Vec<u8>>, now: Time) -> Self {
        let initial = files.keys().cloned().collect();
        let files = files.into_iter().map(|(path, contents)| {
            let modified = now;
            (path, File { contents, modified })
        });
        Self {
            files: files.collect(),
            started: now,
            leaked: Vec::new(),
            initial,
            kept: false,
            touched: BTreeSet::new(),
        }
    }

    /// Octets in all files.
    pub(super) fn used(&self) -> usize {
        self.files.values().map(|file| file.contents.len()).sum()
    }

    /// A file is there from now on, in place of another of its name.
    pub(super) fn put(&mut self, path: String, contents: Vec<u8>, modified: Time) {
        self.touch(&path);
        self.files.insert(path, File { contents, modified });
    }

    fn attributes(&self, file: &File, faults: &FaultSet) -> FileAttributes {
        let size = if faults.has(Fault::FileSizeZero) {
            0
        } else {
            file.contents.len()
        };
        let modified = if faults.has(Fault::FileTimeFrozen) {
            self.started
        } else {
            file.modified
        };
        FileAttributes {
            size: u32::try_from(size).unwrap_or(u32::MAX),
            last_modified: Some(generalized(modified)),
        }
    }
}

/// As GeneralizedTime.
fn generalized(time: Time) -> String {
    let iso = UtcTime::from_since_epoch(time, TimeQuality(0)).to_string();
    let whole = iso.split('.').next().unwrap_or("");
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    format!("{digits}Z")
}

/// The files that an association has open.
#[derive(Debug, Default)]
pub(crate) struct OpenFiles {
    open: HashMap<i32, (String, usize)>,
    last: i32,
    /// The file that is being fetched from the client.
    pub(super) obtaining: Option<Obtaining>,
}

impl Ied {
    /// The path of a file name.
    pub(super) fn path(&self, name: &FileName) -> Result<String, ErrorCode> {
        let joined = name.to_path().replace('\\', "/");
        let path = joined.trim_start_matches('/');
        if !path.split('/').any(|part| part == "..") {
            return Ok(path.to_owned());
        }
        if self.faults.has(Fault::PathTraversalAccepted) {
            return Ok(path.replace("../", ""));
        }
        Err(ErrorCode::FILE_ACCESS_DENIED)
    }
}

macro_rules! tried {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(code) => return Outcome::Failed(code),
        }
    };
}

impl Ied {
    pub(super) fn file_directory(
        &self,
        id: AssociationId,
        request: &FileDirectoryRequest,
    ) -> Outcome {
        let specification = tried!(
            request
                .specification
                .as_ref()
                .map(|name| self.path(name))
                .transpose()
        )
        .unwrap_or_default();
        let mut after = tried!(
            request
                .continue_after
                .as_ref()
                .map(|name| self.path(name))
                .transpose()
        );
        if self.faults.has(Fault::FileContinueIgnored) {
            after = None;
        }
        let folder = specification.trim_end_matches(['/', '*']);
        let inside = |name: &str| {
            folder.is_empty()
                || name == folder
                || name
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let mut files = self
            .files
            .files
            .iter()
            .filter(|(name, _)| inside(name))
            .peekable();
        if files.peek().is_none()
            && !folder.is_empty()
            && !self.faults.has(Fault::UnknownFolderEmpty)
        {
            return ErrorCode::FILE_NON_EXISTENT.into();
        }
        let mut room = self.max_pdu(id).saturating_sub(64);
        let (mut entries, mut more_follows) = (Vec::new(), false);
        for (name, file) in
            files.filter(|(name, _)| after.as_ref().is_none_or(|after| *name > after))
        {
            let size = name.len() + 48;
            if size > room {
                more_follows = true;
                break;
            }
            room -= size;
            entries.push(DirectoryEntry {
                name: FileName::new(name.clone()),
                attributes: self.files.attributes(file, &self.faults),
            });
        }
        if self.faults.has(Fault::FileHidden) && !more_follows {
            entries.pop();
        }
        if self.faults.has(Fault::FileNamesBare) {
            for entry in &mut entries {
                let path = entry.name.to_path();
                entry.name = FileName::new(path.rsplit('/').next().unwrap_or_default());
            }
        }
        Outcome::Done(Response::FileDirectory(FileDirectoryResponse {
            entries,
            more_follows,
        }))
    }

    pub(super) fn file_open(&mut self, id: AssociationId, request: &FileOpenRequest) -> Outcome {
        let name = tried!(self.path(&request.name));
        if self.is_obtaining(&name) {
            return ErrorCode::FILE_BUSY.into();
        }
        if !self.files.files.contains_key(&name) && self.faults.has(Fault::UnknownFileEmpty) {
            self.files
                .put(name.clone(), Vec::new(), self.clock.read(self.now));
        }
        let Some(file) = self.files.files.get(&name) else {
            return ErrorCode::FILE_NON_EXISTENT.into();
        };
        let mut position = usize::try_from(request.initial_position).unwrap_or(usize::MAX);
        if position > file.contents.len() && !self.faults.has(Fault::FilePositionUnchecked) {
            return ErrorCode::POSITION_INVALID.into();
        }
        if self.faults.has(Fault::FilePositionIgnored) {
            position = 0;
        }
        let attributes = self.files.attributes(file, &self.faults);
        let Some(open) = self
            .associations
            .get_mut(&id)
            .map(|association| &mut association.files)
        else {
            return Outcome::Silence;
        };
        let in_use = open.open.len() + self.files.leaked.len();
        if in_use >= MAX_OPEN && !self.faults.has(Fault::OpenFilesUnlimited) {
            return ErrorCode::FILE_BUSY.into();
        }
        open.last = open.last.checked_add(1).unwrap_or(1);
        open.open.insert(open.last, (name, position));
        Outcome::Done(Response::FileOpen(FileOpenResponse {
            frsm_id: open.last,
            attributes,
        }))
    }

    pub(super) fn file_read(&mut self, id: AssociationId, frsm_id: i32) -> Outcome {
        let room = self.max_pdu(id).saturating_sub(64).max(1);
        let open = self
            .associations
            .get_mut(&id)
            .and_then(|association| association.files.open.get_mut(&frsm_id));
        let Some((name, position)) = open else {
            return ErrorCode::POSITION_INVALID.into();
        };
        let Some(File { contents, .. }) = self.files.files.get(name) else {
            return ErrorCode::FILE_NON_EXISTENT.into();
        };
        let end = position.saturating_add(room).min(contents.len());
        let data = contents.get(*position..end).unwrap_or(&[]).to_vec();
        *position = end;
        let more_follows = if self.faults.has(Fault::FileNeverEnds) {
            true
        } else {
            end < contents.len() && !self.faults.has(Fault::FileEndsEarly)
        };
        Outcome::Done(Response::FileRead(FileReadResponse { data, more_follows }))
    }

    pub(super) fn file_close(&mut self, id: AssociationId, frsm_id: i32) -> Outcome {
        let kept = self.faults.has(Fault::HandleSurvivesClose);
        let open = self.associations.get_mut(&id).and_then(|association| {
            let open = &mut association.files.open;
            if kept {
                open.get(&frsm_id).cloned()
            } else {
                open.remove(&frsm_id)
            }
        });
        match open {
            Some(_) => Outcome::Done(Response::FileClose),
            None => ErrorCode::POSITION_INVALID.into(),
        }
    }

    /// An association has ended, and with it what it had open.
    pub(super) fn files_of_ended(&mut self, files: OpenFiles) {
        if self.faults.has(Fault::OpenFilesLeak) {
            let paths = files.open.into_values().map(|(path, _)| path);
            self.files.leaked.extend(paths);
        }
        if let Some(half) = files.obtaining {
            self.files_of_lost_fetch(half);
        }
    }

    /// Whether somebody reads or writes a file.
    pub(super) fn is_open(&self, path: &str) -> bool {
        let mut open = self
            .associations
            .values()
            .flat_map(|association| association.files.open.values());
        open.any(|(name, _)| name == path)
            || self.is_obtaining(path)
            || self.files.leaked.iter().any(|name| name == path)
    }

    /// Whether a file is being fetched from a client.
    fn is_obtaining(&self, path: &str) -> bool {
        self.associations
            .values()
            .filter_map(|association| association.files.obtaining.as_ref())
            .any(|obtaining| obtaining.is_for(path))
    }

    pub(super) fn file_delete(&mut self, name: &FileName) -> Outcome {
        let name = tried!(self.path(name));
        if self.is_open(&name) && !self.faults.has(Fault::OpenFileDeleted) {
            return ErrorCode::FILE_BUSY.into();
        }
        let known = self.files.files.contains_key(&name);
        if !known && !self.faults.has(Fault::UnknownFileDeleted) {
            return ErrorCode::FILE_NON_EXISTENT.into();
        }
        if !self.faults.has(Fault::FileDeleteWithoutEffect) {
            self.files.files.remove(&name);
            self.files.touch(&name);
        }
        Outcome::Done(Response::FileDelete)
    }

    pub(super) fn file_rename(&mut self, request: &FileRenameRequest) -> Outcome {
        let current = tried!(self.path(&request.current));
        let new = tried!(self.path(&request.new));
        if self.is_open(&current) {
            return ErrorCode::FILE_BUSY.into();
        }
        if new.is_empty() || new.ends_with('/') {
            return ErrorCode::FILENAME_SYNTAX_ERROR.into();
        }
        if self.files.files.contains_key(&new) && !self.faults.has(Fault::RenameOverwrites) {
            return ErrorCode::DUPLICATE_FILENAME.into();
        }
        match self.files.files.remove(&current) {
            Some(file) => {
                self.files.touch(&current);
                self.files.touch(&new);
                self.files.files.insert(new, file);
                Outcome::Done(Response::FileRename)
            }
            None => ErrorCode::FILE_NON_EXISTENT.into(),
        }
    }
}
