//! What of logs survives the end of the process: entries, and the settings of log control blocks. Whether a block logs is as configured
//! after every start, as after an interruption of the supply.

use iedassay_model::tree::ServerModel;
use iedassay_wire::mms::Data;

use super::{Journal, LogBlock, LogEntry, Logs};
use crate::{
    persistence::{Record, octets_of, reading},
    report::{EntryId, Triggers},
};

/// Parts of the keys.
pub(in crate::ied) const ENTRY: &str = "log";
pub(in crate::ied) const BLOCK: &str = "lcb";

impl Journal {
    /// The identifier in hexadecimal, so that keys are in the order of the entries.
    pub(super) fn key(&self, id: EntryId) -> String {
        format!("{ENTRY}/{}/{}/{:016x}", self.domain, self.item, id.0)
    }
}

impl LogEntry {
    pub(super) fn to_octets(&self) -> Vec<u8> {
        let mut values = vec![
            Data::Unsigned(self.time.as_secs()),
            Data::Unsigned(u64::from(self.time.subsec_nanos())),
        ];
        for (tag, value) in &self.variables {
            values.extend([Data::VisibleString(tag.clone()), value.clone()]);
        }
        octets_of(values)
    }

    fn from_octets(id: EntryId, octets: &[u8]) -> Option<Self> {
        let mut read = reading(octets)?;
        let time = read.time()?;
        let mut variables = Vec::new();
        while !read.is_over() {
            variables.push((read.text()?, read.next()?));
        }
        Some(Self {
            id,
            time,
            variables,
        })
    }
}

impl LogBlock {
    pub(super) fn to_octets(&self) -> Vec<u8> {
        octets_of(vec![
            Data::VisibleString(self.log_ref.clone()),
            Data::VisibleString(self.dat_set.clone()),
            Data::BitString(self.trg_ops.to_bits(6)),
            Data::Unsigned(u64::from(self.intg_pd)),
        ])
    }
}

impl Logs {
    /// From now on tells what has to be kept.
    pub(in crate::ied) fn keep(&mut self) {
        let mut forgotten = Vec::new();
        // A log may keep fewer entries than before.
        for journal in &mut self.journals {
            while journal.entries.len() > self.capacity
                && let Some(entry) = journal.entries.pop_front()
            {
                forgotten.push(Record {
                    key: journal.key(entry.id),
                    value: None,
                });
            }
        }
        self.unkept = Some(forgotten);
    }

    /// What has come and gone since this was last asked.
    pub(in crate::ied) fn take_records(&mut self, records: &mut Vec<Record>) {
        if let Some(unkept) = &mut self.unkept {
            records.append(unkept);
        }
    }

    /// Takes an entry back; the entries of a log come in their order. None when it cannot be understood.
    pub(in crate::ied) fn take_back_entry(&mut self, rest: &str, octets: &[u8]) -> Option<()> {
        let mut parts = rest.split('/');
        let (domain, item, id) = (parts.next()?, parts.next()?, parts.next()?);
        let id = EntryId(u64::from_str_radix(id, 16).ok()?);
        let entry = LogEntry::from_octets(id, octets)?;
        let journal = self
            .journals
            .iter_mut()
            .find(|journal| journal.domain == domain && journal.item == item)?;
        journal.last_id = journal.last_id.max(id.0);
        journal.entries.push_back(entry);
        Some(())
    }

    /// Takes the settings of a block back. None when they cannot be understood.
    pub(in crate::ied) fn take_back_block(
        &mut self,
        model: &ServerModel,
        rest: &str,
        octets: &[u8],
    ) -> Option<()> {
        let (domain, item) = rest.split_once('/')?;
        let node = model.resolve(domain, item)?.id();
        let block = self.blocks.iter_mut().find(|block| block.node == node)?;
        let mut read = reading(octets)?;
        block.log_ref = read.text()?;
        block.dat_set = read.text()?;
        block.trg_ops = Triggers::from_bits(read.next()?.as_bits()?, false);
        block.intg_pd = read.number()?;
        Some(())
    }
}
