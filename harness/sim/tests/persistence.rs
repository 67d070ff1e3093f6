//! What survives the end of the process, and at which moment it may end.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use common::{Client, name};
use iedassay_sim::{MemoryStore, Persistence, PersistenceError, Record, Sim, SimConfig};
use iedassay_wire::{
    ber::BitString,
    mms::{Data, DefineNamedVariableListRequest, ListedVariable, Request},
};

const BRCB: &str = "LD0/LLN0$BR$brcbStatus01";

fn bits(len: usize, set: &[usize]) -> Data {
    let mut bits = BitString::zeros(len);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

fn config(after: u64) -> SimConfig {
    let mut config = common::config(&[]);
    config.epoch += Duration::from_secs(after);
    config
}

fn start(after: u64, place: impl Persistence + 'static) -> Sim {
    Sim::with_persistence(config(after), Box::new(place)).unwrap()
}

async fn enable(client: &mut Client) {
    let on = Data::Boolean(true);
    client.write(&format!("{BRCB}$RptEna"), on).await.unwrap();
}

/// EntryID, BufOvfl and value of the first member of the reports that came, with OptFlds bufOvfl and entryID.
fn entries(client: &mut Client) -> Vec<(u64, bool, String)> {
    let reports = client.reports().into_iter();
    reports
        .map(|(_, fields)| {
            let id = u64::from_str_radix(fields[3].trim_start_matches("0x"), 16).unwrap();
            (id, fields[2] == "true", fields[5].clone())
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn buffer_settings_and_data_sets_are_there_again() {
    let place = MemoryStore::default();
    let sim = start(0, place.clone());
    let mut client = Client::connect(&sim).await;
    for (item, data) in [
        (format!("{BRCB}$OptFlds"), bits(10, &[6, 7])),
        (format!("{BRCB}$BufTm"), Data::Unsigned(200)),
        (format!("{BRCB}$RptID"), Data::VisibleString("mine".into())),
        ("PROT/LLN0$SP$SGCB$EditSG".into(), Data::Unsigned(2)),
        ("PROT/PTOC1$SE$OpDlTmms$setVal".into(), Data::Integer(222)),
        ("PROT/LLN0$SP$SGCB$CnfEdit".into(), Data::Boolean(true)),
        ("PROT/LLN0$SP$SGCB$ActSG".into(), Data::Unsigned(2)),
    ] {
        assert_eq!(client.write(&item, data).await, Ok(()), "{item}");
    }
    let variables = vec![ListedVariable::new(name("LD0/GGIO1$ST$Ind1"), None)];
    let define = DefineNamedVariableListRequest {
        name: name("LD0/LLN0$own"),
        variables,
    };
    client.ask(Request::DefineNamedVariableList(define)).await;
    let set = "set ASSAYLD0/GGIO1.Ind1.stVal[ST]";
    assert_eq!(sim.process().command(&format!("{set} true")), "ok");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(sim.process().command(&format!("{set} false")), "ok");
    // The second one still waits for the end of BufTm.
    drop((client, sim));

    let sim = start(3600, place.clone());
    let mut client = Client::connect(&sim).await;
    assert_eq!(client.show(&format!("{BRCB}$BufTm")).await, "200u");
    assert_eq!(client.show(&format!("{BRCB}$RptID")).await, "'mine'");
    assert_eq!(client.show(&format!("{BRCB}$RptEna")).await, "false");
    assert_eq!(client.show("PROT/PTOC1$SG$OpDlTmms$setVal").await, "222");
    assert_eq!(client.show("PROT/LLN0$SP$SGCB$ActSG").await, "2u");
    let own = Data::VisibleString("ASSAYLD0/LLN0$own".into());
    assert_eq!(
        client.write("LD0/LLN0$BR$brcbStatus02$DatSet", own).await,
        Ok(())
    );
    enable(&mut client).await;
    client.wait(Duration::from_millis(10)).await;
    let got = entries(&mut client);
    assert_eq!(got.len(), 2, "{got:?}");
    assert!(
        got[0].2.contains("true") && got[1].2.contains("false"),
        "{got:?}"
    );
    // A power cycle of this process keeps it too.
    drop(client);
    assert_eq!(sim.process().command("restart"), "ok");
    tokio::time::sleep(Duration::from_secs(20)).await;
    let mut client = Client::connect(&sim).await;
    enable(&mut client).await;
    client.wait(Duration::from_millis(10)).await;
    assert_eq!(entries(&mut client).len(), 2);
    // Purged is purged.
    let off = Data::Boolean(false);
    client.write(&format!("{BRCB}$RptEna"), off).await.unwrap();
    client
        .write(&format!("{BRCB}$PurgeBuf"), Data::Boolean(true))
        .await
        .unwrap();
    drop((client, sim));
    let sim = start(7200, place);
    let mut client = Client::connect(&sim).await;
    enable(&mut client).await;
    client.wait(Duration::from_millis(10)).await;
    assert!(entries(&mut client).is_empty());
}

/// A place that fails for good at a commit: as if the process had been killed there.
struct Dying {
    place: MemoryStore,
    left: Arc<AtomicUsize>,
}

impl Persistence for Dying {
    fn load(&mut self) -> Result<Vec<(String, Vec<u8>)>, PersistenceError> {
        self.place.load()
    }

    fn commit(&mut self, records: &[Record]) -> Result<(), PersistenceError> {
        let counted = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        match counted {
            Ok(_) => self.place.commit(records),
            Err(_) => Err(PersistenceError::Storage("killed".into())),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_was_acknowledged_before_the_end_is_there_and_in_order() {
    for commits in 2..40 {
        let place = MemoryStore::default();
        let left = Arc::new(AtomicUsize::new(commits));
        let dying = Dying {
            place: place.clone(),
            left,
        };
        let sim = start(0, dying);
        let mut client = Client::connect(&sim).await;
        let mut configured = client
            .write(&format!("{BRCB}$OptFlds"), bits(10, &[6, 7]))
            .await
            .is_ok();
        configured &= client
            .write(&format!("{BRCB}$RptEna"), Data::Boolean(true))
            .await
            .is_ok();
        assert!(configured);
        let (mut acknowledged, mut seen) = (0, Vec::new());
        for number in 0..30u32 {
            if number == 10 {
                // From here on nobody listens.
                drop(client);
                client = Client::connect_from(&sim, 9).await;
            }
            let line = format!("set ASSAYLD0/GGIO1.Ind1.stVal[ST] {}", number % 2 == 0);
            if sim.process().command(&line) != "ok" {
                assert_eq!(sim.failed().await, "killed");
                break;
            }
            acknowledged += 1;
            client.wait(Duration::from_millis(3)).await;
            seen.extend(entries(&mut client));
        }
        drop((client, sim));

        let sim = start(3600, place);
        let mut client = Client::connect(&sim).await;
        if let Some((last, _, _)) = seen.last() {
            let id = Data::OctetString(last.to_be_bytes().to_vec());
            assert_eq!(
                client.write(&format!("{BRCB}$EntryID"), id).await,
                Ok(()),
                "{commits}"
            );
        }
        enable(&mut client).await;
        client.wait(Duration::from_millis(10)).await;
        let after = entries(&mut client);
        let values: Vec<bool> = seen
            .iter()
            .chain(&after)
            .map(|(_, _, value)| value.contains("true"))
            .collect();
        let expected: Vec<bool> = (0..values.len()).map(|at| at % 2 == 0).collect();
        assert_eq!(
            values, expected,
            "order, or something twice, after {commits} commits"
        );
        assert!(
            values.len() == acknowledged,
            "{acknowledged} acknowledged, {} there after {commits} commits",
            values.len()
        );
        assert!(seen.is_empty() || after.iter().all(|(_, overflow, _)| !overflow));
        let ids: Vec<u64> = seen.iter().chain(&after).map(|(id, _, _)| *id).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_answered_that_could_not_be_kept() {
    let left = Arc::new(AtomicUsize::new(1));
    let sim = start(
        0,
        Dying {
            place: MemoryStore::default(),
            left,
        },
    );
    let mut client = Client::connect(&sim).await;
    let request = Request::Write(iedassay_wire::mms::WriteRequest {
        access: iedassay_wire::mms::VariableAccess::names([name(&format!("{BRCB}$BufTm"))]),
        data: vec![Data::Unsigned(7)],
    });
    let answer = client.ask(request).await;
    assert!(matches!(answer, common::Answer::Ended(_)), "{answer:?}");
    assert_eq!(sim.failed().await, "killed");
}
