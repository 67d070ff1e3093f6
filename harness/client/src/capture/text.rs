//! A capture as text: each message with its time, its frame and its parts.

use std::fmt::Write as _;

use iedassay_wire::annotate::{Start, annotate_from, render};
use iedassay_wire::mms::{TimeQuality, UtcTime};

use super::{Direction, Message, Snapshot, What};

/// Lines of one message beyond which the rest is left out.
const MAX_LINES: usize = 500;

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
    if let Some(first) = snapshot.entries.first() {
        let wall =
            UtcTime::from_since_epoch(snapshot.anchor.since_unix_epoch(first.at), TimeQuality(0));
        let _ = writeln!(out, "times count from {wall}");
    }
    for message in snapshot.messages() {
        for note in &message.notes {
            let _ = writeln!(out, "\n== {note}");
        }
        write_message(&mut out, snapshot, &message);
    }
    for note in &snapshot.notes {
        let _ = writeln!(out, "\n== {note}");
    }
    if snapshot.truncated {
        out.push_str("\nthe size limit was reached; later octets are missing\n");
    }
    out
}

fn write_message(out: &mut String, snapshot: &Snapshot, message: &Message) {
    let arrow = match message.direction {
        Direction::Sent => "->",
        Direction::Received => "<-",
    };
    let name = snapshot.connections.get(message.connection);
    let _ = writeln!(
        out,
        "\n{:12.6}  #{}  {} {arrow}  {}",
        message.at.as_secs_f64(),
        message.frame,
        name.map_or("?", |ends| ends.name.as_str()),
        message.summary()
    );
    let What::Octets(octets) = &message.what else {
        return;
    };
    let tree = render(&annotate_from(octets, Start::Tpkt));
    for (number, line) in tree.lines().enumerate() {
        if number == MAX_LINES {
            let left = tree.lines().count() - MAX_LINES;
            let _ = writeln!(out, "      ... {left} lines more");
            break;
        }
        let _ = writeln!(out, "      {line}");
    }
}
