//! How deep Data may nest does not depend on how its lengths are written or on whether anybody wants to know of oddities.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use iedassay_wire::mms::{Data, DataView, Pdu};
use iedassay_wire::{ErrorKind, Observations};

/// An element with the shortest length, which most take a short way for, or one of five octets.
fn element(identifier: u8, content: &[u8], shortest: bool) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let length = match content.len() {
        0..0x80 if shortest => vec![length[3]],
        0x80..0x100 if shortest => vec![0x81, length[3]],
        0x100..0x1_0000 if shortest => vec![0x82, length[2], length[3]],
        _ => [&[0x84][..], &length].concat(),
    };
    [&[identifier][..], &length, content].concat()
}

/// Arrays or structures inside each other.
fn nested(identifier: u8, levels: usize, shortest: bool) -> Vec<u8> {
    (0..levels).fold(Vec::new(), |inner, _| element(identifier, &inner, shortest))
}

/// Whether the decoder refuses it for its depth; any other error is a failure.
fn too_deep<T>(decoded: Result<T, iedassay_wire::WireError>) -> bool {
    decoded.is_err_and(|error| {
        assert_eq!(error.kind, ErrorKind::DepthExceeded);
        true
    })
}

#[test]
fn data_nest_as_deep_as_allowed_in_every_encoding() {
    for identifier in [0xa1, 0xa2] {
        for levels in 80..120 {
            // Reads of the value alone and in a read response, which has three levels of its own.
            let mut alone = Vec::new();
            let mut inside = Vec::new();
            for shortest in [true, false] {
                let data = nested(identifier, levels, shortest);
                alone.push(too_deep(Data::decode(&data)));
                alone.push(too_deep(DataView::decode(&data)));
                let results = element(0xa4, &element(0xa1, &data, shortest), shortest);
                let pdu = element(0xa1, &[&[2, 1, 7][..], &results].concat(), shortest);
                inside.push(too_deep(Pdu::decode(&pdu)));
                let sink = Observations::new();
                inside.push(too_deep(Pdu::decode_observed(&pdu, &sink)));
            }
            assert_eq!(alone, [levels > 96; 4], "{levels} alone");
            assert_eq!(inside, [levels > 93; 4], "{levels} in a response");
        }
    }
}
