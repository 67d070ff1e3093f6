//! One order out of several that each know a part.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

/// The keys of all sequences in an order that agrees with each of them; among those, the order of first appearance.
///
/// Where sequences contradict each other, the rest keeps the order of first appearance.
pub(super) fn merge<K: Clone + Eq + Hash>(sequences: &[Vec<K>]) -> Vec<K> {
    let mut numbers: HashMap<&K, usize> = HashMap::new();
    let mut keys: Vec<&K> = Vec::new();
    for key in sequences.iter().flatten() {
        numbers.entry(key).or_insert_with(|| {
            keys.push(key);
            keys.len().saturating_sub(1)
        });
    }
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); keys.len()];
    let mut waiting: Vec<usize> = vec![0; keys.len()];
    for sequence in sequences {
        for (before, after) in sequence.iter().zip(sequence.iter().skip(1)) {
            let (Some(before), Some(after)) = (numbers.get(before), numbers.get(after)) else {
                continue;
            };
            if let (Some(list), Some(count)) = (followers.get_mut(*before), waiting.get_mut(*after))
            {
                list.push(*after);
                *count = count.saturating_add(1);
            }
        }
    }
    let mut ready: BTreeSet<usize> = waiting
        .iter()
        .enumerate()
        .filter(|(_, count)| **count == 0)
        .map(|(number, _)| number)
        .collect();
    let mut rest: BTreeSet<usize> = (0..keys.len()).collect();
    let mut order = Vec::with_capacity(keys.len());
    while let Some(number) = ready.pop_first().or_else(|| rest.first().copied()) {
        if !rest.remove(&number) {
            continue;
        }
        order.extend(keys.get(number).map(|key| (*key).clone()));
        for follower in followers.get(number).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(*follower) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.insert(*follower);
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(sequences: &[&str]) -> String {
        let sequences: Vec<Vec<char>> = sequences
            .iter()
            .map(|text| text.chars().collect())
            .collect();
        merge(&sequences).into_iter().collect()
    }

    #[test]
    fn agrees_with_every_sequence() {
        assert_eq!(merged(&["bc", "abc"]), "abc");
        assert_eq!(merged(&["ac", "bc", "ab"]), "abc");
        assert_eq!(merged(&["xy", "ab"]), "xyab");
        assert_eq!(merged(&[]), "");
    }

    #[test]
    fn contradictions_lose_nothing() {
        let order = merged(&["ab", "ba", "c"]);
        assert_eq!(order.len(), 3);
        assert!(order.contains('a') && order.contains('b') && order.contains('c'));
        assert_eq!(merged(&["aab"]).len(), 2);
    }
}
