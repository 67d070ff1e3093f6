//! The name that somebody probably meant.

/// The candidate nearest to a text, when it is near enough to be a slip of the finger.
#[must_use]
pub fn nearest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (text.chars().count() / 3).max(1);
    candidates
        .take(10_000)
        .filter_map(|candidate| Some((distance(text, candidate, limit)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edit distance, letter case free; `None` beyond the limit.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (fold(a), fold(b));
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, left) in a.iter().enumerate() {
        let mut diagonal = at;
        let mut before = at.saturating_add(1);
        let mut next = vec![before];
        for (right, above) in b.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal.saturating_add(usize::from(left != right));
            before = replaced
                .min(above.saturating_add(1))
                .min(before.saturating_add(1));
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().filter(|distance| *distance <= limit)
}

fn fold(text: &str) -> Vec<char> {
    text.chars()
        .take(128)
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        let names = ["ASSAY", "BAY1", "TEMPLATE"];
        assert_eq!(nearest("ASAY", names.into_iter()), Some("ASSAY"));
        assert_eq!(nearest("template", names.into_iter()), Some("TEMPLATE"));
        assert_eq!(nearest("BAY2", names.into_iter()), Some("BAY1"));
        assert_eq!(nearest("Feeder", names.into_iter()), None);
    }

    #[test]
    fn distance_counts_single_edits() {
        assert_eq!(distance("kitten", "sitting", 9), Some(3));
        assert_eq!(distance("", "ab", 9), Some(2));
        assert_eq!(distance("same", "same", 0), Some(0));
    }
}
