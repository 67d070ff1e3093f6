//! Finds requests to write in octets that are sent raw, where nothing asks for a permission and nothing puts back.

use iedassay_model::tree::ServerModel;
use iedassay_wire::ber::Reader;
use iedassay_wire::cotp::{Reassembler, Tpdu};
use iedassay_wire::error::Layer;
use iedassay_wire::mms::{
    ObjectName, Pdu, PduKind, Peek, Request, VariableAccess, WriteRequest, peek,
};
use iedassay_wire::tpkt::{Deframer, HEADER};

/// Octets of a message in pieces that are put together.
const MOST_MESSAGE: usize = 1 << 20;

/// The requests to write that a server could find in these octets: behind the headers of whatever layer, one after the other, or in pieces that
/// the transport puts together.
pub(super) fn writes(octets: &[u8]) -> Vec<WriteRequest> {
    let mut found = written(octets);
    let mut stream = Deframer::new();
    stream.push(octets);
    let mut message = Reassembler::new(MOST_MESSAGE);
    // Where the stream makes no sense any more, what was seen above is all that can be seen.
    while let Ok(Some(packet)) = stream.next_packet() {
        let tpdu = packet.get(HEADER..).unwrap_or_default();
        let Ok(Tpdu::Data(data)) = Tpdu::decode(tpdu) else {
            continue;
        };
        match message.push(&data) {
            Ok(Some(whole)) => found.extend(written(&whole)),
            Ok(None) => {}
            Err(_) => message = Reassembler::new(MOST_MESSAGE),
        }
    }
    found
}

/// Whether a request writes nothing but variables of logical devices that the model does not have.
pub(super) fn to_nowhere(write: &WriteRequest, model: &ServerModel) -> bool {
    let known = |domain: &str| model.logical_devices().iter().any(|ld| ld.name == domain);
    match &write.access {
        VariableAccess::ListOfVariable(list) => list.iter().all(|variable| {
            matches!(variable.name(), Some(ObjectName::Domain { domain, .. }) if !known(domain))
        }),
        VariableAccess::VariableListName(_) => false,
    }
}

fn written(octets: &[u8]) -> Vec<WriteRequest> {
    let mut found = Vec::new();
    for at in 0..octets.len() {
        let pdu = octets.get(at..).unwrap_or_default();
        let Ok(Peek {
            kind: PduKind::ConfirmedRequest,
            ..
        }) = peek(pdu)
        else {
            continue;
        };
        // What lies behind it is not part of it.
        let Ok(Some(element)) = Reader::new(Layer::Mms, pdu).next() else {
            continue;
        };
        if let Ok(Pdu::ConfirmedRequest(request)) = Pdu::decode(element.raw())
            && let Request::Write(write) = request.service
        {
            found.push(write);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use iedassay_wire::cotp::segments;
    use iedassay_wire::mms::Data;
    use iedassay_wire::tpkt;

    fn a_write() -> Vec<u8> {
        let access = VariableAccess::names([ObjectName::Vmd("Oper".into())]);
        let data = vec![Data::Boolean(true)];
        Pdu::request(1, Request::Write(WriteRequest { access, data })).encode()
    }

    fn found(octets: &[u8]) -> usize {
        writes(octets).len()
    }

    #[test]
    fn a_write_is_found_behind_every_header() {
        let write = a_write();
        assert_eq!(found(&write), 1);
        let ppdu = [&[1, 0, 1, 0, 0x61, 0x30], write.as_slice()].concat();
        assert_eq!(found(&ppdu), 1);
        assert_eq!(found(&[&[0x02, 0xf0, 0x80], ppdu.as_slice()].concat()), 1);
        assert_eq!(found(&[write.as_slice(), &[0; 9]].concat()), 1);
        assert_eq!(found(&Pdu::request(1, Request::Identify).encode()), 0);
        assert_eq!(found(&write[..write.len() - 1]), 0);
    }

    #[test]
    fn a_write_is_found_after_other_packets_and_in_pieces() {
        let other = Pdu::request(1, Request::Identify).encode();
        let mut stream = Vec::new();
        for _ in 0..20 {
            stream.extend(tpkt::encode(&[&[0x02, 0xf0, 0x80], other.as_slice()].concat()).unwrap());
        }
        assert_eq!(found(&stream), 0);
        for piece in segments(&a_write(), 10) {
            stream.extend(tpkt::encode(&Tpdu::Data(piece).encode().unwrap()).unwrap());
        }
        assert_eq!(found(&stream), 1);
    }

    #[test]
    fn only_a_device_that_is_not_there_may_be_written_to() {
        let model = iedassay_model::scl::builtin().unwrap().model;
        let known = model.logical_devices()[0].name.clone();
        let to = |names: &[ObjectName]| WriteRequest {
            access: VariableAccess::names(names.to_vec()),
            data: Vec::new(),
        };
        let of = |domain: &str| ObjectName::Domain {
            domain: domain.to_owned(),
            item: "LLN0$SP$X".to_owned(),
        };
        assert!(to_nowhere(&to(&[of("NoSuchDomain")]), &model));
        for names in [
            vec![of(&known)],
            vec![of("NoSuchDomain"), of(&known)],
            vec![ObjectName::Vmd("X".into())],
            vec![ObjectName::Aa("X".into())],
        ] {
            assert!(!to_nowhere(&to(&names), &model), "{names:?}");
        }
    }
}
