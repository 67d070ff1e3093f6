//! What is valid in itself and comes at the wrong moment, or says little: how each end takes it, and what it tells the other.

use super::pair::{Decision, Pair};
use crate::association::{
    Abort, ConcludeRefusal, Ending, Initiator, InitiatorConfig, InitiatorEvent, Phase, ReleaseWay,
    Released, Responder, ResponderConfig, ResponderEvent, Time, out_of_phase,
};
use crate::cotp::{
    Connect, DisconnectReason, DisconnectRequest, Parameters, RejectCause, Tpdu, TpduError,
};
use crate::error::Layer;
use crate::mms::{ErrorCode, Pdu, Reject, RejectReason, ServiceError};
use crate::tpkt;

const CONCLUDE: ReleaseWay = ReleaseWay {
    conclude: true,
    session: true,
};

fn packet(tpdu: &Tpdu<'_>) -> Vec<u8> {
    tpkt::encode(&tpdu.encode().unwrap()).unwrap()
}

fn tsdu(octets: &[u8]) -> Vec<u8> {
    let mut tpdu = vec![2, 0xf0, 0x80];
    tpdu.extend_from_slice(octets);
    tpkt::encode(&tpdu).unwrap()
}

fn dr() -> Vec<u8> {
    packet(&Tpdu::DisconnectRequest(DisconnectRequest {
        destination: 1,
        source: 1,
        reason: DisconnectReason::NORMAL,
        parameters: Parameters::default(),
    }))
}

fn er() -> Vec<u8> {
    packet(&Tpdu::Error(TpduError {
        destination: 1,
        cause: RejectCause::TPDU_TYPE,
        parameters: Parameters::default(),
    }))
}

fn cc() -> Vec<u8> {
    packet(&Tpdu::ConnectConfirm(Connect::default()))
}

fn established() -> Pair {
    let mut pair = Pair::new();
    pair.run();
    pair
}

/// An initiator that waits for CC.
fn calling() -> Pair {
    let mut pair = Pair::new().deciding(Decision::Ponder);
    while pair.initiator.poll_transmit().is_some() {}
    pair
}

/// Hands octets to the initiator; the last thing that it tells, and what it sends.
fn to_initiator(pair: &mut Pair, octets: &[u8]) -> (Option<InitiatorEvent>, Vec<u8>) {
    pair.initiator.handle_input(octets, pair.now);
    let last = core::iter::from_fn(|| pair.initiator.poll_event()).last();
    let sent = core::iter::from_fn(|| pair.initiator.poll_transmit()).flatten();
    (last, sent.collect())
}

fn to_responder(pair: &mut Pair, octets: &[u8]) -> (Option<ResponderEvent>, Vec<u8>) {
    pair.responder.handle_input(octets, pair.now);
    let last = core::iter::from_fn(|| pair.responder.poll_event()).last();
    let sent = core::iter::from_fn(|| pair.responder.poll_transmit()).flatten();
    (last, sent.collect())
}

fn invalid(ending: &Ending, layer: Layer) {
    let Ending::Invalid(error) = ending else {
        panic!("{ending:?}")
    };
    assert_eq!(error.layer, layer);
    assert!(out_of_phase(error), "{error}");
}

fn initiator_invalid(told: &(Option<InitiatorEvent>, Vec<u8>), layer: Layer, aborts: bool) {
    let Some(InitiatorEvent::Ended(ending)) = &told.0 else {
        panic!("{told:?}")
    };
    invalid(ending, layer);
    // ARP with its reason: the provider aborts.
    assert_eq!(!told.1.is_empty(), aborts, "{told:?}");
}

#[test]
fn an_initiator_without_a_connection_takes_cc_dr_and_er_alone() {
    use crate::association::Refusal;
    let refused = |refusal| Some(InitiatorEvent::Ended(Ending::Refused(refusal)));
    assert_eq!(
        to_initiator(&mut calling(), &er()),
        (
            refused(Refusal::TransportError(RejectCause::TPDU_TYPE)),
            vec![]
        )
    );
    assert_eq!(
        to_initiator(&mut calling(), &dr()),
        (
            refused(Refusal::Transport(DisconnectReason::NORMAL)),
            vec![]
        )
    );
    // FINISH: there is no session that could be aborted.
    let told = to_initiator(&mut calling(), &tsdu(&[9, 0]));
    initiator_invalid(&told, Layer::Cotp, false);
}

#[test]
fn an_initiator_with_a_connection_takes_dr_and_er_as_aborts_and_no_second_cc() {
    let aborted = |abort| Some(InitiatorEvent::Ended(Ending::AbortedByPeer(abort)));
    assert_eq!(
        to_initiator(&mut established(), &er()),
        (
            aborted(Abort::TransportError(RejectCause::TPDU_TYPE)),
            vec![]
        )
    );
    assert_eq!(
        to_initiator(&mut established(), &dr()),
        (aborted(Abort::Transport(DisconnectReason::NORMAL)), vec![])
    );
    initiator_invalid(&to_initiator(&mut established(), &cc()), Layer::Cotp, false);
}

#[test]
fn spdus_without_a_place_are_told_to_the_peer() {
    // DISCONNECT that nobody asked for, and ABORT ACCEPT.
    for octets in [[10, 0], [26, 0]] {
        let told = to_initiator(&mut established(), &tsdu(&octets));
        initiator_invalid(&told, Layer::Session, true);
        let told = to_responder(&mut established(), &tsdu(&octets));
        let (Some(ResponderEvent::Ended(ending)), sent) = &told else {
            panic!("{told:?}")
        };
        invalid(ending, Layer::Session);
        assert!(!sent.is_empty());
    }
    // Another protocol: there is nobody who would understand an ABORT.
    let (told, sent) = to_initiator(&mut established(), b"HTTP/1.1");
    assert!(
        matches!(told, Some(InitiatorEvent::Ended(Ending::Invalid(error))) if error.layer == Layer::Tpkt)
    );
    assert!(sent.is_empty());
    let (told, sent) = to_responder(&mut established(), b"GET / HTTP/1.1");
    assert!(
        matches!(told, Some(ResponderEvent::Ended(Ending::Invalid(error))) if error.layer == Layer::Tpkt)
    );
    assert!(sent.is_empty());
}

#[test]
fn pdus_of_initiate_and_conclude_have_one_place_each() {
    let further = ServiceError::from(ErrorCode::FURTHER_COMMUNICATION_REQUIRED);
    for pdu in [
        Pdu::InitiateResponse(crate::association::server_limits()),
        Pdu::InitiateRequest(crate::association::client_proposal()),
        Pdu::InitiateError(further.clone()),
        Pdu::ConcludeResponse,
        Pdu::ConcludeError(further),
    ] {
        let mut pair = established();
        pair.responder.send_mms(&pdu.encode()).unwrap();
        pair.run();
        let Some(ending) = pair.initiator_ending() else {
            panic!("{pdu}")
        };
        invalid(ending, Layer::Mms);
    }
}

#[test]
fn a_reject_is_about_conclude_only_when_it_says_so() {
    let reject = |reason, id| {
        Pdu::Reject(Reject {
            original_invoke_id: id,
            reason,
        })
        .encode()
    };
    let refusal = RejectReason::CONCLUDE_REQUEST_INVALID_ARGUMENT;
    let other = RejectReason::REQUEST_UNRECOGNIZED_SERVICE;
    let mut pair = established();
    // Nobody concludes: whatever it says, it is for the owner.
    for pdu in [reject(refusal, None), reject(other, Some(1))] {
        pair.responder.send_mms(&pdu).unwrap();
        pair.run();
        assert_eq!(
            pair.initiator_events.last(),
            Some(&InitiatorEvent::Mms(pdu))
        );
    }
    pair.initiator.release(CONCLUDE, pair.now);
    let answer = reject(other, Some(1));
    pair.responder.send_mms(&answer).unwrap();
    while let Some(octets) = pair.responder.poll_transmit() {
        pair.initiator.handle_input(&octets, pair.now);
    }
    assert_eq!(
        pair.initiator.poll_event(),
        Some(InitiatorEvent::Mms(answer))
    );
    assert_eq!(pair.initiator.phase(), Phase::Conclude);
    pair.responder.send_mms(&reject(refusal, None)).unwrap();
    while let Some(octets) = pair.responder.poll_transmit() {
        pair.initiator.handle_input(&octets, pair.now);
    }
    let refused = ConcludeRefusal::Reject(refusal);
    assert_eq!(
        pair.initiator.poll_event(),
        Some(InitiatorEvent::ConcludeRefused(refused))
    );
    assert_eq!(pair.initiator.phase(), Phase::Established);
}

/// An initiator that has sent FINISH.
fn releasing(way: ReleaseWay) -> Pair {
    let mut pair = established();
    pair.initiator.release(way, pair.now);
    while let Some(octets) = pair.initiator.poll_transmit() {
        pair.responder.handle_input(&octets, pair.now);
    }
    if way.conclude {
        pair.responder.answer_conclude(Ok(()), pair.now);
        while let Some(octets) = pair.responder.poll_transmit() {
            pair.initiator.handle_input(&octets, pair.now);
        }
    }
    assert_eq!(pair.initiator.phase(), Phase::Release);
    pair
}

#[test]
fn an_end_of_the_connection_is_a_release_only_after_conclude() {
    let session = ReleaseWay {
        conclude: false,
        session: true,
    };
    let released = Released {
        conclude: true,
        session: false,
        local: true,
    };
    let ended = |ending| Some(InitiatorEvent::Ended(ending));
    for (way, closed, disconnected) in [
        (
            CONCLUDE,
            Ending::Released(released),
            Ending::Released(released),
        ),
        (
            session,
            Ending::Closed(Phase::Release),
            Ending::AbortedByPeer(Abort::Transport(DisconnectReason::NORMAL)),
        ),
    ] {
        let mut pair = releasing(way);
        pair.initiator.handle_eof(pair.now);
        assert_eq!(pair.initiator.poll_event(), ended(closed));
        let mut pair = releasing(way);
        assert_eq!(to_initiator(&mut pair, &dr()).0, ended(disconnected));
    }
}

#[test]
fn a_responder_takes_dr_as_a_release_only_after_conclude() {
    let (told, sent) = to_responder(&mut established(), &dr());
    let abort = Abort::Transport(DisconnectReason::NORMAL);
    assert_eq!(
        told,
        Some(ResponderEvent::Ended(Ending::AbortedByPeer(abort)))
    );
    assert!(sent.is_empty());
    let mut pair = established();
    pair.initiator.release(
        ReleaseWay {
            conclude: true,
            session: false,
        },
        pair.now,
    );
    pair.run();
    assert_eq!(pair.responder.phase(), Phase::Close);
    let released = Released {
        conclude: true,
        session: false,
        local: false,
    };
    assert_eq!(
        to_responder(&mut pair, &dr()).0,
        Some(ResponderEvent::Ended(Ending::Released(released)))
    );
}

#[test]
fn a_responder_wants_a_cr_first() {
    let mut pair = Pair::new();
    let told = to_responder(&mut pair, &tsdu(&[13, 0]));
    let (Some(ResponderEvent::Ended(ending)), sent) = &told else {
        panic!("{told:?}")
    };
    invalid(ending, Layer::Cotp);
    assert!(sent.is_empty());
}

#[test]
fn raw_octets_go_out_as_they_are_until_the_end() {
    let mut pair = established();
    pair.initiator.send_raw(vec![1, 2, 3]);
    assert_eq!(pair.initiator.poll_transmit(), Some(vec![1, 2, 3]));
    pair.responder.send_raw(vec![4]);
    assert_eq!(pair.responder.poll_transmit(), Some(vec![4]));
    pair.initiator.handle_eof(pair.now);
    pair.responder.handle_eof(pair.now);
    pair.initiator.send_raw(vec![1]);
    pair.responder.send_raw(vec![1]);
    assert_eq!(pair.initiator.poll_transmit(), None);
    assert_eq!(pair.responder.poll_transmit(), None);
}

#[test]
fn each_end_knows_its_configuration_and_what_is_unfinished() {
    let config = InitiatorConfig {
        max_tsdu: 4321,
        ..InitiatorConfig::default()
    };
    let now = Time::from_secs(1);
    assert_eq!(Initiator::new(config.clone(), now).config(), &config);
    let config = ResponderConfig {
        max_tsdu: 4321,
        ..ResponderConfig::default()
    };
    let mut responder = Responder::new(config.clone(), now);
    assert_eq!(responder.config(), &config);
    assert_eq!(responder.unfinished(), 0);
    responder.handle_input(&[3, 0, 0, 22, 17], now);
    assert_eq!(responder.unfinished(), 5);
}
