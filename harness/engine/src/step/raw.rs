//! `send-raw`: octets that no honest client sends.

use iedassay_client::Interest;
use iedassay_wire::association::{Ending, out_of_phase};
use iedassay_wire::mms::PduKind;
use iedassay_wire::session::data_prefix;
use tokio::time::{Instant, timeout_at};

use super::alter::altered;
use super::disconnect::last_frame;
use super::permission::allowed;
use super::raw_guard::{to_nowhere, writes};
use super::request::{Answer, finish, patience};
use crate::cel::{Hex, Value};
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::{answer_outcome, outcome_of_ending};
use crate::runner::exhibit::Exhibit;
use crate::suite::Allowance;
use crate::suite::steps::{RawLayer, SendRaw};
use crate::value::hex;

/// Sends octets as they are and waits for what comes back.
pub(super) async fn send_raw(cx: &mut CaseRun<'_>, step: &SendRaw) -> Result<(), Trouble> {
    let common = step.common();
    allowed(cx, Allowance::Robustness)?;
    let name = cx.client_name(common.client)?;
    let layer = cx.eval(&step.layer)?;
    let Hex(octets) = cx.eval(&step.hex)?;
    let octets = altered(cx, step.alter.as_ref(), octets)?;
    let model = &cx.shared.model;
    if !writes(&octets).iter().all(|write| to_nowhere(write, model)) {
        return Err(Trouble::suite(
            "these octets are a request to write: `write`, with `coding`, asks for the permission and puts back",
        ));
    }
    let started = Instant::now();
    let limit = match cx.eval_opt(step.give_up_after.as_ref())? {
        Some(time) => time.duration(),
        None => patience(cx, &common, started)?,
    };
    let slot = cx.clients.need(&name)?;
    slot.raw = true;
    let client = slot.client.clone();
    let until = started + limit;
    let mut everything = client.subscribe_to(Interest::Everything);
    let sent = match layer {
        RawLayer::Tcp => client.send_raw(octets),
        RawLayer::Cotp => client.send_raw(tpkt(&octets)?),
        // DT with end of TSDU (ISO 8073, 13.7).
        RawLayer::Session => {
            client.send_raw(tpkt(&[&[0x02, 0xf0, 0x80], octets.as_slice()].concat())?)
        }
        // GIVE TOKENS and DATA TRANSFER (ISO 8327-1, 8.4) in such a DT.
        RawLayer::Presentation => client.send_raw(tpkt(
            &[
                &[0x02, 0xf0, 0x80],
                data_prefix().as_slice(),
                octets.as_slice(),
            ]
            .concat(),
        )?),
        RawLayer::Mms => client.send_mms(octets),
    };
    // On an association that is over already, what came of it is the answer.
    let over = sent.is_err();
    // Reports are no answer.
    let answer = timeout_at(until, async {
        loop {
            match everything.next().await {
                _ if over => return None,
                Some(inbound) if inbound.kind == PduKind::Unconfirmed => {}
                other => return other,
            }
        }
    })
    .await;
    let (outcome, at, fields, exhibit) = match answer {
        Ok(Some(inbound)) => {
            let (outcome, exhibit) = answer_outcome(&inbound);
            let fields = vec![
                ("answer", Value::from(hex(&inbound.octets))),
                ("pdu", Value::from(inbound.kind.to_string())),
            ];
            (outcome, inbound.at, fields, exhibit)
        }
        Ok(None) => {
            let ended = client.wait_ended().await;
            let outcome = match &ended.ending {
                Ending::Invalid(error) if out_of_phase(error) => {
                    Outcome::OutOfPlace(error.to_string())
                }
                ending => outcome_of_ending(ending, ended.io.as_ref()),
            };
            (outcome, ended.at, nothing(), last_frame(cx))
        }
        Err(_) => (
            Outcome::Timeout,
            Instant::now(),
            nothing(),
            Exhibit::default(),
        ),
    };
    finish(
        cx,
        &common,
        started,
        Answer {
            outcomes: vec![(String::new(), outcome)],
            at,
            fields,
            exhibit,
            each: Vec::new(),
        },
    )
}

fn nothing() -> Vec<(&'static str, Value)> {
    vec![("answer", Value::from("")), ("pdu", Value::from(""))]
}

/// Octets in a TPKT (RFC 1006, section 6).
fn tpkt(octets: &[u8]) -> Result<Vec<u8>, Trouble> {
    iedassay_wire::tpkt::encode(octets).map_err(|error| Trouble::suite(error.to_string()))
}
