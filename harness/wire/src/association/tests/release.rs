use super::pair::Pair;
use crate::acse::AbortSource;
use crate::association::{
    Abort, ConcludeRefusal, Ending, InitiatorEvent, Phase, ReleaseWay, Released, ResponderEvent,
};
use crate::mms::{ErrorCode, Pdu};

const BOTH: ReleaseWay = ReleaseWay {
    conclude: true,
    session: true,
};

#[test]
fn releases_in_each_way() {
    for (conclude, session) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut pair = Pair::new();
        pair.run();
        pair.initiator
            .release(ReleaseWay { conclude, session }, pair.now);
        pair.run_to_close();
        let released = Released {
            conclude,
            session,
            local: true,
        };
        assert_eq!(pair.initiator_ending(), Some(&Ending::Released(released)));
        let theirs = if conclude || session {
            Ending::Released(Released {
                local: false,
                ..released
            })
        } else {
            Ending::Closed(Phase::Established)
        };
        assert_eq!(
            pair.responder_ending(),
            Some(&theirs),
            "conclude {conclude}, session {session}"
        );
    }
}

#[test]
fn a_peer_that_closes_after_conclude_has_released() {
    let mut pair = Pair::new();
    pair.run();
    pair.initiator.release(BOTH, pair.now);
    while let Some(packet) = pair.initiator.poll_transmit() {
        pair.responder.handle_input(&packet, pair.now);
    }
    pair.responder.answer_conclude(Ok(()), pair.now);
    while let Some(packet) = pair.responder.poll_transmit() {
        pair.initiator.handle_input(&packet, pair.now);
    }
    assert_eq!(pair.initiator.phase(), Phase::Release);
    pair.initiator.handle_eof(pair.now);
    pair.run();
    let released = Released {
        conclude: true,
        session: false,
        local: true,
    };
    assert_eq!(pair.initiator_ending(), Some(&Ending::Released(released)));
}

#[test]
fn goes_on_when_conclude_is_refused() {
    let mut pair = Pair::new();
    pair.conclude = Err(ErrorCode::FURTHER_COMMUNICATION_REQUIRED.into());
    pair.run();
    pair.initiator.release(BOTH, pair.now);
    pair.run();
    let refusal = ConcludeRefusal::Error(ErrorCode::FURTHER_COMMUNICATION_REQUIRED.into());
    assert_eq!(
        pair.initiator_events.last(),
        Some(&InitiatorEvent::ConcludeRefused(refusal))
    );
    assert_eq!(pair.initiator.phase(), Phase::Established);
    assert_eq!(pair.responder.phase(), Phase::Established);
    pair.conclude = Ok(());
    pair.initiator.release(BOTH, pair.now);
    pair.run_to_close();
    assert!(matches!(pair.initiator_ending(), Some(Ending::Released(_))));
}

#[test]
fn delivers_what_comes_before_the_answer_to_conclude() {
    let mut pair = Pair::new();
    pair.run();
    pair.initiator.release(BOTH, pair.now);
    pair.responder.send_mms(&[0xa3, 0]).unwrap();
    pair.run();
    assert_eq!(pair.received_by_initiator(), [[0xa3, 0]]);
    assert!(matches!(pair.initiator_ending(), Some(Ending::Released(_))));
}

#[test]
fn answers_a_peer_that_concludes() {
    let mut pair = Pair::new();
    pair.run();
    pair.responder
        .send_mms(&Pdu::ConcludeRequest.encode())
        .unwrap();
    while let Some(packet) = pair.responder.poll_transmit() {
        pair.initiator.handle_input(&packet, pair.now);
    }
    assert_eq!(pair.initiator.phase(), Phase::Close);
    pair.initiator.handle_eof(pair.now);
    let released = Released {
        conclude: true,
        session: false,
        local: false,
    };
    assert_eq!(
        pair.initiator.poll_event(),
        Some(InitiatorEvent::Ended(Ending::Released(released)))
    );
}

#[test]
fn aborts_from_each_side_in_each_phase() {
    let by_user = Ending::AbortedByPeer(Abort::Acse {
        source: Some(AbortSource::USER),
        diagnostic: None,
    });
    let mut pair = Pair::new();
    pair.run();
    pair.initiator.abort(pair.now);
    pair.run();
    assert_eq!(pair.initiator_ending(), Some(&Ending::AbortedLocally));
    assert_eq!(pair.responder_ending(), Some(&by_user));

    let mut pair = Pair::new();
    pair.run();
    pair.responder.abort(pair.now);
    pair.run();
    assert_eq!(pair.responder_ending(), Some(&Ending::AbortedLocally));
    assert_eq!(pair.initiator_ending(), Some(&by_user));

    // Before the transport stands there is nobody to tell.
    let mut pair = Pair::new();
    while pair.initiator.poll_transmit().is_some() {}
    pair.initiator.abort(pair.now);
    assert_eq!(pair.initiator.poll_transmit(), None);
    assert_eq!(
        pair.initiator.poll_event(),
        Some(InitiatorEvent::Ended(Ending::AbortedLocally))
    );
}

#[test]
fn a_release_before_the_association_is_an_abort() {
    let mut pair = Pair::new();
    pair.initiator.release(BOTH, pair.now);
    pair.run();
    assert_eq!(pair.initiator_ending(), Some(&Ending::AbortedLocally));
}

#[test]
fn a_closed_stream_tells_the_phase() {
    let mut pair = Pair::new();
    pair.initiator.handle_eof(pair.now);
    pair.run();
    assert_eq!(
        pair.initiator_ending(),
        Some(&Ending::Closed(Phase::Transport))
    );

    let mut pair = Pair::new();
    pair.run();
    pair.initiator.handle_eof(pair.now);
    pair.responder.handle_eof(pair.now);
    pair.run();
    assert_eq!(
        pair.initiator_ending(),
        Some(&Ending::Closed(Phase::Established))
    );
    assert_eq!(
        pair.responder_ending(),
        Some(&Ending::Closed(Phase::Established))
    );
}

#[test]
fn nothing_happens_after_the_end() {
    let mut pair = Pair::new();
    pair.run();
    pair.initiator.abort(pair.now);
    pair.run();
    let (calling, called) = (pair.initiator_events.len(), pair.responder_events.len());
    pair.initiator
        .handle_input(&[3, 0, 0, 7, 2, 0xf0, 0x80], pair.now);
    pair.initiator.send_raw(vec![1]);
    pair.initiator.abort(pair.now);
    pair.initiator.release(BOTH, pair.now);
    pair.initiator.handle_eof(pair.now);
    pair.responder.handle_eof(pair.now);
    pair.responder.abort(pair.now);
    pair.responder.accept(pair.now);
    pair.run();
    assert_eq!(
        (pair.initiator_events.len(), pair.responder_events.len()),
        (calling, called)
    );
    assert!(
        !pair
            .responder_events
            .iter()
            .any(|event| matches!(event, ResponderEvent::Conclude))
    );
}
