//! Numbers that look random and are not.

/// A generator that gives the same numbers for the same seed on every machine (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let Some(rest) = u64::try_from(bound)
            .ok()
            .and_then(|bound| self.next_u64().checked_rem(bound))
        else {
            return 0;
        };
        usize::try_from(rest).unwrap_or_default()
    }

    /// An octet.
    pub fn octet(&mut self) -> u8 {
        let [octet, ..] = self.next_u64().to_be_bytes();
        octet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_itself_and_keeps_its_bound() {
        let (mut a, mut b) = (Random::new(7), Random::new(7));
        for bound in 0..100 {
            let value = a.below(bound);
            assert_eq!(value, b.below(bound));
            assert!(value < bound.max(1));
        }
        assert_ne!(Random::new(1).next_u64(), Random::new(2).next_u64());
    }
}
