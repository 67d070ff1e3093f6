//! Octets from hexadecimal text, in the forms that people paste: a plain stream, with spaces, colons, commas or `0x`,
//! and dumps with an offset in front and characters behind (of this tool, xxd, hexdump -C, Wireshark).

/// A character that is not hexadecimal, or half an octet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HexError {
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column in characters, from 1.
    pub(crate) column: usize,
    /// What is wrong, in words.
    pub(crate) message: String,
}

/// The octets of a text. `#` begins a comment.
pub(crate) fn parse_hex(text: &str) -> Result<Vec<u8>, HexError> {
    let mut octets = Vec::new();
    let mut half: Option<(u8, usize, usize)> = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        let (start, content) = content_of_dump_line(line).unwrap_or((0, line));
        let mut chars = content.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let place = (
                index + 1,
                line.get(..start + at)
                    .map_or(0, |before| before.chars().count())
                    + 1,
            );
            if c.is_whitespace() || matches!(c, ':' | ',' | ';' | '[' | ']' | '{' | '}') {
                continue;
            }
            if c == '0' && half.is_none() && matches!(chars.peek(), Some((_, 'x' | 'X'))) {
                chars.next();
                continue;
            }
            let Some(digit) = c.to_digit(16) else {
                let message = format!("`{}` is not hexadecimal", c.escape_default());
                return Err(HexError {
                    line: place.0,
                    column: place.1,
                    message,
                });
            };
            let digit = u8::try_from(digit).unwrap_or_default();
            match half.take() {
                None => half = Some((digit, place.0, place.1)),
                Some((high, ..)) => octets.push(high << 4 | digit),
            }
        }
    }
    match half {
        Some((_, line, column)) => Err(HexError {
            line,
            column,
            message: "the last octet has one digit only".into(),
        }),
        None => Ok(octets),
    }
}

// The octets of a line of a dump, and where they start: behind the offset, before the characters.
fn content_of_dump_line(line: &str) -> Option<(usize, &str)> {
    let digits = line.bytes().take_while(u8::is_ascii_hexdigit).count();
    if !(4..=8).contains(&digits) {
        return None;
    }
    let rest = line.get(digits..)?;
    let (skip, end) = if rest.starts_with(": ") {
        // xxd: two spaces before the characters.
        (1, "  ")
    } else if rest.starts_with("  ") {
        // hexdump -C puts the characters between bars, Wireshark behind three spaces.
        (2, if rest.contains('|') { "|" } else { "   " })
    } else {
        return None;
    };
    let start = digits + skip;
    let content = line.get(start..)?;
    let indent = content.len() - content.trim_start().len();
    let content = content.get(indent..)?;
    Some((
        start + indent,
        content.split(end).next().unwrap_or_default(),
    ))
}
