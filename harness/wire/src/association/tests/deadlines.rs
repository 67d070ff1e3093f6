use super::pair::{Decision, Pair};
use crate::association::{
    Deadlines, Ending, InitiatorConfig, InitiatorEvent, Phase, ReleaseWay, Released, Responder,
    ResponderConfig, Time,
};

fn pair() -> Pair {
    let deadlines = Deadlines {
        transport: Time::from_millis(10),
        association: Time::from_millis(20),
        conclude: Time::from_millis(30),
        release: Time::from_millis(40),
        close: Time::from_millis(50),
    };
    Pair::with(
        InitiatorConfig {
            deadlines,
            ..InitiatorConfig::default()
        },
        ResponderConfig::default(),
    )
}

fn timed_out(pair: &mut Pair, phase: Phase, millis: u64) {
    let after = Time::from_millis(millis);
    let at = pair.now + after;
    assert_eq!(pair.initiator.poll_timeout(), Some(at));
    pair.initiator.handle_timeout(at - Time::from_nanos(1));
    assert_eq!(pair.initiator.poll_event(), None);
    pair.initiator.handle_timeout(at);
    let ending = Ending::TimedOut { phase, after };
    assert_eq!(
        pair.initiator.poll_event(),
        Some(InitiatorEvent::Ended(ending))
    );
    assert_eq!(pair.initiator.poll_timeout(), None);
}

#[test]
fn transport_association_conclude_and_release_each_have_a_deadline() {
    let mut silent = pair().deciding(Decision::Ponder);
    silent.run();
    timed_out(&mut silent, Phase::Transport, 10);

    let mut connected = pair().deciding(Decision::Ponder);
    connected.run();
    connected.now += Time::from_millis(5);
    connected.responder.accept_transport(connected.now);
    connected.run();
    timed_out(&mut connected, Phase::Association, 20);

    for (conclude, phase, millis) in [(true, Phase::Conclude, 30), (false, Phase::Release, 40)] {
        let mut pair = pair();
        pair.run();
        pair.initiator.release(
            ReleaseWay {
                conclude,
                session: true,
            },
            pair.now,
        );
        timed_out(&mut pair, phase, millis);
    }
}

#[test]
fn a_peer_that_concluded_and_does_not_close_is_closed() {
    let config = ResponderConfig {
        close: Time::from_millis(70),
        ..ResponderConfig::default()
    };
    let mut pair = Pair::with(InitiatorConfig::default(), config);
    pair.run();
    pair.initiator.release(
        ReleaseWay {
            conclude: true,
            session: false,
        },
        pair.now,
    );
    pair.run();
    assert_eq!(
        pair.responder.poll_timeout(),
        Some(pair.now + Time::from_millis(70))
    );
    pair.pass_time();
    let released = Released {
        conclude: true,
        session: false,
        local: false,
    };
    assert_eq!(pair.responder_ending(), Some(&Ending::Released(released)));
}

#[test]
fn a_peer_that_never_connects_is_given_up() {
    let config = ResponderConfig {
        establish: Time::from_secs(3),
        ..ResponderConfig::default()
    };
    // Nothing at all, a CR and nothing more: the time is one for both.
    let mut nothing = Pair::with(InitiatorConfig::default(), config.clone());
    nothing
        .responder
        .handle_timeout(nothing.now + Time::from_secs(3));
    nothing.run();
    let after = Time::from_secs(3);
    assert_eq!(
        nothing.responder_ending(),
        Some(&Ending::TimedOut {
            phase: Phase::Transport,
            after
        })
    );

    let mut connected = Pair::with(InitiatorConfig::default(), config);
    let request = connected.initiator.poll_transmit().unwrap();
    connected
        .responder
        .handle_input(&request, connected.now + Time::from_secs(2));
    connected
        .responder
        .accept_transport(connected.now + Time::from_secs(2));
    connected
        .responder
        .handle_timeout(connected.now + Time::from_secs(3));
    let events: Vec<_> = core::iter::from_fn(|| connected.responder.poll_event()).collect();
    let ending = Ending::TimedOut {
        phase: Phase::Association,
        after,
    };
    assert_eq!(
        events.last(),
        Some(&crate::association::ResponderEvent::Ended(ending))
    );
}

#[test]
fn an_established_association_waits_for_ever() {
    let mut pair = pair();
    pair.run();
    pair.now += Time::from_secs(1_000_000);
    pair.initiator.handle_timeout(pair.now);
    pair.responder.handle_timeout(pair.now);
    pair.run();
    assert_eq!(
        (pair.initiator_ending(), pair.responder_ending()),
        (None, None)
    );
}

#[test]
fn a_deadline_beyond_all_time_does_not_overflow() {
    let deadlines = Deadlines {
        transport: Time::MAX,
        ..Deadlines::default()
    };
    let config = InitiatorConfig {
        deadlines,
        ..InitiatorConfig::default()
    };
    let pair = Pair::with(
        config,
        ResponderConfig {
            establish: Time::MAX,
            ..ResponderConfig::default()
        },
    );
    assert_eq!(pair.initiator.poll_timeout(), Some(Time::MAX));
}

#[test]
fn a_deadline_is_due_at_its_time_and_not_before() {
    let config = ResponderConfig {
        establish: Time::from_secs(3),
        ..ResponderConfig::default()
    };
    let start = Time::from_secs(1);
    let mut responder = Responder::new(config, start);
    responder.handle_timeout(Time::from_millis(3999));
    assert_eq!(responder.phase(), Phase::Transport);
    responder.handle_timeout(Time::from_secs(4));
    assert_eq!(responder.phase(), Phase::Ended);
}
