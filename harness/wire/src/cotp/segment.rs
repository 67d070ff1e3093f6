//! Segmentation and reassembly (ISO 8073, 6.3).

use crate::cotp::Data;
use crate::error::{ErrorKind, Layer, WireError};

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
