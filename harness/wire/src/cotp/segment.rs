//! Segmentation and reassembly (ISO 8073, 6.3).

use crate::cotp::{Data, codes};
use crate::error::{ErrorKind, Layer, WireError};
use crate::tpkt;

/// Octets of a data TPDU's header: length indicator, code, number.
const HEADER: usize = 3;

/// The TSDU in data TPDUs of at most `tpdu_size` octets each, header included.
///
/// An empty TSDU makes one empty TPDU. A size that cannot hold the header and one octet counts as
/// the smallest that can.
pub fn segments(tsdu: &[u8], tpdu_size: usize) -> impl Iterator<Item = Data<'_>> {
    let room = tpdu_size.saturating_sub(HEADER).max(1);
    let last = tsdu
        .len()
        .saturating_sub(1)
        .checked_div(room)
        .unwrap_or_default();
    (0..=last).map(move |index| {
        let from = index.saturating_mul(room);
        let to = from.saturating_add(room).min(tsdu.len());
        Data {
            end: index == last,
            number: 0,
            payload: tsdu.get(from..to).unwrap_or_default(),
        }
    })
}

/// The TSDU that `header` and `body` make in TPKT packets with data TPDUs of at most `tpdu_size` octets
/// each, as [`segments`] cuts it; every octet is copied once.
pub fn packets<'a>(
    header: &'a [u8],
    body: &'a [u8],
    tpdu_size: usize,
) -> impl Iterator<Item = Vec<u8>> + 'a {
    let most = tpkt::MAX_LENGTH.saturating_sub(tpkt::HEADER);
    let room = tpdu_size.min(most).saturating_sub(HEADER).max(1);
    let (mut header, mut body) = (header, body);
    let mut done = false;
    core::iter::from_fn(move || {
        if done {
            return None;
        }
        let (head, head_rest) = header.split_at_checked(room).unwrap_or((header, &[]));
        let left = room.saturating_sub(head.len());
        let (tail, tail_rest) = body.split_at_checked(left).unwrap_or((body, &[]));
        (header, body) = (head_rest, tail_rest);
        done = header.is_empty() && body.is_empty();
        let payload = head.len().saturating_add(tail.len());
        let length = payload.saturating_add(HEADER).saturating_add(tpkt::HEADER);
        // `room` keeps the length within 16 bits.
        let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
        let end = if done { 0x80 } else { 0 };
        let mut packet = Vec::with_capacity(length);
        packet.extend_from_slice(&[tpkt::VERSION, 0, high, low, 2, codes::DT, end]);
        packet.extend_from_slice(head);
        packet.extend_from_slice(tail);
        Some(packet)
    })
}

/// Joins data TPDUs to TSDUs, up to a bound.
#[derive(Clone, Debug)]
pub struct Reassembler {
    buffer: Vec<u8>,
    limit: usize,
    /// TPDUs without payload in a row that did not end the TSDU.
    idle: u32,
}

/// How many empty TPDUs in a row are tolerated before the peer is told off.
const MAX_IDLE: u32 = 16;

impl Reassembler {
    /// A reassembler of TSDUs of at most `limit` octets.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self {
            buffer: Vec::new(),
            limit,
            idle: 0,
        }
    }

    /// Takes one TPDU; the TSDU when it is complete.
    ///
    /// # Errors
    /// [`ErrorKind::SizeExceeded`] when the TSDU grows past the bound,
    /// [`ErrorKind::InvalidValue`] when empty TPDUs do not end.
    pub fn push(&mut self, data: &Data<'_>) -> Result<Option<Vec<u8>>, WireError> {
        if self.buffer.len().saturating_add(data.payload.len()) > self.limit {
            return Err(WireError::new(
                Layer::Cotp,
                ErrorKind::SizeExceeded { limit: self.limit },
                0,
            ));
        }
        if data.payload.is_empty() && !data.end {
            self.idle = self.idle.saturating_add(1);
            if self.idle > MAX_IDLE {
                return Err(WireError::new(
                    Layer::Cotp,
                    ErrorKind::InvalidValue {
                        field: "end of TSDU mark",
                    },
                    0,
                ));
            }
        } else {
            self.idle = 0;
        }
        self.buffer.extend_from_slice(data.payload);
        Ok(data.end.then(|| core::mem::take(&mut self.buffer)))
    }

    /// Octets of the TSDU received so far.
    #[must_use]
    pub const fn pending(&self) -> usize {
        self.buffer.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_few_empty_tpdus_in_a_row_and_not_one_more() {
        let part = |payload| Data {
            end: false,
            number: 0,
            payload,
        };
        let mut joined = Reassembler::new(10);
        for round in 1..4 {
            for _ in 0..MAX_IDLE {
                assert_eq!(joined.push(&part(b"")), Ok(None));
            }
            assert_eq!(joined.push(&part(b"ab")), Ok(None));
            assert_eq!(joined.pending(), 2 * round);
        }
        for _ in 0..MAX_IDLE {
            assert_eq!(joined.push(&part(b"")), Ok(None));
        }
        let error = joined.push(&part(b"")).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::InvalidValue { .. }));
    }

    #[test]
    fn joins_what_it_segments() {
        let tsdu: Vec<u8> = (0..=255).collect();
        for size in [4, 5, 128, 258, 259, 260, 8192] {
            let mut joined = Reassembler::new(256);
            let mut whole = None;
            for segment in segments(&tsdu, size) {
                assert!(segment.payload.len() + HEADER <= size);
                assert!(whole.is_none());
                whole = joined.push(&segment).unwrap();
            }
            assert_eq!(whole.as_deref(), Some(&tsdu[..]));
        }
    }

    #[test]
    fn packets_of_two_parts_are_the_segments_of_the_whole() {
        let tsdu: Vec<u8> = (0..=255).cycle().take(700).collect();
        for cut in [0, 1, 27, 125, 126, 700] {
            for size in [0, 4, 128, 703, 704, 8192, 1 << 20] {
                let (head, tail) = tsdu.split_at(cut);
                let expected: Vec<Vec<u8>> = segments(&tsdu, size)
                    .map(|data| crate::cotp::Tpdu::Data(data).encode().unwrap())
                    .map(|tpdu| tpkt::encode(&tpdu).unwrap())
                    .collect();
                let all: Vec<Vec<u8>> = packets(head, tail, size).collect();
                assert_eq!(all, expected, "cut {cut} size {size}");
            }
        }
        assert_eq!(packets(&[], &[], 128).count(), 1);
        let large = vec![0; 200_000];
        for packet in packets(&[], &large, 1 << 20) {
            assert_eq!(tpkt::packet_length(&packet), Ok(Some(packet.len())));
        }
    }

    #[test]
    fn sends_an_empty_tsdu_as_one_tpdu() {
        let all: Vec<_> = segments(&[], 128).collect();
        assert_eq!(all.len(), 1);
        assert!(all[0].end && all[0].payload.is_empty());
    }

    #[test]
    fn stops_a_tsdu_that_does_not_end() {
        let mut joined = Reassembler::new(10);
        let part = Data {
            end: false,
            number: 0,
            payload: &[0; 6],
        };
        assert!(joined.push(&part).is_ok());
        assert!(joined.push(&part).is_err());
    }

    #[test]
    fn stops_empty_tpdus_that_do_not_end() {
        let mut joined = Reassembler::new(10);
        let part = Data {
            end: false,
            number: 0,
            payload: &[],
        };
        assert!((0..100).any(|_| joined.push(&part).is_err()));
    }
}
