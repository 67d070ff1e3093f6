use super::pair::{Decision, Pair};
use crate::acse::AuthenticationValue;
use crate::association::{
    Authentication, EndAddress, Established, InitiatorConfig, InitiatorEvent, NotEstablished,
    Phase, ResponderConfig, ResponderEvent, client_proposal,
};
use crate::cotp::TpduSize;
use crate::mms::{Parameter, ParameterSupport, Pdu, Request};

fn established(pair: &Pair) -> (&Established, &Established) {
    let calling = pair.initiator_events.iter().find_map(|event| match event {
        InitiatorEvent::Established(established) => Some(established.as_ref()),
        _ => None,
    });
    let called = pair.responder_events.iter().find_map(|event| match event {
        ResponderEvent::Established(established) => Some(established.as_ref()),
        _ => None,
    });
    (calling.unwrap(), called.unwrap())
}

#[test]
fn both_ends_agree_on_what_was_negotiated() {
    let mut initiator = InitiatorConfig {
        tpdu_size: TpduSize(12),
        ..InitiatorConfig::default()
    };
    initiator.mms.detail.parameters = ParameterSupport::of(&[Parameter::VNAM, Parameter::REAL]);
    let mut responder = ResponderConfig {
        tpdu_size: TpduSize(10),
        ..ResponderConfig::default()
    };
    responder.limits.local_detail = Some(32_000);
    responder.limits.max_outstanding_called = 2;
    let mut pair = Pair::with(initiator, responder);
    pair.run();
    let (calling, called) = established(&pair);
    assert_eq!(calling.answer, called.answer);
    assert_eq!(calling.proposed, called.proposed);
    assert_eq!((calling.tpdu_size, called.tpdu_size), (1024, 1024));
    assert_eq!(calling.answer.local_detail, Some(32_000));
    assert_eq!(calling.answer.max_outstanding_called, 2);
    assert_eq!(
        calling.answer.detail.parameters.iter().collect::<Vec<_>>(),
        [Parameter::VNAM]
    );
    assert_eq!(called.peer, EndAddress::usual(&[1, 1, 1, 999], 12));
    assert_eq!(calling.peer, EndAddress::usual(&[1, 1, 1, 999, 1], 12));
    assert_eq!(pair.initiator.phase(), Phase::Established);
    assert_eq!(pair.initiator.poll_timeout(), None);
    assert_eq!(pair.responder.poll_timeout(), None);
}

#[test]
fn tells_the_owner_whom_the_peer_wants_and_its_password() {
    let config = InitiatorConfig {
        authentication: Authentication::Password(b"secret".to_vec()),
        ..InitiatorConfig::default()
    };
    let mut pair = Pair::with(config, ResponderConfig::default());
    pair.run();
    let indication = pair.responder_events.iter().find_map(|event| match event {
        ResponderEvent::Associate(indication) => Some(indication),
        _ => None,
    });
    let indication = indication.unwrap();
    assert_eq!(indication.called, EndAddress::usual(&[1, 1, 1, 999, 1], 12));
    assert_eq!(
        indication.authentication,
        Some(AuthenticationValue::Password(b"secret".to_vec()))
    );
    assert_eq!(indication.proposed, client_proposal());
}

#[test]
fn works_without_any_selector_or_title() {
    let config = InitiatorConfig {
        calling: EndAddress::default(),
        called: EndAddress::default(),
        ..InitiatorConfig::default()
    };
    let responder = ResponderConfig {
        local: EndAddress::default(),
        ..ResponderConfig::default()
    };
    let mut pair = Pair::with(config, responder);
    pair.run();
    let (calling, called) = established(&pair);
    assert_eq!(
        (&calling.peer, &called.peer),
        (&EndAddress::default(), &EndAddress::default())
    );
}

#[test]
fn carries_pdus_of_every_size_both_ways_in_pieces_of_every_size() {
    for piece in [0, 1, 2, 7, 100, 1021] {
        let config = InitiatorConfig {
            tpdu_size: TpduSize(7),
            ..InitiatorConfig::default()
        };
        let mut pair = Pair::with(config, ResponderConfig::default());
        pair.piece = piece;
        pair.run();
        let pdus: Vec<Vec<u8>> = [0, 1, 100, 112, 125, 128, 1000, 70_000]
            .map(|size| vec![0x42; size])
            .to_vec();
        for pdu in &pdus {
            pair.initiator.send_mms(pdu).unwrap();
            pair.responder.send_mms(pdu).unwrap();
        }
        pair.run();
        assert_eq!(pair.received_by_responder(), pdus, "pieces of {piece}");
        assert_eq!(pair.received_by_initiator(), pdus, "pieces of {piece}");
    }
}

#[test]
fn no_data_tpdu_exceeds_the_negotiated_size() {
    let config = InitiatorConfig {
        tpdu_size: TpduSize(7),
        ..InitiatorConfig::default()
    };
    let mut pair = Pair::with(config, ResponderConfig::default());
    pair.run();
    pair.initiator.send_mms(&[0; 5000]).unwrap();
    let mut count = 0;
    while let Some(packet) = pair.initiator.poll_transmit() {
        assert!(packet.len() <= 4 + 128);
        count += 1;
    }
    assert!(count >= 40);
}

#[test]
fn sends_nothing_above_a_connection_that_does_not_stand() {
    let mut pair = Pair::new().deciding(Decision::Ponder);
    assert_eq!(pair.initiator.send_mms(&[1]), Err(NotEstablished));
    pair.run();
    assert_eq!(pair.initiator.send_mms(&[1]), Err(NotEstablished));
    assert_eq!(pair.responder.send_mms(&[1]), Err(NotEstablished));
}

#[test]
fn takes_requests_that_come_together_with_the_connection() {
    // A client that does not wait: CR, CONNECT and a request in one piece.
    let mut pair = Pair::new();
    pair.run();
    let request = Pdu::request(1, Request::Identify).encode();
    pair.initiator.send_mms(&request).unwrap();
    pair.run();
    let all = pair.carried[0].clone();
    let mut late = Pair::new();
    late.responder.handle_input(&all, late.now);
    late.decide();
    assert_eq!(late.received_by_responder(), [request]);
}

#[test]
fn an_answer_of_the_owners_making_is_sent_as_it_is() {
    let mut answer = client_proposal();
    answer.max_outstanding_calling = 99;
    let mut pair = Pair::new().deciding(Decision::AcceptWith(Box::new(answer.clone())));
    pair.run();
    assert_eq!(established(&pair).0.answer, answer);
}
