//! What `decode` reads: hexadecimal text, raw octets, pcap and pcapng.

mod capture;
mod hex;
mod link;
mod tcp;

pub(crate) use capture::{is_capture, packets};
pub(crate) use hex::{HexError, parse_hex};
pub(crate) use tcp::{Message, messages};

#[cfg(test)]
mod tests;
