//! Typed services against a small server, on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]

mod common;

use std::time::Duration;

use common::{Behaviour, Order, associated};
use iedassay_client::services::blocks::Writes;
use iedassay_client::services::command::{Command, Part};
use iedassay_client::services::control::Controller;
use iedassay_client::services::notification::Notification;
use iedassay_client::{Client, ClientError};
use iedassay_model::{BlockReference, DataSetReference};
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{
    Data, DataAccessError, DeleteNamedVariableListResponse, DirectoryEntry, ErrorCode,
    FileAttributes, FileDirectoryResponse, FileName, FileOpenResponse, FileReadResponse,
    GetVariableAccessAttributesRequest, InformationReport, ListedVariable, NameListResponse,
    NamedVariableListAttributes, ObjectName, Pdu, ReadResponse, Request, Response,
    TypeSpecification, Unconfirmed, VariableAccess, VariableAccessAttributes, WriteResponse,
};

fn names(names: &[&str], more_follows: bool) -> Response {
    Response::GetNameList(NameListResponse {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        more_follows,
    })
}

async fn with_names(serve: impl FnMut(Option<&str>) -> Response + Send + 'static) -> Client {
    let mut serve = serve;
    let (client, server) = associated(Behaviour::serving(move |request| match request {
        Request::GetNameList(request) => serve(request.continue_after.as_deref()),
        other => panic!("{other:?}"),
    }))
    .await;
    drop(server.orders);
    client
}

#[tokio::test(start_paused = true)]
async fn collects_all_pages_of_names() {
    let client = with_names(|after| match after {
        None => names(&["a", "b"], true),
        Some("b") => names(&["c"], true),
        Some("c") => names(&[], false),
        Some(other) => panic!("{other}"),
    })
    .await;
    assert_eq!(client.domains().await.unwrap(), ["a", "b", "c"]);
}

#[tokio::test(start_paused = true)]
async fn pages_that_do_not_end_are_told() {
    let again = with_names(|_| names(&["a", "b"], true)).await;
    let error = again.domains().await.unwrap_err();
    assert_eq!(
        error,
        ClientError::Inconsistent("the list of names has `a` twice".into())
    );
    let empty = with_names(|_| names(&[], true)).await;
    assert!(matches!(
        empty.domains().await,
        Err(ClientError::Inconsistent(_))
    ));
    let mut number = 0;
    let endless = with_names(move |_| {
        number += 1;
        names(&[&number.to_string()], true)
    })
    .await;
    assert!(matches!(
        endless.domains().await,
        Err(ClientError::Inconsistent(_))
    ));
}

#[tokio::test(start_paused = true)]
async fn wrong_numbers_of_results_are_told() {
    let (client, _server) = associated(Behaviour::serving(|request| match request {
        Request::Read(_) => Response::Read(ReadResponse::new(vec![])),
        _ => Response::Write(WriteResponse {
            results: vec![Ok(()), Ok(())],
        }),
    }))
    .await;
    let name = ObjectName::domain("LD", "X");
    assert!(matches!(
        client.read(name.clone()).await,
        Err(ClientError::Inconsistent(_))
    ));
    assert!(matches!(
        client.write(name, Data::Boolean(true)).await,
        Err(ClientError::Inconsistent(_))
    ));
}

#[tokio::test(start_paused = true)]
async fn data_sets_are_made_listed_and_deleted() {
    let (client, _server) = associated(Behaviour::serving(|request| match request {
        Request::DefineNamedVariableList(define) => {
            assert_eq!(define.name, ObjectName::Aa("mine".into()));
            Response::DefineNamedVariableList
        }
        Request::GetNamedVariableListAttributes(name) => {
            assert_eq!(name, ObjectName::domain("LD", "LLN0$ds"));
            let variables = vec![ObjectName::domain("LD", "A").into()];
            Response::GetNamedVariableListAttributes(NamedVariableListAttributes {
                mms_deletable: true,
                variables,
            })
        }
        Request::DeleteNamedVariableList(_) => {
            Response::DeleteNamedVariableList(DeleteNamedVariableListResponse {
                matched: 1,
                deleted: 0,
            })
        }
        Request::Read(_) => Response::Read(ReadResponse::new(vec![
            Ok(Data::Boolean(true)),
            Err(DataAccessError(3)),
        ])),
        other => panic!("{other:?}"),
    }))
    .await;
    let data_set: DataSetReference = "LD/LLN0.ds".parse().unwrap();
    let member = ListedVariable::from(ObjectName::domain("LD", "A"));
    client
        .create_data_set(&"@mine".parse().unwrap(), vec![member.clone()])
        .await
        .unwrap();
    assert_eq!(
        client
            .data_set_directory(&data_set)
            .await
            .unwrap()
            .variables,
        [member]
    );
    assert_eq!(client.delete_data_set(&data_set).await.unwrap().deleted, 0);
    assert_eq!(client.read_data_set(&data_set).await.unwrap().len(), 2);
}

fn urcb() -> BlockReference {
    BlockReference::from_mms("LD", "LLN0$RP$urcb01").unwrap()
}

#[tokio::test(start_paused = true)]
async fn blocks_are_read_by_name_and_written_in_order() {
    let (log, mut written) = tokio::sync::mpsc::unbounded_channel();
    let (client, _server) = associated(Behaviour::serving(move |request| match request {
        Request::GetVariableAccessAttributes(GetVariableAccessAttributesRequest::Name(_)) => {
            let type_spec = TypeSpecification::structure([
                ("RptID", TypeSpecification::VisibleString(-129)),
                ("RptEna", TypeSpecification::Boolean),
            ]);
            Response::GetVariableAccessAttributes(VariableAccessAttributes {
                mms_deletable: false,
                address: None,
                type_spec,
            })
        }
        Request::Read(_) => Response::Read(ReadResponse::new(vec![Ok(Data::Structure(vec![
            Data::VisibleString("id".into()),
            Data::Boolean(false),
        ]))])),
        Request::Write(write) => {
            let VariableAccess::ListOfVariable(list) = &write.access else {
                panic!()
            };
            let items: Vec<String> = list
                .iter()
                .map(|variable| variable.name().unwrap().item().to_owned())
                .collect();
            let results = items
                .iter()
                .map(|item| {
                    if item.ends_with("IntgPd") {
                        Err(DataAccessError::TEMPORARILY_UNAVAILABLE)
                    } else {
                        Ok(())
                    }
                })
                .collect();
            log.send(items).unwrap();
            Response::Write(WriteResponse { results })
        }
        other => panic!("{other:?}"),
    }))
    .await;
    let block = client.get_block(&urcb()).await.unwrap();
    assert_eq!(
        (block.text("RptID"), block.flag("RptEna")),
        (Some("id"), Some(false))
    );

    let values = || {
        vec![
            ("GI".to_owned(), Data::Boolean(true)),
            ("RptEna".to_owned(), Data::Boolean(true)),
            ("IntgPd".to_owned(), Data::Unsigned(1)),
            ("Resv".to_owned(), Data::Boolean(true)),
        ]
    };
    for (writes, requests, results) in [
        (Writes::OneByOne, 4, 4),
        (Writes::UntilRefused, 2, 2),
        (Writes::Together, 1, 4),
    ] {
        let done = client.set_block(&urcb(), values(), writes).await.unwrap();
        let order: Vec<&str> = done.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(order, ["Resv", "IntgPd", "RptEna", "GI"][..results]);
        assert_eq!(done[1].1, Err(DataAccessError::TEMPORARILY_UNAVAILABLE));
        for _ in 0..requests {
            written.recv().await.unwrap();
        }
        assert!(written.try_recv().is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn files_are_listed_and_read_whole() {
    let attributes = FileAttributes {
        size: 5,
        last_modified: None,
    };
    let entry = move |name: &str| DirectoryEntry {
        name: FileName::new(name),
        attributes: attributes.clone(),
    };
    let mut pieces = vec![(vec![4, 5], false), (vec![], true), (vec![1, 2, 3], true)];
    let opened = entry("a").attributes;
    let (client, _server) = associated(Behaviour::serving(move |request| match request {
        Request::FileDirectory(request) => Response::FileDirectory(match request.continue_after {
            None => FileDirectoryResponse {
                entries: vec![entry("a")],
                more_follows: true,
            },
            Some(_) => FileDirectoryResponse {
                entries: vec![entry("b")],
                more_follows: false,
            },
        }),
        Request::FileOpen(_) => Response::FileOpen(FileOpenResponse {
            frsm_id: 7,
            attributes: opened.clone(),
        }),
        Request::FileRead { frsm_id: 7 } => {
            let (data, more_follows) = pieces.pop().unwrap();
            Response::FileRead(FileReadResponse { data, more_follows })
        }
        Request::FileClose { frsm_id: 7 } => Response::FileClose,
        other => panic!("{other:?}"),
    }))
    .await;
    let entries = client.file_directory(None).await.unwrap();
    let names: Vec<String> = entries.iter().map(|entry| entry.name.to_path()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(
        client.get_file(FileName::new("a"), 100).await.unwrap(),
        [1, 2, 3, 4, 5]
    );
}

#[tokio::test(start_paused = true)]
async fn endless_files_are_closed_and_told() {
    let (closed, was_closed) = tokio::sync::oneshot::channel();
    let mut closed = Some(closed);
    let (client, _server) = associated(Behaviour::serving(move |request| match request {
        Request::FileOpen(_) => {
            let attributes = FileAttributes {
                size: 0,
                last_modified: None,
            };
            Response::FileOpen(FileOpenResponse {
                frsm_id: 1,
                attributes,
            })
        }
        Request::FileRead { .. } => Response::FileRead(FileReadResponse {
            data: vec![],
            more_follows: true,
        }),
        _ => {
            closed.take().unwrap().send(()).unwrap();
            Response::FileClose
        }
    }))
    .await;
    assert!(matches!(
        client.get_file(FileName::new("a"), 100).await,
        Err(ClientError::Inconsistent(_))
    ));
    was_closed.await.unwrap();
}

fn report(access: VariableAccess, results: Vec<Data>) -> Vec<u8> {
    let results = results.into_iter().map(Ok).collect();
    Pdu::Unconfirmed(Unconfirmed::InformationReport(InformationReport {
        access,
        results,
    }))
    .encode()
}

fn last_appl_error(add_cause: i64) -> Data {
    let origin = Data::Structure(vec![Data::Integer(2), Data::OctetString(b"x".to_vec())]);
    Data::Structure(vec![
        Data::VisibleString("LD/CSWI1$CO$Pos$Oper".into()),
        Data::Integer(0),
        origin,
        Data::Unsigned(9),
        Data::Integer(add_cause),
    ])
}

fn command() -> Command {
    Command::new(Data::Boolean(true), 9, Duration::ZERO)
}

fn oper() -> ObjectName {
    ObjectName::domain("LD", "CSWI1$CO$Pos$Oper")
}

#[tokio::test(start_paused = true)]
async fn a_refused_control_tells_its_cause() {
    let (client, _server) = associated(Behaviour::answering(|pdu| {
        let Pdu::ConfirmedRequest(request) = pdu else {
            panic!()
        };
        let Request::Write(write) = &request.service else {
            panic!()
        };
        let Data::Structure(fields) = &write.data[0] else {
            panic!()
        };
        assert_eq!(fields.len(), 6);
        assert_eq!(
            fields[5],
            Data::BitString(BitString::from_bits([false, false]))
        );
        let name = ObjectName::Vmd("LastApplError".into());
        let refused = Response::Write(WriteResponse {
            results: vec![Err(DataAccessError::OBJECT_ACCESS_DENIED)],
        });
        vec![
            report(VariableAccess::names([name]), vec![last_appl_error(18)]),
            Pdu::response(request.invoke_id, refused).encode(),
        ]
    }))
    .await;
    let mut controller = Controller::new(&client, &"LD/CSWI1.Pos".parse().unwrap()).unwrap();
    let outcome = controller.operate(&command()).await;
    assert_eq!(
        outcome.result,
        Err(ClientError::Access(DataAccessError::OBJECT_ACCESS_DENIED))
    );
    assert_eq!(outcome.add_cause(), Some(18));
    assert_eq!(
        (
            outcome.causes[0].ctl_num,
            outcome.causes[0].origin.as_ref().unwrap().or_cat
        ),
        (Some(9), 2)
    );
}

#[tokio::test(start_paused = true)]
async fn terminations_find_their_controller() {
    let (client, server) = associated(Behaviour::serving(|request| match request {
        Request::Read(_) => Response::Read(ReadResponse::new(vec![Ok(Data::VisibleString(
            "LD/CSWI1$CO$Pos$SBO".into(),
        ))])),
        _ => Response::Write(WriteResponse {
            results: vec![Ok(())],
        }),
    }))
    .await;
    let mut controller = Controller::new(&client, &"LD/CSWI1.Pos".parse().unwrap()).unwrap();
    assert_eq!(controller.select().await.unwrap(), "LD/CSWI1$CO$Pos$SBO");
    assert_eq!(controller.operate(&command()).await.result, Ok(()));
    let other = ObjectName::domain("LD", "CSWI2$CO$Pos$Oper");
    let value = command().to_data(Part::Oper, None);
    for pdu in [
        report(VariableAccess::names([other]), vec![value.clone()]),
        report(VariableAccess::names([oper()]), vec![value.clone()]),
        report(
            VariableAccess::names([ObjectName::Vmd("LastApplError".into()), oper()]),
            vec![last_appl_error(16), value],
        ),
    ] {
        server.orders.send(Order::Send(pdu)).unwrap();
    }
    let within = Duration::from_secs(1);
    let (_, positive) = controller.termination(within).await.unwrap();
    assert_eq!(
        (positive.item.as_str(), positive.error),
        ("CSWI1$CO$Pos$Oper", None)
    );
    let (_, negative) = controller.termination(within).await.unwrap();
    assert_eq!(negative.error.unwrap().add_cause, 16);
    assert!(controller.termination(within).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn unsolicited_pdus_are_told_apart() {
    let (client, server) = associated(Behaviour::default()).await;
    let mut subscription = client.subscribe();
    let rpt = VariableAccess::VariableListName(ObjectName::Vmd("RPT".into()));
    let bits =
        |text: &str| Data::BitString(BitString::from_bits(text.bytes().map(|bit| bit == b'1')));
    for pdu in [
        report(
            rpt.clone(),
            vec![
                Data::VisibleString("id".into()),
                bits("0"),
                bits("1"),
                Data::Boolean(true),
            ],
        ),
        report(rpt, vec![]),
        report(
            VariableAccess::names([ObjectName::Vmd("X".into())]),
            vec![Data::Boolean(true)],
        ),
        report(
            VariableAccess::names([ObjectName::Vmd("LastApplError".into())]),
            vec![Data::Boolean(true)],
        ),
    ] {
        server.orders.send(Order::Send(pdu)).unwrap();
    }
    let mut next = async || subscription.next().await.unwrap().notification().unwrap();
    assert!(matches!(next().await, Notification::Report(report) if report.rpt_id == "id"));
    assert!(matches!(next().await, Notification::BadReport(_)));
    assert!(matches!(next().await, Notification::Other(_)));
    assert!(matches!(next().await, Notification::Other(_)));
}

#[tokio::test(start_paused = true)]
async fn pdus_are_numbered_in_the_order_in_which_they_came() {
    let (client, _server) = associated(Behaviour::answering(|pdu| {
        let Pdu::ConfirmedRequest(request) = pdu else {
            panic!()
        };
        let told = report(
            VariableAccess::names([ObjectName::Vmd("X".into())]),
            vec![Data::Boolean(true)],
        );
        let read = Response::Read(ReadResponse::new(vec![Ok(Data::Boolean(true))]));
        let response = Pdu::response(request.invoke_id, read).encode();
        vec![told.clone(), response, told]
    }))
    .await;
    let mut subscription = client.subscribe();
    let access = VariableAccess::names([ObjectName::domain("LD", "A$ST$B")]);
    let request = Request::Read(iedassay_wire::mms::ReadRequest::new(access));
    let answer = client
        .exchange(request, Duration::from_secs(1))
        .await
        .unwrap();
    let before = subscription.next().await.unwrap().number;
    let after = subscription.next().await.unwrap().number;
    assert_eq!((before, answer.inbound.number, after), (1, 2, 3));
}

/// It answers every third request, so that it never counts as silent, and would be browsed for hours.
#[tokio::test(start_paused = true)]
async fn a_browse_that_takes_too_long_is_given_up() {
    let mut asked = 0;
    let (client, _server) = associated(Behaviour::answering(move |pdu| {
        let Pdu::ConfirmedRequest(request) = pdu else {
            return Vec::new();
        };
        asked += 1;
        let answer = match (asked, &request.service) {
            (1, _) => names(&["LD"], false),
            (2, _) => {
                let nodes: Vec<String> = (0..2000).map(|node| format!("GGIO{node}")).collect();
                let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
                names(&nodes, false)
            }
            (_, Request::GetNameList(_)) => names(&[], false),
            (asked, _) if asked % 3 != 0 => return Vec::new(),
            _ => {
                let error = ErrorCode::OBJECT_NON_EXISTENT;
                return vec![Pdu::error(request.invoke_id, error).encode()];
            }
        };
        vec![Pdu::response(request.invoke_id, answer).encode()]
    }))
    .await;
    let begun = tokio::time::Instant::now();
    let error = client.browse().await.unwrap_err();
    assert!(error.to_string().contains("within ten minutes"), "{error}");
    let took = begun.elapsed();
    assert!((599..=601).contains(&took.as_secs()), "{took:?}");
}
