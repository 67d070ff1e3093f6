//! A tour through the clock and its time servers.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use iedassay_sim::{Sim, SimConfig, TimeLink, TimeServersEnd};
use iedassay_wire::{
    ber::BitString,
    mms::{Data, ReadJournalRequest, Request},
    sntp::{Leap, Message, Mode, NtpTime},
};
use tokio::time::Instant;

use super::Notes;
use crate::common::{Client, EPOCH, name};

const AHEAD: Duration = Duration::from_secs(1000);

/// What is changed of a right answer of a server.
type Edit = fn(&mut Message, usize);

/// How the servers answer. None: not at all.
type Manner = Arc<Mutex<Option<Edit>>>;

/// Two servers that are [`AHEAD`].
async fn serve(mut end: TimeServersEnd, manner: Manner, requests: Arc<Mutex<Vec<String>>>) {
    let begun = Instant::now();
    while let Some((server, octets)) = end.requests.recv().await {
        let request = Message::decode(&octets).unwrap();
        requests
            .lock()
            .unwrap()
            .push(format!("{server} mode {}", request.mode.0));
        let Some(edit) = *manner.lock().unwrap() else {
            continue;
        };
        let shown = NtpTime::from_since_epoch(EPOCH + begun.elapsed() + AHEAD);
        let mut message = Message {
            version: request.version,
            mode: Mode::SERVER,
            stratum: 1,
            originate: request.transmit,
            receive: shown,
            transmit: shown,
            ..Message::default()
        };
        edit(&mut message, server);
        if message.stratum != u8::MAX && end.answers.send((server, message.encode())).await.is_err()
        {
            return;
        }
    }
}

pub async fn time(mut config: SimConfig) -> Vec<String> {
    config.time.servers = 2;
    config.time.poll = Duration::from_secs(2);
    config.time.not_synchronized_after = Duration::from_secs(5);
    let mut notes = Notes::default();
    let manners: [(&str, Edit); 10] = [
        ("originate", |m, _| m.originate = NtpTime(7)),
        ("mode", |m, _| m.mode = Mode::BROADCAST),
        ("version", |m, _| m.version = 6),
        ("not synchronised", |m, _| m.leap = Leap::Unsynchronized),
        ("kiss of death", |m, _| m.stratum = 0),
        ("no time", |m, _| m.transmit = NtpTime::NONE),
        ("leap second", |m, _| m.leap = Leap::Insert),
        ("era", |m, _| {
            let shown = NtpTime::from_since_epoch(Duration::from_secs(2_208_988_800));
            (m.receive, m.transmit) = (shown, shown);
        }),
        ("second only", |m, server| {
            if server == 0 {
                m.stratum = u8::MAX;
            }
        }),
        ("right", |_, _| {}),
    ];
    for (what, edit) in manners {
        let sim = Sim::new(config.clone());
        let (link, end) = TimeLink::pair();
        tokio::spawn(sim.follow_time(link));
        let manner: Manner = Arc::new(Mutex::new(Some(edit)));
        let requests = Arc::default();
        tokio::spawn(serve(end, Arc::clone(&manner), Arc::clone(&requests)));
        let mut client = Client::connect(&sim).await;
        let mut trg_ops = BitString::zeros(6);
        trg_ops.set(1, true);
        for (item, data) in [
            ("LD0/LLN0$LG$lcbStatus$TrgOps", Data::BitString(trg_ops)),
            ("LD0/LLN0$LG$lcbStatus$LogEna", Data::Boolean(true)),
            ("LD0/LLN0$RP$urcbStatus01$RptEna", Data::Boolean(true)),
        ] {
            notes.note(item, client.write(item, data).await);
        }
        for (at, value) in ["true", "false", "true"].into_iter().enumerate() {
            client.wait(Duration::from_secs(6)).await;
            let line = format!("set ASSAYLD0/GGIO1.Ind1.stVal {value}");
            assert_eq!(sim.process().command(&line), "ok");
            let t = sim.process().command("get ASSAYLD0/GGIO1.Ind1.t[ST]");
            let read = client.read("LD0/GGIO1$ST$Ind1$t").await;
            notes.note(what, (at, t, read.map(|data| data.to_string())));
            // Answered, then not, then again.
            *manner.lock().unwrap() = (at != 0).then_some(edit);
            notes.note("fingerprint", sim.fingerprint().get("clock"));
        }
        client.wait(Duration::from_secs(1)).await;
        notes.note("reports", client.reports());
        let request = ReadJournalRequest::new(name("LD0/LLN0$EventLog"));
        notes.note("log", client.ask(Request::ReadJournal(request)).await);
        notes.note("requests", &*requests.lock().unwrap());
    }
    notes.0
}
