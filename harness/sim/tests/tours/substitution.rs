//! A tour through substitution and blocked update.

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::{
    ber::BitString,
    mms::{Data, Float},
};
use tokio::time::sleep;

use super::{LOCAL, Notes, seconds};
use crate::common::{Client, proposal};

const SEEN: [&str; 5] = [
    "LD0/GGIO2$ST$Ind1",
    "LD0/GGIO2$SV$Ind1",
    "LD0/GGIO2$ST$Ind2",
    "MEAS/MMXU1$MX$TotW",
    "MEAS/MMXU1$SV$TotW",
];

async fn look(notes: &mut Notes, client: &mut Client) {
    for item in SEEN {
        let seen = client.show(item).await;
        notes.note(item, seen);
    }
}

pub async fn substitution(config: SimConfig) -> Vec<String> {
    let mut notes = Notes::default();
    let sim = Sim::new(config);
    let mut client = Client::connect(&sim).await;
    for (attribute, value) in [
        (
            "TrgOps",
            Data::BitString(BitString::from_uint(0b01_0000, 6)),
        ),
        (
            "OptFlds",
            Data::BitString(BitString::from_uint(0b00_0100_0000, 10)),
        ),
        ("RptEna", Data::Boolean(true)),
    ] {
        let item = format!("LD0/LLN0$RP$urcbTwoNodes01${attribute}");
        client.write(&item, value).await.unwrap();
    }
    let flag = Data::Boolean;
    let number = |value| Data::FloatingPoint(Float::F32(value));
    let doubtful = || Data::BitString(BitString::from_uint(0b1_1000_0000_1000, 13));
    for (item, value) in [
        ("LD0/GGIO2$SV$Ind1$subVal", flag(true)),
        ("LD0/GGIO2$SV$Ind1$subQ", doubtful()),
        ("LD0/GGIO2$SV$Ind1$subID", Data::VisibleString("me".into())),
        ("LD0/GGIO2$SV$Ind1$subEna", flag(true)),
        ("MEAS/MMXU1$SV$TotW$subMag$f", number(7.0)),
        ("MEAS/MMXU1$SV$TotW$subEna", flag(true)),
        ("MEAS/MMXU1$SV$TotW$subMag$f", number(8.0)),
        ("LD0/GGIO2$BL$Ind2$blkEna", flag(true)),
    ] {
        notes.note(item, client.write(item, value).await);
        look(&mut notes, &mut client).await;
    }
    for line in [
        "set ASSAYLD0/GGIO2.Ind2.stVal[ST] true",
        "set ASSAYLD0/GGIO2.Ind2.q[ST] invalid",
        "set ASSAYMEAS/MMXU1.TotW.instMag.f[MX] 300",
    ] {
        assert_eq!(sim.process().command(line), "ok");
        look(&mut notes, &mut client).await;
    }
    for (item, value) in [
        ("LD0/GGIO2$SV$Ind1$subEna", flag(false)),
        ("LD0/GGIO2$SV$Ind1$subEna", flag(true)),
        ("MEAS/MMXU1$SV$TotW$subEna", flag(false)),
        ("LD0/GGIO2$BL$Ind2$blkEna", flag(false)),
    ] {
        notes.note(item, client.write(item, value).await);
        look(&mut notes, &mut client).await;
    }
    notes.note("reports", client.reports());
    client.abort().await;
    let mut client = Client::connect(&sim).await;
    look(&mut notes, &mut client).await;
    // Whatever the end of the association did to it, it is substituted now.
    for enabled in [false, true] {
        let item = "LD0/GGIO2$SV$Ind1$subEna";
        client.write(item, flag(enabled)).await.unwrap();
    }
    assert_eq!(sim.process().command("restart"), "ok");
    sleep(seconds(1)).await;
    let mut client = Client::connect_with(&sim, proposal(), LOCAL).await.unwrap();
    look(&mut notes, &mut client).await;
    notes.0
}
