//! The pcapng file format (draft-ietf-opsawg-pcapng): one section, one interface.

use std::time::Duration;

use super::frame::Tcp;
use super::{Entry, Snapshot, What};

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const ENHANCED_PACKET: u32 = 6;
const ETHERNET: u16 = 1;
const COMMENT: u16 = 1;

/// The whole capture as a file.
pub(super) fn write(snapshot: &Snapshot) -> Vec<u8> {
    let mut file = Vec::new();
    section_header(&mut file, snapshot);
    interface(&mut file);
    let mut tcp: Vec<Tcp> = snapshot
        .connections
        .iter()
        .enumerate()
        .map(|(index, ends)| Tcp::new(ends, index))
        .collect();
    for entry in &snapshot.entries {
        let Some(tcp) = tcp.get_mut(entry.connection) else {
            continue;
        };
        let at = snapshot.anchor.since_unix_epoch(entry.at);
        let mut comments = comments(snapshot, entry);
        for frame in tcp.frames(entry.direction, &entry.what) {
            packet(&mut file, at, &frame, &std::mem::take(&mut comments));
        }
    }
    file
}

/// The notes of an entry, and who connects to whom on the first frame of a connection.
fn comments(snapshot: &Snapshot, entry: &Entry) -> Vec<String> {
    let mut comments = entry.notes.clone();
    if let (What::Open, Some(ends)) = (&entry.what, snapshot.connections.get(entry.connection)) {
        let mut text = format!("client {}", ends.name);
        if let Some(port) = ends.real_port {
            text.push_str(&format!(
                ", server port {port} shown as {}",
                ends.peer.port()
            ));
        }
        comments.push(text);
    }
    comments
}

fn section_header(file: &mut Vec<u8>, snapshot: &Snapshot) {
    let mut body = Vec::new();
    body.extend(0x1a2b_3c4d_u32.to_le_bytes());
    body.extend(1_u16.to_le_bytes());
    body.extend(0_u16.to_le_bytes());
    body.extend(u64::MAX.to_le_bytes()); // section length not given
    option(
        &mut body,
        4,
        concat!("iedassay ", env!("CARGO_PKG_VERSION")).as_bytes(),
    );
    if snapshot.truncated {
        option(
            &mut body,
            COMMENT,
            b"the size limit was reached; later octets are missing",
        );
    }
    for note in &snapshot.notes {
        option(&mut body, COMMENT, note.as_bytes());
    }
    end_of_options(&mut body);
    block(file, SECTION_HEADER, &body);
}

fn interface(file: &mut Vec<u8>) {
    let mut body = Vec::new();
    body.extend(ETHERNET.to_le_bytes());
    body.extend(0_u16.to_le_bytes());
    body.extend(0_u32.to_le_bytes()); // no snapshot length
    option(&mut body, 2, b"iedassay");
    option(
        &mut body,
        3,
        b"written by the client from what it sent and received",
    );
    option(&mut body, 9, &[9]); // nanoseconds
    end_of_options(&mut body);
    block(file, INTERFACE, &body);
}

fn packet(file: &mut Vec<u8>, at: Duration, frame: &[u8], comments: &[String]) {
    let nanoseconds = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX);
    let length = u32::try_from(frame.len()).unwrap_or(u32::MAX);
    let mut body = Vec::with_capacity(frame.len() + 32);
    body.extend(0_u32.to_le_bytes());
    body.extend(((nanoseconds >> 32) as u32).to_le_bytes());
    body.extend((nanoseconds as u32).to_le_bytes());
    body.extend(length.to_le_bytes());
    body.extend(length.to_le_bytes());
    body.extend(frame);
    pad(&mut body);
    if !comments.is_empty() {
        for comment in comments {
            option(&mut body, COMMENT, comment.as_bytes());
        }
        end_of_options(&mut body);
    }
    block(file, ENHANCED_PACKET, &body);
}

fn block(file: &mut Vec<u8>, kind: u32, body: &[u8]) {
    let length = u32::try_from(body.len() + 12).unwrap_or(u32::MAX);
    file.extend(kind.to_le_bytes());
    file.extend(length.to_le_bytes());
    file.extend(body);
    file.extend(length.to_le_bytes());
}

fn option(body: &mut Vec<u8>, code: u16, value: &[u8]) {
    // Long comments are cut; readers choke on options near 64 KiB.
    let value = value.get(..8_000).unwrap_or(value);
    body.extend(code.to_le_bytes());
    body.extend((value.len() as u16).to_le_bytes());
    body.extend(value);
    pad(body);
}

fn end_of_options(body: &mut Vec<u8>) {
    body.extend([0; 4]);
}

fn pad(body: &mut Vec<u8>) {
    while !body.len().is_multiple_of(4) {
        body.push(0);
    }
}
