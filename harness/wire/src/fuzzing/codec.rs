//! Promises of the codecs.

use crate::ber::{BitStr, Octets, Reader, Tlv};
use crate::error::{Layer, WireError};
use crate::fuzzing::text;
use crate::mms::{Data, DataView, InformationReportView, Pdu, ReadResponseView, peek};
use crate::mutate::{self as mutation, Mutation};
use crate::observe::Observations;
use crate::presentation::{self, AbortPpdu, UserData};
use crate::session::Spdu;
use crate::tpkt::{Deframer, packet_length};
use crate::{acse as ac, annotate as an, cotp as co};

/// An error points into the input and says something.
pub(super) fn check(error: WireError, input: &[u8]) {
    place(error, input);
    assert!(text::length(format_args!("{error}")) > 0);
}

/// An error points into the input.
fn place(error: WireError, input: &[u8]) {
    assert!(error.offset <= input.len(), "{error} in {}", input.len());
}

/// What decodes encodes to octets that decode and encode to themselves. `recode` gives `None` for what
/// is too large to encode.
fn stable(input: &[u8], recode: impl Fn(&[u8]) -> Result<Option<Vec<u8>>, WireError>) {
    match recode(input) {
        Err(error) => check(error, input),
        Ok(None) => {}
        Ok(Some(once)) => assert_eq!(recode(&once), Ok(Some(once.clone()))),
    }
}

/// BER: every element, read as one type, which its tag number chooses.
pub fn ber(input: &[u8]) {
    let sink = Observations::new();
    let reader = Reader::new(Layer::Mms, input).observed(&sink);
    if let Some(error) = walk(reader, input, 0) {
        check(error, input);
    }
    for observation in sink.into_vec() {
        assert!(observation.offset <= input.len());
    }
}

/// Gives the last error, of which there may be one for each element: all of them have a place, and one is read out.
fn walk(mut reader: Reader<'_>, input: &[u8], depth: usize) -> Option<WireError> {
    assert!(depth <= usize::from(u8::MAX), "depth is not bounded");
    let mut last = None;
    loop {
        let before = reader.offset();
        let found = match reader.next() {
            Ok(Some(tlv)) => {
                assert!(reader.offset() > before, "an element without octets");
                let here = input.get(tlv.offset()..reader.offset());
                assert!(here.is_some_and(|here| core::ptr::eq(here, tlv.raw())));
                let inside = match tlv.reader() {
                    Ok(inside) => walk(inside, input, depth.saturating_add(1)),
                    Err(error) => Some(error),
                };
                inside.iter().for_each(|error| place(*error, input));
                primitive(&tlv).err().or(inside)
            }
            Ok(None) => return last,
            Err(error) => {
                place(error, input);
                return Some(error);
            }
        };
        if let Some(error) = found {
            place(error, input);
            last = found;
        }
    }
}

/// The type follows from the tag number, so that any contents may be read as any type and each element costs one of them.
fn primitive(tlv: &Tlv<'_>) -> Result<(), WireError> {
    match tlv.tag().number() % 12 {
        0 => tlv.u64().map(drop),
        1 => tlv.boolean().map(drop),
        2 => tlv.integer().map(drop),
        3 => tlv.bits().map(bits),
        4 => tlv.octets().map(octets),
        5 => tlv.null(),
        6 => tlv
            .oid()
            .map(|oid| assert!(text::length(format_args!("{oid}")) > 0)),
        7 => tlv.u32().map(drop),
        8 => tlv.utf8().map(|text| octets(text.octets())),
        9 => tlv.magnitude().map(drop),
        10 => tlv.visible().map(|text| octets(text.octets())),
        _ => tlv.i32().map(drop),
    }
}

/// Segments count as what they join to.
fn bits(bits: BitStr<'_>) {
    let whole = bits.to_bit_string();
    assert_eq!(bits.len(), whole.len());
    assert_eq!(bits.is_empty(), whole.is_empty());
}

fn octets(octets: Octets<'_>) {
    assert_eq!(octets.len(), octets.to_cow().len());
}

/// TPKT: pieces of any size make the same packets and the same error. The first octet is the size of the pieces.
pub fn tpkt(input: &[u8]) {
    let Some((&piece, stream)) = input.split_first() else {
        return;
    };
    let mut whole = Deframer::new();
    whole.push(stream);
    let mut pieces = stream.chunks(usize::from(piece).max(1));
    let mut in_pieces = Deframer::new();
    loop {
        let packet = whole.next_packet();
        same_packet(&packet, &mut in_pieces, &mut pieces);
        match packet {
            Ok(Some(packet)) => assert_eq!(packet_length(packet), Ok(Some(packet.len()))),
            Ok(None) => return,
            Err(error) => return check(error, stream),
        }
    }
}

/// The next packet out of the pieces is the expected one, and what waits for its end is less than a packet.
pub(super) fn same_packet<'a>(
    expected: &Result<Option<&[u8]>, WireError>,
    deframer: &mut Deframer,
    pieces: &mut impl Iterator<Item = &'a [u8]>,
) {
    loop {
        let packet = deframer.next_packet();
        if !matches!(packet, Ok(None)) {
            return assert_eq!(&packet, expected, "in pieces");
        }
        assert!(deframer.pending() < usize::from(u16::MAX));
        match pieces.next() {
            Some(piece) => deframer.push(piece),
            None => return assert_eq!(&Ok(None), expected, "in pieces"),
        }
    }
}

/// COTP.
pub fn cotp(input: &[u8]) {
    stable(input, |octets| {
        co::Tpdu::decode(octets).map(|tpdu| tpdu.encode().ok())
    });
}

/// Session.
pub fn session(input: &[u8]) {
    stable(input, |octets| {
        Spdu::decode(octets).map(|spdu| spdu.encode().ok())
    });
}

/// Presentation: the PPDUs that begin as the input does; what begins as none is refused by one of them.
pub fn presentation(input: &[u8]) {
    match input {
        [0x31, ..] => {
            cp(input);
            cpa(input);
        }
        [0x30, ..] => {
            cpr(input);
            abort_ppdu(input);
        }
        [0xa0, ..] => abort_ppdu(input),
        [0x60 | 0x61, ..] => user_data(input),
        _ => match input.last().map_or(0, |last| last % 5) {
            0 => cp(input),
            1 => cpa(input),
            2 => cpr(input),
            3 => abort_ppdu(input),
            _ => user_data(input),
        },
    }
}

fn cp(input: &[u8]) {
    stable(input, |octets| {
        presentation::Connect::decode(octets, 0).map(|ppdu| Some(ppdu.encode()))
    });
}

fn cpa(input: &[u8]) {
    stable(input, |octets| {
        presentation::Accept::decode(octets, 0).map(|ppdu| Some(ppdu.encode()))
    });
}

fn cpr(input: &[u8]) {
    stable(input, |octets| {
        presentation::Reject::decode(octets, 0).map(|ppdu| Some(ppdu.encode()))
    });
}

fn abort_ppdu(input: &[u8]) {
    stable(input, |octets| {
        AbortPpdu::decode(octets, 0).map(|ppdu| Some(ppdu.encode()))
    });
}

fn user_data(input: &[u8]) {
    stable(input, |octets| {
        UserData::decode(octets, 0).map(|data| Some(data.encode()))
    });
}

/// ACSE.
pub fn acse(input: &[u8]) {
    stable(input, |octets| {
        ac::Apdu::decode(octets, 0).map(|apdu| Some(apdu.encode()))
    });
}

/// MMS: owned PDUs, borrowed views, and the first look. That a PDU has a text is of [`queries`](super::queries).
pub fn mms(input: &[u8]) {
    let sink = Observations::new();
    let pdu = Pdu::decode_observed(input, &sink);
    for observation in sink.to_vec() {
        assert!(observation.offset <= input.len());
    }
    let errors = [
        peek(input).err(),
        ReadResponseView::decode(input).err(),
        InformationReportView::decode(input).err(),
    ];
    errors
        .into_iter()
        .flatten()
        .for_each(|error| check(error, input));
    match pdu {
        Err(error) => check(error, input),
        Ok(pdu) => {
            let again = Pdu::decode(&pdu.encode());
            assert_eq!(
                again.as_ref(),
                Ok(&pdu),
                "what was encoded decodes differently"
            );
        }
    }
}

/// Data: owned and borrowed say the same. That a value has a text is of [`queries`](super::queries).
pub fn data(input: &[u8]) {
    let owned = Data::decode(input);
    let view = DataView::decode(input).map(|view| view.to_data());
    assert_eq!(owned, view);
    match owned {
        Err(error) => check(error, input),
        Ok(data) => {
            assert_eq!(Data::decode(&data.encode()).as_ref(), Ok(&data));
        }
    }
}

/// Explanations: every part lies in the input and in its whole.
pub fn annotate(input: &[u8]) {
    let tree = an::annotate(input);
    inside(&tree, input.len());
    assert!(input.is_empty() || !an::render(&tree).is_empty());
    for seen in an::observations(input) {
        assert!(seen.offset <= input.len(), "{seen} in {}", input.len());
    }
    let _ = an::summarize(input);
    let _ = an::path_at(&tree, input.len() / 2);
}

fn inside(nodes: &[an::Node], len: usize) {
    for node in nodes {
        let end = node.offset.saturating_add(node.length);
        assert!(end <= len, "{} ends at {end} of {len}", node.name);
        if let Some(error) = node.error {
            assert!(error.offset <= len, "{error} in {len}");
        }
        inside(&node.children, len);
    }
}

/// Mutations: repeatable, bounded, and no mutant breaks a decoder. The first octet chooses the
/// mutation, the second the seed.
pub fn mutate(input: &[u8]) {
    let [choice, seed, message @ ..] = input else {
        return;
    };
    let all = Mutation::ALL;
    let Some(&mutation) = usize::from(*choice)
        .checked_rem(all.len())
        .and_then(|index| all.get(index))
    else {
        return;
    };
    let seed = u64::from(*seed);
    let mutated = mutation::mutate(message, mutation, seed);
    assert_eq!(mutated, mutation::mutate(message, mutation, seed));
    let Some(mutated) = mutated else {
        return;
    };
    assert!(mutated.len() <= message.len().saturating_mul(2).saturating_add(8192));
    for body in [ber, cotp, session, presentation, acse, mms] {
        body(&mutated);
    }
    if mutation.is_legal()
        && mutation.layer().is_none()
        && let Ok(pdu) = Pdu::decode(message)
    {
        // Raw elements keep the octets of what is inside them, which have changed.
        let again = Pdu::decode(&mutated);
        assert!(
            again.is_ok(),
            "{mutation} of {pdu} does not decode: {again:?}"
        );
    }
}
