//! Object identifiers (X.690, 8.19).

use core::fmt;

/// A valid object identifier.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid {
    content: Vec<u8>,
}

impl Oid {
    /// From arcs such as `[1, 0, 9506, 2, 3]`; `None` when they are fewer than two, the first
    /// exceeds 2, or the second exceeds 39 under a first of 0 or 1.
    #[must_use]
    pub fn from_arcs(arcs: &[u64]) -> Option<Self> {
        let (&[first, second], rest) = arcs.split_first_chunk::<2>()?;
        if first > 2 || (first < 2 && second > 39) {
            return None;
        }
        let mut content = Vec::new();
        push_arc(&mut content, first.checked_mul(40)?.checked_add(second)?);
        for &arc in rest {
            push_arc(&mut content, arc);
        }
        Some(Self { content })
    }

    /// From contents octets; `None` when they are empty, cut within an arc, or pad an arc with
    /// leading zeros (X.690, 8.19.2).
    #[must_use]
    pub fn from_content(content: &[u8]) -> Option<Self> {
        is_valid(content).then(|| Self::from_valid(content))
    }

    /// From contents octets that [`is_valid`] accepts.
    pub(crate) fn from_valid(content: &[u8]) -> Self {
        Self {
            content: content.to_vec(),
        }
    }

    /// The contents octets.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The arcs; one that exceeds 64 bits is given as `u64::MAX`.
    #[must_use]
    pub fn arcs(&self) -> Vec<u64> {
        let mut arcs = Vec::new();
        // Wider than an arc that is given, so that what exceeds it still does when the first arc is taken off.
        let mut arc: u128 = 0;
        for &octet in &self.content {
            arc = arc.saturating_mul(128) | u128::from(octet & 0x7f);
            if octet & 0x80 == 0 {
                if arcs.is_empty() {
                    let first = u64::try_from(arc / 40).map_or(2, |first| first.min(2));
                    arcs.push(first);
                    arc = arc.saturating_sub(u128::from(first).saturating_mul(40));
                }
                arcs.push(u64::try_from(arc).unwrap_or(u64::MAX));
                arc = 0;
            }
        }
        arcs
    }
}

/// True when the octets are the contents of an object identifier.
pub(super) fn is_valid(content: &[u8]) -> bool {
    let mut at_start = true;
    for &octet in content {
        if at_start && octet == 0x80 {
            return false;
        }
        at_start = octet & 0x80 == 0;
    }
    at_start && !content.is_empty()
}

fn push_arc(content: &mut Vec<u8>, arc: u64) {
    let bits = u64::BITS.saturating_sub(arc.leading_zeros()).max(1);
    for group in (0..bits.div_ceil(7)).rev() {
        let more = if group == 0 { 0 } else { 0x80 };
        let digits = u8::try_from((arc >> group.saturating_mul(7)) & 0x7f).unwrap_or_default();
        content.push(digits | more);
    }
}

/// Dotted: `1.0.9506.2.3`.
impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, arc) in self.arcs().into_iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            write!(f, "{arc}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_and_contents_are_the_same() {
        for (arcs, content) in [
            (&[1, 0, 9506, 2, 1][..], &[0x28, 0xca, 0x22, 0x02, 0x01][..]),
            (&[1, 1, 1, 999, 1], &[0x29, 0x01, 0x87, 0x67, 0x01]),
            (&[2, 1, 1], &[0x51, 0x01]),
            (&[2, 999, 3], &[0x88, 0x37, 0x03]),
            (&[0, 39], &[0x27]),
            (
                &[1, 3, u64::MAX],
                &[
                    0x2b, 0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
                ],
            ),
        ] {
            let oid = Oid::from_arcs(arcs).unwrap();
            assert_eq!(oid.content(), content, "{arcs:?}");
            assert_eq!(oid.arcs(), arcs);
            assert_eq!(Oid::from_content(content), Some(oid));
        }
    }

    #[test]
    fn refuses_arcs_that_cannot_be() {
        for arcs in [&[][..], &[1], &[3, 1], &[0, 40], &[1, 40], &[2, u64::MAX]] {
            assert_eq!(Oid::from_arcs(arcs), None, "{arcs:?}");
        }
    }

    #[test]
    fn prints_dotted_even_what_does_not_fit() {
        assert_eq!(
            Oid::from_arcs(&[1, 0, 9506, 2, 3]).unwrap().to_string(),
            "1.0.9506.2.3"
        );
        let huge = [&[0x2b][..], &[0xff; 12], &[0x7f]].concat();
        assert_eq!(
            Oid::from_content(&huge).unwrap().to_string(),
            format!("1.3.{}", u64::MAX)
        );
    }

    #[test]
    fn an_arc_beyond_64_bits_is_told_as_the_largest_behind_the_first_too() {
        let huge = [&[0xff; 12][..], &[0x7f, 0x05]].concat();
        let oid = Oid::from_content(&huge).unwrap();
        assert_eq!(oid.arcs(), [2, u64::MAX, 5]);
        // The largest that fits, with the 80 of the first arc in front of it.
        let largest = [0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x4f];
        let oid = Oid::from_content(&largest).unwrap();
        assert_eq!(oid.arcs(), [2, u64::MAX]);
    }
}
