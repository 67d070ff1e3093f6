//! Reports on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

mod common;

use std::time::Duration;

use common::{Client, UNAVAILABLE, proposal, sim};
use iedassay_sim::{Fault, Sim};
use iedassay_wire::{ber::BitString, mms::Data};

fn bits(len: usize, set: &[usize]) -> Data {
    let mut bits = BitString::zeros(len);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

fn yes() -> Data {
    Data::Boolean(true)
}

fn set(sim: &Sim, reference: &str, value: &str) {
    assert_eq!(
        sim.process()
            .command(&format!("set ASSAY{reference} {value}")),
        "ok"
    );
}

/// Writes these attributes of a report control block, then enables it.
async fn enable(client: &mut Client, rcb: &str, attributes: &[(&str, Data)]) {
    for (attribute, value) in attributes {
        let item = format!("{rcb}${attribute}");
        client.write(&item, value.clone()).await.unwrap();
    }
    client.write(&format!("{rcb}$RptEna"), yes()).await.unwrap();
}

/// A client that may receive no more octets than these in one PDU.
async fn small_client(sim: &Sim, local_detail: i32) -> Client {
    let mut small = proposal();
    small.mms.local_detail = Some(local_detail);
    Client::connect_with(sim, small, [127, 0, 0, 1].into())
        .await
        .ok()
        .unwrap()
}

const URCB: &str = "LD0/LLN0$RP$urcbStatus01";

#[tokio::test(start_paused = true)]
async fn a_change_is_reported_with_the_fields_asked_for() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    enable(
        &mut client,
        URCB,
        &[("OptFlds", bits(10, &[1, 2, 3, 4, 5, 6, 7, 8]))],
    )
    .await;
    client.wait(Duration::from_secs(1)).await;
    set(&sim, "LD0/GGIO1.Ind2.stVal[ST]", "true");
    client.wait(Duration::from_secs(1)).await;
    let reports = client.reports();
    assert_eq!(reports.len(), 1);
    let (time, fields) = &reports[0];
    assert_eq!(*time, 1000);
    assert_eq!(
        fields,
        &[
            "'ASSAY/status'",
            "0b0111110010",
            "0u",
            "2023-11-14T22:13:21.000",
            "'ASSAYLD0/LLN0$dsStatus'",
            "1u",
            "0b0100",
            "'ASSAYLD0/GGIO1$ST$Ind2'",
            "structure{true, 0b0000000000000, 2023-11-14T22:13:21.000Z[accuracy 10]}",
            "0b0100000",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_response_comes_before_the_reports_that_it_causes() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    enable(&mut client, URCB, &[]).await;
    client.write(&format!("{URCB}$GI"), yes()).await.unwrap();
    client.wait(Duration::from_millis(1)).await;
    // Two writes were answered before the report came.
    assert_eq!(client.answered_before, [2]);
}

#[tokio::test(start_paused = true)]
async fn bundling_is_exact() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    enable(
        &mut client,
        URCB,
        &[("BufTm", Data::Unsigned(1000)), ("OptFlds", bits(10, &[1]))],
    )
    .await;
    client.wait(Duration::from_secs(1)).await;
    set(&sim, "LD0/GGIO1.Ind1.stVal[ST]", "true");
    client.wait(Duration::from_millis(200)).await;
    set(&sim, "LD0/GGIO1.Ind3.stVal[ST]", "true");
    client.wait(Duration::from_millis(100)).await;
    set(&sim, "LD0/GGIO1.Ind1.stVal[ST]", "false");
    client.wait(Duration::from_secs(3)).await;
    let shown: Vec<(u128, String, String)> = client
        .reports()
        .into_iter()
        .map(|(time, fields)| (time, fields[2].clone(), fields[3].clone()))
        .collect();
    assert_eq!(
        shown,
        [
            (1300, "0u".into(), "0b1010".into()),
            (2300, "1u".into(), "0b1000".into())
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn integrity_keeps_its_period() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    enable(&mut client, URCB, &[("IntgPd", Data::Unsigned(60_000))]).await;
    client.wait(Duration::from_secs(601)).await;
    let times: Vec<u128> = client.reports().into_iter().map(|(time, _)| time).collect();
    let expected: Vec<u128> = (1..=10).map(|n| n * 60_000).collect();
    assert_eq!(times, expected);
}

#[tokio::test(start_paused = true)]
async fn an_attribute_member_reports_what_it_is() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let urcb = "LD0/LLN0$RP$urcbStatusLeaf01";
    enable(
        &mut client,
        urcb,
        &[("OptFlds", bits(10, &[3])), ("BufTm", Data::Unsigned(0))],
    )
    .await;
    set(&sim, "LD0/GGIO1.Ind5.q[ST]", "invalid");
    set(&sim, "LD0/GGIO1.Ind6.stVal[ST]", "true");
    client.wait(Duration::from_millis(10)).await;
    let fields: Vec<Vec<String>> = client
        .reports()
        .into_iter()
        .map(|(_, fields)| fields[2..].to_vec())
        .collect();
    assert_eq!(
        fields,
        [
            ["0b0100", "0b0100000000000", "0b0010000"],
            ["0b0010", "true", "0b0100000"]
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn updates_are_reported_only_when_asked_for() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let urcb = "LD0/LLN0$RP$urcbMixed01";
    client
        .write(&format!("{urcb}$BufTm"), Data::Unsigned(0))
        .await
        .unwrap();
    client
        .write(&format!("{urcb}$OptFlds"), bits(10, &[3]))
        .await
        .unwrap();
    for (trg_ops, change, expected) in [
        (
            &[3usize][..],
            "update ASSAYLD0/GGIO1.IntIn1.stVal[ST]",
            Some("0b0001000"),
        ),
        (&[1], "update ASSAYLD0/GGIO1.IntIn1.stVal[ST]", None),
        (&[3], "set ASSAYLD0/GGIO1.Ind7.stVal[ST] true", None),
        (
            &[1, 3],
            "set ASSAYLD0/GGIO1.IntIn1.stVal[ST] 5",
            Some("0b0100000"),
        ),
        (
            &[3],
            "set ASSAYLD0/GGIO1.IntIn1.stVal[ST] 6",
            Some("0b0001000"),
        ),
    ] {
        enable(&mut client, urcb, &[("TrgOps", bits(6, trg_ops))]).await;
        assert_eq!(sim.process().command(change), "ok");
        client.wait(Duration::from_millis(10)).await;
        let reasons: Vec<String> = client
            .reports()
            .into_iter()
            .map(|(_, mut fields)| fields.pop().unwrap())
            .collect();
        assert_eq!(reasons.first().map(String::as_str), expected, "{change}");
        client
            .write(&format!("{urcb}$RptEna"), Data::Boolean(false))
            .await
            .unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn large_reports_come_in_segments() {
    let sim = sim(&[]);
    let mut client = small_client(&sim, 600).await;
    let urcb = "LD0/LLN0$RP$urcbLarge01";
    enable(&mut client, urcb, &[]).await;
    client.write(&format!("{urcb}$GI"), yes()).await.unwrap();
    client.wait(Duration::from_millis(10)).await;
    let reports = client.reports();
    assert!(reports.len() > 2);
    for (at, (_, fields)) in reports.iter().enumerate() {
        assert_eq!(fields[2], "0u");
        assert_eq!(fields[6], format!("{at}u"));
        assert_eq!(fields[7], (at + 1 < reports.len()).to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn another_client_waits_for_the_first_to_go() {
    let sim = sim(&[]);
    let mut a = Client::connect(&sim).await;
    let mut b = Client::connect_from(&sim, 2).await;
    a.write(&format!("{URCB}$Resv"), yes()).await.unwrap();
    a.write(&format!("{URCB}$RptEna"), yes()).await.unwrap();
    assert_eq!(b.show(&format!("{URCB}$Owner")).await, "0x7f000001");
    assert_eq!(
        b.write(&format!("{URCB}$RptEna"), yes()).await,
        Err(UNAVAILABLE)
    );
    drop(a);
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(b.show(&format!("{URCB}$Resv")).await, "false");
    assert_eq!(b.write(&format!("{URCB}$RptEna"), yes()).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_buffered_block_bridges_a_gap() {
    let sim = sim(&[]);
    let brcb = "LD0/LLN0$BR$brcbStatus01";
    let mut client = Client::connect(&sim).await;
    enable(&mut client, brcb, &[("OptFlds", bits(10, &[1, 6, 7]))]).await;
    set(&sim, "LD0/GGIO1.Ind1.stVal[ST]", "true");
    client.wait(Duration::from_millis(10)).await;
    let reports = client.reports();
    assert_eq!(reports.len(), 1);
    let Data::OctetString(last) = client.read(&format!("{brcb}$EntryID")).await.unwrap() else {
        panic!("no entry");
    };
    drop(client);
    tokio::time::sleep(Duration::from_secs(1)).await;
    for value in ["false", "true", "false"] {
        set(&sim, "LD0/GGIO1.Ind1.stVal[ST]", value);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut client = Client::connect(&sim).await;
    enable(&mut client, brcb, &[("EntryID", Data::OctetString(last))]).await;
    client.wait(Duration::from_millis(10)).await;
    let shown: Vec<(String, String)> = client
        .reports()
        .into_iter()
        .map(|(_, fields)| (fields[2].clone(), fields[3].clone()))
        .collect();
    let expected: Vec<(String, String)> = (0..3)
        .map(|n| (format!("{n}u"), "false".to_owned()))
        .collect();
    assert_eq!(shown, expected);
}

#[tokio::test(start_paused = true)]
async fn a_mode_change_is_reported() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    enable(&mut client, URCB, &[("OptFlds", bits(10, &[3]))]).await;
    set(&sim, "LD0/LLN0.Mod.stVal[ST]", "test");
    client.wait(Duration::from_millis(10)).await;
    let reports = client.reports();
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].1[2], "0b1111");
    assert!(reports[0].1[7..].iter().all(|reason| reason == "0b0010000"));
}

#[tokio::test(start_paused = true)]
async fn a_tiny_pdu_does_not_make_an_endless_report_but_the_fault_does() {
    for (faults, expected) in [(&[][..], 0), (&[Fault::TinyPduReportLoop][..], 500)] {
        let sim = sim(faults);
        let mut client = small_client(&sim, 128).await;
        client
            .write("MEAS/LLN0$RP$urcbMeas01$RptEna", yes())
            .await
            .unwrap();
        client
            .write("MEAS/LLN0$RP$urcbMeas01$GI", yes())
            .await
            .unwrap();
        client.wait(Duration::from_secs(1)).await;
        assert_eq!(client.reports().len(), expected);
    }
}

/// The EntryIDs and the BufOvfl of the reports that came, with OptFlds bufOvfl and entryID.
fn entries(client: &mut Client) -> Vec<(String, String)> {
    let reports = client.reports();
    let shown = reports
        .into_iter()
        .map(|(_, fields)| (fields[3].clone(), fields[2].clone()));
    shown.collect()
}

const BRCB: &str = "LD0/LLN0$BR$brcbStatus01";

#[tokio::test(start_paused = true)]
async fn entry_identifiers_are_not_used_again_after_a_restart() {
    let sim = sim(&[]);
    let mut last = String::new();
    for _ in 0..3 {
        let mut client = Client::connect(&sim).await;
        let opt_flds = bits(10, &[6, 7]);
        client
            .write(&format!("{BRCB}$OptFlds"), opt_flds)
            .await
            .unwrap();
        client
            .write(&format!("{BRCB}$RptEna"), yes())
            .await
            .unwrap();
        for value in ["true", "false"] {
            set(&sim, "LD0/GGIO1.Ind1.stVal[ST]", value);
        }
        client.wait(Duration::from_millis(10)).await;
        for (id, _) in entries(&mut client) {
            assert!(id > last, "{id} after {last}");
            last = id;
        }
        assert_eq!(sim.process().command("restart"), "ok");
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_slow_client_never_took_is_sent_after_its_association_is_lost() {
    let mut config = common::config(&[]);
    config.reports.resync = iedassay_sim::ResyncPolicy::FromFirstUnsent;
    config.reports.buffer_entries = 5000;
    let sim = Sim::new(config);
    let mut slow = Client::connect(&sim).await;
    slow.write(&format!("{BRCB}$OptFlds"), bits(10, &[6, 7]))
        .await
        .unwrap();
    slow.write(&format!("{BRCB}$ResvTms"), Data::Integer(1))
        .await
        .unwrap();
    slow.write(&format!("{BRCB}$RptEna"), yes()).await.unwrap();
    // It reads nothing; the path to it takes some, the rest waits.
    for turn in 0..4000 {
        set(
            &sim,
            "LD0/GGIO1.Ind1.stVal[ST]",
            if turn % 2 == 0 { "true" } else { "false" },
        );
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(slow);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let mut client = Client::connect(&sim).await;
    client
        .write(&format!("{BRCB}$RptEna"), yes())
        .await
        .unwrap();
    client.wait(Duration::from_millis(100)).await;
    let got = entries(&mut client);
    // None of them waited in the block any more.
    assert!(got.len() > 1000, "only {}", got.len());
    assert!(got.iter().all(|(_, overflow)| overflow == "false"));
    let ids: Vec<u64> = got
        .iter()
        .map(|(id, _)| u64::from_str_radix(&id[2..], 16).unwrap())
        .collect();
    assert!(ids.windows(2).all(|pair| pair[0] + 1 == pair[1]), "a gap");
}
