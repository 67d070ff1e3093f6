//! Control on virtual time.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

mod common;

use std::time::Duration;

use common::{Client, DENIED, UNAVAILABLE, sim};
use iedassay_sim::Sim;
use iedassay_wire::{
    ber::BitString,
    mms::{Data, Pdu, Unconfirmed, UtcTime, WriteResult},
};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

#[derive(Clone, Debug)]
struct Oper {
    value: Data,
    or_cat: i64,
    or_ident: Vec<u8>,
    ctl_num: u64,
    test: bool,
    oper_tm: Option<UtcTime>,
    check: bool,
}

impl Default for Oper {
    fn default() -> Self {
        Self {
            value: Data::Boolean(true),
            or_cat: 3,
            or_ident: b"tester".to_vec(),
            ctl_num: 5,
            test: false,
            oper_tm: None,
            check: true,
        }
    }
}

impl Oper {
    fn data(&self) -> Data {
        let mut components = vec![self.value.clone()];
        components.extend(self.oper_tm.map(Data::UtcTime));
        components.extend([
            Data::Structure(vec![
                Data::Integer(self.or_cat),
                Data::OctetString(self.or_ident.clone()),
            ]),
            Data::Unsigned(self.ctl_num),
            Data::UtcTime(UtcTime::default()),
            Data::Boolean(self.test),
        ]);
        if self.check {
            components.push(Data::BitString(BitString::zeros(2)));
        }
        Data::Structure(components)
    }
}

async fn operate(client: &mut Client, object: &str, oper: &Oper) -> WriteResult {
    client
        .write(&format!("CTRL/GGIO1$CO${object}$Oper"), oper.data())
        .await
}

async fn cancel(client: &mut Client, object: &str) -> WriteResult {
    let cancel = Oper {
        check: false,
        ..Oper::default()
    };
    client
        .write(&format!("CTRL/GGIO1$CO${object}$Cancel"), cancel.data())
        .await
}

async fn select(client: &mut Client, object: &str) -> bool {
    client.show(&format!("CTRL/GGIO1$CO${object}$SBO")).await != "''"
}

async fn status(client: &mut Client, object: &str, attribute: &str) -> String {
    client
        .show(&format!("CTRL/GGIO1$ST${object}${attribute}"))
        .await
}

/// What LastApplError and CommandTermination said, the variables and the values.
fn told(client: &mut Client) -> Vec<(String, Vec<String>)> {
    client
        .unsolicited
        .drain(..)
        .filter_map(|(_, pdu)| match pdu {
            Pdu::Unconfirmed(Unconfirmed::InformationReport(report)) => Some((
                report.access.to_string(),
                report
                    .results
                    .iter()
                    .map(|result| result.as_ref().unwrap().to_string())
                    .collect(),
            )),
            _ => None,
        })
        .collect()
}

/// AddCause of the only LastApplError.
fn add_cause(client: &mut Client) -> String {
    let told = told(client);
    assert_eq!(told.len(), 1, "{told:?}");
    let text = &told[0].1[0];
    text.trim_end_matches('}')
        .rsplit(", ")
        .next()
        .unwrap()
        .to_owned()
}

fn process(sim: &Sim, line: &str) {
    assert_eq!(sim.process().command(line), "ok");
}

#[tokio::test(start_paused = true)]
async fn direct_control_moves_and_mirrors() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    assert_eq!(
        operate(&mut client, "SPCSO1", &Oper::default()).await,
        Ok(())
    );
    assert_eq!(status(&mut client, "SPCSO1", "stVal").await, "true");
    assert_eq!(
        status(&mut client, "SPCSO1", "origin").await,
        "structure{3, 0x746573746572}"
    );
    assert_eq!(status(&mut client, "SPCSO1", "ctlNum").await, "5u");
    assert_eq!(
        operate(&mut client, "SPCSO1", &Oper::default()).await,
        Err(DENIED)
    );
    assert_eq!(add_cause(&mut client), "5");
    assert_eq!(
        operate(&mut client, "DPCSO1", &Oper::default()).await,
        Ok(())
    );
    assert_eq!(status(&mut client, "DPCSO1", "stVal").await, "0b10");
    let integer = Oper {
        value: Data::Integer(-7),
        ..Oper::default()
    };
    assert_eq!(operate(&mut client, "ISCSO1", &integer).await, Ok(()));
    assert_eq!(status(&mut client, "ISCSO1", "stVal").await, "-7");
    let analogue = Data::Structure(vec![Data::FloatingPoint(iedassay_wire::mms::Float::F32(
        2.5,
    ))]);
    let oper = Oper {
        value: analogue,
        ..Oper::default()
    };
    assert_eq!(operate(&mut client, "AnOut1", &oper).await, Ok(()));
    assert_eq!(client.show("CTRL/GGIO1$MX$AnOut1$mxVal$f").await, "2.5");
}

#[tokio::test(start_paused = true)]
async fn select_before_operate() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    assert_eq!(
        operate(&mut client, "SPCSO2", &Oper::default()).await,
        Err(DENIED)
    );
    assert_eq!(
        told(&mut client),
        [(
            "[LastApplError]".to_owned(),
            vec![
                "structure{'ASSAYCTRL/GGIO1$CO$SPCSO2$Oper', 0, structure{3, 0x746573746572}, 5u, 18}".to_owned()
            ]
        )]
    );
    assert!(select(&mut client, "SPCSO2").await);
    assert_eq!(status(&mut client, "SPCSO2", "stSeld").await, "true");
    assert!(!select(&mut client, "SPCSO2").await);
    assert_eq!(
        operate(&mut client, "SPCSO2", &Oper::default()).await,
        Ok(())
    );
    assert_eq!(status(&mut client, "SPCSO2", "stSeld").await, "false");
    assert_eq!(status(&mut client, "SPCSO2", "stVal").await, "true");
}

#[tokio::test(start_paused = true)]
async fn a_selection_ends_by_cancel_time_loss_and_refusal() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    assert!(select(&mut client, "SPCSO2").await);
    assert_eq!(cancel(&mut client, "SPCSO2").await, Ok(()));
    assert_eq!(status(&mut client, "SPCSO2", "stSeld").await, "false");

    assert!(select(&mut client, "SPCSO2").await);
    client.wait(Duration::from_millis(9990)).await;
    assert_eq!(status(&mut client, "SPCSO2", "stSeld").await, "true");
    client.wait(Duration::from_millis(11)).await;
    assert_eq!(status(&mut client, "SPCSO2", "stSeld").await, "false");

    assert!(select(&mut client, "SPCSO2").await);
    process(&sim, "block ASSAYCTRL/GGIO1.SPCSO2 on");
    assert_eq!(
        operate(&mut client, "SPCSO2", &Oper::default()).await,
        Err(DENIED)
    );
    assert_eq!(add_cause(&mut client), "10");
    assert_eq!(status(&mut client, "SPCSO2", "stSeld").await, "false");
    assert!(!select(&mut client, "SPCSO2").await);
    process(&sim, "block ASSAYCTRL/GGIO1.SPCSO2 off");

    let mut other = Client::connect(&sim).await;
    for object in ["SPCSO2", "DPCSO2", "SPCSO6"] {
        assert!(select(&mut client, object).await);
        assert!(!select(&mut other, object).await);
    }
    assert_eq!(
        operate(&mut other, "SPCSO2", &Oper::default()).await,
        Err(UNAVAILABLE)
    );
    assert_eq!(add_cause(&mut other), "27");
    assert_eq!(cancel(&mut other, "SPCSO2").await, Err(UNAVAILABLE));
    client.abort().await;
    for object in ["SPCSO2", "DPCSO2", "SPCSO6"] {
        assert_eq!(status(&mut other, object, "stSeld").await, "false");
        assert!(select(&mut other, object).await);
    }
}

#[tokio::test(start_paused = true)]
async fn operate_many_keeps_the_selection() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    assert!(select(&mut client, "SPCSO6").await);
    for value in [true, false, true] {
        let oper = Oper {
            value: Data::Boolean(value),
            ..Oper::default()
        };
        assert_eq!(operate(&mut client, "SPCSO6", &oper).await, Ok(()));
        assert_eq!(status(&mut client, "SPCSO6", "stSeld").await, "true");
    }
}

#[tokio::test(start_paused = true)]
async fn illegal_originators_are_inconsistent() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    for oper in [
        Oper {
            or_cat: 9,
            ..Oper::default()
        },
        Oper {
            or_cat: -1,
            ..Oper::default()
        },
        Oper {
            or_ident: vec![0; 65],
            ..Oper::default()
        },
    ] {
        assert!(select(&mut client, "SPCSO2").await);
        assert_eq!(operate(&mut client, "SPCSO2", &oper).await, Err(DENIED));
        assert_eq!(add_cause(&mut client), "26");
        assert_eq!(status(&mut client, "SPCSO2", "stSeld").await, "false");
    }
}

#[tokio::test(start_paused = true)]
async fn test_and_behaviour() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let test = Oper {
        test: true,
        ..Oper::default()
    };
    assert_eq!(operate(&mut client, "SPCSO1", &test).await, Err(DENIED));
    assert_eq!(add_cause(&mut client), "8");
    process(&sim, "set ASSAYCTRL/GGIO1.Mod.stVal[ST] test");
    assert_eq!(
        operate(&mut client, "SPCSO1", &Oper::default()).await,
        Err(DENIED)
    );
    assert_eq!(operate(&mut client, "SPCSO1", &test).await, Ok(()));
    assert_eq!(status(&mut client, "SPCSO1", "stVal").await, "true");
    assert_eq!(status(&mut client, "SPCSO1", "q").await, "0b0000000000010");
    process(&sim, "set ASSAYCTRL/GGIO1.Mod.stVal[ST] blocked");
    assert_eq!(
        operate(&mut client, "DPCSO1", &Oper::default()).await,
        Ok(())
    );
    assert_eq!(status(&mut client, "DPCSO1", "stVal").await, "0b01");
}

#[tokio::test(start_paused = true)]
async fn a_later_operate_comes_at_its_time() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let at = UtcTime::from_since_epoch(common::EPOCH + Duration::from_secs(30), Default::default());
    let later = Oper {
        oper_tm: Some(at),
        ..Oper::default()
    };
    assert_eq!(operate(&mut client, "SPCSO7", &later).await, Ok(()));
    client.wait(Duration::from_millis(29_990)).await;
    assert_eq!(status(&mut client, "SPCSO7", "stVal").await, "false");
    client.wait(Duration::from_millis(11)).await;
    assert_eq!(status(&mut client, "SPCSO7", "stVal").await, "true");
}

#[tokio::test(start_paused = true)]
async fn enhanced_security_ends_with_a_termination() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let oper = Oper::default();
    assert_eq!(operate(&mut client, "SPCSO3", &oper).await, Ok(()));
    assert_eq!(status(&mut client, "SPCSO3", "stVal").await, "false");
    client.wait(Duration::from_millis(150)).await;
    assert_eq!(
        told(&mut client),
        [(
            "[ASSAYCTRL/GGIO1$CO$SPCSO3$Oper]".to_owned(),
            vec![oper.data().to_string()]
        )]
    );
    assert_eq!(status(&mut client, "SPCSO3", "stVal").await, "true");

    process(&sim, "stick ASSAYCTRL/GGIO1.DPCSO3 on");
    assert_eq!(operate(&mut client, "DPCSO3", &oper).await, Ok(()));
    client.wait(Duration::from_millis(2999)).await;
    assert!(told(&mut client).is_empty());
    client.wait(Duration::from_millis(2)).await;
    let told = told(&mut client);
    assert_eq!(told[0].0, "[LastApplError, ASSAYCTRL/GGIO1$CO$DPCSO3$Oper]");
    assert!(told[0].1[0].ends_with("16}"), "{told:?}");

    assert_eq!(
        client.write("CTRL/CSWI1$CO$Pos$SBOw", oper.data()).await,
        Ok(())
    );
    assert_eq!(
        client.write("CTRL/CSWI1$CO$Pos$Oper", oper.data()).await,
        Ok(())
    );
    client.wait(Duration::from_millis(150)).await;
    for switch in ["CSWI1", "XCBR1"] {
        assert_eq!(
            client.show(&format!("CTRL/{switch}$ST$Pos$stVal")).await,
            "0b10"
        );
    }
    assert_eq!(client.show("CTRL/XCBR1$ST$OpCnt$stVal").await, "1");
}

#[tokio::test(start_paused = true)]
async fn one_operate_is_one_report() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    client
        .write("CTRL/LLN0$RP$urcbPosLeaf01$BufTm", Data::Unsigned(0))
        .await
        .unwrap();
    client
        .write("CTRL/LLN0$RP$urcbPosLeaf01$RptEna", Data::Boolean(true))
        .await
        .unwrap();
    assert_eq!(
        operate(&mut client, "SPCSO1", &Oper::default()).await,
        Ok(())
    );
    client.wait(Duration::from_millis(10)).await;
    assert_eq!(client.reports().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn reading_everything_selects_nothing() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    for item in ["CTRL/GGIO1", "CTRL/GGIO1$CO", "CTRL/GGIO1$CO$SPCSO2"] {
        client.read(item).await.unwrap();
        assert_eq!(
            status(&mut client, "SPCSO2", "stSeld").await,
            "false",
            "{item}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_process_side_is_told_of_every_control() {
    let sim = sim(&[]);
    let mut controls = sim.process().controls();
    let (mut near, far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(sim.serve_process_stream(far));
    near.write_all(b"subscribe on\n").await.unwrap();
    let mut client = Client::connect(&sim).await;
    operate(&mut client, "SPCSO1", &Oper::default())
        .await
        .unwrap();
    assert!(select(&mut client, "SPCSO2").await);
    cancel(&mut client, "SPCSO2").await.unwrap();
    let hidden = Oper {
        or_ident: b"a\nb".to_vec(),
        test: true,
        ..Oper::default()
    };
    operate(&mut client, "SPCSO1", &hidden).await.unwrap_err();
    let unreadable = client
        .write("CTRL/GGIO1$CO$SPCSO1$Oper", Data::Boolean(true))
        .await;
    unreadable.unwrap_err();
    let plain = "value=true orCat=3 orIdent='tester' ctlNum=5 test=false client=127.0.0.1 time=2023-11-14T22:13:20.000Z";
    let client_at = "client=127.0.0.1 time=2023-11-14T22:13:20.000Z";
    let expected = [
        format!("control operate ASSAYCTRL/GGIO1.SPCSO1 {plain} result=ok"),
        format!("control select ASSAYCTRL/GGIO1.SPCSO2 {client_at} result=ok"),
        format!("control cancel ASSAYCTRL/GGIO1.SPCSO2 {plain} result=ok"),
        format!(
            "control operate ASSAYCTRL/GGIO1.SPCSO1 value=true orCat=3 orIdent=0x610a62 ctlNum=5 test=true {client_at} \
             result=refused object-access-denied(3) AddCause=8"
        ),
        format!(
            "control operate ASSAYCTRL/GGIO1.SPCSO1 {client_at} result=refused type-inconsistent(7)"
        ),
    ];
    for line in &expected {
        assert_eq!(controls.next().await.to_string(), *line);
    }
    let mut lines = BufReader::new(near).lines();
    for line in core::iter::once("ok").chain(expected.iter().map(String::as_str)) {
        assert_eq!(lines.next_line().await.unwrap().unwrap(), line);
    }
    let stream = lines.get_mut().get_mut();
    stream.write_all(b"subscribe off\nping\n").await.unwrap();
    operate(&mut client, "SPCSO1", &hidden).await.unwrap_err();
    stream.write_all(b"help ping\n").await.unwrap();
    for line in ["ok", "ok", "ok 3"] {
        assert_eq!(lines.next_line().await.unwrap().unwrap(), line);
    }
}

#[tokio::test(start_paused = true)]
async fn the_process_side_is_told_how_a_command_ends() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let mut controls = sim.process().controls();
    let stick = sim.process().command("stick ASSAYCTRL/GGIO1.SPCSO3 on");
    assert_eq!(stick, "ok");
    operate(&mut client, "SPCSO3", &Oper::default())
        .await
        .unwrap();
    client.wait(Duration::from_secs(30)).await;
    let words = |line: String| {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        words.retain(|word| !word.contains('=') || word.starts_with("result"));
        words.join(" ")
    };
    assert_eq!(
        words(controls.next().await.to_string()),
        "control operate ASSAYCTRL/GGIO1.SPCSO3 result=ok"
    );
    let end = controls.next().await.to_string();
    assert!(end.ends_with("result=refused AddCause=16"), "{end}");
    assert!(
        end.starts_with("control termination ASSAYCTRL/GGIO1.SPCSO3 "),
        "{end}"
    );
}
