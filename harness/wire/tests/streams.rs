//! Streams: whatever the pieces in which octets come, the same packets, messages and events come out; and a part of a
//! valid stream waits for more, it is never an error.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

#[allow(dead_code, reason = "the strategies are shared with other tests")]
mod strategies;

use iedassay_wire::WireError;
use iedassay_wire::association::{
    Initiator, InitiatorConfig, InitiatorEvent, ReleaseWay, Responder, ResponderConfig,
    ResponderEvent, Time,
};
use iedassay_wire::cotp::{Reassembler, Tpdu, segments};
use iedassay_wire::tpkt::{self, Deframer};
use proptest::collection::vec;
use proptest::prelude::*;

/// A stream in pieces of the sizes given, over and over.
fn pieces<'a>(stream: &'a [u8], sizes: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = stream;
    sizes.iter().cycle().map_while(move |size| {
        let (piece, more) = rest.split_at((*size).max(1).min(rest.len()));
        rest = more;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The packets in a stream that comes in pieces of the sizes given, over and over.
fn packets(stream: &[u8], sizes: &[usize]) -> (Vec<Vec<u8>>, Option<WireError>) {
    let mut deframer = Deframer::new();
    let mut packets = Vec::new();
    for piece in pieces(stream, sizes) {
        deframer.push(piece);
        loop {
            match deframer.next_packet() {
                Ok(Some(packet)) => packets.push(packet.to_vec()),
                Ok(None) => break,
                Err(error) => return (packets, Some(error)),
            }
        }
    }
    (packets, None)
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    vec(prop_oneof![4 => 1usize..20, 1 => 1usize..2000], 1..8)
}

/// Both ends of one association with requests, answers and a release: each direction as one stream, and how much of the
/// second the calling end had when the association stood.
fn conversation(requests: &[Vec<u8>]) -> ([Vec<u8>; 2], usize) {
    let now = Time::from_secs(1);
    let mut calling = Initiator::new(InitiatorConfig::default(), now);
    let mut called = Responder::new(ResponderConfig::default(), now);
    let mut streams = [Vec::new(), Vec::new()];
    let mut established = 0;
    for _ in 0..20 {
        while let Some(packet) = calling.poll_transmit() {
            called.handle_input(&packet, now);
            streams[0].extend(packet);
        }
        while let Some(event) = called.poll_event() {
            answer(&mut called, &event, now);
        }
        while let Some(packet) = called.poll_transmit() {
            calling.handle_input(&packet, now);
            streams[1].extend(packet);
        }
        while let Some(event) = calling.poll_event() {
            if let InitiatorEvent::Established(_) = event {
                established = streams[1].len();
                for request in requests {
                    calling.send_mms(request).unwrap();
                }
                calling.release(ReleaseWay::default(), now);
            }
        }
    }
    (streams, established)
}

fn answer(called: &mut Responder, event: &ResponderEvent, now: Time) {
    match event {
        ResponderEvent::Transport(_) => called.accept_transport(now),
        ResponderEvent::Associate(_) => called.accept(now),
        ResponderEvent::Conclude => called.answer_conclude(Ok(()), now),
        ResponderEvent::Mms(pdu) => called.send_mms(pdu).unwrap(),
        ResponderEvent::Established(_) | ResponderEvent::Ended(_) => {}
    }
}

/// Events of the called end, and what it sends, from a stream in pieces.
fn called_sees(stream: &[u8], sizes: &[usize]) -> (Vec<ResponderEvent>, Vec<u8>) {
    let now = Time::from_secs(1);
    let mut called = Responder::new(ResponderConfig::default(), now);
    let (mut events, mut sent) = (Vec::new(), Vec::new());
    for piece in pieces(stream, sizes) {
        called.handle_input(piece, now);
        while let Some(event) = called.poll_event() {
            answer(&mut called, &event, now);
            events.push(event);
        }
        while let Some(packet) = called.poll_transmit() {
            sent.extend(packet);
        }
    }
    (events, sent)
}

/// Events of the calling end from a stream in pieces; it releases once the association stands.
fn calling_sees(stream: &[u8], established: usize, sizes: &[usize]) -> Vec<InitiatorEvent> {
    let now = Time::from_secs(1);
    let mut calling = Initiator::new(InitiatorConfig::default(), now);
    let mut events = Vec::new();
    let (first, second) = stream.split_at(established.min(stream.len()));
    for part in [first, second] {
        for piece in pieces(part, sizes) {
            calling.handle_input(piece, now);
            events.extend(core::iter::from_fn(|| calling.poll_event()));
            while calling.poll_transmit().is_some() {}
        }
        if matches!(events.as_slice(), [InitiatorEvent::Established(_)]) {
            calling.release(ReleaseWay::default(), now);
        }
    }
    events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_pieces_give_the_same_packets(
        tpdus in vec(strategies::osi::tpdu(), 0..6),
        sizes in sizes(),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole: Vec<Vec<u8>> = tpdus
            .iter()
            .filter_map(|tpdu| tpkt::encode(&tpdu.encode().ok()?).ok())
            .filter(|packet| tpkt::packet_length(packet).is_ok())
            .collect();
        let stream = whole.concat();
        prop_assert_eq!(packets(&stream, &sizes), (whole.clone(), None));
        // A part gives the packets that are whole in it, and waits.
        let part = &stream[..cut.index(stream.len() + 1)];
        let (seen, error) = packets(part, &sizes);
        prop_assert_eq!(error, None);
        prop_assert!(whole.starts_with(&seen));
        let octets: usize = seen.iter().map(Vec::len).sum();
        let next = whole.get(seen.len()).map_or(usize::MAX, Vec::len);
        prop_assert!(part.len() - octets < next);
    }

    #[test]
    fn any_tpdu_size_gives_the_same_message(message in vec(any::<u8>(), 0..3000), size in 128usize..1100) {
        let mut joined = Reassembler::new(message.len());
        let mut seen = Vec::new();
        for data in segments(&message, size) {
            let octets = Tpdu::Data(data).encode().unwrap();
            prop_assert!(octets.len() <= size);
            let Tpdu::Data(data) = Tpdu::decode(&octets).unwrap() else { panic!("kind") };
            seen.extend(joined.push(&data).unwrap());
        }
        prop_assert_eq!(seen, [message]);
    }

    #[test]
    fn any_pieces_give_the_same_events_at_both_ends(
        requests in vec(strategies::request(), 0..4),
        sizes in sizes(),
        cut in any::<prop::sample::Index>(),
    ) {
        let requests: Vec<Vec<u8>> = (1..)
            .zip(requests)
            .map(|(id, request)| iedassay_wire::mms::Pdu::request(id, request).encode())
            .collect();
        let ([to_called, to_calling], established) = conversation(&requests);
        let whole = called_sees(&to_called, &[usize::MAX]);
        prop_assert_eq!(&called_sees(&to_called, &sizes), &whole);
        let seen: Vec<&Vec<u8>> = whole.0.iter().filter_map(|event| match event {
            ResponderEvent::Mms(pdu) => Some(pdu),
            _ => None,
        }).collect();
        prop_assert_eq!(seen, requests.iter().collect::<Vec<_>>());
        // A part of the stream gives the first of the events, and no end.
        let part = called_sees(&to_called[..cut.index(to_called.len())], &sizes);
        prop_assert!(whole.0.starts_with(&part.0));
        prop_assert!(whole.1.starts_with(&part.1));

        let whole = calling_sees(&to_calling, established, &[usize::MAX]);
        prop_assert_eq!(&calling_sees(&to_calling, established, &sizes), &whole);
        let part = calling_sees(&to_calling[..cut.index(to_calling.len())], established, &sizes);
        prop_assert!(whole.starts_with(&part));
        let seen: Vec<&Vec<u8>> = whole.iter().filter_map(|event| match event {
            InitiatorEvent::Mms(pdu) => Some(pdu),
            _ => None,
        }).collect();
        prop_assert_eq!(seen, requests.iter().collect::<Vec<_>>());
    }
}
