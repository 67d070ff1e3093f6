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

use std::process::Command;

use iedassay_wire::acse::{
    self, AbortSource, Apdu, AssociateResponse, AssociateResult, Diagnostic,
};
use iedassay_wire::association::{
    Authentication, Initiator, InitiatorConfig, InitiatorEvent, ReleaseWay, Responder,
    ResponderConfig, ResponderEvent, Time,
};
use iedassay_wire::cotp::{
    DisconnectReason, DisconnectRequest, Parameters, RejectCause, Tpdu, TpduError, segments,
};
use iedassay_wire::presentation::{
    AbortPpdu, AbortReason, ProviderReason, Reject, UserData, encode_data,
};
use iedassay_wire::session::{self, Refuse, RefuseReason, Spdu, TransportDisconnect, data_prefix};
use iedassay_wire::tpkt;

/// One packet and its direction.
type Packet = (bool, Vec<u8>);

/// A capture of Ethernet frames in the classic format, enough for one TCP connection.
fn pcap(packets: &[Packet]) -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4_u32, 0x0002_0004, 0, 0, 65535, 1] {
        file.extend_from_slice(&word.to_be_bytes());
    }
    let mut sequence = [1000_u32, 2000];
    for (second, (from_called, payload)) in packets.iter().enumerate() {
        let (source, destination) = if *from_called { (1, 0) } else { (0, 1) };
        let ports = [50_000_u16, 102];
        let mut tcp = Vec::new();
        tcp.extend_from_slice(&ports[source].to_be_bytes());
        tcp.extend_from_slice(&ports[destination].to_be_bytes());
        tcp.extend_from_slice(&sequence[source].to_be_bytes());
        tcp.extend_from_slice(&sequence[destination].to_be_bytes());
        tcp.extend_from_slice(&[0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0]);
        tcp.extend_from_slice(payload);
        sequence[source] += u32::try_from(payload.len()).unwrap();
        let total = u16::try_from(tcp.len() + 20).unwrap();
        let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
        frame.extend_from_slice(&[0x45, 0]);
        frame.extend_from_slice(&total.to_be_bytes());
        frame.extend_from_slice(&[0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0]);
        frame.push(u8::try_from(source).unwrap() + 1);
        frame.extend_from_slice(&[10, 0, 0]);
        frame.push(u8::try_from(destination).unwrap() + 1);
        frame.extend_from_slice(&tcp);
        let length = u32::try_from(frame.len()).unwrap();
        for word in [u32::try_from(second).unwrap(), 0, length, length] {
            file.extend_from_slice(&word.to_be_bytes());
        }
        file.extend_from_slice(&frame);
    }
    file
}

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

fn converse(config: InitiatorConfig) -> Vec<Packet> {
    let now = Time::from_secs(1);
    let mut calling = Initiator::new(config, now);
    let mut called = Responder::new(ResponderConfig::default(), now);
    let mut packets = Vec::new();
    // getNameList of domains, and an answer.
    let request = [
        0xa0, 0x0e, 2, 1, 1, 0xa1, 9, 0xa0, 3, 0x80, 1, 9, 0xa1, 2, 0x80, 0,
    ];
    let response = [
        0xa1, 0x11, 2, 1, 1, 0xa1, 0x0c, 0xa0, 7, 0x1a, 5, b'A', b'S', b'S', b'A', b'Y', 0x81, 1, 0,
    ];
    for _ in 0..20 {
        while let Some(packet) = calling.poll_transmit() {
            called.handle_input(&packet, now);
            packets.push((false, packet));
        }
        while let Some(event) = called.poll_event() {
            match event {
                ResponderEvent::Transport(_) => called.accept_transport(now),
                ResponderEvent::Associate(_) => called.accept(now),
                ResponderEvent::Conclude => called.answer_conclude(Ok(()), now),
                ResponderEvent::Mms(_) => called.send_mms(&response).unwrap(),
                _ => {}
            }
        }
        while let Some(packet) = called.poll_transmit() {
            calling.handle_input(&packet, now);
            packets.push((true, packet));
        }
        while let Some(event) = calling.poll_event() {
            match event {
                InitiatorEvent::Established(_) => calling.send_mms(&request).unwrap(),
                InitiatorEvent::Mms(_) => calling.release(ReleaseWay::default(), now),
                _ => {}
            }
        }
    }
    packets
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

/// A TSDU in packets of its own.
fn tsdu(from_called: bool, octets: &[u8]) -> Vec<Packet> {
    segments(octets, 1024)
        .map(|data| Tpdu::Data(data).encode().unwrap())
        .map(|tpdu| (from_called, tpkt::encode(&tpdu).unwrap()))
        .collect()
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
