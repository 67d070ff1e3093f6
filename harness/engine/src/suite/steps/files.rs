//! `list-files`, `get-file`, `open-file`, `read-file`, `close-file`, `set-file`, `delete-file`.

use super::step;
use crate::cel::Field;

step! {
    /// Lists files with their attributes (MMS FileDirectory), all pages.
    ///
    /// Result: `files` (list of maps `name`, `size`, `modified`), `names`.
    pub struct ListFiles {
        /// The folder or file; everything if absent.
        pub path: Option<Field<String>>,
    }
}

step! {
    /// Reads a file to its end (MMS FileOpen, FileRead, FileClose).
    ///
    /// Result: `size` (octets that came), `told` (the size that FileOpen told), `pieces`, `text` (when it is text).
    pub struct GetFile {
        /// The name of the file.
        pub file: Field<String>,
        /// Where to begin; 0 if absent.
        pub position: Option<Field<u32>>,
    }
}

step! {
    /// Opens a file and leaves it open (MMS FileOpen). What is left open ends with the association.
    ///
    /// Result: `handle` (for `read-file` and `close-file`), `size`.
    pub struct OpenFile {
        /// The name of the file.
        pub file: Field<String>,
        /// Where to begin; 0 if absent.
        pub position: Option<Field<u32>>,
    }
}

step! {
    /// Reads the next piece of an open file (MMS FileRead).
    ///
    /// Result: `size` (octets of the piece), `more` (whether more follow).
    pub struct ReadFile {
        /// The `handle` that `open-file` told.
        pub handle: Field<i64>,
    }
}

step! {
    /// Closes an open file (MMS FileClose).
    ///
    /// Result: nothing of its own.
    pub struct CloseFile {
        /// The `handle` that `open-file` told.
        pub handle: Field<i64>,
    }
}

step! {
    /// Sets a file (MMS ObtainFile: the server fetches it from the harness). What was there before is put back at the
    /// end.
    ///
    /// Result: `size`, `closed` (whether the server has closed the file that it fetched).
    pub struct SetFile {
        /// The name of the file at the server.
        pub file: Field<String>,
        /// What is in it.
        pub text: Option<Field<String>>,
        /// So many octets, in place of `text`.
        pub size: Option<Field<u32>>,
        /// The server is told of a source that the harness does not have, in place of `text`: it must refuse.
        pub missing: Option<bool>,
    }
}

step! {
    /// Deletes a file (MMS FileDelete). It is put back at the end.
    ///
    /// Result: nothing of its own.
    pub struct DeleteFile {
        /// The name of the file.
        pub file: Field<String>,
    }
}
