//! Our client against every hostile server, in memory and on virtual time: it never hangs beyond its deadlines, never panics,
//! remembers a bounded amount, says what was wrong, and associates with a good server afterwards.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests may panic"
)]

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use allocation_counter::measure;
use iedassay_client::services::blocks::Writes;
use iedassay_client::services::command::Command;
use iedassay_client::services::control::Controller;
use iedassay_client::services::report::Report;
use iedassay_client::services::segments::Joiner;
use iedassay_client::{Client, ClientConfig, ConnectError, Subscription};
use iedassay_model::tree::ServerModel;
use iedassay_model::{BlockReference, DataSetReference, ObjectReference, scl};
use iedassay_sim::hostile::{Bears, Behaviour, Hostile, HostileConfig, Kind, Reaction, What};
use iedassay_sim::{CalledAddress, Sim, SimConfig};
use iedassay_wire::association::ReleaseWay;
use iedassay_wire::ber::BitString;
use iedassay_wire::mms::{Data, FileName, ObjectName};
use tokio::time::timeout;

/// How long a request waits.
const REQUEST: Duration = Duration::from_secs(10);
/// Requests in a row that one service may end with a timeout before it gives up.
const IN_A_ROW: u32 = 4;
/// No connection takes longer to be given up than its deadlines together.
const CONNECT: Duration = Duration::from_secs(16);
/// Nor does a release: Conclude, FINISH, and the last octets.
const RELEASE: Duration = Duration::from_secs(13);
/// Everything in the process may take so many octets at once: the IED, the server around it, and the client with two queues that
/// nobody empties, each of which is bounded.
const MEMORY: u64 = 160 << 20;
/// How long a session lasts at least.
const DWELL: Duration = Duration::from_secs(5);
const LD: &str = "ASSAYLD0";

/// What came of one thing that was asked.
type Asked = Result<(), String>;

/// What became of one behaviour.
#[derive(Debug, Default)]
struct Told {
    asked: BTreeMap<&'static str, Asked>,
    reaction: Option<Reaction>,
    deviated: bool,
}

fn sim() -> Sim {
    static MODEL: OnceLock<Arc<ServerModel>> = OnceLock::new();
    let model = MODEL.get_or_init(|| Arc::new(scl::builtin().unwrap().model));
    let mut config = SimConfig::new(Arc::clone(model), Duration::from_secs(1_700_000_000));
    config.address = CalledAddress::any();
    config
        .files
        .insert("COMTRADE/one.cfg".to_owned(), vec![7; 20_000]);
    Sim::new(config)
}

/// Everything a client does in a session, each within its time.
struct Session {
    told: Arc<Mutex<Told>>,
    client: Client,
}

impl Session {
    /// Does one thing; how long it may take is counted in requests that time out.
    async fn ask<T, E: std::fmt::Display>(
        &self,
        what: &'static str,
        requests: u32,
        answer: impl Future<Output = Result<T, E>>,
    ) -> Option<T> {
        let limit = REQUEST * requests + Duration::from_millis(100);
        let answer = timeout(limit, answer)
            .await
            .unwrap_or_else(|_| panic!("{what} takes longer than {limit:?}"));
        let (outcome, value) = match answer {
            Ok(value) => (Ok(()), Some(value)),
            Err(error) => (Err(error.to_string()), None),
        };
        self.told.lock().unwrap().asked.insert(what, outcome);
        value
    }

    async fn everything(&self) {
        let client = &self.client;
        let name = |item: &str| ObjectName::domain(LD, item);
        self.ask("identify", 1, client.identify()).await;
        self.ask("status", 1, client.status()).await;
        self.ask("domains", 1, client.domains()).await;
        self.ask("variables", 1, client.variables(LD)).await;
        self.ask("data sets", 1, client.data_sets(LD)).await;
        self.ask("type", 1, client.variable_type(name("LLN0")))
            .await;
        self.ask("read", 1, client.read(name("LLN0$ST$Mod$stVal")))
            .await;
        let both = vec![
            name("LLN0$ST$Mod").into(),
            name("GGIO1$ST$Ind1$stVal").into(),
        ];
        self.ask("read many", 1, client.read_many(both)).await;
        let data_set = DataSetReference::from_mms(LD, "LLN0$dsStatus").unwrap();
        self.ask("members", 1, client.data_set_directory(&data_set))
            .await;
        self.ask("data set", 1, client.read_data_set(&data_set))
            .await;
        self.reports().await;
        self.control().await;
        self.ask("files", 1, client.file_directory(None)).await;
        let file = FileName::new("COMTRADE/one.cfg");
        self.ask("file", 2, client.get_file(file, 1 << 20)).await;
        let log = client.read_log(name("LLN0$EventLog"), None, None);
        self.ask("log", 1, log).await;
        self.ask("browse", IN_A_ROW, client.browse()).await;
        // Everything before takes no time where it is answered: floods and trickles need some.
        tokio::time::sleep(DWELL).await;
        self.ask("read again", 1, client.read(name("LLN0$ST$Mod$stVal")))
            .await;
    }

    async fn reports(&self) {
        let block = BlockReference::from_mms(LD, "LLN0$RP$urcbStatus01").unwrap();
        let client = &self.client;
        self.ask("get block", 2, client.get_block(&block)).await;
        let attributes = vec![
            ("OptFlds".to_owned(), bits(10, &[1, 3, 5])),
            ("TrgOps".to_owned(), bits(6, &[1, 5])),
            ("RptEna".to_owned(), Data::Boolean(true)),
            ("GI".to_owned(), Data::Boolean(true)),
        ];
        let written = client.set_block(&block, attributes, Writes::OneByOne);
        self.ask("set block", 1, written).await;
    }

    /// A control that the block of nobody answers: what is said of other controls is no answer to it.
    async fn control(&self) {
        let object: ObjectReference = "ASSAYCTRL/GGIO1.SPCSO1".parse().unwrap();
        let mut controller = Controller::new(&self.client, &object).unwrap();
        let command = Command::new(Data::Boolean(true), 7, Duration::from_secs(1_700_000_000));
        let outcome = controller.operate(&command);
        let limit = REQUEST + Duration::from_millis(100);
        let outcome = timeout(limit, outcome).await.expect("operate hangs");
        assert_eq!(outcome.add_cause(), None, "of another control");
        let asked = outcome.result.map_err(|error| error.to_string());
        self.told.lock().unwrap().asked.insert("operate", asked);
    }
}

fn bits(len: usize, set: &[usize]) -> Data {
    let mut bits = BitString::zeros(len);
    set.iter().for_each(|at| bits.set(*at, true));
    Data::BitString(bits)
}

/// Takes reports apart and puts segments together; what does not fit is an error and no panic.
fn drain(mut subscription: Subscription) {
    let mut joiner = Joiner::default();
    while let Some(inbound) = subscription.try_next() {
        if let Ok(Some(view)) = inbound.information_report()
            && let Ok(report) = Report::parse(&view)
        {
            let _ = joiner.push(report);
        }
    }
}

async fn connect(stream: tokio::io::DuplexStream) -> Result<Client, ConnectError> {
    let config = ClientConfig {
        request_timeout: REQUEST,
        ..ClientConfig::default()
    };
    timeout(CONNECT, Client::connect(stream, config))
        .await
        .expect("connecting hangs")
}

async fn play(behaviour: Behaviour, seed: u64) -> Told {
    let told = Arc::new(Mutex::new(Told::default()));
    let sim = sim();
    let config = HostileConfig {
        seed,
        every: Duration::from_millis(5),
        burst: 16,
        ..HostileConfig::default()
    };
    let seen = told.clone();
    let hostile = Hostile::new(sim.clone(), config, move |event| match &event.what {
        What::Deviated => seen.lock().unwrap().deviated = true,
        What::Ended { reaction, .. } => seen.lock().unwrap().reaction = Some(*reaction),
        _ => {}
    });
    // Small, so that a server that does not read is felt.
    let (near, mut far) = tokio::io::duplex(4096);
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let server = tokio::spawn(async move {
        hostile.serve_stream(&mut far, peer, 1, behaviour).await;
    });
    match connect(near).await {
        Ok(client) => {
            told.lock().unwrap().asked.insert("connect", Ok(()));
            let subscription = client.subscribe();
            let everything = client.subscribe_to(iedassay_client::Interest::Everything);
            let session = Session {
                told: told.clone(),
                client,
            };
            session.everything().await;
            let way = ReleaseWay {
                conclude: true,
                session: true,
            };
            let released = session.client.release(way);
            let released = timeout(RELEASE, released).await.expect("release hangs");
            let released = released.map(drop).map_err(|error| error.to_string());
            told.lock().unwrap().asked.insert("release", released);
            let ended = session
                .client
                .disconnect(iedassay_client::Disconnect::Close);
            timeout(RELEASE, ended).await.expect("it does not end");
            drain(subscription);
            drain(everything);
        }
        Err(error) => {
            let error = Err(error.to_string());
            told.lock().unwrap().asked.insert("connect", error);
        }
    }
    let limit = Duration::from_secs(60);
    let served = timeout(limit, server).await;
    served
        .expect("the server has to notice that the client left")
        .unwrap();
    good_server_afterwards(&sim).await;
    Arc::try_unwrap(told).unwrap().into_inner().unwrap()
}

async fn good_server_afterwards(sim: &Sim) {
    let (near, far) = tokio::io::duplex(4096);
    tokio::spawn(sim.serve_stream(far));
    let client = connect(near).await.unwrap();
    client.identify().await.unwrap();
    let way = ReleaseWay {
        conclude: true,
        session: true,
    };
    client.release(way).await.unwrap();
}

/// Plays a behaviour and gives what came of it, and the most octets that were in use at once.
fn measured(behaviour: Behaviour, seed: u64) -> (Told, u64) {
    let mut result = None;
    let counted = measure(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        result = Some(runtime.block_on(play(behaviour, seed)));
    });
    (result.unwrap(), counted.bytes_max)
}

fn judge(behaviour: Behaviour, seed: u64) {
    let (told, memory) = measured(behaviour, seed);
    assert!(told.deviated, "{behaviour} did not come to it");
    assert_ne!(told.reaction, Some(Reaction::Hung), "{behaviour}");
    assert!(told.reaction.is_some(), "{behaviour}");
    assert!(memory < MEMORY, "{behaviour}: {memory} octets");
    let connected = told.asked["connect"].is_ok();
    let failed: Vec<_> = told
        .asked
        .iter()
        .filter(|(what, asked)| **what != "release" && asked.is_err())
        .collect();
    match behaviour.bears() {
        Bears::Served => assert!(failed.is_empty(), "{behaviour}: {failed:?}"),
        Bears::NoAssociation => assert!(!connected, "{behaviour}"),
        Bears::Error => assert!(connected && !failed.is_empty(), "{behaviour}: {failed:?}"),
        Bears::Any => {}
    }
    if behaviour == Behaviour::FloodsConcludes {
        let identify = told.asked["identify"].clone().unwrap_err();
        assert!(identify.contains("is over"), "concluded once: {identify}");
    }
}

macro_rules! by_kind {
    ($($test:ident $kind:ident;)*) => {$(
        #[test]
        fn $test() {
            let of_kind = |one: &&Behaviour| one.kind() == Kind::$kind;
            for behaviour in Behaviour::ALL.iter().filter(of_kind) {
                // What is drawn is drawn several times.
                let drawn = [Behaviour::AbsurdInitiate, Behaviour::OtherTypes, Behaviour::OddBlocks];
                let drawn = behaviour.kind() == Kind::Malformed || drawn.contains(behaviour);
                let seeds = if drawn && behaviour.bears() == Bears::Any { 4 } else { 1 };
                (0..seeds).for_each(|seed| judge(*behaviour, seed));
            }
        }
    )*};
}

by_kind! {
    bears_silent_servers Silent;
    bears_slow_servers Slow;
    bears_servers_that_go_away Ending;
    bears_floods Flooding;
    bears_what_does_not_end Endless;
    bears_lies Lying;
    bears_what_cannot_be_decoded Malformed;
}
