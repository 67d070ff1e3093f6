//! The answer to CONNECT: ACCEPT, CPA, AARE and the Initiate response in it.

use iedassay_wire::{
    Layer,
    acse::{Apdu, AssociateResponse, AssociateResult, Diagnostic},
    mms::{Initiate, Pdu},
    mutate::{Mutation, mutate_at, places},
    presentation::{ACSE_CONTEXT, Accept, ContextOutcome, UserData},
    session::{self, Spdu},
};

use super::Scene;
use crate::hostile::unit::Unit;

/// ACCEPT with a broken header or parameter.
pub(in super::super) fn session(scene: &mut Scene<'_>) -> Vec<u8> {
    let Some(Unit::Accept(spdu)) = scene.unit else {
        return scene.honest();
    };
    match scene.broken_at(spdu, Some(Layer::Session)) {
        Some(broken) => scene.frames.tsdu(&broken),
        None => scene.honest(),
    }
}

/// One element of CPA, AARE or Initiate response broken.
pub(in super::super) fn malformed(scene: &mut Scene<'_>) -> Vec<u8> {
    ppdu(scene, |scene, ppdu| scene.broken_at(ppdu, None))
}

/// One element of the Initiate response left out.
pub(in super::super) fn fields_missing(scene: &mut Scene<'_>) -> Vec<u8> {
    initiate(scene, |scene, pdu| {
        let fields = places(pdu).saturating_sub(1);
        let place = scene.random.below(fields).saturating_add(1);
        mutate_at(pdu, Mutation::Delete, place, 0)
    })
}

/// Numbers that were not proposed.
pub(in super::super) fn absurd_initiate(scene: &mut Scene<'_>) -> Vec<u8> {
    initiate(scene, |scene, pdu| {
        let Ok(Pdu::InitiateResponse(initiate)) = Pdu::decode(pdu) else {
            return None;
        };
        let numbers = [i32::MIN, -1, 0, 1, 0x7fff, i32::MAX];
        let mut draw = || {
            let at = scene.random.below(numbers.len());
            numbers.get(at).copied().unwrap_or_default()
        };
        let absurd = Initiate {
            local_detail: Some(draw()),
            max_outstanding_calling: draw(),
            max_outstanding_called: draw(),
            nesting_level: Some(draw()),
            ..initiate
        };
        Some(Pdu::InitiateResponse(absurd).encode())
    })
}

/// AARE says rejected, and all around it says accepted.
pub(in super::super) fn rejected(scene: &mut Scene<'_>) -> Vec<u8> {
    response(scene, |response| {
        response.result = AssociateResult::REJECTED_PERMANENT;
        response.diagnostic = Diagnostic::NO_REASON;
    })
}

/// The presentation context of MMS is rejected, and all in it goes on.
pub(in super::super) fn context_rejected(scene: &mut Scene<'_>) -> Vec<u8> {
    ppdu(scene, |_, ppdu| {
        let mut accept = Accept::decode(ppdu, 0).ok()?;
        // The results stand in the order of the contexts proposed: ACSE, then MMS.
        let result = accept.results.get_mut(1)?;
        result.outcome = ContextOutcome::USER_REJECTION;
        result.transfer_syntax = None;
        Some(accept.encode())
    })
}

/// AARE with user information without contents, at its very end.
pub(in super::super) fn ends_empty(scene: &mut Scene<'_>) -> Vec<u8> {
    apdu(scene, |_, apdu| {
        let Ok(Apdu::AssociateResponse(mut response)) = Apdu::decode(apdu, 0) else {
            return None;
        };
        response.user_information = None;
        let mut octets = Apdu::AssociateResponse(response).encode();
        octets.extend_from_slice(&[0xbe, 0]);
        // Without the Initiate response an AARE is short, so its length is one octet.
        let length = octets.get_mut(1).filter(|length| **length < 0x7e)?;
        *length = length.saturating_add(2);
        Some(octets)
    })
}

/// Changes the PPDU in ACCEPT.
fn ppdu(
    scene: &mut Scene<'_>,
    change: impl FnOnce(&mut Scene<'_>, &[u8]) -> Option<Vec<u8>>,
) -> Vec<u8> {
    let Some(Unit::Accept(spdu)) = scene.unit else {
        return scene.honest();
    };
    let Ok(Spdu::Accept(accept)) = Spdu::decode(spdu) else {
        return scene.honest();
    };
    let Some(user_data) = change(scene, accept.user_data) else {
        return scene.honest();
    };
    let changed = Spdu::Accept(session::Connect {
        user_data: &user_data,
        ..accept
    });
    match changed.encode() {
        Ok(spdu) => scene.frames.tsdu(&spdu),
        Err(_) => scene.honest(),
    }
}

/// Changes the APDU in the PPDU.
fn apdu(
    scene: &mut Scene<'_>,
    change: impl FnOnce(&mut Scene<'_>, &[u8]) -> Option<Vec<u8>>,
) -> Vec<u8> {
    ppdu(scene, |scene, ppdu| {
        let accept = Accept::decode(ppdu, 0).ok()?;
        let (values, _) = accept.user_data.as_ref()?.in_context(ACSE_CONTEXT)?;
        let changed = change(scene, values)?;
        let accept = Accept {
            user_data: Some(UserData::single(ACSE_CONTEXT, &changed)),
            ..accept
        };
        Some(accept.encode())
    })
}

/// Changes AARE.
fn response(scene: &mut Scene<'_>, change: impl FnOnce(&mut AssociateResponse<'_>)) -> Vec<u8> {
    apdu(scene, |_, apdu| {
        let Ok(Apdu::AssociateResponse(mut response)) = Apdu::decode(apdu, 0) else {
            return None;
        };
        change(&mut response);
        Some(Apdu::AssociateResponse(response).encode())
    })
}

/// Changes the Initiate response in AARE.
fn initiate(
    scene: &mut Scene<'_>,
    change: impl FnOnce(&mut Scene<'_>, &[u8]) -> Option<Vec<u8>>,
) -> Vec<u8> {
    apdu(scene, |scene, apdu| {
        let Ok(Apdu::AssociateResponse(response)) = Apdu::decode(apdu, 0) else {
            return None;
        };
        let (pdu, _) = response.user_information?;
        let changed = change(scene, pdu)?;
        let response = AssociateResponse {
            user_information: Some((&changed, 0)),
            ..response
        };
        Some(Apdu::AssociateResponse(response).encode())
    })
}
