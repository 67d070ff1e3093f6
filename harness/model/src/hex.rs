//! Octets as hexadecimal text.

/// The octets of hexadecimal digits; spaces, `-` and `:` between them do not matter.
pub(crate) fn octets(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | ':'))
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| (high << 4) | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_pairs_of_digits() {
        assert_eq!(octets("0001"), Some(vec![0, 1]));
        assert_eq!(octets("01-0C-CD"), Some(vec![1, 0x0c, 0xcd]));
        assert_eq!(octets("001"), None);
        assert_eq!(octets("zz"), None);
        assert_eq!(octets(""), Some(vec![]));
    }
}
