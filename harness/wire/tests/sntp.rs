//! SNTP messages: whatever is encoded decodes to the same, whatever arrives is read or refused.

use core::time::Duration;

use iedassay_wire::sntp::{Leap, Message, Mode, NtpTime, SIZE};
use proptest::prelude::*;

fn message() -> impl Strategy<Value = Message> {
    let head = (0..4_usize, 0..8_u8, 0..8_u8, any::<(u8, i8, i8)>());
    (head, any::<(u32, u32, [u8; 4], [u64; 4])>()).prop_map(
        |((leap, version, mode, (stratum, poll, precision)), (delay, dispersion, id, times))| {
            let [reference, originate, receive, transmit] = times.map(NtpTime);
            Message {
                leap: [Leap::None, Leap::Insert, Leap::Delete, Leap::Unsynchronized][leap],
                version,
                mode: Mode(mode),
                stratum,
                poll,
                precision,
                root_delay: delay,
                root_dispersion: dispersion,
                reference_id: id,
                reference,
                originate,
                receive,
                transmit,
            }
        },
    )
}

proptest! {
    #[test]
    fn messages_come_back(message in message(), more in proptest::collection::vec(any::<u8>(), 0..40)) {
        let mut octets = message.encode();
        prop_assert_eq!(octets.len(), SIZE);
        octets.extend(more);
        prop_assert_eq!(Message::decode(&octets), Ok(message));
    }

    #[test]
    fn any_datagram_is_read_or_refused(octets in proptest::collection::vec(any::<u8>(), 0..100)) {
        match Message::decode(&octets) {
            Ok(message) => prop_assert_eq!(message.encode(), &octets[..SIZE]),
            Err(error) => {
                prop_assert!(octets.len() < SIZE);
                prop_assert_eq!(error.length, octets.len());
            }
        }
    }

    /// To the nanosecond, from 1970 to 2104.
    #[test]
    fn times_come_back(seconds in 0..4_233_462_144_u64, nanos in 0..1_000_000_000_u32) {
        let time = Duration::new(seconds, nanos);
        let ntp = NtpTime::from_since_epoch(time);
        // The instant at which the second era begins cannot be told from no time.
        prop_assume!(ntp != NtpTime::NONE);
        prop_assert_eq!(ntp.since_epoch(), Some(time));
    }
}
