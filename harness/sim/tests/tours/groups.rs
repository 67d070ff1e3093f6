//! A tour through the setting groups.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::mms::Data;

use super::{LOCAL, Notes};
use crate::common::{Client, proposal};

const SETTING: &str = "OpDlTmms$setVal";

struct Tour {
    notes: Notes,
    clients: Vec<Client>,
}

impl Tour {
    async fn set(&mut self, client: usize, attribute: &str, value: Data) {
        let item = format!("PROT/LLN0$SP$SGCB${attribute}");
        let result = self.clients[client].write(&item, value).await;
        self.notes.note(attribute, result);
        self.look().await;
    }

    async fn number(&mut self, client: usize, attribute: &str, value: u64) {
        self.set(client, attribute, Data::Unsigned(value)).await;
    }

    async fn confirm(&mut self, client: usize) {
        self.set(client, "CnfEdit", Data::Boolean(true)).await;
    }

    async fn edit(&mut self, client: usize, value: i64) {
        let item = format!("PROT/PTOC1$SE${SETTING}");
        let result = self.clients[client]
            .write(&item, Data::Integer(value))
            .await;
        self.notes.note("edit", result);
        self.look().await;
    }

    async fn look(&mut self) {
        for item in ["LLN0$SP$SGCB", "PTOC1$SG$OpDlTmms", "PTOC1$SE$OpDlTmms"] {
            let seen = self.clients[0].read(&format!("PROT/{item}")).await;
            self.notes.note(item, seen.map(|data| data.to_string()));
        }
    }
}

pub async fn groups(config: SimConfig) -> Vec<String> {
    let sim = Sim::new(config);
    let mut clients = Vec::new();
    for _ in 0..2 {
        clients.push(Client::connect_with(&sim, proposal(), LOCAL).await.unwrap());
    }
    let notes = Notes::default();
    let mut tour = Tour { notes, clients };
    tour.look().await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    for group in [2, 4, 1] {
        tour.number(0, "ActSG", group).await;
    }
    let direct = tour.clients[0]
        .write(&format!("PROT/PTOC1$SG${SETTING}"), Data::Integer(1))
        .await;
    tour.notes.note("active", direct);
    tour.edit(0, 5).await;
    tour.confirm(0).await;
    tour.number(0, "EditSG", 9).await;
    tour.number(0, "EditSG", 2).await;
    tour.edit(1, 6).await;
    tour.confirm(1).await;
    tour.number(1, "EditSG", 3).await;
    tour.number(1, "EditSG", 0).await;
    tour.number(0, "EditSG", 2).await;
    tour.edit(0, 222).await;
    tour.confirm(0).await;
    tour.number(0, "ActSG", 2).await;
    tour.number(0, "EditSG", 2).await;
    tour.edit(0, 223).await;
    tour.confirm(0).await;
    tour.number(0, "EditSG", 2).await;
    tour.edit(0, 224).await;
    tour.number(0, "EditSG", 0).await;
    tour.number(0, "EditSG", 1).await;
    tour.clients[0].wait(Duration::from_secs(40)).await;
    tour.look().await;
    tour.number(1, "EditSG", 1).await;
    if let Some(editor) = tour.clients.pop() {
        editor.abort().await;
    }
    tour.look().await;
    let _ = sim.process().command("restart");
    tokio::time::sleep(Duration::from_secs(1)).await;
    tour.clients[0] = Client::connect_with(&sim, proposal(), LOCAL).await.unwrap();
    tour.look().await;
    tour.notes.0
}
