use super::pair::{Decision, Pair};
use crate::acse::{AssociateResult, Diagnostic};
use crate::association::{Ending, InitiatorConfig, Refusal, ResponderConfig};
use crate::cotp::DisconnectReason;
use crate::error::Layer;
use crate::mms::{ErrorCode, RejectReason};
use crate::presentation::ProviderReason;
use crate::session::RefuseReason;

#[test]
fn every_refusal_arrives_as_it_was_given() {
    let refusals = [
        (Refusal::Session(None), Layer::Session),
        (
            Refusal::Session(Some(RefuseReason::SELECTOR_UNKNOWN)),
            Layer::Session,
        ),
        (
            Refusal::Presentation(Some(ProviderReason::SELECTOR_UNKNOWN)),
            Layer::Presentation,
        ),
        (
            Refusal::Acse(
                AssociateResult::REJECTED_PERMANENT,
                Diagnostic::AUTHENTICATION_FAILURE,
            ),
            Layer::Acse,
        ),
        (
            Refusal::Acse(AssociateResult::REJECTED_TRANSIENT, Diagnostic::Provider(1)),
            Layer::Acse,
        ),
        (
            Refusal::Initiate(ErrorCode::VERSION_INCOMPATIBLE.into()),
            Layer::Mms,
        ),
        (Refusal::Reject(RejectReason::INVALID_PDU), Layer::Mms),
    ];
    for (refusal, layer) in refusals {
        assert_eq!(refusal.layer(), layer);
        let mut pair = Pair::new().deciding(Decision::Refuse(refusal.clone()));
        pair.run();
        assert_eq!(pair.initiator_ending(), Some(&Ending::Refused(refusal)));
        assert_eq!(pair.responder_ending(), Some(&Ending::AbortedLocally));
    }
}

#[test]
fn refuses_the_transport_with_its_reason() {
    let refusal = Refusal::Transport(DisconnectReason::CONGESTION);
    let mut pair = Pair::new().deciding(Decision::RefuseTransport(refusal.clone()));
    pair.run();
    assert_eq!(pair.initiator_ending(), Some(&Ending::Refused(refusal)));
}

#[test]
fn a_transport_refusal_of_an_association_is_an_abort_of_the_transport() {
    let refusal = Refusal::Transport(DisconnectReason::SESSION_NOT_ATTACHED);
    let mut pair = Pair::new().deciding(Decision::Refuse(refusal));
    pair.run();
    assert!(matches!(
        pair.initiator_ending(),
        Some(Ending::AbortedByPeer(_))
    ));
}

#[test]
fn a_rejected_aare_inside_an_accept_is_a_refusal() {
    // As libiec61850 refuses: session ACCEPT, CPA, and an AARE that rejects.
    use crate::acse::{Apdu, AssociateResponse};
    use crate::presentation::{ACSE_CONTEXT, Accept, ContextResult, UserData};
    use crate::session::{Connect, Spdu};
    let (result, diagnostic) = (AssociateResult::REJECTED_PERMANENT, Diagnostic::NO_REASON);
    let aare = Apdu::AssociateResponse(AssociateResponse {
        result,
        diagnostic,
        ..AssociateResponse::default()
    });
    let aare = aare.encode();
    let accept = Accept {
        results: vec![ContextResult::accepted(), ContextResult::accepted()],
        user_data: Some(UserData::single(ACSE_CONTEXT, &aare)),
        ..Accept::default()
    };
    let accept = accept.encode();
    let tsdu = Spdu::Accept(Connect {
        user_data: &accept,
        ..Connect::usual()
    })
    .encode()
    .unwrap();
    let mut pair = Pair::new();
    pair.decision = Decision::Ponder;
    pair.run();
    pair.responder.accept_transport(pair.now);
    pair.run();
    let mut dt = vec![2, 0xf0, 0x80];
    dt.extend(tsdu);
    let packet = crate::tpkt::encode(&dt).unwrap();
    pair.responder.send_raw(packet);
    pair.run();
    assert_eq!(
        pair.initiator_ending(),
        Some(&Ending::Refused(Refusal::Acse(result, diagnostic)))
    );
}

#[test]
fn a_foreign_application_context_is_refused_unless_tolerated() {
    // The context is the only 28 ca 22 02 03 in the request.
    let mut pair = Pair::new();
    pair.run();
    let mut octets = pair.carried[0].clone();
    let at = octets
        .windows(5)
        .position(|octets| octets == [0x28, 0xca, 0x22, 2, 3])
        .unwrap();
    octets[at + 4] = 4;
    for (check, accepted) in [(true, false), (false, true)] {
        let responder = ResponderConfig {
            check_application_context: check,
            ..ResponderConfig::default()
        };
        let mut pair = Pair::with(InitiatorConfig::default(), responder);
        pair.responder.handle_input(&octets, pair.now);
        pair.decide();
        assert_eq!(pair.responder_ending().is_none(), accepted);
    }
}

#[test]
fn a_refusal_with_nothing_pending_is_an_abort() {
    let mut pair = Pair::new();
    pair.run();
    pair.responder.refuse(&Refusal::Session(None), pair.now);
    pair.run();
    assert!(matches!(
        pair.initiator_ending(),
        Some(Ending::AbortedByPeer(_))
    ));
}

#[test]
fn garbage_in_place_of_the_answer_is_invalid() {
    let mut pair = Pair::new().deciding(Decision::AcceptRaw(vec![0xff; 9]));
    pair.run();
    match pair.initiator_ending() {
        Some(Ending::Invalid(error)) => assert_eq!(error.layer, Layer::Mms),
        other => panic!("{other:?}"),
    }
}
