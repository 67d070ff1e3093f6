use iedassay_wire::sntp::{Leap, Message, Mode, NtpTime};
use proptest::prelude::*;

use super::*;

const NOW: Time = Duration::from_secs(1_767_225_600);
const SECOND: Duration = Duration::from_secs(1);

fn clock(servers: usize, faults: &[Fault]) -> Clock {
    let config = TimeConfig {
        servers,
        poll: SECOND,
        not_synchronized_after: 3 * SECOND,
        ..TimeConfig::default()
    };
    Clock::new(config, Arc::new(faults.iter().copied().collect()), NOW)
}

/// The answer of a server whose clock is so far ahead.
fn answer(request: &[u8], now: Time, ahead: i64) -> Message {
    let request = Message::decode(request).unwrap();
    let shown = NtpTime::from_since_epoch(shifted(now, ahead));
    Message {
        version: request.version,
        mode: Mode::SERVER,
        stratum: 1,
        originate: request.transmit,
        receive: shown,
        transmit: shown,
        ..Message::default()
    }
}

/// Asks now and is answered at once; how the clock is ahead afterwards.
fn exchange(clock: &mut Clock, now: Time, edit: impl Fn(&mut Message)) -> i64 {
    let (server, request) = clock.next_request(now).unwrap();
    let mut message = answer(&request, now, 10 * 1_000_000_000);
    edit(&mut message);
    clock.received(server, &message.encode(), now);
    clock.ahead(now)
}

#[test]
fn a_clock_without_servers_is_right_and_asks_nobody() {
    let mut clock = clock(0, &[]);
    assert_eq!(clock.deadline(), None);
    assert_eq!(clock.next_request(NOW), None);
    assert_eq!(
        clock.stamp(NOW),
        UtcTime::from_since_epoch(NOW, TimeQuality(10))
    );
}

#[test]
fn a_good_answer_sets_the_clock_and_ends_the_flag() {
    let mut clock = clock(1, &[]);
    assert_eq!(clock.quality(NOW), TimeQuality(0x20 | 10));
    assert_eq!(exchange(&mut clock, NOW, |_| {}), 10_000_000_000);
    assert_eq!(clock.quality(NOW), TimeQuality(0x80 | 10));
    assert_eq!(clock.read(NOW + SECOND), NOW + 11 * SECOND);
    assert_eq!(clock.quality(NOW + 3 * SECOND), TimeQuality(0x80 | 10));
    let lost = NOW + 3 * SECOND + Duration::from_millis(1);
    assert_eq!(clock.quality(lost), TimeQuality(0xa0 | 10));
    assert_eq!(clock.read(lost), lost + 10 * SECOND, "it runs on");
    clock.restart(lost);
    assert_eq!(clock.quality(lost), TimeQuality(0x20 | 10));
}

#[test]
fn what_is_wrong_with_an_answer_is_seen_unless_a_fault_overlooks_it() {
    type Edit = fn(&mut Message);
    let defects: [(Edit, Fault); 7] = [
        (
            |m| m.originate = NtpTime(m.originate.0 ^ 1),
            Fault::WrongOriginateAccepted,
        ),
        (|m| m.mode = Mode::BROADCAST, Fault::WrongTimeModeAccepted),
        (|m| m.version = 7, Fault::WrongTimeVersionAccepted),
        (
            |m| m.leap = Leap::Unsynchronized,
            Fault::UnsynchronizedServerBelieved,
        ),
        (|m| m.stratum = 0, Fault::KissOfDeathBelieved),
        (|m| m.stratum = 16, Fault::KissOfDeathBelieved),
        (|m| m.transmit = NtpTime::NONE, Fault::ZeroTransmitAccepted),
    ];
    for (edit, fault) in defects {
        let mut good = clock(1, &[]);
        assert_eq!(exchange(&mut good, NOW, edit), 0, "{fault}");
        assert_ne!(good.quality(NOW).0 & 0x20, 0, "{fault}");
        let mut bad = clock(1, &[fault]);
        assert_ne!(exchange(&mut bad, NOW, edit), 0, "{fault}");
    }
    let mut good = clock(1, &[]);
    good.received(0, &[0; 47], NOW);
    good.received(0, &[0; 48], NOW);
    assert_eq!(good.ahead(NOW), 0, "nobody asked");
}

#[test]
fn the_next_server_is_asked_when_one_is_silent_and_the_first_again_in_the_next_period() {
    let mut clock = clock(2, &[]);
    let mut now = NOW;
    let mut asked = Vec::new();
    for _ in 0..6 {
        if let Some((server, _)) = clock.next_request(now) {
            asked.push((now - NOW, server));
        }
        now = clock.deadline().unwrap();
    }
    let third = SECOND / 3;
    assert_eq!(
        asked,
        [
            (Duration::ZERO, 0),
            (third, 1),
            (SECOND, 0),
            (SECOND + third, 1)
        ]
    );
}

#[test]
fn an_answer_of_the_wrong_server_or_a_second_one_is_dropped() {
    let mut clock = clock(2, &[]);
    let (server, request) = clock.next_request(NOW).unwrap();
    let octets = answer(&request, NOW, 7_000_000_000).encode();
    clock.received(1 - server, &octets, NOW);
    assert_eq!(clock.ahead(NOW), 0);
    clock.received(server, &octets, NOW);
    assert_eq!(clock.ahead(NOW), 7_000_000_000);
    clock.received(server, &octets, NOW);
    assert_eq!(clock.ahead(NOW), 7_000_000_000);
}

#[test]
fn a_small_error_is_made_good_evenly() {
    let mut clock = clock(1, &[]);
    exchange(&mut clock, NOW, |m| {
        let shown = NtpTime::from_since_epoch(NOW + Duration::from_millis(100));
        (m.receive, m.transmit) = (shown, shown);
    });
    let shown: Vec<i64> = [0, 250, 1000, 2000]
        .map(|ms| clock.ahead(NOW + Duration::from_millis(ms)) / 1_000_000)
        .to_vec();
    assert_eq!(shown, [0, 25, 100, 100]);
}

#[test]
fn a_clock_follows_into_the_second_era() {
    let in_2040 = Duration::from_secs(2_208_988_800);
    let mut clock = clock(1, &[]);
    exchange(&mut clock, NOW, |m| {
        let shown = NtpTime::from_since_epoch(in_2040);
        (m.receive, m.transmit) = (shown, shown);
    });
    assert_eq!(clock.read(NOW), in_2040);
}

proptest! {
    /// Whatever comes from a server: no panic, and only an answer to the request moves the clock.
    #[test]
    fn any_datagram_is_survived(
        octets in proptest::collection::vec(any::<u8>(), 0..60),
        server in 0..3_usize,
        again in any::<bool>(),
    ) {
        let mut clock = clock(2, &[]);
        if again {
            clock.next_request(NOW);
        }
        clock.received(server, &octets, NOW);
        // 48 octets that repeat the 8 of the request do not come by chance.
        prop_assert_eq!(clock.ahead(NOW), 0);
    }

    /// The time that the way takes there and back falls out, as long as both take the same.
    #[test]
    fn the_way_is_no_error(way in 0..200_u64, thinks in 0..500_u64, ahead in -1_000_000..1_000_000_i64) {
        let mut clock = clock(1, &[]);
        let (_, request) = clock.next_request(NOW).unwrap();
        let way = Duration::from_millis(way);
        let (there, sent) = (NOW + way, NOW + way + Duration::from_millis(thinks));
        let mut message = answer(&request, there, ahead * 1_000_000);
        message.transmit = NtpTime::from_since_epoch(shifted(sent, ahead * 1_000_000));
        let back = sent + way;
        clock.received(0, &message.encode(), back);
        let settled = clock.ahead(back + 2 * SECOND);
        prop_assert!((settled - ahead * 1_000_000).abs() < 10, "{settled}");
    }
}
