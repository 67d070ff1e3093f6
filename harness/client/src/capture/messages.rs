//! The messages of a capture: octets put together until they make one, each with its time and frame.

use std::time::Duration;

use iedassay_wire::annotate::summarize;
use iedassay_wire::cotp::{Tpdu, codes};
use iedassay_wire::tpkt;

use super::{Direction, Snapshot, What};

/// One message of a capture, or the opening or end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Since the first entry of the capture.
    pub at: Duration,
    /// On which connection; an index into [`Snapshot::connections`].
    pub connection: usize,
    /// Which way.
    pub direction: Direction,
    /// Number of its first frame in the pcapng file.
    pub frame: u64,
    /// Number of its last.
    pub last_frame: u64,
    /// What.
    pub what: What,
    /// What was noted before it.
    pub notes: Vec<String>,
}

impl Message {
    /// What it is, on one line.
    #[must_use]
    pub fn summary(&self) -> String {
        match &self.what {
            What::Open => "connect".to_owned(),
            What::Fin => "close".to_owned(),
            What::Reset => "reset".to_owned(),
            // The summary guesses the layer, which for what is no packet would guess wrong.
            What::Octets(octets) if octets.first() == Some(&tpkt::VERSION) => summarize(octets),
            What::Octets(_) => "octets that are no TPKT".to_owned(),
        }
    }
}

/// The octets of one direction that do not make a message yet.
#[derive(Clone, Default)]
struct Stream {
    octets: Vec<u8>,
    /// Frame of the first of them.
    frame: u64,
}

impl Snapshot {
    /// The messages, in the order in which each was complete.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        let Some(start) = self.entries.first().map(|entry| entry.at) else {
            return Vec::new();
        };
        let mut messages = Vec::new();
        let mut notes = Vec::new();
        let mut streams = vec![[Stream::default(), Stream::default()]; self.connections.len()];
        for entry in &self.entries {
            notes.extend(entry.notes.iter().cloned());
            let side = usize::from(entry.direction == Direction::Received);
            let stream = streams
                .get_mut(entry.connection)
                .and_then(|pair| pair.get_mut(side));
            let Some(stream) = stream else { continue };
            let mut add = |frame, last_frame, what| {
                messages.push(Message {
                    at: entry.at.saturating_duration_since(start),
                    connection: entry.connection,
                    direction: entry.direction,
                    frame,
                    last_frame,
                    what,
                    notes: std::mem::take(&mut notes),
                });
            };
            let What::Octets(octets) = &entry.what else {
                if !stream.octets.is_empty() {
                    // Whatever ends the connection also ends a message that was not complete.
                    let octets = std::mem::take(&mut stream.octets);
                    add(stream.frame, entry.frame, What::Octets(octets));
                }
                add(entry.frame, entry.frame, entry.what.clone());
                continue;
            };
            if stream.octets.is_empty() {
                stream.frame = entry.frame;
            }
            stream.octets.extend_from_slice(octets);
            let last = entry.frame + super::frame::count(&entry.what).saturating_sub(1);
            while let Some(length) = complete(&stream.octets) {
                let rest = stream.octets.split_off(length);
                let whole = std::mem::replace(&mut stream.octets, rest);
                add(stream.frame, last, What::Octets(whole));
                stream.frame = entry.frame;
            }
        }
        messages
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
