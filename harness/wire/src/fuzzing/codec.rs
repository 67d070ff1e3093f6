//! Promises of the codecs.

use crate::ber::{Reader, Tlv};
use crate::error::{Layer, WireError};
use crate::mms::{Data, DataView, InformationReportView, Pdu, ReadResponseView, peek};
use crate::mutate::{self as mutation, Mutation};
use crate::observe::Observations;
use crate::presentation::{self, AbortPpdu, UserData};
use crate::session::Spdu;
use crate::tpkt::Deframer;
use crate::{acse as ac, annotate as an, cotp as co};

/// An error points into the input and says something.
pub(super) fn check(error: WireError, input: &[u8]) {
    assert!(error.offset <= input.len(), "{error} in {}", input.len());
    assert!(!error.to_string().is_empty());
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

/// BER: every element, read as every type.
pub fn ber(input: &[u8]) {
    let sink = Observations::new();
    let reader = Reader::new(Layer::Mms, input).observed(&sink);
    walk(reader, input, 0);
    for observation in sink.to_vec() {
        assert!(observation.offset <= input.len());
    }
}

fn walk(mut reader: Reader<'_>, input: &[u8], depth: usize) {
    assert!(depth <= usize::from(u8::MAX), "depth is not bounded");
    loop {
        let before = reader.offset();
        match reader.next() {
            Ok(Some(tlv)) => {
                assert!(reader.offset() > before, "an element without octets");
                assert_eq!(input.get(tlv.offset()..reader.offset()), Some(tlv.raw()));
                primitives(&tlv, input);
                match tlv.reader() {
                    Ok(inside) => walk(inside, input, depth.saturating_add(1)),
                    Err(error) => check(error, input),
                }
            }
            Ok(None) => return,
            Err(error) => return check(error, input),
        }
    }
}

fn primitives(tlv: &Tlv<'_>, input: &[u8]) {
    let errors = [
        tlv.boolean().err(),
        tlv.integer().err(),
        tlv.magnitude().err(),
        tlv.u32().err(),
        tlv.bits().map(|bits| bits.to_bit_string()).err(),
        tlv.octets().map(|octets| octets.to_vec()).err(),
        tlv.visible().map(|text| text.to_string()).err(),
        tlv.utf8().map(|text| text.to_string()).err(),
        tlv.oid().map(|oid| oid.to_string()).err(),
        tlv.null().err(),
    ];
    errors
        .into_iter()
        .flatten()
        .for_each(|error| check(error, input));
}

/// TPKT: pieces of any size make the same packets. The first octet is the size of the pieces.
pub fn tpkt(input: &[u8]) {
    let Some((&piece, stream)) = input.split_first() else {
        return;
    };
    let whole = deframe(stream, stream.len());
    let pieces = deframe(stream, usize::from(piece));
    assert_eq!(whole, pieces);
}

fn deframe(stream: &[u8], piece: usize) -> (Vec<Vec<u8>>, Option<WireError>) {
    let mut deframer = Deframer::new();
    let mut packets = Vec::new();
    for chunk in stream.chunks(piece.max(1)) {
        deframer.push(chunk);
        loop {
            match deframer.next_packet() {
                Ok(Some(packet)) => packets.push(packet.to_vec()),
                Ok(None) => break,
                Err(error) => return (packets, Some(error)),
            }
        }
        assert!(deframer.pending() < usize::from(u16::MAX));
    }
    (packets, None)
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

/// Presentation: all its PPDUs.
pub fn presentation(input: &[u8]) {
    stable(input, |octets| {
        presentation::Connect::decode(octets, 0).map(|ppdu| Some(ppdu.encode()))
    });
    stable(input, |octets| {
        presentation::Accept::decode(octets, 0).map(|ppdu| Some(ppdu.encode()))
    });
    stable(input, |octets| {
        presentation::Reject::decode(octets, 0).map(|ppdu| Some(ppdu.encode()))
    });
    stable(input, |octets| {
        AbortPpdu::decode(octets, 0).map(|ppdu| Some(ppdu.encode()))
    });
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

/// MMS: owned PDUs, borrowed views, and the first look.
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
            assert!(!pdu.to_string().is_empty());
            let again = Pdu::decode(&pdu.encode());
            assert_eq!(
                again.as_ref(),
                Ok(&pdu),
                "what was encoded decodes differently"
            );
        }
    }
}

/// Data: owned and borrowed say the same.
pub fn data(input: &[u8]) {
    let owned = Data::decode(input);
    let view = DataView::decode(input).map(|view| view.to_data());
    assert_eq!(owned, view);
    match owned {
        Err(error) => check(error, input),
        Ok(data) => {
            assert!(!data.to_string().is_empty());
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
