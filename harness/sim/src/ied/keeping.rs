//! What of the IED survives the end of the process: written settings, setting groups, data sets, control blocks of reports and of
//! publishers, logs, files.

use std::{collections::HashMap, sync::Arc};

use iedassay_model::{Fc, ObjectReference, tree::NodeId};
use iedassay_wire::mms::Data;

use super::{Ied, files::keeping as files, logs::keeping as logs, publishers::PUBLISHER};
use crate::{
    persistence::{PersistenceError, Record, octets_of, reading},
    report::{
        ENTRY, Entry, Kept, PENDING, Pending, SETTINGS, Settings, TOLD, Time, Told, parse_entry_key,
    },
};

/// Parts of the keys.
const VALUE: &str = "value";
const SET: &str = "set";
const GROUP: &str = "group";

impl Ied {
    /// From now on tells what has to be kept, after taking back what was kept before.
    ///
    /// # Errors
    /// When it cannot be understood.
    pub(crate) fn keep(
        &mut self,
        kept: Vec<(String, Vec<u8>)>,
        now: Time,
    ) -> Result<(), PersistenceError> {
        let mut blocks: HashMap<String, Kept> = HashMap::new();
        let mut held = Vec::new();
        for (key, octets) in kept {
            if self
                .take_back(&key, &octets, &mut blocks, &mut held)
                .is_none()
            {
                return Err(PersistenceError::Unreadable(key));
            }
        }
        let model = Arc::clone(&self.model);
        for node in held {
            if let Some(node) = model.node(node) {
                self.follow_hold(node, now);
            }
        }
        self.logs.keep();
        self.logs.start(now);
        self.files.keep();
        self.records = Some(Vec::new());
        self.restore_blocks(blocks, now);
        self.publishers.record();
        self.start_publishers();
        Ok(())
    }

    /// None when it cannot be understood.
    fn take_back(
        &mut self,
        key: &str,
        octets: &[u8],
        blocks: &mut HashMap<String, Kept>,
        held: &mut Vec<NodeId>,
    ) -> Option<()> {
        let (part, rest) = key.split_once('/')?;
        match part {
            VALUE => {
                let (domain, item) = rest.split_once('/')?;
                let node = self.model.resolve(domain, item)?.id();
                self.store.replace(node, Data::decode(octets).ok()?)?;
                if matches!(self.model.node(node)?.fc(), Some(Fc::SV | Fc::BL)) {
                    held.push(node);
                }
            }
            SET => {
                let (domain, item) = rest.split_once('/')?;
                let mut read = reading(octets)?;
                let mut members: Vec<ObjectReference> = Vec::new();
                while !read.is_over() {
                    members.push(read.text()?.parse().ok()?);
                }
                self.sets.define(domain, item, members);
            }
            PUBLISHER => self.publishers.take_back(rest, octets)?,
            GROUP => self.groups.take_back(&self.model, rest, octets)?,
            SETTINGS => {
                let block = blocks.entry(rest.to_owned()).or_default();
                block.settings = Some(Settings::from_octets(octets)?);
            }
            TOLD => {
                let block = blocks.entry(rest.to_owned()).or_default();
                block.told = Some(Told::from_octets(octets)?);
            }
            PENDING => {
                let block = blocks.entry(rest.to_owned()).or_default();
                block.pending = Some(Pending::from_octets(octets)?);
            }
            ENTRY => {
                let (block, id) = parse_entry_key(rest)?;
                let block = blocks.entry(block.to_owned()).or_default();
                block.entries.push(Entry::from_octets(id, octets)?);
            }
            logs::ENTRY => self.logs.take_back_entry(rest, octets)?,
            logs::BLOCK => self.logs.take_back_block(&self.model, rest, octets)?,
            files::FILE => self.files.take_back(rest, octets)?,
            _ => return None,
        }
        Some(())
    }

    /// Gives the blocks back what was kept of them.
    pub(super) fn restore_blocks(&mut self, mut kept: HashMap<String, Kept>, now: Time) {
        let mut blocks = core::mem::take(&mut self.blocks);
        let world = self.world();
        for block in &mut blocks {
            let kept = kept.remove(block.reference()).unwrap_or_default();
            block.restore(kept, now, &world);
            block.record();
        }
        self.blocks = blocks;
    }

    /// What is to be kept before anybody is told of it. With `all` also what may be kept later.
    pub(crate) fn take_records(&mut self, all: bool) -> Vec<Record> {
        let Some(records) = &mut self.records else {
            return Vec::new();
        };
        let mut records = core::mem::take(records);
        for block in &mut self.blocks {
            block.take_records(&mut records);
        }
        self.logs.take_records(&mut records);
        self.files.take_records(&mut records);
        self.publishers.take_records(&mut records);
        if all || !records.is_empty() {
            for block in &mut self.blocks {
                block.take_late_records(&mut records);
            }
        }
        records
    }

    pub(super) const fn is_kept(&self) -> bool {
        self.records.is_some()
    }

    /// A value has changed.
    pub(super) fn keep_value(&mut self, cell: NodeId) {
        let (Some(records), Some(node)) = (&mut self.records, self.model.node(cell)) else {
            return;
        };
        let written = matches!(
            node.fc(),
            Some(Fc::SP | Fc::SG | Fc::CF | Fc::DC | Fc::SV | Fc::BL)
        );
        if let Some(data) = self.store.cell(cell).filter(|_| written) {
            records.push(Record {
                key: format!("{VALUE}/{}/{}", node.domain(), node.item()),
                value: Some(data.encode()),
            });
        }
    }

    /// A persistent data set came or went.
    pub(super) fn keep_set(&mut self, domain: &str, item: &str) {
        if let Some(records) = &mut self.records {
            let value = self.sets.persistent(domain, item).map(|set| {
                let members = set.members.iter();
                octets_of(
                    members
                        .map(|member| Data::VisibleString(member.to_string()))
                        .collect(),
                )
            });
            let key = format!("{SET}/{domain}/{item}");
            records.push(Record { key, value });
        }
    }

    /// The setting groups of a logical device have changed.
    pub(super) fn keep_groups(&mut self, domain: &str) {
        if let Some(records) = &mut self.records {
            let kept = self.groups.to_kept(&self.model, domain);
            records.extend(kept.into_iter().map(|(rest, octets)| Record {
                key: format!("{GROUP}/{rest}"),
                value: Some(octets),
            }));
        }
    }
}
