//! The engine beside a plain model of the rules, whatever the interleaving.
//!
//! The model keeps every entry that was ever made, with what became of it, and looks through all of them each time.

use super::*;
use crate::report::testing::{Integers, change, ms};
use proptest::prelude::*;

const MEMBERS: usize = 4;
const ALL: Triggers = Triggers(0b11_1110);

/// What happens to a block.
#[derive(Clone, Debug)]
enum Act {
    /// Members change at one instant, each for these reasons.
    Change(Vec<(usize, u8)>),
    Wait(u64),
    Interrogate,
    Enable,
    Disable,
    /// The client takes so many reports.
    Take(usize),
    /// The association is lost, with so many of the reports taken last.
    Lose(usize),
    Resynchronise(Target),
    Purge,
}

/// The EntryID that a client writes.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// The one of its last report.
    Last,
    Zero,
    /// One of those it has had, by age.
    Older(usize),
    Unknown,
    WrongSize,
}

/// What of a block is configured.
#[derive(Clone, Copy, Debug)]
struct Setup {
    buffered: bool,
    entries: usize,
    buf_tm: u32,
    intg_pd: u32,
    trg_ops: u8,
    replace: bool,
    first_unsent: bool,
}

/// Member, value and reasons.
type Told = (usize, i64, u8);

/// When it ends, and what waits in it.
type Window = (Time, Vec<Told>);

/// An entry as the model sees it.
#[derive(Clone, Debug)]
struct Made {
    kind: EntryKind,
    time: Time,
    included: Vec<Told>,
    /// Still in the buffer.
    kept: bool,
    sent: bool,
    /// Learned when it was delivered.
    id: Option<EntryId>,
}

/// The rules, plainly.
struct Model {
    setup: Setup,
    made: Vec<Made>,
    window: Option<Window>,
    integrity: Option<Time>,
    enabled: bool,
    /// The client has said where to go on.
    said: bool,
    /// Index in `made` from which on the client is owed entries.
    cursor: usize,
    lost: bool,
    doubtful: bool,
    number: u32,
}

/// A report as a client sees it.
#[derive(Debug, PartialEq)]
struct Seen {
    number: u16,
    overflow: bool,
    time: Time,
    included: Vec<Told>,
}

impl Model {
    fn new(setup: Setup, now: Time) -> Self {
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
        let kept = self.made.iter().filter(|made| made.kept).count();
        if kept == self.setup.entries {
            let oldest = self.made.iter().position(|made| made.kept).unwrap();
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

    fn change(&mut self, now: Time, changes: &[Told]) {
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

    fn pass(&mut self, until: Time, values: &Integers) {
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

    fn interrogate(&mut self, now: Time, values: &Integers) {
        if self.setup.trg_ops & Triggers::GI.0 != 0 {
            self.close(now);
            self.make(EntryKind::Gi, now, Self::all(values, Triggers::GI));
        }
    }

    fn enable(&mut self, now: Time) {
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

    fn disable(&mut self) {
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

    fn resynchronise(&mut self, id: Option<EntryId>) -> bool {
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

    fn purge(&mut self) {
        self.made.iter_mut().for_each(|made| made.kept = false);
        self.window = None;
        self.lost = false;
        self.said = false;
    }

    /// What is to come next.
    fn next(&mut self, id: EntryId) -> Option<Seen> {
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

fn shown(report: &Report) -> Seen {
    let included = report.entry.included.iter();
    Seen {
        number: report.sq_num,
        overflow: report.buf_ovfl,
        time: report.entry.time,
        included: included
            .map(|one| (one.member, one.value.as_i64().unwrap(), one.reasons.0))
            .collect(),
    }
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let reasons = prop_oneof![
        4 => Just(Triggers::DCHG.0),
        2 => Just(Triggers::QCHG.0),
        1 => Just(Triggers::DUPD.0),
        1 => Just(Triggers::DCHG.0 | Triggers::QCHG.0),
        1 => Just(Triggers::DCHG.0 | Triggers::DUPD.0),
    ];
    let target = prop_oneof![
        4 => Just(Target::Last),
        1 => Just(Target::Zero),
        1 => (0usize..20).prop_map(Target::Older),
        1 => Just(Target::Unknown),
        1 => Just(Target::WrongSize),
    ];
    let act = prop_oneof![
        10 => prop::collection::vec((0..MEMBERS, reasons), 1..4).prop_map(Act::Change),
        5 => (1u64..200).prop_map(Act::Wait),
        2 => Just(Act::Interrogate),
        3 => Just(Act::Enable),
        2 => Just(Act::Disable),
        6 => (1usize..6).prop_map(Act::Take),
        1 => (0usize..4).prop_map(Act::Lose),
        2 => target.prop_map(Act::Resynchronise),
        1 => Just(Act::Purge),
    ];
    prop::collection::vec(act, 1..80)
}

fn setups() -> impl Strategy<Value = Setup> {
    (
        any::<bool>(),
        1usize..12,
        prop_oneof![Just(0u32), 1u32..150],
        prop_oneof![2 => Just(0u32), 1 => 50u32..400],
        prop_oneof![3 => Just(ALL.0), 1 => 0u8..64],
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(buffered, entries, buf_tm, intg_pd, trg_ops, replace, first_unsent)| Setup {
                buffered,
                entries,
                buf_tm,
                intg_pd,
                trg_ops: trg_ops & ALL.0,
                replace,
                first_unsent,
            },
        )
}

fn policy(setup: Setup) -> Policy {
    Policy {
        capacity: Capacity {
            entries: setup.entries,
            octets: usize::MAX,
        },
        analogue: if setup.replace {
            AnalogueBufTm::Replace
        } else {
            AnalogueBufTm::Send
        },
        resync: if setup.first_unsent {
            ResyncPolicy::FromFirstUnsent
        } else {
            ResyncPolicy::FromOldest
        },
    }
}

/// Both side by side.
struct Pair {
    engine: Engine,
    model: Model,
    settings: Settings,
    values: Integers,
    now: Time,
    /// EntryIDs that the client has, in the order in which they came.
    had: Vec<(EntryId, bool, bool)>,
    count: i64,
}

impl Pair {
    fn new(setup: Setup) -> Self {
        let now = Time::from_secs(1000);
        let settings = Settings {
            dat_set: "LD/LLN0$ds".into(),
            trg_ops: Triggers(setup.trg_ops),
            buf_tm: setup.buf_tm,
            intg_pd: setup.intg_pd,
            ..Settings::default()
        };
        let none = Arc::new(FaultSet::none());
        let mut engine = Engine::new(setup.buffered, policy(setup), 0, none);
        engine.configured(now, &settings);
        Self {
            engine,
            model: Model::new(setup, now),
            settings,
            values: Integers::new(MEMBERS),
            now,
            had: Vec::new(),
            count: 0,
        }
    }

    fn act(&mut self, act: Act) -> Result<(), TestCaseError> {
        let (now, settings) = (self.now, &self.settings);
        match act {
            Act::Change(changes) => {
                for (member, _) in &changes {
                    self.count += 1;
                    self.values.set(*member, self.count);
                }
                let told: Vec<Told> = changes
                    .iter()
                    .map(|(at, reasons)| (*at, self.values.value(*at).as_i64().unwrap(), *reasons))
                    .collect();
                let changes: Vec<Change> = changes
                    .iter()
                    .map(|(member, reasons)| change(*member, Triggers(*reasons)))
                    .collect();
                self.engine.changed(now, settings, &changes, &self.values);
                self.model.change(now, &told);
            }
            Act::Wait(millis) => {
                let end = now + ms(millis);
                while let Some(due) = self.engine.deadline().filter(|due| *due <= end) {
                    self.engine.advance(due, settings, &self.values);
                }
                self.model.pass(end, &self.values);
                self.now = end;
            }
            Act::Interrogate if self.engine.is_enabled() => {
                self.engine.interrogate(now, settings, &self.values);
                self.model.interrogate(now, &self.values);
            }
            Act::Enable if !self.engine.is_enabled() => {
                self.engine.enable(now, settings, &self.values);
                self.model.enable(now);
            }
            Act::Disable => {
                self.engine.disable();
                self.model.disable();
            }
            Act::Take(count) => return self.take(count),
            Act::Lose(count) if self.engine.is_enabled() => self.lose(count),
            Act::Resynchronise(target)
                if !self.engine.is_enabled() && self.model.setup.buffered =>
            {
                let had = self.had.len();
                let id = match target {
                    Target::Last => self.had.last().map(|(id, _, _)| *id),
                    Target::Older(age) => had.checked_sub(age + 1).map(|at| self.had[at].0),
                    Target::Zero => Some(EntryId::NONE),
                    Target::Unknown => Some(EntryId(u64::MAX - 7)),
                    Target::WrongSize => None,
                };
                prop_assert_eq!(self.engine.resynchronise(id), self.model.resynchronise(id));
            }
            Act::Purge if !self.engine.is_enabled() && self.model.setup.buffered => {
                self.engine.purge();
                self.model.purge();
            }
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, count: usize) -> Result<(), TestCaseError> {
        for _ in 0..count {
            let report = self.engine.poll();
            let id = report
                .as_ref()
                .map_or(EntryId::NONE, |report| report.entry.id);
            prop_assert_eq!(report.as_ref().map(shown), self.model.next(id));
            let Some(report) = report else {
                return Ok(());
            };
            self.had.push((id, report.first_time, report.buf_ovfl));
        }
        Ok(())
    }

    /// The last reports never reached the client.
    fn lose(&mut self, count: usize) {
        let from = self.had.len().saturating_sub(count);
        // Only those of this enable can still be under way.
        let from = from.max(
            self.had
                .len()
                .saturating_sub(usize::try_from(self.model.number).unwrap()),
        );
        let lost = self.had.split_off(from);
        let first = lost
            .iter()
            .filter(|(_, new, _)| *new)
            .map(|(id, _, _)| *id)
            .min();
        let overflow = lost.iter().any(|(_, _, overflow)| *overflow);
        self.engine.take_back(first, overflow);
        self.engine.disable();
        for made in &mut self.model.made {
            if first.is_some() && made.id >= first {
                made.sent = false;
            }
        }
        self.model.lost |= overflow;
        self.model.disable();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// Every report that a client takes is the one that the rules demand: with this number, this time, these members, values and
    /// reasons, and BufOvfl TRUE exactly when an entry was dropped that the client had not.
    #[test]
    fn reports_are_those_of_the_model(setup in setups(), acts in acts()) {
        let mut pair = Pair::new(setup);
        for act in acts {
            pair.act(act)?;
        }
        pair.take(100)?;
    }
}

/// A client that does everything right: it resynchronises behind the last entry that reached it.
#[derive(Default)]
struct Keeper {
    last: Option<EntryId>,
    /// Values told for each member by events.
    told: [Vec<i64>; MEMBERS],
    overflows: usize,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Seen from a client that always resynchronises: identifiers only grow, numbers have no gap, what is told is a part of what
    /// happened in its order, and all of it when no report said BufOvfl and no EntryID was refused.
    #[test]
    fn a_client_that_resynchronises_misses_nothing_untold(
        acts in acts(), entries in 2usize..30, buf_tm in prop_oneof![Just(0u32), 1u32..150],
    ) {
        let setup = Setup {
            buffered: true, entries, buf_tm, intg_pd: 0, replace: false, first_unsent: false,
            trg_ops: Triggers::DCHG.union(Triggers::GI).0,
        };
        let mut pair = Pair::new(setup);
        let mut client = Keeper::default();
        let mut happened: [Vec<i64>; MEMBERS] = Default::default();
        let (mut refused, mut number) = (false, 0u16);
        for act in acts.into_iter().chain([Act::Lose(0), Act::Disable, Act::Wait(500), Act::Enable, Act::Take(1000)]) {
            let mut take = 0;
            match act {
                Act::Change(changes) => {
                    let mut members: Vec<usize> = changes.into_iter().map(|(at, _)| at).collect();
                    members.sort_unstable();
                    members.dedup();
                    for member in &members {
                        pair.count += 1;
                        pair.values.set(*member, pair.count);
                        happened[*member].push(pair.count);
                    }
                    let changes: Vec<Change> = members.iter().map(|at| change(*at, Triggers::DCHG)).collect();
                    pair.engine.changed(pair.now, &pair.settings, &changes, &pair.values);
                }
                Act::Wait(_) | Act::Interrogate | Act::Disable => pair.act(act)?,
                Act::Enable if !pair.engine.is_enabled() => {
                    if !pair.engine.resynchronise(Some(client.last.unwrap_or(EntryId::NONE))) {
                        refused = true;
                        prop_assert!(pair.engine.resynchronise(Some(EntryId::NONE)));
                    }
                    pair.engine.enable(pair.now, &pair.settings, &pair.values);
                    number = 0;
                }
                Act::Take(count) => take = count,
                Act::Lose(_) => {
                    // What the client has not taken is lost on the way.
                    let mut lost = Vec::new();
                    while let Some(report) = pair.engine.poll() {
                        lost.push(report);
                        if lost.len() == 3 {
                            break;
                        }
                    }
                    let new = lost.iter().filter(|report| report.first_time);
                    let first = new.map(|report| report.entry.id).min();
                    pair.engine.take_back(first, lost.iter().any(|report| report.buf_ovfl));
                    pair.engine.disable();
                }
                _ => {}
            }
            for _ in 0..take {
                let Some(report) = pair.engine.poll() else { break };
                prop_assert_eq!(report.sq_num, number);
                number += 1;
                client.overflows += usize::from(report.buf_ovfl);
                if client.last.is_some_and(|last| report.entry.id <= last) {
                    prop_assert!(refused, "twice although resynchronised");
                    continue;
                }
                client.last = Some(report.entry.id);
                if report.entry.kind == EntryKind::Event {
                    for included in report.entry.included {
                        client.told[included.member].push(included.value.as_i64().unwrap());
                    }
                }
            }
        }
        for (told, happened) in client.told.iter().zip(&happened) {
            let mut rest = happened.iter();
            prop_assert!(told.iter().all(|value| rest.any(|other| other == value)), "out of order");
        }
        let complete = client.told == happened;
        prop_assert!(complete || client.overflows > 0, "lost without a word");
    }
}
