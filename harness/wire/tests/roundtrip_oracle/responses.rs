//! Confirmed responses, and the types in them.

use iec61850_rs::common::Limits;
use iec61850_rs::proto::mms as oracle;
use iec61850_rs::proto::mms::file::FileNameBuf;
use iec61850_rs::proto::mms::journal::TimeOfDay;
use iec61850_rs::proto::mms::typespec::{Component as OracleComponent, TypeSpec};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::*;

use crate::{THEIR_NAME, our_name, same_response};

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
