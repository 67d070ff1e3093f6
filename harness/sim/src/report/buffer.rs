//! Entries that wait to be sent.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use iedassay_wire::mms::Data;

use super::{Time, Triggers, kept::Told};
use crate::{Fault, FaultSet};

/// Identifies an entry of a buffer. Grows; zero means none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryId(pub(crate) u64);

impl EntryId {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn to_data(self) -> Data {
        Data::OctetString(self.0.to_be_bytes().to_vec())
    }

    pub(crate) fn from_octets(octets: &[u8]) -> Option<Self> {
        octets
            .try_into()
            .ok()
            .map(|octets| Self(u64::from_be_bytes(octets)))
    }
}

/// Why there is an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    Event,
    Integrity,
    Gi,
}

/// A member with the value that it had.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Included {
    pub(crate) member: usize,
    pub(crate) value: Data,
    pub(crate) reasons: Triggers,
}

/// What becomes one report.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) id: EntryId,
    pub(crate) time: Time,
    pub(crate) kind: EntryKind,
    /// Members of the data set, of which some are included.
    pub(crate) members: usize,
    pub(crate) included: Vec<Included>,
}

impl Entry {
    /// Octets that it takes in a buffer: its values and what is kept beside them.
    fn octets(&self) -> usize {
        const BESIDE_ENTRY: usize = 24;
        const BESIDE_VALUE: usize = 4;
        self.included.iter().fold(BESIDE_ENTRY, |sum, one| {
            sum + BESIDE_VALUE + one.value.encode().len()
        })
    }
}

/// How much a buffer keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Capacity {
    /// Entries, at least one.
    pub(crate) entries: usize,
    /// Octets of all entries together; one entry is kept whatever its size.
    pub(crate) octets: usize,
}

/// A ring of entries in order. Entries stay after they are sent, so that a client can go back.
#[derive(Debug)]
pub(crate) struct Buffer {
    entries: VecDeque<(Entry, usize)>,
    octets: usize,
    capacity: Capacity,
    last_id: EntryId,
    /// Entries up to here have been sent.
    sent: EntryId,
    /// Index of the entry that is delivered next.
    next: usize,
    /// Somebody is being served, or has said where to go on: what is lost before it is delivered is lost to him.
    followed: bool,
    /// Entries were lost unsent since this was last told.
    overflow: bool,
    newest: Option<(EntryId, Time)>,
    newest_sent: Option<(EntryId, Time)>,
    /// Entries that came (true) and went since this was last asked, when somebody keeps them.
    changes: Option<BTreeMap<EntryId, bool>>,
    faults: Arc<FaultSet>,
    /// Only with faults: what identifiers began with, the entry that is being sent twice.
    seed: EntryId,
    repeated: EntryId,
}

impl Buffer {
    /// `seed` makes identifiers differ from those before a power cycle.
    pub(crate) fn new(capacity: Capacity, seed: u64) -> Self {
        Self {
            entries: VecDeque::new(),
            octets: 0,
            capacity,
            last_id: EntryId(seed),
            sent: EntryId::NONE,
            next: 0,
            followed: false,
            overflow: false,
            newest: None,
            newest_sent: None,
            changes: None,
            faults: Arc::default(),
            seed: EntryId(seed),
            repeated: EntryId::NONE,
        }
    }

    pub(crate) fn with_faults(self, faults: Arc<FaultSet>) -> Self {
        Self { faults, ..self }
    }

    /// From now on tells what has to be kept.
    pub(crate) fn record(&mut self) {
        self.changes.get_or_insert_default();
    }

    /// The entries that came and went since this was last asked, in their order; those that went without their octets.
    pub(crate) fn take_changes(&mut self) -> Vec<(EntryId, Option<Vec<u8>>)> {
        let changes = self.changes.as_mut().map(core::mem::take);
        let octets = |id: EntryId| {
            let at = self
                .entries
                .binary_search_by_key(&id, |(entry, _)| entry.id);
            at.ok().and_then(|at| self.entries.get(at))
        };
        changes
            .unwrap_or_default()
            .into_iter()
            .map(|(id, came)| {
                let entry = octets(id).filter(|_| came);
                (id, entry.map(|(entry, _)| entry.to_octets()))
            })
            .collect()
    }

    fn note(&mut self, id: EntryId, came: bool) {
        if let Some(changes) = &mut self.changes {
            changes.insert(id, came);
        }
    }

    /// How far reports were sent.
    pub(crate) const fn told(&self) -> Told {
        Told {
            last_id: self.last_id,
            sent: self.sent,
            overflow: self.overflow,
        }
    }

    /// All entries in their order; the buffer is not used any more.
    pub(crate) fn take_entries(&mut self) -> Vec<Entry> {
        core::mem::take(&mut self.entries)
            .into_iter()
            .map(|(entry, _)| entry)
            .collect()
    }

    /// Takes back what was kept, into an empty buffer; entries are in their order.
    pub(crate) fn restore(&mut self, told: Told, entries: Vec<Entry>) {
        self.sent = told.sent;
        self.last_id = self.last_id.max(told.last_id);
        for entry in entries {
            self.last_id = self.last_id.max(entry.id);
            self.newest = Some((entry.id, entry.time));
            if entry.id <= self.sent {
                self.newest_sent = self.newest;
            }
            self.store(entry);
        }
        self.overflow |= told.overflow;
    }

    /// Adds an entry; its identifier is given here.
    pub(crate) fn push(
        &mut self,
        time: Time,
        kind: EntryKind,
        members: usize,
        included: Vec<Included>,
    ) {
        let same = self.faults.has(Fault::EntryIdRepeated) && self.entries.len() % 2 == 1;
        self.last_id = EntryId(self.last_id.0.saturating_add(u64::from(!same)));
        let entry = Entry {
            id: self.last_id,
            time,
            kind,
            members,
            included,
        };
        self.newest = Some((entry.id, time));
        self.note(entry.id, true);
        self.store(entry);
    }

    /// Puts an entry at the end; the oldest ones make room.
    fn store(&mut self, entry: Entry) {
        let octets = entry.octets();
        if self.is_crowded(octets) && !self.is_empty() {
            if self.faults.has(Fault::OverflowDropsNewest) {
                self.overflow = true;
                return;
            }
            if self.faults.has(Fault::OverflowEmptiesBuffer) {
                while self.drop_oldest() {}
            }
        }
        while self.is_crowded(octets) && self.drop_oldest() {}
        self.octets += octets;
        let at = if !self.followed && self.faults.has(Fault::ReplayNewestFirst) {
            let sent = self.sent;
            self.entries.partition_point(|(entry, _)| entry.id <= sent)
        } else {
            self.entries.len()
        };
        self.entries.insert(at, (entry, octets));
    }

    /// Whether something has to go before so many more octets come in.
    fn is_crowded(&self, octets: usize) -> bool {
        self.entries.len() >= self.capacity.entries.max(1)
            || self.octets.saturating_add(octets) > self.capacity.octets
    }

    /// Whether there was one.
    fn drop_oldest(&mut self) -> bool {
        let Some((lost, octets)) = self.entries.pop_front() else {
            return false;
        };
        self.note(lost.id, false);
        self.octets = self.octets.saturating_sub(octets);
        let undelivered = self.followed && self.next == 0;
        self.overflow |= undelivered || lost.id > self.sent;
        self.next = self.next.saturating_sub(1);
        true
    }

    /// Forgets the entries of a kind that have not been sent.
    pub(crate) fn forget_unsent(&mut self, kind: EntryKind) {
        let sent = self.sent;
        self.retain(|entry| entry.kind != kind || entry.id <= sent);
    }

    fn retain(&mut self, keep: impl Fn(&Entry) -> bool) {
        let before = self.entries.iter().take(self.next);
        self.next = before.filter(|(entry, _)| keep(entry)).count();
        if let Some(changes) = &mut self.changes {
            let gone = self.entries.iter().filter(|(entry, _)| !keep(entry));
            changes.extend(gone.map(|(entry, _)| (entry.id, false)));
        }
        self.entries.retain(|(entry, _)| keep(entry));
        self.octets = self.entries.iter().map(|(_, octets)| octets).sum();
    }

    /// The next entry to deliver, which then counts as sent, and whether this is for the first time.
    pub(crate) fn deliver(&mut self) -> Option<(Entry, bool)> {
        if self.entries.len().saturating_sub(self.next) == 41
            && self.faults.has(Fault::LongDeliverySkips)
        {
            self.next += 1;
        }
        let entry = self.entries.get(self.next)?.0.clone();
        let again = self.faults.has(Fault::EntriesSentTwice) && self.repeated != entry.id;
        self.next += usize::from(!again);
        self.repeated = entry.id;
        let first_time = entry.id > self.sent;
        self.sent = self.sent.max(entry.id);
        self.newest_sent = Some((entry.id, entry.time));
        Some((entry, first_time))
    }

    /// Whether [`Self::deliver`] would give one.
    pub(crate) fn has_next(&self) -> bool {
        self.next < self.entries.len()
    }

    /// Delivery begins at the oldest entry.
    pub(crate) fn rewind(&mut self) {
        self.next = 0;
    }

    /// Delivery begins at the oldest entry that has not been sent.
    pub(crate) fn resume_unsent(&mut self) {
        let sent = self.sent;
        self.next = self.entries.partition_point(|(entry, _)| entry.id <= sent);
    }

    /// Delivery goes on behind an entry; false when there is no such entry.
    pub(crate) fn resume_after(&mut self, id: EntryId) -> bool {
        let found = self.entries.iter().position(|(entry, _)| entry.id == id);
        if let Some(at) = found {
            self.next = if self.faults.has(Fault::ResyncRepeatsEntry) {
                at
            } else {
                at + 1
            };
            if self.faults.has(Fault::ResyncSkipsEntry) {
                self.skip(1);
            }
        }
        found.is_some()
    }

    /// Entries that wait to be delivered.
    pub(crate) fn waiting(&self) -> usize {
        self.entries.len().saturating_sub(self.next)
    }

    /// Only with faults: so many entries are not delivered.
    pub(crate) fn skip(&mut self, count: usize) {
        self.next = self.next.saturating_add(count).min(self.entries.len());
    }

    /// Only with a fault: of what waits only the last is delivered.
    pub(crate) fn skip_to_newest(&mut self) {
        self.skip(self.waiting().saturating_sub(1));
    }

    /// Only with a fault: the newest entry is delivered before those that wait.
    pub(crate) fn newest_goes_next(&mut self) {
        if self.has_next()
            && let Some(newest) = self.entries.pop_back()
        {
            self.entries.insert(self.next, newest);
        }
    }

    /// Only with faults: changes what waits.
    pub(crate) fn edit_waiting(&mut self, mut edit: impl FnMut(&mut Entry)) {
        for (entry, _) in self.entries.iter_mut().skip(self.next) {
            edit(entry);
        }
    }

    /// Entries from this one on were delivered for the first time and have not reached the client.
    pub(crate) fn take_back(&mut self, first: EntryId) {
        self.sent = self.sent.min(EntryId(first.0.saturating_sub(1)));
        let last = self
            .entries
            .iter()
            .rev()
            .find(|(entry, _)| entry.id <= self.sent);
        self.newest_sent = last.map(|(entry, _)| (entry.id, entry.time));
    }

    /// Somebody is being served, or has said where to go on.
    pub(crate) const fn follow(&mut self, on: bool) {
        self.followed = on;
    }

    /// Forgets everything.
    pub(crate) fn purge(&mut self) {
        self.retain(|_| false);
        if self.faults.has(Fault::EntryIdsAnewAfterPurge) {
            self.last_id = self.seed;
        }
        self.overflow = false;
        self.newest = None;
        self.newest_sent = None;
    }

    /// Forgets what has been delivered, as an unbuffered block does.
    pub(crate) fn drop_sent(&mut self) {
        for (_, octets) in self.entries.drain(..self.next.min(self.entries.len())) {
            self.octets = self.octets.saturating_sub(octets);
        }
        self.next = 0;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// An entry was lost on its way.
    pub(crate) const fn note_loss(&mut self) {
        self.overflow = true;
    }

    /// Whether entries were lost since this was last asked.
    pub(crate) fn take_overflow(&mut self) -> bool {
        core::mem::take(&mut self.overflow)
    }

    #[cfg(test)]
    pub(crate) const fn overflow(&self) -> bool {
        self.overflow
    }

    /// The entry last put in, with its time; gone after a purge.
    pub(crate) const fn newest(&self) -> Option<(EntryId, Time)> {
        self.newest
    }

    /// The entry last sent, with its time.
    pub(crate) const fn newest_sent(&self) -> Option<(EntryId, Time)> {
        self.newest_sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer(entries: usize, seed: u64) -> Buffer {
        let octets = usize::MAX;
        Buffer::new(Capacity { entries, octets }, seed)
    }

    fn push(buffer: &mut Buffer, kind: EntryKind) {
        buffer.push(Time::ZERO, kind, 1, Vec::new());
    }

    fn push_octets(buffer: &mut Buffer, octets: usize) {
        let included = vec![Included {
            member: 0,
            value: Data::OctetString(vec![0; octets]),
            reasons: Triggers::DCHG,
        }];
        buffer.push(Time::ZERO, EntryKind::Event, 1, included);
    }

    fn ids(buffer: &mut Buffer) -> Vec<u64> {
        core::iter::from_fn(|| buffer.deliver())
            .map(|(entry, _)| entry.id.0)
            .collect()
    }

    #[test]
    fn overflow_is_told_only_when_something_unsent_was_lost() {
        let mut buffer = buffer(2, 0);
        push(&mut buffer, EntryKind::Event);
        push(&mut buffer, EntryKind::Event);
        assert_eq!(ids(&mut buffer), [1, 2]);
        push(&mut buffer, EntryKind::Event);
        assert!(!buffer.take_overflow());
        push(&mut buffer, EntryKind::Event);
        push(&mut buffer, EntryKind::Event);
        assert!(buffer.take_overflow());
        assert!(!buffer.take_overflow());
        assert_eq!(ids(&mut buffer), [4, 5]);
    }

    #[test]
    fn overflow_is_told_when_what_a_client_went_back_for_was_lost() {
        let mut buffer = buffer(3, 0);
        (0..3).for_each(|_| push(&mut buffer, EntryKind::Event));
        assert_eq!(ids(&mut buffer), [1, 2, 3]);
        assert!(buffer.resume_after(EntryId(1)));
        buffer.follow(true);
        push(&mut buffer, EntryKind::Event);
        assert!(!buffer.take_overflow(), "the client has the first one");
        push(&mut buffer, EntryKind::Event);
        assert!(buffer.take_overflow(), "the second was to be sent again");
        assert_eq!(ids(&mut buffer), [3, 4, 5]);
    }

    #[test]
    fn octets_are_bounded_too() {
        let limit = Capacity {
            entries: 100,
            octets: 400,
        };
        let mut buffer = Buffer::new(limit, 0);
        (0..4).for_each(|_| push_octets(&mut buffer, 100));
        assert!(buffer.take_overflow());
        assert_eq!(ids(&mut buffer), [2, 3, 4]);
        push_octets(&mut buffer, 1000);
        assert_eq!(ids(&mut buffer), [5], "one entry is kept whatever its size");
        push_octets(&mut buffer, 10);
        buffer.rewind();
        assert_eq!(ids(&mut buffer), [6]);
        buffer.purge();
        (0..3).for_each(|_| push_octets(&mut buffer, 100));
        assert!(!buffer.take_overflow());
        buffer.drop_sent();
        assert_eq!(ids(&mut buffer), [7, 8, 9]);
    }

    #[test]
    fn resumes_behind_a_known_entry_only() {
        let mut buffer = buffer(10, 100);
        (0..3).for_each(|_| push(&mut buffer, EntryKind::Event));
        assert!(buffer.resume_after(EntryId(101)));
        assert_eq!(ids(&mut buffer), [102, 103]);
        assert!(!buffer.resume_after(EntryId(7)));
        assert!(!buffer.has_next());
        buffer.rewind();
        assert_eq!(ids(&mut buffer), [101, 102, 103]);
    }

    #[test]
    fn resumes_at_the_first_that_was_not_sent() {
        let mut buffer = buffer(10, 0);
        (0..2).for_each(|_| push(&mut buffer, EntryKind::Event));
        assert_eq!(ids(&mut buffer), [1, 2]);
        (0..2).for_each(|_| push(&mut buffer, EntryKind::Event));
        buffer.rewind();
        buffer.resume_unsent();
        assert_eq!(ids(&mut buffer), [3, 4]);
        buffer.resume_unsent();
        assert!(!buffer.has_next());
    }

    #[test]
    fn what_did_not_reach_the_client_is_unsent_again() {
        let mut buffer = buffer(10, 0);
        (0..3).for_each(|_| push(&mut buffer, EntryKind::Event));
        assert_eq!(ids(&mut buffer), [1, 2, 3]);
        buffer.take_back(EntryId(2));
        assert_eq!(buffer.newest_sent().map(|(id, _)| id), Some(EntryId(1)));
        buffer.resume_unsent();
        assert_eq!(ids(&mut buffer), [2, 3]);
    }

    #[test]
    fn forgets_interrogations_that_wait() {
        let mut buffer = buffer(10, 0);
        push(&mut buffer, EntryKind::Gi);
        assert_eq!(ids(&mut buffer), [1]);
        push(&mut buffer, EntryKind::Gi);
        push(&mut buffer, EntryKind::Event);
        buffer.forget_unsent(EntryKind::Gi);
        push(&mut buffer, EntryKind::Gi);
        assert_eq!(ids(&mut buffer), [3, 4]);
        buffer.rewind();
        assert_eq!(ids(&mut buffer), [1, 3, 4]);
    }

    #[test]
    fn purge_forgets_the_newest_but_never_repeats_an_identifier() {
        let mut buffer = buffer(10, 0);
        push(&mut buffer, EntryKind::Event);
        buffer.purge();
        assert_eq!(buffer.newest(), None);
        push(&mut buffer, EntryKind::Event);
        assert_eq!(ids(&mut buffer), [2]);
    }
}
