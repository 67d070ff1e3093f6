//! PDUs that are neither confirmed request nor response.

use iec61850_rs::common::Limits;
use iec61850_rs::proto::mms as oracle;
use iec61850_rs::proto::mms::reject::{Reject as OracleReject, RejectReason as OracleReason};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::*;

use crate::same;

#[test]
fn other_pdus_are_the_same_octets() {
    same(&Pdu::ConcludeRequest, &oracle::Mms::ConcludeRequest);
    same(&Pdu::ConcludeResponse, &oracle::Mms::ConcludeResponse);
    for id in [0, 200, u32::MAX] {
        let theirs = i64::from(id);
        same(
            &Pdu::CancelRequest {
                original_invoke_id: id,
            },
            &oracle::Mms::CancelRequest(theirs),
        );
        same(
            &Pdu::CancelResponse {
                original_invoke_id: id,
            },
            &oracle::Mms::CancelResponse(theirs),
        );
    }
    for reason in RejectReason::NAMED {
        for id in [None, Some(0), Some(u32::MAX)] {
            same(
                &Pdu::Reject(Reject {
                    original_invoke_id: id,
                    reason: *reason,
                }),
                &oracle::Mms::Reject(OracleReject {
                    original_invoke_id: id.map(i64::from),
                    reason: OracleReason::from_parts(reason.class.0, reason.code),
                }),
            );
        }
    }
    for code in ErrorCode::NAMED {
        let error = ServiceError {
            additional_code: Some(7),
            ..ServiceError::new(*code)
        };
        let bytes = Pdu::error(1, error).encode();
        let seen = oracle::Mms::parse(&bytes, &Limits::DEFAULT).unwrap();
        let oracle::Mms::ConfirmedError {
            invoke_id: 1,
            error,
            ..
        } = seen
        else {
            panic!("kind")
        };
        let error = oracle::ServiceError::parse(&error).unwrap();
        assert_eq!(
            (error.class, error.code, error.additional),
            (code.class.0, code.code, Some(7))
        );
    }
    let initiate = Initiate {
        local_detail: Some(65_000),
        max_outstanding_calling: 5,
        max_outstanding_called: 5,
        nesting_level: Some(10),
        detail: InitiateDetail {
            version: 1,
            parameters: ParameterSupport(BitString::from_parts(vec![0xf1, 0x00], 5)),
            services: ServiceSupport::of(&[Service::READ, Service::CANCEL]),
            extensions: vec![],
        },
        extensions: vec![],
    };
    let services = initiate.detail.services.0.octets().to_vec();
    let theirs = oracle::Initiate::request(65_000, 5, (5, &[0xf1, 0x00]), (3, &services));
    let theirs = oracle::Initiate {
        data_structure_nesting_level: Some(10),
        ..theirs
    };
    same(
        &Pdu::InitiateRequest(initiate.clone()),
        &oracle::Mms::InitiateRequest(theirs),
    );
    same(
        &Pdu::InitiateResponse(initiate),
        &oracle::Mms::InitiateResponse(theirs),
    );
}
