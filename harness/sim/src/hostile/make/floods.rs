//! PDUs that nobody asked for, one at a time; the server sends them without end.

use iedassay_wire::{
    ber::Tag,
    mms::{Data, FileName, FileOpenRequest, Pdu, Reject, RejectReason, Request, Response},
};

use super::{Scene, reports};

/// Octets of a large report's value.
const LARGE: usize = 60_000;
/// Far from what a client has used.
const UNUSED: u64 = 0x4000_0000;

/// A report of nobody.
pub(in super::super) fn reports(scene: &mut Scene<'_>) -> Vec<u8> {
    let values = vec![Ok(Data::Boolean(true)); 8];
    scene.frames.mms(&reports::made_up(scene.made, values))
}

/// A report of nobody that is nearly as long as a PDU may be.
pub(in super::super) fn large_reports(scene: &mut Scene<'_>) -> Vec<u8> {
    let values = vec![Ok(Data::OctetString(vec![0x5a; LARGE]))];
    scene.frames.mms(&reports::made_up(scene.made, values))
}

/// An answer to a request that was never sent.
pub(in super::super) fn answers(scene: &mut Scene<'_>) -> Vec<u8> {
    let invoke_id = u32::try_from(UNUSED.saturating_add(scene.made)).unwrap_or(u32::MAX);
    let pdu = Pdu::response(invoke_id, Response::FileClose).encode();
    scene.frames.mms(&pdu)
}

/// A reject that names no request.
pub(in super::super) fn rejects(scene: &mut Scene<'_>) -> Vec<u8> {
    let reject = Reject {
        original_invoke_id: None,
        reason: RejectReason::NAMED
            .first()
            .copied()
            .unwrap_or(RejectReason {
                class: iedassay_wire::mms::RejectClass::PDU_ERROR,
                code: 0,
            }),
    };
    scene.frames.mms(&Pdu::Reject(reject).encode())
}

/// A request of the server.
pub(in super::super) fn requests(scene: &mut Scene<'_>) -> Vec<u8> {
    let invoke_id = u32::try_from(scene.made % UNUSED).unwrap_or_default();
    let request = match scene.made % 3 {
        0 => Request::Identify,
        1 => Request::FileOpen(FileOpenRequest {
            name: FileName::new("../../etc/passwd"),
            initial_position: 0,
        }),
        _ => Request::Unknown(iedassay_wire::ber::RawTlv {
            tag: Tag::context(200),
            constructed: false,
            content: vec![0; 20],
        }),
    };
    scene.frames.mms(&Pdu::request(invoke_id, request).encode())
}

/// A request to conclude.
pub(in super::super) fn concludes(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.frames.mms(&Pdu::ConcludeRequest.encode())
}
