//! Lists that come in pages, and the names in them.

use iedassay_wire::mms::{
    BinaryTime, DirectoryEntry, EntryForm, FileAttributes, FileDirectoryResponse, FileName,
    FileReadResponse, JournalEntry, NameListResponse, ReadJournalResponse, Response,
};

use super::Scene;

/// Names, files or entries of a page.
const PAGE: u64 = 500;

/// New names, and more follow.
pub(in super::super) fn names(scene: &mut Scene<'_>) -> Vec<u8> {
    let first = scene.made.saturating_mul(PAGE);
    let names =
        (first..first.saturating_add(PAGE)).map(|number| format!("GGIO{number:0>100}$ST$Ind1"));
    page(scene, names.collect(), true)
}

/// The same names each time, and more follow.
pub(in super::super) fn same_names(scene: &mut Scene<'_>) -> Vec<u8> {
    page(scene, vec!["LLN0".to_owned(), "LPHD1".to_owned()], true)
}

/// No names, and more follow.
pub(in super::super) fn no_names(scene: &mut Scene<'_>) -> Vec<u8> {
    page(scene, Vec::new(), true)
}

/// Names that cannot be any.
pub(in super::super) fn odd_names(scene: &mut Scene<'_>) -> Vec<u8> {
    let names = [
        String::new(),
        "A".repeat(60_000),
        "\u{1b}[2J\u{7}\r\n".to_owned(),
        "$".repeat(1000),
        "../../etc/passwd".to_owned(),
        "%s%n%x".to_owned(),
        "LLN0$ST$Mod$stVal$stVal$stVal".to_owned(),
        "\u{0}".to_owned(),
        "LLN0".to_owned(),
    ];
    page(scene, names.to_vec(), false)
}

fn page(scene: &mut Scene<'_>, names: Vec<String>, more_follows: bool) -> Vec<u8> {
    scene.answer(Response::GetNameList(NameListResponse {
        names,
        more_follows,
    }))
}

/// New files, and more follow.
pub(in super::super) fn files(scene: &mut Scene<'_>) -> Vec<u8> {
    let first = scene.made.saturating_mul(PAGE);
    let names =
        (first..first.saturating_add(PAGE)).map(|number| format!("COMTRADE/{number:0>100}.cfg"));
    directory(scene, names.collect(), true)
}

/// Files whose names no directory can hold, or that lead out of it.
pub(in super::super) fn long_files(scene: &mut Scene<'_>) -> Vec<u8> {
    let names = [
        "F".repeat(30_000),
        "../".repeat(2000),
        "/etc/passwd".to_owned(),
        "C:\\Windows\\win.ini".to_owned(),
        "a\u{0}b".to_owned(),
        String::new(),
    ];
    directory(scene, names.to_vec(), false)
}

fn directory(scene: &mut Scene<'_>, names: Vec<String>, more_follows: bool) -> Vec<u8> {
    let entries = names.into_iter().map(|name| DirectoryEntry {
        name: FileName::new(name),
        attributes: FileAttributes {
            size: u32::MAX,
            last_modified: Some("29991231235959Z".to_owned()),
        },
    });
    let entries = entries.collect();
    scene.answer(Response::FileDirectory(FileDirectoryResponse {
        entries,
        more_follows,
    }))
}

/// A piece of a file, and more follows.
pub(in super::super) fn pieces(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.answer(Response::FileRead(FileReadResponse {
        data: vec![0x5a; 8000],
        more_follows: true,
    }))
}

/// New entries of a log, and more follow.
pub(in super::super) fn entries(scene: &mut Scene<'_>) -> Vec<u8> {
    let first = scene.made.saturating_mul(PAGE);
    let entries = (first..first.saturating_add(PAGE)).map(|number| JournalEntry {
        identifier: number.to_be_bytes().to_vec(),
        originator: JournalEntry::NO_ORIGINATOR,
        occurrence_time: BinaryTime::DateTime { millis: 0, days: 1 },
        additional_detail: None,
        form: EntryForm::Annotation("for ever ".repeat(10)),
    });
    let entries = entries.collect();
    scene.answer(Response::ReadJournal(ReadJournalResponse {
        entries,
        more_follows: true,
    }))
}
