//! A general BER decoder over types that we derived from the abstract syntax of ISO 9506-2 by hand reads the same octets:
//! it accepts what we accept, and what it makes of them it writes as we write ours. Where the two differ, the reason is
//! one of [`differences::TABLE`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

mod access;
mod base;
mod differences;
#[path = "../support/differential.rs"]
mod differential;
mod pdu;
mod services;
#[allow(dead_code, reason = "the strategies are shared with other tests")]
#[path = "../strategies/mod.rs"]
mod strategies;

use differential::{Other, Outcome, PDUS, Report, corpus, damaged};

const RASN: Other = Other {
    read: theirs,
    same: |theirs, ours| theirs == ours,
    table: differences::TABLE,
};

/// What the other decoder makes of one PDU, as it would write it.
fn theirs(octets: &[u8]) -> Outcome {
    let (pdu, rest) =
        rasn::ber::decode_with_remainder::<pdu::Pdu>(octets).map_err(|error| error.to_string())?;
    if !rest.is_empty() {
        return Err(format!("{} octets behind the PDU", rest.len()));
    }
    Ok(rasn::ber::encode(&pdu).unwrap())
}

#[test]
fn whole_pdus_are_accepted_and_mean_the_same() {
    let report = Report::of(&RASN, corpus());
    report.check();
    assert_eq!(report.refused, 0, "both refuse what we encoded");
    assert!(report.agreed > PDUS / 3, "only {} agreed", report.agreed);
}

#[test]
fn damaged_pdus_are_refused_alike() {
    let report = Report::of(&RASN, damaged());
    report.check();
    assert!(
        report.agreed > 500 && report.refused > 1000,
        "{} {}",
        report.agreed,
        report.refused
    );
}
