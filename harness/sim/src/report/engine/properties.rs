//! The engine beside a plain model of the rules, whatever the interleaving.
//!
//! The model keeps every entry that was ever made, with what became of it, and looks through all of them each time.

use super::*;
use crate::report::testing::{Integers, change, ms};
use proptest::prelude::*;

mod model;

use model::{Model, Seen, Setup, Told};

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
    /// While the block is disabled settings are written; some of them anew, some as they were.
    Configure(Settle),
    /// Not even one member of the next report fits a PDU.
    Unsendable,
}

/// A setting that a client writes.
#[derive(Clone, Copy, Debug)]
enum Settle {
    BufTm(u32),
    IntgPd(u32),
    TrgOps(u8),
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
        1 => settle().prop_map(Act::Configure),
        1 => Just(Act::Unsendable),
    ];
    prop::collection::vec(act, 1..80)
}

fn settle() -> impl Strategy<Value = Settle> {
    prop_oneof![
        prop_oneof![Just(0u32), 1u32..150].prop_map(Settle::BufTm),
        prop_oneof![Just(0u32), 50u32..400].prop_map(Settle::IntgPd),
        prop_oneof![3 => Just(ALL.0), 1 => 0u8..64].prop_map(|ops| Settle::TrgOps(ops & ALL.0)),
    ]
}

fn setups() -> impl Strategy<Value = Setup> {
    (
        any::<bool>(),
        1usize..12,
        prop_oneof![2 => Just(usize::MAX), 1 => 20usize..300],
        prop_oneof![Just(0u32), 1u32..150],
        prop_oneof![2 => Just(0u32), 1 => 50u32..400],
        prop_oneof![3 => Just(ALL.0), 1 => 0u8..64],
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(buffered, entries, octets, buf_tm, intg_pd, trg_ops, replace, first_unsent)| Setup {
                buffered,
                entries,
                octets,
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
            octets: setup.octets,
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

fn settings(setup: Setup) -> Settings {
    Settings {
        dat_set: "LD/LLN0$ds".into(),
        trg_ops: Triggers(setup.trg_ops),
        buf_tm: setup.buf_tm,
        intg_pd: setup.intg_pd,
        ..Settings::default()
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
        let settings = settings(setup);
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
            Act::Configure(settle) if !self.engine.is_enabled() && self.model.setup.buffered => {
                self.configure(settle);
            }
            Act::Unsendable => {
                let report = self.engine.poll();
                let id = report
                    .as_ref()
                    .map_or(EntryId::NONE, |report| report.entry.id);
                prop_assert_eq!(report.as_ref().map(shown), self.model.next(id));
                if let Some(report) = report {
                    self.engine.give_up(&report);
                    self.model.give_up();
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// As the block does it: what changes empties the buffer, what stays leaves everything as it is.
    fn configure(&mut self, settle: Settle) {
        let mut setup = self.model.setup;
        match settle {
            Settle::BufTm(millis) => setup.buf_tm = millis,
            Settle::IntgPd(millis) => setup.intg_pd = millis,
            Settle::TrgOps(ops) => setup.trg_ops = ops,
        }
        let new = settings(setup);
        if new == self.settings {
            return;
        }
        self.settings = new;
        self.engine.purge();
        self.engine.configured(self.now, &self.settings);
        self.model.configure(self.now, setup);
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
            buffered: true, entries, octets: usize::MAX, buf_tm, intg_pd: 0, replace: false, first_unsent: false,
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
