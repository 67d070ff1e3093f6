//! Small rules of the layers below MMS, each with a message that keeps it and one that does not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on may panic"
)]

#[path = "support/digits.rs"]
mod digits;

use digits::octets as hex;
use iedassay_wire::acse::{
    self, AbortSource, Apdu, AssociateResult, Diagnostic, Release, ReleaseReason,
};
use iedassay_wire::association::{
    Abort, Ending, Initiator, InitiatorConfig, InitiatorEvent, Refusal, Responder, ResponderConfig,
    ResponderEvent, Time,
};
use iedassay_wire::cotp::{Connect, Parameters, Tpdu, UnknownParameter};
use iedassay_wire::error::ErrorKind;
use iedassay_wire::mms::ErrorCode;
use iedassay_wire::presentation::{self, UserData};
use iedassay_wire::session::Spdu;
use iedassay_wire::tpkt;

/// An element of less than 128 octets.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut octets = vec![tag, u8::try_from(content.len()).unwrap()];
    octets.extend_from_slice(content);
    octets
}

/// RLRQ whose user information is an EXTERNAL of these elements.
fn release(external: &str) -> Vec<u8> {
    let mut fields = hex("800100");
    fields.extend(tlv(0xbe, &tlv(0x28, &hex(external))));
    tlv(0x62, &fields)
}

fn user_information(octets: &[u8]) -> Result<Option<(&[u8], usize)>, ErrorKind> {
    match Apdu::decode(octets, 0) {
        Ok(Apdu::ReleaseRequest(release)) => Ok(release.user_information),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.kind),
    }
}

#[test]
fn user_information_comes_in_one_type_or_as_octets() {
    for (external, at) in [
        ("020103 a0028b00", 14),
        ("06025101 020103 a0028b00", 18),
        ("020103 81028b00", 14),
        // With a descriptor, which says nothing.
        ("020103 070161 a0028b00", 17),
    ] {
        let octets = release(external);
        assert_eq!(
            user_information(&octets),
            Ok(Some((&[0x8b, 0][..], at))),
            "{external}"
        );
    }
    let unsupported = |external| match user_information(&release(external)) {
        Err(kind) => kind,
        Ok(found) => panic!("{found:?}"),
    };
    assert!(matches!(
        unsupported("020103 82030080 00"),
        ErrorKind::Unsupported { .. }
    ));
    assert_eq!(unsupported("020103 80028b00"), ErrorKind::NotConstructed);
    assert!(matches!(
        unsupported("020103"),
        ErrorKind::NoAlternative { .. }
    ));
}

#[test]
fn the_context_of_user_information_is_its_indirect_reference() {
    // Context 5, between a direct reference and a descriptor whose contents would be numbers too.
    let external = tlv(0x28, &hex("06025101 020105 070107 a0028b00"));
    let mut fields = hex("a107060528ca220203");
    fields.extend(tlv(0xbe, &external));
    let octets = tlv(0x60, &fields);
    let Ok(Apdu::AssociateRequest(request)) = Apdu::decode(&octets, 0) else {
        panic!()
    };
    assert_eq!(request.information_context, 5);
}

#[test]
fn releases_and_aborts_carry_user_information() {
    let information = Some((&[0x8b, 0][..], 0));
    for apdu in [
        Apdu::ReleaseRequest(Release {
            reason: Some(ReleaseReason::NORMAL),
            user_information: information,
        }),
        Apdu::ReleaseResponse(Release {
            reason: None,
            user_information: information,
        }),
        Apdu::Abort(acse::Abort {
            source: AbortSource::USER,
            diagnostic: Some(1),
            user_information: information,
        }),
        Apdu::Abort(acse::Abort {
            source: AbortSource::USER,
            diagnostic: None,
            user_information: information,
        }),
    ] {
        let octets = apdu.encode();
        let (found, again) = match Apdu::decode(&octets, 0).unwrap() {
            Apdu::ReleaseRequest(release) => {
                (release.user_information, Apdu::ReleaseRequest(release))
            }
            Apdu::ReleaseResponse(release) => {
                (release.user_information, Apdu::ReleaseResponse(release))
            }
            Apdu::Abort(abort) => (abort.user_information, Apdu::Abort(abort)),
            other => panic!("{other:?}"),
        };
        let (value, at) = found.unwrap();
        assert_eq!(
            (value, &octets[at..at + 2]),
            (&[0x8b, 0][..], &[0x8b, 0][..])
        );
        assert_eq!(again.encode(), octets);
    }
    // What is not known is no reason to refuse.
    let octets = tlv(0x62, &hex("800100 8501aa"));
    assert_eq!(user_information(&octets), Ok(None));
    let octets = tlv(0x64, &hex("800101 8501aa"));
    assert!(
        matches!(Apdu::decode(&octets, 0), Ok(Apdu::Abort(abort)) if abort.user_information.is_none())
    );
}

#[test]
fn the_presentation_is_in_normal_mode() {
    let connect = |mode: &str| {
        let mut fields = tlv(0xa0, &hex(mode));
        fields.extend(hex("a200"));
        tlv(0x31, &fields)
    };
    assert!(presentation::Connect::decode(&connect("800101"), 0).is_ok());
    let x410 = connect("800100");
    let error = presentation::Connect::decode(&x410, 0).unwrap_err();
    assert!(
        matches!(error.kind, ErrorKind::Unsupported { .. }),
        "{error}"
    );
}

#[test]
fn values_of_a_pdv_list_have_the_form_of_their_encoding() {
    let data = |values: &str| {
        let mut fields = hex("020103");
        fields.extend(hex(values));
        tlv(0x61, &tlv(0x30, &fields))
    };
    for good in ["a0028b00", "81028b00", "8203008b00"] {
        let octets = data(good);
        let Ok(UserData::Full(values)) = UserData::decode(&octets, 0) else {
            panic!("{good}")
        };
        assert_eq!(values[0].values, [0x8b, 0], "{good}");
    }
    for (bad, kind) in [
        ("80028b00", ErrorKind::NotConstructed),
        ("a1028b00", ErrorKind::NotPrimitive),
        ("8203018b00", ErrorKind::InvalidBitString),
    ] {
        assert_eq!(
            UserData::decode(&data(bad), 0).unwrap_err().kind,
            kind,
            "{bad}"
        );
    }
}

#[test]
fn parameters_in_front_of_data_are_whole() {
    // Token items in both SPDUs, then one that is longer than its SPDU.
    assert!(Spdu::decode(&hex("0103100103 0103100103 6100")).is_ok());
    assert!(Spdu::decode(&hex("0103100203 0100 6100")).is_err());
    assert!(Spdu::decode(&hex("0100 0103100203 6100")).is_err());
}

#[test]
fn transport_parameters_have_their_sizes() {
    let connect = |parameters: &str| {
        let mut header = hex("e00000000100");
        header.extend(hex(parameters));
        let mut octets = vec![u8::try_from(header.len()).unwrap()];
        octets.extend(header);
        octets
    };
    for (parameters, size, preferred) in [
        ("c0010a", Some(10), None),
        ("f00140", None, Some(0x40)),
        ("f0020040", None, Some(0x40)),
        ("f00401020304", None, Some(0x0102_0304)),
    ] {
        let octets = connect(parameters);
        let Ok(Tpdu::ConnectRequest(found)) = Tpdu::decode(&octets) else {
            panic!("{parameters}")
        };
        let found = (
            found.parameters.tpdu_size.map(|size| size.0),
            found.parameters.preferred_max,
        );
        assert_eq!(found, (size, preferred), "{parameters}");
    }
    for bad in ["c000", "c0020a0a", "f000", "f0050102030405"] {
        assert!(Tpdu::decode(&connect(bad)).is_err(), "{bad}");
    }
    // 254 octets are what a parameter may have, if the header had room for them; 255 are reserved.
    let of = |length: usize| {
        let unknown = UnknownParameter {
            code: 0x85,
            value: vec![0; length],
        };
        let mut octets = Vec::new();
        let parameters = Parameters {
            unknown: vec![unknown],
            ..Parameters::default()
        };
        parameters.encode(&mut octets).map(|()| octets.len())
    };
    assert_eq!(of(254), Ok(256));
    assert_eq!(
        of(255).unwrap_err().kind,
        ErrorKind::SizeExceeded { limit: 254 }
    );
    // Neither says how long the header is; that a TPDU is cut would be another thing.
    for bad in ["00f080", "fff080"] {
        let error = Tpdu::decode(&hex(bad)).unwrap_err();
        let field = "length indicator";
        assert_eq!(error.kind, ErrorKind::InvalidValue { field }, "{bad}");
    }
    let confirm = Tpdu::ConnectConfirm(Connect {
        parameters: Parameters::default(),
        ..Connect::default()
    });
    assert_eq!(confirm.encode().unwrap(), hex("06d00000000000"));
}

const NOW: Time = Time::from_secs(1);

/// An initiator and its CONNECT, and a responder that waits for it.
fn connecting() -> (Initiator, Vec<u8>, Responder) {
    let mut calling = Initiator::new(InitiatorConfig::default(), NOW);
    let mut called = Responder::new(ResponderConfig::default(), NOW);
    called.handle_input(&calling.poll_transmit().unwrap(), NOW);
    called.accept_transport(NOW);
    while called.poll_event().is_some() {}
    calling.handle_input(&called.poll_transmit().unwrap(), NOW);
    let connect = calling.poll_transmit().unwrap();
    (calling, connect, called)
}

fn replaced(octets: &[u8], what: &str, with: &str) -> Vec<u8> {
    let (what, with) = (hex(what), hex(with));
    let at = octets
        .windows(what.len())
        .position(|octets| octets == what)
        .unwrap();
    let mut octets = octets.to_vec();
    octets.splice(at..at + what.len(), with);
    octets
}

fn contains(octets: &[u8], part: &str) -> bool {
    let part = hex(part);
    octets.windows(part.len()).any(|octets| octets == part)
}

/// What a responder says of a CONNECT that proposes this context in place of the usual one for MMS, and the responder, asked to accept.
fn proposing(context: &str) -> (Option<ResponderEvent>, Vec<u8>, Responder) {
    let (_, connect, mut called) = connecting();
    let connect = replaced(&connect, "020103 060528ca220201 3004 06025101", context);
    called.handle_input(&connect, NOW);
    let told = std::iter::from_fn(|| called.poll_event()).last();
    called.accept(NOW);
    let answer = std::iter::from_fn(|| called.poll_transmit())
        .flatten()
        .collect();
    (told, answer, called)
}

#[test]
fn contexts_are_found_by_their_syntaxes() {
    let (told, answer, _) = proposing("020103 060528ca220201 3004 06025101");
    assert!(
        matches!(told, Some(ResponderEvent::Associate(_))),
        "{told:?}"
    );
    assert!(contains(
        &answer,
        "a512 3007 800100 81025101 3007 800100 81025101"
    ));
    // Another syntax in place of MMS, and MMS in another encoding: there is nothing to talk about.
    for other in [
        "020103 060528ca220202 3004 06025101",
        "020103 060528ca220201 3004 06025102",
    ] {
        let (told, answer, _) = proposing(other);
        assert!(matches!(&told, Some(ResponderEvent::Ended(_))), "{told:?}");
        assert_eq!(answer.get(7), Some(&0x0c), "REFUSE: {answer:02x?}");
    }
}

fn data(values: &[(u8, &str)]) -> Vec<u8> {
    let mut list = Vec::new();
    for (context, pdu) in values {
        let mut value = vec![2, 1, *context];
        value.extend(tlv(0xa0, &hex(pdu)));
        list.extend(tlv(0x30, &value));
    }
    let mut octets = hex("02f080 01000100");
    octets.extend(tlv(0x61, &list));
    tpkt::encode(&octets).unwrap()
}

#[test]
fn everything_goes_in_the_context_that_was_proposed() {
    let of = |values: &[(u8, &str)]| {
        let (_, _, mut called) = proposing("020105 060528ca220201 3004 06025101");
        while called.poll_event().is_some() {}
        called.handle_input(&data(values), NOW);
        let told: Vec<_> = std::iter::from_fn(|| called.poll_event()).collect();
        told
    };
    let (_, answer, mut called) = proposing("020105 060528ca220201 3004 06025101");
    // EXTERNAL with its indirect reference, around the Initiate response.
    assert!(
        answer
            .windows(6)
            .any(|octets| matches!(octets, [0x28, _, 2, 1, 5, 0xa0])),
        "{answer:02x?}"
    );
    called.send_mms(&[0x8b, 0]).unwrap();
    assert!(contains(
        &called.poll_transmit().unwrap(),
        "020105 a0028b00"
    ));
    let pdu = |octets: &str| ResponderEvent::Mms(hex(octets));
    assert_eq!(of(&[(5, "a303800101")]), [pdu("a303800101")]);
    assert_eq!(
        of(&[(5, "a303800101"), (5, "a303800102")]),
        [pdu("a303800101"), pdu("a303800102")]
    );
    for wrong in [
        &[(3, "a303800101")][..],
        &[(5, "a303800101"), (3, "a303800102")],
    ] {
        let told = of(wrong);
        assert!(
            matches!(told[..], [ResponderEvent::Ended(Ending::Invalid(_))]),
            "{told:?}"
        );
    }
}

#[test]
fn a_refusal_goes_in_the_context_that_was_proposed() {
    let (_, connect, mut called) = connecting();
    let connect = replaced(
        &connect,
        "020103 060528ca220201 3004 06025101",
        "020105 060528ca220201 3004 06025101",
    );
    called.handle_input(&connect, NOW);
    while called.poll_event().is_some() {}
    called.refuse(
        &Refusal::Initiate(ErrorCode::VERSION_INCOMPATIBLE.into()),
        NOW,
    );
    let answer: Vec<u8> = std::iter::from_fn(|| called.poll_transmit())
        .flatten()
        .collect();
    assert!(
        answer
            .windows(6)
            .any(|octets| matches!(octets, [0x28, _, 2, 1, 5, 0xa0])),
        "{answer:02x?}"
    );
}

#[test]
fn an_association_is_accepted_by_the_result_and_not_by_what_comes_with_it() {
    let (mut calling, connect, mut called) = connecting();
    called.handle_input(&connect, NOW);
    while called.poll_event().is_some() {}
    called.accept(NOW);
    let accept = called.poll_transmit().unwrap();
    let rejected = replaced(&accept, "a203020100 a3", "a203020101 a3");
    calling.handle_input(&rejected, NOW);
    let told = std::iter::from_fn(|| calling.poll_event()).last();
    let refusal = Refusal::Acse(AssociateResult::REJECTED_PERMANENT, Diagnostic::User(0));
    assert_eq!(told, Some(InitiatorEvent::Ended(Ending::Refused(refusal))));
}

#[test]
fn nothing_comes_after_conclude() {
    let (mut calling, connect, mut called) = connecting();
    called.handle_input(&connect, NOW);
    while called.poll_event().is_some() {}
    called.accept(NOW);
    calling.handle_input(&called.poll_transmit().unwrap(), NOW);
    called.handle_input(&data(&[(3, "8b00")]), NOW);
    called.answer_conclude(Ok(()), NOW);
    while called.poll_event().is_some() {}
    called.handle_input(&data(&[(3, "a303800101")]), NOW);
    let told = std::iter::from_fn(|| called.poll_event()).last();
    assert!(
        matches!(told, Some(ResponderEvent::Ended(Ending::Invalid(_)))),
        "{told:?}"
    );
}

/// What an initiator says of this answer to its CONNECT.
fn answered(spdu: &[u8]) -> Option<InitiatorEvent> {
    let now = NOW;
    let mut calling = Initiator::new(InitiatorConfig::default(), now);
    let confirm = Tpdu::ConnectConfirm(Connect::default()).encode().unwrap();
    calling.handle_input(&tpkt::encode(&confirm).unwrap(), now);
    let mut data = hex("02f080");
    data.extend_from_slice(spdu);
    calling.handle_input(&tpkt::encode(&data).unwrap(), now);
    std::iter::from_fn(|| calling.poll_event()).last()
}

#[test]
fn an_abort_may_answer_connect() {
    let aborted = InitiatorEvent::Ended(Ending::AbortedByPeer(Abort::Session));
    assert_eq!(answered(&[25, 0]), Some(aborted));
    let refused = InitiatorEvent::Ended(Ending::Refused(Refusal::Session(None)));
    assert_eq!(answered(&[12, 0]), Some(refused));
    assert!(matches!(
        answered(&[9, 0]),
        Some(InitiatorEvent::Ended(Ending::Invalid(_)))
    ));
    // And a responder that waits for CONNECT may be left with one too.
    let now = Time::from_secs(1);
    let mut called = Responder::new(ResponderConfig::default(), now);
    let request = Tpdu::ConnectRequest(Connect::default()).encode().unwrap();
    called.handle_input(&tpkt::encode(&request).unwrap(), now);
    called.accept_transport(now);
    called.handle_input(&hex("03000009 02f080 1900"), now);
    let told = std::iter::from_fn(|| called.poll_event()).last();
    assert_eq!(
        told,
        Some(ResponderEvent::Ended(Ending::AbortedByPeer(Abort::Session)))
    );
}
