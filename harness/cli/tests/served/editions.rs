//! What differs between the editions: attributes of report control blocks, how they are reserved, and who may set what.

use std::time::Duration;

use iedassay_client::{Client, ClientError};
use iedassay_model::Fc;
use iedassay_model::tree::OptFlds;
use iedassay_sim::Sim;
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{Data, DataAccessError, ObjectName};

use crate::files;
use crate::live::{browse, connect, connect_from, report, serve};

const DENIED: Result<(), ClientError> =
    Err(ClientError::Access(DataAccessError::OBJECT_ACCESS_DENIED));
const UNAVAILABLE: Result<(), ClientError> = Err(ClientError::Access(
    DataAccessError::TEMPORARILY_UNAVAILABLE,
));

/// A server of one of our files.
fn server(file: &str, access_point: &str) -> Sim {
    let found = files::own(file)
        .into_iter()
        .find(|served| served.access_point == access_point)
        .unwrap();
    serve(&found.model())
}

async fn read(client: &Client, text: &str) -> Result<Data, ClientError> {
    let (domain, item) = text.split_once('/').unwrap();
    client.read(ObjectName::domain(domain, item)).await
}

async fn write(client: &Client, text: &str, value: Data) -> Result<(), ClientError> {
    let (domain, item) = text.split_once('/').unwrap();
    client.write(ObjectName::domain(domain, item), value).await
}

const fn on() -> Data {
    Data::Boolean(true)
}

fn text(text: &str) -> Data {
    Data::VisibleString(text.to_owned())
}

fn gone(answer: Result<Data, ClientError>) -> bool {
    matches!(answer, Err(ClientError::Access(_)))
}

#[tokio::test(start_paused = true)]
async fn edition_1_has_no_resv_tms_no_owner_and_six_reasons() {
    let sim = server("edition1.icd", "AP1");
    let client = connect(&sim).await;
    for missing in [
        "FEEDERCTRL/LLN0$BR$brcbEvents$ResvTms",
        "FEEDERCTRL/LLN0$BR$brcbEvents$Owner",
        "FEEDERCTRL/LLN0$RP$urcbEvents01$Owner",
    ] {
        assert!(gone(read(&client, missing).await), "{missing}");
    }
    let mut subscription = client.subscribe();
    let block = "FEEDERCTRL/LLN0$RP$urcbEvents02";
    assert_eq!(
        write(&client, &format!("{block}$RptEna"), on()).await,
        Ok(())
    );
    assert_eq!(read(&client, &format!("{block}$Resv")).await, Ok(on()));
    assert_eq!(write(&client, &format!("{block}$GI"), on()).await, Ok(()));
    let report = report(&mut subscription).await.unwrap();
    let reason = report.entries[0].reason.as_ref().unwrap();
    assert_eq!(reason.len(), 6);
    assert!(reason.is_set(5) && !reason.is_set(4), "{reason}");
    // Enabling has reserved it.
    let other = connect_from(&sim, 2).await;
    assert_eq!(
        write(&other, &format!("{block}$RptEna"), on()).await,
        UNAVAILABLE
    );
}

#[tokio::test(start_paused = true)]
async fn edition_2_reserves_with_the_first_write() {
    let sim = server("edition2a.cid", "S1");
    let client = connect(&sim).await;
    let block = "BAY7_PROT/LLN0$BR$brcb02";
    assert!(gone(read(&client, &format!("{block}$Owner")).await));
    assert_eq!(
        read(&client, &format!("{block}$ResvTms")).await,
        Ok(Data::Integer(0))
    );
    assert_eq!(
        write(&client, &format!("{block}$RptID"), text("mine")).await,
        Ok(())
    );
    let seconds = read(&client, &format!("{block}$ResvTms")).await.unwrap();
    assert!(seconds.as_i64().unwrap() > 0, "{seconds}");
    let other = connect_from(&sim, 2).await;
    let taken = write(&other, &format!("{block}$RptID"), text("yours")).await;
    assert_eq!(taken, UNAVAILABLE);
    // The reservation outlives the association by ResvTms.
    client.abort().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let taken = write(&other, &format!("{block}$RptID"), text("yours")).await;
    assert_eq!(taken, UNAVAILABLE);
    tokio::time::sleep(Duration::from_secs(
        u64::try_from(seconds.as_i64().unwrap()).unwrap(),
    ))
    .await;
    let free = write(&other, &format!("{block}$RptID"), text("yours")).await;
    assert_eq!(free, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn edition_2_1_wants_the_reservation_first() {
    let sim = server("edition2_1.cid", "P1");
    let client = connect(&sim).await;
    let other = connect_from(&sim, 2).await;
    for (block, attribute, value) in [
        ("GATELD0/LLN0$RP$urcb02", "Resv", on()),
        ("GATELD0/LLN0$BR$brcb02", "ResvTms", Data::Integer(20)),
    ] {
        let item = |name: &str| format!("{block}${name}");
        assert_eq!(
            write(&client, &item("RptID"), text("mine")).await,
            DENIED,
            "{block}"
        );
        assert_eq!(
            write(&client, &item("RptEna"), on()).await,
            DENIED,
            "{block}"
        );
        assert_eq!(
            read(&client, &item("Owner")).await,
            Ok(Data::OctetString(Vec::new())),
            "{block}"
        );
        assert_eq!(
            write(&client, &item(attribute), value.clone()).await,
            Ok(()),
            "{block}"
        );
        assert_eq!(
            write(&client, &item("RptID"), text("mine")).await,
            Ok(()),
            "{block}"
        );
        assert_ne!(
            read(&client, &item("Owner")).await,
            Ok(Data::OctetString(Vec::new())),
            "{block}"
        );
        for (name, value) in [
            (attribute, value),
            ("RptID", text("yours")),
            ("RptEna", on()),
        ] {
            assert_eq!(
                write(&other, &item(name), value).await,
                UNAVAILABLE,
                "{block} {name}"
            );
        }
        assert_eq!(
            write(&client, &item("RptEna"), on()).await,
            Ok(()),
            "{block}"
        );
    }
    // What is reserved by configuration needs no reservation on line.
    let assigned = "GATELD0/LLN0$BR$brcb01";
    assert_eq!(
        read(&client, &format!("{assigned}$ResvTms")).await,
        Ok(Data::Integer(-1))
    );
    assert_eq!(
        write(&client, &format!("{assigned}$RptEna"), on()).await,
        Ok(())
    );
    assert!(
        read(&client, "GATELD0/LTRK1$SR$BrcbTrk$objRef")
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn who_may_set_what_goes_by_the_settings_of_the_access_point() {
    let opt_flds = || {
        Data::BitString(
            OptFlds {
                seq_num: true,
                ..OptFlds::default()
            }
            .to_bits(),
        )
    };
    let trg_ops = || Data::BitString(BitString::zeros(6));
    // By configuration: never. By the client: while disabled.
    let client = connect(&server("edition1.icd", "AP1")).await;
    let block = "FEEDERCTRL/LLN0$RP$urcbEvents01";
    assert_eq!(
        write(
            &client,
            &format!("{block}$DatSet"),
            text("FEEDERCTRL/LLN0$dsMeasured")
        )
        .await,
        DENIED
    );
    assert_eq!(
        write(&client, &format!("{block}$OptFlds"), opt_flds()).await,
        Ok(())
    );
    // The same server has other settings at its other access point.
    for (access_point, expected) in [("S1", DENIED), ("S2", Ok(()))] {
        let client = connect(&server("edition2.scd", access_point)).await;
        let block = "BCULD0/LLN0$RP$urcb01";
        for (attribute, value) in [
            ("RptID", text("x")),
            ("OptFlds", opt_flds()),
            ("TrgOps", trg_ops()),
        ] {
            assert_eq!(
                write(&client, &format!("{block}${attribute}"), value).await,
                expected,
                "{access_point} {attribute}"
            );
        }
        for (attribute, value) in [
            ("BufTm", Data::Unsigned(10)),
            ("IntgPd", Data::Unsigned(1_000)),
            ("DatSet", text("BCULD0/LLN0$dsSv")),
        ] {
            assert_eq!(
                write(&client, &format!("{block}${attribute}"), value).await,
                DENIED,
                "{access_point} {attribute}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn values_that_are_read_only_by_configuration_refuse_a_write() {
    let client = connect(&server("edition2a.cid", "S1")).await;
    let number = |item: &'static str| {
        let client = &client;
        async move { write(client, item, Data::Unsigned(2)).await }
    };
    assert_eq!(number("BAY7_PROT/PTOC1$CF$TmAChr33$maxPts").await, DENIED);
    assert_eq!(number("BAY7_PROT/PTOC1$SP$TmAChr33$numPts").await, Ok(()));
    // The values of single elements are those of the file.
    let points = read(&client, "BAY7_PROT/PTOC1$SP$TmAChr33$crvPts").await;
    assert_eq!(
        points.unwrap().to_string(),
        "array[structure{0.5, 10.0}, structure{0.0, 0.0}, structure{4.0, 0.0}]"
    );
}

#[tokio::test(start_paused = true)]
async fn setting_groups_have_the_values_of_the_file() {
    let client = connect(&server("edition2a.cid", "S1")).await;
    let active = async || {
        let read = read(&client, "BAY7_PROT/PTOC1$SG$StrVal$setMag$f").await;
        read.unwrap().to_string()
    };
    assert_eq!(active().await, "2.5");
    assert_eq!(
        write(&client, "BAY7_PROT/LLN0$SP$SGCB$ActSG", Data::Unsigned(1)).await,
        Ok(())
    );
    assert_eq!(active().await, "1.25");
    assert!(
        read(&client, "BAY7_PROT/LLN0$SP$SGCB$ResvTms")
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn a_live_server_shows_its_edition_and_its_controls() {
    for (file, access_point) in [
        ("edition1.icd", "AP1"),
        ("edition2a.cid", "S1"),
        ("edition2_1.cid", "P1"),
        ("iedassay.cid", "AP1"),
    ] {
        let found = files::all()
            .into_iter()
            .find(|served| served.file.ends_with(file) && served.access_point == access_point)
            .unwrap();
        let described = found.model();
        let live = browse(&connect(&serve(&described)).await).await;
        assert_eq!(live.edition, described.edition, "{file}");
        // What is configured of a control is known without asking again.
        let mut compared = 0;
        for node in described.variables().filter(|node| {
            node.fc() == Some(Fc::CF)
                && ["ctlModel", "sboClass", "sboTimeout", "operTimeout"].contains(&node.name())
        }) {
            let shown = live.resolve(node.domain(), node.item()).unwrap();
            assert_eq!(shown.default_data(), node.default_data(), "{}", node.item());
            compared += 1;
        }
        assert!(compared > 0, "{file}");
        for at in described.report_controls() {
            let shown = live.report_control(&at.reference()).unwrap().block;
            let block = at.block;
            assert_eq!(
                (
                    shown.trg_ops,
                    shown.has_resv_tms,
                    shown.has_owner,
                    shown.buf_tm,
                    shown.intg_pd
                ),
                (
                    block.trg_ops,
                    block.has_resv_tms,
                    block.has_owner,
                    block.buf_tm,
                    block.intg_pd
                ),
                "{file} {}",
                block.name
            );
        }
    }
}
