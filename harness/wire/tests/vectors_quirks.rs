//! What real stacks send: legal but odd encodings decode and are observed, others are refused
//! at the octet that is wrong. All octets here are written by hand from the standard.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

#[path = "support/digits.rs"]
mod digits;

use digits::octets as hex;
use iedassay_wire::ber::{Reader, Tag};
use iedassay_wire::mms::{
    Data, DataAccessError, DataRef, DataView, InformationReportView, Pdu, PduKind,
    ReadResponseView, Request, Response, TypeSpecification, peek,
};
use iedassay_wire::{ErrorKind, Layer, ObservationKind, Observations, WireError};

/// Decodes; gives what it prints and what was odd.
fn decode(text: &str) -> (String, Vec<(ObservationKind, usize)>) {
    let bytes = hex(text);
    let sink = Observations::new();
    let pdu = Pdu::decode_observed(&bytes, &sink).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(Pdu::decode(&bytes).unwrap(), pdu, "with and without a sink");
    assert_eq!(Pdu::decode(&pdu.encode()).unwrap(), pdu, "encoded again");
    let seen = sink
        .to_vec()
        .into_iter()
        .map(|seen| (seen.kind, seen.offset))
        .collect();
    (pdu.to_string(), seen)
}

#[test]
fn odd_encodings_mean_what_plain_ones_mean() {
    use ObservationKind as O;
    for (bytes, printed, odd) in [
        // Optional listOfModifier in front of the service: attach to a semaphore.
        (
            "a0 0f 02 01 07 30 08 a1 06 a0 04 80 02 41 42 82 00",
            "identify-request #7, modifiers [[1]{[0]{[0] 4142}}]",
            vec![],
        ),
        // An empty one.
        (
            "a0 07 02 01 07 30 00 82 00",
            "identify-request #7, modifiers []",
            vec![],
        ),
        // cs-request-detail [79] behind the service.
        (
            "a0 0a 02 01 07 82 00 bf 4f 02 05 00",
            "identify-request #7",
            vec![],
        ),
        // Invoke id 200 without its leading zero, and 5 with two too many.
        (
            "a0 05 02 01 c8 82 00",
            "identify-request #200",
            vec![(O::NegativeUnsigned, 4)],
        ),
        (
            "a0 07 02 03 00 00 05 82 00",
            "identify-request #5",
            vec![(O::NonMinimalInteger, 4)],
        ),
        (
            "a0 09 02 05 00 ff ff ff ff 82 00",
            "identify-request #4294967295",
            vec![],
        ),
        // moreFollows of names: true when absent.
        (
            "a1 0a 02 01 01 a1 05 a0 03 1a 01 61",
            "get-name-list-response #1: [a] and more",
            vec![],
        ),
        (
            "a1 0d 02 01 01 a1 08 a0 03 1a 01 61 81 01 01",
            "get-name-list-response #1: [a] and more",
            vec![(O::BooleanNotFf, 14), (O::DefaultEncoded, 12)],
        ),
        (
            "a1 0d 02 01 01 a1 08 a0 03 1a 01 61 81 01 00",
            "get-name-list-response #1: [a]",
            vec![],
        ),
        // moreFollows of files: false when absent.
        (
            "a1 0a 02 01 01 bf 4d 04 a0 02 30 00",
            "file-directory-response #1: []",
            vec![],
        ),
        (
            "a1 0d 02 01 01 bf 4d 07 a0 02 30 00 81 01 00",
            "file-directory-response #1: []",
            vec![(O::DefaultEncoded, 12)],
        ),
        // specificationWithResult: false when absent.
        (
            "a0 13 02 01 01 a4 0e a1 0c a0 0a 30 08 a0 06 80 04 41 42 43 44",
            "read-request #1: [ABCD]",
            vec![],
        ),
        (
            "a0 10 02 01 01 a4 0b 80 01 00 a1 06 a1 04 80 02 41 42",
            "read-request #1: list AB",
            vec![(O::DefaultEncoded, 7)],
        ),
        (
            "a0 10 02 01 01 a4 0b 80 01 ff a1 06 a1 04 80 02 41 42",
            "read-request #1: list AB with specification",
            vec![],
        ),
        // scopeOfDelete: specific when absent.
        (
            "a0 0f 02 01 01 ad 0a a1 08 a1 06 1a 01 4c 1a 01 49",
            "delete-named-variable-list-request #1: specific(0) [L/I]",
            vec![],
        ),
        (
            "a0 12 02 01 01 ad 0d 80 01 00 a1 08 a1 06 1a 01 4c 1a 01 49",
            "delete-named-variable-list-request #1: specific(0) [L/I]",
            vec![(O::DefaultEncoded, 7)],
        ),
        (
            "a0 0b 02 01 01 ad 06 80 01 02 82 01 4c",
            "delete-named-variable-list-request #1: domain(2) domain L",
            vec![],
        ),
        (
            "a0 08 02 01 01 ad 03 80 01 07",
            "delete-named-variable-list-request #1: unknown(7)",
            vec![],
        ),
        // Long lengths where short ones would do, as of stacks that reserve room for them.
        (
            "a1 81 0a 02 81 01 01 a4 82 00 02 a1 00",
            "read-response #1: []",
            vec![
                (O::LongFormLength, 1),
                (O::LongFormLength, 4),
                (O::LongFormLength, 8),
            ],
        ),
        // Indefinite lengths all the way.
        (
            "a1 80 02 01 01 a4 80 a1 80 a2 80 83 01 ff 84 02 06 40 00 00 00 00 00 00 00 00",
            "read-response #1: [success structure{true, 0b01}]",
            vec![
                (O::IndefiniteLength, 0),
                (O::IndefiniteLength, 5),
                (O::IndefiniteLength, 7),
                (O::IndefiniteLength, 9),
            ],
        ),
        // A string in segments.
        (
            "a1 10 02 01 01 a4 0b a1 09 aa 07 04 02 61 62 04 01 63",
            "read-response #1: [success 'abc']",
            vec![(O::SegmentedString, 9)],
        ),
        // A failure code in two octets, one that nobody knows, and one beyond any sense.
        (
            "a1 10 02 01 01 a4 0b a1 09 80 02 00 0a 80 03 01 00 00",
            "read-response #1: [failure object-non-existent(10), failure unknown(65536)]",
            vec![(O::NonMinimalInteger, 11)],
        ),
        // Unused bits that are set, and a bit string of no bits.
        (
            "a1 0e 02 01 01 a4 09 a1 07 84 02 06 bf 84 01 00",
            "read-response #1: [success 0b10, success 0b]",
            vec![(O::UnusedBitsSet, 9)],
        ),
        // Text that is not VisibleString.
        (
            "a1 0c 02 01 01 a4 07 a1 05 8a 03 4b c3 b6",
            "read-response #1: [success 'K\u{f6}']",
            vec![(O::NotVisible, 11)],
        ),
        (
            "a1 0a 02 01 01 a4 05 a1 03 90 01 e4",
            "read-response #1: [success \"\u{e4}\"]",
            vec![(O::InvalidUtf8, 11)],
        ),
        // Another alternative of Data, an integer of nine octets, a float of another width.
        (
            "a1 1b 02 01 01 a4 16 a1 14 88 01 00 85 09 01 00 00 00 00 00 00 00 00 87 04 05 01 02 03",
            "read-response #1: [success unknown [8] 00, success unknown [5] 010000000000000000, success float 0x05010203]",
            vec![(O::UnknownElement, 9), (O::WideInteger, 12)],
        ),
        // A service nobody knows.
        (
            "a0 05 02 01 01 9c 00",
            "terminate-download-sequence-request #1: [28]",
            vec![(O::UnknownElement, 5)],
        ),
        (
            "a1 07 02 01 01 bf 78 01 00",
            "unknown-response #1: [120] 00",
            vec![(O::UnknownElement, 5)],
        ),
        // A PDU nobody knows.
        (
            "ae 02 05 00",
            "unknown PDU [14]{NULL}",
            vec![(O::UnknownElement, 0)],
        ),
        // Errors and rejects beyond the tables.
        (
            "a2 0a 80 01 05 a2 05 a0 03 8d 01 63",
            "confirmed-error #5: unknown/unknown(13/99)",
            vec![(O::UnknownElement, 9)],
        ),
        (
            "a2 1a 80 01 05 81 01 02 a2 12 a0 03 87 01 02 81 01 07 82 02 6e 6f a3 04 86 02 01 00",
            "confirmed-error #5: access/object-non-existent(7/2), additional code 7, 'no', service specific [6] 0100, modifier 2",
            vec![],
        ),
        (
            "a4 06 80 01 05 81 01 01",
            "reject #5: confirmed-request/unrecognized-service(1/1)",
            vec![],
        ),
        (
            "a4 03 85 01 00",
            "reject: pdu-error/unknown-pdu-type(5/0)",
            vec![],
        ),
        (
            "a4 03 8c 01 09",
            "reject: unknown/unknown(12/9)",
            vec![(O::UnknownElement, 2)],
        ),
        ("85 02 00 c8", "cancel-request #200", vec![]),
        (
            "86 01 c8",
            "cancel-response #200",
            vec![(O::NegativeUnsigned, 2)],
        ),
        (
            "a7 0a 80 01 05 a1 05 a0 03 8a 01 01",
            "cancel-error #5: cancel/invoke-id-unknown(10/1)",
            vec![],
        ),
        (
            "aa 05 a0 03 88 01 01",
            "initiate-error: initiate/version-incompatible(8/1)",
            vec![],
        ),
        (
            "ad 05 a0 03 89 01 01",
            "conclude-error: conclude/further-communication-required(9/1)",
            vec![],
        ),
        // Extensions of the initiate request are kept.
        (
            "a8 1d 81 01 05 82 01 05 a4 15 80 01 01 81 02 04 f0 82 03 03 ee 18 83 01 00 84 01 00 85 01 61",
            "initiate-request: outstanding 5/5, version 1, parameters [str1, str2, vnam, valt], services [status, getNameList, identify, read, write, getVariableAccessAttributes, defineNamedVariableList, getNamedVariableListAttributes], extension [3] 00, extension [4] 00, extension [5] 61",
            vec![
                (O::UnknownElement, 22),
                (O::UnknownElement, 25),
                (O::UnknownElement, 28),
            ],
        ),
        // A report by name of its variables, one of them gone.
        (
            "a3 18 a0 16 a0 0c 30 06 a0 04 80 02 41 42 30 02 84 00 a0 06 80 01 00 83 01 00",
            "information-report: [AB, invalidated] = [failure object-invalidated(0), success false]",
            vec![],
        ),
        (
            "a3 08 a1 06 80 01 00 81 01 02",
            "unsolicited-status: state-changes-allowed(0), inoperable(2)",
            vec![],
        ),
        ("a3 04 a2 02 80 00", "event-notification: [2]{[0]}", vec![]),
    ] {
        let (text, seen) = decode(bytes);
        assert_eq!(text, printed, "{bytes}");
        assert_eq!(seen, odd, "{bytes}");
    }
}

#[test]
fn wrong_octets_are_refused_where_they_are() {
    use ErrorKind as K;
    let tag = Tag::context;
    for (bytes, kind, offset) in [
        ("", K::NoAlternative { choice: "MMSpdu" }, 0),
        ("30 00", K::NoAlternative { choice: "MMSpdu" }, 0),
        ("8b 00 00", K::TrailingData { octets: 1 }, 2),
        ("8b 01 00", K::InvalidSize { found: 1 }, 2),
        ("ab 00", K::NotPrimitive, 0),
        ("80 00", K::NotConstructed, 0),
        (
            "a0 00",
            K::Missing {
                expected: Tag::INTEGER,
            },
            2,
        ),
        (
            "a0 02 82 00",
            K::UnexpectedTag {
                expected: Tag::INTEGER,
                found: tag(2),
            },
            2,
        ),
        ("a0 02 02 00", K::InvalidSize { found: 0 }, 4),
        ("a0 08 02 06 01 00 00 00 00 00", K::IntegerRange, 4),
        (
            "a0 03 02 01 01",
            K::NoAlternative {
                choice: "ConfirmedServiceRequest",
            },
            5,
        ),
        (
            "a0 05 02 01 01 05 00",
            K::NoAlternative {
                choice: "ConfirmedServiceRequest",
            },
            5,
        ),
        (
            "a0 07 02 01 01 82 00 82 00",
            K::TrailingData { octets: 2 },
            7,
        ),
        ("a0 05 02 01 01 a4 00", K::Missing { expected: tag(1) }, 7),
        (
            "a0 07 02 01 01 a4 02 a1 00",
            K::NoAlternative {
                choice: "VariableAccessSpecification",
            },
            9,
        ),
        (
            "a0 09 02 01 01 a4 04 a1 02 82 00",
            K::NoAlternative {
                choice: "VariableAccessSpecification",
            },
            9,
        ),
        (
            "a0 09 02 01 01 a1 04 a0 02 82 00",
            K::NoAlternative {
                choice: "extendedObjectClass",
            },
            9,
        ),
        (
            "a0 07 02 01 01 a6 02 82 00",
            K::NoAlternative {
                choice: "GetVariableAccessAttributes-Request",
            },
            7,
        ),
        // Data may not be [0], nor of another class.
        (
            "a0 0b 02 01 01 a5 06 a0 00 a0 02 80 00",
            K::NoAlternative { choice: "Data" },
            11,
        ),
        (
            "a1 09 02 01 01 a4 04 a1 02 05 00",
            K::NoAlternative { choice: "Data" },
            9,
        ),
        (
            "a1 0b 02 01 01 a4 06 a1 04 a2 02 80 00",
            K::NoAlternative { choice: "Data" },
            11,
        ),
        (
            "a1 09 02 01 01 a4 04 a1 02 83 00",
            K::InvalidSize { found: 0 },
            11,
        ),
        ("a1 09 02 01 01 a4 04 a1 02 84 00", K::InvalidBitString, 11),
        (
            "a1 0a 02 01 01 a4 05 a1 03 84 01 09",
            K::InvalidBitString,
            11,
        ),
        (
            "a1 09 02 01 01 a4 04 a1 02 87 00",
            K::InvalidSize { found: 0 },
            11,
        ),
        (
            "a1 0b 02 01 01 a4 06 a1 04 8c 02 00 00",
            K::InvalidSize { found: 2 },
            11,
        ),
        (
            "a1 0b 02 01 01 a4 06 a1 04 91 02 00 00",
            K::InvalidSize { found: 2 },
            11,
        ),
        ("a1 0a 02 01 01 a4 05 a1 03 8f 01 80", K::InvalidOid, 11),
        (
            "a1 09 02 01 01 a4 04 a1 02 80 00",
            K::InvalidSize { found: 0 },
            11,
        ),
        // A member that claims more than its structure holds.
        (
            "a1 0d 02 01 01 a4 08 a1 06 a2 03 83 02 00 00",
            K::Truncated {
                needed: 2,
                available: 1,
            },
            13,
        ),
        (
            "a1 07 02 01 01 a5 02 82 00",
            K::NoAlternative {
                choice: "Write-Response",
            },
            7,
        ),
        ("a2 05 80 01 01 a2 00", K::Missing { expected: tag(0) }, 7),
        (
            "a4 00",
            K::NoAlternative {
                choice: "rejectReason",
            },
            2,
        ),
        (
            "a4 03 80 01 01",
            K::NoAlternative {
                choice: "rejectReason",
            },
            5,
        ),
        ("a8 00", K::Missing { expected: tag(1) }, 2),
        (
            "a3 00",
            K::NoAlternative {
                choice: "UnconfirmedService",
            },
            2,
        ),
        (
            "a3 02 05 00",
            K::NoAlternative {
                choice: "UnconfirmedService",
            },
            2,
        ),
    ] {
        let bytes = hex(bytes);
        let expected = WireError::new(Layer::Mms, kind, offset);
        assert_eq!(Pdu::decode(&bytes), Err(expected), "{bytes:02x?}");
        let sink = Observations::new();
        assert_eq!(
            Pdu::decode_observed(&bytes, &sink),
            Err(expected),
            "{bytes:02x?}"
        );
        // The views find the same fault, unless they do not look at that kind of PDU.
        for view in [
            ReadResponseView::decode(&bytes).map(|view| view.is_some()),
            InformationReportView::decode(&bytes).map(|view| view.is_some()),
        ] {
            assert!(
                matches!(view, Ok(false)) || view == Err(expected),
                "{bytes:02x?}: {view:?}"
            );
        }
    }
}

#[test]
fn peeking_does_not_need_the_rest() {
    for (bytes, kind, invoke_id) in [
        ("a0 05 02 01 07 82 00", PduKind::ConfirmedRequest, Some(7)),
        ("a1 05 02 01 07 ff ff", PduKind::ConfirmedResponse, Some(7)),
        ("a2 05 80 01 07 ff ff", PduKind::ConfirmedError, Some(7)),
        ("a2 02 05 00", PduKind::ConfirmedError, None),
        ("a3 02 ff ff", PduKind::Unconfirmed, None),
        ("a4 06 80 01 07 81 01 01", PduKind::Reject, Some(7)),
        ("a4 03 85 01 01", PduKind::Reject, None),
        ("85 01 07", PduKind::CancelRequest, Some(7)),
        ("86 01 07", PduKind::CancelResponse, Some(7)),
        ("a7 03 80 01 07", PduKind::CancelError, Some(7)),
        ("8b 00", PduKind::ConcludeRequest, None),
        ("ae 00", PduKind::Unknown, None),
        ("a1 00", PduKind::ConfirmedResponse, None),
    ] {
        let seen = peek(&hex(bytes)).unwrap();
        assert_eq!((seen.kind, seen.invoke_id), (kind, invoke_id), "{bytes}");
    }
    assert!(peek(&[]).is_err());
    assert!(peek(&[0xa0, 5, 2]).is_err());
}

/// `levels` structures in each other, of definite or indefinite length, in a read response.
fn nested(levels: usize, indefinite: bool) -> Vec<u8> {
    let mut data = Vec::new();
    for _ in 0..levels {
        data = wrap(0xa2, &data, indefinite);
    }
    let results = wrap(0xa1, &data, indefinite);
    let service = wrap(0xa4, &results, indefinite);
    wrap(0xa1, &[&[2, 1, 1][..], &service].concat(), indefinite)
}

fn wrap(identifier: u8, content: &[u8], indefinite: bool) -> Vec<u8> {
    if indefinite {
        return [&[identifier, 0x80], content, &[0, 0]].concat();
    }
    let len = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[identifier, 0x84][..], &len, content].concat()
}

#[test]
fn values_nest_to_a_bound_and_no_further() {
    for indefinite in [false, true] {
        for levels in [1, 10, 90] {
            let bytes = nested(levels, indefinite);
            let pdu = Pdu::decode(&bytes).unwrap();
            assert_eq!(Pdu::decode(&pdu.encode()).unwrap(), pdu);
            let view = ReadResponseView::decode(&bytes).unwrap().unwrap();
            let mut view = view.results.iter().next().unwrap().unwrap();
            for level in 1.. {
                match view.members().unwrap().iter().next() {
                    Some(inner) => view = inner,
                    None => {
                        assert_eq!(level, levels);
                        break;
                    }
                }
            }
        }
        for levels in [100, 5000] {
            let bytes = nested(levels, indefinite);
            for error in [
                Pdu::decode(&bytes).unwrap_err(),
                Pdu::decode_observed(&bytes, &Observations::new()).unwrap_err(),
                ReadResponseView::decode(&bytes).unwrap_err(),
            ] {
                assert_eq!(error.kind, ErrorKind::DepthExceeded, "{levels}");
                assert!(error.offset <= bytes.len());
            }
        }
    }
}

#[test]
fn bombs_of_every_recursive_type_are_refused() {
    let array_type = |inner: &[u8]| {
        let element = wrap(0xa2, inner, false);
        wrap(0xa1, &[&[0x81, 1, 1][..], &element].concat(), false)
    };
    let mut type_spec = vec![0x83, 0];
    let mut alternate = wrap(0x30, &[0x82, 1, 0], false);
    let mut segments = vec![4, 1, 0x61];
    for _ in 0..2000 {
        type_spec = array_type(&type_spec);
        let step = [&[0x81, 1, 0][..], &alternate].concat();
        alternate = wrap(0x30, &wrap(0xa0, &step, false), false);
        segments = wrap(0x24, &segments, false);
    }
    let error = TypeSpecification::decode(&type_spec).unwrap_err();
    assert_eq!(error.kind, ErrorKind::DepthExceeded);
    let error = Data::decode(&wrap(0xa9, &segments, false)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::DepthExceeded);
    let error = DataView::decode(&wrap(0xa9, &segments, false)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::DepthExceeded);

    alternate[0] = 0xa5;
    let variable = [&wrap(0xa0, &[0x80, 1, 0x41], false)[..], &alternate].concat();
    let list = wrap(
        0xa1,
        &wrap(0xa0, &wrap(0x30, &variable, false), false),
        false,
    );
    let read = wrap(
        0xa0,
        &[&[2, 1, 1][..], &wrap(0xa4, &list, false)].concat(),
        false,
    );
    assert_eq!(
        Pdu::decode(&read).unwrap_err().kind,
        ErrorKind::DepthExceeded
    );
}

#[test]
fn lengths_beyond_the_input_cost_nothing() {
    for length in [
        "84 ff ff ff ff",
        "88 7f ff ff ff ff ff ff ff",
        "88 ff ff ff ff ff ff ff ff",
    ] {
        for at in [
            "a1",
            "a1 10 02 01 01 a4",
            "a1 10 02 01 01 a4 0b a1",
            "a1 10 02 01 01 a4 0b a1 09 89",
        ] {
            let mut bytes = hex(&format!("{at} {length}"));
            bytes.resize(18, 0);
            let error = Pdu::decode(&bytes).unwrap_err();
            assert!(
                matches!(
                    error.kind,
                    ErrorKind::Truncated { .. } | ErrorKind::InvalidLength
                ),
                "{at} {length}: {error}"
            );
            assert!(error.offset <= bytes.len());
        }
    }
}

#[test]
fn views_tell_failures_and_kinds() {
    let bytes = hex("a1 13 02 01 09 a4 0e a1 0c 80 01 03 85 02 01 00 a1 03 83 01 ff");
    let view = ReadResponseView::decode(&bytes).unwrap().unwrap();
    assert_eq!((view.invoke_id, view.results.len()), (9, 3));
    let mut results = view.results.iter();
    assert_eq!(
        results.next().unwrap(),
        Err(DataAccessError::OBJECT_ACCESS_DENIED)
    );
    assert_eq!(
        results.next().unwrap().unwrap().get(),
        DataRef::Integer(256)
    );
    let array = results.next().unwrap().unwrap();
    let DataRef::Array(list) = array.get() else {
        panic!("kind")
    };
    assert_eq!(
        list.iter().map(|view| view.get()).collect::<Vec<_>>(),
        [DataRef::Boolean(true)]
    );
    assert_eq!((array.raw(), list.content()), (&bytes[16..], &bytes[18..]));
    assert!(results.next().is_none());

    let report = hex("a3 10 a0 0e a1 05 80 03 52 50 54 a0 05 8a 03 61 62 63");
    let view = InformationReportView::decode(&report).unwrap().unwrap();
    assert!(view.is_report());
    assert_eq!(view.access().unwrap().to_string(), "list RPT");
    assert_eq!(
        view.results.iter().next().unwrap().unwrap().to_string(),
        "'abc'"
    );
    assert!(ReadResponseView::decode(&report).unwrap().is_none());
    assert!(InformationReportView::decode(&bytes).unwrap().is_none());
}

#[test]
fn a_pdu_inside_a_larger_input_tells_offsets_of_the_whole() {
    let bytes = hex("a0 05 02 01 01 05 00");
    let reader = Reader::new(Layer::Mms, &bytes).at_offset(1000);
    assert_eq!(Pdu::decode_from(reader).unwrap_err().offset, 1005);
}

#[test]
fn every_request_and_response_knows_its_service() {
    let (request, _) = decode("a0 05 02 01 01 82 00");
    assert_eq!(request, "identify-request #1");
    let Pdu::ConfirmedRequest(pdu) = Pdu::decode(&hex("a0 06 02 01 01 80 01 00")).unwrap() else {
        panic!("kind")
    };
    assert_eq!(
        pdu.service,
        Request::Status {
            extended_derivation: false
        }
    );
    let Pdu::ConfirmedResponse(pdu) = Pdu::decode(&hex("a1 06 02 01 01 9f 4a 00")).unwrap() else {
        panic!("kind")
    };
    assert_eq!(pdu.service, Response::FileClose);
}
