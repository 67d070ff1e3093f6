//! Small pieces of text that several renderers share.

use std::fmt::Write as _;

use jiff::Timestamp;

/// Text from a device or a file, made safe for terminals, XML and tables: control characters are spelled out, so that
/// a server name cannot move a cursor. Line feeds stay.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if c.is_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if acts(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether a character does something instead of being shown: control characters, those that turn the direction of a
/// text and so disguise it, and those that XML 1.0 cannot carry.
#[must_use]
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{FFFE}'
                | '\u{FFFF}'
                | '\u{FEFF}'
                | '\u{061C}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2066}'..='\u{2069}'
        )
}

/// The same on one line.
pub(crate) fn one_line(text: &str) -> String {
    visible(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A duration for people: `0.4 ms`, `12 ms`, `3.41 s`, `2 min 05 s`, `1 h 02 min`.
pub fn duration(ms: f64) -> String {
    if ms < 9.95 {
        return format!("{ms:.1} ms");
    }
    if ms < 999.5 {
        return format!("{ms:.0} ms");
    }
    let seconds = ms / 1000.0;
    if seconds < 59.995 {
        return format!("{seconds:.2} s");
    }
    let (minutes, rest) = ((seconds / 60.0).floor(), seconds % 60.0);
    if minutes < 60.0 {
        return format!("{minutes:.0} min {:02.0} s", rest.floor());
    }
    format!(
        "{:.0} h {:02.0} min",
        (minutes / 60.0).floor(),
        minutes % 60.0
    )
}

/// An RFC 3339 time as `2026-01-02 03:04:05 UTC`; anything else unchanged.
pub(crate) fn wall_time(rfc3339: &str) -> String {
    match rfc3339.parse::<Timestamp>() {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => visible(rfc3339),
    }
}

/// Breaks a text into lines of at most `width` characters, at spaces. A longer word stands alone.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut length = 0;
        for word in paragraph.split_whitespace() {
            let word_length = word.chars().count();
            if length > 0 && length + 1 + word_length > width {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += word_length;
        }
        lines.push(line);
    }
    lines
}

/// `1 case`, `2 cases`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_text_cannot_move_a_cursor() {
        assert_eq!(visible("a\u{1b}[2Jb\0\u{202e}"), "a\\x1b[2Jb\\x00\\u{202e}");
    }

    #[test]
    fn durations_read_well_at_every_scale() {
        let cases = [
            (0.0, "0.0 ms"),
            (9.94, "9.9 ms"),
            (12.4, "12 ms"),
            (999.6, "1.00 s"),
            (3405.0, "3.40 s"),
            (125_000.0, "2 min 05 s"),
            (3_725_000.0, "1 h 02 min"),
        ];
        for (ms, text) in cases {
            assert_eq!(duration(ms), text);
        }
    }

    #[test]
    fn wraps_at_spaces_and_keeps_long_words() {
        assert_eq!(wrap("aa bb cccccc d", 5), ["aa bb", "cccccc", "d"]);
    }
}
