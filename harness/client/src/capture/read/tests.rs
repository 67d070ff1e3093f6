//! Captures built by hand.

use super::*;

const CR: [u8; 11] = [3, 0, 0, 11, 6, 0xe0, 0, 0, 0, 1, 0];

/// An Ethernet frame with one TCP segment.
fn frame(to_server: bool, sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let (from, to) = if to_server {
        ((1, 50_000_u16), (2, 102_u16))
    } else {
        ((2, 102), (1, 50_000))
    };
    let mut out = vec![0; 12];
    out.extend([0x08, 0x00, 0x45, 0]);
    let total = u16::try_from(40 + payload.len()).unwrap();
    out.extend(total.to_be_bytes());
    out.extend([0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, from.0, 192, 0, 2, to.0]);
    out.extend(from.1.to_be_bytes());
    out.extend(to.1.to_be_bytes());
    out.extend(sequence.to_be_bytes());
    out.extend([0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0]);
    out.extend(payload);
    out.resize(out.len().max(60), 0);
    out
}

fn pcap(frames: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(0xa1b2_c3d4_u32.to_le_bytes());
    out.extend([
        2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
    ]);
    for (index, frame) in frames.iter().enumerate() {
        let length = u32::try_from(frame.len()).unwrap();
        out.extend(u32::try_from(index).unwrap().to_le_bytes());
        out.extend(500_000_u32.to_le_bytes());
        out.extend(length.to_le_bytes());
        out.extend(length.to_le_bytes());
        out.extend(frame);
    }
    out
}

fn pcapng(frames: &[Vec<u8>]) -> Vec<u8> {
    fn block(out: &mut Vec<u8>, kind: u32, body: &[u8]) {
        let padded = body.len().next_multiple_of(4);
        let length = u32::try_from(padded + 12).unwrap().to_be_bytes();
        out.extend(kind.to_be_bytes());
        out.extend(length);
        out.extend(body);
        out.extend(vec![0; padded - body.len()]);
        out.extend(length);
    }
    let mut out = Vec::new();
    block(
        &mut out,
        0x0a0d_0d0a,
        &[
            0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255,
        ],
    );
    // Ethernet, time stamps in nanoseconds.
    block(
        &mut out,
        1,
        &[0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 9, 0, 0, 0, 0, 0, 0, 0],
    );
    for frame in frames {
        let length = u32::try_from(frame.len()).unwrap().to_be_bytes();
        let mut body = vec![0, 0, 0, 0];
        body.extend(1_500_000_000_u64.to_be_bytes());
        body.extend(length);
        body.extend(length);
        body.extend(frame);
        block(&mut out, 6, &body);
    }
    out
}

fn octets(messages: &[Message]) -> Vec<(u64, &[u8])> {
    messages
        .iter()
        .filter(|m| m.note.is_none())
        .map(|m| (m.frame, &*m.octets))
        .collect()
}

#[test]
fn segments_are_put_in_order_and_repeats_dropped() {
    let frames = [
        frame(true, 99, 2, &[]),
        frame(true, 104, 0x18, &CR[4..]),
        frame(true, 100, 0x18, &CR[..4]),
        frame(true, 100, 0x18, &CR[..4]),
        frame(true, 108, 0x18, &CR[8..]),
        frame(true, 111, 0x18, &CR),
    ];
    for file in [pcap(&frames), pcapng(&frames)] {
        assert!(is_capture(&file));
        let (packets, error) = packets(&file);
        assert_eq!((packets.len(), error), (6, None));
        assert_eq!(octets(&messages(&packets)), [(3, &CR[..]), (6, &CR[..])]);
    }
}

#[test]
fn a_segmented_tsdu_is_one_message() {
    let first = [3, 0, 0, 8, 2, 0xf0, 0, 0xaa];
    let second = [3, 0, 0, 8, 2, 0xf0, 0x80, 0xbb];
    let file = pcap(&[
        frame(false, 1, 0x18, &first),
        frame(false, 9, 0x18, &second),
    ]);
    let (packets, _) = packets(&file);
    assert_eq!(
        octets(&messages(&packets)),
        [(2, &[first, second].concat()[..])]
    );
}

#[test]
fn time_stamps_of_both_formats_are_read() {
    let frames = [frame(true, 1, 0x18, &CR)];
    let micros = pcap(&frames);
    let nanos = pcapng(&frames);
    let millis = |file: &[u8]| messages(&packets(file).0)[0].time.unwrap().as_millis();
    assert_eq!((millis(&micros), millis(&nanos)), (500, 1500));
}

#[test]
fn what_the_end_cuts_off_is_still_shown() {
    let file = pcap(&[frame(true, 1, 0x18, &CR[..7])]);
    let found = messages(&packets(&file).0);
    assert_eq!(
        (found[0].octets.len(), found[0].note),
        (7, Some("incomplete at the end of the capture"))
    );
}

#[test]
fn a_truncated_capture_keeps_its_packets() {
    let file = pcapng(&[frame(true, 1, 0x18, &CR), frame(true, 12, 0x18, &CR)]);
    let (packets, error) = packets(&file[..file.len() - 10]);
    assert_eq!(packets.len(), 1);
    assert!(
        matches!(error, Some(CaptureError::Truncated { .. })),
        "{error:?}"
    );
}

#[test]
fn no_file_makes_the_readers_panic() {
    let frames = [frame(true, 1, 0x18, &CR), frame(false, 1, 0x19, &CR)];
    for file in [pcap(&frames), pcapng(&frames)] {
        for index in 0..file.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut file = file.clone();
                file[index] = value;
                let _ = messages(&packets(&file).0);
                let _ = messages(&packets(&file[..index]).0);
            }
        }
    }
}

/// Quadratic work would be of the order of 10^10 steps, which the ceiling of a test run does not give.
#[test]
fn work_is_linear_in_the_number_of_segments() {
    // Segments of one octet: one that never comes and all behind it, and a TSDU of empty TPDUs that never ends.
    let gap: Vec<_> = (0..60_000)
        .map(|at| frame(true, 200 + at, 0x18, &[3]))
        .collect();
    let endless: Vec<_> = (0..60_000)
        .map(|at| frame(true, 7 * at, 0x18, &[3, 0, 0, 7, 2, 0xf0, 0]))
        .collect();
    for mut frames in [gap, endless] {
        frames.insert(0, frame(true, u32::MAX, 2, &[]));
        let file = pcap(&frames);
        let (packets, error) = packets(&file);
        assert_eq!((packets.len(), error), (60_001, None));
        let _ = messages(&packets);
    }
}
