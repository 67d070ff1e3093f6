//! What the process side does, and what clients see of it.

use std::time::Duration;

use iedassay_wire::mms::{Data, ReadRequest, Request, VariableAccess};

use crate::LOCAL;
use crate::common::{Answer, Client, name, proposal, sim};

#[tokio::test(start_paused = true)]
async fn the_process_is_seen_with_quality_and_time() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    assert_eq!(
        client.show("LD0/GGIO1$ST$Ind1$t").await,
        "2023-11-14T22:13:20.000Z[accuracy 10]"
    );
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let process = sim.process();
    assert_eq!(
        process.command("set ASSAYLD0/GGIO1.Ind1.stVal[ST] true"),
        "ok"
    );
    assert_eq!(
        process.command("set ASSAYLD0/GGIO1.Ind1.q[ST] questionable+oldData"),
        "ok"
    );
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(
        client.show("LD0/GGIO1$ST$Ind1").await,
        "structure{true, 0b1100000100000, 2023-11-14T22:13:21.500Z[accuracy 10]}"
    );
    assert_eq!(
        process.command("get ASSAYLD0/GGIO1.Ind1.q[ST]"),
        "ok questionable+oldData"
    );
    for (line, answer) in [
        ("ping", "ok"),
        (
            "set ASSAYLD0/GGIO1.Ind1.stVal[ST] maybe",
            "err `maybe` is no BOOLEAN: expected true or false",
        ),
        (
            "set ASSAYLD0/GGIO1.Ind1.nothing[ST] true",
            "err `ASSAYLD0/GGIO1.Ind1.nothing[ST]` is not in the model; `ASSAYLD0/GGIO1.Ind1[ST]` has q, stVal, t",
        ),
        ("dance", "err `dance` is no command; `help` lists them"),
    ] {
        assert_eq!(process.command(line), answer);
    }
}

#[tokio::test(start_paused = true)]
async fn magnitudes_follow_beyond_their_deadband() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    // Hz: 50, deadband of 100 thousandths of a percent.
    for (value, mag) in [("50.04", "50.0"), ("50.06", "50.06"), ("50.02", "50.06")] {
        assert_eq!(
            sim.process()
                .command(&format!("set ASSAYMEAS/MMXU1.Hz.instMag.f[MX] {value}")),
            "ok"
        );
        assert_eq!(client.show("MEAS/MMXU1$MX$Hz$mag$f").await, mag);
        assert_eq!(client.show("MEAS/MMXU1$MX$Hz$instMag$f").await, value);
    }
}

#[tokio::test(start_paused = true)]
async fn a_mode_reaches_the_behaviour_and_the_quality() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let process = sim.process();
    assert_eq!(
        process.command("set ASSAYLD0/LLN0.Mod.stVal[ST] test"),
        "ok"
    );
    assert_eq!(client.show("LD0/GGIO1$ST$Beh$stVal").await, "3");
    assert_eq!(client.show("LD0/GGIO1$ST$Ind1$q").await, "0b0000000000010");
    assert_eq!(client.show("PROT/PTOC1$ST$Beh$stVal").await, "1");
    assert_eq!(
        process.command("set ASSAYLD0/GGIO1.Mod.stVal[ST] blocked"),
        "ok"
    );
    assert_eq!(client.show("LD0/GGIO1$ST$Beh$stVal").await, "4");
    assert_eq!(process.command("set ASSAYLD0/LLN0.Mod.stVal[ST] off"), "ok");
    assert_eq!(client.show("LD0/GGIO1$ST$Ind1$q").await, "0b0100000000000");
    assert_eq!(process.command("set ASSAYLD0/LLN0.Mod.stVal[ST] on"), "ok");
    assert_eq!(process.command("set ASSAYLD0/GGIO1.Mod.stVal[ST] on"), "ok");
    assert_eq!(client.show("LD0/GGIO1$ST$Ind1$q").await, "0b0000000000000");
}

#[tokio::test(start_paused = true)]
async fn a_pulled_cable_is_noticed_and_frees_everything() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    client
        .write("LD0/LLN0$RP$urcbStatus01$RptEna", Data::Boolean(true))
        .await
        .unwrap();
    assert_eq!(sim.process().command("blackhole on"), "ok");
    let access = VariableAccess::names([name("LD0/LLN0")]);
    assert_eq!(
        client.ask(Request::Read(ReadRequest::new(access))).await,
        Answer::Nothing
    );
    client.wait(Duration::from_secs(10)).await;
    assert_eq!(sim.association_count(), 1);
    client.wait(Duration::from_secs(10)).await;
    assert_eq!(sim.association_count(), 0);
    assert!(client.ending.is_none(), "nobody told the client");
    assert_eq!(sim.process().command("blackhole off"), "ok");
    let mut other = Client::connect(&sim).await;
    assert_eq!(other.show("LD0/LLN0$RP$urcbStatus01$RptEna").await, "false");
}

#[tokio::test(start_paused = true)]
async fn a_cable_that_comes_back_in_time_does_no_harm() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    assert_eq!(sim.process().command("blackhole on"), "ok");
    client.wait(Duration::from_secs(5)).await;
    assert_eq!(sim.process().command("blackhole off"), "ok");
    assert_eq!(client.show("LD0/LLN0$ST$Mod$stVal").await, "1");
}

#[tokio::test(start_paused = true)]
async fn a_power_cycle_keeps_settings_and_forgets_the_rest() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    client
        .write("PROT/PTOC2$SP$OpDlTmms$setVal", Data::Integer(750))
        .await
        .unwrap();
    client
        .write("LD0/LLN0$RP$urcbStatus01$BufTm", Data::Unsigned(999))
        .await
        .unwrap();
    assert_eq!(sim.process().command("restart"), "ok");
    client.wait(Duration::from_millis(10)).await;
    assert!(client.ending.is_some());
    assert!(Client::connect_with(&sim, proposal(), LOCAL).await.is_err());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut client = Client::connect(&sim).await;
    assert_eq!(client.show("PROT/PTOC2$SP$OpDlTmms$setVal").await, "750");
    assert_eq!(client.show("LD0/LLN0$RP$urcbStatus01$BufTm").await, "0u");
}
