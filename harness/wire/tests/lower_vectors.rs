//! Frames from the field, from presentation to ACSE: they decode to what their source says and encode
//! back to the same octets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

use std::fs;
use std::path::Path;

use iedassay_wire::acse::{self, AeQualifier, ApTitle, Apdu, AssociateResult, Diagnostic};
use iedassay_wire::annotate::{annotate, render};
use iedassay_wire::ber::Oid;
use iedassay_wire::mms::{Pdu, Request};
use iedassay_wire::presentation::{
    self, ACSE_CONTEXT, ContextResult, MMS_CONTEXT, PdvEncoding, UserData, acse_syntax, ber_syntax,
    mms_syntax,
};

fn load(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/vectors/{name}.txt"));
    let text = fs::read_to_string(path).unwrap();
    let (_, hex) = text.split_once("bytes:\n").unwrap();
    hex.split_whitespace()
        .map(|octet| u8::from_str_radix(octet, 16).unwrap())
        .collect()
}

/// The source shows the beginning of the frame, and the MMS PDU at its end as a frame of its own: the
/// lengths say that they belong together.
fn joined(name: &str, end: &str) -> Vec<u8> {
    let mut bytes = load(name);
    bytes.truncate(bytes.len() - 4);
    bytes.extend(load(end));
    bytes
}

fn title() -> Option<ApTitle> {
    Some(ApTitle::Oid(Oid::from_arcs(&[1, 3, 9999, 23]).unwrap()))
}

fn qualifier() -> Option<AeQualifier> {
    Some(AeQualifier::Number(23))
}

#[test]
fn cp_decodes_to_its_facts_and_back() {
    let bytes = joined("cp-ppdu", "initiate-request");
    let cp = presentation::Connect::decode(&bytes, 0).unwrap();
    assert_eq!(cp.calling_selector.as_deref(), Some(&[0, 1][..]));
    assert_eq!(cp.called_selector.as_deref(), Some(&[0, 0, 0, 1][..]));
    let contexts: Vec<_> = cp
        .contexts
        .iter()
        .map(|context| (context.id, context.abstract_syntax.clone()))
        .collect();
    let expected = [(ACSE_CONTEXT, acse_syntax()), (MMS_CONTEXT, mms_syntax())];
    assert_eq!(contexts, expected);
    assert!(
        cp.contexts
            .iter()
            .all(|context| context.transfer_syntaxes == [ber_syntax()])
    );
    assert_eq!(cp.requirements.as_ref().unwrap().len(), 2);
    assert!(cp.unknown.is_empty());

    let (octets, offset) = cp.user_data.as_ref().unwrap().in_context(1).unwrap();
    assert_eq!(&bytes[offset..offset + octets.len()], octets);
    let apdu = Apdu::decode(octets, offset).unwrap();
    assert_eq!(apdu.encode(), octets);
    let Apdu::AssociateRequest(aarq) = apdu else {
        panic!("not AARQ")
    };
    assert_eq!(aarq.application_context, acse::mms_application_context());
    assert_eq!(
        (aarq.called.ap_title, aarq.calling.ap_title),
        (title(), title())
    );
    assert_eq!(aarq.called.ae_qualifier, qualifier());
    assert_eq!(aarq.calling.ae_qualifier, qualifier());
    assert_eq!(aarq.authentication, None);
    assert_eq!(aarq.information_context, MMS_CONTEXT);
    let (octets, offset) = aarq.user_information.unwrap();
    assert_eq!(octets, load("initiate-request"));
    assert_eq!(offset + octets.len(), bytes.len());
    assert!(matches!(
        Pdu::decode(octets).unwrap(),
        Pdu::InitiateRequest(_)
    ));

    assert_eq!(cp.encode(), bytes);
}

#[test]
fn cpa_decodes_to_its_facts_and_back() {
    let bytes = joined("cpa-ppdu", "initiate-response");
    let cpa = presentation::Accept::decode(&bytes, 0).unwrap();
    assert_eq!(cpa.responding_selector.as_deref(), Some(&[0, 0, 0, 1][..]));
    assert_eq!(cpa.results, vec![ContextResult::accepted(); 2]);
    let (octets, offset) = cpa.user_data.as_ref().unwrap().in_context(1).unwrap();
    let apdu = Apdu::decode(octets, offset).unwrap();
    assert_eq!(apdu.encode(), octets);
    let Apdu::AssociateResponse(aare) = apdu else {
        panic!("not AARE")
    };
    assert_eq!(aare.result, AssociateResult::ACCEPTED);
    assert_eq!(aare.diagnostic, Diagnostic::User(0));
    assert_eq!(aare.responding.ap_title, title());
    assert_eq!(aare.responding.ae_qualifier, qualifier());
    let (octets, _) = aare.user_information.unwrap();
    assert_eq!(octets, load("initiate-response"));
    assert_eq!(cpa.encode(), bytes);
}

#[test]
fn cut_frames_are_shown_as_far_as_they_go() {
    for (name, last) in [
        ("cp-ppdu", "localDetailCalling"),
        ("cpa-ppdu", "localDetailCalled"),
        ("getvaraccessattr-response", "componentType"),
        ("information-report", "boolean"),
    ] {
        let tree = annotate(&load(name));
        assert!(tree[0].has_error(), "{name}");
        let text = render(&tree);
        assert!(text.contains(last), "{last} in\n{text}");
        assert!(!text.contains("undecoded"), "{text}");
    }
}

#[test]
fn user_data_decodes_to_its_facts_and_back() {
    let bytes = load("user-data-getnamelist");
    let data = UserData::decode(&bytes, 0).unwrap();
    let UserData::Full(pdvs) = &data else {
        panic!("not fully encoded")
    };
    let [pdv] = pdvs.as_slice() else {
        panic!("not one PDV list")
    };
    assert_eq!(pdv.context, MMS_CONTEXT);
    assert_eq!(pdv.encoding, PdvEncoding::SingleAsn1);
    assert_eq!(pdv.transfer_syntax, None);
    let Pdu::ConfirmedRequest(request) = Pdu::decode(pdv.values).unwrap() else {
        panic!("not a request")
    };
    assert_eq!(request.invoke_id, 1575);
    assert!(matches!(request.service, Request::GetNameList(_)));
    assert_eq!(data.encode(), bytes);
    assert_eq!(presentation::encode_data(MMS_CONTEXT, pdv.values), bytes);
}
