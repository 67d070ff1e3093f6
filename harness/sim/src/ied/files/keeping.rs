//! What of the files survives the end of the process: those that clients gave, renamed or deleted.

use iedassay_wire::mms::Data;

use super::Files;
use crate::persistence::{Record, octets_of, reading};

/// Part of the keys.
pub(in crate::ied) const FILE: &str = "file";

impl Files {
    /// From now on tells what has to be kept.
    pub(in crate::ied) fn keep(&mut self) {
        self.touched.clear();
        self.kept = true;
    }

    /// A file has come, changed or gone.
    pub(super) fn touch(&mut self, path: &str) {
        if self.kept {
            self.touched.insert(path.to_owned());
        }
    }

    /// What has changed since this was last asked. A file that is there at start and was deleted is kept as nothing, so that it
    /// stays away.
    pub(in crate::ied) fn take_records(&mut self, records: &mut Vec<Record>) {
        for path in core::mem::take(&mut self.touched) {
            let value = match self.files.get(&path) {
                Some(file) => Some(octets_of(vec![
                    Data::Unsigned(file.modified.as_secs()),
                    Data::Unsigned(u64::from(file.modified.subsec_nanos())),
                    Data::OctetString(file.contents.clone()),
                ])),
                None => self.initial.contains(&path).then(|| octets_of(Vec::new())),
            };
            let key = format!("{FILE}/{path}");
            records.push(Record { key, value });
        }
    }

    /// Takes a file back, or its absence. None when it cannot be understood.
    pub(in crate::ied) fn take_back(&mut self, path: &str, octets: &[u8]) -> Option<()> {
        let mut read = reading(octets)?;
        if read.is_over() {
            self.files.remove(path);
            return Some(());
        }
        let modified = read.time()?;
        let Data::OctetString(contents) = read.next()? else {
            return None;
        };
        self.put(path.to_owned(), contents, modified);
        Some(())
    }
}
