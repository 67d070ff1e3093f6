//! Invoke identifiers that a sender coded as negative numbers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use iedassay_wire::mms::{Pdu, peek};
use iedassay_wire::{ErrorKind, ObservationKind, Observations};

/// invokeID is Unsigned32 (ISO 9506-2), so contents with their first bit set are no number that it has. Senders that forget the zero in
/// front of them are common, and what they mean is plain; so they are read, told of, and written as they should be.
#[test]
fn an_invoke_id_without_its_leading_zero_is_told_of_in_every_pdu() {
    use ObservationKind as O;
    type Template = (u8, u8, &'static [u8]);
    // The tag of the PDU, that of the invokeID in it, and what stands behind it.
    let templates: [Template; 5] = [
        (0xa0, 0x02, &[0x82, 0]),
        (0xa1, 0x02, &[0x8b, 0]),
        (0xa2, 0x80, &[0xa2, 5, 0xa0, 3, 0x87, 1, 2]),
        (0xa4, 0x80, &[0x81, 1, 1]),
        (0xa7, 0x80, &[0xa1, 5, 0xa0, 3, 0x8a, 1, 1]),
    ];
    let numbers: [(&[u8], u32, &[O]); 4] = [
        (&[0xff], 255, &[O::NegativeUnsigned]),
        (&[0x80, 0], 0x8000, &[O::NegativeUnsigned]),
        (
            &[0xff; 4],
            u32::MAX,
            &[O::NonMinimalInteger, O::NegativeUnsigned],
        ),
        (&[0, 0xff], 255, &[]),
    ];
    for (pdu_tag, tag, behind) in templates {
        let with = |id: &[u8]| {
            let id = [&[tag, u8::try_from(id.len()).unwrap()][..], id].concat();
            let length = u8::try_from(id.len() + behind.len()).unwrap();
            [&[pdu_tag, length][..], &id, behind].concat()
        };
        for (octets, number, odd) in numbers {
            let bytes = with(octets);
            let sink = Observations::new();
            let pdu = Pdu::decode_observed(&bytes, &sink).unwrap();
            assert_eq!(pdu.invoke_id(), Some(number), "{bytes:02x?}");
            assert_eq!(peek(&bytes).unwrap().invoke_id, Some(number));
            let seen: Vec<_> = sink.to_vec().into_iter().map(|seen| seen.kind).collect();
            assert_eq!(seen, odd, "{bytes:02x?}");
            let sink = Observations::new();
            assert_eq!(Pdu::decode_observed(&pdu.encode(), &sink), Ok(pdu));
            assert!(sink.is_empty(), "written as it came");
        }
        let error = Pdu::decode(&with(&[0xff; 5])).unwrap_err();
        assert_eq!(error.kind, ErrorKind::IntegerRange, "{pdu_tag:02x}");
    }
}
