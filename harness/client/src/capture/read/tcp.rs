//! From TCP segments to messages: each direction of each connection put in order, cut into TPKTs, and those joined
//! until COTP says that a message is complete.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::net::SocketAddr;
use std::time::Duration;

use super::file::Packet;
use super::link::{Segment, segment};

/// Octets kept for a segment that came too early; more means that the capture lost something for good.
const MAX_WAITING: usize = 1 << 20;
/// The port of TPKT over TCP (RFC 1006), and the one with TLS (IEC 62351-3).
const ISO_TSAP: u16 = 102;

/// One message: the TPKTs that carry one COTP TPDU or one complete TSDU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Number of the packet that completed it.
    pub frame: u64,
    /// Its time, where the capture has it.
    pub time: Option<Duration>,
    /// Who sent it.
    pub from: SocketAddr,
    /// To whom.
    pub to: SocketAddr,
    /// The octets from the first TPKT on; empty for a note.
    pub octets: Vec<u8>,
    /// What happened on the connection, for instance that octets are missing.
    pub note: Option<&'static str>,
}

/// The messages of a capture in the order in which they became complete. Connections that carry no TPKT are left out.
#[must_use]
pub fn messages(packets: &[Packet<'_>]) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut directions: BTreeMap<(SocketAddr, SocketAddr), Direction> = BTreeMap::new();
    let mut last = None;
    for packet in packets {
        let Some(segment) = segment(packet) else {
            continue;
        };
        let direction = directions.entry((segment.from, segment.to)).or_default();
        direction.take(packet, &segment, &mut messages);
        last = Some(packet);
    }
    // What was cut off by the end of the capture is worth showing too.
    if let Some(packet) = last {
        for ((from, to), direction) in &mut directions {
            direction.flush(
                packet,
                *from,
                *to,
                "incomplete at the end of the capture",
                &mut messages,
            );
        }
    }
    messages
}

#[derive(Default)]
struct Direction {
    /// Sequence number that comes next; none before the first segment.
    next: Option<u32>,
    /// Segments that came before their turn.
    waiting: BTreeMap<u32, Vec<u8>>,
    /// Octets in them.
    waiting_octets: usize,
    /// Octets in order that are no complete message yet.
    buffer: Vec<u8>,
    /// Of them those in whole TPKTs, which need not be looked at again.
    scanned: usize,
    /// Once known: this direction carries TPKT, or something else.
    is_iso: Option<bool>,
}

impl Direction {
    fn take(&mut self, packet: &Packet<'_>, segment: &Segment<'_>, messages: &mut Vec<Message>) {
        if segment.syn {
            *self = Self {
                next: Some(segment.sequence.wrapping_add(1)),
                ..Self::default()
            };
            return;
        }
        let next = *self.next.get_or_insert(segment.sequence);
        if !segment.payload.is_empty() {
            self.place(next, segment);
            self.drain();
            self.cut(packet, segment, messages);
        }
        if segment.reset || segment.fin {
            self.flush(
                packet,
                segment.from,
                segment.to,
                "incomplete when the connection ended",
                messages,
            );
            if self.is_iso == Some(true) {
                let note = if segment.reset {
                    "connection reset"
                } else {
                    "connection closed"
                };
                messages.push(message(
                    packet,
                    segment.from,
                    segment.to,
                    Vec::new(),
                    Some(note),
                ));
            }
        }
    }

    // Puts a segment in its place: behind what is there, or aside until its turn comes. Repeated octets are dropped.
    fn place(&mut self, next: u32, segment: &Segment<'_>) {
        let ahead = segment.sequence.wrapping_sub(next);
        if ahead < u32::MAX / 2 {
            if self.waiting_octets > MAX_WAITING {
                // The octets in between will not come: go on behind the gap, at the next TPKT.
                self.forget();
                self.next = self
                    .waiting
                    .keys()
                    .min_by_key(|at| at.wrapping_sub(next))
                    .copied();
            }
            self.wait(segment.sequence, segment.payload);
        } else {
            let repeated =
                usize::try_from(next.wrapping_sub(segment.sequence)).unwrap_or(usize::MAX);
            if let Some(rest) = segment
                .payload
                .get(repeated..)
                .filter(|rest| !rest.is_empty())
            {
                self.wait(next, rest);
            }
        }
    }

    fn wait(&mut self, sequence: u32, octets: &[u8]) {
        if let Entry::Vacant(place) = self.waiting.entry(sequence) {
            place.insert(octets.to_vec());
            self.waiting_octets += octets.len();
        }
    }

    fn forget(&mut self) {
        self.buffer.clear();
        self.scanned = 0;
    }

    fn drain(&mut self) {
        while let Some(next) = self.next
            && let Some(octets) = self.waiting.remove(&next)
        {
            self.waiting_octets -= octets.len();
            self.next = Some(next.wrapping_add(u32::try_from(octets.len()).unwrap_or(u32::MAX)));
            self.buffer.extend_from_slice(&octets);
        }
    }

    fn cut(&mut self, packet: &Packet<'_>, segment: &Segment<'_>, messages: &mut Vec<Message>) {
        let is_iso = *self.is_iso.get_or_insert_with(|| {
            segment.from.port() == ISO_TSAP
                || segment.to.port() == ISO_TSAP
                || self.buffer.starts_with(&[3, 0])
        });
        if !is_iso {
            self.forget();
            return;
        }
        let mut begin = 0;
        let mut at = self.scanned;
        while let Some((length, ends)) = tpkt(self.buffer.get(at..).unwrap_or_default()) {
            at += length;
            if ends {
                let octets = self.buffer.get(begin..at).unwrap_or_default().to_vec();
                messages.push(message(packet, segment.from, segment.to, octets, None));
                begin = at;
            }
        }
        self.buffer.drain(..begin);
        self.scanned = at - begin;
    }

    fn flush(
        &mut self,
        packet: &Packet<'_>,
        from: SocketAddr,
        to: SocketAddr,
        note: &'static str,
        messages: &mut Vec<Message>,
    ) {
        if self.is_iso == Some(true) && !self.buffer.is_empty() {
            let octets = std::mem::take(&mut self.buffer);
            messages.push(message(packet, from, to, octets, Some(note)));
        }
        self.forget();
    }
}

fn message(
    packet: &Packet<'_>,
    from: SocketAddr,
    to: SocketAddr,
    octets: Vec<u8>,
    note: Option<&'static str>,
) -> Message {
    Message {
        frame: packet.number,
        time: packet.time,
        from,
        to,
        octets,
        note,
    }
}

/// Octets of the first TPKT, and whether a message ends with it: its TPDU is no DT, or a DT that ends a TSDU. What is no
/// TPKT at all is one with everything in it; `None` when there is no whole one.
fn tpkt(rest: &[u8]) -> Option<(usize, bool)> {
    let [version, _, high, low, ..] = rest else {
        return None;
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if *version != 3 || length < 4 {
        return Some((rest.len(), true));
    }
    let goes_on = match rest.get(..length)?.get(5..7) {
        Some([kind, end]) => kind & 0xf0 == 0xf0 && end & 0x80 == 0,
        _ => false,
    };
    Some((length, !goes_on))
}
