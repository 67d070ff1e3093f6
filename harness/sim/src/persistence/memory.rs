//! In memory: for tests, and for a power cycle within one process.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Persistence, PersistenceError, Record};

/// A place in memory. Clones are the same place, so that it outlives a simulated IED.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl MemoryStore {
    /// How many things are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Persistence for MemoryStore {
    fn load(&mut self) -> Result<Vec<(String, Vec<u8>)>, PersistenceError> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(kept
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect())
    }

    fn commit(&mut self, records: &[Record]) -> Result<(), PersistenceError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for record in records {
            match &record.value {
                Some(value) => kept.insert(record.key.clone(), value.clone()),
                None => kept.remove(&record.key),
            };
        }
        Ok(())
    }
}
