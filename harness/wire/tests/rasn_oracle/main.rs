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
mod pdu;
mod services;
#[allow(dead_code, reason = "the strategies are shared with other tests")]
#[path = "../strategies/mod.rs"]
mod strategies;

use std::collections::BTreeMap;

use iedassay_wire::mms::Pdu;
use iedassay_wire::mutate::{Mutation, mutate};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// PDUs in the corpus, the same in every run.
const PDUS: usize = 3000;
/// Damaged copies of each.
const DAMAGED: u64 = 4;

/// What the other decoder makes of one PDU, as it would write it.
fn theirs(octets: &[u8]) -> Result<Vec<u8>, String> {
    let (pdu, rest) =
        rasn::ber::decode_with_remainder::<pdu::Pdu>(octets).map_err(|error| error.to_string())?;
    if !rest.is_empty() {
        return Err(format!("{} octets behind the PDU", rest.len()));
    }
    Ok(rasn::ber::encode(&pdu).unwrap())
}

fn ours(octets: &[u8]) -> Result<Vec<u8>, String> {
    match Pdu::decode(octets) {
        Ok(pdu) => Ok(pdu.encode()),
        Err(error) => Err(error.to_string()),
    }
}

fn corpus() -> Vec<Vec<u8>> {
    let mut runner = TestRunner::deterministic();
    let strategy = strategies::pdu();
    (0..PDUS)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current().encode())
        .collect()
}

/// Differences that nothing in the table explains, by what the two say, with an example.
#[derive(Default)]
struct Report {
    agreed: usize,
    refused: usize,
    explained: BTreeMap<&'static str, usize>,
    unexplained: BTreeMap<String, (usize, String)>,
}

impl Report {
    fn take(&mut self, octets: &[u8]) {
        let (ours, theirs) = (ours(octets), theirs(octets));
        match (&ours, &theirs) {
            (Ok(ours), Ok(theirs)) if ours == theirs => self.agreed += 1,
            (Err(_), Err(_)) => self.refused += 1,
            _ => match differences::explain(&differences::Difference {
                octets,
                ours: &ours,
                theirs: &theirs,
            }) {
                Some(reason) => *self.explained.entry(reason).or_default() += 1,
                None => {
                    let what = match (&ours, &theirs) {
                        (Ok(_), Ok(_)) => "both accept, and differ".to_owned(),
                        (Ok(_), Err(why)) => format!("only we accept: {why}"),
                        (Err(why), _) => format!("only they accept: {why}"),
                    };
                    let what: String = what.chars().filter(|c| !c.is_ascii_digit()).collect();
                    let example = format!("{octets:02x?} ours {ours:02x?} theirs {theirs:02x?}");
                    self.unexplained.entry(what).or_insert((0, example)).0 += 1;
                }
            },
        }
    }

    fn check(&self) {
        assert!(
            self.unexplained.is_empty(),
            "{} agreed, {} refused by both, explained {:#?}, {} kinds unexplained {:#?}",
            self.agreed,
            self.refused,
            self.explained,
            self.unexplained.len(),
            self.unexplained
        );
    }
}

#[test]
fn whole_pdus_are_accepted_and_mean_the_same() {
    let mut report = Report::default();
    for octets in corpus() {
        report.take(&octets);
    }
    report.check();
    assert_eq!(report.refused, 0, "both refuse what we encoded");
    assert!(report.agreed > PDUS / 3, "only {} agreed", report.agreed);
}

#[test]
fn damaged_pdus_are_refused_alike() {
    let mut report = Report::default();
    for (seed, octets) in (0..).zip(corpus()) {
        for at in 0..DAMAGED {
            let seed: u64 = seed * DAMAGED + at;
            let index = usize::try_from(seed).unwrap() % Mutation::ALL.len();
            let mutation = Mutation::ALL[index];
            if let Some(damaged) = mutate(&octets, mutation, seed) {
                report.take(&damaged);
            }
        }
    }
    report.check();
    assert!(
        report.agreed > 500 && report.refused > 1000,
        "{} {}",
        report.agreed,
        report.refused
    );
}
