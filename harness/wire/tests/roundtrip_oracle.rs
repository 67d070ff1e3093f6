//! Another implementation of MMS, in which we had no hand, reads what we write and writes what
//! we read. The same codec on both ends would hide a symmetric mistake.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

#[allow(dead_code, reason = "the strategies are shared with other tests")]
mod strategies;

use iec61850_rs::ber as oracle_ber;
use iec61850_rs::common::{Limits, Selector as OracleSelector};
use iec61850_rs::proto::data::{DataView as OracleView, Value};
use iec61850_rs::proto::mms as oracle;
use iec61850_rs::proto::mms::alternate::Path;
use iec61850_rs::proto::mms::file::FileNameBuf;
use iec61850_rs::proto::mms::journal::{self, TimeOfDay};
use iec61850_rs::proto::mms::reject::{Reject as OracleReject, RejectReason as OracleReason};
use iec61850_rs::proto::mms::typespec::{Component as OracleComponent, TypeSpec};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::*;
use proptest::prelude::*;

/// Makes a value that the oracle has words for: ASCII text, numbers of known width.
fn plain(data: Data) -> Data {
    let ascii = |text: String| {
        text.chars()
            .map(|c| if (' '..='~').contains(&c) { c } else { '?' })
            .collect()
    };
    match data {
        Data::Array(list) => Data::Array(list.into_iter().map(plain).collect()),
        Data::Structure(list) => Data::Structure(list.into_iter().map(plain).collect()),
        Data::VisibleString(text) => Data::VisibleString(ascii(text)),
        Data::FloatingPoint(Float::Other(_)) => Data::FloatingPoint(Float::F32(f32::NAN)),
        other => other,
    }
}

fn value(data: &Data) -> Value {
    let other = |tag| {
        let raw = data.encode();
        let mut cursor = oracle_ber::Cursor::new(&raw);
        let bytes = cursor.next_required().unwrap().value.to_vec();
        Value::Other {
            tag,
            constructed: false,
            bytes,
        }
    };
    match data {
        Data::Array(list) => Value::Array(list.iter().map(value).collect()),
        Data::Structure(list) => Value::Structure(list.iter().map(value).collect()),
        Data::Boolean(value) => Value::Boolean(*value),
        Data::BitString(bits) => Value::BitString {
            unused: bits.unused(),
            bytes: bits.octets().to_vec(),
        },
        Data::Integer(value) => Value::Integer(*value),
        Data::Unsigned(value) => Value::Unsigned(*value),
        Data::FloatingPoint(Float::F32(value)) => Value::Float32(*value),
        Data::FloatingPoint(Float::F64(value)) => Value::Float64(*value),
        Data::OctetString(octets) => Value::OctetString(octets.clone()),
        Data::VisibleString(text) => Value::VisibleString(text.clone()),
        Data::MmsString(text) => Value::MmsString(text.clone()),
        Data::UtcTime(time) => Value::UtcTime(iec61850_rs::UtcTime::from_octets(time.to_octets())),
        Data::BinaryTime(time) => {
            let (octets, len) = time.to_octets();
            Value::BinaryTime(octets[..len].to_vec())
        }
        Data::GeneralizedTime(_) => other(11),
        Data::Bcd(_) => other(13),
        Data::BooleanArray(_) => other(14),
        Data::ObjId(_) => other(15),
        Data::FloatingPoint(Float::Other(_)) | Data::Unknown(_) => panic!("{data}"),
    }
}

/// Compares octets; the oracle's BOOLEAN true is 0x01 and ours 0xFF, both of which BER permits.
fn same_octets(theirs: &[u8], ours: &[u8]) -> bool {
    theirs.len() == ours.len()
        && theirs
            .iter()
            .zip(ours)
            .all(|pair| pair.0 == pair.1 || pair == (&1, &0xff))
}

fn has_nan(data: &Data) -> bool {
    match data {
        Data::Array(list) | Data::Structure(list) => list.iter().any(has_nan),
        data => data.as_f64().is_some_and(f64::is_nan),
    }
}

proptest! {
    #[test]
    fn values_mean_the_same_to_the_oracle(data in strategies::known_data().prop_map(plain)) {
        let bytes = data.encode();
        let expected = value(&data);
        let mut encoder = oracle_ber::Encoder::new();
        expected.encode(&mut encoder).unwrap();
        prop_assert!(same_octets(encoder.as_bytes(), &bytes), "{}", data);
        prop_assert_eq!(&Data::decode(encoder.as_bytes()).unwrap(), &data);
        if !has_nan(&data) {
            let tlv = oracle_ber::Cursor::new(&bytes).next_required().unwrap();
            let seen = OracleView::from_tlv(tlv).unwrap().to_owned(&Limits::DEFAULT).unwrap();
            prop_assert_eq!(seen, expected);
        }
    }

    /// What the oracle accepts of any PDU of ours, it writes back as the same octets.
    #[test]
    fn pdus_survive_a_passage_through_the_oracle(pdu in strategies::pdu()) {
        let bytes = pdu.encode();
        if let Ok(seen) = oracle::Mms::parse(&bytes, &Limits::DEFAULT) {
            prop_assert_eq!(seen.invoke_id(), pdu.invoke_id().map(i64::from));
            if keeps_everything(&pdu) {
                prop_assert!(same_octets(&seen.to_vec().unwrap(), &bytes), "{}", pdu);
            }
        }
    }
}

/// False of PDUs with parts that the oracle reads but does not keep.
fn keeps_everything(pdu: &Pdu) -> bool {
    match pdu {
        Pdu::ConfirmedRequest(pdu) => {
            pdu.modifiers.is_none()
                && pdu.detail.is_none()
                && match &pdu.service {
                    Request::GetNameList(request) => {
                        matches!(request.class, ExtendedObjectClass::Object(_))
                    }
                    Request::Read(request) => keeps_access(&request.access),
                    Request::Write(request) => keeps_access(&request.access),
                    Request::DefineNamedVariableList(request) => keeps_list(&request.variables),
                    Request::DeleteNamedVariableList(request) => {
                        request.names.as_ref().is_none_or(|names| !names.is_empty())
                    }
                    Request::ReadJournal(request) => request
                        .variables
                        .as_ref()
                        .is_none_or(|list| !list.is_empty()),
                    _ => true,
                }
        }
        Pdu::ConfirmedResponse(pdu) => {
            pdu.detail.is_none()
                && match &pdu.service {
                    Response::Read(response) => response.access.as_ref().is_none_or(keeps_access),
                    Response::Identify(response) => response.abstract_syntaxes.is_none(),
                    Response::GetVariableAccessAttributes(response) => {
                        response.address.is_none() && keeps_type(&response.type_spec)
                    }
                    Response::GetNamedVariableListAttributes(response) => {
                        keeps_list(&response.variables)
                    }
                    Response::ReadJournal(response) => response.entries.iter().all(|entry| {
                        entry.additional_detail.is_none()
                            && matches!(
                                &entry.form,
                                EntryForm::Annotation(_)
                                    | EntryForm::Data {
                                        event: None,
                                        variables: Some(_)
                                    }
                            )
                    }),
                    _ => true,
                }
        }
        Pdu::Unconfirmed(Unconfirmed::InformationReport(report)) => keeps_access(&report.access),
        Pdu::InitiateRequest(initiate) | Pdu::InitiateResponse(initiate) => {
            initiate.extensions.is_empty() && initiate.detail.extensions.is_empty()
        }
        _ => true,
    }
}

fn keeps_access(access: &VariableAccess) -> bool {
    match access {
        VariableAccess::ListOfVariable(list) => keeps_list(list),
        VariableAccess::VariableListName(_) => true,
    }
}

/// The alternate access of anything but a name is dropped, and so are names of parts.
fn keeps_list(list: &[ListedVariable]) -> bool {
    list.iter()
        .all(|item| match (&item.specification, &item.alternate_access) {
            (VariableSpecification::Name(_), Some(access)) => is_path(access),
            (_, access) => access.is_none(),
        })
}

fn is_path(access: &AlternateAccess) -> bool {
    match access.items.as_slice() {
        [
            AlternateAccessItem {
                name: None,
                selection,
            },
        ] => match selection {
            AccessSelection::Select(_) => true,
            AccessSelection::Nested(_, parts) => is_path(parts),
        },
        _ => false,
    }
}

fn keeps_type(type_spec: &TypeSpecification) -> bool {
    match type_spec {
        TypeSpecification::Array { element, .. } => keeps_type(element),
        TypeSpecification::Structure { components, .. } => components
            .iter()
            .all(|component| keeps_type(&component.type_spec)),
        // The oracle has no word for the type, or not for the scope of the name.
        TypeSpecification::ObjId
        | TypeSpecification::Unknown(_)
        | TypeSpecification::TypeName(ObjectName::Aa(_)) => false,
        _ => true,
    }
}

/// Both write the same octets, and each reads them.
fn same(ours: &Pdu, theirs: &oracle::Mms<'_>) {
    let bytes = ours.encode();
    let their_bytes = theirs.to_vec().unwrap();
    assert!(
        same_octets(&their_bytes, &bytes),
        "{ours}: {their_bytes:02x?} {bytes:02x?}"
    );
    assert_eq!(&Pdu::decode(&their_bytes).unwrap(), ours);
    assert_eq!(
        &oracle::Mms::parse(&bytes, &Limits::DEFAULT).unwrap(),
        theirs,
        "{ours}"
    );
    assert_eq!(&Pdu::decode(&bytes).unwrap(), ours);
}

fn same_request(ours: Request, theirs: oracle::ConfirmedRequest<'_>) {
    for invoke_id in [0, 127, 128, 65535, u32::MAX] {
        same(
            &Pdu::request(invoke_id, ours.clone()),
            &oracle::Mms::ConfirmedRequest {
                invoke_id: i64::from(invoke_id),
                service: theirs.clone(),
            },
        );
    }
}

fn same_response(ours: Response, theirs: oracle::ConfirmedResponse<'_>) {
    same(
        &Pdu::response(4711, ours),
        &oracle::Mms::ConfirmedResponse {
            invoke_id: 4711,
            service: theirs,
        },
    );
}

const THEIR_NAME: oracle::ObjectName<'static> = oracle::ObjectName::DomainSpecific {
    domain: "LD0",
    item: "LLN0$ST$Mod",
};

fn our_name() -> ObjectName {
    ObjectName::domain("LD0", "LLN0$ST$Mod")
}

#[test]
fn requests_are_the_same_octets() {
    use iec61850_rs::proto::mms::ConfirmedRequest as Theirs;
    same_request(
        Request::Status {
            extended_derivation: true,
        },
        Theirs::Status {
            extended_derivation: true,
        },
    );
    same_request(Request::Identify, Theirs::Identify);
    same_request(
        Request::GetNameList(GetNameListRequest::new(
            ObjectClass::DOMAIN,
            ObjectScope::Vmd,
        )),
        Theirs::GetNameList {
            object_class: 9,
            scope: oracle::ObjectScope::VmdSpecific,
            continue_after: None,
        },
    );
    same_request(
        Request::GetNameList(GetNameListRequest {
            continue_after: Some("LLN0$ST".into()),
            ..GetNameListRequest::new(
                ObjectClass::NAMED_VARIABLE,
                ObjectScope::Domain("LD0".into()),
            )
        }),
        Theirs::GetNameList {
            object_class: 0,
            scope: oracle::ObjectScope::DomainSpecific("LD0"),
            continue_after: Some("LLN0$ST"),
        },
    );
    let list = || {
        oracle::VariableAccess::ListOfVariable(vec![oracle::VariableSpecification::Name(
            THEIR_NAME,
        )])
    };
    same_request(
        Request::Read(ReadRequest::new(VariableAccess::names([our_name()]))),
        Theirs::Read {
            specification_with_result: false,
            access: list(),
        },
    );
    same_request(
        Request::Read(ReadRequest {
            specification_with_result: true,
            access: VariableAccess::VariableListName(our_name()),
        }),
        Theirs::Read {
            specification_with_result: true,
            access: oracle::VariableAccess::VariableListName(THEIR_NAME),
        },
    );
    let data = [
        Data::Boolean(true),
        Data::Structure(vec![Data::Integer(-5)]),
    ];
    let encoded: Vec<Vec<u8>> = data.iter().map(Data::encode).collect();
    // Compared as octets only: an element of theirs knows where it was read from.
    let write = oracle::Mms::ConfirmedRequest {
        invoke_id: 1,
        service: Theirs::Write {
            access: list(),
            values: encoded
                .iter()
                .map(|bytes| oracle_ber::Cursor::new(bytes).next_required().unwrap())
                .collect(),
        },
    };
    let ours = WriteRequest {
        access: VariableAccess::names([our_name()]),
        data: data.into(),
    };
    let ours = Pdu::request(1, Request::Write(ours)).encode();
    assert!(same_octets(&write.to_vec().unwrap(), &ours));
    same_request(
        Request::GetVariableAccessAttributes(GetVariableAccessAttributesRequest::Name(our_name())),
        Theirs::GetVariableAccessAttributes(THEIR_NAME),
    );
    same_request(
        Request::DefineNamedVariableList(DefineNamedVariableListRequest {
            name: ObjectName::Aa("set".into()),
            variables: vec![our_name().into()],
        }),
        Theirs::DefineNamedVariableList {
            name: oracle::ObjectName::AaSpecific("set"),
            variables: vec![oracle::VariableSpecification::Name(THEIR_NAME)],
        },
    );
    same_request(
        Request::GetNamedVariableListAttributes(ObjectName::Vmd("RPT".into())),
        Theirs::GetNamedVariableListAttributes(oracle::ObjectName::VmdSpecific("RPT")),
    );
    for (ours, theirs) in [
        (
            DeleteNamedVariableListRequest::specific(vec![our_name()]),
            Theirs::DeleteNamedVariableList {
                scope: 0,
                names: vec![THEIR_NAME],
                domain: None,
            },
        ),
        (
            DeleteNamedVariableListRequest {
                scope: ScopeOfDelete::DOMAIN,
                names: None,
                domain: Some("LD0".into()),
            },
            Theirs::DeleteNamedVariableList {
                scope: 2,
                names: vec![],
                domain: Some("LD0"),
            },
        ),
        (
            DeleteNamedVariableListRequest {
                scope: ScopeOfDelete::VMD,
                names: None,
                domain: None,
            },
            Theirs::DeleteNamedVariableList {
                scope: 3,
                names: vec![],
                domain: None,
            },
        ),
    ] {
        same_request(Request::DeleteNamedVariableList(ours), theirs);
    }
    for continue_after in [None, Some("x")] {
        same_request(
            Request::GetCapabilityList(GetCapabilityListRequest {
                continue_after: continue_after.map(str::to_owned),
            }),
            Theirs::GetCapabilityList { continue_after },
        );
    }
}

#[test]
fn parts_of_variables_are_the_same_octets() {
    use iec61850_rs::proto::mms::ConfirmedRequest as Theirs;
    let name = || ObjectName::domain("LD0", "MHAI1$MX$HA");
    let theirs = oracle::ObjectName::DomainSpecific {
        domain: "LD0",
        item: "MHAI1$MX$HA",
    };
    for (access, steps) in [
        (
            AlternateAccess::component("mag"),
            vec![OracleSelector::Component("mag")],
        ),
        (
            AlternateAccess::index(300),
            vec![OracleSelector::Index(300)],
        ),
        (
            AlternateAccess::index_range(2, 5),
            vec![OracleSelector::IndexRange { low: 2, count: 5 }],
        ),
        (
            AlternateAccess::select(Selector::AllElements),
            vec![OracleSelector::AllElements],
        ),
        (
            AlternateAccess::component("f")
                .of(Selector::Component("mag".into()))
                .of(Selector::Index(3)),
            vec![
                OracleSelector::Index(3),
                OracleSelector::Component("mag"),
                OracleSelector::Component("f"),
            ],
        ),
        (
            AlternateAccess::component("q").of(Selector::IndexRange { low: 0, count: 2 }),
            vec![
                OracleSelector::IndexRange { low: 0, count: 2 },
                OracleSelector::Component("q"),
            ],
        ),
        (
            AlternateAccess::component("q").of(Selector::AllElements),
            vec![OracleSelector::AllElements, OracleSelector::Component("q")],
        ),
    ] {
        let ours = VariableAccess::ListOfVariable(vec![ListedVariable::new(name(), Some(access))]);
        let path = oracle::VariableSpecification::of(theirs, Path::new(steps));
        same_request(
            Request::Read(ReadRequest::new(ours)),
            Theirs::Read {
                specification_with_result: false,
                access: oracle::VariableAccess::ListOfVariable(vec![path]),
            },
        );
    }
}

#[test]
fn file_and_journal_requests_are_the_same_octets() {
    use iec61850_rs::proto::mms::ConfirmedRequest as Theirs;
    let path = FileNameBuf::from_path("COMTRADE/1.cfg").unwrap();
    let ours = || FileName::new("COMTRADE/1.cfg");
    same_request(
        Request::FileOpen(FileOpenRequest {
            name: ours(),
            initial_position: 200,
        }),
        Theirs::FileOpen {
            name: path.as_name(),
            position: 200,
        },
    );
    for id in [0, 5, -1, i32::MAX] {
        same_request(Request::FileRead { frsm_id: id }, Theirs::FileRead(id));
        same_request(Request::FileClose { frsm_id: id }, Theirs::FileClose(id));
    }
    same_request(
        Request::FileDelete(ours()),
        Theirs::FileDelete(path.as_name()),
    );
    let parts = FileNameBuf::from_components(&["a", "b"]).unwrap();
    for (first, second) in [(false, false), (true, false), (false, true), (true, true)] {
        same_request(
            Request::FileDirectory(FileDirectoryRequest {
                specification: first.then(ours),
                continue_after: second.then(|| FileName(vec!["a".into(), "b".into()])),
            }),
            Theirs::FileDirectory {
                specification: first.then(|| path.as_name()),
                continue_after: second.then(|| parts.as_name()),
            },
        );
    }
    let time = BinaryTime::from_since_epoch(core::time::Duration::from_millis(1_700_000_000_123));
    let their_time = TimeOfDay::from_unix_millis(1_700_000_000_123);
    let starts = [
        (None, None),
        (
            Some(RangeStart::Time(time)),
            Some(journal::RangeStart::Time(their_time)),
        ),
        (
            Some(RangeStart::Entry(vec![1, 2])),
            Some(journal::RangeStart::Entry(&[1, 2])),
        ),
    ];
    let stops = [
        (None, None),
        (
            Some(RangeStop::Time(time)),
            Some(journal::RangeStop::Time(their_time)),
        ),
        (
            Some(RangeStop::Count(-10)),
            Some(journal::RangeStop::Count(-10)),
        ),
    ];
    for (start, their_start) in &starts {
        for (stop, their_stop) in &stops {
            for after in [false, true] {
                same_request(
                    Request::ReadJournal(ReadJournalRequest {
                        journal: our_name(),
                        start: start.clone(),
                        stop: stop.clone(),
                        variables: after.then(|| vec!["x".into()]),
                        start_after: after.then(|| EntryPosition {
                            time,
                            entry: vec![0, 0, 0, 0, 0, 0, 0, 9],
                        }),
                    }),
                    Theirs::ReadJournal(oracle::ReadJournal {
                        name: Some(THEIR_NAME),
                        start: *their_start,
                        stop: *their_stop,
                        variables: if after { vec!["x"] } else { vec![] },
                        after: after.then_some(journal::AfterEntry {
                            time: their_time,
                            entry_id: &[0, 0, 0, 0, 0, 0, 0, 9],
                        }),
                    }),
                );
            }
        }
    }
}

#[test]
fn responses_are_the_same_octets() {
    use iec61850_rs::proto::mms::ConfirmedResponse as Theirs;
    same_response(
        Response::Status(StatusResponse {
            logical: VmdLogicalStatus::LIMITED_SERVICES_ALLOWED,
            physical: VmdPhysicalStatus::OPERATIONAL,
            local_detail: Some(BitString::from_uint(5, 4)),
        }),
        Theirs::Status {
            logical: 2,
            physical: 0,
            local_detail: Some((4, &[0x50])),
        },
    );
    for more_follows in [false, true] {
        let list = || NameListResponse {
            names: vec!["a".into(), "b".into()],
            more_follows,
        };
        same_response(
            Response::GetNameList(list()),
            Theirs::GetNameList {
                identifiers: vec!["a", "b"],
                more_follows,
            },
        );
        same_response(
            Response::GetCapabilityList(list()),
            Theirs::GetCapabilityList {
                capabilities: vec!["a", "b"],
                more_follows,
            },
        );
        same_response(
            Response::FileRead(FileReadResponse {
                data: vec![7; 300],
                more_follows,
            }),
            Theirs::FileRead {
                data: &[7; 300],
                more_follows,
            },
        );
        let path = FileNameBuf::from_path("x").unwrap();
        same_response(
            Response::FileDirectory(FileDirectoryResponse {
                entries: vec![DirectoryEntry {
                    name: "x".into(),
                    attributes: FileAttributes {
                        size: 1000,
                        last_modified: None,
                    },
                }],
                more_follows,
            }),
            Theirs::FileDirectory {
                entries: vec![oracle::file::DirectoryEntry {
                    name: path.as_name(),
                    attributes: oracle::file::FileAttributes {
                        size: 1000,
                        last_modified: None,
                    },
                }],
                more_follows,
            },
        );
    }
    same_response(
        Response::Identify(IdentifyResponse {
            vendor: "v".into(),
            model: "m".into(),
            revision: "r".into(),
            abstract_syntaxes: None,
        }),
        Theirs::Identify {
            vendor: "v",
            model: "m",
            revision: "r",
        },
    );
    same_response(
        Response::Write(WriteResponse {
            results: vec![Ok(()), Err(DataAccessError::OBJECT_ACCESS_DENIED)],
        }),
        Theirs::Write(vec![
            oracle::WriteResult::Success,
            oracle::WriteResult::Failure(3),
        ]),
    );
    same_response(
        Response::GetNamedVariableListAttributes(NamedVariableListAttributes {
            mms_deletable: true,
            variables: vec![our_name().into()],
        }),
        Theirs::GetNamedVariableListAttributes {
            deletable: true,
            variables: vec![oracle::VariableSpecification::Name(THEIR_NAME)],
        },
    );
    same_response(
        Response::DefineNamedVariableList,
        Theirs::DefineNamedVariableList,
    );
    same_response(
        Response::DeleteNamedVariableList(DeleteNamedVariableListResponse {
            matched: 2,
            deleted: 1,
        }),
        Theirs::DeleteNamedVariableList {
            matched: 2,
            deleted: 1,
        },
    );
    same_response(
        Response::FileOpen(FileOpenResponse {
            frsm_id: 3,
            attributes: FileAttributes {
                size: 70_000,
                last_modified: Some("20240131101500Z".into()),
            },
        }),
        Theirs::FileOpen {
            frsm_id: 3,
            attributes: oracle::file::FileAttributes {
                size: 70_000,
                last_modified: Some("20240131101500Z"),
            },
        },
    );
    same_response(Response::FileClose, Theirs::FileClose);
    same_response(Response::FileDelete, Theirs::FileDelete);
    let entry_time = TimeOfDay::from_unix_millis(1_700_000_000_123);
    same_response(
        Response::ReadJournal(ReadJournalResponse {
            entries: vec![JournalEntry {
                identifier: vec![0, 1],
                originator: JournalEntry::NO_ORIGINATOR,
                occurrence_time: BinaryTime::from_octets(&entry_time.to_octets()).unwrap(),
                additional_detail: None,
                form: EntryForm::Annotation("started".into()),
            }],
            more_follows: true,
        }),
        {
            // Made by reading, because theirs remembers the originator it read.
            let bytes = [
                &[
                    0xa1, 0x29, 0x02, 0x02, 0x12, 0x67, 0xbf, 0x41, 0x22, 0xa0, 0x1d, 0x30, 0x1b,
                ][..],
                &[0x80, 2, 0, 1, 0xa1, 2, 0x30, 0, 0xa2, 0x11, 0x80, 6],
                &entry_time.to_octets(),
                &[0x83, 7],
                b"started",
                &[0x81, 1, 0xff],
            ]
            .concat();
            let bytes: &'static [u8] = Box::leak(bytes.into_boxed_slice());
            let seen = oracle::Mms::parse(bytes, &Limits::DEFAULT).unwrap();
            let oracle::Mms::ConfirmedResponse { service, .. } = seen else {
                panic!("kind")
            };
            service
        },
    );
}

#[test]
fn types_are_the_same_octets() {
    use iec61850_rs::proto::mms::ConfirmedResponse as Theirs;
    let simple = [
        (TypeSpecification::Boolean, TypeSpec::Boolean),
        (TypeSpecification::BitString(-13), TypeSpec::BitString(-13)),
        (TypeSpecification::Integer(32), TypeSpec::Integer(32)),
        (TypeSpecification::Unsigned(128), TypeSpec::Unsigned(128)),
        (
            TypeSpecification::FLOAT32,
            TypeSpec::FloatingPoint {
                format_width: 32,
                exponent_width: 8,
            },
        ),
        (
            TypeSpecification::FLOAT64,
            TypeSpec::FloatingPoint {
                format_width: 64,
                exponent_width: 11,
            },
        ),
        (
            TypeSpecification::OctetString(-64),
            TypeSpec::OctetString(-64),
        ),
        (
            TypeSpecification::VisibleString(-255),
            TypeSpec::VisibleString(-255),
        ),
        (
            TypeSpecification::GeneralizedTime,
            TypeSpec::GeneralizedTime,
        ),
        (
            TypeSpecification::BinaryTime { with_date: true },
            TypeSpec::BinaryTime(true),
        ),
        (
            TypeSpecification::BinaryTime { with_date: false },
            TypeSpec::BinaryTime(false),
        ),
        (TypeSpecification::Bcd(4), TypeSpec::Bcd(4)),
        (
            TypeSpecification::MmsString(-255),
            TypeSpec::MmsString(-255),
        ),
        (TypeSpecification::UtcTime, TypeSpec::UtcTime),
        (
            TypeSpecification::TypeName(our_name()),
            TypeSpec::Named {
                domain: Some("LD0".into()),
                item: "LLN0$ST$Mod".into(),
            },
        ),
        (
            TypeSpecification::TypeName(ObjectName::Vmd("T".into())),
            TypeSpec::Named {
                domain: None,
                item: "T".into(),
            },
        ),
    ];
    let ours = TypeSpecification::structure(
        simple
            .iter()
            .enumerate()
            .map(|(i, (ours, _))| (format!("c{i}"), ours.clone())),
    );
    let theirs = TypeSpec::Structure {
        packed: false,
        components: simple
            .iter()
            .enumerate()
            .map(|(i, (_, theirs))| OracleComponent {
                name: Some(format!("c{i}")),
                type_spec: theirs.clone(),
            })
            .collect(),
    };
    let mut pairs = simple.to_vec();
    pairs.push((
        TypeSpecification::Array {
            packed: true,
            count: 16,
            element: Box::new(ours.clone()),
        },
        TypeSpec::Array {
            packed: true,
            elements: 16,
            element_type: Box::new(theirs.clone()),
        },
    ));
    pairs.push((ours, theirs));
    for (ours, theirs) in pairs {
        same_response(
            Response::GetVariableAccessAttributes(VariableAccessAttributes {
                mms_deletable: false,
                address: None,
                type_spec: ours,
            }),
            Theirs::GetVariableAccessAttributes {
                deletable: false,
                type_spec: theirs,
            },
        );
    }
}

#[test]
fn other_pdus_are_the_same_octets() {
    same(&Pdu::ConcludeRequest, &oracle::Mms::ConcludeRequest);
    same(&Pdu::ConcludeResponse, &oracle::Mms::ConcludeResponse);
    for id in [0, 200, u32::MAX] {
        let theirs = i64::from(id);
        same(
            &Pdu::CancelRequest {
                original_invoke_id: id,
            },
            &oracle::Mms::CancelRequest(theirs),
        );
        same(
            &Pdu::CancelResponse {
                original_invoke_id: id,
            },
            &oracle::Mms::CancelResponse(theirs),
        );
    }
    for reason in RejectReason::NAMED {
        for id in [None, Some(0), Some(u32::MAX)] {
            same(
                &Pdu::Reject(Reject {
                    original_invoke_id: id,
                    reason: *reason,
                }),
                &oracle::Mms::Reject(OracleReject {
                    original_invoke_id: id.map(i64::from),
                    reason: OracleReason::from_parts(reason.class.0, reason.code),
                }),
            );
        }
    }
    for code in ErrorCode::NAMED {
        let error = ServiceError {
            additional_code: Some(7),
            ..ServiceError::new(*code)
        };
        let bytes = Pdu::error(1, error).encode();
        let seen = oracle::Mms::parse(&bytes, &Limits::DEFAULT).unwrap();
        let oracle::Mms::ConfirmedError {
            invoke_id: 1,
            error,
            ..
        } = seen
        else {
            panic!("kind")
        };
        let error = oracle::ServiceError::parse(&error).unwrap();
        assert_eq!(
            (error.class, error.code, error.additional),
            (code.class.0, code.code, Some(7))
        );
    }
    let initiate = Initiate {
        local_detail: Some(65_000),
        max_outstanding_calling: 5,
        max_outstanding_called: 5,
        nesting_level: Some(10),
        detail: InitiateDetail {
            version: 1,
            parameters: ParameterSupport(BitString::from_parts(vec![0xf1, 0x00], 5)),
            services: ServiceSupport::of(&[Service::READ, Service::CANCEL]),
            extensions: vec![],
        },
        extensions: vec![],
    };
    let services = initiate.detail.services.0.octets().to_vec();
    let theirs = oracle::Initiate::request(65_000, 5, (5, &[0xf1, 0x00]), (3, &services));
    let theirs = oracle::Initiate {
        data_structure_nesting_level: Some(10),
        ..theirs
    };
    same(
        &Pdu::InitiateRequest(initiate.clone()),
        &oracle::Mms::InitiateRequest(theirs),
    );
    same(
        &Pdu::InitiateResponse(initiate),
        &oracle::Mms::InitiateResponse(theirs),
    );
}
