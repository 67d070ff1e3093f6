//! Frames from the field decode to what their source says and encode back to the same octets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use iedassay_wire::ber::{RawTlv, Reader, Tag, Writer};
use iedassay_wire::mms::{
    BinaryTime, Data, GetNameListRequest, ObjectClass, ObjectName, ObjectScope, Pdu, ReadRequest,
    Request, Response, Service, Unconfirmed, VariableAccess,
};
use iedassay_wire::{ErrorKind, Layer};

struct Vector {
    fields: BTreeMap<String, String>,
    bytes: Vec<u8>,
}

impl Vector {
    fn load(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/vectors")
            .join(name);
        let text = fs::read_to_string(path.with_extension("txt")).expect("vector file");
        let (head, hex) = text.split_once("bytes:\n").expect("bytes");
        let fields = head
            .lines()
            .map(|line| line.split_once(": ").expect("key: value"))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        let bytes = hex
            .split_whitespace()
            .map(|octet| u8::from_str_radix(octet, 16).expect("hex"))
            .collect();
        Self { fields, bytes }
    }

    fn field(&self, key: &str) -> &str {
        self.fields.get(key).map_or("", String::as_str)
    }
}

fn pdu(name: &str) -> Pdu {
    Pdu::decode(&Vector::load(name).bytes).expect(name)
}

fn names() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// The elements of the beginning of a frame: what is cut in the middle is opened if it is
/// constructed and dropped if it is not.
fn repair(bytes: &[u8]) -> Vec<RawTlv> {
    let mut elements = Vec::new();
    let mut r = Reader::new(Layer::Mms, bytes);
    loop {
        match r.next() {
            Ok(None) => return elements,
            Ok(Some(tlv)) => elements.push(tlv.to_raw()),
            Err(_) => {
                let rest = r.remaining();
                let header = match rest.get(1) {
                    Some(0x81) => 3,
                    Some(0x82) => 4,
                    Some(_) => 2,
                    None => return elements,
                };
                if rest[0] & 0x20 != 0 && rest.len() > header {
                    let mut w = Writer::new();
                    for element in repair(&rest[header..]).iter().rev() {
                        element.encode_into(&mut w);
                    }
                    let tag = r.peek_tag().unwrap().unwrap();
                    elements.push(RawTlv {
                        tag,
                        constructed: true,
                        content: w.into_vec(),
                    });
                }
                return elements;
            }
        }
    }
}

fn repaired(name: &str) -> RawTlv {
    let mut elements = repair(&Vector::load(name).bytes);
    assert_eq!(elements.len(), 1, "{name}");
    elements.remove(0)
}

fn encoded(raw: &RawTlv) -> Vec<u8> {
    let mut w = Writer::new();
    raw.encode_into(&mut w);
    w.into_vec()
}

#[test]
fn every_vector_prints_as_recorded() {
    let names = names();
    assert!(names.len() >= 15, "{names:?}");
    for name in names {
        let vector = Vector::load(&name);
        let printed = match (vector.field("layer"), vector.field("complete")) {
            ("mms", "yes") => Pdu::decode(&vector.bytes).expect(&name).to_string(),
            (_, "yes") => {
                let mut r = Reader::new(Layer::Presentation, &vector.bytes);
                let raw = r.any("frame").expect(&name).to_raw();
                r.finish().expect(&name);
                raw.to_string()
            }
            _ => repaired(&name).to_string(),
        };
        assert_eq!(printed, vector.field("decoded"), "{name}");
    }
}

#[test]
fn every_complete_mms_vector_encodes_back_to_the_same_octets() {
    let mut count = 0;
    for name in names() {
        let vector = Vector::load(&name);
        if vector.field("layer") == "mms" && vector.field("complete") == "yes" {
            let pdu = Pdu::decode(&vector.bytes).expect(&name);
            assert_eq!(pdu.encode(), vector.bytes, "{name}");
            count += 1;
        }
    }
    assert!(count >= 9, "{count}");
}

#[test]
fn every_cut_vector_is_refused_as_truncated() {
    for name in names() {
        let vector = Vector::load(&name);
        if vector.field("complete") == "no" {
            let error = Reader::new(Layer::Mms, &vector.bytes)
                .next()
                .expect_err(&name);
            assert!(
                matches!(error.kind, ErrorKind::Truncated { .. }),
                "{name}: {error}"
            );
            assert!(error.offset <= vector.bytes.len(), "{name}: {error}");
        }
    }
}

#[test]
fn initiate_request_proposes_what_the_source_says() {
    let Pdu::InitiateRequest(initiate) = pdu("initiate-request") else {
        panic!("kind")
    };
    assert_eq!(initiate.local_detail, Some(64000));
    assert_eq!(
        (
            initiate.max_outstanding_calling,
            initiate.max_outstanding_called
        ),
        (10, 10)
    );
    assert_eq!(initiate.nesting_level, Some(5));
    assert_eq!(initiate.detail.version, 1);
    assert_eq!(initiate.detail.parameters.0.len(), 11);
    assert_eq!(initiate.detail.parameters.0.octets(), [0xe1, 0x00]);
    let services: Vec<Service> = initiate.detail.services.iter().collect();
    assert_eq!(
        services,
        [
            Service::STATUS,
            Service::IDENTIFY,
            Service::OBTAIN_FILE,
            Service::FILE_OPEN,
            Service::FILE_READ,
            Service::FILE_CLOSE,
            Service::FILE_DELETE,
            Service::FILE_DIRECTORY,
            Service::INFORMATION_REPORT,
            Service::CONCLUDE,
        ]
    );
}

#[test]
fn initiate_response_negotiates_what_the_source_says() {
    let Pdu::InitiateResponse(initiate) = pdu("initiate-response") else {
        panic!("kind")
    };
    assert_eq!(initiate.local_detail, Some(32000));
    assert_eq!(
        (
            initiate.max_outstanding_calling,
            initiate.max_outstanding_called
        ),
        (10, 8)
    );
    assert_eq!(
        (initiate.nesting_level, initiate.detail.version),
        (Some(5), 1)
    );
    assert_eq!(initiate.detail.parameters.0.octets(), [0xe1, 0x00]);
    for service in [
        Service::GET_NAME_LIST,
        Service::READ,
        Service::WRITE,
        Service::GET_VARIABLE_ACCESS_ATTRIBUTES,
        Service::GET_NAMED_VARIABLE_LIST_ATTRIBUTES,
        Service::CANCEL,
    ] {
        assert!(initiate.detail.services.contains(service), "{service}");
    }
}

#[test]
fn name_list_asks_for_domains() {
    let request = GetNameListRequest::new(ObjectClass::DOMAIN, ObjectScope::Vmd);
    let expected = Pdu::request(1576, Request::GetNameList(request.clone()));
    assert_eq!(pdu("getnamelist-request"), expected);

    let frame = Vector::load("user-data-getnamelist").bytes;
    let fully_encoded = Reader::new(Layer::Presentation, &frame)
        .expect(Tag::application(1))
        .unwrap();
    let mut pdv = fully_encoded.inner("PDV-list").unwrap().reader().unwrap();
    assert_eq!(pdv.expect(Tag::INTEGER).unwrap().u32().unwrap(), 3);
    let user_data = pdv.expect(Tag::context(0)).unwrap();
    pdv.finish().unwrap();
    let expected = Pdu::request(1575, Request::GetNameList(request));
    assert_eq!(Pdu::decode(user_data.content()).unwrap(), expected);
}

#[test]
fn name_list_gives_domains() {
    let Pdu::ConfirmedResponse(response) = pdu("getnamelist-response") else {
        panic!("kind")
    };
    assert_eq!(response.invoke_id, 1576);
    let Response::GetNameList(list) = response.service else {
        panic!("service")
    };
    assert_eq!(list.names, ["KOC104C1LD0", "KOC104C1SES_1"]);
    assert!(!list.more_follows);
}

#[test]
fn read_names_a_report_control_block() {
    let name = ObjectName::domain("KOC104C1LD0", "LLN0$BR$RepConF01");
    let read = ReadRequest::new(VariableAccess::names([name]));
    assert_eq!(pdu("read-request"), Pdu::request(1578, Request::Read(read)));
}

#[test]
fn read_gives_a_report_control_block() {
    let Pdu::ConfirmedResponse(response) = pdu("read-response-brcb") else {
        panic!("kind")
    };
    assert_eq!(response.invoke_id, 1578);
    let Response::Read(read) = response.service else {
        panic!("service")
    };
    let [Ok(Data::Structure(brcb))] = read.results.as_slice() else {
        panic!("results")
    };
    let [
        rpt_id,
        rpt_ena,
        dat_set,
        conf_rev,
        opt_flds,
        buf_tm,
        sq_num,
        trg_ops,
        intg_pd,
        gi,
        purge,
        entry_id,
        time,
    ] = brcb.as_slice()
    else {
        panic!("members: {}", brcb.len())
    };
    assert_eq!(rpt_id.as_str(), Some("MAME_RepConF"));
    assert_eq!(rpt_ena, &Data::Boolean(false));
    assert_eq!(dat_set.as_str(), Some("KOC104C1LD0/LLN0$StatNrmlD"));
    assert_eq!(conf_rev, &Data::Unsigned(1));
    assert_eq!(opt_flds.as_bits().unwrap().len(), 10);
    assert_eq!(buf_tm, &Data::Unsigned(500));
    assert_eq!(sq_num, &Data::Unsigned(0));
    assert_eq!(trg_ops.as_bits().unwrap().len(), 6);
    assert_eq!(intg_pd, &Data::Unsigned(0));
    assert_eq!((gi, purge), (&Data::Boolean(false), &Data::Boolean(false)));
    assert_eq!(entry_id, &Data::OctetString(vec![0; 8]));
    assert_eq!(
        time,
        &Data::BinaryTime(BinaryTime::DateTime { millis: 0, days: 0 })
    );
}

#[test]
fn type_of_a_report_control_block_begins_as_the_source_says() {
    let Pdu::ConfirmedRequest(request) = pdu("getvaraccessattr-request") else {
        panic!("kind")
    };
    assert_eq!(request.invoke_id, 1576);
    assert_eq!(
        request.service.service(),
        Service::GET_VARIABLE_ACCESS_ATTRIBUTES
    );
    assert_eq!(request.service.to_string(), "KOC104C1LD0/LLN0$BR$RepConC02");

    let fully_encoded = encoded(&repaired("getvaraccessattr-response"));
    let mut r = Reader::new(Layer::Presentation, &fully_encoded);
    let pdv = r
        .expect(Tag::application(1))
        .unwrap()
        .inner("PDV-list")
        .unwrap();
    let mut pdv = pdv.reader().unwrap();
    assert_eq!(pdv.expect(Tag::INTEGER).unwrap().u32().unwrap(), 3);
    let pdu = pdv
        .expect(Tag::context(0))
        .unwrap()
        .inner("MMSpdu")
        .unwrap();
    assert_eq!(
        iedassay_wire::mms::peek(pdu.raw()).unwrap().invoke_id,
        Some(1576)
    );
    let printed = pdu.to_raw().to_string();
    // RptID, a VisibleString of up to 65 characters; RptEna, a boolean.
    assert!(
        printed.contains("{[0] 5270744944, [1]{[10] bf}}"),
        "{printed}"
    );
    assert!(
        printed.contains("{[0] 527074456e61, [1]{[3]}}"),
        "{printed}"
    );
}

#[test]
fn report_begins_as_the_source_says() {
    let pdu = Pdu::decode(&encoded(&repaired("information-report"))).unwrap();
    let Pdu::Unconfirmed(Unconfirmed::InformationReport(report)) = pdu else {
        panic!("kind")
    };
    assert_eq!(
        report.access,
        VariableAccess::VariableListName(ObjectName::Vmd("RPT".into()))
    );
    let [rpt_id, opt_flds, sq_num, time, buf_ovfl] = report.results.as_slice() else {
        panic!("results: {}", report.results.len())
    };
    assert_eq!(
        rpt_id.as_ref().unwrap().as_str(),
        Some("KOC104C1LD0/LLN0$RepConE01")
    );
    assert_eq!(opt_flds.as_ref().unwrap().to_string(), "0b0110001100");
    // Sent in three octets where one would do.
    assert_eq!(sq_num.as_ref().unwrap(), &Data::Unsigned(1));
    assert_eq!(
        time.as_ref().unwrap().to_string(),
        "2018-05-31T12:00:37.495"
    );
    assert_eq!(buf_ovfl.as_ref().unwrap(), &Data::Boolean(false));
}

#[test]
fn goose_data_decodes_as_mms_data() {
    let frame = Vector::load("goose-pdu").bytes;
    let goose = Reader::new(Layer::Mms, &frame)
        .expect(Tag::application(1))
        .unwrap();
    let mut r = goose.reader().unwrap();
    let text = |r: &mut Reader<'_>, n| {
        r.expect(Tag::context(n))
            .unwrap()
            .visible()
            .unwrap()
            .to_string()
    };
    assert_eq!(text(&mut r, 0), "SIPCTRL/LLN0$GO$Control_Dataset");
    assert_eq!(r.expect(Tag::context(1)).unwrap().u32().unwrap(), 3000);
    assert_eq!(text(&mut r, 2), "SIPCTRL/LLN0$Dataset");
    assert_eq!(text(&mut r, 3), "SIP/CTRL/LLN0/Control_Dataset");
    assert_eq!(r.expect(Tag::context(4)).unwrap().content().len(), 8);
    let mut number = |n| r.expect(Tag::context(n)).unwrap().u32().unwrap();
    assert_eq!((number(5), number(6)), (5, 760_619));
    assert!(!r.expect(Tag::context(7)).unwrap().boolean().unwrap());
    assert_eq!(r.expect(Tag::context(8)).unwrap().u32().unwrap(), 1);
    assert!(!r.expect(Tag::context(9)).unwrap().boolean().unwrap());
    assert_eq!(r.expect(Tag::context(10)).unwrap().u32().unwrap(), 2);
    let mut all = r.expect(Tag::context(11)).unwrap().reader().unwrap();
    r.finish().unwrap();
    let first = Data::from_tlv(&all.any("Data").unwrap()).unwrap();
    let second = Data::from_tlv(&all.any("Data").unwrap()).unwrap();
    all.finish().unwrap();
    assert_eq!(first.to_string(), "0b10");
    assert_eq!(second.to_string(), "0b0000000000000");
}

#[test]
fn conclude_is_two_octets() {
    assert_eq!(pdu("conclude-request"), Pdu::ConcludeRequest);
    assert_eq!(pdu("conclude-response"), Pdu::ConcludeResponse);
}
