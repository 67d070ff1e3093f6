//! Promises of the state machines: they end, they answer in whole packets, they keep their bounds.

use crate::association::{
    Initiator, InitiatorConfig, InitiatorEvent, ReleaseWay, Responder, ResponderConfig,
    ResponderEvent, Time,
};
use crate::fuzzing::codec::check;
use crate::tpkt::packet_length;

/// Octets that a peer may make a machine send for each octet that it sends, and to begin with.
const ANSWER: usize = 4096;

/// A responder whose owner says yes to everything, fed with pieces of the input. The first octet is
/// the size of the pieces.
pub fn responder(input: &[u8]) {
    let Some((&piece, stream)) = input.split_first() else {
        return;
    };
    let mut now = Time::from_secs(1);
    let mut machine = Responder::new(ResponderConfig::default(), now);
    let mut sent = 0_usize;
    let mut ended = false;
    for chunk in stream.chunks(usize::from(piece).max(1)) {
        machine.handle_input(chunk, now);
        ended |= responder_events(&mut machine, now, stream);
        sent = sent.saturating_add(transmitted(|| machine.poll_transmit()));
        assert!(sent <= bound(stream), "{sent} octets in answer");
        now = now.saturating_add(Time::from_millis(1));
    }
    // Silence ends whatever is not established, and the end of the stream everything.
    for _ in 0..8 {
        if let Some(at) = machine.poll_timeout() {
            now = now.max(at);
            machine.handle_timeout(now);
            ended |= responder_events(&mut machine, now, stream);
            let _ = transmitted(|| machine.poll_transmit());
        }
    }
    machine.handle_eof(now);
    ended |= responder_events(&mut machine, now, stream);
    assert!(ended, "the end of the stream did not end it");
    assert_eq!(machine.poll_timeout(), None, "a deadline after the end");
}

fn responder_events(machine: &mut Responder, now: Time, stream: &[u8]) -> bool {
    let mut ended = false;
    // Each answer may bring the next event out of input that waited.
    while let Some(event) = machine.poll_event() {
        assert!(!ended, "{event:?} after the end");
        match event {
            ResponderEvent::Transport(_) => machine.accept_transport(now),
            ResponderEvent::Associate(_) => machine.accept(now),
            ResponderEvent::Conclude => machine.answer_conclude(Ok(()), now),
            ResponderEvent::Mms(pdu) => {
                assert!(pdu.len() <= stream.len());
                // An echo is as good an answer as any.
                let _ = machine.send_mms(&pdu);
            }
            ResponderEvent::Established(_) => {}
            ResponderEvent::Ended(ending) => {
                assert!(!ending.to_string().is_empty());
                ended = true;
            }
        }
    }
    ended
}

/// An initiator fed with pieces of the input. The first octet is the size of the pieces; in the
/// second, bit 0 asks for a release after half of them.
pub fn initiator(input: &[u8]) {
    let [piece, orders, stream @ ..] = input else {
        return;
    };
    let mut now = Time::from_secs(1);
    let mut machine = Initiator::new(InitiatorConfig::default(), now);
    let mut sent = transmitted(|| machine.poll_transmit());
    let mut ended = false;
    let mut fed = 0_usize;
    for chunk in stream.chunks(usize::from(*piece).max(1)) {
        machine.handle_input(chunk, now);
        ended |= initiator_events(&mut machine, ended);
        fed = fed.saturating_add(chunk.len());
        if orders & 1 != 0 && fed > stream.len() / 2 && !ended {
            machine.release(ReleaseWay::default(), now);
            ended |= initiator_events(&mut machine, ended);
        }
        sent = sent.saturating_add(transmitted(|| machine.poll_transmit()));
        assert!(sent <= bound(stream), "{sent} octets in answer");
        now = now.saturating_add(Time::from_millis(1));
    }
    for _ in 0..8 {
        if let Some(at) = machine.poll_timeout() {
            now = now.max(at);
            machine.handle_timeout(now);
            ended |= initiator_events(&mut machine, ended);
            let _ = transmitted(|| machine.poll_transmit());
        }
    }
    machine.handle_eof(now);
    ended |= initiator_events(&mut machine, ended);
    assert!(ended, "the end of the stream did not end it");
    assert_eq!(machine.poll_timeout(), None, "a deadline after the end");
}

fn initiator_events(machine: &mut Initiator, mut ended: bool) -> bool {
    while let Some(event) = machine.poll_event() {
        assert!(!ended, "{event:?} after the end");
        if let InitiatorEvent::Ended(ending) = event {
            assert!(!ending.to_string().is_empty());
            ended = true;
        }
    }
    ended
}

/// Both ends on one wire that tampers: the input is a list of four octets each, the place, the kind,
/// and the value of a change to what the initiator sends.
pub fn tampered_pair(input: &[u8]) {
    let mut now = Time::from_secs(1);
    let mut calling = Initiator::new(InitiatorConfig::default(), now);
    let mut called = Responder::new(ResponderConfig::default(), now);
    let mut changes = input.chunks_exact(4);
    let (mut calling_ended, mut called_ended) = (false, false);
    for _ in 0..16 {
        while let Some(mut packet) = calling.poll_transmit() {
            if let Some(&[high, low, kind, value]) = changes.next() {
                tamper(&mut packet, u16::from_be_bytes([high, low]), kind, value);
            }
            called.handle_input(&packet, now);
            if !called_ended {
                called_ended = responder_events(&mut called, now, &[0; 65536]);
            }
        }
        while let Some(packet) = called.poll_transmit() {
            calling.handle_input(&packet, now);
        }
        calling_ended |= initiator_events(&mut calling, calling_ended);
        let deadlines = [calling.poll_timeout(), called.poll_timeout()];
        let Some(next) = deadlines.into_iter().flatten().min() else {
            break;
        };
        now = now.max(next);
        calling.handle_timeout(now);
        called.handle_timeout(now);
    }
    calling.handle_eof(now);
    called.handle_eof(now);
    calling_ended |= initiator_events(&mut calling, calling_ended);
    assert!(calling_ended, "the calling end did not end");
    if !called_ended {
        called_ended = responder_events(&mut called, now, &[0; 65536]);
    }
    assert!(called_ended, "the called end did not end");
}

fn tamper(packet: &mut Vec<u8>, place: u16, kind: u8, value: u8) {
    let Some(at) = usize::from(place).checked_rem(packet.len()) else {
        return;
    };
    match kind & 3 {
        0 => {}
        1 => {
            if let Some(octet) = packet.get_mut(at) {
                *octet = value;
            }
        }
        2 => packet.truncate(at),
        _ => packet.insert(at, value),
    }
}

/// Takes out what is to be sent, which must be whole packets; tells how many octets.
fn transmitted(mut poll: impl FnMut() -> Option<Vec<u8>>) -> usize {
    let mut octets = 0_usize;
    while let Some(packet) = poll() {
        match packet_length(&packet) {
            Ok(length) => assert_eq!(length, Some(packet.len()), "not one whole packet"),
            Err(error) => {
                check(error, &packet);
                assert!(packet.is_empty(), "not a packet: {error}");
            }
        }
        octets = octets.saturating_add(packet.len());
    }
    octets
}

/// Octets that may be sent in answer to a stream: an echo of it in the smallest TPDUs, and answers.
fn bound(stream: &[u8]) -> usize {
    stream.len().saturating_mul(8).saturating_add(ANSWER)
}
