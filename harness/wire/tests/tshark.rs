//! An independent decoder reads what both state machines send, and every kind of PDU below MMS.
//! Without `tshark` it says SKIPPED, and fails where `CI` is set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test that cannot go on may panic, and says what it skips"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/capture.rs"]
mod capture;

use std::process::Command;

use capture::{Packet, converse, pcap, tsdu};
use iedassay_wire::acse::{
    self, AbortSource, Apdu, AssociateResponse, AssociateResult, Diagnostic,
};
use iedassay_wire::association::{Authentication, InitiatorConfig};
use iedassay_wire::cotp::{
    DisconnectReason, DisconnectRequest, Parameters, RejectCause, Tpdu, TpduError,
};
use iedassay_wire::presentation::{
    AbortPpdu, AbortReason, ProviderReason, Reject, UserData, encode_data,
};
use iedassay_wire::session::{self, Refuse, RefuseReason, Spdu, TransportDisconnect, data_prefix};
use iedassay_wire::tpkt;

/// The protocols of each packet and what tshark complains of; `None` when it is not there.
fn dissect(name: &str, packets: &[Packet]) -> Option<Vec<String>> {
    let path = std::env::temp_dir().join(format!("iedassay-{}-{name}.pcap", std::process::id()));
    std::fs::write(&path, pcap(packets)).unwrap();
    let output = Command::new("tshark")
        .arg("-r")
        .arg(&path)
        .args(["-d", "tcp.port==102,tpkt", "-T", "fields"])
        .args(["-e", "frame.protocols", "-e", "_ws.expert.message"])
        .args(["-e", "_ws.malformed", "-e", "_ws.col.Info"])
        .output();
    std::fs::remove_file(&path).unwrap();
    let Ok(output) = output else {
        assert!(std::env::var_os("CI").is_none(), "tshark is not installed");
        eprintln!("SKIPPED: tshark is not installed");
        return None;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), packets.len(), "{text}");
    for (line, (_, packet)) in lines.iter().zip(packets) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [_, expert, malformed, _] = fields.as_slice() else {
            panic!("{line}")
        };
        // What it says of the missing handshake of TCP, and of any DR, is not about us.
        let expert = expert
            .split(',')
            .filter(|message| !message.is_empty() && !message.contains("TCP"))
            .filter(|message| !message.contains("onnection"))
            .filter(|message| !message.starts_with("Disconnect Request(DR)"))
            .collect::<Vec<_>>();
        assert!(expert.is_empty(), "{name}: {expert:?} of {packet:02x?}");
        assert!(malformed.is_empty(), "{name}: malformed {packet:02x?}");
    }
    Some(lines)
}

#[test]
fn understands_a_whole_association() {
    let packets = converse(InitiatorConfig::default());
    let Some(lines) = dissect("association", &packets) else {
        return;
    };
    // CR, CC, CONNECT, ACCEPT, two of getNameList, two of conclude, FINISH and DISCONNECT.
    assert_eq!(lines.len(), 10, "{lines:#?}");
    for line in &lines[2..8] {
        assert!(line.contains(":mms"), "{line}");
    }
    assert!(lines[2].contains(":acse"), "{}", lines[2]);
}

#[test]
fn understands_a_password() {
    let packets = converse(InitiatorConfig {
        authentication: Authentication::Password(b"secret".to_vec()),
        ..InitiatorConfig::default()
    });
    if let Some(lines) = dissect("password", &packets) {
        assert!(lines[2].contains(":acse:mms"), "{}", lines[2]);
    }
}

#[test]
fn understands_refusals_and_aborts() {
    // Presentation and ACSE are told from a CONNECT before.
    let opening = converse(InitiatorConfig::default())[..3].to_vec();
    let response = Apdu::AssociateResponse(AssociateResponse {
        result: AssociateResult::REJECTED_PERMANENT,
        diagnostic: Diagnostic::AUTHENTICATION_FAILURE,
        ..AssociateResponse::default()
    })
    .encode();
    let by_provider = Reject {
        provider_reason: Some(ProviderReason::SELECTOR_UNKNOWN),
        ..Reject::default()
    }
    .encode();
    let by_user = Reject {
        user_data: Some(UserData::single(1, &response)),
        ..Reject::default()
    }
    .encode();
    let abort = Apdu::Abort(acse::Abort {
        source: AbortSource::USER,
        diagnostic: None,
        user_information: None,
    })
    .encode();
    let aru = AbortPpdu::User {
        user_data: Some(UserData::single(1, &abort)),
    }
    .encode();
    let arp = AbortPpdu::Provider {
        reason: Some(AbortReason::UNEXPECTED_PPDU),
        event: None,
    }
    .encode();
    let refuse = |reason, user_data| {
        Spdu::Refuse(Refuse {
            transport_disconnect: Some(TransportDisconnect::RELEASE),
            reason: Some(reason),
            user_data,
            ..Refuse::default()
        })
    };
    let abort = |user_data| {
        Spdu::Abort(session::Abort {
            transport_disconnect: Some(TransportDisconnect(3)),
            user_data,
            ..session::Abort::default()
        })
    };
    for (name, spdu) in [
        ("refuse", refuse(RefuseReason::SELECTOR_UNKNOWN, &[][..])),
        ("cpr", refuse(RefuseReason::USER_WITH_DATA, &by_provider)),
        ("aare", refuse(RefuseReason::USER_WITH_DATA, &by_user)),
        ("aru", abort(&aru)),
        ("arp", abort(&arp)),
        ("abort", abort(&[])),
        ("abort-accept", Spdu::AbortAccept),
    ] {
        let mut packets = opening.clone();
        packets.extend(tsdu(true, &spdu.encode().unwrap()));
        if let Some(lines) = dissect(name, &packets) {
            assert!(lines[3].contains(":ses"), "{name}: {}", lines[3]);
        }
    }
}

#[test]
fn understands_transport_refusals() {
    let mut packets = converse(InitiatorConfig::default())[..1].to_vec();
    for tpdu in [
        Tpdu::DisconnectRequest(DisconnectRequest {
            destination: 1,
            source: 0,
            reason: DisconnectReason::ADDRESS_UNKNOWN,
            parameters: Parameters::default(),
        }),
        Tpdu::Error(TpduError {
            destination: 1,
            cause: RejectCause::PARAMETER_VALUE,
            parameters: Parameters::default(),
        }),
    ] {
        packets.push((true, tpkt::encode(&tpdu.encode().unwrap()).unwrap()));
    }
    if let Some(lines) = dissect("transport", &packets) {
        assert!(lines[1].contains(":cotp"), "{}", lines[1]);
    }
}

#[test]
fn joins_our_segments() {
    // A write of 3000 octets in TPDUs of 1024.
    let mut packets = converse(InitiatorConfig::default())[..6].to_vec();
    let mut text = vec![0x8a, 0x82, 0x0b, 0xb8];
    text.extend_from_slice(&[b'x'; 3000]);
    let response = iedassay_wire::mms::Pdu::response(
        2,
        iedassay_wire::mms::Response::Read(iedassay_wire::mms::ReadResponse {
            access: None,
            results: vec![Ok(iedassay_wire::mms::Data::decode(&text).unwrap())],
        }),
    )
    .encode();
    let mut octets = data_prefix().to_vec();
    octets.extend(encode_data(3, &response));
    let segmented = tsdu(true, &octets);
    assert!(segmented.len() > 2);
    packets.extend(segmented);
    if let Some(lines) = dissect("segments", &packets) {
        let last = lines.last().unwrap();
        assert!(last.contains(":mms"), "{last}");
    }
}
