//! Packets of a pcap or pcapng file (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng).

use std::time::Duration;

/// A captured packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Number in the file, from 1, as Wireshark counts.
    pub number: u64,
    /// Time since 1970, where the file has it.
    pub time: Option<Duration>,
    /// Link type (LINKTYPE_ registry).
    pub link: u32,
    /// What was captured.
    pub data: &'a [u8],
}

/// Why a capture cannot be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaptureError {
    /// A block or packet goes past the end of the file.
    Truncated {
        /// Where the block starts.
        offset: usize,
    },
    /// A block is not what the format says.
    Malformed {
        /// Where the block starts.
        offset: usize,
        /// What is wrong.
        what: &'static str,
    },
}

impl std::error::Error for CaptureError {}

impl std::fmt::Display for CaptureError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Truncated { offset } => {
                write!(f, "the capture ends within the block at octet {offset}")
            }
            Self::Malformed { offset, what } => {
                write!(f, "the block at octet {offset} is malformed: {what}")
            }
        }
    }
}

const PCAPNG: u32 = 0x0a0d_0d0a;
const PCAP_MICROS: u32 = 0xa1b2_c3d4;
const PCAP_NANOS: u32 = 0xa1b2_3c4d;

/// Whether the octets start as a capture does.
#[must_use]
pub fn is_capture(bytes: &[u8]) -> bool {
    let Some(magic) = word(bytes, 0, Endian::Little) else {
        return false;
    };
    [PCAPNG, PCAP_MICROS, PCAP_NANOS]
        .iter()
        .any(|known| magic == *known || magic.swap_bytes() == *known)
}

/// The packets of a capture, and why it ends before its end when it does.
#[must_use]
pub fn packets(bytes: &[u8]) -> (Vec<Packet<'_>>, Option<CaptureError>) {
    let mut packets = Vec::new();
    let result = match word(bytes, 0, Endian::Little) {
        Some(PCAPNG) => pcapng(bytes, &mut packets),
        _ => pcap(bytes, &mut packets),
    };
    (packets, result.err())
}

#[derive(Debug, Clone, Copy)]
enum Endian {
    Little,
    Big,
}

fn word(bytes: &[u8], at: usize, endian: Endian) -> Option<u32> {
    let octets: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(match endian {
        Endian::Little => u32::from_le_bytes(octets),
        Endian::Big => u32::from_be_bytes(octets),
    })
}

fn half(bytes: &[u8], at: usize, endian: Endian) -> Option<u16> {
    let octets: [u8; 2] = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(match endian {
        Endian::Little => u16::from_le_bytes(octets),
        Endian::Big => u16::from_be_bytes(octets),
    })
}

fn slice(bytes: &[u8], at: usize, length: u32) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(usize::try_from(length).ok()?)?)
}

fn pcap<'a>(bytes: &'a [u8], packets: &mut Vec<Packet<'a>>) -> Result<(), CaptureError> {
    let truncated = |offset| CaptureError::Truncated { offset };
    let magic = word(bytes, 0, Endian::Little).ok_or(truncated(0))?;
    let (endian, nanos) = match (magic, magic.swap_bytes()) {
        (PCAP_MICROS, _) => (Endian::Little, false),
        (PCAP_NANOS, _) => (Endian::Little, true),
        (_, PCAP_MICROS) => (Endian::Big, false),
        _ => (Endian::Big, true),
    };
    // The upper bits of the link type say how long a frame check sequence is.
    let link = word(bytes, 20, endian).ok_or(truncated(0))? & 0x0fff_ffff;
    let mut at = 24;
    while at < bytes.len() {
        let field = |index| word(bytes, at + index, endian).ok_or(truncated(at));
        let (seconds, fraction, length) = (field(0)?, field(4)?, field(8)?);
        let nanos = if nanos {
            fraction
        } else {
            fraction.saturating_mul(1000)
        };
        let data = slice(bytes, at + 16, length).ok_or(truncated(at))?;
        let time =
            Some(Duration::from_secs(u64::from(seconds)) + Duration::from_nanos(u64::from(nanos)));
        packets.push(Packet {
            number: packets.len() as u64 + 1,
            time,
            link,
            data,
        });
        at += 16 + data.len();
    }
    Ok(())
}

/// An interface of a pcapng section.
#[derive(Debug, Clone, Copy)]
struct Interface {
    link: u32,
    /// Time stamp units in a second.
    resolution: u64,
    snap: u32,
}

fn pcapng<'a>(bytes: &'a [u8], packets: &mut Vec<Packet<'a>>) -> Result<(), CaptureError> {
    let mut endian = Endian::Little;
    let mut interfaces: Vec<Interface> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let truncated = CaptureError::Truncated { offset: at };
        let malformed = |what| CaptureError::Malformed { offset: at, what };
        if word(bytes, at, Endian::Little) == Some(PCAPNG) {
            // A new section may have another byte order.
            endian = match word(bytes, at + 8, Endian::Little).ok_or(truncated)? {
                0x1a2b_3c4d => Endian::Little,
                0x4d3c_2b1a => Endian::Big,
                _ => return Err(malformed("unknown byte order")),
            };
            interfaces.clear();
        }
        let kind = word(bytes, at, endian).ok_or(truncated)?;
        let length = word(bytes, at + 4, endian).ok_or(truncated)?;
        if length < 12 || length % 4 != 0 {
            return Err(malformed("bad block length"));
        }
        let block = slice(bytes, at, length).ok_or(truncated)?;
        let body = block.get(8..block.len() - 4).unwrap_or_default();
        let packet = match kind {
            1 => {
                interfaces
                    .push(interface(body, endian).ok_or(malformed("short interface description"))?);
                None
            }
            6 => Some(
                enhanced(body, endian, &interfaces).ok_or(malformed("short enhanced packet"))?,
            ),
            3 => Some(simple(body, endian, &interfaces).ok_or(malformed("short simple packet"))?),
            _ => None,
        };
        if let Some((time, link, data)) = packet {
            packets.push(Packet {
                number: packets.len() as u64 + 1,
                time,
                link,
                data,
            });
        }
        at += block.len();
    }
    Ok(())
}

type Contents<'a> = (Option<Duration>, u32, &'a [u8]);

fn interface(body: &[u8], endian: Endian) -> Option<Interface> {
    let link = u32::from(half(body, 0, endian)?);
    let snap = word(body, 4, endian)?;
    let mut resolution = 1_000_000;
    let mut at = 8;
    while let (Some(code), Some(length)) = (half(body, at, endian), half(body, at + 2, endian)) {
        if code == 0 {
            break;
        }
        if let (9, Some(value)) = (code, body.get(at + 4)) {
            let exponent = u32::from(value & 0x7f);
            let base: u64 = if value & 0x80 == 0 { 10 } else { 2 };
            resolution = base.checked_pow(exponent).unwrap_or(u64::MAX);
        }
        at += 4 + usize::from(length).next_multiple_of(4);
    }
    Some(Interface {
        link,
        resolution,
        snap,
    })
}

fn enhanced<'a>(body: &'a [u8], endian: Endian, interfaces: &[Interface]) -> Option<Contents<'a>> {
    let interface = interfaces.get(usize::try_from(word(body, 0, endian)?).ok()?)?;
    let ticks = u64::from(word(body, 4, endian)?) << 32 | u64::from(word(body, 8, endian)?);
    let data = slice(body, 20, word(body, 12, endian)?)?;
    Some((
        Some(time_of(ticks, interface.resolution)),
        interface.link,
        data,
    ))
}

fn simple<'a>(body: &'a [u8], endian: Endian, interfaces: &[Interface]) -> Option<Contents<'a>> {
    let interface = interfaces.first()?;
    let original = word(body, 0, endian)?;
    let captured = if interface.snap == 0 {
        original
    } else {
        original.min(interface.snap)
    };
    Some((None, interface.link, slice(body, 4, captured)?))
}

fn time_of(ticks: u64, resolution: u64) -> Duration {
    let (seconds, rest) = (ticks / resolution, ticks % resolution);
    let nanos = u128::from(rest) * 1_000_000_000 / u128::from(resolution);
    Duration::from_secs(seconds) + Duration::from_nanos(u64::try_from(nanos).unwrap_or_default())
}
