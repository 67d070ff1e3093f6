//! Small rules of the layers below MMS, each with a message that keeps it and one that does not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on may panic"
)]

use iedassay_wire::acse::{self, AbortSource, Apdu, Release, ReleaseReason};
use iedassay_wire::association::{
    Initiator, InitiatorConfig, InitiatorEvent, Refusal, Responder, ResponderConfig,
    ResponderEvent, Time,
};
use iedassay_wire::cotp::{Connect, Parameters, Tpdu, UnknownParameter};
use iedassay_wire::error::ErrorKind;
use iedassay_wire::presentation::{self, UserData};
use iedassay_wire::session::Spdu;
use iedassay_wire::tpkt;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

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
    for bad in ["00f080", "fff080"] {
        assert!(Tpdu::decode(&hex(bad)).is_err(), "{bad}");
    }
    let confirm = Tpdu::ConnectConfirm(Connect {
        parameters: Parameters::default(),
        ..Connect::default()
    });
    assert_eq!(confirm.encode().unwrap(), hex("06d00000000000"));
}

/// What a responder says of a CONNECT that proposes these contexts in place of the usual ones.
fn proposing(contexts: &str, with: &str) -> (Option<ResponderEvent>, Vec<u8>) {
    let now = Time::from_secs(1);
    let mut calling = Initiator::new(InitiatorConfig::default(), now);
    let mut called = Responder::new(ResponderConfig::default(), now);
    let mut connect = Vec::new();
    for _ in 0..3 {
        while let Some(packet) = calling.poll_transmit() {
            if packet.get(7) == Some(&0x0d) {
                connect = packet;
            } else {
                called.handle_input(&packet, now);
            }
        }
        while called.poll_event().is_some() {}
        called.accept_transport(now);
        while let Some(packet) = called.poll_transmit() {
            calling.handle_input(&packet, now);
        }
    }
    let usual = hex(contexts);
    let with = hex(with);
    let at = connect
        .windows(usual.len())
        .position(|octets| octets == usual)
        .unwrap();
    connect.splice(at..at + usual.len(), with);
    called.handle_input(&connect, now);
    let told = std::iter::from_fn(|| called.poll_event()).last();
    called.accept(now);
    (
        told,
        std::iter::from_fn(|| called.poll_transmit())
            .flatten()
            .collect(),
    )
}

#[test]
fn contexts_are_found_by_their_syntaxes() {
    const MMS: &str = "020103 060528ca220201 3004 06025101";
    // The usual.
    let (told, answer) = proposing(MMS, MMS);
    assert!(
        matches!(told, Some(ResponderEvent::Associate(_))),
        "{told:?}"
    );
    let accepted = hex("a512 3007 800100 81025101 3007 800100 81025101");
    assert!(
        answer
            .windows(accepted.len())
            .any(|octets| octets == accepted)
    );
    // Another syntax in place of MMS, and MMS in another encoding: there is nothing to talk about.
    for other in [
        "020103 060528ca220202 3004 06025101",
        "020103 060528ca220201 3004 06025102",
    ] {
        let (told, answer) = proposing(MMS, other);
        let refused = matches!(&told, Some(ResponderEvent::Ended(_)));
        assert!(refused, "{told:?}");
        assert_eq!(answer.get(7), Some(&0x0c), "REFUSE: {answer:02x?}");
    }
}

/// What an initiator says of this answer to its CONNECT.
fn answered(spdu: &[u8]) -> Option<InitiatorEvent> {
    let now = Time::from_secs(1);
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
    use iedassay_wire::association::{Abort, Ending};
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
