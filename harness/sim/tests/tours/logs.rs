//! A tour through the log.

use std::time::Duration;

use iedassay_sim::{Sim, SimConfig};
use iedassay_wire::{
    ber::BitString,
    mms::{
        BinaryTime, Data, DefineNamedVariableListRequest, DeleteNamedVariableListRequest,
        EntryPosition, ListedVariable, ObjectName, RangeStart, RangeStop, ReadJournalRequest,
        Request, Response,
    },
};

use tokio::time::sleep;

use super::{LOCAL, Notes};
use crate::common::{Answer, Client, EPOCH, name, proposal};

struct Tour {
    notes: Notes,
    sim: Sim,
    client: Client,
}

impl Tour {
    async fn set(&mut self, attribute: &str, data: Data) {
        let item = format!("LD0/LLN0$LG$lcbStatus${attribute}");
        let result = self.client.write(&item, data).await;
        self.notes.note(attribute, result);
    }

    async fn enable(&mut self, on: bool) {
        self.set("LogEna", Data::Boolean(on)).await;
    }

    async fn triggers(&mut self, set: &[usize]) {
        let mut bits = BitString::zeros(6);
        set.iter().for_each(|at| bits.set(*at, true));
        self.set("TrgOps", Data::BitString(bits)).await;
    }

    async fn input(&mut self, input: u8, value: &str) {
        let line = format!("set ASSAYLD0/GGIO1.Ind{input}.{value}");
        assert_eq!(self.sim.process().command(&line), "ok");
        self.client.wait(Duration::from_secs(1)).await;
    }

    async fn status(&mut self) {
        let seen = self.client.read("LD0/LLN0$LG$lcbStatus").await;
        self.notes.note("block", seen.map(|data| data.to_string()));
    }

    /// The second block of the log, in another logical device.
    async fn second_block(&mut self) {
        let switch = "PROT/LLN0$LG$lcbProt$LogEna";
        let result = self.client.write(switch, Data::Boolean(true)).await;
        self.notes.note(switch, result);
        let line = "set ASSAYPROT/PTOC1.Op.general[ST] true";
        assert_eq!(self.sim.process().command(line), "ok");
        self.client.wait(Duration::from_secs(1)).await;
        self.query("EventLog", |_| {}).await;
        self.enable(false).await;
        let made: ObjectName = name("LD0/LLN0$made");
        let request = DefineNamedVariableListRequest {
            name: made.clone(),
            variables: vec![ListedVariable::new(name("LD0/GGIO1$ST$Ind1"), None)],
        };
        let defined = self
            .client
            .ask(Request::DefineNamedVariableList(request))
            .await;
        self.notes.note("defined", defined);
        self.set(
            "DatSet",
            Data::VisibleString("ASSAYLD0/LLN0$made".to_owned()),
        )
        .await;
        let request = DeleteNamedVariableListRequest::specific(vec![made]);
        let deleted = self
            .client
            .ask(Request::DeleteNamedVariableList(request))
            .await;
        self.notes.note("deleted", deleted);
        let seen = self.client.read("PROT/LLN0$LG$lcbProt").await;
        self.notes
            .note("other block", seen.map(|data| data.to_string()));
    }

    async fn query(
        &mut self,
        log: &str,
        change: impl FnOnce(&mut ReadJournalRequest),
    ) -> Vec<Vec<u8>> {
        let log: ObjectName = name(&format!("LD0/LLN0${log}"));
        let mut request = ReadJournalRequest::new(log);
        change(&mut request);
        let answer = self.client.ask(Request::ReadJournal(request)).await;
        self.notes.note("entries", &answer);
        match answer {
            Answer::Response(Response::ReadJournal(page)) => page
                .entries
                .into_iter()
                .map(|entry| entry.identifier)
                .collect(),
            _ => Vec::new(),
        }
    }
}

pub async fn logs(mut config: SimConfig) -> Vec<String> {
    config.log_capacity = 12;
    let fixed = super::where_fixed(&config, "LD0/LLN0$LG$lcbStatus$IntgPd").await;
    let sim = Sim::new(config);
    let mut small = proposal();
    small.mms.local_detail = Some(1000);
    let client = Client::connect_with(&sim, small, LOCAL).await.unwrap();
    let notes = Notes::default();
    let mut tour = Tour { notes, sim, client };
    tour.status().await;
    tour.input(1, "stVal[ST] true").await;
    tour.query("EventLog", |_| {}).await;
    tour.query("NoLog", |_| {}).await;
    tour.set("LogRef", Data::VisibleString("ASSAYLD0/LLN0$NoLog".into()))
        .await;
    tour.set(
        "LogRef",
        Data::VisibleString("ASSAYLD0/LLN0$EventLog".into()),
    )
    .await;
    tour.set("DatSet", Data::VisibleString(String::new())).await;
    tour.enable(true).await;
    tour.enable(false).await;
    tour.set(
        "DatSet",
        Data::VisibleString("ASSAYLD0/LLN0$dsStatus".into()),
    )
    .await;
    tour.set("NewEntr", Data::OctetString(vec![0; 8])).await;
    tour.triggers(&[1]).await;
    tour.enable(true).await;
    tour.set("IntgPd", Data::Unsigned(5)).await;
    tour.set(
        "LogRef",
        Data::VisibleString("ASSAYLD0/LLN0$EventLog".into()),
    )
    .await;
    tour.input(1, "q[ST] invalid").await;
    tour.input(1, "stVal[ST] false").await;
    tour.input(2, "stVal[ST] true").await;
    tour.input(3, "stVal[ST] true").await;
    tour.status().await;
    let all = tour.query("EventLog", |_| {}).await;
    let entry = all.first().cloned().unwrap_or_default();
    for entry in [entry, vec![9; 8]] {
        let time = BinaryTime::from_since_epoch(EPOCH);
        let position = EntryPosition { time, entry };
        tour.query("EventLog", |request| request.start_after = Some(position))
            .await;
    }
    let at = |seconds: u64| BinaryTime::from_since_epoch(EPOCH + Duration::from_secs(seconds));
    tour.query("EventLog", |request| {
        request.start = Some(RangeStart::Time(at(3)));
        request.stop = Some(RangeStop::Time(at(3)));
    })
    .await;
    tour.enable(false).await;
    tour.triggers(&[1, 4]).await;
    tour.set("IntgPd", Data::Unsigned(2000)).await;
    tour.enable(true).await;
    tour.client.wait(Duration::from_secs(5)).await;
    tour.enable(false).await;
    tour.status().await;
    tour.query("EventLog", |request| {
        request.start = Some(RangeStart::Time(at(5)))
    })
    .await;
    tour.enable(true).await;
    for round in 0..14 {
        let value = if round % 2 == 0 {
            "stVal[ST] true"
        } else {
            "stVal[ST] false"
        };
        tour.input(4, value).await;
    }
    tour.query("EventLog", |_| {}).await;
    tour.status().await;
    tour.second_block().await;
    tour.notes.note("fixed", fixed);
    assert_eq!(tour.sim.process().command("restart"), "ok");
    sleep(Duration::from_secs(5)).await;
    tour.client = Client::connect(&tour.sim).await;
    tour.status().await;
    tour.notes.0
}
