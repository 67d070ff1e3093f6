//! What the layers below MMS tell.

use crate::acse::{ApTitle, Apdu};
use crate::cotp::{Reassembler, Tpdu, segments};
use crate::fuzzing::queries::{debug, shown};
use crate::presentation::{self, AbortPpdu, UserData};
use crate::session::Spdu;
use crate::tpkt::{self, Deframer};

/// A TSDU in TPDUs of a size that the first octet chooses, each in its packet, and back again.
pub(super) fn transport(octets: &[u8]) {
    if let Ok(tpdu) = Tpdu::decode(octets) {
        debug(&tpdu);
    }
    let [size, tsdu @ ..] = octets else {
        return;
    };
    let size = usize::from(*size).saturating_add(4);
    let mut deframer = Deframer::new();
    let mut count = 0_usize;
    for data in segments(tsdu, size) {
        count = count.saturating_add(1);
        let Ok(tpdu) = Tpdu::Data(data).encode() else {
            continue;
        };
        assert!(tpdu.len() <= size);
        if let Ok(packet) = tpkt::encode(&tpdu) {
            deframer.push(&packet);
        }
    }
    let mut joined = Reassembler::new(tsdu.len());
    let mut came = None;
    while let Ok(Some(packet)) = deframer.next_packet() {
        assert_eq!(came, None, "octets behind the end mark");
        let tpdu = packet.get(tpkt::HEADER..).unwrap_or_default();
        count = count.saturating_sub(1);
        if let Ok(Tpdu::Data(data)) = Tpdu::decode(tpdu) {
            match joined.push(&data) {
                Ok(message) => came = message,
                Err(error) => shown(&error, octets),
            }
        }
    }
    assert_eq!((count, came.as_deref()), (0, Some(tsdu)));
    assert_eq!(deframer.pending(), 0);
    assert!(deframer.position() > 0);
    // One octet less than the message has is too little room for it.
    if let Some(less) = tsdu.len().checked_sub(1) {
        let mut narrow = Reassembler::new(less);
        let refused = segments(tsdu, size).any(|data| narrow.push(&data).is_err());
        assert!(refused, "a limit was exceeded");
    }
}

pub(super) fn session(octets: &[u8]) {
    match Spdu::decode(octets) {
        Err(error) => shown(&error, octets),
        Ok(Spdu::Refuse(refuse)) => {
            if let Some(reason) = refuse.reason {
                shown(&reason, octets);
            }
            debug(&refuse);
        }
        Ok(spdu) => debug(&spdu),
    }
}

pub(super) fn presentation(octets: &[u8]) {
    if let Ok(ppdu) = presentation::Connect::decode(octets, 0) {
        debug(&ppdu);
    }
    if let Ok(ppdu) = presentation::Accept::decode(octets, 0) {
        debug(&ppdu);
    }
    if let Ok(ppdu) = presentation::Reject::decode(octets, 0) {
        if let Some(reason) = ppdu.provider_reason {
            shown(&reason, octets);
        }
        debug(&ppdu);
    }
    match AbortPpdu::decode(octets, 0) {
        Ok(AbortPpdu::Provider { reason, .. }) => {
            if let Some(reason) = reason {
                shown(&reason, octets);
            }
        }
        Ok(ppdu) => debug(&ppdu),
        Err(error) => shown(&error, octets),
    }
    if let Ok(data) = UserData::decode(octets, 0) {
        if let UserData::Full(pdvs) = &data {
            for pdv in pdvs {
                let first = pdvs.iter().find(|other| other.context == pdv.context);
                let first = first.map(|pdv| (pdv.values, pdv.offset));
                assert_eq!(data.in_context(pdv.context), first);
            }
        }
        debug(&data);
    }
}

pub(super) fn acse(octets: &[u8]) {
    let title = |title: &Option<ApTitle>| {
        if let Some(title) = title {
            shown(title, octets);
        }
    };
    match Apdu::decode(octets, 0) {
        Err(error) => shown(&error, octets),
        Ok(apdu) => {
            match &apdu {
                Apdu::AssociateRequest(request) => {
                    title(&request.called.ap_title);
                    title(&request.calling.ap_title);
                }
                Apdu::AssociateResponse(response) => {
                    title(&response.responding.ap_title);
                    shown(&response.result, octets);
                    shown(&response.diagnostic, octets);
                }
                Apdu::Abort(abort) => shown(&abort.source, octets),
                Apdu::ReleaseRequest(_) | Apdu::ReleaseResponse(_) => {}
            }
            debug(&apdu);
        }
    }
}
