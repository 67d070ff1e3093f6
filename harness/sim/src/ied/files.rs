//! Files in memory (IEC 61850-8-1, file transfer).

use std::collections::{BTreeMap, HashMap};

use iedassay_wire::mms::{
    DirectoryEntry, ErrorCode, FileAttributes, FileDirectoryRequest, FileDirectoryResponse,
    FileName, FileOpenRequest, FileOpenResponse, FileReadResponse, FileRenameRequest, Response,
    TimeQuality, UtcTime,
};

use super::{Ied, service::Outcome};
use crate::{client::AssociationId, report::Time};

/// Files that an association may have open.
const MAX_OPEN: usize = 5;

/// The file store. Paths have `/` and no leading one.
#[derive(Debug, Default)]
pub(crate) struct Files {
    files: BTreeMap<String, Vec<u8>>,
    modified: String,
}

impl Files {
    pub(crate) fn new(files: BTreeMap<String, Vec<u8>>, now: Time) -> Self {
        let iso = UtcTime::from_since_epoch(now, TimeQuality(0)).to_string();
        let digits: String = iso
            .split('.')
            .next()
            .unwrap_or("")
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        Self {
            files,
            modified: format!("{digits}Z"),
        }
    }

    fn attributes(&self, contents: &[u8]) -> FileAttributes {
        FileAttributes {
            size: u32::try_from(contents.len()).unwrap_or(u32::MAX),
            last_modified: Some(self.modified.clone()),
        }
    }
}

/// The files that an association has open.
#[derive(Debug, Default)]
pub(crate) struct OpenFiles {
    open: HashMap<i32, (String, usize)>,
    last: i32,
}

/// The path of a file name.
fn path(name: &FileName) -> Result<String, ErrorCode> {
    let joined = name.to_path().replace('\\', "/");
    let path = joined.trim_start_matches('/');
    if path.split('/').any(|part| part == "..") {
        return Err(ErrorCode::FILE_ACCESS_DENIED);
    }
    Ok(path.to_owned())
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
        let specification =
            tried!(request.specification.as_ref().map(path).transpose()).unwrap_or_default();
        let after = tried!(request.continue_after.as_ref().map(path).transpose());
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
        if files.peek().is_none() && !folder.is_empty() {
            return ErrorCode::FILE_NON_EXISTENT.into();
        }
        let mut room = self.max_pdu(id).saturating_sub(64);
        let (mut entries, mut more_follows) = (Vec::new(), false);
        for (name, contents) in
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
                attributes: self.files.attributes(contents),
            });
        }
        Outcome::Done(Response::FileDirectory(FileDirectoryResponse {
            entries,
            more_follows,
        }))
    }

    pub(super) fn file_open(&mut self, id: AssociationId, request: &FileOpenRequest) -> Outcome {
        let name = tried!(path(&request.name));
        let Some(contents) = self.files.files.get(&name) else {
            return ErrorCode::FILE_NON_EXISTENT.into();
        };
        let position = usize::try_from(request.initial_position).unwrap_or(usize::MAX);
        if position > contents.len() {
            return ErrorCode::POSITION_INVALID.into();
        }
        let attributes = self.files.attributes(contents);
        let Some(open) = self
            .associations
            .get_mut(&id)
            .map(|association| &mut association.files)
        else {
            return Outcome::Silence;
        };
        if open.open.len() >= MAX_OPEN {
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
        let Some(contents) = self.files.files.get(name) else {
            return ErrorCode::FILE_NON_EXISTENT.into();
        };
        let end = position.saturating_add(room).min(contents.len());
        let data = contents.get(*position..end).unwrap_or(&[]).to_vec();
        *position = end;
        Outcome::Done(Response::FileRead(FileReadResponse {
            data,
            more_follows: end < contents.len(),
        }))
    }

    pub(super) fn file_close(&mut self, id: AssociationId, frsm_id: i32) -> Outcome {
        let open = self
            .associations
            .get_mut(&id)
            .and_then(|association| association.files.open.remove(&frsm_id));
        match open {
            Some(_) => Outcome::Done(Response::FileClose),
            None => ErrorCode::POSITION_INVALID.into(),
        }
    }

    fn is_open(&self, path: &str) -> bool {
        let mut open = self
            .associations
            .values()
            .flat_map(|association| association.files.open.values());
        open.any(|(name, _)| name == path)
    }

    pub(super) fn file_delete(&mut self, name: &FileName) -> Outcome {
        let name = tried!(path(name));
        if self.is_open(&name) {
            return ErrorCode::FILE_BUSY.into();
        }
        match self.files.files.remove(&name) {
            Some(_) => Outcome::Done(Response::FileDelete),
            None => ErrorCode::FILE_NON_EXISTENT.into(),
        }
    }

    pub(super) fn file_rename(&mut self, request: &FileRenameRequest) -> Outcome {
        let (current, new) = (tried!(path(&request.current)), tried!(path(&request.new)));
        if self.is_open(&current) {
            return ErrorCode::FILE_BUSY.into();
        }
        if self.files.files.contains_key(&new) {
            return ErrorCode::DUPLICATE_FILENAME.into();
        }
        match self.files.files.remove(&current) {
            Some(contents) => {
                self.files.files.insert(new, contents);
                Outcome::Done(Response::FileRename)
            }
            None => ErrorCode::FILE_NON_EXISTENT.into(),
        }
    }
}
