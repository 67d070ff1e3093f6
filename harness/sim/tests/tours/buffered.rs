//! A tour through the buffered report control blocks.

use std::time::Duration;

use iedassay_sim::{MemoryStore, ResyncPolicy, Sim, SimConfig};
use iedassay_wire::{
    ber::BitString,
    mms::{BinaryTime, Data, Request, VariableAccess, WriteRequest},
};
use tokio::time::sleep;

use super::{Notes, slow};
use crate::common::{Client, name, proposal};

const BRCB: &str = "LD0/LLN0$BR$brcbStatus01";
const YES: Data = Data::Boolean(true);
const NO: Data = Data::Boolean(false);

fn bits(len: usize, set: &[usize]) -> Data {
    let mut bits = BitString::zeros(len);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

fn text(text: &str) -> Data {
    Data::VisibleString(text.into())
}

struct Tour {
    notes: Notes,
    sim: Sim,
    client: Client,
    turn: u32,
}

impl Tour {
    async fn begin(config: &SimConfig) -> Self {
        Self::on(Sim::new(config.clone())).await
    }

    async fn on(sim: Sim) -> Self {
        let client = Client::connect(&sim).await;
        Self {
            notes: Notes::default(),
            sim,
            client,
            turn: 0,
        }
    }

    /// The same client on a new connection, when every reservation has run out.
    async fn goes_on(self) -> Self {
        let client = Client::connect_from(&self.sim, 1).await;
        sleep(Duration::from_secs(20)).await;
        Self { client, ..self }
    }

    async fn write(&mut self, attribute: &str, data: Data) {
        let item = format!("{BRCB}${attribute}");
        let result = self.client.write(&item, data).await;
        self.notes.note(attribute, result);
    }

    /// Several attributes in one request.
    async fn write_all(&mut self, attributes: &[(&str, Data)]) {
        let items = attributes
            .iter()
            .map(|(attribute, _)| name(&format!("{BRCB}${attribute}")));
        let request = WriteRequest {
            access: VariableAccess::names(items),
            data: attributes.iter().map(|(_, data)| data.clone()).collect(),
        };
        let answer = self.client.ask(Request::Write(request)).await;
        self.notes.note("all", answer);
    }

    async fn show(&mut self) {
        let result = self.client.read(BRCB).await;
        self.notes.note(BRCB, result.map(|data| data.to_string()));
    }

    /// Lets time pass and notes what comes; the EntryIDs of the reports.
    async fn wait(&mut self, millis: u64) -> Vec<Data> {
        self.client.wait(Duration::from_millis(millis)).await;
        let reports = self.client.reports();
        let ids = reports.iter().filter_map(|(_, fields)| {
            let id = fields.iter().find(|field| field.starts_with("0x"))?;
            let id = u64::from_str_radix(id.trim_start_matches("0x"), 16).ok()?;
            Some(Data::OctetString(id.to_be_bytes().to_vec()))
        });
        let ids = ids.collect();
        self.notes.note("reports", reports);
        ids
    }

    /// So many changes, each at a time of its own.
    async fn events(&mut self, count: u32) {
        for _ in 0..count {
            self.turn += 1;
            let value = self.turn % 2 == 1;
            let line = format!("set ASSAYLD0/GGIO1.Ind1.stVal[ST] {value}");
            assert_eq!(self.sim.process().command(&line), "ok");
            sleep(Duration::from_millis(7)).await;
        }
    }

    /// The connection breaks without a word, and another comes from this address.
    async fn again_from(&mut self, host: u8) {
        self.client = Client::connect_from(&self.sim, host).await;
        sleep(Duration::from_millis(10)).await;
    }
}

pub async fn buffered(config: SimConfig) -> Vec<String> {
    let mut notes = Vec::new();
    for part in PARTS {
        notes.extend(part(&config).await.0);
    }
    notes.extend(slow(config, true).await);
    notes
}

type Part<'a> = core::pin::Pin<Box<dyn Future<Output = Notes> + 'a>>;

const PARTS: [fn(&SimConfig) -> Part<'_>; 12] = [
    |config| Box::pin(waiting(config)),
    |config| Box::pin(resynchronisation(config)),
    |config| Box::pin(purges(config)),
    |config| Box::pin(windows(config)),
    |config| Box::pin(overflow(config)),
    |config| Box::pin(reservation(config)),
    |config| Box::pin(life(config)),
    |config| Box::pin(segments(config)),
    |config| Box::pin(restart(config)),
    |config| Box::pin(unfinished(config)),
    |config| Box::pin(assigned(config)),
    |config| Box::pin(reserved_first(config)),
];

/// Events before the first enable, between two, and over a loss.
async fn waiting(config: &SimConfig) -> Notes {
    let mut tour = Tour::begin(config).await;
    tour.show().await;
    tour.events(3).await;
    tour.show().await;
    tour.write("RptEna", YES).await;
    tour.wait(50).await;
    tour.events(1).await;
    tour.wait(50).await;
    tour.show().await;
    tour.write("RptEna", NO).await;
    tour.events(2).await;
    tour.wait(50).await;
    tour.show().await;
    tour.write("RptEna", YES).await;
    tour.wait(50).await;
    tour.again_from(1).await;
    tour.events(2).await;
    tour.write("RptEna", YES).await;
    tour.wait(50).await;
    tour.write("RptEna", NO).await;
    tour.events(2).await;
    // Before anything is sent of it.
    tour.write_all(&[("RptEna", YES), ("GI", YES), ("GI", YES)])
        .await;
    tour.wait(50).await;
    tour.write("RptEna", NO).await;
    // More than one delivery of a few.
    tour.events(50).await;
    tour.write("RptEna", YES).await;
    tour.wait(500).await;
    tour.notes
}

async fn resynchronisation(config: &SimConfig) -> Notes {
    let mut tour = Tour::begin(config).await;
    tour.write("RptEna", YES).await;
    tour.events(3).await;
    let ids = tour.wait(50).await;
    let first = ids.into_iter().next().unwrap_or(NO);
    for id in [
        first.clone(),
        Data::OctetString(vec![0; 8]),
        Data::OctetString(vec![0xee; 8]),
        Data::OctetString(vec![0; 3]),
    ] {
        tour.write("EntryID", id.clone()).await;
        tour.wait(50).await;
        tour.write("RptEna", NO).await;
        tour.write("EntryID", id).await;
        tour.show().await;
        tour.write("RptEna", YES).await;
        tour.wait(50).await;
    }
    tour.write("RptEna", NO).await;
    tour.write("PurgeBuf", YES).await;
    tour.events(2).await;
    tour.write("EntryID", first).await;
    tour.write("RptEna", YES).await;
    tour.wait(50).await;
    tour.notes
}

async fn purges(config: &SimConfig) -> Notes {
    let mut tour = Tour::begin(config).await;
    let time = BinaryTime::DateTime { millis: 1, days: 1 };
    for (attribute, data) in [
        ("PurgeBuf", YES),
        ("PurgeBuf", NO),
        ("RptID", text("other")),
        ("DatSet", text("ASSAYLD0/LLN0$dsMixed")),
        ("DatSet", text("ASSAYLD0/LLN0$dsStatus")),
        ("BufTm", Data::Unsigned(1)),
        ("TrgOps", bits(6, &[1, 2, 5])),
        ("IntgPd", Data::Unsigned(100_000)),
        ("IntgPd", Data::Unsigned(100_000)),
        ("OptFlds", bits(10, &[1, 2, 3, 6, 7])),
        ("ResvTms", Data::Integer(5)),
        ("TimeofEntry", Data::BinaryTime(time)),
    ] {
        tour.events(2).await;
        tour.write(attribute, data).await;
        tour.show().await;
        tour.write("RptEna", YES).await;
        tour.wait(50).await;
        tour.write("PurgeBuf", YES).await;
        tour.write("RptEna", NO).await;
    }
    tour.notes
}

/// BufTm, triggers and integrity of a block that is disabled.
async fn windows(config: &SimConfig) -> Notes {
    let mut tour = Tour::begin(config).await;
    tour.write("BufTm", Data::Unsigned(100)).await;
    for object in ["Ind1", "Ind2"] {
        let line = format!("set ASSAYLD0/GGIO1.{object}.stVal[ST] true");
        assert_eq!(tour.sim.process().command(&line), "ok");
        sleep(Duration::from_millis(20)).await;
    }
    tour.turn = 1;
    tour.wait(200).await;
    tour.write("RptEna", YES).await;
    tour.wait(50).await;
    tour.write("RptEna", NO).await;
    tour.events(1).await;
    tour.write("PurgeBuf", YES).await;
    tour.wait(200).await;
    tour.show().await;
    tour.write("BufTm", Data::Unsigned(0)).await;
    tour.write("TrgOps", bits(6, &[2, 4])).await;
    tour.write("IntgPd", Data::Unsigned(1000)).await;
    tour.events(1).await;
    tour.wait(2500).await;
    tour.write("RptEna", YES).await;
    tour.wait(50).await;
    tour.notes
}

async fn overflow(config: &SimConfig) -> Notes {
    let mut small = config.clone();
    small.reports.buffer_entries = 4;
    let mut tour = Tour::begin(&small).await;
    tour.events(7).await;
    for _ in 0..2 {
        tour.write("RptEna", YES).await;
        tour.events(1).await;
        tour.wait(50).await;
        tour.write("RptEna", NO).await;
    }
    small.reports.resync = ResyncPolicy::FromFirstUnsent;
    let mut first_unsent = Tour::begin(&small).await;
    for count in [2, 7, 1] {
        first_unsent.events(count).await;
        first_unsent.write("RptEna", YES).await;
        first_unsent.wait(50).await;
        first_unsent.write("RptEna", NO).await;
    }
    tour.notes.0.extend(first_unsent.notes.0);
    tour.notes
}

async fn reservation(config: &SimConfig) -> Notes {
    let mut tour = Tour::begin(config).await;
    tour.write("ResvTms", Data::Integer(-5)).await;
    tour.show().await;
    tour.write("ResvTms", Data::Integer(5)).await;
    tour.show().await;
    let mut other = Client::connect_from(&tour.sim, 2).await;
    let enable = format!("{BRCB}$RptEna");
    tour.notes.note("other", other.write(&enable, YES).await);
    tour.write("ResvTms", Data::Integer(0)).await;
    tour.show().await;
    tour.write("ResvTms", Data::Integer(5)).await;
    tour.write("RptEna", YES).await;
    tour.again_from(1).await;
    tour.show().await;
    tour.notes.note("held", other.write(&enable, YES).await);
    tour.write("RptEna", YES).await;
    tour.events(2).await;
    tour.again_from(1).await;
    tour.wait(6000).await;
    tour.show().await;
    tour.notes.note("free", other.write(&enable, YES).await);
    other.wait(Duration::from_millis(50)).await;
    tour.notes.note("reports", other.reports());
    drop(other);
    // Held for a time that nobody wrote.
    tour.wait(1000).await;
    tour.show().await;
    // Long held before the loss, and held again by the client that comes back.
    let mut tour = tour.goes_on().await;
    tour.write("ResvTms", Data::Integer(5)).await;
    tour.write("RptEna", YES).await;
    tour.wait(6000).await;
    tour.again_from(1).await;
    tour.wait(1000).await;
    tour.show().await;
    tour.write("RptEna", YES).await;
    tour.wait(6000).await;
    tour.show().await;
    tour.notes
}

/// Events that wait for BufTm when the block is enabled, disabled, and when its client is lost.
async fn unfinished(config: &SimConfig) -> Notes {
    let mut tour = Tour::begin(config).await;
    tour.write("BufTm", Data::Unsigned(500)).await;
    tour.events(1).await;
    tour.write("RptEna", YES).await;
    tour.wait(1000).await;
    tour.events(1).await;
    tour.write("RptEna", NO).await;
    tour.wait(1000).await;
    tour.write("RptEna", YES).await;
    tour.wait(50).await;
    tour.events(1).await;
    tour.again_from(1).await;
    tour.wait(1000).await;
    tour.write("RptEna", YES).await;
    tour.wait(50).await;
    tour.notes
}

/// A block that has to be reserved before it is written, as from Edition 2.1 on.
async fn reserved_first(config: &SimConfig) -> Notes {
    let mut strict = config.clone();
    strict.reports.implicit_reservation = Some(false);
    let mut tour = Tour::begin(&strict).await;
    tour.write("IntgPd", Data::Unsigned(100_000)).await;
    tour.write("RptEna", YES).await;
    tour.show().await;
    tour.write("ResvTms", Data::Integer(5)).await;
    tour.write("RptEna", YES).await;
    tour.show().await;
    tour.notes
}

/// A block that the configuration has assigned to a client.
async fn assigned(config: &SimConfig) -> Notes {
    const ASSIGNED: &str = "LD0/LLN0$BR$brcbAssigned01";
    let mut tour = Tour::begin(config).await;
    let read = async |tour: &mut Tour| {
        let item = format!("{ASSIGNED}$ResvTms");
        let value = tour.client.read(&item).await;
        tour.notes.note("assigned", value);
    };
    read(&mut tour).await;
    for (attribute, data) in [("ResvTms", Data::Integer(5)), ("RptEna", YES)] {
        let item = format!("{ASSIGNED}${attribute}");
        let result = tour.client.write(&item, data).await;
        tour.notes.note(attribute, result);
    }
    read(&mut tour).await;
    tour.again_from(1).await;
    read(&mut tour).await;
    tour.notes
}

async fn life(config: &SimConfig) -> Notes {
    let mut tour = Tour::begin(config).await;
    tour.write("RptEna", YES).await;
    for _ in 0..257 {
        tour.write("GI", YES).await;
    }
    tour.wait(50).await;
    tour.notes
}

async fn segments(config: &SimConfig) -> Notes {
    let mut tour = Tour::begin(config).await;
    let mut small = proposal();
    small.mms.local_detail = Some(220);
    let Ok(client) = Client::connect_with(&tour.sim, small, [127, 0, 0, 1].into()).await else {
        return tour.notes;
    };
    tour.client = client;
    tour.write("RptEna", YES).await;
    tour.write("GI", YES).await;
    tour.wait(50).await;
    tour.notes
}

async fn restart(config: &SimConfig) -> Notes {
    let place = Box::new(MemoryStore::default());
    let kept = Sim::with_persistence(config.clone(), place).unwrap();
    let mut all = Notes::default();
    for sim in [Sim::new(config.clone()), kept] {
        let mut tour = Tour::on(sim).await;
        tour.events(2).await;
        assert_eq!(tour.sim.process().command("restart"), "ok");
        sleep(Duration::from_secs(20)).await;
        tour.again_from(1).await;
        tour.events(1).await;
        tour.write("RptEna", YES).await;
        tour.wait(50).await;
        all.0.extend(tour.notes.0);
    }
    all
}
