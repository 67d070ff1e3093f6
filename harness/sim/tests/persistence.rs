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

use common::{Answer, Client, name};
use iedassay_sim::{MemoryStore, Persistence, PersistenceError, Record, Sim, SimConfig};
use iedassay_wire::{
    ber::BitString,
    mms::{
        Data, DefineNamedVariableListRequest, EntryForm, FileDirectoryRequest, FileName,
        FileOpenRequest, FileRenameRequest, ListedVariable, ObtainFileRequest, ReadJournalRequest,
        Request, Response,
    },
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

const LCB: &str = "LD0/LLN0$LG$lcbStatus";

/// Identifier, time and values of every entry of the log.
async fn log(client: &mut Client) -> Vec<(Vec<u8>, String, Vec<String>)> {
    let request = ReadJournalRequest::new(name("LD0/LLN0$EventLog"));
    let Answer::Response(Response::ReadJournal(page)) =
        client.ask(Request::ReadJournal(request)).await
    else {
        panic!("no log");
    };
    assert!(!page.more_follows);
    page.entries
        .into_iter()
        .map(|entry| {
            let EntryForm::Data {
                variables: Some(variables),
                ..
            } = entry.form
            else {
                panic!("no data");
            };
            let shown = variables
                .iter()
                .map(|variable| format!("{} {}", variable.tag, variable.value));
            let time = format!("{:?}", entry.occurrence_time);
            (entry.identifier, time, shown.collect())
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn logs_and_settings_of_their_blocks_are_there_again() {
    let place = MemoryStore::default();
    let sim = start(0, place.clone());
    let mut client = Client::connect(&sim).await;
    let period = Data::Unsigned(7000);
    client
        .write(&format!("{LCB}$IntgPd"), period)
        .await
        .unwrap();
    client
        .write(&format!("{LCB}$TrgOps"), bits(6, &[1, 2]))
        .await
        .unwrap();
    let on = || Data::Boolean(true);
    client.write(&format!("{LCB}$LogEna"), on()).await.unwrap();
    for value in ["true", "false", "true"] {
        let line = format!("set ASSAYLD0/GGIO1.Ind1.stVal[ST] {value}");
        assert_eq!(sim.process().command(&line), "ok");
        client.wait(Duration::from_millis(1500)).await;
    }
    let before = log(&mut client).await;
    assert_eq!(before.len(), 3);
    let newest = client.show(&format!("{LCB}$NewEntr")).await;
    drop((client, sim));

    let sim = start(3600, place.clone());
    let mut client = Client::connect(&sim).await;
    assert_eq!(log(&mut client).await, before);
    assert_eq!(client.show(&format!("{LCB}$NewEntr")).await, newest);
    assert_eq!(client.show(&format!("{LCB}$IntgPd")).await, "7000u");
    assert_eq!(client.show(&format!("{LCB}$TrgOps")).await, "0b011000");
    assert_eq!(
        client.show(&format!("{LCB}$LogEna")).await,
        "false",
        "as configured"
    );
    client.write(&format!("{LCB}$LogEna"), on()).await.unwrap();
    assert_eq!(
        sim.process()
            .command("set ASSAYLD0/GGIO1.Ind1.stVal[ST] true"),
        "ok"
    );
    let after = log(&mut client).await;
    assert_eq!(after.len(), 4);
    assert!(after[2].0 < after[3].0, "identifiers go on");
    drop((client, sim));

    // A log that keeps fewer entries drops the oldest, for good.
    let mut small = config(7200);
    small.log_capacity = 2;
    let sim = Sim::with_persistence(small, Box::new(place.clone())).unwrap();
    let mut client = Client::connect(&sim).await;
    assert_eq!(log(&mut client).await, after[2..]);
    assert_eq!(
        sim.process()
            .command("set ASSAYLD0/GGIO1.Ind2.stVal[ST] true"),
        "ok"
    );
    drop((client, sim));
    let sim = start(10_800, place);
    let mut client = Client::connect(&sim).await;
    assert_eq!(log(&mut client).await, after[2..]);
}

#[tokio::test(start_paused = true)]
async fn every_log_entry_that_was_acknowledged_is_there() {
    for commits in 4..24 {
        let place = MemoryStore::default();
        let dying = Dying {
            place: place.clone(),
            left: Arc::new(AtomicUsize::new(commits)),
        };
        let mut config = config(0);
        config.log_capacity = 5;
        let sim = Sim::with_persistence(config.clone(), Box::new(dying)).unwrap();
        let mut client = Client::connect(&sim).await;
        let on = Data::Boolean(true);
        client.write(&format!("{LCB}$LogEna"), on).await.unwrap();
        let mut acknowledged = Vec::new();
        for number in 0..30u32 {
            let value = number % 2 == 0;
            let line = format!("set ASSAYLD0/GGIO1.Ind1.stVal[ST] {value}");
            if sim.process().command(&line) != "ok" {
                break;
            }
            acknowledged.push(value);
            client.wait(Duration::from_millis(3)).await;
        }
        assert!(
            !acknowledged.is_empty() && acknowledged.len() < 30,
            "{commits}"
        );
        drop((client, sim));
        let sim = Sim::with_persistence(config, Box::new(place)).unwrap();
        let mut client = Client::connect(&sim).await;
        let there = log(&mut client).await;
        let values: Vec<bool> = there
            .iter()
            .map(|(_, _, variables)| variables[0].contains("true"))
            .collect();
        let kept = acknowledged.len().saturating_sub(5);
        assert_eq!(values, acknowledged[kept..], "after {commits} commits");
        assert!(there.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}

async fn directory(client: &mut Client) -> Vec<String> {
    let request = FileDirectoryRequest {
        specification: None,
        continue_after: None,
    };
    match client.ask(Request::FileDirectory(request)).await {
        Answer::Response(Response::FileDirectory(page)) => page
            .entries
            .iter()
            .map(|entry| format!("{} {:?}", entry.name.to_path(), entry.attributes))
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn files_that_clients_gave_renamed_and_deleted_stay_so() {
    let place = MemoryStore::default();
    let sim = start(0, place.clone());
    let mut client = Client::connect(&sim).await;
    let contents: Vec<u8> = (0..=255).cycle().take(5000).collect();
    client.offered = Some((contents.clone(), 0));
    let obtain = Request::ObtainFile(ObtainFileRequest {
        source_server: None,
        source: FileName::from("theirs"),
        destination: FileName::from("given/ours.bin"),
    });
    assert_eq!(
        client.ask(obtain).await,
        Answer::Response(Response::ObtainFile)
    );
    client.offered = None;
    let rename = |current: &str, new: &str| {
        Request::FileRename(FileRenameRequest {
            current: FileName::from(current),
            new: FileName::from(new),
        })
    };
    for request in [
        rename("readme.txt", "renamed.txt"),
        Request::FileDelete(FileName::from("COMTRADE/fault1.cfg")),
        rename("given/ours.bin", "given/moved.bin"),
    ] {
        let answer = client.ask(request).await;
        assert!(matches!(answer, Answer::Response(_)), "{answer:?}");
    }
    let before = directory(&mut client).await;
    assert_eq!(before.len(), 3, "{before:?}");
    drop((client, sim));
    for after in [3600, 7200] {
        let sim = start(after, place.clone());
        let mut client = Client::connect(&sim).await;
        let there = directory(&mut client).await;
        let of =
            |list: &[String], name: &str| list.iter().find(|line| line.contains(name)).cloned();
        for name in ["given/moved.bin", "renamed.txt"] {
            assert_eq!(of(&there, name), of(&before, name), "{name}");
        }
        assert_eq!(there.len(), 3, "{there:?}");
        let open = Request::FileOpen(FileOpenRequest {
            name: FileName::from("given/moved.bin"),
            initial_position: 0,
        });
        let Answer::Response(Response::FileOpen(opened)) = client.ask(open).await else {
            panic!("it does not open");
        };
        let read = Request::FileRead {
            frsm_id: opened.frsm_id,
        };
        let Answer::Response(Response::FileRead(piece)) = client.ask(read).await else {
            panic!("it cannot be read");
        };
        assert_eq!(piece.data, contents, "in one piece");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_publisher_was_set_to_is_there_again() {
    const FREE: &str = "LD0/LLN0$GO$gcbFree";
    let place = MemoryStore::default();
    let sim = start(0, place.clone());
    let mut client = Client::connect(&sim).await;
    let dat_set = Data::VisibleString("ASSAYLD0/LLN0$dsStatus".into());
    assert_eq!(
        client.write(&format!("{FREE}$DatSet"), dat_set).await,
        Ok(())
    );
    drop((client, sim));
    let sim = start(3600, place);
    for _ in 0..2 {
        let mut client = Client::connect(&sim).await;
        for (attribute, value) in [
            ("DatSet", "'ASSAYLD0/LLN0$dsStatus'"),
            ("ConfRev", "2u"),
            ("NdsCom", "false"),
            // Now there is something to publish, and that is what the configuration wants.
            ("GoEna", "true"),
        ] {
            assert_eq!(client.show(&format!("{FREE}${attribute}")).await, value);
        }
        drop(client);
        assert_eq!(sim.process().command("restart"), "ok");
        tokio::time::sleep(Duration::from_secs(20)).await;
    }
}
