//! Below MMS: packets, TPDUs, SPDUs and PPDUs that are wrong or do not end.

use iedassay_wire::{
    Layer,
    cotp::{Data, Tpdu, codes},
    presentation::{MMS_CONTEXT, encode_data},
    session::{data_prefix, si},
    tpkt,
};

use super::{Scene, packet};
use crate::hostile::unit::Unit;

/// The header of the largest packet, and then an octet at a time.
pub(in super::super) fn trickle(scene: &mut Scene<'_>) -> Vec<u8> {
    match scene.made {
        0 => vec![tpkt::VERSION, 0, 0xff, 0xff, 2, codes::DT, 0x80],
        _ => vec![0],
    }
}

/// A part of a TSDU of a thousand octets that is never the last.
pub(in super::super) fn fragments(_: &mut Scene<'_>) -> Vec<u8> {
    fragment(&[0x55; 1000])
}

/// A part of a TSDU without an octet that is never the last.
pub(in super::super) fn empty_fragments(_: &mut Scene<'_>) -> Vec<u8> {
    fragment(&[])
}

fn fragment(payload: &[u8]) -> Vec<u8> {
    let data = Tpdu::Data(Data {
        end: false,
        number: 0,
        payload,
    });
    data.encode().map(|tpdu| packet(&tpdu)).unwrap_or_default()
}

/// ABORT with garbage for user data.
pub(in super::super) fn odd_abort(scene: &mut Scene<'_>) -> Vec<u8> {
    let garbage = [scene.random.octet(), 0xff, 0x7f];
    // Transport disconnect, then user data that are no PPDU (ISO 8327-1, 8.3.9).
    let parameters = [&[17, 1, 2, 193, 3][..], &garbage].concat();
    let length = u8::try_from(parameters.len()).unwrap_or_default();
    scene
        .frames
        .tsdu(&[&[si::ABORT, length][..], &parameters].concat())
}

/// Another protocol's greeting.
pub(in super::super) fn other_protocol(_: &mut Scene<'_>) -> Vec<u8> {
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".to_vec()
}

/// The packet with a broken header.
pub(in super::super) fn tpkt(scene: &mut Scene<'_>) -> Vec<u8> {
    first_packet(scene, |scene, whole| {
        scene.broken_at(whole, Some(Layer::Tpkt))
    })
}

/// The data TPDU with a broken header.
pub(in super::super) fn cotp(scene: &mut Scene<'_>) -> Vec<u8> {
    first_packet(scene, |scene, whole| {
        let tpdu = whole.get(tpkt::HEADER..)?;
        scene
            .broken_at(tpdu, Some(Layer::Cotp))
            .map(|tpdu| packet(&tpdu))
    })
}

/// Changes the first packet of a unit and sends the rest as it is.
fn first_packet(
    scene: &mut Scene<'_>,
    change: impl FnOnce(&mut Scene<'_>, &[u8]) -> Option<Vec<u8>>,
) -> Vec<u8> {
    let octets = scene.honest();
    let length = tpkt::packet_length(&octets).ok().flatten();
    let Some((first, rest)) = length.and_then(|length| octets.split_at_checked(length)) else {
        return octets;
    };
    match change(scene, first) {
        Some(first) => [first.as_slice(), rest].concat(),
        None => octets,
    }
}

/// The connection confirm broken.
pub(in super::super) fn confirm(scene: &mut Scene<'_>) -> Vec<u8> {
    let Some(Unit::Tpdu(tpdu)) = scene.unit else {
        return scene.honest();
    };
    match scene.broken_at(tpdu, Some(Layer::Cotp)) {
        Some(broken) => packet(&broken),
        None => scene.honest(),
    }
}

/// A TPDU that has no place in the data phase.
pub(in super::super) fn misplaced(scene: &mut Scene<'_>) -> Vec<u8> {
    let tpdus: [&[u8]; 4] = [
        &[6, codes::CC, 0, 1, 0, 2, 0],
        &[6, codes::CR, 0, 0, 0, 2, 0],
        &[4, codes::ED, 0, 1, 0x80],
        &[4, 0x60, 0, 1, 0],
    ];
    let at = scene.random.below(tpdus.len());
    tpdus.get(at).map(|tpdu| packet(tpdu)).unwrap_or_default()
}

/// The SPDU broken.
pub(in super::super) fn session(scene: &mut Scene<'_>) -> Vec<u8> {
    let Some(pdu) = scene.pdu() else {
        return scene.honest();
    };
    let spdu = [data_prefix().as_slice(), &encode_data(MMS_CONTEXT, pdu)].concat();
    match scene.broken_at(&spdu, Some(Layer::Session)) {
        Some(broken) => scene.frames.tsdu(&broken),
        None => scene.honest(),
    }
}

/// The PPDU broken: an element around the MMS PDU, or one of that.
pub(in super::super) fn presentation(scene: &mut Scene<'_>) -> Vec<u8> {
    let Some(pdu) = scene.pdu() else {
        return scene.honest();
    };
    let ppdu = encode_data(MMS_CONTEXT, pdu);
    match scene.broken_at(&ppdu, None) {
        Some(broken) => scene.frames.ppdu(&broken),
        None => scene.honest(),
    }
}
