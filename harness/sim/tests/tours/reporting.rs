//! A tour through the report control blocks.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::{ber::BitString, mms::Data};
use tokio::time::sleep;

use super::Notes;
use crate::common::{Client, proposal};

fn bits(len: usize, set: &[usize]) -> Data {
    let mut bits = BitString::zeros(len);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

const YES: Data = Data::Boolean(true);
const NO: Data = Data::Boolean(false);

struct Tour {
    notes: Notes,
    sim: Sim,
    client: Client,
    rcb: String,
}

impl Tour {
    async fn begin(config: &SimConfig, notes: Notes, rcb: &str) -> Self {
        let sim = Sim::new(config.clone());
        let client = Client::connect(&sim).await;
        Self {
            notes,
            sim,
            client,
            rcb: rcb.to_owned(),
        }
    }

    async fn write(&mut self, attribute: &str, data: Data) {
        let result = self
            .client
            .write(&format!("{}${attribute}", self.rcb), data)
            .await;
        self.notes.note(attribute, result);
    }

    async fn show(&mut self, attribute: &str) {
        let item = if attribute.is_empty() {
            self.rcb.clone()
        } else {
            format!("{}${attribute}", self.rcb)
        };
        let result = self.client.read(&item).await;
        self.notes.note(&item, result.map(|data| data.to_string()));
    }

    async fn wait(&mut self, millis: u64) {
        self.client.wait(Duration::from_millis(millis)).await;
        let reports = self.client.reports();
        self.notes.note("reports", reports);
    }

    fn set(&mut self, line: &str) {
        assert_eq!(
            self.sim.process().command(&format!("set ASSAY{line}")),
            "ok"
        );
    }
}

pub async fn reporting(config: SimConfig) -> Vec<String> {
    let mut notes = Notes::default();
    for part in [
        attributes, format, triggers, values, windows, integrity, life,
    ] {
        notes = Box::pin(part(&config, notes)).await;
    }
    let mut notes = segments(&config, notes).await;
    let item = format!("{URCB}$BufTm");
    notes.note("fixed", super::where_fixed(&config, &item).await);
    notes.0
}

type Part<'a> = core::pin::Pin<Box<dyn Future<Output = Notes> + 'a>>;

const URCB: &str = "LD0/LLN0$RP$urcbStatus01";

fn attributes(config: &SimConfig, notes: Notes) -> Part<'_> {
    Box::pin(async move {
        let mut tour = Tour::begin(config, notes, URCB).await;
        tour.show("").await;
        for other in [
            "LD0/LLN0$RP$urcbStatus02",
            "LD0/LLN0$RP$urcbAssigned01",
            "LD0/LLN0$RP$urcbNothing01",
        ] {
            tour.rcb = other.to_owned();
            tour.show("").await;
            tour.write("BufTm", Data::Unsigned(5)).await;
        }
        tour.rcb = URCB.to_owned();
        for (attribute, data) in [
            ("BufTm", Data::Unsigned(50)),
            ("IntgPd", Data::Unsigned(90_000)),
            ("IntgPd", Data::Unsigned(5000)),
            ("TrgOps", bits(6, &[0, 1])),
            ("OptFlds", bits(10, &[0, 1, 9])),
            ("ConfRev", Data::Unsigned(99)),
            ("SqNum", Data::Unsigned(9)),
            (
                "DatSet",
                Data::VisibleString("ASSAYLD0/LLN0$dsMixed".into()),
            ),
            (
                "DatSet",
                Data::VisibleString("ASSAYLD0/LLN0$dsNothing".into()),
            ),
            ("DatSet", Data::VisibleString(String::new())),
            ("RptEna", YES),
            ("GI", YES),
        ] {
            tour.write(attribute, data).await;
            tour.show("").await;
        }
        tour.wait(10).await;
        tour.notes
    })
}

fn format(config: &SimConfig, notes: Notes) -> Part<'_> {
    Box::pin(async move {
        let mut tour = Tour::begin(config, notes, URCB).await;
        for (rpt_id, opt_flds) in [
            ("own", &[1, 2, 3, 4, 5, 6, 7, 8][..]),
            ("", &[]),
            ("", &[9]),
        ] {
            tour.write("RptID", Data::VisibleString(rpt_id.into()))
                .await;
            tour.write("OptFlds", bits(10, opt_flds)).await;
            tour.write("RptEna", YES).await;
            tour.write("GI", YES).await;
            tour.show("GI").await;
            tour.set("LD0/GGIO1.Ind2.stVal[ST] true");
            tour.set("LD0/GGIO1.Ind2.stVal[ST] false");
            tour.wait(10).await;
            tour.write("RptEna", NO).await;
        }
        tour.notes
    })
}

fn triggers(config: &SimConfig, mut notes: Notes) -> Part<'_> {
    Box::pin(async move {
        for rcb in ["LD0/LLN0$RP$urcbMixed01", "LD0/LLN0$RP$urcbStatusLeaf01"] {
            let mut tour = Tour::begin(config, notes, rcb).await;
            tour.write("BufTm", Data::Unsigned(0)).await;
            for trigger in 1..=5 {
                tour.write("TrgOps", bits(6, &[trigger])).await;
                tour.write("RptEna", YES).await;
                tour.write("GI", YES).await;
                for line in [
                    "Ind7.stVal[ST] true",
                    "Ind7.q[ST] invalid",
                    "Ind5.stVal[ST] true",
                    "Ind5.q[ST] invalid",
                ] {
                    tour.set(&format!("LD0/GGIO1.{line}"));
                }
                let _ = tour
                    .sim
                    .process()
                    .command("update ASSAYLD0/GGIO1.IntIn1.stVal[ST]");
                for line in [
                    "Ind7.stVal[ST] false",
                    "Ind5.stVal[ST] false",
                    "Ind5.q[ST] good",
                    "Ind7.q[ST] good",
                ] {
                    tour.set(&format!("LD0/GGIO1.{line}"));
                }
                tour.wait(10).await;
                tour.write("RptEna", NO).await;
            }
            notes = tour.notes;
        }
        notes
    })
}

fn values(config: &SimConfig, notes: Notes) -> Part<'_> {
    Box::pin(async move {
        let mut tour = Tour::begin(config, notes, URCB).await;
        tour.write("RptEna", YES).await;
        tour.set("LD0/GGIO1.Ind1.stVal[ST] true");
        tour.wait(10).await;
        tour.set("LD0/LLN0.Mod.stVal[ST] test");
        tour.wait(10).await;
        tour.notes
    })
}

fn windows(config: &SimConfig, notes: Notes) -> Part<'_> {
    Box::pin(async move {
        let mut tour = Tour::begin(config, notes, URCB).await;
        tour.write("BufTm", Data::Unsigned(500)).await;
        tour.write("RptEna", YES).await;
        tour.set("LD0/GGIO1.Ind1.stVal[ST] true");
        tour.wait(100).await;
        tour.set("LD0/GGIO1.Ind2.stVal[ST] true");
        tour.wait(100).await;
        tour.set("LD0/GGIO1.Ind1.stVal[ST] false");
        tour.wait(100).await;
        tour.write("GI", YES).await;
        tour.wait(1000).await;
        tour.set("LD0/GGIO1.Ind3.stVal[ST] true");
        tour.wait(300).await;
        tour.set("LD0/GGIO1.Ind4.stVal[ST] true");
        tour.wait(1000).await;
        tour.write("Resv", YES).await;
        tour.set("LD0/GGIO1.Ind3.stVal[ST] false");
        tour.write("RptEna", NO).await;
        tour.wait(1000).await;
        tour.notes
    })
}

fn integrity(config: &SimConfig, notes: Notes) -> Part<'_> {
    Box::pin(async move {
        let mut tour = Tour::begin(config, notes, URCB).await;
        for period in [1000, 400, 0] {
            tour.write("IntgPd", Data::Unsigned(period)).await;
            tour.write("RptEna", YES).await;
            tour.set("LD0/GGIO1.Ind1.stVal[ST] true");
            tour.set("LD0/GGIO1.Ind1.stVal[ST] false");
            tour.wait(3001).await;
            tour.write("RptEna", NO).await;
        }
        tour.notes
    })
}

fn life(config: &SimConfig, notes: Notes) -> Part<'_> {
    Box::pin(async move {
        let mut tour = Tour::begin(config, notes, URCB).await;
        tour.write("Resv", YES).await;
        tour.show("Owner").await;
        tour.set("LD0/GGIO1.Ind1.stVal[ST] true");
        tour.wait(10).await;
        let mut other = Client::connect_from(&tour.sim, 2).await;
        tour.notes
            .note("stolen", other.write(&format!("{URCB}$RptEna"), YES).await);
        tour.write("RptEna", YES).await;
        tour.write("BufTm", Data::Unsigned(9)).await;
        tour.show("").await;
        for _ in 0..260 {
            tour.write("GI", YES).await;
        }
        tour.wait(10).await;
        tour.write("RptEna", NO).await;
        tour.write("RptEna", YES).await;
        tour.write("GI", YES).await;
        tour.wait(10).await;
        tour.write("RptEna", NO).await;
        tour.write("Resv", NO).await;
        tour.show("").await;
        tour.write("RptEna", YES).await;
        // The connection breaks without a word.
        tour.client = Client::connect(&tour.sim).await;
        sleep(Duration::from_millis(10)).await;
        tour.show("").await;
        tour.notes
    })
}

async fn segments(config: &SimConfig, mut notes: Notes) -> Notes {
    for (size, rcb) in [
        (600, "LD0/LLN0$RP$urcbLarge01"),
        (128, "MEAS/LLN0$RP$urcbMeas01"),
    ] {
        let sim = Sim::new(config.clone());
        let mut small = proposal();
        small.mms.local_detail = Some(size);
        let mut client = Client::connect_with(&sim, small, [127, 0, 0, 1].into())
            .await
            .ok()
            .unwrap();
        notes.note("enable", client.write(&format!("{rcb}$RptEna"), YES).await);
        notes.note("gi", client.write(&format!("{rcb}$GI"), YES).await);
        client.wait(Duration::from_millis(100)).await;
        notes.note("reports", client.reports());
    }
    notes
}
