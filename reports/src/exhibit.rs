//! The PDU that decided: its decoded lines and its octets, with what a failed expectation read of them marked.

use crate::case::{Mark, StepRecord};
use crate::text::{counted, one_line, visible};

/// Lines of a decoded PDU that a report shows.
const MOST_LINES: usize = 60;

/// Lines of octets that a report shows.
const MOST_ROWS: usize = 24;

/// Lines above the first marked one, where not all are shown.
const ABOVE: usize = 12;

/// Octets in a line.
const WIDTH: usize = 16;

/// A piece of text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) marked: bool,
    pub(crate) text: String,
}

/// One line in pieces.
pub(crate) type Line = Vec<Piece>;

/// The decoded PDU of a step: lines, of which the elements that were read are marked.
pub(crate) fn decoded(step: &StepRecord) -> Vec<Line> {
    let Some(pdu) = &step.pdu else {
        return Vec::new();
    };
    let marks = marks_in(step);
    let lines: Vec<Line> = visible(pdu)
        .lines()
        .map(|line| {
            vec![Piece {
                marked: offset_of(line).is_some_and(|at| holds(&marks, at)),
                text: line.to_owned(),
            }]
        })
        .collect();
    window(lines, MOST_LINES, "line")
}

/// The octets of the PDU of a step, sixteen in a line, with the marked ones.
pub(crate) fn octets(step: &StepRecord) -> Vec<Line> {
    let Some(hex) = &step.bytes else {
        return Vec::new();
    };
    let marks = marks_in(step);
    let digits: Vec<char> = hex.chars().filter(char::is_ascii_hexdigit).collect();
    let octets: Vec<String> = digits
        .chunks(2)
        .map(|pair| pair.iter().collect::<String>().to_ascii_lowercase())
        .collect();
    let rows = octets.chunks(WIDTH).enumerate();
    let mut lines: Vec<Line> = rows
        .map(|(row, octets)| line_of(row * WIDTH, octets, &marks))
        .collect();
    // A record cuts long PDUs short.
    if hex.ends_with("...") {
        lines.push(plain("...".to_owned()));
    }
    window(lines, MOST_ROWS, "line")
}

fn line_of(from: usize, octets: &[String], marks: &[&Mark]) -> Line {
    let mut line = plain(format!("{from:04x}  "));
    let mut push = |marked: bool, text: &str| match line.last_mut() {
        Some(last) if last.marked == marked => last.text.push_str(text),
        _ => line.push(Piece {
            marked,
            text: text.to_owned(),
        }),
    };
    for (column, octet) in octets.iter().enumerate() {
        let at = from + column;
        let marked = holds(marks, at);
        if column > 0 {
            // What is between two marked octets of one element is marked too.
            let both = marked && marks.iter().any(|m| within(m, at) && within(m, at - 1));
            push(both, if column == WIDTH / 2 { "  " } else { " " });
        }
        push(marked, octet);
    }
    line
}

/// What is marked, a line for each: where, what the expectation calls it, what the standard calls it.
pub(crate) fn marked(step: &StepRecord) -> Vec<String> {
    step.marks
        .iter()
        .map(|mark| {
            let frame = mark.frame.map(|frame| format!("frame {frame}, "));
            let place = match mark.length {
                0 | 1 => format!("octet {:#06x}", mark.offset),
                _ => format!("octets {:#06x} to {:#06x}", mark.offset, mark.last()),
            };
            one_line(&format!(
                "{}{place}: {} ({})",
                frame.unwrap_or_default(),
                mark.read,
                mark.element
            ))
        })
        .collect()
}

/// Lines for what has no colours: marked lines begin with `>`, marked octets have `^^` below.
pub(crate) fn in_words(lines: &[Line]) -> Vec<String> {
    let some = lines.iter().flatten().any(|piece| piece.marked);
    let mut out = Vec::new();
    for line in lines {
        let text: String = line.iter().map(|piece| piece.text.as_str()).collect();
        match line.as_slice() {
            [only] if some && only.marked => out.push(format!("> {text}")),
            _ if some => {
                out.push(format!("  {text}"));
                if line.iter().any(|piece| piece.marked) {
                    out.push(underlined(line));
                }
            }
            _ => out.push(text),
        }
    }
    out
}

fn underlined(line: &Line) -> String {
    let below: String = line
        .iter()
        .flat_map(|piece| {
            piece.text.chars().map(|c| match c {
                c if piece.marked && !c.is_whitespace() => '^',
                _ => ' ',
            })
        })
        .collect();
    format!("  {}", below.trim_end())
}

fn marks_in(step: &StepRecord) -> Vec<&Mark> {
    step.marks.iter().filter(|mark| mark.is_in_pdu()).collect()
}

fn holds(marks: &[&Mark], at: usize) -> bool {
    marks.iter().any(|mark| within(mark, at))
}

fn within(mark: &Mark, at: usize) -> bool {
    u32::try_from(at).is_ok_and(|at| {
        at >= mark.offset && u64::from(at) < u64::from(mark.offset) + u64::from(mark.length)
    })
}

/// The offset that a line of a decoded PDU begins with.
fn offset_of(line: &str) -> Option<usize> {
    let digits = line.split([' ', '!']).next()?;
    (digits.len() >= 4)
        .then(|| usize::from_str_radix(digits, 16).ok())
        .flatten()
}

fn plain(text: String) -> Line {
    vec![Piece {
        marked: false,
        text,
    }]
}

/// At most so many lines, the marked ones among them, with what was left out said.
fn window(lines: Vec<Line>, most: usize, what: &str) -> Vec<Line> {
    if lines.len() <= most {
        return lines;
    }
    let first = lines
        .iter()
        .position(|line| line.iter().any(|piece| piece.marked));
    let from = first.unwrap_or(0).saturating_sub(ABOVE);
    let after = lines.len().saturating_sub(from + most);
    let mut shown = Vec::new();
    if from > 0 {
        shown.push(plain(format!("... {} above", counted(from, what))));
    }
    shown.extend(lines.into_iter().skip(from).take(most));
    if after > 0 {
        let more = counted(after, what);
        shown.push(plain(format!("... {more} more, see the transcript")));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(octets: usize, marks: &[(u32, u32)]) -> StepRecord {
        let pdu: Vec<String> = (0..octets)
            .map(|at| format!("{at:04x}  leaf: {at}"))
            .collect();
        let mark = |(offset, length): &(u32, u32)| Mark {
            read: "r.value".into(),
            element: "read/boolean".into(),
            offset: *offset,
            length: *length,
            frame: None,
        };
        StepRecord {
            pdu: Some(pdu.join("\n")),
            bytes: Some("ab".repeat(octets)),
            marks: marks.iter().map(mark).collect(),
            ..StepRecord::default()
        }
    }

    fn marked_text(lines: &[Line]) -> Vec<&str> {
        let pieces = lines.iter().flatten().filter(|piece| piece.marked);
        pieces.map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn marks_the_octets_of_an_element_and_its_line() {
        let step = step(20, &[(6, 3), (15, 2)]);
        assert_eq!(marked_text(&octets(&step)), ["ab ab  ab", "ab", "ab"]);
        assert_eq!(
            marked_text(&decoded(&step)),
            [
                "0006  leaf: 6",
                "0007  leaf: 7",
                "0008  leaf: 8",
                "000f  leaf: 15",
                "0010  leaf: 16"
            ]
        );
        assert_eq!(
            marked(&step),
            [
                "octets 0x0006 to 0x0008: r.value (read/boolean)",
                "octets 0x000f to 0x0010: r.value (read/boolean)"
            ]
        );
    }

    #[test]
    fn says_in_words_what_colours_say_elsewhere() {
        let lines = in_words(&octets(&step(3, &[(1, 1)])));
        assert_eq!(lines, ["  0000  ab ab ab", "           ^^"]);
        let lines = in_words(&decoded(&step(2, &[(1, 1)])));
        assert_eq!(lines, ["  0000  leaf: 0", "> 0001  leaf: 1"]);
        assert_eq!(in_words(&octets(&step(2, &[]))), ["0000  ab ab"]);
    }

    #[test]
    fn shows_of_a_long_pdu_what_is_marked_and_says_what_it_leaves_out() {
        let step = step(4000, &[(3000, 2)]);
        let lines = octets(&step);
        assert_eq!(lines.len(), MOST_ROWS + 2);
        assert_eq!(marked_text(&lines), ["ab ab"]);
        assert_eq!(lines[0][0].text, "... 175 lines above");
        assert_eq!(marked_text(&decoded(&step)).len(), 2);
    }

    #[test]
    fn a_mark_of_another_pdu_marks_nothing_in_this_one() {
        let mut step = step(4, &[(0, 2)]);
        step.marks[0].frame = Some(9);
        assert!(marked_text(&octets(&step)).is_empty());
        assert_eq!(
            marked(&step),
            ["frame 9, octets 0x0000 to 0x0001: r.value (read/boolean)"]
        );
    }
}
