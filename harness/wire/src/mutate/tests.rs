use super::*;
use crate::ber::Reader;
use crate::mms::Pdu;

/// A read request: constructed and primitive elements, seven deep.
const READ: &[u8] = &[
    0xa0, 0x20, 0x02, 0x02, 0x06, 0x2a, 0xa4, 0x1a, 0xa1, 0x18, 0xa0, 0x16, 0x30, 0x14, 0xa0, 0x12,
    0xa1, 0x10, 0x1a, 0x05, b'A', b'S', b'S', b'A', b'Y', 0x1a, 0x07, b'L', b'L', b'N', b'0', b'$',
    b'S', b'T',
];
const PACKET: &[u8] = &[3, 0, 0, 9, 2, 0xf0, 0x80, 1, 0];
const TPDU: &[u8] = &[
    0x11, 0xe0, 0, 0, 0, 1, 0, 0xc1, 2, 0, 1, 0xc2, 2, 0, 1, 0xc0, 1, 13,
];
const SPDU: &[u8] = &[13, 6, 20, 2, 0, 2, 51, 0];

/// Fully-encoded-data with one PDV in context 3.
const PPDU: &[u8] = &[
    0x61, 0x09, 0x30, 0x07, 0x02, 0x01, 0x03, 0xa0, 0x02, 0x8b, 0x00,
];

fn subject(mutation: Mutation) -> &'static [u8] {
    match mutation.layer() {
        Some(Layer::Tpkt) => PACKET,
        Some(Layer::Cotp) => TPDU,
        Some(Layer::Presentation) => PPDU,
        Some(_) => SPDU,
        None => READ,
    }
}

#[test]
fn the_subject_is_valid() {
    assert!(Pdu::decode(READ).is_ok());
    assert_eq!(places(READ), 10);
}

#[test]
fn every_mutation_applies_and_repeats_itself() {
    for &mutation in Mutation::ALL {
        for seed in 0..20 {
            let octets = subject(mutation);
            let mutated = mutate(octets, mutation, seed);
            assert!(mutated.is_some(), "{mutation} seed {seed}");
            assert_ne!(mutated.as_deref(), Some(octets), "{mutation} seed {seed}");
            assert_eq!(mutated, mutate(octets, mutation, seed), "{mutation}");
        }
    }
}

#[test]
fn names_are_unique_and_found_again() {
    for &mutation in Mutation::ALL {
        assert_eq!(Mutation::from_name(mutation.name()), Some(mutation));
    }
    assert_eq!(Mutation::from_name("no-such"), None);
}

#[test]
fn legal_mutations_decode_to_the_same() {
    let pdu = Pdu::decode(READ).unwrap();
    for mutation in [Mutation::LengthOverlong, Mutation::LengthIndefinite] {
        for place in 0..places(READ) {
            if let Some(octets) = mutate_at(READ, mutation, place, 0) {
                assert_eq!(
                    Pdu::decode(&octets).as_ref(),
                    Ok(&pdu),
                    "{mutation} {place}"
                );
            }
        }
    }
}

#[test]
fn what_holds_the_tag_of_an_end_of_contents_gets_no_indefinite_length() {
    for identifier in [0x00, 0x20] {
        let message = [0xb1, 0x05, identifier, 0x00, 0xa2, 0x01, 0x00];
        assert_eq!(mutate_at(&message, Mutation::LengthIndefinite, 0, 0), None);
    }
    let other = [0xb1, 0x05, 0x80, 0x00, 0xa2, 0x01, 0x00];
    assert!(mutate_at(&other, Mutation::LengthIndefinite, 0, 0).is_some());
}

#[test]
fn a_named_transfer_syntax_changes_nothing_else() {
    use crate::presentation::UserData;
    let named = mutate(PPDU, Mutation::TransferSyntax, 0).unwrap();
    let values = |octets: &[u8]| {
        let data = UserData::decode(octets, 0).unwrap();
        data.in_context(3).map(|(values, _)| values.to_vec())
    };
    assert_eq!(values(&named), values(PPDU));
    assert_eq!(named.len(), PPDU.len() + 4);
}

#[test]
fn surroundings_of_a_mutated_element_keep_right_lengths() {
    for mutation in [
        Mutation::Delete,
        Mutation::Duplicate,
        Mutation::Empty,
        Mutation::Unknown,
        Mutation::StringLong,
        Mutation::TagWrong,
    ] {
        for place in 0..places(READ) {
            let Some(octets) = mutate_at(READ, mutation, place, 3) else {
                continue;
            };
            let mut reader = Reader::new(Layer::Mms, &octets);
            while reader.next().unwrap().is_some() {}
        }
    }
}

#[test]
fn most_mutations_are_noticed_by_the_decoder() {
    for mutation in [
        Mutation::LengthHuge,
        Mutation::LengthNegative,
        Mutation::LengthOfLength,
        Mutation::LengthReserved,
        Mutation::LengthPastEnd,
        Mutation::LengthIndefiniteOpen,
        Mutation::LengthIndefinitePrimitive,
        Mutation::TagEndless,
        Mutation::Trailing,
        Mutation::Truncate,
    ] {
        for seed in 0..20 {
            let octets = mutate(READ, mutation, seed).unwrap();
            assert!(Pdu::decode(&octets).is_err(), "{mutation} seed {seed}");
        }
    }
}

#[test]
fn permitted_codings_mean_the_same() {
    use crate::mms::{Data, Request, VariableAccess, WriteRequest};
    use crate::observe::{ObservationKind, Observations};

    let request = Request::Write(WriteRequest {
        access: VariableAccess::names([crate::mms::ObjectName::Vmd("A".into())]),
        data: vec![Data::Structure(vec![
            Data::Boolean(true),
            Data::Boolean(false),
            Data::Unsigned(255),
        ])],
    });
    let pdu = Pdu::request(7, request);
    let usual = pdu.encode();
    for (octets, kind) in [
        (true_as(&usual, 1), ObservationKind::BooleanNotFf),
        (long_lengths(&usual), ObservationKind::LongFormLength),
    ] {
        let octets = octets.unwrap();
        assert_ne!(octets, usual);
        let seen = Observations::new();
        assert_eq!(Pdu::decode_observed(&octets, &seen).unwrap(), pdu);
        assert!(seen.to_vec().iter().any(|one| one.kind == kind));
    }
    assert_eq!(true_as(&usual, 0xff).unwrap(), usual);
    assert_eq!(long_lengths(&[0xa0, 0x05]), None);
}

#[test]
fn nothing_to_mutate_is_none() {
    for &mutation in Mutation::ALL {
        if mutation.layer().is_none() && mutation != Mutation::Trailing {
            assert_eq!(mutate(&[], mutation, 1), None, "{mutation}");
        }
    }
    assert_eq!(mutate(PACKET, Mutation::CotpSizeCode, 1), None);
    assert_eq!(mutate_at(PACKET, Mutation::TpktVersion, 0, 1), None);
}
