//! `list-files`, `get-file`, `set-file`, `delete-file`.

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
    /// Sets a file (MMS ObtainFile: the server fetches it from the harness). What was there before is put back at the
    /// end.
    ///
    /// Result: `size`.
    pub struct SetFile {
        /// The name of the file at the server.
        pub file: Field<String>,
        /// What is in it.
        pub text: Option<Field<String>>,
        /// So many octets, in place of `text`.
        pub size: Option<Field<u32>>,
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
