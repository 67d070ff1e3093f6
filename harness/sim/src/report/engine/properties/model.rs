//! The rules of report control blocks, plainly: every entry that was ever made, with what became of it.

use super::{EntryId, EntryKind, Integers, MEMBERS, Time, Triggers, Values as _, ms};

/// What of a block is configured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setup {
    pub(super) buffered: bool,
    pub(super) entries: usize,
    pub(super) octets: usize,
    pub(super) buf_tm: u32,
    pub(super) intg_pd: u32,
    pub(super) trg_ops: u8,
    pub(super) replace: bool,
    pub(super) first_unsent: bool,
}

/// Member, value and reasons.
pub(super) type Told = (usize, i64, u8);

/// When it ends, and what waits in it.
type Window = (Time, Vec<Told>);

/// An entry as the model sees it.
#[derive(Clone, Debug)]
pub(super) struct Made {
    kind: EntryKind,
    time: Time,
    included: Vec<Told>,
    /// Still in the buffer.
    kept: bool,
    pub(super) sent: bool,
    /// Learned when it was delivered.
    pub(super) id: Option<EntryId>,
}

/// The rules, plainly.
pub(super) struct Model {
    pub(super) setup: Setup,
    pub(super) made: Vec<Made>,
    window: Option<Window>,
    integrity: Option<Time>,
    enabled: bool,
    /// The client has said where to go on.
    said: bool,
    /// Index in `made` from which on the client is owed entries.
    cursor: usize,
    pub(super) lost: bool,
    doubtful: bool,
    pub(super) number: u32,
}

/// A report as a client sees it.
#[derive(Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) number: u16,
    pub(super) overflow: bool,
    pub(super) time: Time,
    pub(super) included: Vec<Told>,
}

impl Model {
    pub(super) fn new(setup: Setup, now: Time) -> Self {
        let mut model = Self {
            setup,
            made: Vec::new(),
            window: None,
            integrity: None,
            enabled: false,
            said: false,
            cursor: 0,
            lost: false,
            doubtful: false,
            number: 0,
        };
        if setup.buffered {
            model.integrity = model.period().map(|period| now + period);
        }
        model
    }

    fn period(&self) -> Option<Time> {
        let on = self.setup.trg_ops & Triggers::INTEGRITY.0 != 0 && self.setup.intg_pd > 0;
        on.then(|| ms(u64::from(self.setup.intg_pd)))
    }

    fn make(&mut self, kind: EntryKind, time: Time, included: Vec<Told>) {
        let buffered = self.setup.buffered;
        if buffered && kind == EntryKind::Gi {
            for old in &mut self.made {
                old.kept &= old.kind != EntryKind::Gi || old.sent;
            }
        }
        while let Some(oldest) = self.made.iter().position(|made| made.kept) {
            let kept = self.made.iter().filter(|made| made.kept);
            let taken: usize = kept.clone().map(|made| octets(&made.included)).sum();
            let room = octets(&included) + taken <= self.setup.octets;
            if kept.count() < self.setup.entries && room {
                break;
            }
            self.made[oldest].kept = false;
            let owed = (self.enabled || self.said) && oldest >= self.cursor;
            self.lost |= owed || !self.made[oldest].sent;
        }
        self.made.push(Made {
            kind,
            time,
            included,
            kept: true,
            sent: false,
            id: None,
        });
    }

    fn close(&mut self, now: Time) {
        if let Some((_, mut included)) = self.window.take() {
            included.sort_unstable();
            self.make(EntryKind::Event, now, included);
        }
    }

    pub(super) fn change(&mut self, now: Time, changes: &[Told]) {
        let buffers = self.setup.buffered && self.setup.trg_ops & 0b11_1110 != 0;
        if !self.enabled && !buffers {
            return;
        }
        let mut wanted: Vec<Told> = Vec::new();
        for (member, value, reasons) in changes {
            let mut told = reasons & self.setup.trg_ops & 0b1110;
            if told & (Triggers::DCHG.0 | Triggers::QCHG.0) != 0 {
                told &= !Triggers::DUPD.0;
            }
            if told == 0 {
                continue;
            }
            match wanted.iter_mut().find(|(at, _, _)| at == member) {
                Some(one) => one.2 |= told,
                None => wanted.push((*member, *value, told)),
            }
        }
        if wanted.is_empty() {
            return;
        }
        let replaced = |member: usize| self.setup.replace && member >= 3;
        let again = self.window.as_ref().is_some_and(|(_, waiting)| {
            waiting
                .iter()
                .any(|(at, _, _)| !replaced(*at) && wanted.iter().any(|(new, _, _)| new == at))
        });
        if again {
            self.close(now);
        }
        let ends = now + ms(u64::from(self.setup.buf_tm));
        let (_, waiting) = self.window.get_or_insert_with(|| (ends, Vec::new()));
        for (member, value, told) in wanted {
            match waiting.iter_mut().find(|(at, _, _)| *at == member) {
                Some(one) => *one = (member, value, one.2 | told),
                None => waiting.push((member, value, told)),
            }
        }
        if self.setup.buf_tm == 0 {
            self.close(now);
        }
    }

    fn all(values: &Integers, reason: Triggers) -> Vec<Told> {
        (0..MEMBERS)
            .map(|at| (at, values.value(at).as_i64().unwrap(), reason.0))
            .collect()
    }

    pub(super) fn pass(&mut self, until: Time, values: &Integers) {
        loop {
            let window = self.window.as_ref().map(|(ends, _)| *ends);
            let Some(next) = [window, self.integrity].into_iter().flatten().min() else {
                return;
            };
            if next > until {
                return;
            }
            self.close(next);
            if self.integrity == Some(next) {
                let all = Self::all(values, Triggers::INTEGRITY);
                self.make(EntryKind::Integrity, next, all);
                self.integrity = self.period().map(|period| next + period);
            }
        }
    }

    pub(super) fn interrogate(&mut self, now: Time, values: &Integers) {
        if self.setup.trg_ops & Triggers::GI.0 != 0 {
            self.close(now);
            self.make(EntryKind::Gi, now, Self::all(values, Triggers::GI));
        }
    }

    pub(super) fn enable(&mut self, now: Time) {
        self.enabled = true;
        self.number = 0;
        self.integrity = self.period().map(|period| now + period);
        if !self.setup.buffered {
            self.made.clear();
            self.cursor = 0;
            self.window = None;
            self.lost = false;
        } else if !self.said {
            if self.setup.first_unsent {
                let first = self.made.iter().position(|made| made.kept && !made.sent);
                self.cursor = first.unwrap_or(self.made.len());
            } else {
                self.cursor = 0;
                self.doubtful = self.made.iter().any(|made| made.kept);
            }
        }
        self.said = false;
    }

    pub(super) fn disable(&mut self) {
        self.enabled = false;
        self.said = false;
        self.doubtful = false;
        if !self.setup.buffered {
            self.made.clear();
            self.window = None;
            self.integrity = None;
            self.lost = false;
            self.cursor = 0;
        }
    }

    pub(super) fn resynchronise(&mut self, id: Option<EntryId>) -> bool {
        self.said = match id {
            Some(EntryId::NONE) => {
                self.cursor = 0;
                true
            }
            Some(id) => {
                let found = self
                    .made
                    .iter()
                    .position(|made| made.kept && made.id == Some(id));
                if let Some(at) = found {
                    self.cursor = at + 1;
                }
                found.is_some()
            }
            None => false,
        };
        self.said
    }

    pub(super) fn purge(&mut self) {
        self.made.iter_mut().for_each(|made| made.kept = false);
        self.window = None;
        self.lost = false;
        self.said = false;
    }

    /// Other settings of a block that is disabled; what was made under the old ones is gone.
    pub(super) fn configure(&mut self, now: Time, setup: Setup) {
        self.setup = setup;
        self.purge();
        self.integrity = self.period().map(|period| now + period);
    }

    /// The report that came last could not be sent at all.
    pub(super) fn give_up(&mut self) {
        self.number -= 1;
        self.lost |= self.setup.buffered;
    }

    /// What is to come next.
    pub(super) fn next(&mut self, id: EntryId) -> Option<Seen> {
        if !self.enabled {
            return None;
        }
        let owed = self.made.iter().enumerate().skip(self.cursor);
        let at = owed
            .filter(|(_, made)| made.kept)
            .map(|(at, _)| at)
            .next()?;
        self.cursor = at + 1;
        let made = &mut self.made[at];
        made.sent = true;
        made.id = Some(id);
        made.kept = self.setup.buffered;
        let limit = if self.setup.buffered { 65_536 } else { 256 };
        let seen = Seen {
            number: u16::try_from(self.number % limit).unwrap(),
            overflow: core::mem::take(&mut self.lost) | core::mem::take(&mut self.doubtful),
            time: made.time,
            included: made.included.clone(),
        };
        self.number += 1;
        Some(seen)
    }
}

/// Octets of a buffer that an entry takes: 24, and for each integer its encoding and 4 more.
fn octets(included: &[Told]) -> usize {
    let encoded = |value: i64| 2 + (1..8).find(|len| value >> (8 * len - 1) == 0).unwrap_or(8);
    let values = included.iter().map(|(_, value, _)| 4 + encoded(*value));
    24 + values.sum::<usize>()
}
