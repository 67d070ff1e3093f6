//! Captures of one association for tshark to read.

use std::process::Command;

use iedassay_wire::association::{
    Initiator, InitiatorConfig, InitiatorEvent, ReleaseWay, Responder, ResponderConfig,
    ResponderEvent, Time,
};
use iedassay_wire::cotp::{self, Tpdu, segments};
use iedassay_wire::presentation::encode_data;
use iedassay_wire::session::data_prefix;
use iedassay_wire::tpkt;

/// One packet and its direction.
pub(crate) type Packet = (bool, Vec<u8>);

/// A capture of Ethernet frames in the classic format, enough for one TCP connection.
pub(crate) fn pcap(packets: &[Packet]) -> Vec<u8> {
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

/// Both ends talking on one wire: association, a getNameList, conclude and release.
pub(crate) fn converse(config: InitiatorConfig) -> Vec<Packet> {
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

/// A TSDU in packets of its own.
#[allow(dead_code, reason = "not every test needs it")]
pub(crate) fn tsdu(from_called: bool, octets: &[u8]) -> Vec<Packet> {
    segments(octets, 1024)
        .map(|data| Tpdu::Data(data).encode().unwrap())
        .map(|tpdu| (from_called, tpkt::encode(&tpdu).unwrap()))
        .collect()
}

/// CR, CC, CONNECT and ACCEPT: what a decoder has to see to know the presentation contexts.
pub(crate) fn association() -> Vec<Packet> {
    converse(InitiatorConfig::default())[..4].to_vec()
}

/// An MMS PDU in the association of [`association`], in one packet.
pub(crate) fn in_association(pdu: &[u8]) -> Vec<u8> {
    let mut payload = data_prefix().to_vec();
    payload.extend(encode_data(3, pdu));
    let tpdu = Tpdu::Data(cotp::Data {
        end: true,
        number: 0,
        payload: &payload,
    });
    tpkt::encode(&tpdu.encode().unwrap()).unwrap()
}

/// What tshark says of one packet.
#[derive(Debug)]
pub(crate) struct Line {
    /// Expert messages and marks of malformed packets, those on TCP left out.
    pub(crate) complaints: Vec<String>,
    /// All values of each field asked for, in the order of the packet.
    pub(crate) values: Vec<Vec<String>>,
}

/// Values of `names` in every packet; `None` when tshark is not there.
pub(crate) fn fields(name: &str, packets: &[Packet], names: &[&str]) -> Option<Vec<Line>> {
    let path = std::env::temp_dir().join(format!("iedassay-{}-{name}.pcap", std::process::id()));
    std::fs::write(&path, pcap(packets)).unwrap();
    let mut command = Command::new("tshark");
    command.arg("-r").arg(&path);
    command.args([
        "-d",
        "tcp.port==102,tpkt",
        "-T",
        "fields",
        "-E",
        "aggregator=|",
    ]);
    for field in ["_ws.expert.message", "_ws.malformed"].iter().chain(names) {
        command.args(["-e", field]);
    }
    let output = command.output();
    std::fs::remove_file(&path).unwrap();
    let Ok(output) = output else {
        assert!(std::env::var_os("CI").is_none(), "tshark is not installed");
        eprintln!("SKIPPED: tshark is not installed");
        return None;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Line> = text.lines().map(line).collect();
    assert_eq!(lines.len(), packets.len());
    Some(lines)
}

fn line(text: &str) -> Line {
    let values = |text: &str| match text {
        "" => Vec::new(),
        // An empty octet string is there, and has nothing to show.
        text => text
            .split('|')
            .map(|value| value.replace("<MISSING>", ""))
            .collect(),
    };
    let mut columns = text.split('\t').map(values).map(|mut list: Vec<String>| {
        if list == [""] {
            list.clear();
        }
        list
    });
    let mut complaints: Vec<String> = columns.next().unwrap_or_default();
    complaints.retain(|message| !message.contains("TCP") && !message.contains("onnection"));
    complaints.extend(columns.next().unwrap_or_default());
    Line {
        complaints,
        values: columns.collect(),
    }
}
