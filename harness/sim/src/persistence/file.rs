//! In a file: an embedded store with transactions, which a kill at any moment leaves as of the last commit.

use std::{fmt, path::Path};

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::{Persistence, PersistenceError, Record};

const KEPT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("kept");

/// A store in one file. Only one process can have it open.
pub struct FileStore {
    database: Database,
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore").finish_non_exhaustive()
    }
}

fn storage(error: impl fmt::Display) -> PersistenceError {
    PersistenceError::Storage(error.to_string())
}

impl FileStore {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// When it cannot be read or written, is another kind of file, or is open elsewhere.
    pub fn open(path: &Path) -> Result<Self, PersistenceError> {
        let database = Database::create(path).map_err(storage)?;
        let transaction = database.begin_write().map_err(storage)?;
        transaction.open_table(KEPT).map_err(storage)?;
        transaction.commit().map_err(storage)?;
        Ok(Self { database })
    }
}

impl Persistence for FileStore {
    fn load(&mut self) -> Result<Vec<(String, Vec<u8>)>, PersistenceError> {
        let transaction = self.database.begin_read().map_err(storage)?;
        let table = transaction.open_table(KEPT).map_err(storage)?;
        let mut kept = Vec::new();
        for row in table.iter().map_err(storage)? {
            let (key, value) = row.map_err(storage)?;
            kept.push((key.value().to_owned(), value.value().to_vec()));
        }
        Ok(kept)
    }

    fn commit(&mut self, records: &[Record]) -> Result<(), PersistenceError> {
        let transaction = self.database.begin_write().map_err(storage)?;
        {
            let mut table = transaction.open_table(KEPT).map_err(storage)?;
            for record in records {
                let key = record.key.as_str();
                match &record.value {
                    Some(value) => table.insert(key, value.as_slice()).map_err(storage)?,
                    None => table.remove(key).map_err(storage)?,
                };
            }
        }
        transaction.commit().map_err(storage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(key: &str, value: Option<&[u8]>) -> Record {
        Record {
            key: key.into(),
            value: value.map(<[u8]>::to_vec),
        }
    }

    #[test]
    fn what_is_committed_is_there_after_it_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ied.store");
        let mut store = FileStore::open(&path).unwrap();
        store
            .commit(&[keep("b", Some(&[2])), keep("a", Some(&[1]))])
            .unwrap();
        store
            .commit(&[keep("b", None), keep("c", Some(&[]))])
            .unwrap();
        assert!(FileStore::open(&path).is_err(), "open elsewhere");
        drop(store);
        let kept = FileStore::open(&path).unwrap().load().unwrap();
        assert_eq!(kept, [("a".into(), vec![1]), ("c".into(), vec![])]);
    }

    #[test]
    fn another_kind_of_file_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "not a store at all").unwrap();
        assert!(FileStore::open(&path).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"not a store at all");
    }
}
