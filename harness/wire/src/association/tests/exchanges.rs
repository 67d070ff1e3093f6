//! What goes over the wire for each way to begin, refuse and end an association, octet by octet and explained: `exchanges.txt`.
//! `IEDASSAY_UPDATE_GOLDEN=1` writes what goes now.

#[path = "../../../tests/support/golden.rs"]
mod golden;

use std::fmt::Write as _;

use golden::same_as_written;

use super::pair::{Decision, Pair};
use crate::acse::{AssociateResult, Diagnostic};
use crate::annotate::{annotate, render};
use crate::association::{
    Authentication, EndAddress, InitiatorConfig, Refusal, ReleaseWay, ResponderConfig,
};
use crate::cotp::{DisconnectReason, TpduSize};
use crate::mms::{ErrorCode, RejectReason};
use crate::presentation::ProviderReason;
use crate::session::RefuseReason;

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/association/tests/exchanges.txt"
);

fn tell(text: &mut String, title: &str, pair: &Pair) {
    writeln!(text, "== {title}").unwrap();
    for (octets, from) in pair.carried.iter().zip(["calling", "called"]) {
        writeln!(text, "{from}: {octets:02x?}").unwrap();
        text.push_str(&render(&annotate(octets)));
    }
    writeln!(text, "calling: {:?}", pair.initiator_ending()).unwrap();
    writeln!(text, "called: {:?}\n", pair.responder_ending()).unwrap();
}

fn addressed() -> (InitiatorConfig, ResponderConfig) {
    let address = |start: u8| EndAddress {
        tsel: vec![start, 1],
        ssel: vec![start, 2],
        psel: vec![start, 3],
        ..EndAddress::usual(&[1, 3, u64::from(start)], i64::from(start))
    };
    let calling = InitiatorConfig {
        calling: address(16),
        called: address(32),
        authentication: Authentication::Password(b"secret".to_vec()),
        tpdu_size: TpduSize(9),
        reference: 0x1234,
        ..InitiatorConfig::default()
    };
    let called = ResponderConfig {
        local: address(48),
        reference: 0x5678,
        ..ResponderConfig::default()
    };
    (calling, called)
}

#[test]
fn everything_goes_over_the_wire_as_written_down() {
    let mut text = String::new();
    let pair = |decision| {
        let (calling, called) = addressed();
        Pair::with(calling, called).deciding(decision)
    };
    let mut usual = Pair::new();
    usual.run();
    usual.initiator.release(ReleaseWay::default(), usual.now);
    usual.run();
    tell(&mut text, "the usual, concluded and released", &usual);
    let mut addressed = pair(Decision::Accept);
    addressed.run();
    tell(
        &mut text,
        "every parameter of its own, accepted",
        &addressed,
    );
    addressed.carried = [Vec::new(), Vec::new()];
    addressed.initiator.abort(addressed.now);
    addressed.run();
    tell(&mut text, "aborted by the calling end", &addressed);
    let mut aborted = pair(Decision::Accept);
    aborted.run();
    aborted.carried = [Vec::new(), Vec::new()];
    aborted.responder.abort(aborted.now);
    aborted.run();
    tell(&mut text, "aborted by the called end", &aborted);
    let mut invalid = pair(Decision::Accept);
    invalid.run();
    invalid.carried = [Vec::new(), Vec::new()];
    // ABORT ACCEPT has no place here.
    invalid
        .responder
        .send_raw(vec![3, 0, 0, 9, 2, 0xf0, 0x80, 26, 0]);
    invalid.run();
    tell(&mut text, "aborted by the calling provider", &invalid);
    for refusal in [
        Refusal::Session(None),
        Refusal::Session(Some(RefuseReason::SELECTOR_UNKNOWN)),
        Refusal::Presentation(None),
        Refusal::Presentation(Some(ProviderReason::SELECTOR_UNKNOWN)),
        Refusal::Acse(
            AssociateResult::REJECTED_PERMANENT,
            Diagnostic::CALLED_AE_QUALIFIER,
        ),
        Refusal::Initiate(ErrorCode::VERSION_INCOMPATIBLE.into()),
        Refusal::Reject(RejectReason::INVALID_PDU),
        Refusal::Transport(DisconnectReason::SESSION_NOT_ATTACHED),
    ] {
        let mut pair = pair(Decision::Refuse(refusal.clone()));
        pair.run();
        pair.carried[0].clear();
        tell(&mut text, &format!("refused, {refusal}"), &pair);
    }
    let refusal = Refusal::Transport(DisconnectReason::CONGESTION);
    let mut refused = pair(Decision::RefuseTransport(refusal));
    refused.run();
    tell(&mut text, "refused at the transport", &refused);
    same_as_written(FILE, &text);
}
