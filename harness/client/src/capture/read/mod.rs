//! Reads captures: the packets of a pcap or pcapng file, and the messages that TCP carries in them.
//!
//! A file may be anything: what cannot be read ends the reading and says where, work and memory are linear in its size.

mod file;
mod link;
mod tcp;

pub use file::{CaptureError, Packet, is_capture, packets};
pub use tcp::{Message, messages};

#[cfg(test)]
mod tests;
