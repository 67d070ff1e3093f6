//! `send-raw`: octets as they are.

use iedassay_wire::mms::Pdu;
use tokio::time::Instant;

use super::request::{Answer, finish, patience};
use crate::cel::Value;
use crate::outcome::Outcome;
use crate::runner::case_log::{Exhibit, Trouble};
use crate::runner::case_run::CaseRun;
use crate::runner::clients::outcome_of_ending;
use crate::suite::steps::{RawLayer, SendRaw};
use crate::value::hex;

/// Sends octets and waits for what comes back: a PDU, the end of the association, or nothing.
pub(super) async fn send_raw(cx: &mut CaseRun<'_>, step: &SendRaw) -> Result<(), Trouble> {
    let common = step.common();
    let name = cx.client_name(common.client)?;
    let layer = cx.eval(&step.layer)?;
    let octets = cx.eval(&step.hex)?.0;
    let started = Instant::now();
    let within = patience(cx, &common, started)?;
    let client = cx.clients.need(&name)?.client.clone();
    let mut answers = client.subscribe();
    match layer {
        RawLayer::Tcp => client.send_raw(octets),
        RawLayer::Cotp => client.send_raw(tpkt(&octets)?),
        RawLayer::Session => client.send_raw(tpkt(&data_tpdu(&octets)?)?),
        RawLayer::Mms => client.send_mms(octets),
    }
    .map_err(|error| Trouble::harness(format!("the octets cannot be sent: {error}")))?;
    let answer = answers.next_before(started + within).await;
    let at = Instant::now();
    let (outcome, pdu, bytes, frame) = match answer {
        Some(inbound) => match inbound.pdu() {
            Ok(Pdu::Reject(reject)) => (
                Outcome::Reject {
                    pdu: u8::try_from(reject.reason.class.0).unwrap_or(u8::MAX),
                    reason: reject.reason.code,
                },
                "reject".to_owned(),
                inbound.octets.clone(),
                Some(inbound.frame),
            ),
            Ok(Pdu::ConfirmedError(error)) => (
                Outcome::ServiceError {
                    class: u8::try_from(error.error.code.class.0).unwrap_or(u8::MAX),
                    code: error.error.code.code,
                },
                "confirmed-error".to_owned(),
                inbound.octets.clone(),
                Some(inbound.frame),
            ),
            Ok(pdu) => (
                Outcome::Success,
                pdu.kind().to_string(),
                inbound.octets.clone(),
                Some(inbound.frame),
            ),
            Err(error) => (
                Outcome::Malformed(error.to_string()),
                String::new(),
                inbound.octets.clone(),
                Some(inbound.frame),
            ),
        },
        None => match client.ended() {
            Some(ended) => (
                outcome_of_ending(&ended.ending, ended.io.as_ref()),
                String::new(),
                Vec::new(),
                None,
            ),
            None => (Outcome::Timeout, String::new(), Vec::new(), None),
        },
    };
    let text = hex(&bytes);
    let answer = Answer {
        outcomes: vec![(String::new(), outcome)],
        at,
        fields: vec![
            ("answer", Value::from(text.clone())),
            ("pdu", Value::from(pdu)),
        ],
        exhibit: Exhibit {
            pdu: None,
            bytes: Some(text).filter(|text| !text.is_empty()),
            frame: frame.filter(|frame| *frame > 0),
        },
    };
    finish(cx, &common, started, answer)
}

fn tpkt(tpdu: &[u8]) -> Result<Vec<u8>, Trouble> {
    iedassay_wire::tpkt::encode(tpdu).map_err(|error| Trouble::suite(error.to_string()))
}

fn data_tpdu(payload: &[u8]) -> Result<Vec<u8>, Trouble> {
    iedassay_wire::cotp::Tpdu::Data(iedassay_wire::cotp::Data {
        end: true,
        number: 0,
        payload,
    })
    .encode()
    .map_err(|error| Trouble::suite(error.to_string()))
}
