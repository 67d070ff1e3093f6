//! TPKT framing: ISO transport over TCP (RFC 1006, RFC 2126).
//!
//! A packet is `03 00`, a length of two octets that counts the header, and one TPDU.

use crate::error::{ErrorKind, Layer, WireError};

/// Octets of the header.
pub const HEADER: usize = 4;

/// The only version.
pub const VERSION: u8 = 3;

/// What a stream that begins with a TLS record instead of a packet has wrong, see [`packet_length`].
pub const TLS_RECORD: &str = "version: a TLS record begins here";

/// Content types of TLS that a server begins with: alert and handshake.
const TLS_TYPES: [u8; 2] = [0x15, 0x16];

/// The largest packet, header included.
pub const MAX_LENGTH: usize = 0xffff;

/// Splits a byte stream into TPDUs.
///
/// Feed it with [`push`](Self::push), then take packets with [`next_packet`](Self::next_packet)
/// until it answers `Ok(None)`, which means that more octets are needed. After an error the
/// stream cannot be resynchronised. It holds at most one incomplete packet beyond what was pushed.
#[derive(Clone, Debug, Default)]
pub struct Deframer {
    buffer: Vec<u8>,
    /// What is consumed lies before this.
    start: usize,
    /// Octets of the stream before `buffer[start]`.
    position: u64,
}

impl Deframer {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            buffer: Vec::new(),
            start: 0,
            position: 0,
        }
    }

    /// Adds received octets, in pieces of any size.
    pub fn push(&mut self, octets: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(octets);
    }

    /// The next complete packet, header included; `None` when more octets are needed.
    ///
    /// # Errors
    /// A wrong version, or a length that cannot hold a TPDU; the offset counts from the start
    /// of the packet.
    pub fn next_packet(&mut self) -> Result<Option<&[u8]>, WireError> {
        let pending = self.buffer.get(self.start..).unwrap_or_default();
        let Some(length) = packet_length(pending)? else {
            return Ok(None);
        };
        if pending.len() < length {
            return Ok(None);
        }
        let from = self.start;
        self.start = from.saturating_add(length);
        self.position = self
            .position
            .saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
        Ok(self.buffer.get(from..self.start))
    }

    /// Octets received that do not make a whole packet yet.
    #[must_use]
    pub const fn pending(&self) -> usize {
        self.buffer.len().saturating_sub(self.start)
    }

    /// Offset in the stream at which the next packet begins.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }
}

/// The length of the packet that `octets` begin with, header included; `None` when the header is
/// not complete. A wrong version is told from the first octet.
///
/// # Errors
/// As [`Deframer::next_packet`].
pub fn packet_length(octets: &[u8]) -> Result<Option<usize>, WireError> {
    let fail = |field, offset| {
        Err(WireError::new(
            Layer::Tpkt,
            ErrorKind::InvalidValue { field },
            offset,
        ))
    };
    match octets {
        [] | [VERSION] | [VERSION, _] | [VERSION, _, _] => Ok(None),
        // The reserved octet is ignored on receipt, as RFC 1006 leaves its use open.
        [VERSION, _, high, low, ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            // The smallest TPDU has a length indicator, a code and one more octet.
            if length < HEADER.saturating_add(3) {
                return fail("length", 2);
            }
            Ok(Some(length))
        }
        [first, ..] if TLS_TYPES.contains(first) => fail(TLS_RECORD, 0),
        _ => fail("version", 0),
    }
}

/// One packet around a TPDU.
///
/// # Errors
/// [`ErrorKind::SizeExceeded`] when the TPDU does not fit a packet.
pub fn encode(tpdu: &[u8]) -> Result<Vec<u8>, WireError> {
    let too_large = WireError::new(
        Layer::Tpkt,
        ErrorKind::SizeExceeded { limit: MAX_LENGTH },
        0,
    );
    let length = tpdu.len().checked_add(HEADER).ok_or(too_large)?;
    let [high, low] = u16::try_from(length).map_err(|_| too_large)?.to_be_bytes();
    let mut packet = Vec::with_capacity(length);
    packet.extend_from_slice(&[VERSION, 0, high, low]);
    packet.extend_from_slice(tpdu);
    Ok(packet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_a_stream_in_pieces_of_one_octet() {
        let stream = [3, 0, 0, 7, 2, 0xf0, 0x80, 3, 0, 0, 8, 3, 0xf0, 0x80, 9];
        let mut deframer = Deframer::new();
        let mut packets = Vec::new();
        for octet in stream {
            deframer.push(&[octet]);
            while let Some(packet) = deframer.next_packet().unwrap() {
                packets.push(packet.to_vec());
            }
        }
        assert_eq!(packets, [stream[..7].to_vec(), stream[7..].to_vec()]);
        assert_eq!(deframer.pending(), 0);
        assert_eq!(deframer.position(), 15);
    }

    #[test]
    fn splits_coalesced_packets() {
        let mut deframer = Deframer::new();
        deframer.push(&[3, 0, 0, 7, 2, 0xf0, 0x80, 3, 0, 0, 7, 2, 0xf0, 0x80, 3]);
        assert_eq!(deframer.next_packet().unwrap().unwrap().len(), 7);
        assert_eq!(deframer.next_packet().unwrap().unwrap().len(), 7);
        assert_eq!(deframer.next_packet().unwrap(), None);
        assert_eq!(deframer.pending(), 1);
    }

    #[test]
    fn forgets_what_was_taken() {
        let mut deframer = Deframer::new();
        for _ in 0..10_000 {
            deframer.push(&[3, 0, 0, 7, 2, 0xf0, 0x80]);
            assert!(deframer.next_packet().unwrap().is_some());
        }
        let octets = deframer.buffer.capacity();
        assert!(octets < 100, "{octets} octets kept");
    }

    #[test]
    fn tells_a_tls_record_from_another_version() {
        for first in 0..=u8::MAX {
            let expected = match first {
                VERSION => continue,
                first if TLS_TYPES.contains(&first) => TLS_RECORD,
                _ => "version",
            };
            let kind = ErrorKind::InvalidValue { field: expected };
            assert_eq!(packet_length(&[first]).unwrap_err().kind, kind, "{first}");
        }
    }

    #[test]
    fn rejects_a_wrong_version_at_the_first_octet() {
        let mut deframer = Deframer::new();
        deframer.push(b"G");
        let error = deframer.next_packet().unwrap_err();
        assert_eq!((error.layer, error.offset), (Layer::Tpkt, 0));
    }

    #[test]
    fn rejects_a_length_too_small_for_a_tpdu() {
        for length in 0..7 {
            assert_eq!(packet_length(&[3, 0, 0, length]).unwrap_err().offset, 2);
        }
    }

    #[test]
    fn refuses_to_frame_what_does_not_fit() {
        assert!(encode(&vec![0; 0xffff - 4]).is_ok());
        assert!(encode(&vec![0; 0xffff - 3]).is_err());
    }
}
