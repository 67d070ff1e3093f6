use super::*;
use crate::report::testing::{Integers, change, ms};
use proptest::prelude::*;

fn settings(trg_ops: Triggers, buf_tm: u32, intg_pd: u32) -> Settings {
    Settings {
        dat_set: "LD/LLN0$ds".into(),
        trg_ops,
        buf_tm,
        intg_pd,
        ..Settings::default()
    }
}

fn policy(entries: usize) -> Policy {
    let config = ReportConfig {
        buffer_entries: entries,
        ..ReportConfig::default()
    };
    Policy::from(&config)
}

const ALL: Triggers = Triggers(0b11_1110);

struct Rig {
    engine: Engine,
    settings: Settings,
    values: Integers,
    now: Time,
}

impl Rig {
    fn new(buffered: bool, settings: Settings) -> Self {
        let engine = Engine::new(buffered, policy(8), 0, Arc::new(FaultSet::none()));
        let mut rig = Self {
            engine,
            settings,
            values: Integers::new(4),
            now: Time::from_secs(1000),
        };
        rig.engine.configured(rig.now, &rig.settings);
        rig
    }

    fn enable(&mut self) {
        self.engine.enable(self.now, &self.settings, &self.values);
    }

    /// Advances as a server does: deadline by deadline.
    fn wait(&mut self, time: Time) {
        let end = self.now + time;
        while let Some(deadline) = self.engine.deadline().filter(|deadline| *deadline <= end) {
            self.now = deadline;
            self.engine.advance(deadline, &self.settings, &self.values);
        }
        self.now = end;
    }

    fn change(&mut self, member: usize, value: i64) {
        self.values.set(member, value);
        self.event(member, Triggers::DCHG);
    }

    fn event(&mut self, member: usize, reasons: Triggers) {
        self.engine.changed(
            self.now,
            &self.settings,
            &[change(member, reasons)],
            &self.values,
        );
    }

    /// The reports since last asked, as `number:member=value,...`.
    fn reports(&mut self) -> Vec<String> {
        core::iter::from_fn(|| self.engine.poll())
            .map(|report| {
                let members: Vec<String> = report
                    .entry
                    .included
                    .iter()
                    .map(|included| format!("{}={}", included.member, included.value))
                    .collect();
                let overflow = if report.buf_ovfl { "!" } else { "" };
                format!("{}{overflow}:{}", report.sq_num, members.join(","))
            })
            .collect()
    }
}

#[test]
fn reports_each_change_at_once_without_buffer_time() {
    let mut rig = Rig::new(false, settings(ALL, 0, 0));
    rig.enable();
    rig.change(0, 1);
    rig.change(1, 2);
    assert_eq!(rig.reports(), ["0:0=1", "1:1=2"]);
    assert_eq!(rig.engine.deadline(), None);
}

#[test]
fn groups_other_members_within_the_buffer_time() {
    let mut rig = Rig::new(false, settings(ALL, 100, 0));
    rig.enable();
    rig.change(2, 1);
    rig.wait(ms(60));
    rig.change(0, 5);
    rig.wait(ms(39));
    assert!(rig.reports().is_empty());
    rig.wait(ms(1));
    assert_eq!(rig.reports(), ["0:0=5,2=1"]);
}

#[test]
fn a_second_change_of_the_same_member_ends_the_window_and_opens_another() {
    let mut rig = Rig::new(false, settings(ALL, 100, 0));
    rig.enable();
    rig.change(0, 1);
    rig.wait(ms(30));
    rig.change(0, 0);
    assert_eq!(rig.reports(), ["0:0=1"]);
    rig.wait(ms(99));
    assert!(rig.reports().is_empty());
    rig.wait(ms(1));
    assert_eq!(rig.reports(), ["1:0=0"]);
}

#[test]
fn keeps_the_value_that_the_event_had() {
    let mut rig = Rig::new(false, settings(ALL, 100, 0));
    rig.enable();
    rig.change(0, 1);
    rig.values.set(0, 9);
    rig.wait(ms(100));
    assert_eq!(rig.reports(), ["0:0=1"]);
}

#[test]
fn pending_events_go_out_before_an_interrogation() {
    let mut rig = Rig::new(false, settings(ALL, 100, 0));
    rig.enable();
    rig.change(0, 1);
    rig.engine.interrogate(rig.now, &rig.settings, &rig.values);
    assert_eq!(rig.reports(), ["0:0=1", "1:0=1,1=0,2=0,3=0"]);
    rig.wait(ms(500));
    assert!(rig.reports().is_empty());
}

#[test]
fn no_interrogation_without_its_trigger() {
    let mut rig = Rig::new(false, settings(Triggers::DCHG, 0, 0));
    rig.enable();
    rig.engine.interrogate(rig.now, &rig.settings, &rig.values);
    assert!(rig.reports().is_empty());
}

#[test]
fn integrity_comes_one_period_after_enable_and_then_each_period() {
    let mut rig = Rig::new(false, settings(ALL, 0, 1000));
    rig.wait(ms(700));
    rig.enable();
    rig.wait(ms(999));
    assert!(rig.reports().is_empty());
    rig.wait(ms(1));
    assert_eq!(rig.reports(), ["0:0=0,1=0,2=0,3=0"]);
    rig.wait(ms(3000));
    assert_eq!(rig.reports().len(), 3);
}

#[test]
fn only_enabled_triggers_report() {
    for (trg_ops, reasons, reported) in [
        (Triggers::DCHG, Triggers::DCHG, true),
        (Triggers::DCHG, Triggers::QCHG, false),
        (Triggers::QCHG, Triggers::QCHG, true),
        (Triggers::DUPD, Triggers::DCHG, false),
        (Triggers::DUPD, Triggers::DUPD, true),
        (Triggers::GI, Triggers::DCHG.union(Triggers::QCHG), false),
        (Triggers::QCHG, Triggers::DCHG.union(Triggers::QCHG), true),
    ] {
        let mut rig = Rig::new(false, settings(trg_ops, 0, 0));
        rig.enable();
        rig.event(0, reasons);
        let reports: Vec<_> = core::iter::from_fn(|| rig.engine.poll()).collect();
        assert_eq!(!reports.is_empty(), reported, "{trg_ops:?} {reasons:?}");
        if let Some(report) = reports.first() {
            assert_eq!(
                report.entry.included[0].reasons, trg_ops,
                "a reason that is not enabled is not told"
            );
        }
    }
}

#[test]
fn a_disabled_unbuffered_block_forgets() {
    let mut rig = Rig::new(false, settings(ALL, 100, 1000));
    rig.change(0, 1);
    rig.enable();
    rig.change(1, 1);
    rig.engine.disable();
    rig.wait(ms(5000));
    rig.enable();
    assert!(rig.reports().is_empty());
}

#[test]
fn numbers_begin_at_zero_with_each_enable_and_wrap() {
    let mut rig = Rig::new(false, settings(ALL, 0, 0));
    rig.enable();
    for number in 0..300u32 {
        rig.event(0, Triggers::DCHG);
        assert_eq!(
            rig.engine.poll().unwrap().sq_num,
            u16::try_from(number % 256).unwrap()
        );
    }
    rig.engine.disable();
    rig.enable();
    rig.event(0, Triggers::DCHG);
    assert_eq!(rig.engine.poll().unwrap().sq_num, 0);

    let mut rig = Rig::new(true, settings(ALL, 0, 0));
    rig.enable();
    let numbers: Vec<u16> = (0..65_538u32)
        .map(|_| {
            rig.event(0, Triggers::DCHG);
            rig.engine.poll().unwrap().sq_num
        })
        .collect();
    assert_eq!(numbers[65_534..], [65_534, 65_535, 0, 1]);
}

#[test]
fn a_buffered_block_buffers_while_disabled() {
    let mut rig = Rig::new(true, settings(ALL, 50, 0));
    rig.change(0, 1);
    rig.wait(ms(50));
    rig.change(1, 2);
    rig.wait(ms(50));
    assert!(rig.reports().is_empty());
    rig.enable();
    // Without resynchronisation from the oldest, with the hint that something may be missing or double.
    assert_eq!(rig.reports(), ["0!:0=1", "1:1=2"]);
    rig.change(2, 3);
    rig.wait(ms(50));
    assert_eq!(rig.reports(), ["2:2=3"]);
}

#[test]
fn resynchronisation_goes_on_behind_the_entry() {
    let mut rig = Rig::new(true, settings(ALL, 0, 0));
    (1..=3).for_each(|value| rig.change(0, value));
    assert!(rig.engine.resynchronise(Some(EntryId(2))));
    rig.enable();
    assert_eq!(rig.reports(), ["0:0=3"]);
    rig.engine.disable();
    assert!(rig.engine.resynchronise(Some(EntryId::NONE)));
    rig.enable();
    assert_eq!(rig.reports(), ["0:0=1", "1:0=2", "2:0=3"]);
    rig.engine.disable();
    assert!(!rig.engine.resynchronise(Some(EntryId(99))));
    rig.enable();
    assert_eq!(rig.reports(), ["0!:0=1", "1:0=2", "2:0=3"]);
}

#[test]
fn overflow_is_told_once() {
    let mut rig = Rig::new(true, settings(ALL, 0, 0));
    (0..10).for_each(|value| rig.change(0, value));
    assert!(rig.engine.has_overflow());
    rig.engine.resynchronise(Some(EntryId::NONE));
    rig.enable();
    let reports = rig.reports();
    assert_eq!(reports.len(), 8);
    assert_eq!(reports[0], "0!:0=2");
    assert!(reports[1..].iter().all(|report| !report.contains('!')));
}

#[test]
fn entry_is_the_last_put_in_while_disabled_and_the_last_sent_while_enabled() {
    let mut rig = Rig::new(true, settings(ALL, 0, 0));
    assert_eq!(rig.engine.entry(), None);
    (1..=3).for_each(|value| rig.change(0, value));
    assert_eq!(rig.engine.entry().unwrap().0, EntryId(3));
    rig.enable();
    assert!(rig.engine.poll().is_some());
    assert_eq!(rig.engine.entry().unwrap().0, EntryId(1));
    rig.engine.purge();
    assert_eq!(rig.engine.entry(), None);
}

#[test]
fn changes_of_one_instant_are_one_report_with_all_their_reasons() {
    let mut rig = Rig::new(false, settings(ALL, 0, 0));
    rig.enable();
    let changes = [
        change(2, Triggers::DCHG),
        change(0, Triggers::QCHG),
        change(2, Triggers::QCHG),
        change(1, Triggers::DUPD),
    ];
    rig.engine
        .changed(rig.now, &rig.settings, &changes, &rig.values);
    let report = rig.engine.poll().unwrap();
    let reasons: Vec<(usize, Triggers)> = report
        .entry
        .included
        .iter()
        .map(|one| (one.member, one.reasons))
        .collect();
    let both = Triggers::DCHG.union(Triggers::QCHG);
    assert_eq!(
        reasons,
        [(0, Triggers::QCHG), (1, Triggers::DUPD), (2, both)]
    );
    assert_eq!(rig.engine.poll(), None);
}

#[test]
fn a_second_value_of_a_measurand_is_sent_or_replaces_as_the_policy_says() {
    for (analogue, at_once, at_end) in [
        (AnalogueBufTm::Send, &["0:3=1"][..], &["1:3=2"][..]),
        (AnalogueBufTm::Replace, &[], &["0:3=2"]),
    ] {
        let mut rig = Rig::new(false, settings(ALL, 100, 0));
        rig.engine.policy.analogue = analogue;
        rig.enable();
        rig.change(3, 1);
        rig.wait(ms(60));
        rig.change(3, 2);
        assert_eq!(rig.reports(), at_once);
        rig.wait(ms(100));
        assert_eq!(rig.reports(), at_end);
        // A status is not replaced whatever the policy.
        rig.change(0, 1);
        rig.change(0, 2);
        assert_eq!(rig.reports().len(), 1);
    }
}

#[test]
fn pending_events_go_out_before_an_integrity_report() {
    let mut rig = Rig::new(false, settings(ALL, 500, 1000));
    rig.enable();
    rig.wait(ms(800));
    rig.change(0, 1);
    rig.wait(ms(200));
    assert_eq!(rig.reports(), ["0:0=1", "1:0=1,1=0,2=0,3=0"]);
    rig.wait(ms(999));
    assert!(rig.reports().is_empty());
}

#[test]
fn integrity_entries_are_buffered_while_disabled_and_begin_anew_at_enable() {
    let mut rig = Rig::new(true, settings(ALL, 0, 1000));
    rig.wait(ms(2500));
    rig.enable();
    assert_eq!(rig.reports().len(), 2);
    rig.wait(ms(999));
    assert!(rig.reports().is_empty());
    rig.wait(ms(1));
    assert_eq!(rig.reports().len(), 1);
}

#[test]
fn a_window_of_a_buffered_block_outlives_the_enable() {
    let mut rig = Rig::new(true, settings(ALL, 100, 0));
    rig.enable();
    rig.change(0, 1);
    rig.wait(ms(40));
    rig.engine.disable();
    rig.wait(ms(40));
    rig.engine.resynchronise(Some(EntryId::NONE));
    rig.enable();
    assert!(rig.reports().is_empty());
    rig.wait(ms(20));
    assert_eq!(rig.reports(), ["0:0=1"]);
}

#[test]
fn without_resynchronisation_the_policy_may_begin_at_the_first_unsent() {
    let mut rig = Rig::new(true, settings(ALL, 0, 0));
    rig.engine.policy.resync = ResyncPolicy::FromFirstUnsent;
    (1..=2).for_each(|value| rig.change(0, value));
    rig.enable();
    assert_eq!(rig.reports(), ["0:0=1", "1:0=2"]);
    rig.engine.disable();
    rig.change(0, 3);
    rig.enable();
    assert_eq!(rig.reports(), ["0:0=3"]);
    // What did not reach the client is not sent yet.
    rig.change(0, 4);
    let report = rig.engine.poll().unwrap();
    rig.engine.take_back(Some(report.entry.id), false);
    rig.engine.disable();
    rig.enable();
    assert_eq!(rig.reports(), ["0:0=4"]);
}

#[test]
fn overflow_that_was_told_to_nobody_is_told_again() {
    let mut rig = Rig::new(true, settings(ALL, 0, 0));
    rig.engine.policy.resync = ResyncPolicy::FromFirstUnsent;
    (0..10).for_each(|value| rig.change(0, value));
    rig.enable();
    let report = rig.engine.poll().unwrap();
    assert!(report.buf_ovfl);
    rig.engine.take_back(Some(report.entry.id), report.buf_ovfl);
    rig.engine.disable();
    rig.enable();
    assert_eq!(rig.reports()[..2], ["0!:0=2", "1:0=3"]);
}

#[test]
fn a_refused_entry_identifier_leaves_the_block_as_without_resynchronisation() {
    for refused in [Some(EntryId(99)), None] {
        let mut rig = Rig::new(true, settings(ALL, 0, 0));
        (1..=3).for_each(|value| rig.change(0, value));
        assert!(rig.engine.resynchronise(Some(EntryId(3))));
        assert!(!rig.engine.resynchronise(refused));
        rig.enable();
        assert_eq!(rig.reports(), ["0!:0=1", "1:0=2", "2:0=3"]);
    }
}

#[test]
fn of_interrogations_that_wait_a_buffered_block_keeps_the_last_and_an_unbuffered_one_all() {
    for (buffered, expected) in [
        (true, &["0:1=5", "1:0=0,1=5,2=0,3=0"][..]),
        (false, &["0:0=0,1=0,2=0,3=0", "1:1=5", "2:0=0,1=5,2=0,3=0"]),
    ] {
        let mut rig = Rig::new(buffered, settings(ALL, 0, 0));
        rig.enable();
        rig.engine.interrogate(rig.now, &rig.settings, &rig.values);
        rig.change(1, 5);
        rig.engine.interrogate(rig.now, &rig.settings, &rig.values);
        assert_eq!(rig.reports(), expected);
    }
}

#[test]
fn time_of_entry_is_when_the_entry_was_made_and_not_when_it_is_sent() {
    let mut rig = Rig::new(true, settings(ALL, 100, 0));
    rig.change(0, 1);
    let made = rig.now + ms(100);
    rig.wait(ms(5000));
    rig.enable();
    assert_eq!(rig.engine.poll().unwrap().entry.time, made);
    assert_eq!(rig.engine.entry().unwrap().1, made);
}

#[test]
fn a_report_that_cannot_be_sent_takes_no_number_and_counts_as_lost() {
    let mut rig = Rig::new(true, settings(ALL, 0, 0));
    rig.enable();
    rig.change(0, 1);
    let report = rig.engine.poll().unwrap();
    rig.engine.give_up(&report);
    rig.change(0, 2);
    rig.change(0, 3);
    assert_eq!(rig.reports(), ["0!:0=2", "1:0=3"]);
}

#[test]
fn identifiers_begin_behind_the_seed() {
    let mut engine = Engine::new(true, policy(8), 5000, Arc::new(FaultSet::none()));
    let values = Integers::new(1);
    let settings = settings(ALL, 0, 0);
    engine.changed(Time::ZERO, &settings, &[change(0, Triggers::DCHG)], &values);
    assert_eq!(engine.entry().unwrap().0, EntryId(5001));
}

#[derive(Clone, Debug)]
enum Act {
    Change(usize),
    Batch(Vec<usize>),
    Wait(u64),
    Interrogate,
    Disable,
    Enable,
    Resume,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => (0usize..4).prop_map(Act::Change),
        2 => prop::collection::vec(0usize..4, 1..4).prop_map(Act::Batch),
        4 => (1u64..200).prop_map(Act::Wait),
        1 => Just(Act::Interrogate),
        1 => Just(Act::Disable),
        1 => Just(Act::Enable),
        1 => Just(Act::Resume),
    ];
    prop::collection::vec(act, 1..60)
}

proptest! {
    /// Of a buffered block that is large enough: every change of a member is told exactly once, in the order of that member, and
    /// numbers have no gap, whatever the client does as long as it resynchronises behind what it has.
    #[test]
    fn no_change_is_lost_and_none_is_told_twice(acts in acts(), buf_tm in prop_oneof![Just(0u32), 1u32..150]) {
        let mut engine = Engine::new(true, policy(10_000), 0, Arc::new(FaultSet::none()));
        let settings = settings(Triggers::DCHG.union(Triggers::GI), buf_tm, 0);
        let values = Integers::new(4);
        let mut now = Time::from_secs(1);
        let mut next = 0i64;
        let mut expected: [Vec<i64>; 4] = Default::default();
        let mut told: [Vec<i64>; 4] = Default::default();
        let mut last_entry = EntryId::NONE;
        let mut number = 0u16;
        engine.configured(now, &settings);
        engine.enable(now, &settings, &values);
        for act in acts.into_iter().chain([Act::Resume, Act::Wait(1000)]) {
            match act {
                Act::Change(member) => {
                    next += 1;
                    values.set(member, next);
                    expected[member].push(next);
                    engine.changed(now, &settings, &[change(member, Triggers::DCHG)], &values);
                }
                Act::Batch(mut members) => {
                    members.sort_unstable();
                    members.dedup();
                    for member in &members {
                        next += 1;
                        values.set(*member, next);
                        expected[*member].push(next);
                    }
                    let changes: Vec<Change> = members.iter().map(|m| change(*m, Triggers::DCHG)).collect();
                    engine.changed(now, &settings, &changes, &values);
                }
                Act::Wait(millis) => {
                    let end = now + ms(millis);
                    while let Some(deadline) = engine.deadline().filter(|deadline| *deadline <= end) {
                        engine.advance(deadline, &settings, &values);
                    }
                    now = end;
                }
                Act::Interrogate if engine.is_enabled() => engine.interrogate(now, &settings, &values),
                Act::Disable => engine.disable(),
                Act::Enable | Act::Resume if !engine.is_enabled() => {
                    prop_assert!(engine.resynchronise(Some(last_entry)));
                    engine.enable(now, &settings, &values);
                    number = 0;
                }
                _ => {}
            }
            while let Some(report) = engine.poll() {
                prop_assert_eq!(report.sq_num, number);
                number += 1;
                prop_assert!(report.entry.id > last_entry);
                prop_assert!(!report.buf_ovfl);
                last_entry = report.entry.id;
                if report.entry.kind == EntryKind::Event {
                    for included in report.entry.included {
                        told[included.member].push(included.value.as_i64().unwrap());
                    }
                }
            }
        }
        prop_assert_eq!(told, expected);
    }

    /// Of an unbuffered block with BufTm: a report comes no later than BufTm after the first change that is in it, and no
    /// earlier unless a member changed again.
    #[test]
    fn a_window_is_never_longer_than_the_buffer_time(gaps in prop::collection::vec((0usize..4, 0u64..80), 1..40)) {
        let mut rig = Rig::new(false, settings(Triggers::DCHG, 100, 0));
        rig.engine = Engine::new(false, policy(1000), 0, Arc::new(FaultSet::none()));
        rig.enable();
        let mut opened: Option<Time> = None;
        for (member, gap) in gaps {
            rig.wait(ms(gap));
            if let Some(at) = opened && at + ms(100) <= rig.now {
                prop_assert_eq!(rig.reports().len(), 1);
                opened = None;
            }
            let before = rig.reports().len();
            prop_assert_eq!(before, 0);
            rig.event(member, Triggers::DCHG);
            if rig.engine.has_report() {
                prop_assert_eq!(rig.reports().len(), 1);
                opened = None;
            }
            opened.get_or_insert(rig.now);
        }
    }
}
