//! A capture as text: each message with its time, its frame and its parts.

use std::fmt::Write as _;

use iedassay_wire::annotate::{Start, annotate_from, render, summarize};
use iedassay_wire::cotp::{Tpdu, codes};
use iedassay_wire::mms::{TimeQuality, UtcTime};
use iedassay_wire::tpkt;

use super::{Direction, Entry, Snapshot, What};

/// Lines of one message beyond which the rest is left out.
const MAX_LINES: usize = 500;

/// The octets of one direction that do not make a message yet.
#[derive(Clone, Default)]
struct Stream {
    octets: Vec<u8>,
    /// Frame of the first of them.
    frame: u64,
}

/// The whole capture as text.
pub(super) fn write(snapshot: &Snapshot) -> String {
    let mut out = String::new();
    for ends in &snapshot.connections {
        let _ = write!(out, "client {}: {} to {}", ends.name, ends.local, ends.peer);
        if let Some(port) = ends.real_port {
            let _ = write!(out, ", really port {port}");
        }
        out.push('\n');
    }
    let start = snapshot.entries.first().map(|entry| entry.at);
    if let Some(start) = start {
        let wall =
            UtcTime::from_since_epoch(snapshot.anchor.since_unix_epoch(start), TimeQuality(0));
        let _ = writeln!(out, "times count from {wall}");
    }
    let mut streams = vec![[Stream::default(), Stream::default()]; snapshot.connections.len()];
    for entry in &snapshot.entries {
        for note in &entry.notes {
            let _ = writeln!(out, "\n== {note}");
        }
        let seconds = start.map_or(0.0, |start| {
            entry.at.saturating_duration_since(start).as_secs_f64()
        });
        let name = snapshot
            .connections
            .get(entry.connection)
            .map_or("?", |ends| ends.name.as_str());
        let head = Head {
            seconds,
            name,
            direction: entry.direction,
        };
        let side = usize::from(entry.direction == Direction::Received);
        let stream = streams
            .get_mut(entry.connection)
            .and_then(|pair| pair.get_mut(side));
        if let Some(stream) = stream {
            event(&mut out, &head, entry, stream);
        }
    }
    for note in &snapshot.notes {
        let _ = writeln!(out, "\n== {note}");
    }
    if snapshot.truncated {
        out.push_str("\nthe size limit was reached; later octets are missing\n");
    }
    out
}

struct Head<'a> {
    seconds: f64,
    name: &'a str,
    direction: Direction,
}

impl Head<'_> {
    fn line(&self, out: &mut String, frame: u64, text: &str) {
        let arrow = match self.direction {
            Direction::Sent => "->",
            Direction::Received => "<-",
        };
        let _ = writeln!(
            out,
            "\n{:12.6}  #{frame}  {} {arrow}  {text}",
            self.seconds, self.name
        );
    }
}

fn event(out: &mut String, head: &Head<'_>, entry: &Entry, stream: &mut Stream) {
    let octets = match &entry.what {
        What::Octets(octets) => octets,
        end => {
            if !stream.octets.is_empty() {
                // Whatever ends the connection also ends a message that was not complete.
                message(out, head, stream.frame, &std::mem::take(&mut stream.octets));
            }
            head.line(
                out,
                entry.frame,
                match end {
                    What::Open => "connect",
                    What::Fin => "close",
                    What::Reset => "reset",
                    What::Octets(_) => "",
                },
            );
            return;
        }
    };
    if stream.octets.is_empty() {
        stream.frame = entry.frame;
    }
    stream.octets.extend_from_slice(octets);
    while let Some(length) = complete(&stream.octets) {
        let rest = stream.octets.split_off(length);
        let whole = std::mem::replace(&mut stream.octets, rest);
        message(out, head, stream.frame, &whole);
        stream.frame = entry.frame;
    }
}

/// The length of the first message: packets up to the last DT of a TSDU, or one other TPDU. What is
/// no packet is a message as a whole.
fn complete(octets: &[u8]) -> Option<usize> {
    let mut end = 0;
    while let Some(rest) = octets.get(end..).filter(|rest| !rest.is_empty()) {
        match tpkt::packet_length(rest) {
            Ok(Some(length)) if length <= rest.len() => {
                end += length;
                let tpdu = rest.get(tpkt::HEADER..length).unwrap_or_default();
                if is_last(tpdu) {
                    return Some(end);
                }
            }
            Ok(_) => return None,
            Err(_) if end == 0 => return Some(octets.len()),
            Err(_) => return Some(end),
        }
    }
    None
}

fn is_last(tpdu: &[u8]) -> bool {
    match tpdu {
        [_, code, ..] if code & 0xf0 == codes::DT => match Tpdu::decode(tpdu) {
            Ok(Tpdu::Data(data)) => data.end,
            _ => true,
        },
        _ => true,
    }
}

fn message(out: &mut String, head: &Head<'_>, frame: u64, octets: &[u8]) {
    // The summary guesses the layer, which for what is no packet would guess wrong.
    match octets.first() {
        Some(&tpkt::VERSION) => head.line(out, frame, &summarize(octets)),
        _ => head.line(out, frame, "octets that are no TPKT"),
    }
    let tree = render(&annotate_from(octets, Start::Tpkt));
    for (number, line) in tree.lines().enumerate() {
        if number == MAX_LINES {
            let _ = writeln!(
                out,
                "      ... {} lines more",
                tree.lines().count() - MAX_LINES
            );
            break;
        }
        let _ = writeln!(out, "      {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_ends_with_its_tsdu() {
        let part = [3, 0, 0, 8, 2, 0xf0, 0, 1];
        let last = [3, 0, 0, 8, 2, 0xf0, 0x80, 2];
        let both = [part, last].concat();
        assert_eq!(complete(&part), None);
        assert_eq!(complete(&both[..15]), None);
        assert_eq!(complete(&both), Some(16));
        assert_eq!(complete(b"GET /"), Some(5));
        assert_eq!(complete(&[&last[..], b"x"].concat()), Some(8));
    }
}
