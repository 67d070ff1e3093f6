//! Setting groups.

use std::time::Duration;

use iedassay_wire::mms::{Data, DataAccessError, WriteResult};

use crate::common::{Client, DENIED, UNAVAILABLE, sim};

const SG: &str = "PROT/PTOC1$SG$OpDlTmms$setVal";
const SE: &str = "PROT/PTOC1$SE$OpDlTmms$setVal";

async fn set(client: &mut Client, attribute: &str, value: u64) -> WriteResult {
    let item = format!("PROT/LLN0$SP$SGCB${attribute}");
    client.write(&item, Data::Unsigned(value)).await
}

async fn confirm(client: &mut Client) -> WriteResult {
    let item = "PROT/LLN0$SP$SGCB$CnfEdit";
    client.write(item, Data::Boolean(true)).await
}

async fn get(client: &mut Client, attribute: &str) -> String {
    client.show(&format!("PROT/LLN0$SP$SGCB${attribute}")).await
}

#[tokio::test(start_paused = true)]
async fn groups_outside_their_range_are_invalid_values() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    let invalid = Err(DataAccessError::OBJECT_VALUE_INVALID);
    assert_eq!(get(client, "NumOfSG").await, "3u");
    for (attribute, value) in [("ActSG", 0), ("ActSG", 4), ("EditSG", 4), ("ActSG", 255)] {
        assert_eq!(set(client, attribute, value).await, invalid, "{attribute}");
    }
    assert_eq!(set(client, "NumOfSG", 2).await, Err(DENIED));
    assert_eq!(get(client, "ActSG").await, "1u");
    assert_eq!(set(client, "EditSG", 0).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn the_edit_buffer_is_unavailable_in_idle_and_to_other_clients() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    let other = &mut Client::connect(&sim).await;
    assert_eq!(client.read(SE).await, Err(UNAVAILABLE));
    assert_eq!(client.write(SE, Data::Integer(1)).await, Err(UNAVAILABLE));
    assert_eq!(confirm(client).await, Err(UNAVAILABLE));
    assert_eq!(client.write(SG, Data::Integer(1)).await, Err(DENIED));
    set(client, "EditSG", 2).await.unwrap();
    assert_eq!(other.write(SE, Data::Integer(1)).await, Err(UNAVAILABLE));
    assert_eq!(confirm(other).await, Err(UNAVAILABLE));
    assert_eq!(set(other, "EditSG", 0).await, Err(UNAVAILABLE));
    assert_eq!(get(other, "EditSG").await, "2u");
}

#[tokio::test(start_paused = true)]
async fn a_confirmed_edit_of_the_active_group_acts_at_once_and_a_dropped_one_never() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    set(client, "EditSG", 1).await.unwrap();
    client.write(SE, Data::Integer(111)).await.unwrap();
    assert_eq!(client.show(SG).await, "100");
    confirm(client).await.unwrap();
    assert_eq!(client.show(SG).await, "111");
    assert_eq!(get(client, "CnfEdit").await, "false");
    assert_eq!(get(client, "EditSG").await, "0u");
    set(client, "EditSG", 1).await.unwrap();
    client.write(SE, Data::Integer(112)).await.unwrap();
    set(client, "EditSG", 0).await.unwrap();
    assert_eq!(client.show(SG).await, "111");
    set(client, "EditSG", 1).await.unwrap();
    assert_eq!(client.show(SE).await, "111");
}

#[tokio::test(start_paused = true)]
async fn an_edit_ends_after_resv_tms_without_a_write_and_with_its_association() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    let mut editor = Client::connect(&sim).await;
    set(&mut editor, "EditSG", 2).await.unwrap();
    assert_eq!(get(client, "ResvTms").await, "30u");
    editor.wait(Duration::from_secs(20)).await;
    editor.write(SE, Data::Integer(1)).await.unwrap();
    editor.wait(Duration::from_secs(20)).await;
    assert_eq!(get(client, "EditSG").await, "2u", "a write begins it anew");
    editor.wait(Duration::from_secs(11)).await;
    assert_eq!(get(client, "EditSG").await, "0u");
    set(&mut editor, "EditSG", 2).await.unwrap();
    assert_eq!(
        editor.show(SE).await,
        "200",
        "what was not confirmed is gone"
    );
    editor.abort().await;
    assert_eq!(get(client, "EditSG").await, "0u");
    set(client, "EditSG", 3).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn l_act_tm_is_the_time_of_the_last_activation() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    let before = get(client, "LActTm").await;
    client.wait(Duration::from_secs(7)).await;
    set(client, "ActSG", 2).await.unwrap();
    let after = get(client, "LActTm").await;
    assert!(before.contains("22:13:20"), "{before}");
    assert!(after.contains("22:13:27"), "{after}");
}
