//! Confirmed requests.

use iec61850_rs::ber as oracle_ber;
use iec61850_rs::common::Selector as OracleSelector;
use iec61850_rs::proto::mms as oracle;
use iec61850_rs::proto::mms::alternate::Path;
use iec61850_rs::proto::mms::file::FileNameBuf;
use iec61850_rs::proto::mms::journal::{self, TimeOfDay};
use iedassay_wire::mms::*;

use crate::{THEIR_NAME, our_name, same_octets, same_request};

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
