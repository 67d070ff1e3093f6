//! Entries that wait to be sent.

use std::collections::VecDeque;

use iedassay_wire::mms::Data;

use super::{Time, Triggers};

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

/// A ring of entries in order. Entries stay after they are sent, so that a client can go back.
#[derive(Debug)]
pub(crate) struct Buffer {
    entries: VecDeque<Entry>,
    capacity: usize,
    last_id: EntryId,
    /// Entries up to here have been sent.
    sent: EntryId,
    /// Delivery goes on behind this.
    position: EntryId,
    /// Entries were lost unsent since this was last told.
    overflow: bool,
    newest: Option<(EntryId, Time)>,
    newest_sent: Option<(EntryId, Time)>,
}

impl Buffer {
    /// `seed` makes identifiers differ from those before a power cycle.
    pub(crate) fn new(capacity: usize, seed: u64) -> Self {
        Self {
            entries: VecDeque::new(),
            capacity: capacity.max(1),
            last_id: EntryId(seed),
            sent: EntryId::NONE,
            position: EntryId::NONE,
            overflow: false,
            newest: None,
            newest_sent: None,
        }
    }

    /// Adds an entry; its identifier is given here. Of GI entries that wait only the newest is kept.
    pub(crate) fn push(
        &mut self,
        time: Time,
        kind: EntryKind,
        members: usize,
        included: Vec<Included>,
    ) {
        if kind == EntryKind::Gi {
            let sent = self.sent;
            self.entries
                .retain(|entry| entry.kind != EntryKind::Gi || entry.id <= sent);
        }
        self.last_id = EntryId(self.last_id.0 + 1);
        while self.entries.len() >= self.capacity {
            if let Some(lost) = self.entries.pop_front() {
                self.overflow |= lost.id > self.sent;
            }
        }
        self.newest = Some((self.last_id, time));
        self.entries.push_back(Entry {
            id: self.last_id,
            time,
            kind,
            members,
            included,
        });
    }

    /// The next entry to deliver, which then counts as sent.
    pub(crate) fn deliver(&mut self) -> Option<Entry> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.id > self.position)?
            .clone();
        self.position = entry.id;
        self.sent = self.sent.max(entry.id);
        self.newest_sent = Some((entry.id, entry.time));
        Some(entry)
    }

    /// Whether [`Self::deliver`] would give one.
    pub(crate) fn has_next(&self) -> bool {
        self.entries
            .back()
            .is_some_and(|entry| entry.id > self.position)
    }

    /// Delivery begins at the oldest entry.
    pub(crate) fn rewind(&mut self) {
        self.position = EntryId::NONE;
    }

    /// Delivery goes on behind an entry; false when there is no such entry.
    pub(crate) fn resume_after(&mut self, id: EntryId) -> bool {
        let known = self.entries.iter().any(|entry| entry.id == id);
        if known {
            self.position = id;
        }
        known
    }

    /// Forgets everything.
    pub(crate) fn purge(&mut self) {
        self.entries.clear();
        self.overflow = false;
        self.newest = None;
        self.newest_sent = None;
    }

    /// Forgets what has been sent, as an unbuffered block does.
    pub(crate) fn drop_sent(&mut self) {
        let position = self.position;
        self.entries.retain(|entry| entry.id > position);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
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

    fn push(buffer: &mut Buffer, kind: EntryKind) {
        buffer.push(Time::ZERO, kind, 1, Vec::new());
    }

    fn ids(buffer: &mut Buffer) -> Vec<u64> {
        core::iter::from_fn(|| buffer.deliver())
            .map(|entry| entry.id.0)
            .collect()
    }

    #[test]
    fn overflow_is_told_only_when_something_unsent_was_lost() {
        let mut buffer = Buffer::new(2, 0);
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
    fn resumes_behind_a_known_entry_only() {
        let mut buffer = Buffer::new(10, 100);
        (0..3).for_each(|_| push(&mut buffer, EntryKind::Event));
        assert!(buffer.resume_after(EntryId(101)));
        assert_eq!(ids(&mut buffer), [102, 103]);
        assert!(!buffer.resume_after(EntryId(7)));
        assert!(!buffer.has_next());
        buffer.rewind();
        assert_eq!(ids(&mut buffer), [101, 102, 103]);
    }

    #[test]
    fn keeps_only_the_newest_interrogation_that_waits() {
        let mut buffer = Buffer::new(10, 0);
        push(&mut buffer, EntryKind::Gi);
        assert_eq!(ids(&mut buffer), [1]);
        push(&mut buffer, EntryKind::Gi);
        push(&mut buffer, EntryKind::Event);
        push(&mut buffer, EntryKind::Gi);
        assert_eq!(ids(&mut buffer), [3, 4]);
    }

    #[test]
    fn purge_forgets_the_newest_but_never_repeats_an_identifier() {
        let mut buffer = Buffer::new(10, 0);
        push(&mut buffer, EntryKind::Event);
        buffer.purge();
        assert_eq!(buffer.newest(), None);
        push(&mut buffer, EntryKind::Event);
        assert_eq!(ids(&mut buffer), [2]);
    }
}
