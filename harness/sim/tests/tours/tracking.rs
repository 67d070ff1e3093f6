//! A tour through service tracking.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::{
    ber::BitString,
    mms::{
        Data, DefineNamedVariableListRequest, DeleteNamedVariableListRequest, ListedVariable,
        Request, UtcTime,
    },
};

use super::Notes;
use crate::common::{Client, name};

const BLOCK: &str = "LD0/LLN0$RP$urcbFree01";

struct Tour {
    sim: Sim,
    client: Client,
    notes: Notes,
}

impl Tour {
    /// Writes, and notes what became of it, what the objects hold after it, and what was reported.
    async fn write(&mut self, item: &str, value: Data) {
        let result = self.client.write(item, value).await;
        self.notes.note(item, result);
        self.look().await;
    }

    async fn ask(&mut self, request: Request) {
        let answer = self.client.ask(request).await;
        self.notes.note("answer", format!("{answer:?}"));
        self.look().await;
    }

    async fn look(&mut self) {
        self.client.wait(Duration::from_millis(50)).await;
        for node in [
            "LD0/LTRK1$SR",
            "PROT/LTRK1$SR",
            "CTRL/LTRK1$SR",
            "MEAS/LTRK1$SR",
        ] {
            let seen = self.client.read(node).await;
            self.notes.note(node, seen.map(|data| data.to_string()));
        }
        let reports = self.client.reports();
        self.notes.note("reports", reports);
    }

    async fn control(&mut self, object: &str, verb: &str, value: bool) {
        let mut components = vec![
            Data::Boolean(value),
            Data::Structure(vec![Data::Integer(3), Data::OctetString(b"me".to_vec())]),
            Data::Unsigned(7),
            Data::UtcTime(UtcTime::default()),
            Data::Boolean(false),
        ];
        if verb != "Cancel" {
            components.push(Data::BitString(BitString::from_bits([true, false])));
        }
        let item = format!("CTRL/GGIO1$CO${object}${verb}");
        self.write(&item, Data::Structure(components)).await;
    }
}

fn define(data_set: &str, members: &[&str]) -> Request {
    Request::DefineNamedVariableList(DefineNamedVariableListRequest {
        name: name(data_set),
        variables: members
            .iter()
            .map(|member| ListedVariable::new(name(member), None))
            .collect(),
    })
}

fn delete(data_set: &str) -> Request {
    Request::DeleteNamedVariableList(DeleteNamedVariableListRequest::specific(vec![name(
        data_set,
    )]))
}

pub async fn tracking(config: SimConfig) -> Vec<String> {
    let sim = Sim::new(config);
    let client = Client::connect(&sim).await;
    let mut tour = Tour {
        sim,
        client,
        notes: Notes::default(),
    };
    tour.look().await;
    let own = "LD0/LLN0$tracks";
    let members = ["LD0/LTRK1$SR$UrcbTrk", "LD0/LTRK1$SR$GenTrk"];
    tour.ask(define(own, &members)).await;
    tour.ask(define("LD0/LLN0$other", &["LD0/Nothing$ST$Beh"]))
        .await;
    tour.ask(define("LD0/LLN0$more", &["LD0/LLN0$ST$Beh"]))
        .await;
    tour.ask(delete("LD0/LLN0$more")).await;
    tour.ask(delete("LD0/LLN0$dsStatus")).await;
    let text = Data::VisibleString(format!("ASSAY{own}"));
    for (attribute, value) in [
        ("DatSet", text),
        (
            "TrgOps",
            Data::BitString(BitString::from_bits([
                false, false, false, true, false, false,
            ])),
        ),
        ("RptEna", Data::Boolean(true)),
        ("IntgPd", Data::Unsigned(5)),
        ("GI", Data::Boolean(true)),
    ] {
        tour.write(&format!("{BLOCK}${attribute}"), value).await;
    }
    let buffered = "LD0/LLN0$BR$brcbStatus01";
    for (attribute, value) in [("BufTm", 250), ("BufTm", 250), ("ConfRev", 4)] {
        tour.write(&format!("{buffered}${attribute}"), Data::Unsigned(value))
            .await;
    }
    tour.write("LD0/LLN0$LG$lcbStatus$IntgPd", Data::Unsigned(1000))
        .await;
    for switch in [
        "LD0/LLN0$GO$gcbEvents$GoEna",
        "MEAS/LLN0$MS$msvMeas$SvEna",
        "MEAS/LLN0$US$usvMeas$SvEna",
    ] {
        tour.write(switch, Data::Boolean(false)).await;
    }
    let group = "PROT/LLN0$SP$SGCB";
    tour.write(&format!("{group}$ActSG"), Data::Unsigned(2))
        .await;
    tour.write(&format!("{group}$ActSG"), Data::Unsigned(9))
        .await;
    tour.write(&format!("{group}$EditSG"), Data::Unsigned(3))
        .await;
    tour.write("PROT/PTOC1$SE$OpDlTmms$setVal", Data::Integer(44))
        .await;
    tour.write(&format!("{group}$CnfEdit"), Data::Boolean(true))
        .await;
    tour.write("PROT/PTOC2$SP$OpDlTmms$setVal", Data::Integer(700))
        .await;
    tour.control("SPCSO1", "Oper", true).await;
    tour.control("SPCSO3", "Oper", true).await;
    tour.client.wait(Duration::from_secs(1)).await;
    tour.look().await;
    tour.control("SPCSO4", "Oper", true).await;
    tour.control("SPCSO4", "SBOw", true).await;
    tour.control("SPCSO4", "Cancel", true).await;
    let _ = tour.client.read("CTRL/GGIO1$CO$SPCSO2$SBO").await;
    tour.look().await;
    assert_eq!(
        tour.sim
            .process()
            .command("block ASSAYCTRL/GGIO1.DPCSO1 on"),
        "ok"
    );
    tour.control("DPCSO1", "Oper", true).await;
    tour.write(
        "LD0/LTRK1$SR$GenTrk$objRef",
        Data::VisibleString("mine".to_owned()),
    )
    .await;
    tour.notes.0
}
