//! An independent decoder reads a few thousand generated MMS PDUs of every kind: it finds none malformed,
//! and sees the numbers, names and values that were put in. Without `tshark` it says SKIPPED, and fails
//! where `CI` is set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test that cannot go on may panic, and says what it skips"
)]

#[path = "support/capture.rs"]
mod capture;
#[path = "support/seen.rs"]
mod seen;
#[allow(dead_code, reason = "the strategies are shared with other tests")]
mod strategies;

use std::collections::BTreeMap;

use capture::{Packet, association, fields, in_association};
use iedassay_wire::mms::*;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use seen::{expected, within_reach};

/// PDUs in the corpus. The generator is deterministic, so they are the same in every run.
const PDUS: usize = 3000;
/// Fewer than this of any kind is no corpus of that kind.
const OF_EACH_KIND: usize = 5;

/// What tshark is asked for; [`expected`] computes the same from the PDU.
const FIELDS: &[&str] = &[
    "mms.invokeID",
    "mms.originalInvokeID",
    "mms.confirmedServiceRequest",
    "mms.confirmedServiceResponse",
    "mms.unconfirmedService",
    "mms.domainId",
    "mms.itemId",
    "mms.vmd_specific",
    "mms.aa_specific",
    "mms.boolean",
    "mms.data.octet-string",
    "mms.failure",
    "mms.moreFollows",
    "mms.mmsDeletable",
    "mms.numberMatched",
    "mms.numberDeleted",
    "mms.errorClass",
    "mms.rejectReason",
    "mms.localDetailCalling",
    "mms.localDetailCalled",
    "mms.proposedMaxServOutstandingCalling",
    "mms.negociatedMaxServOutstandingCalled",
];

fn corpus() -> Vec<Pdu> {
    let mut runner = TestRunner::deterministic();
    let strategy = strategies::pdu();
    core::iter::from_fn(|| Some(strategy.new_tree(&mut runner).unwrap().current()))
        .filter_map(within_reach)
        .take(PDUS)
        .collect()
}

/// The kind and, of confirmed PDUs, the service.
fn kind(pdu: &Pdu) -> String {
    let whole = format!("{pdu:?}");
    let word = |text: &str| {
        text.chars()
            .take_while(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let service = whole
        .split_once("service: ")
        .map(|(_, rest)| word(rest))
        .unwrap_or_default();
    format!("{} {service}", word(&whole))
}

#[test]
fn sees_what_was_put_in() {
    let corpus = corpus();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for pdu in &corpus {
        *kinds.entry(kind(pdu)).or_default() += 1;
    }
    // 14 kinds of PDU, of which requests and responses are of 18 services each.
    assert!(kinds.len() >= 12 + 2 * 18, "{kinds:#?}");
    for (kind, count) in &kinds {
        assert!(*count >= OF_EACH_KIND, "only {count} of {kind}");
    }
    let mut packets = association();
    let before = packets.len();
    packets.extend(corpus.iter().map(|pdu| -> Packet {
        let from_called = !matches!(
            pdu,
            Pdu::ConfirmedRequest(_) | Pdu::CancelRequest { .. } | Pdu::ConcludeRequest
        );
        (from_called, in_association(&pdu.encode()))
    }));
    let Some(lines) = fields("corpus", &packets, FIELDS) else {
        return;
    };
    // The first of each kind of difference, and how many there are.
    let mut wrong: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut note = |what: String, of: String| {
        wrong.entry(what).or_insert((0, of)).0 += 1;
    };
    for (pdu, line) in corpus.iter().zip(&lines[before..]) {
        if !line.complaints.is_empty() {
            note(
                format!("{} {:?}", kind(pdu), line.complaints),
                format!("{pdu}: {:02x?}", pdu.encode()),
            );
            continue;
        }
        let expected = expected(pdu);
        for (name, seen) in FIELDS.iter().zip(&line.values) {
            let wanted = expected.get(name).cloned().unwrap_or_default();
            if *seen != wanted {
                note(
                    format!("{} {name}", kind(pdu)),
                    format!("seen {seen:?}, put in {wanted:?}: {pdu}"),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
