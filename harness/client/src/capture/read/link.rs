//! From a link frame to its TCP segment.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::file::Packet;

/// A TCP segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    /// Sequence number of the first octet of the payload.
    pub(super) sequence: u32,
    pub(super) syn: bool,
    pub(super) fin: bool,
    pub(super) reset: bool,
    pub(super) payload: &'a [u8],
}

/// The TCP segment of a packet, if it has a whole one.
pub(super) fn segment<'a>(packet: &Packet<'a>) -> Option<Segment<'a>> {
    let data = packet.data;
    match packet.link {
        // Loopback: the address family, in the byte order of the machine.
        0 | 108 => ip(data.get(4..)?),
        1 => ethernet(data),
        12 | 14 | 101 | 228 | 229 => ip(data),
        // Linux cooked capture, versions 1 and 2.
        113 => by_type(u16_at(data, 14)?, data.get(16..)?),
        276 => by_type(u16_at(data, 0)?, data.get(20..)?),
        _ => None,
    }
}

fn ethernet(data: &[u8]) -> Option<Segment<'_>> {
    let mut at = 12;
    // VLAN tags may be stacked.
    while matches!(u16_at(data, at)?, 0x8100 | 0x88a8 | 0x9100) {
        at += 4;
    }
    by_type(u16_at(data, at)?, data.get(at + 2..)?)
}

fn by_type(ether_type: u16, data: &[u8]) -> Option<Segment<'_>> {
    match ether_type {
        0x0800 | 0x86dd => ip(data),
        0x8100 | 0x88a8 => by_type(u16_at(data, 2)?, data.get(4..)?),
        _ => None,
    }
}

fn ip(data: &[u8]) -> Option<Segment<'_>> {
    match data.first()? >> 4 {
        4 => ipv4(data),
        6 => ipv6(data),
        _ => None,
    }
}

fn ipv4(data: &[u8]) -> Option<Segment<'_>> {
    let header = usize::from(data.first()? & 0x0f) * 4;
    let total = usize::from(u16_at(data, 2)?);
    // A fragment is no segment, and IEC 61850 servers do not fragment.
    if u16_at(data, 6)? & 0x3fff != 0 || *data.get(9)? != 6 {
        return None;
    }
    let address = |at: usize| -> Option<IpAddr> {
        let octets: [u8; 4] = data.get(at..at + 4)?.try_into().ok()?;
        Some(Ipv4Addr::from(octets).into())
    };
    // Offloading network cards leave the length at zero; frames shorter than 64 octets are padded.
    let end = if total == 0 {
        data.len()
    } else {
        total.min(data.len())
    };
    tcp(address(12)?, address(16)?, data.get(header..end)?)
}

fn ipv6(data: &[u8]) -> Option<Segment<'_>> {
    let length = usize::from(u16_at(data, 4)?);
    let end = if length == 0 {
        data.len()
    } else {
        (40 + length).min(data.len())
    };
    let address = |at: usize| -> Option<IpAddr> {
        let octets: [u8; 16] = data.get(at..at + 16)?.try_into().ok()?;
        Some(Ipv6Addr::from(octets).into())
    };
    let (mut next, mut at) = (*data.get(6)?, 40);
    // Hop-by-hop, routing and destination options come before TCP.
    while matches!(next, 0 | 43 | 60) {
        next = *data.get(at)?;
        at += (usize::from(*data.get(at + 1)?) + 1) * 8;
    }
    if next != 6 {
        return None;
    }
    tcp(address(8)?, address(24)?, data.get(at..end)?)
}

fn tcp(from: IpAddr, to: IpAddr, data: &[u8]) -> Option<Segment<'_>> {
    let header = usize::from(data.get(12)? >> 4) * 4;
    let flags = data.get(13)?;
    Some(Segment {
        from: SocketAddr::new(from, u16_at(data, 0)?),
        to: SocketAddr::new(to, u16_at(data, 2)?),
        sequence: u32::from_be_bytes(data.get(4..8)?.try_into().ok()?),
        syn: flags & 2 != 0,
        fin: flags & 1 != 0,
        reset: flags & 4 != 0,
        payload: data.get(header..)?,
    })
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(
        data.get(at..at.checked_add(2)?)?.try_into().ok()?,
    ))
}
