//! Order drawn with a seed, the same everywhere.

use super::PlannedCase;

/// A small random generator (SplitMix64): the same seed gives the same order on every machine and version.
pub(in crate::plan) struct Random(u64);

impl Random {
    pub(in crate::plan) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Puts a list into a random order (Fisher and Yates).
    pub(in crate::plan) fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let bound = u64::try_from(i).unwrap_or(u64::MAX).saturating_add(1);
            let j = usize::try_from(self.next() % bound).unwrap_or(0);
            list.swap(i, j);
        }
    }
}

/// Puts the cases into an order drawn with the seed.
pub(super) fn shuffle(cases: &mut [PlannedCase], seed: u64) {
    Random::new(seed).shuffle(cases);
}
