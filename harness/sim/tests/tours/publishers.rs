//! A tour through the control blocks of GOOSE and of sampled values.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::mms::{
    Data, DefineNamedVariableListRequest, DeleteNamedVariableListRequest, ListedVariable, Request,
};
use tokio::time::sleep;

use super::{Notes, ask, read, write};
use crate::common::{Client, name};

const SET: &str = "LD0/LLN0$made";

/// A block with the names of its switch and its identifier.
struct Block {
    item: &'static str,
    switch: &'static str,
    id: &'static str,
}

const BLOCKS: [Block; 3] = [
    Block {
        item: "LD0/LLN0$GO$gcbFree",
        switch: "GoEna",
        id: "GoID",
    },
    Block {
        item: "MEAS/LLN0$MS$msvMeas",
        switch: "SvEna",
        id: "MsvID",
    },
    Block {
        item: "MEAS/LLN0$US$usvMeas",
        switch: "SvEna",
        id: "UsvID",
    },
];

struct Tour<'s> {
    notes: Notes,
    sim: &'s Sim,
    client: Client,
}

impl Tour<'_> {
    async fn set(&mut self, block: &Block, attribute: &str, data: Data) {
        let item = format!("{}${attribute}", block.item);
        let seen = write(&mut self.client, self.sim, &[(&item, data)]).await;
        self.notes.note(&item, seen);
    }

    async fn switch(&mut self, block: &Block, on: bool) {
        self.set(block, block.switch, Data::Boolean(on)).await;
    }

    async fn dat_set(&mut self, block: &Block, text: &str) {
        self.set(block, "DatSet", Data::VisibleString(text.into()))
            .await;
    }

    async fn look(&mut self, block: &Block) {
        let seen = read(&mut self.client, self.sim, &[block.item]).await;
        self.notes.note(block.item, seen);
    }

    async fn ask(&mut self, what: &str, request: Request) {
        let seen = ask(&mut self.client, self.sim, request).await;
        self.notes.note(what, seen);
    }

    async fn define(&mut self, members: Vec<&str>) {
        let variables = members
            .into_iter()
            .map(|member| ListedVariable::new(name(member), None))
            .collect();
        let name = name(SET);
        let request = DefineNamedVariableListRequest { name, variables };
        self.ask("define", Request::DefineNamedVariableList(request))
            .await;
    }

    async fn delete(&mut self) {
        let request = DeleteNamedVariableListRequest::specific(vec![name(SET)]);
        self.ask("delete", Request::DeleteNamedVariableList(request))
            .await;
    }

    async fn around(&mut self, block: &Block) {
        let text = |text: &str| Data::VisibleString(text.into());
        self.look(block).await;
        self.switch(block, true).await;
        self.switch(block, false).await;
        self.dat_set(block, "").await;
        self.switch(block, true).await;
        self.switch(block, false).await;
        self.dat_set(block, "ASSAYLD0/LLN0$nothing").await;
        self.look(block).await;
        self.define(vec!["MEAS/MMXU1$MX$PhV"; 50]).await;
        self.dat_set(block, "ASSAYLD0/LLN0$made").await;
        self.switch(block, true).await;
        self.look(block).await;
        self.delete().await;
        self.switch(block, false).await;
        self.dat_set(block, "ASSAYLD0/LLN0$dsStatus").await;
        self.delete().await;
        self.set(block, block.id, text("other")).await;
        self.set(block, "ConfRev", Data::Unsigned(7)).await;
        self.set(block, "DstAddress$APPID", Data::Unsigned(7)).await;
        self.set(block, "SmpRate", Data::Unsigned(256)).await;
        self.look(block).await;
        self.switch(block, true).await;
        self.set(block, block.id, text("another")).await;
        self.look(block).await;
        self.switch(block, true).await;
        // The association that has enabled it goes.
        let next = Client::connect(self.sim).await;
        core::mem::replace(&mut self.client, next).abort().await;
        sleep(Duration::from_secs(1)).await;
        self.look(block).await;
        self.switch(block, false).await;
        self.look(block).await;
    }
}

pub async fn publishers(config: SimConfig) -> Vec<String> {
    let sim = Sim::new(config);
    let mut tour = Tour {
        notes: Notes::default(),
        sim: &sim,
        client: Client::connect(&sim).await,
    };
    for block in &BLOCKS {
        tour.around(block).await;
    }
    let supervised = read(&mut tour.client, &sim, &["LD0/LGOS1$ST$St"]).await;
    tour.notes.note("supervision", supervised);
    let [_, _, unicast] = &BLOCKS;
    tour.set(unicast, "Resv", Data::Boolean(true)).await;
    let holder = core::mem::replace(&mut tour.client, Client::connect(&sim).await);
    tour.set(unicast, "SmpRate", Data::Unsigned(80)).await;
    drop(holder);
    tour.notes.0
}
