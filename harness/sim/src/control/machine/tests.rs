use super::*;
use iedassay_wire::mms::{Data, UtcTime};
use std::{net::IpAddr, time::Duration};

const NOW: Time = Time::from_secs(1_700_000_000);

fn client(number: u64) -> Client {
    Client {
        association: AssociationId(number),
        address: IpAddr::from([127, 0, 0, 1]),
    }
}

fn command(value: bool) -> Command {
    Command {
        value: Data::Boolean(value),
        oper_tm: None,
        or_cat: 3,
        or_ident: b"me".to_vec(),
        ctl_num: 7,
        time: UtcTime::default(),
        test: false,
        check: None,
        whole: Data::Structure(Vec::new()),
    }
}

fn conditions(model: ControlModel) -> Conditions {
    Conditions {
        model,
        operate_many: false,
        beh: 1,
        local: false,
        alarm: false,
        held: Vec::new(),
        station: false,
        blocked: false,
        stuck: false,
        beyond_limits: false,
        position: Some(Data::Boolean(false)),
        sbo_timeout: Duration::from_secs(10),
        oper_timeout: Duration::from_secs(5),
        switching_time: Duration::from_millis(100),
        shown: NOW,
    }
}

fn machine() -> Machine {
    Machine::new(Arc::new(FaultSet::none()))
}

fn cause<T: core::fmt::Debug>(result: Result<T, Refusal>) -> u8 {
    result.unwrap_err().cause.0
}

fn moved(effect: Option<Effect>) -> bool {
    matches!(effect, Some(Effect::Move(_)))
}

#[test]
fn direct_normal_moves_at_once_and_is_ready_again() {
    let (mut machine, conditions) = (machine(), conditions(ControlModel::DirectNormal));
    assert!(moved(
        machine
            .operate(client(1), command(true), NOW, &conditions)
            .unwrap()
    ));
    assert!(moved(
        machine
            .operate(client(2), command(true), NOW, &conditions)
            .unwrap()
    ));
}

#[test]
fn status_only_refuses() {
    let (mut machine, conditions) = (machine(), conditions(ControlModel::StatusOnly));
    assert_eq!(
        cause(machine.operate(client(1), command(true), NOW, &conditions)),
        1
    );
}

#[test]
fn operate_once_ends_the_selection_and_operate_many_keeps_it() {
    let mut conditions = conditions(ControlModel::SboNormal);
    let mut machine = machine();
    assert_eq!(
        cause(machine.operate(client(1), command(true), NOW, &conditions)),
        18
    );
    machine.select(client(1), None, NOW, &conditions).unwrap();
    assert!(machine.is_selected(conditions.model));
    assert!(moved(
        machine
            .operate(client(1), command(true), NOW, &conditions)
            .unwrap()
    ));
    assert!(!machine.is_selected(conditions.model));
    assert_eq!(
        cause(machine.operate(client(1), command(true), NOW, &conditions)),
        18
    );

    conditions.operate_many = true;
    machine.select(client(1), None, NOW, &conditions).unwrap();
    for seconds in [9, 18, 27] {
        let now = NOW + Duration::from_secs(seconds);
        assert!(machine.advance(now, &conditions).is_empty());
        assert!(moved(
            machine
                .operate(client(1), command(true), now, &conditions)
                .unwrap()
        ));
    }
    let now = NOW + Duration::from_secs(37);
    assert_eq!(machine.deadline(), Some(now));
    machine.advance(now, &conditions);
    assert_eq!(
        cause(machine.operate(client(1), command(true), now, &conditions)),
        18
    );
}

#[test]
fn a_selection_is_of_one_client() {
    let (mut machine, conditions) = (machine(), conditions(ControlModel::SboNormal));
    machine.select(client(1), None, NOW, &conditions).unwrap();
    assert_eq!(cause(machine.select(client(1), None, NOW, &conditions)), 19);
    assert_eq!(cause(machine.select(client(2), None, NOW, &conditions)), 27);
    assert_eq!(
        cause(machine.operate(client(2), command(true), NOW, &conditions)),
        27
    );
    assert_eq!(cause(machine.cancel(&client(2))), 27);
    assert!(moved(
        machine
            .operate(client(1), command(true), NOW, &conditions)
            .unwrap()
    ));
}

#[test]
fn a_refused_operate_ends_the_selection() {
    for (change, expected) in [
        (
            Box::new(|_: &mut Command, c: &mut Conditions| c.blocked = true)
                as Box<dyn Fn(&mut Command, &mut Conditions)>,
            10,
        ),
        (Box::new(|command, _| command.or_cat = 9), 26),
        (Box::new(|command, _| command.or_ident = vec![0; 65]), 26),
        (Box::new(|command, _| command.test = true), 8),
        (
            Box::new(|command, _| command.value = Data::Boolean(false)),
            5,
        ),
        (Box::new(|_, c| c.local = true), 2),
        (Box::new(|_, c| c.alarm = true), 13),
        (Box::new(|_, c| c.beh = 5), 8),
        (
            Box::new(|command, _| command.oper_tm = Some(NOW - Duration::from_secs(1))),
            16,
        ),
    ] {
        let (mut machine, mut conditions) = (machine(), conditions(ControlModel::SboNormal));
        machine.select(client(1), None, NOW, &conditions).unwrap();
        let mut command = command(true);
        change(&mut command, &mut conditions);
        assert_eq!(
            cause(machine.operate(client(1), command, NOW, &conditions)),
            expected
        );
        assert!(!machine.is_selected(conditions.model));
    }
}

#[test]
fn behaviour_and_test_have_to_agree() {
    for (beh, test, expected) in [
        (1, false, Some(true)),
        (1, true, None),
        (2, false, Some(false)),
        (2, true, None),
        (3, false, None),
        (3, true, Some(true)),
        (4, false, None),
        (4, true, Some(false)),
        (5, false, None),
        (5, true, None),
    ] {
        let mut conditions = conditions(ControlModel::DirectNormal);
        conditions.beh = beh;
        let command = Command {
            test,
            ..command(true)
        };
        let result = machine().operate(client(1), command, NOW, &conditions);
        assert_eq!(result.ok().map(moved), expected, "beh {beh} test {test}");
    }
}

#[test]
fn a_local_switch_lets_bay_control_through() {
    let mut conditions = conditions(ControlModel::DirectNormal);
    conditions.local = true;
    let command = Command {
        or_cat: 1,
        ..command(true)
    };
    assert!(moved(
        machine()
            .operate(client(1), command, NOW, &conditions)
            .unwrap()
    ));
}

#[test]
fn what_the_process_blocks_cannot_be_selected() {
    let mut conditions = conditions(ControlModel::SboNormal);
    conditions.blocked = true;
    assert_eq!(
        cause(machine().select(client(1), None, NOW, &conditions)),
        10
    );
}

#[test]
fn a_selection_times_out_and_ends_with_its_association() {
    let (mut machine, conditions) = (machine(), conditions(ControlModel::SboNormal));
    machine.select(client(1), None, NOW, &conditions).unwrap();
    machine.advance(NOW + Duration::from_millis(9999), &conditions);
    assert!(machine.is_selected(conditions.model));
    machine.advance(NOW + Duration::from_secs(10), &conditions);
    assert!(!machine.is_selected(conditions.model));
    machine.select(client(1), None, NOW, &conditions).unwrap();
    machine.association_ended(AssociationId(2));
    assert!(machine.is_selected(conditions.model));
    machine.association_ended(AssociationId(1));
    assert!(!machine.is_selected(conditions.model));
}

#[test]
fn cancel_ends_a_selection_and_is_harmless_without_one() {
    let (mut machine, conditions) = (machine(), conditions(ControlModel::SboNormal));
    assert_eq!(machine.cancel(&client(1)), Ok(()));
    machine.select(client(1), None, NOW, &conditions).unwrap();
    assert_eq!(machine.cancel(&client(1)), Ok(()));
    assert_eq!(
        cause(machine.operate(client(1), command(true), NOW, &conditions)),
        18
    );
}

#[test]
fn a_later_operate_waits_can_be_cancelled_and_excludes_others() {
    let at = NOW + Duration::from_secs(60);
    for model in [ControlModel::DirectNormal, ControlModel::SboNormal] {
        let (mut machine, conditions) = (machine(), conditions(model));
        let later = Command {
            oper_tm: Some(at),
            ..command(true)
        };
        for cancelled in [true, false] {
            if model.is_sbo() {
                machine.select(client(1), None, NOW, &conditions).unwrap();
            }
            assert_eq!(
                machine.operate(client(1), later.clone(), NOW, &conditions),
                Ok(None)
            );
            assert_eq!(
                cause(machine.operate(client(1), command(true), NOW, &conditions)),
                12
            );
            if cancelled {
                assert_eq!(machine.cancel(&client(1)), Ok(()));
                assert_eq!(machine.deadline(), None);
            }
        }
        assert_eq!(machine.deadline(), Some(at));
        let effects = machine.advance(at, &conditions);
        assert!(matches!(effects.as_slice(), [Effect::Move(command)] if command.oper_tm.is_none()));
        assert_eq!(machine.deadline(), None);
    }
}

#[test]
fn enhanced_security_tells_how_it_ended() {
    let (mut machine, mut conditions) = (machine(), conditions(ControlModel::DirectEnhanced));
    assert_eq!(
        machine.operate(client(1), command(true), NOW, &conditions),
        Ok(None)
    );
    assert_eq!(
        cause(machine.operate(client(1), command(true), NOW, &conditions)),
        12
    );
    let there = NOW + conditions.switching_time;
    let effects = machine.advance(there, &conditions);
    assert!(matches!(
        effects.as_slice(),
        [Effect::Move(_), Effect::Terminate { cause: None, .. }]
    ));

    conditions.stuck = true;
    machine
        .operate(client(1), command(true), NOW, &conditions)
        .unwrap();
    assert!(machine.advance(there, &conditions).is_empty());
    let limit = NOW + conditions.oper_timeout;
    assert_eq!(machine.deadline(), Some(limit));
    let effects = machine.advance(limit, &conditions);
    assert!(matches!(
        effects.as_slice(),
        [Effect::Terminate {
            cause: Some(AddCause::TIME_LIMIT_OVER),
            ..
        }]
    ));
    assert!(machine.deadline().is_none());
}

#[test]
fn oper_has_to_repeat_what_was_selected() {
    let conditions = conditions(ControlModel::SboEnhanced);
    for change in [
        (|command| command.value = Data::Boolean(false)) as fn(&mut Command),
        |command| command.ctl_num = 8,
        |command| command.or_cat = 2,
        |command| command.or_ident.clear(),
        |command| command.test = true,
    ] {
        let mut machine = machine();
        machine
            .select(client(1), Some(command(true)), NOW, &conditions)
            .unwrap();
        let mut other = command(true);
        change(&mut other);
        assert_eq!(
            cause(machine.operate(client(1), other, NOW, &conditions)),
            26
        );
        assert!(!machine.is_selected(conditions.model));
    }
    let mut machine = machine();
    machine
        .select(client(1), Some(command(true)), NOW, &conditions)
        .unwrap();
    assert_eq!(
        cause(machine.select(client(1), Some(command(true)), NOW, &conditions)),
        19
    );
    let later = Command {
        time: UtcTime {
            seconds: 5,
            ..UtcTime::default()
        },
        ..command(true)
    };
    assert_eq!(
        machine.operate(client(1), later, NOW, &conditions),
        Ok(None)
    );
    assert!(machine.is_selected(conditions.model));
    machine.advance(NOW + conditions.switching_time, &conditions);
    assert!(!machine.is_selected(conditions.model));
}

#[test]
fn an_illegal_originator_fails_the_select() {
    let conditions = conditions(ControlModel::SboEnhanced);
    let command = Command {
        or_cat: 99,
        ..command(true)
    };
    assert_eq!(
        cause(machine().select(client(1), Some(command), NOW, &conditions)),
        3
    );
}

/// Check with synchrocheck and interlocking.
fn checks(synchro: bool, interlock: bool) -> Option<iedassay_wire::ber::BitString> {
    Some(iedassay_wire::ber::BitString::from_bits([
        synchro, interlock,
    ]))
}

#[test]
fn what_the_process_holds_against_a_command_is_its_cause() {
    for model in [ControlModel::DirectNormal, ControlModel::DirectEnhanced] {
        for expected in AddCause::REFUSING {
            let mut conditions = conditions(model);
            conditions.held = vec![expected];
            let asking = Command {
                check: checks(true, true),
                ..command(true)
            };
            let result = machine().operate(client(1), asking, NOW, &conditions);
            assert_eq!(cause(result), expected.0);
        }
    }
}

#[test]
fn interlock_and_synchrocheck_count_only_when_check_asks_for_them() {
    for (held, synchro, interlock, passes) in [
        (AddCause::BLOCKED_BY_INTERLOCKING, false, false, true),
        (AddCause::BLOCKED_BY_INTERLOCKING, true, false, true),
        (AddCause::BLOCKED_BY_INTERLOCKING, false, true, false),
        (AddCause::BLOCKED_BY_SYNCHROCHECK, false, true, true),
        (AddCause::BLOCKED_BY_SYNCHROCHECK, true, false, false),
    ] {
        let mut conditions = conditions(ControlModel::DirectNormal);
        conditions.held = vec![held];
        let asking = Command {
            check: checks(synchro, interlock),
            ..command(true)
        };
        let result = machine().operate(client(1), asking, NOW, &conditions);
        assert_eq!(
            result.is_ok(),
            passes,
            "{held:?} synchro {synchro} interlock {interlock}"
        );
    }
}

#[test]
fn what_happens_during_execution_ends_the_command_with_its_cause() {
    for model in [ControlModel::DirectEnhanced, ControlModel::SboEnhanced] {
        for expected in AddCause::ENDING {
            let (mut machine, mut conditions) = (machine(), conditions(model));
            if model.is_sbo() {
                machine
                    .select(client(1), Some(command(true)), NOW, &conditions)
                    .unwrap();
            }
            let accepted = machine.operate(client(1), command(true), NOW, &conditions);
            assert_eq!(accepted, Ok(None));
            let disturbed = NOW + Duration::from_millis(40);
            conditions.held = vec![expected];
            machine.disturb(disturbed);
            assert_eq!(machine.deadline(), Some(disturbed));
            let effects = machine.advance(disturbed, &conditions);
            let moved = matches!(effects.first(), Some(Effect::Move(_)));
            assert_eq!(moved, expected == AddCause::ENDED_WITH_OVERSHOOT);
            assert!(
                matches!(effects.last(), Some(Effect::Terminate { cause: Some(cause), .. }) if *cause == expected)
            );
            assert!(!machine.is_busy());
        }
    }
}

#[test]
fn a_mode_that_becomes_off_ends_a_command_that_executes() {
    let (mut machine, mut conditions) = (machine(), conditions(ControlModel::DirectEnhanced));
    machine
        .operate(client(1), command(true), NOW, &conditions)
        .unwrap();
    conditions.beh = OFF;
    let effects = machine.advance(NOW + conditions.switching_time, &conditions);
    assert!(matches!(
        effects.as_slice(),
        [Effect::Terminate {
            cause: Some(AddCause::BLOCKED_BY_MODE),
            ..
        }]
    ));
}

#[test]
fn station_authority_keeps_remote_control_away() {
    for (or_cat, passes) in [(2, true), (3, false), (5, true), (6, false)] {
        let mut conditions = conditions(ControlModel::DirectNormal);
        conditions.station = true;
        let command = Command {
            or_cat,
            ..command(true)
        };
        let result = machine().operate(client(1), command, NOW, &conditions);
        assert_eq!(result.is_ok(), passes, "orCat {or_cat}");
    }
}

#[test]
fn operate_many_with_enhanced_security_stays_selected_while_its_client_is_there() {
    for stays in [true, false] {
        let (mut machine, mut conditions) = (machine(), conditions(ControlModel::SboEnhanced));
        conditions.operate_many = true;
        machine
            .select(client(1), Some(command(true)), NOW, &conditions)
            .unwrap();
        machine
            .operate(client(1), command(true), NOW, &conditions)
            .unwrap();
        if !stays {
            machine.association_ended(AssociationId(1));
        }
        let there = NOW + conditions.switching_time;
        assert_eq!(machine.advance(there, &conditions).len(), 2);
        assert_eq!(machine.is_selected(conditions.model), stays);
        let again = machine.operate(client(1), command(true), there, &conditions);
        assert_eq!(again.is_ok(), stays);
    }
}

#[test]
fn a_later_operate_with_enhanced_security_ends_with_a_termination() {
    let at = NOW + Duration::from_secs(60);
    for (beh, expected) in [(1, None), (OFF, Some(AddCause::BLOCKED_BY_MODE))] {
        let (mut machine, mut conditions) = (machine(), conditions(ControlModel::DirectEnhanced));
        let later = Command {
            oper_tm: Some(at),
            ..command(true)
        };
        let accepted = machine.operate(client(1), later, NOW, &conditions);
        assert_eq!(accepted, Ok(None));
        conditions.beh = beh;
        let mut effects = machine.advance(at, &conditions);
        effects.extend(machine.advance(at + conditions.switching_time, &conditions));
        assert!(
            matches!(effects.last(), Some(Effect::Terminate { cause, command, .. }) if *cause == expected && command.oper_tm.is_none())
        );
    }
}
