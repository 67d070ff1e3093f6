use proptest::prelude::*;

use super::pair::{Decision, Pair};
use crate::association::{
    Ending, InitiatorConfig, Phase, ReleaseWay, ResponderConfig, ResponderEvent,
};
use crate::error::{ErrorKind, Layer};

#[test]
fn another_protocol_on_the_port_is_told_as_such() {
    for greeting in [
        &b"HTTP/1.1 400 Bad Request\r\n"[..],
        b"SSH-2.0-x\r\n",
        &[0x16, 3, 1],
        &[0; 64],
    ] {
        let mut pair = Pair::new().deciding(Decision::Ponder);
        pair.initiator.handle_input(greeting, pair.now);
        pair.run();
        match pair.initiator_ending() {
            Some(Ending::Invalid(error)) => assert_eq!(error.layer, Layer::Tpkt),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_endless_tsdu_ends_the_association() {
    let config = InitiatorConfig {
        max_tsdu: 10_000,
        ..InitiatorConfig::default()
    };
    let mut pair = Pair::with(config, ResponderConfig::default());
    pair.run();
    let mut part = vec![3, 0, 4, 7, 2, 0xf0, 0];
    part.resize(1031, 0x55);
    for _ in 0..20 {
        pair.initiator.handle_input(&part, pair.now);
    }
    pair.run();
    let Some(Ending::Invalid(error)) = pair.initiator_ending() else {
        panic!()
    };
    assert_eq!(error.kind, ErrorKind::SizeExceeded { limit: 10_000 });
}

#[test]
fn a_flood_at_an_owner_who_does_not_decide_is_bounded() {
    let config = ResponderConfig {
        max_tsdu: 10_000,
        ..ResponderConfig::default()
    };
    let mut pair = Pair::with(InitiatorConfig::default(), config).deciding(Decision::Ponder);
    pair.run();
    let packet = [3, 0, 0, 7, 2, 0xf0, 0x80];
    for _ in 0..100_000 {
        pair.responder.handle_input(&packet, pair.now);
    }
    pair.run();
    assert!(matches!(pair.responder_ending(), Some(Ending::Invalid(_))));
}

#[test]
fn what_waits_for_a_decision_is_bounded_to_the_octet() {
    let config = ResponderConfig {
        max_tsdu: 1000,
        ..ResponderConfig::default()
    };
    let mut pair = Pair::with(InitiatorConfig::default(), config).deciding(Decision::Ponder);
    pair.run();
    // Twice a TSDU, and 64 KiB.
    pair.responder
        .handle_input(&vec![0; 2000 + 0x1_0000], pair.now);
    assert_eq!(pair.responder.phase(), Phase::Transport);
    pair.responder.handle_input(&[0], pair.now);
    assert_eq!(pair.responder.phase(), Phase::Ended);
}

#[test]
fn a_cr_after_the_association_stands_is_a_violation() {
    let mut pair = Pair::new();
    pair.run();
    let request = pair.carried[0].clone();
    pair.responder.handle_input(&request, pair.now);
    pair.run();
    let Some(Ending::Invalid(error)) = pair.responder_ending() else {
        panic!()
    };
    assert_eq!(error.layer, Layer::Cotp);
}

#[test]
fn a_second_initiate_is_aborted() {
    let mut pair = Pair::new();
    pair.run();
    let initiate = crate::mms::Pdu::InitiateRequest(crate::association::client_proposal());
    pair.initiator.send_mms(&initiate.encode()).unwrap();
    pair.run();
    assert!(matches!(pair.responder_ending(), Some(Ending::Invalid(_))));
    assert!(matches!(
        pair.initiator_ending(),
        Some(Ending::AbortedByPeer(_))
    ));
}

#[test]
fn a_server_that_concludes_again_and_again_is_answered_once_and_left_in_time() {
    let mut pair = Pair::new();
    pair.run();
    let close = pair.initiator.config().deadlines.close;
    let at = pair.now.saturating_add(close);
    let conclude = crate::mms::Pdu::ConcludeRequest.encode();
    let mut answers = 0;
    for _ in 0..20 {
        pair.responder.send_mms(&conclude).unwrap();
        while let Some(packet) = pair.responder.poll_transmit() {
            pair.initiator.handle_input(&packet, pair.now);
        }
        assert_eq!(pair.initiator.poll_timeout(), Some(at));
        answers += core::iter::from_fn(|| pair.initiator.poll_transmit()).count();
        pair.now = pair.now.saturating_add(close / 40);
    }
    assert_eq!(answers, 1);
    pair.initiator.handle_timeout(at);
    assert_eq!(pair.initiator.phase(), Phase::Ended);
}

/// One thing that happens to a pair.
#[derive(Clone, Debug)]
enum Step {
    Run,
    PassTime,
    ToInitiator(Vec<u8>),
    ToResponder(Vec<u8>),
    Send(Vec<u8>),
    Reply(Vec<u8>),
    Release(bool, bool),
    Abort(bool),
    Eof(bool),
    Piece(usize),
    /// Repeats octets that went before, with one of them changed.
    Replay {
        to_initiator: bool,
        at: prop::sample::Index,
        value: u8,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let octets = || prop::collection::vec(any::<u8>(), 0..40);
    let packet = || {
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|mut rest| {
            let length = u8::try_from(rest.len() + 7).unwrap();
            let mut packet = vec![3, 0, 0, length, 2, 0xf0, 0x80];
            packet.append(&mut rest);
            packet
        })
    };
    prop_oneof![
        6 => Just(Step::Run),
        1 => Just(Step::PassTime),
        1 => octets().prop_map(Step::ToInitiator),
        1 => octets().prop_map(Step::ToResponder),
        1 => packet().prop_map(Step::ToInitiator),
        1 => packet().prop_map(Step::ToResponder),
        2 => octets().prop_map(Step::Send),
        2 => octets().prop_map(Step::Reply),
        1 => any::<(bool, bool)>().prop_map(|(conclude, session)| Step::Release(conclude, session)),
        1 => any::<bool>().prop_map(Step::Abort),
        1 => any::<bool>().prop_map(Step::Eof),
        2 => (0usize..9).prop_map(Step::Piece),
        2 => any::<(bool, prop::sample::Index, u8)>().prop_map(|(to_initiator, at, value)| {
            Step::Replay { to_initiator, at, value }
        }),
    ]
}

fn apply(pair: &mut Pair, step: Step) {
    let now = pair.now;
    match step {
        Step::Run => pair.run(),
        Step::PassTime => pair.pass_time(),
        Step::ToInitiator(octets) => pair.initiator.handle_input(&octets, now),
        Step::ToResponder(octets) => pair.responder.handle_input(&octets, now),
        Step::Send(pdu) => drop(pair.initiator.send_mms(&pdu)),
        Step::Reply(pdu) => drop(pair.responder.send_mms(&pdu)),
        Step::Release(conclude, session) => {
            pair.initiator
                .release(ReleaseWay { conclude, session }, now);
        }
        Step::Abort(true) => pair.initiator.abort(now),
        Step::Abort(false) => pair.responder.abort(now),
        Step::Eof(true) => pair.initiator.handle_eof(now),
        Step::Eof(false) => pair.responder.handle_eof(now),
        Step::Piece(piece) => pair.piece = piece,
        Step::Replay {
            to_initiator,
            at,
            value,
        } => {
            let mut octets = pair.carried[usize::from(to_initiator)].clone();
            if !octets.is_empty() {
                let at = at.index(octets.len());
                octets[at] = value;
            }
            if to_initiator {
                pair.initiator.handle_input(&octets, now);
            } else {
                pair.responder.handle_input(&octets, now);
            }
        }
    }
}

proptest! {
    #[test]
    fn never_panics_and_always_ends(steps in prop::collection::vec(step(), 0..40)) {
        let mut pair = Pair::new();
        for step in steps {
            apply(&mut pair, step);
        }
        // Once both streams are closed both are over, whatever went before.
        pair.initiator.handle_eof(pair.now);
        pair.responder.handle_eof(pair.now);
        pair.run();
        prop_assert_eq!(pair.initiator.phase(), Phase::Ended);
        prop_assert_eq!(pair.responder.phase(), Phase::Ended);
        prop_assert!(pair.initiator_ending().is_some());
        prop_assert!(pair.responder_ending().is_some());
        let endings = pair.responder_events.iter().filter(|event| matches!(event, ResponderEvent::Ended(_)));
        prop_assert_eq!(endings.count(), 1);
    }

    #[test]
    fn always_ends_by_time_alone_unless_established(steps in prop::collection::vec(step(), 0..20)) {
        let mut pair = Pair::new();
        for step in steps {
            apply(&mut pair, step);
        }
        for _ in 0..8 {
            pair.pass_time();
        }
        for phase in [pair.initiator.phase(), pair.responder.phase()] {
            prop_assert!(matches!(phase, Phase::Established | Phase::Conclude | Phase::Ended), "{:?}", phase);
        }
    }

    #[test]
    fn a_damaged_handshake_ends_or_stands(at in any::<prop::sample::Index>(), value: u8, to_initiator: bool) {
        let mut model = Pair::new();
        model.run();
        let mut octets = model.carried[usize::from(to_initiator)].clone();
        let at = at.index(octets.len());
        octets[at] = value;
        let mut pair = Pair::new();
        pair.decision = if to_initiator { Decision::Ponder } else { Decision::Accept };
        if to_initiator {
            pair.initiator.handle_input(&octets, pair.now);
        } else {
            pair.responder.handle_input(&octets, pair.now);
        }
        pair.run();
        for _ in 0..8 {
            pair.pass_time();
        }
        prop_assert!(matches!(pair.initiator.phase(), Phase::Established | Phase::Ended));
        prop_assert!(matches!(pair.responder.phase(), Phase::Established | Phase::Ended));
    }
}
