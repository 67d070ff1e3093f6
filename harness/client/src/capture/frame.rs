//! Ethernet, IP and TCP around the octets of a connection.

use std::net::{IpAddr, SocketAddr};

use super::{Direction, Ends, What};

/// Most octets in one segment: what an IPv4 packet of 65535 octets has room for.
const SEGMENT: usize = 65_535 - 20 - 20;
const WINDOW: u16 = 65_535;

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const PSH: u8 = 0x08;
const ACK: u8 = 0x10;

/// How many frames `what` makes.
pub(super) fn count(what: &What) -> u64 {
    match what {
        What::Open => 3,
        What::Octets(octets) => octets.len().div_ceil(SEGMENT) as u64,
        What::Fin => 2,
        What::Reset => 1,
    }
}

/// The TCP state of one connection: the next sequence number of each side.
pub(super) struct Tcp {
    local: SocketAddr,
    peer: SocketAddr,
    sent: u32,
    received: u32,
}

impl Tcp {
    pub(super) fn new(ends: &Ends, index: usize) -> Self {
        // Initial sequence numbers are arbitrary; different ones keep the two sides apart.
        let start = (index as u32).wrapping_mul(100_000);
        Self {
            local: ends.local,
            peer: ends.peer,
            sent: start.wrapping_add(1000),
            received: start.wrapping_add(2000),
        }
    }

    /// The frames of one entry, as many as [`count`] says.
    pub(super) fn frames(&mut self, direction: Direction, what: &What) -> Vec<Vec<u8>> {
        use Direction::{Received, Sent};
        match what {
            What::Open => {
                vec![
                    self.segment(Sent, SYN, &[]),
                    self.segment(Received, SYN | ACK, &[]),
                    self.segment(Sent, ACK, &[]),
                ]
            }
            What::Octets(octets) => octets
                .chunks(SEGMENT)
                .map(|piece| self.segment(direction, PSH | ACK, piece))
                .collect(),
            What::Fin => {
                let other = if direction == Sent { Received } else { Sent };
                vec![
                    self.segment(direction, FIN | ACK, &[]),
                    self.segment(other, ACK, &[]),
                ]
            }
            What::Reset => vec![self.segment(direction, RST | ACK, &[])],
        }
    }

    fn segment(&mut self, direction: Direction, flags: u8, payload: &[u8]) -> Vec<u8> {
        let (from, to, seq, ack) = match direction {
            Direction::Sent => (self.local, self.peer, self.sent, self.received),
            Direction::Received => (self.peer, self.local, self.received, self.sent),
        };
        let ack = if flags & ACK == 0 { 0 } else { ack };
        let used = payload.len() as u32 + u32::from(flags & (SYN | FIN) != 0);
        match direction {
            Direction::Sent => self.sent = self.sent.wrapping_add(used),
            Direction::Received => self.received = self.received.wrapping_add(used),
        }
        let mut tcp = Vec::with_capacity(20 + payload.len());
        tcp.extend(from.port().to_be_bytes());
        tcp.extend(to.port().to_be_bytes());
        tcp.extend(seq.to_be_bytes());
        tcp.extend(ack.to_be_bytes());
        tcp.extend([0x50, flags]);
        tcp.extend(WINDOW.to_be_bytes());
        tcp.extend([0; 4]);
        tcp.extend(payload);
        let sum = tcp_checksum(from.ip(), to.ip(), &tcp);
        if let Some(field) = tcp.get_mut(16..18) {
            field.copy_from_slice(&sum.to_be_bytes());
        }
        ethernet(direction, from.ip(), to.ip(), &tcp)
    }
}

fn ethernet(direction: Direction, from: IpAddr, to: IpAddr, tcp: &[u8]) -> Vec<u8> {
    // Locally administered addresses: 02 is the client, 01 the server.
    let (client, server) = ([2, 0, 0, 0, 0, 2], [2, 0, 0, 0, 0, 1]);
    let (source, destination) = match direction {
        Direction::Sent => (client, server),
        Direction::Received => (server, client),
    };
    let mut frame = Vec::with_capacity(14 + 40 + tcp.len());
    frame.extend(destination);
    frame.extend(source);
    match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            frame.extend([0x08, 0x00]);
            let mut ip = [0; 20];
            let length = (20 + tcp.len()) as u16;
            ip[0] = 0x45;
            ip[2..4].copy_from_slice(&length.to_be_bytes());
            ip[6] = 0x40; // do not fragment
            ip[8] = 64;
            ip[9] = 6;
            ip[12..16].copy_from_slice(&from.octets());
            ip[16..20].copy_from_slice(&to.octets());
            let sum = fold(sum(&ip));
            ip[10..12].copy_from_slice(&sum.to_be_bytes());
            frame.extend(ip);
        }
        _ => {
            frame.extend([0x86, 0xdd]);
            frame.extend([0x60, 0, 0, 0]);
            frame.extend((tcp.len() as u16).to_be_bytes());
            frame.extend([6, 64]);
            frame.extend(v6(from));
            frame.extend(v6(to));
        }
    }
    frame.extend(tcp);
    frame
}

fn v6(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}

/// The checksum of a segment with its pseudo header (RFC 9293, 3.1).
fn tcp_checksum(from: IpAddr, to: IpAddr, tcp: &[u8]) -> u16 {
    let addresses = match (from, to) {
        (IpAddr::V4(from), IpAddr::V4(to)) => sum(&from.octets()) + sum(&to.octets()),
        _ => sum(&v6(from)) + sum(&v6(to)),
    };
    fold(addresses + 6 + tcp.len() as u64 + sum(tcp))
}

fn sum(octets: &[u8]) -> u64 {
    octets
        .chunks(2)
        .map(|pair| match *pair {
            [high, low] => u64::from(u16::from_be_bytes([high, low])),
            [high] => u64::from(high) << 8,
            _ => 0,
        })
        .sum()
}

fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum_agrees_with_a_known_header() {
        // The worked example of many text books: an IPv4 header whose checksum is b861.
        let header = [
            0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0x00, 0x00, 0xc0, 0xa8,
            0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7,
        ];
        assert_eq!(fold(sum(&header)), 0xb861);
    }

    #[test]
    fn counts_as_many_frames_as_it_makes() {
        let ends = Ends {
            name: "main".into(),
            local: "192.0.2.100:50000".parse().unwrap(),
            peer: "192.0.2.1:102".parse().unwrap(),
            real_port: None,
        };
        let mut tcp = Tcp::new(&ends, 0);
        for what in [
            What::Open,
            What::Octets(vec![0; 200_000]),
            What::Octets(vec![1]),
            What::Fin,
            What::Reset,
        ] {
            assert_eq!(
                tcp.frames(Direction::Sent, &what).len() as u64,
                count(&what)
            );
        }
    }
}
