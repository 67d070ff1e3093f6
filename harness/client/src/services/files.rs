//! Files (IEC 61850-8-1: GetFile, DeleteFile, GetFileAttributeValues; SetFile is in `offer`).

use std::collections::HashSet;

use iedassay_wire::mms::{
    DirectoryEntry, FileAttributes, FileDirectoryRequest, FileName, FileOpenRequest,
    FileOpenResponse, FileReadResponse, FileRenameRequest, Request, Response,
};

use super::{Pages, inconsistent, picks};
use crate::{Client, ClientError};

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GotFile {
    /// What is in it, from the position on.
    pub contents: Vec<u8>,
    /// In how many pieces it came.
    pub pieces: u32,
    /// What FileOpen told of it.
    pub attributes: FileAttributes,
}

impl Client {
    /// The files in a directory, or in the root, all pages.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Inconsistent`] when the pages do not end.
    pub async fn file_directory(
        &self,
        directory: Option<FileName>,
    ) -> Result<Vec<DirectoryEntry>, ClientError> {
        let mut entries: Vec<DirectoryEntry> = Vec::new();
        let mut seen = HashSet::new();
        let mut pages = Pages::default();
        loop {
            let continue_after = entries.last().map(|entry| entry.name.clone());
            let request = FileDirectoryRequest {
                specification: directory.clone(),
                continue_after,
            };
            let (page, octets) = self
                .ask_page(Request::FileDirectory(request), picks!(FileDirectory))
                .await?;
            let empty = page.entries.is_empty();
            for entry in page.entries {
                if !seen.insert(entry.name.clone()) {
                    return Err(inconsistent(format!(
                        "the directory has {} twice",
                        entry.name
                    )));
                }
                entries.push(entry);
            }
            if !page.more_follows {
                return Ok(entries);
            }
            if empty {
                return Err(inconsistent("an empty page of files says that more follow"));
            }
            if !pages.add(octets) {
                return Err(inconsistent("the directory does not end"));
            }
        }
    }

    /// FileOpen at a position.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn file_open(
        &self,
        name: FileName,
        initial_position: u32,
    ) -> Result<FileOpenResponse, ClientError> {
        self.ask(
            Request::FileOpen(FileOpenRequest {
                name,
                initial_position,
            }),
            picks!(FileOpen),
        )
        .await
    }

    /// FileRead: the next piece.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn file_read(&self, frsm_id: i32) -> Result<FileReadResponse, ClientError> {
        self.ask(Request::FileRead { frsm_id }, picks!(FileRead))
            .await
    }

    /// FileClose.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn file_close(&self, frsm_id: i32) -> Result<(), ClientError> {
        let pick = |response| matches!(response, Response::FileClose).then_some(());
        self.ask(Request::FileClose { frsm_id }, pick).await
    }

    /// FileDelete.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn file_delete(&self, name: FileName) -> Result<(), ClientError> {
        let pick = |response| matches!(response, Response::FileDelete).then_some(());
        self.ask(Request::FileDelete(name), pick).await
    }

    /// FileRename.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub async fn file_rename(&self, current: FileName, new: FileName) -> Result<(), ClientError> {
        let pick = |response| matches!(response, Response::FileRename).then_some(());
        self.ask(
            Request::FileRename(FileRenameRequest { current, new }),
            pick,
        )
        .await
    }

    /// GetFile: open, read to the end, close. The file is closed also when reading fails.
    ///
    /// # Errors
    /// As [`Client::request`]; [`ClientError::Inconsistent`] when the file is larger than `limit`
    /// octets or empty pieces do not end.
    pub async fn get_file(&self, name: FileName, limit: usize) -> Result<Vec<u8>, ClientError> {
        let got = self.get_file_from(name, 0, limit).await?;
        Ok(got.contents)
    }

    /// As [`Client::get_file`] from a position on, with what was told of the file.
    ///
    /// # Errors
    /// As [`Client::get_file`].
    pub async fn get_file_from(
        &self,
        name: FileName,
        position: u32,
        limit: usize,
    ) -> Result<GotFile, ClientError> {
        let opened = self.file_open(name, position).await?;
        let contents = self.read_to_end(opened.frsm_id, limit).await;
        let closed = self.file_close(opened.frsm_id).await;
        let (contents, pieces) = contents?;
        closed?;
        Ok(GotFile {
            contents,
            pieces,
            attributes: opened.attributes,
        })
    }

    async fn read_to_end(&self, frsm_id: i32, limit: usize) -> Result<(Vec<u8>, u32), ClientError> {
        let mut contents = Vec::new();
        let (mut idle, mut pieces) = (0, 0_u32);
        loop {
            let mut piece = self.file_read(frsm_id).await?;
            pieces = pieces.saturating_add(1);
            idle = if piece.data.is_empty() { idle + 1 } else { 0 };
            contents.append(&mut piece.data);
            if contents.len() > limit {
                return Err(inconsistent(format!(
                    "the file is larger than {limit} octets"
                )));
            }
            if !piece.more_follows {
                return Ok((contents, pieces));
            }
            if idle > 16 {
                return Err(inconsistent(
                    "empty pieces of the file say that more follow",
                ));
            }
        }
    }
}
