//! Substitution and blocked update: what clients see instead of the process.

use iedassay_sim::Sim;
use iedassay_wire::{
    ber::BitString,
    mms::{Data, Float},
};

use crate::common::{Client, sim};

const GOOD: &str = "0b0000000000000";
const SUBSTITUTED: &str = "0b0000000000100";

fn set(sim: &Sim, line: &str) {
    assert_eq!(sim.process().command(&format!("set ASSAY{line}")), "ok");
}

async fn write(client: &mut Client, item: &str, data: Data) {
    client.write(item, data).await.unwrap();
}

async fn enable(client: &mut Client, item: &str, on: bool) {
    write(client, item, Data::Boolean(on)).await;
}

fn number(value: f32) -> Data {
    Data::FloatingPoint(Float::F32(value))
}

async fn shows(client: &mut Client, object: &str, expected: &[(&str, &str)]) {
    for (attribute, value) in expected {
        let item = format!("{object}${attribute}");
        assert_eq!(&client.show(&item).await, value, "{item}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_substituted_measurand_shows_in_both_magnitudes_and_lets_go_of_both() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let total = "MEAS/MMXU1$MX$TotW";
    write(&mut client, "MEAS/MMXU1$SV$TotW$subMag$f", number(7.0)).await;
    shows(&mut client, total, &[("mag$f", "100.0"), ("q", GOOD)]).await;
    enable(&mut client, "MEAS/MMXU1$SV$TotW$subEna", true).await;
    let substituted = [("instMag$f", "7.0"), ("mag$f", "7.0"), ("q", SUBSTITUTED)];
    shows(&mut client, total, &substituted).await;
    // The process goes on beneath, with its deadband of one percent.
    set(&sim, "MEAS/MMXU1.TotW.instMag.f[MX] 200");
    set(&sim, "MEAS/MMXU1.TotW.instMag.f[MX] 200.5");
    shows(&mut client, total, &substituted).await;
    assert_eq!(
        sim.process().command("get ASSAYMEAS/MMXU1.TotW.mag.f[MX]"),
        "ok 200.0"
    );
    write(&mut client, "MEAS/MMXU1$SV$TotW$subMag$f", number(8.0)).await;
    shows(
        &mut client,
        total,
        &[("instMag$f", "8.0"), ("mag$f", "8.0")],
    )
    .await;
    enable(&mut client, "MEAS/MMXU1$SV$TotW$subEna", false).await;
    let process = [("instMag$f", "200.5"), ("mag$f", "200.0"), ("q", GOOD)];
    shows(&mut client, total, &process).await;
}

#[tokio::test(start_paused = true)]
async fn the_quality_is_that_of_sub_q_but_for_its_source() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    set(&sim, "LD0/GGIO2.Ind1.q[ST] invalid+failure");
    // Questionable and inaccurate, and it says of itself that it comes from the process.
    let doubtful = BitString::from_uint(0b1_1000_0000_1000, 13);
    write(
        &mut client,
        "LD0/GGIO2$SV$Ind1$subQ",
        Data::BitString(doubtful),
    )
    .await;
    enable(&mut client, "LD0/GGIO2$SV$Ind1$subEna", true).await;
    let ind = "LD0/GGIO2$ST$Ind1";
    shows(&mut client, ind, &[("q", "0b1100000001100")]).await;
    // What the process says of it meanwhile is there when the substitution ends.
    set(&sim, "LD0/GGIO2.Ind1.q[ST] questionable+oldData");
    shows(&mut client, ind, &[("q", "0b1100000001100")]).await;
    // The behaviour has its say all the same.
    set(&sim, "LD0/GGIO2.Mod.stVal[ST] test");
    shows(&mut client, ind, &[("q", "0b1100000001110")]).await;
    set(&sim, "LD0/GGIO2.Mod.stVal[ST] on");
    enable(&mut client, "LD0/GGIO2$SV$Ind1$subEna", false).await;
    shows(&mut client, ind, &[("q", "0b1100000100000")]).await;
}

#[tokio::test(start_paused = true)]
async fn a_blocked_value_keeps_value_quality_and_time() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let ind = "LD0/GGIO2$ST$Ind2";
    enable(&mut client, "LD0/GGIO2$BL$Ind2$blkEna", true).await;
    let held = [("stVal", "false"), ("q", "0b1100000100001")];
    shows(&mut client, ind, &held).await;
    let time = client.show("LD0/GGIO2$ST$Ind2$t").await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    set(&sim, "LD0/GGIO2.Ind2.stVal[ST] true");
    set(&sim, "LD0/GGIO2.Ind2.q[ST] invalid");
    shows(&mut client, ind, &held).await;
    shows(&mut client, ind, &[("t", &time)]).await;
    // A substituted value goes over a blocked one, and is not old.
    enable(&mut client, "LD0/GGIO2$SV$Ind2$subVal", true).await;
    enable(&mut client, "LD0/GGIO2$SV$Ind2$subEna", true).await;
    shows(
        &mut client,
        ind,
        &[("stVal", "true"), ("q", "0b0000000000101")],
    )
    .await;
    enable(&mut client, "LD0/GGIO2$SV$Ind2$subEna", false).await;
    shows(&mut client, ind, &held).await;
    enable(&mut client, "LD0/GGIO2$BL$Ind2$blkEna", false).await;
    shows(
        &mut client,
        ind,
        &[("stVal", "true"), ("q", "0b0100000000000")],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn substitution_outlives_its_association_and_a_restart() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    enable(&mut client, "LD0/GGIO2$SV$Ind1$subVal", true).await;
    enable(&mut client, "LD0/GGIO2$SV$Ind1$subEna", true).await;
    client.abort().await;
    let ind = "LD0/GGIO2$ST$Ind1";
    let substituted = [("stVal", "true"), ("q", SUBSTITUTED)];
    let mut client = Client::connect(&sim).await;
    shows(&mut client, ind, &substituted).await;
    assert_eq!(sim.process().command("restart"), "ok");
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let mut client = Client::connect(&sim).await;
    shows(&mut client, ind, &substituted).await;
    enable(&mut client, "LD0/GGIO2$SV$Ind1$subEna", false).await;
    shows(&mut client, ind, &[("stVal", "false"), ("q", GOOD)]).await;
}
