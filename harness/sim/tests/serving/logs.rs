//! Logs and their control blocks.

use std::time::Duration;

use iedassay_sim::Sim;
use iedassay_wire::{
    ber::BitString,
    mms::{
        BinaryTime, Data, DataAccessError, EntryForm, EntryPosition, ErrorCode, JournalEntry,
        RangeStart, RangeStop, ReadJournalRequest, ReadJournalResponse, Request, Response,
        WriteResult,
    },
};

use crate::common::{Answer, Client, DENIED, EPOCH, UNAVAILABLE, config, name, proposal};

async fn set(client: &mut Client, attribute: &str, data: Data) -> WriteResult {
    let item = format!("LD0/LLN0$LG$lcbStatus${attribute}");
    client.write(&item, data).await
}

async fn enable(client: &mut Client, on: bool) {
    set(client, "LogEna", Data::Boolean(on)).await.unwrap();
}

async fn query(client: &mut Client, request: ReadJournalRequest) -> ReadJournalResponse {
    match client.ask(Request::ReadJournal(request)).await {
        Answer::Response(Response::ReadJournal(page)) => page,
        other => panic!("{other:?}"),
    }
}

fn all() -> ReadJournalRequest {
    ReadJournalRequest::new(name("LD0/LLN0$EventLog"))
}

/// Names and values of an entry.
fn variables(entry: &JournalEntry) -> Vec<(String, String)> {
    match &entry.form {
        EntryForm::Data {
            variables: Some(variables),
            ..
        } => variables
            .iter()
            .map(|variable| (variable.tag.clone(), variable.value.to_string()))
            .collect(),
        other => panic!("{other:?}"),
    }
}

async fn input(sim: &Sim, client: &mut Client, what: &str) {
    let line = format!("set ASSAYLD0/GGIO1.{what}");
    assert_eq!(sim.process().command(&line), "ok");
    client.wait(Duration::from_secs(1)).await;
}

fn at(seconds: u64) -> BinaryTime {
    BinaryTime::from_since_epoch(EPOCH + Duration::from_secs(seconds))
}

#[tokio::test(start_paused = true)]
async fn changes_are_logged_with_their_reason_while_the_log_is_enabled() {
    let sim = Sim::new(config(&[]));
    let client = &mut Client::connect(&sim).await;
    input(&sim, client, "Ind1.stVal[ST] true").await;
    assert_eq!(query(client, all()).await.entries, []);
    enable(client, true).await;
    input(&sim, client, "Ind1.stVal[ST] false").await;
    input(&sim, client, "Ind1.q[ST] invalid").await;
    enable(client, false).await;
    input(&sim, client, "Ind1.stVal[ST] true").await;
    let page = query(client, all()).await;
    assert!(!page.more_follows);
    let reasons: Vec<_> = page.entries.iter().map(variables).collect();
    assert_eq!(reasons.len(), 2);
    for (entry, reason) in reasons.iter().zip(["0100000", "0010000"]) {
        assert_eq!(entry[0].0, "ASSAYLD0/GGIO1$ST$Ind1");
        assert_eq!(entry[1].0, "ReasonCode");
        assert!(entry[1].1.contains(reason), "{entry:?}");
    }
    assert!(page.entries[0].identifier < page.entries[1].identifier);
    assert_eq!(page.entries[0].occurrence_time, at(1));
}

#[tokio::test(start_paused = true)]
async fn all_members_are_logged_every_integrity_period() {
    let sim = Sim::new(config(&[]));
    let client = &mut Client::connect(&sim).await;
    let mut triggers = BitString::zeros(6);
    triggers.set(4, true);
    set(client, "TrgOps", Data::BitString(triggers))
        .await
        .unwrap();
    set(client, "IntgPd", Data::Unsigned(2000)).await.unwrap();
    enable(client, true).await;
    client.wait(Duration::from_millis(4500)).await;
    let page = query(client, all()).await;
    let times: Vec<_> = page
        .entries
        .iter()
        .map(|entry| entry.occurrence_time)
        .collect();
    assert_eq!(times, [at(2), at(4)]);
    let logged = variables(&page.entries[0]);
    assert_eq!(logged.len(), 8, "four members, each with its reason");
    assert!(logged[1].1.contains("0000100"), "{logged:?}");
}

#[tokio::test(start_paused = true)]
async fn ranges_are_inclusive_and_query_after_is_not() {
    let sim = Sim::new(config(&[]));
    let client = &mut Client::connect(&sim).await;
    enable(client, true).await;
    for what in [
        "Ind1.stVal[ST] true",
        "Ind2.stVal[ST] true",
        "Ind3.stVal[ST] true",
    ] {
        input(&sim, client, what).await;
    }
    let mut request = all();
    request.start = Some(RangeStart::Time(at(1)));
    request.stop = Some(RangeStop::Time(at(1)));
    let page = query(client, request).await;
    assert_eq!(page.entries.len(), 1);
    let mut request = all();
    request.start_after = Some(EntryPosition {
        time: at(1),
        entry: page.entries[0].identifier.clone(),
    });
    let after = query(client, request).await;
    assert_eq!(after.entries.len(), 1);
    assert_eq!(after.entries[0].occurrence_time, at(2));
    let refused = Answer::Error(ErrorCode::OBJECT_NON_EXISTENT);
    let mut unknown = all();
    unknown.start_after = Some(EntryPosition {
        time: at(1),
        entry: vec![9; 8],
    });
    assert_eq!(client.ask(Request::ReadJournal(unknown)).await, refused);
    let nowhere = ReadJournalRequest::new(name("LD0/LLN0$NoLog"));
    assert_eq!(client.ask(Request::ReadJournal(nowhere)).await, refused);
}

#[tokio::test(start_paused = true)]
async fn the_block_tells_its_range_and_is_configured_only_while_disabled() {
    let sim = Sim::new(config(&[]));
    let client = &mut Client::connect(&sim).await;
    let attribute = |attribute: &str| format!("LD0/LLN0$LG$lcbStatus${attribute}");
    enable(client, true).await;
    input(&sim, client, "Ind1.stVal[ST] true").await;
    input(&sim, client, "Ind1.stVal[ST] false").await;
    let page = query(client, all()).await;
    for (name, entry) in [("OldEntr", 0), ("NewEntr", 1)] {
        let id = Data::OctetString(page.entries[entry].identifier.clone());
        assert_eq!(client.read(&attribute(name)).await, Ok(id));
        let time = Data::BinaryTime(page.entries[entry].occurrence_time);
        let name = format!("{name}Tm");
        assert_eq!(client.read(&attribute(&name)).await, Ok(time));
    }
    for (name, data) in [
        ("IntgPd", Data::Unsigned(5)),
        ("DatSet", Data::VisibleString(String::new())),
    ] {
        assert_eq!(set(client, name, data.clone()).await, Err(UNAVAILABLE));
    }
    assert_eq!(
        set(client, "OldEntr", Data::OctetString(vec![0; 8])).await,
        Err(DENIED)
    );
    enable(client, false).await;
    let unknown = Data::VisibleString("ASSAYLD0/LLN0$NoLog".into());
    assert_eq!(
        set(client, "LogRef", unknown).await,
        Err(DataAccessError::OBJECT_VALUE_INVALID)
    );
    let none = Data::VisibleString(String::new());
    set(client, "DatSet", none).await.unwrap();
    assert_eq!(
        set(client, "LogEna", Data::Boolean(true)).await,
        Err(UNAVAILABLE)
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_log_drops_its_oldest_entry_and_a_long_answer_comes_in_parts() {
    let mut config = config(&[]);
    config.log_capacity = 10;
    let sim = Sim::new(config);
    let mut small = proposal();
    small.mms.local_detail = Some(1000);
    let mut client = Client::connect_with(&sim, small, [127, 0, 0, 1].into())
        .await
        .unwrap();
    let client = &mut client;
    enable(client, true).await;
    for round in 0..15 {
        input(&sim, client, &format!("Ind1.stVal[ST] {}", round % 2 == 0)).await;
    }
    let (mut request, mut entries) = (all(), Vec::new());
    loop {
        let page = query(client, request).await;
        entries.extend(page.entries);
        if !page.more_follows {
            break;
        }
        let last: &JournalEntry = entries.last().unwrap();
        request = all();
        request.start_after = Some(EntryPosition {
            time: last.occurrence_time,
            entry: last.identifier.clone(),
        });
    }
    let times: Vec<_> = entries.iter().map(|entry| entry.occurrence_time).collect();
    let expected: Vec<_> = (5..15).map(at).collect();
    assert_eq!(times, expected);
}
