//! Whatever is encoded decodes to the same value; whatever arrives, nothing panics.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

#[allow(dead_code, reason = "the strategies are shared with other tests")]
mod strategies;

use iedassay_wire::ber::{RawTlv, Reader, Tag, Writer};
use iedassay_wire::mms::{
    Data, DataRef, DataView, InformationReportView, Pdu, ReadResponseView, Response,
    TypeSpecification, Unconfirmed, peek,
};
use iedassay_wire::{Layer, ObservationKind, Observations};
use proptest::prelude::*;

/// Decodes every way there is; what fails must point into the bytes.
fn decode_all_ways(bytes: &[u8]) -> Option<Pdu> {
    let len = bytes.len();
    let sink = Observations::new();
    for error in [
        Data::decode(bytes).err(),
        DataView::decode(bytes).err(),
        TypeSpecification::decode(bytes).err(),
        peek(bytes).err(),
        ReadResponseView::decode(bytes).err(),
        InformationReportView::decode(bytes).err(),
        Pdu::decode_observed(bytes, &sink).err(),
        Pdu::decode(bytes).err(),
    ]
    .into_iter()
    .flatten()
    {
        assert!(error.offset <= len, "{error} in {len} octets");
        assert!(!error.to_string().is_empty());
    }
    for observation in sink.to_vec() {
        assert!(observation.offset <= len, "{observation} in {len} octets");
    }
    let view = DataView::decode(bytes).ok().map(|view| view.to_data());
    assert_eq!(view, Data::decode(bytes).ok());
    let pdu = Pdu::decode(bytes).ok();
    if let Some(pdu) = &pdu {
        assert!(!pdu.to_string().is_empty());
        assert!(!format!("{pdu:?}").is_empty());
        let seen = peek(bytes).unwrap();
        assert_eq!((seen.kind, seen.invoke_id), (pdu.kind(), pdu.invoke_id()));
        views_agree(pdu, bytes);
    }
    pdu
}

/// The borrowed views hold what the owned PDU holds.
fn views_agree(pdu: &Pdu, bytes: &[u8]) {
    let read = ReadResponseView::decode(bytes);
    match pdu {
        Pdu::ConfirmedResponse(response) if response.detail.is_none() => match &response.service {
            Response::Read(owned) => {
                let view = read.unwrap().unwrap();
                assert_eq!(view.invoke_id, response.invoke_id);
                assert_eq!(view.results.len(), owned.results.len());
                let results: Vec<_> = view
                    .results
                    .iter()
                    .map(|result| result.map(|view| view.to_data()))
                    .collect();
                assert_eq!(results, owned.results);
            }
            _ => assert!(matches!(read, Ok(None))),
        },
        Pdu::ConfirmedResponse(_) => {}
        _ => assert!(matches!(read, Ok(None))),
    }
    let report = InformationReportView::decode(bytes);
    match pdu {
        Pdu::Unconfirmed(Unconfirmed::InformationReport(owned)) => {
            let view = report.unwrap().unwrap();
            assert_eq!(view.access().unwrap(), owned.access);
            let results: Vec<_> = view
                .results
                .iter()
                .map(|result| result.map(|view| view.to_data()))
                .collect();
            assert_eq!(results, owned.results);
        }
        _ => assert!(matches!(report, Ok(None))),
    }
}

/// Encodes the elements of `content` again, each length and string form as `forms` says.
fn disguise(content: &[u8], forms: &mut impl Iterator<Item = u8>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut r = Reader::new(Layer::Mms, content);
    while let Some(tlv) = r.next().expect("own encoding") {
        let header = tlv.content_offset() - tlv.offset();
        let tag_octets = tag_octets(tlv.raw());
        let inside = if tlv.is_constructed() {
            disguise(tlv.content(), forms)
        } else {
            tlv.content().to_vec()
        };
        assert!(tag_octets < header);
        out.extend_from_slice(&tlv.raw()[..tag_octets]);
        let len = u32::try_from(inside.len()).unwrap().to_be_bytes();
        match forms.next().unwrap_or(0) % 4 {
            1 => out.extend([&[0x84][..], &len].concat()),
            2 => out.extend([&[0x86, 0, 0][..], &len].concat()),
            3 if tlv.is_constructed() => {
                out.push(0x80);
                out.extend(&inside);
                out.extend([0, 0]);
                continue;
            }
            _ if inside.len() < 0x80 => out.push(len[3]),
            _ => out.extend([&[0x84][..], &len].concat()),
        }
        out.extend(&inside);
    }
    out
}

fn tag_octets(raw: &[u8]) -> usize {
    if raw[0] & 0x1f == 0x1f {
        2 + raw[1..]
            .iter()
            .take_while(|octet| **octet & 0x80 != 0)
            .count()
    } else {
        1
    }
}

proptest! {
    #[test]
    fn every_pdu_comes_back(pdu in strategies::pdu()) {
        let bytes = pdu.encode();
        let back = decode_all_ways(&bytes);
        prop_assert_eq!(back.as_ref(), Some(&pdu));
        prop_assert_eq!(pdu.encode(), bytes);
    }

    #[test]
    fn own_encoding_is_not_odd(pdu in strategies::pdu()) {
        let sink = Observations::with_limit(10_000);
        Pdu::decode_observed(&pdu.encode(), &sink).unwrap();
        let odd: Vec<_> = sink
            .into_vec()
            .into_iter()
            .filter(|seen| !matches!(
                seen.kind,
                // The strategies make these on purpose.
                ObservationKind::UnknownElement | ObservationKind::WideInteger | ObservationKind::NotVisible
            ))
            .collect();
        prop_assert_eq!(odd, []);
    }

    #[test]
    fn every_value_comes_back(data in strategies::data()) {
        let bytes = data.encode();
        prop_assert_eq!(&Data::decode(&bytes).unwrap(), &data);
        prop_assert_eq!(&DataView::decode(&bytes).unwrap().to_data(), &data);
    }

    #[test]
    fn every_type_comes_back(type_spec in strategies::type_spec()) {
        prop_assert_eq!(TypeSpecification::decode(&type_spec.encode()).unwrap(), type_spec);
    }

    #[test]
    fn legal_length_forms_mean_the_same(
        data in strategies::known_data(),
        type_spec in strategies::known_type(),
        forms in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let disguised = disguise(&data.encode(), &mut forms.iter().copied());
        prop_assert_eq!(&Data::decode(&disguised).unwrap(), &data);
        prop_assert_eq!(&DataView::decode(&disguised).unwrap().to_data(), &data);
        let disguised = disguise(&type_spec.encode(), &mut forms.iter().copied());
        prop_assert_eq!(TypeSpecification::decode(&disguised).unwrap(), type_spec);
    }

    #[test]
    fn segmented_strings_mean_the_same(
        octets in prop::collection::vec(any::<u8>(), 0..40),
        text in "[ -~]{0,40}",
        bits in strategies::bits(),
        cuts in prop::collection::vec(0usize..10, 0..6),
    ) {
        let segments = |octets: &[u8]| {
            let mut rest = octets;
            let mut pieces = Vec::new();
            for &cut in &cuts {
                let (piece, more) = rest.split_at(cut.min(rest.len()));
                pieces.push(piece);
                rest = more;
            }
            pieces.push(rest);
            let mut w = Writer::new();
            for piece in pieces.iter().rev() {
                w.octets(Tag::OCTET_STRING, piece);
            }
            w.into_vec()
        };
        for (tag, content, expected) in [
            (9, segments(&octets), Data::OctetString(octets.clone())),
            (10, segments(text.as_bytes()), Data::VisibleString(text.clone())),
            (16, segments(text.as_bytes()), Data::MmsString(text.clone())),
        ] {
            let mut w = Writer::new();
            w.element(Tag::context(tag), true, &content);
            prop_assert_eq!(&Data::decode(w.as_slice()).unwrap(), &expected);
            prop_assert_eq!(&DataView::decode(w.as_slice()).unwrap().to_data(), &expected);
        }
        let mut w = Writer::new();
        w.constructed(Tag::context(4), |w| {
            w.bits(Tag::BIT_STRING, &bits);
            w.primitive(Tag::BIT_STRING, &[0, 0xa5]);
        });
        let view = DataView::decode(w.as_slice()).unwrap();
        let DataRef::BitString(joined) = view.get() else { panic!("kind") };
        prop_assert_eq!(joined.len(), bits.len() + 8);
        prop_assert_eq!(joined.get(0), Some(true));
        prop_assert_eq!(joined.get(8), bits.get(0));
    }

    #[test]
    fn nothing_shorter_decodes(pdu in strategies::pdu(), cut in any::<prop::sample::Index>()) {
        let bytes = pdu.encode();
        let cut = cut.index(bytes.len());
        prop_assert!(decode_all_ways(&bytes[..cut]).is_none());
    }

    #[test]
    fn nothing_longer_decodes(pdu in strategies::pdu(), more in prop::collection::vec(any::<u8>(), 1..4)) {
        let mut bytes = pdu.encode();
        bytes.extend(more);
        prop_assert!(decode_all_ways(&bytes).is_none());
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        decode_all_ways(&bytes);
    }

    #[test]
    fn mutated_bytes_do_not_panic(
        pdu in strategies::pdu(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..6),
    ) {
        let mut bytes = pdu.encode();
        for (at, octet, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = octet,
                1 => bytes[at] ^= 1 << (octet & 7),
                2 => bytes.insert(at, octet),
                _ => { bytes.remove(at); }
            }
        }
        if let Some(pdu) = decode_all_ways(&bytes) {
            // What was accepted is encoded properly and then means the same.
            prop_assert_eq!(Pdu::decode(&pdu.encode()).unwrap(), pdu);
        }
    }

    #[test]
    fn raw_elements_print_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let raw = RawTlv { tag: Tag::context(3), constructed: true, content: bytes };
        prop_assert!(raw.to_string().starts_with("[3]"));
    }
}
