//! Buffered reporting as a client does it, held against a block in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use std::num::NonZeroU16;
use std::sync::{Arc, Mutex};

use common::{Behaviour, Server, associated};
use iedassay_client::services::buffered::{Reserved, Resumed};
use iedassay_client::services::report_blocks::{BRCB, names_of};
use iedassay_client::{Client, ClientError};
use iedassay_model::{BlockKind, BlockReference};
use iedassay_wire::mms::{
    Data, DataAccessError, ListedVariable, ReadResponse, Request, Response, TypeSpecification,
    VariableAccess, VariableAccessAttributes, WriteResponse,
};

const KNOWN: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 7];
const DENIED: DataAccessError = DataAccessError::OBJECT_ACCESS_DENIED;
const INVALID: DataAccessError = DataAccessError::OBJECT_VALUE_INVALID;

fn brcb() -> BlockReference {
    BlockReference::from_mms("LD", "LLN0$BR$b01").unwrap()
}

fn entry(octets: [u8; 8]) -> (String, Data) {
    ("EntryID".to_owned(), Data::OctetString(octets.to_vec()))
}

fn enabled() -> (String, Data) {
    ("RptEna".to_owned(), Data::Boolean(true))
}

type Written = Arc<Mutex<Vec<(String, Data)>>>;

/// A block with these attributes; `answer` says what becomes of a write.
async fn block(
    attributes: Vec<(&'static str, Data)>,
    answer: impl Fn(&str, &Data) -> Result<(), DataAccessError> + Send + 'static,
) -> (Client, Server, Written) {
    let written = Written::default();
    let seen = Arc::clone(&written);
    let (client, server) = associated(Behaviour::serving(move |request| match request {
        Request::GetVariableAccessAttributes(_) => {
            let types = attributes
                .iter()
                .map(|(name, _)| (*name, TypeSpecification::Boolean));
            Response::GetVariableAccessAttributes(VariableAccessAttributes {
                mms_deletable: false,
                address: None,
                type_spec: TypeSpecification::structure(types),
            })
        }
        Request::Read(_) => Response::Read(ReadResponse::new(vec![Ok(Data::Structure(
            attributes.iter().map(|(_, value)| value.clone()).collect(),
        ))])),
        Request::Write(request) => {
            let VariableAccess::ListOfVariable(variables) = &request.access else {
                panic!("{request:?}")
            };
            let results = variables
                .iter()
                .zip(&request.data)
                .map(|(variable, value)| {
                    let name = attribute(variable);
                    seen.lock().unwrap().push((name.clone(), value.clone()));
                    answer(&name, value)
                });
            Response::Write(WriteResponse {
                results: results.collect(),
            })
        }
        other => panic!("{other:?}"),
    }))
    .await;
    (client, server, written)
}

fn attribute(variable: &ListedVariable) -> String {
    let item = variable.name().unwrap().item();
    item.rsplit('$').next().unwrap().to_owned()
}

fn refuses(entries: &'static [[u8; 8]]) -> impl Fn(&str, &Data) -> Result<(), DataAccessError> {
    move |name, value| match value {
        Data::OctetString(octets) if name == "EntryID" => {
            let refused = entries
                .iter()
                .any(|entry| entry.as_slice() == octets.as_slice());
            if refused { Err(INVALID) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

#[tokio::test(start_paused = true)]
async fn delivery_goes_on_behind_the_entry_that_is_named() {
    let (client, _server, written) = block(vec![], refuses(&[])).await;
    let resumed = client.resynchronise(&brcb(), Some(&KNOWN)).await;
    assert_eq!(resumed, Ok(Resumed::AfterEntry));
    assert_eq!(*written.lock().unwrap(), [entry(KNOWN), enabled()]);
}

#[tokio::test(start_paused = true)]
async fn without_an_entry_delivery_begins_with_the_oldest() {
    for last in [None, Some(&[0; 8][..]), Some(&[])] {
        let (client, _server, written) = block(vec![], refuses(&[])).await;
        let resumed = client.resynchronise(&brcb(), last).await;
        assert_eq!(resumed, Ok(Resumed::FromOldest { refused: None }));
        assert_eq!(*written.lock().unwrap(), [entry([0; 8]), enabled()]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_entry_that_is_gone_is_told_and_delivery_begins_with_the_oldest() {
    let (client, _server, written) = block(vec![], refuses(&[KNOWN])).await;
    let refused = Some(INVALID);
    let resumed = client.resynchronise(&brcb(), Some(&KNOWN)).await;
    assert_eq!(resumed, Ok(Resumed::FromOldest { refused }));
    assert_eq!(
        *written.lock().unwrap(),
        [entry(KNOWN), entry([0; 8]), enabled()]
    );
    let (client, _server, _) = block(vec![], refuses(&[KNOWN, [0; 8]])).await;
    let resumed = client.resynchronise(&brcb(), Some(&KNOWN)).await;
    assert_eq!(resumed, Ok(Resumed::AsServerLikes { refused: INVALID }));
}

#[tokio::test(start_paused = true)]
async fn a_block_that_cannot_be_enabled_is_an_error() {
    let answer = |name: &str, _: &Data| {
        if name == "RptEna" {
            Err(DENIED)
        } else {
            Ok(())
        }
    };
    let (client, _server, _) = block(vec![], answer).await;
    let resumed = client.resynchronise(&brcb(), Some(&KNOWN)).await;
    assert_eq!(resumed, Err(ClientError::Access(DENIED)));
}

#[tokio::test(start_paused = true)]
async fn the_buffer_is_emptied() {
    let (client, _server, written) = block(vec![], refuses(&[])).await;
    client.purge_buffer(&brcb()).await.unwrap();
    let purge = ("PurgeBuf".to_owned(), Data::Boolean(true));
    assert_eq!(*written.lock().unwrap(), [purge]);
}

#[tokio::test(start_paused = true)]
async fn a_block_is_reserved_by_what_it_has_for_that() {
    let id = ("RptID", Data::VisibleString("id".into()));
    let resv_tms = |seconds| vec![id.clone(), ("ResvTms", Data::Integer(seconds))];
    let (ten, most) = (NonZeroU16::new(10).unwrap(), NonZeroU16::MAX);
    for (attributes, asked, expected, sent) in [
        (resv_tms(0), ten, Reserved::Seconds(10), Some(10)),
        (resv_tms(5), most, Reserved::Seconds(32767), Some(32767)),
        (resv_tms(-1), ten, Reserved::Assigned, None),
        (vec![id.clone()], ten, Reserved::WhileEnabled, None),
    ] {
        let (client, _server, written) = block(attributes, refuses(&[])).await;
        assert_eq!(client.reserve_block(&brcb(), asked).await, Ok(expected));
        let sent: Vec<_> = sent
            .map(|seconds| ("ResvTms".to_owned(), Data::Integer(seconds)))
            .into_iter()
            .collect();
        assert_eq!(*written.lock().unwrap(), sent);
    }
    let (client, _server, written) = block(vec![], refuses(&[])).await;
    let urcb = BlockReference::from_mms("LD", "LLN0$RP$u01").unwrap();
    let reserved = client.reserve_block(&urcb, ten).await;
    assert_eq!(reserved, Ok(Reserved::WithAssociation));
    assert_eq!(
        *written.lock().unwrap(),
        [("Resv".to_owned(), Data::Boolean(true))]
    );
    let (client, _server, _) = block(resv_tms(5), |_, _| {
        Err(DataAccessError::TEMPORARILY_UNAVAILABLE)
    })
    .await;
    let held = client.reserve_block(&brcb(), ten).await;
    let unavailable = DataAccessError::TEMPORARILY_UNAVAILABLE;
    assert_eq!(held, Err(ClientError::Access(unavailable)));
}

#[test]
fn the_names_of_a_whole_block_are_those_of_the_mapping() {
    let mut values = vec![Data::Boolean(false); 14];
    values.push(Data::OctetString(vec![]));
    assert_eq!(names_of(BlockKind::Brcb, &values), BRCB);
}
