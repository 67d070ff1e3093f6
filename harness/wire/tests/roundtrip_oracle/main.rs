//! Another implementation of MMS, in which we had no hand, reads what we write and writes what
//! we read. The same codec on both ends would hide a symmetric mistake.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

mod damaged;
#[path = "../support/differential.rs"]
mod differential;
mod others;
mod passage;
mod requests;
mod responses;
#[allow(dead_code, reason = "the strategies are shared with other tests")]
#[path = "../strategies/mod.rs"]
mod strategies;

use iec61850_rs::common::Limits;
use iec61850_rs::proto::mms as oracle;
use iedassay_wire::mms::*;

/// Compares octets; the oracle's BOOLEAN true is 0x01 and ours 0xFF, both of which BER permits.
fn same_octets(theirs: &[u8], ours: &[u8]) -> bool {
    theirs.len() == ours.len()
        && theirs
            .iter()
            .zip(ours)
            .all(|pair| pair.0 == pair.1 || pair == (&1, &0xff))
}

/// Both write the same octets, and each reads them.
fn same(ours: &Pdu, theirs: &oracle::Mms<'_>) {
    let bytes = ours.encode();
    let their_bytes = theirs.to_vec().unwrap();
    assert!(
        same_octets(&their_bytes, &bytes),
        "{ours}: {their_bytes:02x?} {bytes:02x?}"
    );
    assert_eq!(&Pdu::decode(&their_bytes).unwrap(), ours);
    assert_eq!(
        &oracle::Mms::parse(&bytes, &Limits::DEFAULT).unwrap(),
        theirs,
        "{ours}"
    );
    assert_eq!(&Pdu::decode(&bytes).unwrap(), ours);
}

fn same_request(ours: Request, theirs: oracle::ConfirmedRequest<'_>) {
    for invoke_id in [0, 127, 128, 65535, u32::MAX] {
        same(
            &Pdu::request(invoke_id, ours.clone()),
            &oracle::Mms::ConfirmedRequest {
                invoke_id: i64::from(invoke_id),
                service: theirs.clone(),
            },
        );
    }
}

fn same_response(ours: Response, theirs: oracle::ConfirmedResponse<'_>) {
    same(
        &Pdu::response(4711, ours),
        &oracle::Mms::ConfirmedResponse {
            invoke_id: 4711,
            service: theirs,
        },
    );
}

const THEIR_NAME: oracle::ObjectName<'static> = oracle::ObjectName::DomainSpecific {
    domain: "LD0",
    item: "LLN0$ST$Mod",
};

fn our_name() -> ObjectName {
    ObjectName::domain("LD0", "LLN0$ST$Mod")
}
