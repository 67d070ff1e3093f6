//! A client that comes and goes, and what it may rely on meanwhile.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use iedassay_client::services::blocks::Writes;
use iedassay_client::services::buffered::Resumed;
use iedassay_client::services::report::Report;
use iedassay_client::{Client, ClientConfig, Disconnect, Inbound, Subscription, tcp};
use iedassay_model::{BlockReference, scl};
use iedassay_sim::{CalledAddress, Sim, SimConfig};
use iedassay_wire::association::ReleaseWay;
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{Data, ObjectName};
use tokio::time::{Instant, timeout};

const LD: &str = "ASSAYLD0";
const BUFFERED: &str = "ASSAY/bufferedStatus";
/// How long anything may take that does not take long.
const PATIENCE: Duration = Duration::from_secs(30);
/// Changes at once, before anybody looks for the reports.
const BURST: u64 = 20;
/// SqNum of an unbuffered block counts to 255.
const UNBUFFERED_NUMBERS: u64 = 256;
/// Bits of OptFlds (IEC 61850-8-1): SqNum, reason for inclusion, BufOvfl, EntryID.
const SEQUENCE_NUMBER: usize = 1;
const REASON: usize = 3;
const BUFFER_OVERFLOW: usize = 6;
const ENTRY_ID: usize = 7;
/// Bit of TrgOps: data change.
const DATA_CHANGE: usize = 1;

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// One after the other.
    pub(crate) associations: u64,
    /// Requests in each.
    pub(crate) requests: u64,
    /// Changes while each stands: a report of the buffered and one of the unbuffered block each.
    pub(crate) connected: u64,
    /// Changes after the end of each, which the next one has to get.
    pub(crate) disconnected: u64,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) associations: u64,
    /// Answered requests.
    pub(crate) requests: u64,
    /// Changes made.
    pub(crate) changes: u64,
    /// Reports of the buffered block, of which some came again because the client had not taken them before it left.
    pub(crate) buffered: u64,
    pub(crate) again: u64,
    /// Reports of the unbuffered block.
    pub(crate) unbuffered: u64,
    /// Resident memory after each quarter of the associations, in kB.
    pub(crate) resident: [u64; 4],
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "soak: {} associations, {} requests, {} changes, {} buffered reports ({} of them again after a loss), {} unbuffered reports; resident memory after each quarter: {:?} kB",
            self.associations,
            self.requests,
            self.changes,
            self.buffered,
            self.again,
            self.unbuffered,
            self.resident
        )
    }
}

/// Plays the plan on loopback TCP. Panics when a report is lost or comes twice, or anything takes too long.
pub(crate) fn run(plan: Plan) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut config = SimConfig::new(
            Arc::new(scl::builtin().unwrap().model),
            Duration::from_secs(1_700_000_000),
        );
        config.address = CalledAddress::any();
        config.reports.buffer_entries = 2000;
        let sim = Sim::new(config);
        let listening = sim.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let mut soak = Soak {
            address: listening.local_addr(),
            sim,
            plan,
            told: Told::default(),
            value: false,
            last: None,
            seen: 0,
        };
        for number in 0..plan.associations {
            soak.association(number).await;
            let quarters = (number + 1) * 4 / plan.associations;
            if (number * 4) / plan.associations < quarters {
                let at = usize::try_from(quarters - 1).unwrap();
                soak.told.resident[at] = resident();
            }
        }
        soak.everything_was_delivered().await;
        soak.told
    })
}

struct Soak {
    sim: Sim,
    address: SocketAddr,
    plan: Plan,
    told: Told,
    /// Of the point that changes.
    value: bool,
    /// EntryID of the last buffered report that was taken.
    last: Option<Vec<u8>>,
    /// Changes that buffered reports told.
    seen: u64,
}

/// What one association sees.
struct Seen {
    client: Client,
    reports: Subscription,
    /// Reports of the unbuffered block, and the SqNum of the last.
    unbuffered: u64,
    number: Option<u64>,
}

impl Soak {
    async fn association(&mut self, number: u64) {
        let mut seen = self.connect().await;
        self.told.associations += 1;
        let asking = tokio::spawn(ask(seen.client.clone(), self.plan.requests));
        let mut made = 0;
        while made < self.plan.connected {
            let burst = BURST.min(self.plan.connected - made);
            self.change(burst).await;
            made += burst;
            self.take(&mut seen, Some(made)).await;
        }
        self.told.requests += asking.await.unwrap();
        // Reports are under way, and requests are out, when it ends.
        if number % 2 == 1 {
            self.change(BURST).await;
            tokio::spawn(ask(seen.client.clone(), 50));
            self.lose_one(&mut seen).await;
        }
        self.leave(seen, number).await;
        self.change(self.plan.disconnected).await;
    }

    async fn connect(&mut self) -> Seen {
        let stream = timeout(PATIENCE, tcp::connect(self.address, None)).await;
        let stream = stream.unwrap().unwrap();
        let client = Client::connect(stream, ClientConfig::default())
            .await
            .unwrap();
        let reports = client.subscribe();
        let unbuffered = BlockReference::from_mms(LD, "LLN0$RP$urcbStatus01").unwrap();
        let opt_flds = bits(10, &[SEQUENCE_NUMBER, REASON]);
        enable(&client, &unbuffered, opt_flds, true).await;
        let buffered = BlockReference::from_mms(LD, "LLN0$BR$brcbStatus01").unwrap();
        let opt_flds = bits(10, &[SEQUENCE_NUMBER, REASON, BUFFER_OVERFLOW, ENTRY_ID]);
        self.hold(&client, &buffered).await;
        if self.last.is_none() {
            enable(&client, &buffered, opt_flds, false).await;
        }
        let resumed = client.resynchronise(&buffered, self.last.as_deref()).await;
        let expected = match self.last {
            Some(_) => Resumed::AfterEntry,
            None => Resumed::FromOldest { refused: None },
        };
        assert_eq!(resumed.unwrap(), expected);
        Seen {
            client,
            reports,
            unbuffered: 0,
            number: None,
        }
    }

    /// Waits until the IED has noticed that the last association is gone: a block that was not given back is free only then.
    async fn hold(&self, client: &Client, block: &BlockReference) {
        let until = Instant::now() + PATIENCE;
        loop {
            let enabled = ObjectName::domain(LD, format!("{}$RptEna", "LLN0$BR$brcbStatus01"));
            let value = client.read(enabled).await.unwrap();
            if value == Data::Boolean(false) {
                return;
            }
            assert!(Instant::now() < until, "{} is never free", block.mms_text());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Turns the point over so often.
    async fn change(&mut self, times: u64) {
        for _ in 0..times {
            self.value = !self.value;
            let command = format!("set {LD}/GGIO1.Ind1.stVal[ST] {}", self.value);
            assert_eq!(self.sim.process().command(&command), "ok");
            self.told.changes += 1;
        }
        tokio::task::yield_now().await;
    }

    /// Takes reports until all changes were told, and so many of them by the unbuffered block.
    async fn take(&mut self, seen: &mut Seen, unbuffered: Option<u64>) {
        let until = Instant::now() + PATIENCE;
        while self.seen < self.told.changes || unbuffered.is_some_and(|due| seen.unbuffered < due) {
            let inbound = seen.reports.next_before(until).await;
            let inbound = inbound.unwrap_or_else(|| {
                panic!(
                    "{} of {} changes in buffered reports, {} in unbuffered ones",
                    self.seen, self.told.changes, seen.unbuffered
                )
            });
            let view = inbound.information_report().unwrap().unwrap();
            self.report(seen, Report::parse(&view).unwrap());
        }
        assert_eq!(seen.reports.dropped(), 0);
    }

    fn report(&mut self, seen: &mut Seen, report: Report) {
        if report.rpt_id != BUFFERED {
            self.told.unbuffered += 1;
            seen.unbuffered += 1;
            let number = report.sq_num.unwrap();
            if let Some(before) = seen.number.replace(number) {
                assert_eq!(number, (before + 1) % UNBUFFERED_NUMBERS, "a gap in SqNum");
            }
            return;
        }
        self.told.buffered += 1;
        assert_ne!(report.buf_ovfl, Some(true), "the buffer has overflowed");
        let entry = report.entry_id.unwrap();
        assert!(self.last.as_ref() < Some(&entry), "{entry:?} comes twice");
        self.last = Some(entry);
        self.seen += 1;
        // The first change turned it on, and each turns it over: one that is lost would leave two alike.
        let told = report
            .entries
            .iter()
            .find_map(|entry| value_of(entry.value.as_ref().ok()?));
        assert_eq!(told, Some(self.seen % 2 == 1), "change {}", self.seen);
    }

    /// Waits until a buffered report has come, and forgets it, as a client that falls before it has kept what it was told.
    async fn lose_one(&mut self, seen: &mut Seen) {
        let until = Instant::now() + PATIENCE;
        loop {
            let inbound = seen.reports.next_before(until).await.expect("no report");
            if is_buffered(&inbound) {
                self.told.again += 1;
                return;
            }
        }
    }

    async fn leave(&mut self, seen: Seen, number: u64) {
        let way = ReleaseWay {
            conclude: true,
            session: true,
        };
        let client = seen.client;
        let ended = async {
            match number % 4 {
                0 => drop(client.release(way).await.unwrap()),
                1 => drop(client.abort().await),
                2 => drop(client.disconnect(Disconnect::Close).await),
                _ => drop(client.disconnect(Disconnect::Reset).await),
            }
        };
        timeout(PATIENCE, ended).await.unwrap();
        // What came and was not taken is lost with this client: the next one gets it again.
        let mut reports = seen.reports;
        while let Some(inbound) = reports.try_next() {
            self.told.again += u64::from(is_buffered(&inbound));
        }
    }

    async fn everything_was_delivered(&mut self) {
        let mut seen = self.connect().await;
        self.take(&mut seen, None).await;
        assert_eq!(self.seen, self.told.changes);
        seen.client.abort().await;
        // Nobody is left behind in the IED either.
        let until = Instant::now() + PATIENCE;
        while self.sim.association_count() > 0 {
            assert!(Instant::now() < until, "an association is left");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

fn is_buffered(inbound: &Inbound) -> bool {
    let view = inbound.information_report().unwrap().unwrap();
    Report::parse(&view).unwrap().rpt_id == BUFFERED
}

/// Reads values, as many at once as was negotiated; how many were answered. What is out when the association ends is not.
async fn ask(client: Client, requests: u64) -> u64 {
    let lanes = u64::try_from(client.outstanding_limit()).unwrap();
    let tasks = (0..lanes).map(|lane| {
        let client = client.clone();
        let share = requests / lanes + u64::from(lane < requests % lanes);
        tokio::spawn(async move {
            let name = ObjectName::domain(LD, "GGIO1$ST$Ind2");
            let mut answered = 0;
            for _ in 0..share {
                match client.read(name.clone()).await {
                    Ok(_) => answered += 1,
                    Err(error) => {
                        assert!(client.ended().is_some(), "{error}");
                        break;
                    }
                }
            }
            answered
        })
    });
    let mut all = 0;
    for task in tasks.collect::<Vec<_>>() {
        all += task.await.unwrap();
    }
    all
}

async fn enable(client: &Client, block: &BlockReference, opt_flds: Data, on: bool) {
    let mut attributes = vec![
        ("OptFlds".to_owned(), opt_flds),
        ("TrgOps".to_owned(), bits(6, &[DATA_CHANGE])),
    ];
    if on {
        attributes.push(("RptEna".to_owned(), Data::Boolean(true)));
    }
    let written = client.set_block(block, attributes, Writes::OneByOne).await;
    for (name, result) in written.unwrap() {
        assert_eq!(result, Ok(()), "{name} of {}", block.mms_text());
    }
}

fn bits(len: usize, set: &[usize]) -> Data {
    let mut bits = BitString::zeros(len);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

/// The status of a single point: the value itself, or the first component of the object.
fn value_of(data: &Data) -> Option<bool> {
    match data {
        Data::Boolean(value) => Some(*value),
        Data::Structure(components) => value_of(components.first()?),
        _ => None,
    }
}

/// Resident memory of this process in kB, as Linux counts it; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0)
}
