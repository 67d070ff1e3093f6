//! Logs and their control blocks (IEC 61850-7-2, LCB; IEC 61850-8-1, journals).

pub(super) mod keeping;

use std::{collections::VecDeque, sync::Arc, time::Duration};

use iedassay_model::{
    services::LogSettings,
    tree::{Node, NodeId, ServerModel},
};
use iedassay_wire::mms::{
    BinaryTime, Data, DataAccessError, EntryForm, ErrorCode, JournalEntry, JournalVariable,
    ObjectName, RangeStart, RangeStop, ReadJournalRequest, ReadJournalResponse, Response,
    WriteResult,
};

use super::{Ied, service::Outcome, world::World};
use crate::{
    Fault, FaultSet,
    client::AssociationId,
    persistence::Record,
    report::{Access, EntryId, MemberSet, Time, Triggers},
};

/// All logs, and the blocks that feed them.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    blocks: Vec<LogBlock>,
    journals: Vec<Journal>,
    /// Who may set what; clients everything where the description does not say.
    rules: Option<LogSettings>,
    /// Entries that a log keeps.
    capacity: usize,
    /// What is to survive the end of the process, when somebody keeps it.
    unkept: Option<Vec<Record>>,
    faults: Arc<FaultSet>,
}

#[derive(Debug)]
struct LogBlock {
    node: NodeId,
    enabled: bool,
    log_ref: String,
    dat_set: String,
    trg_ops: Triggers,
    intg_pd: u32,
    configured: bool,
    /// When all members are logged for integrity.
    integrity_at: Option<Time>,
    members: Option<Arc<MemberSet>>,
}

#[derive(Debug)]
struct Journal {
    domain: String,
    /// `LN$name`.
    item: String,
    entries: VecDeque<LogEntry>,
    last_id: u64,
}

#[derive(Debug)]
struct LogEntry {
    id: EntryId,
    time: Time,
    variables: Vec<(String, Data)>,
}

impl LogBlock {
    /// The next integrity entry is due one period after `now`.
    fn schedule(&mut self, now: Time, faults: &FaultSet) {
        let runs = self.enabled && self.intg_pd > 0 && self.trg_ops.contains(Triggers::INTEGRITY);
        self.integrity_at = (runs && !faults.has(Fault::LogIntegrityMissing))
            .then(|| now.saturating_add(Duration::from_millis(u64::from(self.intg_pd))));
    }

    fn resolve(&mut self, world: &World<'_>) -> Option<Arc<MemberSet>> {
        if self.members.is_none() {
            self.members = world.data_set(&self.dat_set, None);
        }
        self.members.clone()
    }
}

impl Logs {
    /// As configured. Each log keeps `capacity` entries.
    pub(crate) fn new(model: &ServerModel, capacity: usize, faults: &Arc<FaultSet>) -> Self {
        let mut logs = Self {
            capacity: capacity.max(1),
            rules: model.services.log_settings,
            faults: Arc::clone(faults),
            ..Self::default()
        };
        for (ld, ln) in model.nodes() {
            for name in &ln.logs {
                logs.add_journal(&ld.name, &format!("{}${name}", ln.name));
            }
            for block in &ln.log_controls {
                let Some(node) = model.resolve(&ld.name, &format!("{}$LG${}", ln.name, block.name))
                else {
                    continue;
                };
                let text = |name: &str| {
                    node.child(name)
                        .map(Node::default_data)
                        .and_then(|data| data.as_str().map(str::to_owned))
                };
                let trg_ops = node.child("TrgOps").map(Node::default_data);
                let bits = trg_ops.as_ref().and_then(Data::as_bits);
                let log_ref = text("LogRef").unwrap_or_default();
                if let Some((domain, item)) = log_ref.split_once('/') {
                    logs.add_journal(domain, item);
                }
                logs.blocks.push(LogBlock {
                    node: node.id(),
                    enabled: block.log_ena,
                    configured: block.log_ena,
                    integrity_at: None,
                    log_ref,
                    dat_set: text("DatSet").unwrap_or_default(),
                    trg_ops: bits.map_or(Triggers::NONE, |bits| Triggers::from_bits(bits, false)),
                    intg_pd: block.intg_pd,
                    members: None,
                });
            }
        }
        logs
    }

    fn add_journal(&mut self, domain: &str, item: &str) {
        if self.journal(domain, item).is_none() {
            let (domain, item) = (domain.to_owned(), item.to_owned());
            self.journals.push(Journal {
                domain,
                item,
                entries: VecDeque::new(),
                last_id: 0,
            });
        }
    }

    fn journal(&self, domain: &str, item: &str) -> Option<&Journal> {
        self.journals
            .iter()
            .find(|journal| journal.domain == domain && journal.item == item)
    }

    fn of_reference(&self, log_ref: &str) -> Option<&Journal> {
        let (domain, item) = log_ref.split_once('/')?;
        self.journal(domain, item)
    }

    /// Logging is as configured; logs themselves survive.
    pub(crate) fn start(&mut self, now: Time) {
        for block in &mut self.blocks {
            block.enabled = block.configured;
            block.members = None;
            block.schedule(now, &self.faults);
        }
    }

    /// Every entry is gone.
    pub(crate) fn forget_entries(&mut self) {
        for journal in &mut self.journals {
            journal.entries.clear();
        }
    }

    /// When [`Self::advance`] is wanted.
    pub(crate) fn deadline(&self) -> Option<Time> {
        self.blocks
            .iter()
            .filter_map(|block| block.integrity_at)
            .min()
    }

    /// Logs all members of the blocks whose integrity period is over.
    pub(crate) fn advance(&mut self, now: Time, world: &World<'_>) {
        for at in 0..self.blocks.len() {
            let Some(block) = self.blocks.get_mut(at) else {
                return;
            };
            if block.integrity_at.is_none_or(|due| due > now) {
                continue;
            }
            block.schedule(now, &self.faults);
            let Some(members) = block.resolve(world) else {
                continue;
            };
            let reasons = vec![Triggers::INTEGRITY; members.members.len()];
            self.append(at, &members, &reasons, now, world);
        }
    }

    /// Names of the journals of a domain.
    pub(crate) fn journals(&self, domain: &str) -> Vec<String> {
        self.journals
            .iter()
            .filter(|journal| journal.domain == domain)
            .map(|journal| journal.item.clone())
            .collect()
    }

    pub(crate) fn is_bound(&self, dat_set: &str) -> bool {
        self.blocks.iter().any(|block| block.dat_set == dat_set)
            && !self.faults.has(Fault::LogDataSetDeleted)
    }

    /// An attribute of a log control block.
    pub(crate) fn read(&self, node: Node<'_>, attribute: &str) -> Option<Data> {
        let block = self.blocks.iter().find(|block| block.node == node.id())?;
        let entries = self
            .of_reference(&block.log_ref)
            .map(|journal| &journal.entries);
        let oldest = entries.and_then(VecDeque::front);
        let newest = entries.and_then(VecDeque::back);
        let times = if self.faults.has(Fault::LogStatusTimesSwapped) {
            [newest, oldest]
        } else {
            [oldest, newest]
        };
        let time = |entry: Option<&LogEntry>| {
            Data::BinaryTime(match entry {
                Some(entry) => BinaryTime::from_since_epoch(entry.time),
                None => BinaryTime::DateTime { millis: 0, days: 0 },
            })
        };
        let id = |entry: Option<&LogEntry>| entry.map_or(EntryId::NONE, |entry| entry.id).to_data();
        Some(match attribute {
            "LogEna" => Data::Boolean(block.enabled),
            "LogRef" => Data::VisibleString(block.log_ref.clone()),
            "DatSet" => Data::VisibleString(block.dat_set.clone()),
            "NewEntrTm" | "NewEntr" if self.faults.has(Fault::LogStatusStale) => {
                return self.read(
                    node,
                    if attribute == "NewEntr" {
                        "OldEntr"
                    } else {
                        "OldEntrTm"
                    },
                );
            }
            "OldEntrTm" => time(times[0]),
            "NewEntrTm" => time(times[1]),
            "OldEntr" => id(oldest),
            "NewEntr" => id(newest),
            "TrgOps" => Data::BitString(block.trg_ops.to_bits(6)),
            "IntgPd" => Data::Unsigned(u64::from(block.intg_pd)),
            _ => return None,
        })
    }

    /// A write of an attribute, whose type has been checked.
    pub(crate) fn write(
        &mut self,
        node: Node<'_>,
        attribute: &str,
        data: &Data,
        now: Time,
        world: &World<'_>,
    ) -> WriteResult {
        let faults = Arc::clone(&self.faults);
        let at = self.blocks.iter().position(|block| block.node == node.id());
        let at = at.ok_or(DataAccessError::OBJECT_NON_EXISTENT)?;
        let log_known = |logs: &Self, log_ref: &str| logs.of_reference(log_ref).is_some();
        let enabling = match (attribute, data) {
            ("LogEna", Data::Boolean(on)) => Some(*on),
            _ => None,
        };
        let ready = self
            .blocks
            .get(at)
            .is_some_and(|block| log_known(self, &block.log_ref));
        let setting = self.rules.and_then(|rules| match attribute {
            "LogEna" => Some(rules.log_ena),
            "DatSet" => Some(rules.dat_set),
            "TrgOps" => Some(rules.trg_ops),
            "IntgPd" => Some(rules.intg_pd),
            _ => None,
        });
        if setting.is_some_and(|setting| !setting.is_dynamic())
            && !faults.has(Fault::FixedLogAttributeAccepted)
        {
            return Err(DataAccessError::OBJECT_ACCESS_DENIED);
        }
        let known = match (attribute, data) {
            ("LogRef", Data::VisibleString(text)) => {
                log_known(self, text) || faults.has(Fault::UnknownLogRefAccepted)
            }
            _ => true,
        };
        let block = self
            .blocks
            .get_mut(at)
            .ok_or(DataAccessError::OBJECT_NON_EXISTENT)?;
        if let Some(on) = enabling {
            if on {
                block.members = world.data_set(&block.dat_set, None);
                let usable = block.members.is_some() && ready;
                if !usable && !faults.has(Fault::LogEnabledWithoutDataSet) {
                    return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
                }
            }
            if block.enabled != on {
                block.enabled = on;
                block.schedule(now, &faults);
            }
            if !on && faults.has(Fault::LogDisabledForAll) {
                let log_ref = block.log_ref.clone();
                for other in &mut self.blocks {
                    other.enabled &= other.log_ref != log_ref;
                }
            }
            return Ok(());
        }
        if !matches!(attribute, "LogRef" | "DatSet" | "TrgOps" | "IntgPd") {
            return if faults.has(Fault::LogStatusWritable) {
                Ok(())
            } else {
                Err(DataAccessError::OBJECT_ACCESS_DENIED)
            };
        }
        let passes = attribute == "LogRef" && faults.has(Fault::LogRefWrittenWhileEnabled);
        if block.enabled && !passes && !faults.has(Fault::LogConfiguredWhileEnabled) {
            return Err(DataAccessError::TEMPORARILY_UNAVAILABLE);
        }
        match (attribute, data) {
            ("LogRef", Data::VisibleString(text)) if known => block.log_ref.clone_from(text),
            ("DatSet", Data::VisibleString(text))
                if text.is_empty() || world.data_set(text, None).is_some() =>
            {
                block.dat_set.clone_from(text);
            }
            ("TrgOps", Data::BitString(bits)) => block.trg_ops = Triggers::from_bits(bits, false),
            ("IntgPd", Data::Unsigned(millis)) => {
                block.intg_pd = u32::try_from(*millis).unwrap_or(u32::MAX)
            }
            _ => return Err(DataAccessError::OBJECT_VALUE_INVALID),
        }
        if let Some(unkept) = &mut self.unkept {
            unkept.push(Record {
                key: format!("{}/{}/{}", keeping::BLOCK, node.domain(), node.item()),
                value: Some(block.to_octets()),
            });
        }
        Ok(())
    }

    /// Cells changed, all at one instant.
    pub(crate) fn changed(&mut self, now: Time, changes: &[(NodeId, Triggers)], world: &World<'_>) {
        if self.faults.has(Fault::ChangesNotLogged) {
            return;
        }
        for at in 0..self.blocks.len() {
            let Some(block) = self.blocks.get_mut(at) else {
                return;
            };
            if !block.enabled && !self.faults.has(Fault::LogWhileDisabled) {
                continue;
            }
            let Some(members) = block.resolve(world) else {
                continue;
            };
            let mut reasons = vec![Triggers::NONE; members.members.len()];
            for (cell, raised) in changes {
                for member in members.by_leaf.get(cell).into_iter().flatten() {
                    if let Some(reason) = reasons.get_mut(*member) {
                        *reason = reason.union(*raised);
                    }
                }
            }
            if !self.faults.has(Fault::LogTriggersIgnored) {
                for reason in &mut reasons {
                    *reason = reason.intersection(block.trg_ops);
                }
            }
            let raised = reasons.iter().find(|reason| !reason.is_empty()).copied();
            if let Some(raised) = raised
                && self.faults.has(Fault::LogAllMembers)
            {
                reasons.fill(raised);
            }
            self.append(at, &members, &reasons, now, world);
        }
    }

    /// One entry with the members that have a reason, if there are any.
    fn append(
        &mut self,
        at: usize,
        members: &MemberSet,
        reasons: &[Triggers],
        now: Time,
        world: &World<'_>,
    ) {
        let values = world.values(members);
        let mut variables = Vec::new();
        for (at, (member, reason)) in members.members.iter().zip(reasons).enumerate() {
            if reason.is_empty() {
                continue;
            }
            variables.push((member.reference.clone(), values.value(at)));
            if !self.faults.has(Fault::LogReasonMissing) {
                variables.push(("ReasonCode".to_owned(), Data::BitString(reason.to_bits(7))));
            }
        }
        let log_ref = self.blocks.get(at).map(|block| block.log_ref.as_str());
        let first = (self.blocks.iter()).position(|block| Some(block.log_ref.as_str()) == log_ref);
        if first != Some(at) && self.faults.has(Fault::LogOfOneBlock) {
            return;
        }
        let Some((domain, item)) = log_ref
            .and_then(|log_ref| log_ref.split_once('/'))
            .filter(|_| !variables.is_empty())
        else {
            return;
        };
        let found = self
            .journals
            .iter_mut()
            .find(|journal| journal.domain == domain && journal.item == item);
        let Some(journal) = found else {
            return;
        };
        if journal.entries.len() >= self.capacity {
            if self.faults.has(Fault::FullLogStops) {
                return;
            }
            let oldest = journal.entries.pop_front();
            if let (Some(unkept), Some(oldest)) = (&mut self.unkept, oldest) {
                unkept.push(Record {
                    key: journal.key(oldest.id),
                    value: None,
                });
            }
        }
        if journal.last_id == 0 || !self.faults.has(Fault::LogEntryIdRepeated) {
            journal.last_id += 1;
        }
        let entry = LogEntry {
            id: EntryId(journal.last_id),
            time: world.clock.of_log(now),
            variables,
        };
        if let Some(unkept) = &mut self.unkept {
            unkept.push(Record {
                key: journal.key(entry.id),
                value: Some(entry.to_octets()),
            });
        }
        journal.entries.push_back(entry);
    }
}

impl Ied {
    pub(super) fn read_journal(&self, id: AssociationId, request: &ReadJournalRequest) -> Outcome {
        let journal = match &request.journal {
            ObjectName::Domain { domain, item } => self.logs.journal(domain, item),
            _ => None,
        };
        let Some(journal) = journal else {
            if self.faults.has(Fault::UnknownLogEmpty) {
                return Outcome::Done(Response::ReadJournal(ReadJournalResponse {
                    entries: Vec::new(),
                    more_follows: false,
                }));
            }
            return ErrorCode::OBJECT_NON_EXISTENT.into();
        };
        let after = |wanted: &[u8]| {
            let id = EntryId::from_octets(wanted)?;
            journal.entries.iter().position(|entry| entry.id == id)
        };
        let begin = match (&request.start_after, &request.start) {
            (Some(position), _) => match after(&position.entry) {
                Some(at) if self.faults.has(Fault::QueryAfterInclusive) => at,
                Some(at) => at + 1,
                None if self.faults.has(Fault::UnknownEntryRestarts) => 0,
                None => return ErrorCode::OBJECT_NON_EXISTENT.into(),
            },
            (None, Some(RangeStart::Entry(entry))) => match after(entry) {
                Some(at) => at,
                None => return ErrorCode::OBJECT_NON_EXISTENT.into(),
            },
            (None, Some(RangeStart::Time(_))) if self.faults.has(Fault::QueryStartIgnored) => 0,
            (None, Some(RangeStart::Time(time))) => {
                let from = time.since_epoch().unwrap_or_default();
                journal
                    .entries
                    .iter()
                    .position(|entry| to_millis(entry.time) >= from)
                    .unwrap_or(journal.entries.len())
            }
            (None, None) => 0,
        };
        let wanted = journal
            .entries
            .iter()
            .skip(begin)
            .take_while(|entry| match &request.stop {
                Some(RangeStop::Time(_)) if self.faults.has(Fault::QueryStopIgnored) => true,
                Some(RangeStop::Time(time)) => time
                    .since_epoch()
                    .is_none_or(|until| to_millis(entry.time) <= until),
                _ => true,
            });
        let mut count = match &request.stop {
            Some(RangeStop::Count(count)) => usize::try_from(*count).unwrap_or(0),
            _ => usize::MAX,
        };
        let mut room = self.max_pdu(id).saturating_sub(64);
        let (mut entries, mut more_follows) = (Vec::new(), false);
        for entry in wanted {
            if count == 0 {
                break;
            }
            let size: usize = 64
                + entry
                    .variables
                    .iter()
                    .map(|(tag, data)| tag.len() + data.encode().len() + 12)
                    .sum::<usize>();
            if size > room {
                more_follows = !self.faults.has(Fault::LogMoreFollowsMissing);
                break;
            }
            room -= size;
            count -= 1;
            entries.push(journal_entry(entry));
        }
        if self.faults.has(Fault::LogEntriesReversed) {
            entries.reverse();
        }
        if self.faults.has(Fault::LogTimeOfQuery) {
            for entry in &mut entries {
                entry.occurrence_time = BinaryTime::from_since_epoch(self.clock.read(self.now));
            }
        }
        Outcome::Done(Response::ReadJournal(ReadJournalResponse {
            entries,
            more_follows,
        }))
    }
}

/// As the time of an entry goes over the wire.
fn to_millis(time: Time) -> Time {
    BinaryTime::from_since_epoch(time)
        .since_epoch()
        .unwrap_or(time)
}

fn journal_entry(entry: &LogEntry) -> JournalEntry {
    let variables = entry.variables.iter().map(|(tag, value)| JournalVariable {
        tag: tag.clone(),
        value: value.clone(),
    });
    JournalEntry {
        identifier: entry.id.0.to_be_bytes().to_vec(),
        originator: JournalEntry::NO_ORIGINATOR,
        occurrence_time: BinaryTime::from_since_epoch(entry.time),
        additional_detail: None,
        form: EntryForm::Data {
            event: None,
            variables: Some(variables.collect()),
        },
    }
}
