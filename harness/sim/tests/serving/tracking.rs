//! Service tracking: numbers of services and errors are those of IEC 61850-7-2.

use std::time::Duration;

use iedassay_wire::{
    ber::BitString,
    mms::{Data, UtcTime},
};

use crate::common::{Client, sim};

/// `objRef`, `serviceType`, `errorCode` and `originatorID`.
async fn tracked(client: &mut Client, ld: &str, object: &str) -> [String; 4] {
    let mut seen = [const { String::new() }; 4];
    for (slot, name) in seen
        .iter_mut()
        .zip(["objRef", "serviceType", "errorCode", "originatorID"])
    {
        *slot = client.show(&format!("{ld}/LTRK1$SR${object}${name}")).await;
    }
    seen
}

async fn is_tracked(client: &mut Client, ld: &str, object: &str, wanted: [&str; 3]) {
    let seen = tracked(client, ld, object).await;
    let [reference, service, error] = wanted;
    let reference = format!("'{reference}'");
    assert_eq!(seen, [reference.as_str(), service, error, "0x7f000001"]);
}

#[tokio::test(start_paused = true)]
async fn services_on_control_blocks_are_tracked_accepted_or_refused() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    let block = "LD0/LLN0$RP$urcbStatus01";
    client
        .write(&format!("{block}$BufTm"), Data::Unsigned(250))
        .await
        .unwrap();
    let reference = "ASSAYLD0/LLN0.urcbStatus01";
    is_tracked(client, "LD0", "UrcbTrk", [reference, "26", "0"]).await;
    assert_eq!(client.show("LD0/LTRK1$SR$UrcbTrk$bufTm").await, "250u");
    assert_eq!(
        client.show("LD0/LTRK1$SR$UrcbTrk$datSet").await,
        "'ASSAYLD0/LLN0.dsStatus'"
    );
    client
        .write(&format!("{block}$ConfRev"), Data::Unsigned(9))
        .await
        .unwrap_err();
    is_tracked(client, "LD0", "UrcbTrk", [reference, "26", "3"]).await;
    assert_eq!(client.show("LD0/LTRK1$SR$UrcbTrk$confRev").await, "9u");

    // The logical device of the groups has an LTRK of its own.
    let item = "PROT/LLN0$SP$SGCB$ActSG";
    client.write(item, Data::Unsigned(2)).await.unwrap();
    let reference = "ASSAYPROT/LLN0.SGCB";
    is_tracked(client, "PROT", "SgcbTrk", [reference, "16", "0"]).await;
    client.write(item, Data::Unsigned(9)).await.unwrap_err();
    is_tracked(client, "PROT", "SgcbTrk", [reference, "16", "5"]).await;
    assert_eq!(client.show(item).await, "2u");

    // One that has none is tracked in the first logical device that has one.
    client
        .write("MEAS/LLN0$BR$brcbMeas01$BufTm", Data::Unsigned(7))
        .await
        .unwrap();
    let reference = "ASSAYMEAS/LLN0.brcbMeas01";
    is_tracked(client, "LD0", "BrcbTrk", [reference, "24", "0"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_control_is_tracked_with_its_command_its_cause_and_its_end() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    let command = Data::Structure(vec![
        Data::Boolean(true),
        Data::Structure(vec![Data::Integer(3), Data::OctetString(vec![1, 2])]),
        Data::Unsigned(7),
        Data::UtcTime(UtcTime::default()),
        Data::Boolean(false),
        Data::BitString(BitString::from_bits([true, false])),
    ]);
    let operate = |object: &str| format!("CTRL/GGIO1$CO${object}$Oper");
    let reference = "ASSAYCTRL/GGIO1.SPCSO4";
    client
        .write(&operate("SPCSO4"), command.clone())
        .await
        .unwrap_err();
    is_tracked(client, "CTRL", "SpcTrk", [reference, "46", "9"]).await;
    for (attribute, value) in [
        ("ctlVal", "true"),
        ("origin", "structure{3, 0x0102}"),
        ("ctlNum", "7u"),
        ("respAddCause", "18"),
    ] {
        let item = format!("CTRL/LTRK1$SR$SpcTrk${attribute}");
        assert_eq!(client.show(&item).await, value, "{attribute}");
    }

    let reference = "ASSAYCTRL/GGIO1.DPCSO3";
    client.write(&operate("DPCSO3"), command).await.unwrap();
    is_tracked(client, "CTRL", "DpcTrk", [reference, "46", "0"]).await;
    assert_eq!(client.show("CTRL/LTRK1$SR$DpcTrk$respAddCause").await, "25");
    client.wait(Duration::from_secs(1)).await;
    is_tracked(client, "CTRL", "DpcTrk", [reference, "47", "0"]).await;
}

#[tokio::test(start_paused = true)]
async fn clients_cannot_write_what_is_tracked() {
    let sim = sim(&[]);
    let client = &mut Client::connect(&sim).await;
    for (attribute, value) in [
        ("serviceType", Data::Integer(1)),
        ("objRef", Data::VisibleString("mine".to_owned())),
    ] {
        let item = format!("LD0/LTRK1$SR$BrcbTrk${attribute}");
        client.write(&item, value).await.unwrap_err();
    }
    // It is a write all the same, and tracked.
    let reference = "ASSAYLD0/LTRK1.BrcbTrk.objRef";
    is_tracked(client, "LD0", "GenTrk", [reference, "8", "3"]).await;
}
