//! A report control block that survives the end of the process.

use super::{Access, Block, EntryId, Kept, Time};
use crate::{Fault, persistence::Record};

/// What was last kept of a block.
#[derive(Debug, Default)]
pub(crate) struct Keeping {
    settings: Vec<u8>,
    pending: Vec<u8>,
    told: Vec<u8>,
}

/// Parts of the keys.
pub(crate) const SETTINGS: &str = "block";
pub(crate) const TOLD: &str = "told";
pub(crate) const PENDING: &str = "pending";
pub(crate) const ENTRY: &str = "entry";

/// The key of an entry: identifiers sort as they grow.
fn entry_key(reference: &str, id: EntryId) -> String {
    format!("{ENTRY}/{reference}/{:016x}", id.0)
}

/// The block and the identifier of a key behind its first part.
pub(crate) fn parse_entry_key(rest: &str) -> Option<(&str, EntryId)> {
    let (reference, id) = rest.rsplit_once('/')?;
    Some((reference, EntryId(u64::from_str_radix(id, 16).ok()?)))
}

impl Block {
    /// From now on tells what has to be kept. What it is now needs no keeping.
    pub(crate) fn record(&mut self) {
        self.engine.buffer().record();
        self.keeping = Some(Keeping {
            settings: self.settings.to_octets(),
            pending: self.pending_octets(),
            told: self.engine.buffer().told().to_octets(),
        });
    }

    fn pending_octets(&self) -> Vec<u8> {
        self.engine
            .pending()
            .filter(|_| self.is_buffered())
            .map(super::engine::Pending::to_octets)
            .unwrap_or_default()
    }

    /// Adds what has to be kept before anybody is told of it.
    pub(crate) fn take_records(&mut self, records: &mut Vec<Record>) {
        let Some(mut keeping) = self.keeping.take() else {
            return;
        };
        let mut keep = |part: &str, kept: &mut Vec<u8>, now: Vec<u8>| {
            if *kept != now {
                records.push(Record {
                    key: format!("{part}/{}", self.reference()),
                    value: Some(now.clone()).filter(|octets| !octets.is_empty()),
                });
                *kept = now;
            }
        };
        keep(SETTINGS, &mut keeping.settings, self.settings.to_octets());
        keep(PENDING, &mut keeping.pending, self.pending_octets());
        self.keeping = Some(keeping);
        let changes = self.engine.buffer().take_changes();
        if self.is_buffered() {
            records.extend(changes.into_iter().map(|(id, value)| Record {
                key: entry_key(self.reference(), id),
                value,
            }));
        }
    }

    /// Adds what may be kept later: how far reports were sent.
    pub(crate) fn take_late_records(&mut self, records: &mut Vec<Record>) {
        let told = self.engine.buffer().told().to_octets();
        if !self.is_buffered() {
            return;
        }
        let key = format!("{TOLD}/{}", self.reference());
        if let Some(keeping) = self.keeping.as_mut().filter(|kept| kept.told != told) {
            keeping.told.clone_from(&told);
            let value = Some(told);
            records.push(Record { key, value });
        }
    }

    /// All that would be kept, as it is now.
    pub(crate) fn into_kept(mut self) -> Kept {
        Kept {
            told: Some(self.engine.buffer().told()),
            entries: self.engine.buffer().take_entries(),
            pending: self.engine.take_pending(),
            settings: Some(self.settings),
        }
    }

    /// Takes back what was kept, before anybody uses the block.
    pub(crate) fn restore(&mut self, kept: Kept, now: Time, access: &dyn Access) {
        self.engine.buffer().record();
        if let Some(settings) = kept.settings {
            self.settings = settings;
        }
        self.start(now, access);
        if self.is_buffered() {
            let told = kept.told.unwrap_or_default();
            let entries = if self.faults.has(Fault::BufferLostOnRestart) {
                Vec::new()
            } else {
                kept.entries
            };
            self.engine.restore(told, entries, kept.pending);
        }
    }
}
