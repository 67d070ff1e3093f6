//! Files.

/// Hands the faults of this area on to the next list.
macro_rules! files {
    ({ $($before:tt)* } $next:ident $($rest:ident)*) => {
        $next! {
            {
                $($before)*
                Files {
                    /// The last file is missing from the directory.
                    FileHidden = "file-hidden", "IEC 61850-8-1, file directory";
                    /// Every file is said to have no octets.
                    FileSizeZero = "file-size-zero", "IEC 61850-7-2, GetFileAttributeValues";
                    /// A file that was set shows the time at which the server started.
                    FileTimeFrozen = "file-time-frozen", "IEC 61850-7-2, GetFileAttributeValues";
                    /// The directory gives names without their folders.
                    FileNamesBare = "file-names-bare", "IEC 61850-8-1, file directory, complete path";
                    /// The directory starts from the beginning whatever it should continue after.
                    FileContinueIgnored = "file-continue-ignored", "ISO 9506-2, FileDirectory, continueAfter";
                    /// The directory of an unknown folder is empty instead of refused.
                    UnknownFolderEmpty = "unknown-folder-empty", "IEC 61850-8-1, file directory, response-";
                    /// A file that does not exist is opened, and is empty.
                    UnknownFileEmpty = "unknown-file-empty", "IEC 61850-7-2, GetFile, response-";
                    /// A file is read from its beginning whatever the initial position.
                    FilePositionIgnored = "file-position-ignored", "ISO 9506-2, FileOpen, initialPosition";
                    /// A position behind the end of the file is accepted.
                    FilePositionUnchecked = "file-position-unchecked", "ISO 9506-2, FileOpen, position-invalid";
                    /// More files can be open than stated.
                    OpenFilesUnlimited = "open-files-unlimited", "IEC 61850-10, PIXIT Ft";
                    /// The end of a file is never told.
                    FileNeverEnds = "file-never-ends", "ISO 9506-2, FileRead, moreFollows";
                    /// A file is said to end after its first piece.
                    FileEndsEarly = "file-ends-early", "ISO 9506-2, FileRead, moreFollows";
                    /// A file can be read on after it was closed.
                    HandleSurvivesClose = "handle-survives-close", "ISO 9506-2, FileClose";
                    /// A file stays in use when the association that had it open has ended.
                    OpenFilesLeak = "open-files-leak", "IEC 61850-8-1, file transfer and loss of association";
                    /// Names that lead out of the file store are served.
                    PathTraversalAccepted = "path-traversal-accepted", "IEC 61850-8-1, file names";
                    /// A file is deleted while somebody reads it.
                    OpenFileDeleted = "open-file-deleted", "ISO 9506-2, FileDelete, file-busy";
                    /// A deletion is answered with success and the file stays.
                    FileDeleteWithoutEffect = "file-delete-without-effect", "IEC 61850-7-2, DeleteFile";
                    /// The deletion of a file that does not exist is answered with success.
                    UnknownFileDeleted = "unknown-file-deleted", "IEC 61850-7-2, DeleteFile, response-";
                    /// Renaming replaces another file.
                    RenameOverwrites = "rename-overwrites", "ISO 9506-2, FileRename, duplicate-filename";
                    /// ObtainFile is announced and rejected.
                    ObtainFileRejected = "obtain-file-rejected", "IEC 61850-8-1, SetFile";
                    /// ObtainFile is answered with success and nothing is stored.
                    ObtainedFileNotStored = "obtained-file-not-stored", "IEC 61850-7-2, SetFile";
                    /// Of a file that a client gives only the first piece is fetched.
                    ObtainedFirstPieceOnly = "obtained-first-piece-only", "IEC 61850-7-2, SetFile";
                    /// The file is not closed at the client after it was fetched.
                    SourceLeftOpen = "source-left-open", "IEC 61850-8-1, SetFile, FileClose at the client";
                    /// A file whose client is lost while it is fetched stays, with what had come of it.
                    HalfFileKept = "half-file-kept", "IEC 61850-8-1, SetFile and loss of association";
                    /// The name of a file whose client is lost while it is fetched stays in use.
                    LostFetchKeepsName = "lost-fetch-keeps-name", "IEC 61850-8-1, SetFile and loss of association";
                    /// A source that the client does not have is stored as an empty file.
                    MissingSourceAccepted = "missing-source-accepted", "IEC 61850-7-2, SetFile, response-";
                }
            }
            $($rest)*
        }
    };
}
