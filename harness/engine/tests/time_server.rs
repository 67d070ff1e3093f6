//! The harness as the time server of a device.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Bench, EPOCH, TARGET, all_pass, cases, sim_with};
use iedassay_engine::connector::{
    Carrier, Connector, Datagram, Datagrams, TcpConnector, TimePlace,
};
use iedassay_reports::{CaseRecord, RunRecord, Verdict};
use iedassay_wire::sntp::{Leap, Message, Mode, NtpTime};
use tokio::time::{Instant, sleep};

const DEVICE: &str = "192.0.2.10";

fn target(allow: &str) -> String {
    TARGET.replace("robustness: true}", &format!("robustness: true{allow}}}"))
        + "time-server: {address: localhost, second: localhost, poll: 500ms, settle: 100ms}\n"
}

fn allowed() -> String {
    target(&format!(", time-server: [\"{DEVICE}\"]"))
}

/// A device that asks every half second from an address, and what it was answered.
struct Device {
    answers: Arc<Mutex<Vec<(usize, Message)>>>,
    /// After so many requests it asks no more.
    asks: usize,
    from: &'static str,
    request: fn(usize) -> Vec<u8>,
}

impl Device {
    fn new() -> Self {
        Self {
            answers: Arc::default(),
            asks: usize::MAX,
            from: DEVICE,
            request: |number| {
                let transmit = NtpTime((0xe000_0000 + number as u64) << 32);
                Message::request(4, transmit).encode()
            },
        }
    }

    async fn run(self, text: &str, target: &str) -> RunRecord {
        let mut bench = Bench::new(target);
        let peer = SocketAddr::new(self.from.parse().unwrap(), 123);
        bench.time = Some(Arc::new(move |number, mut carrier: Carrier| {
            let (answers, asks, request) = (Arc::clone(&self.answers), self.asks, self.request);
            tokio::spawn(async move {
                for asked in 0..asks {
                    let datagram = Datagram {
                        octets: request(asked),
                        peer,
                        at: Instant::now(),
                    };
                    if carrier.received.send(datagram).await.is_err() {
                        return;
                    }
                    sleep(Duration::from_millis(10)).await;
                    while let Ok((octets, to)) = carrier.to_send.try_recv() {
                        assert_eq!(to, peer);
                        let message = Message::decode(&octets).unwrap();
                        answers.lock().unwrap().push((number, message));
                    }
                    sleep(Duration::from_millis(490)).await;
                }
                // The socket stays open.
                std::future::pending::<()>().await;
            });
        }));
        let text = format!("  - id: test/case\n    title: t\n    steps:\n{text}");
        bench.run(cases(&text)).await.0
    }
}

fn case(record: &RunRecord) -> &CaseRecord {
    &record.cases[0]
}

#[tokio::test(start_paused = true)]
async fn answers_are_as_the_step_says_and_right_again_at_the_end() {
    let device = Device::new();
    let answers = Arc::clone(&device.answers);
    let record = device
        .run(
            "
      - time-server: {ahead: 30s, as: far}
      - assert: 'far.ahead == 30000'
      - expect-time-request: {within: 1s, as: r, check: ['r.mode == 3', 'r.version == 4', 'r.size == 48', 'r.answered', \"r.leap == 'none'\"]}
      - time-server: {server: first, silent: true}
      - time-server: {server: second, behind: 1s, leap: unsynchronized, stratum: 0, version: 2, mode: 5, originate: wrong, transmit: false}
      - expect-time-request: {server: first, within: 1s, check: ['!result.answered', \"result.server == 'first'\"]}
      - expect-time-request: {server: second, count: 2, within: 2s, check: ['result.answered']}
      - time-server: {shows: '2036-02-07T06:28:16Z'}
      - expect-time-request: {count: 2, within: 2s}
",
            &allowed(),
        )
        .await;
    all_pass(&record);
    let answers = answers.lock().unwrap();
    let ahead = |(_, message): &(usize, Message), at: Duration| {
        message.transmit.since_epoch().unwrap().as_secs_f64() - at.as_secs_f64()
    };
    let first = answers.first().unwrap();
    assert!((ahead(first, EPOCH) - 30.0).abs() < 0.1, "{first:?}");
    let wrong = answers
        .iter()
        .find(|(_, message)| message.leap == Leap::Unsynchronized)
        .unwrap();
    assert_eq!(wrong.0, 1);
    let message = wrong.1;
    assert_eq!(
        (message.stratum, message.version, message.mode),
        (0, 2, Mode::BROADCAST)
    );
    assert_eq!(message.transmit, NtpTime::NONE);
    // Those that the fake device sends have whole seconds above 0xe0000000.
    assert!(message.originate.0 >> 32 < 0xe000_0000);
    let in_2036 = answers.iter().filter(|(_, m)| m.transmit.0 >> 32 < 100);
    assert!(in_2036.count() > 0, "the second era begins with 0");
    let last = answers.last().unwrap();
    assert_eq!((last.1.leap, last.1.stratum), (Leap::None, 1));
    let since = Duration::from_secs(60);
    assert!(ahead(last, EPOCH).abs() < since.as_secs_f64(), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn a_device_that_asks_no_more_is_left_with_a_wrong_time_and_that_is_told() {
    let mut device = Device::new();
    device.asks = 1;
    let record = device
        .run(
            "
      - time-server: {ahead: 30s}
      - expect-time-request: {count: 2, within: 2s}
",
            &allowed(),
        )
        .await;
    assert_eq!(record.left_behind.len(), 1, "{:?}", record.left_behind);
    assert_eq!(record.left_behind[0].what, "the clock of the device");
    assert!(
        record.left_behind[0]
            .why
            .contains("has not asked for the time")
    );
}

#[tokio::test(start_paused = true)]
async fn who_is_not_named_is_not_answered() {
    let mut device = Device::new();
    device.from = "192.0.2.77";
    let answers = Arc::clone(&device.answers);
    let record = device
        .run(
            "
      - time-server: {ahead: 30s}
      - expect-time-request: {absent: true, within: 3s}
",
            &allowed(),
        )
        .await;
    all_pass(&record);
    assert!(answers.lock().unwrap().is_empty());
    let findings: Vec<&str> = case(&record)
        .findings
        .iter()
        .map(|f| f.text.as_str())
        .collect();
    assert_eq!(
        findings,
        [
            "192.0.2.77 asks for the time too; `allow.time-server` does not name it, and it was not answered"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_does_not_come_and_what_comes_fails() {
    let none = "
      - expect-time-request: {count: 20, within: 3s}
";
    let record = Device::new().run(none, &allowed()).await;
    // Nobody serves before the first `time-server`.
    let told = case(&record);
    assert_eq!(told.verdict, Verdict::Fail);
    assert_eq!(
        told.reason.as_deref(),
        Some(
            "expect-time-request: expected 20 requests to the time server, observed 0 within 3010 ms"
        )
    );
    let some = "
      - time-server: {}
      - expect-time-request: {absent: true, within: 3s}
";
    let record = Device::new().run(some, &allowed()).await;
    assert_eq!(case(&record).verdict, Verdict::Fail);
    // Not a whole message: it is told, and nobody answers it.
    let mut device = Device::new();
    device.request = |_| vec![0x23; 47];
    let short = "
      - time-server: {}
      - expect-time-request: {within: 3s, check: ['result.size == 47', '!result.answered', \"!('mode' in result)\"]}
";
    all_pass(&device.run(short, &allowed()).await);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_the_time_without_permission_or_place() {
    let steps = "
      - if: {when: 'size(target.allow) >= 0', then: [{time-server: {}}, {identify: {}}]}
";
    let record = Device::new().run(steps, &target("")).await;
    assert_eq!(
        (case(&record).verdict, case(&record).reason.as_deref()),
        (
            Verdict::Inconclusive,
            Some("time-server: the target does not allow `time-server`")
        )
    );
    let steps = "
      - time-server: {}
      - identify: {}
";
    let record = Device::new().run(steps, &target("")).await;
    assert_eq!(
        (case(&record).verdict, case(&record).reason.as_deref()),
        (
            Verdict::NotApplicable,
            Some("the target does not allow `time-server`")
        )
    );
    let nowhere = TARGET.replace("robustness: true}", "time-server: [192.0.2.10]}");
    let record = Device::new().run(steps, &nowhere).await;
    assert_eq!(
        (case(&record).verdict, case(&record).reason.as_deref()),
        (
            Verdict::NotApplicable,
            Some("the target does not say how to bring about `time-server`")
        )
    );
}

/// Both over real sockets: the simulated IED asks, the harness answers, and the clock moves and comes back.
#[tokio::test]
async fn a_clock_follows_over_udp() {
    let connector = TcpConnector::new("127.0.0.1:9", None);
    let any = TimePlace {
        number: 0,
        address: "127.0.0.1:0".to_owned(),
    };
    let free: Datagrams = connector.bind(&any).await.unwrap();
    let address = free.local;
    drop(free);
    let sim = sim_with(|config| {
        config.time.servers = 1;
        config.time.poll = Duration::from_millis(200);
    });
    let _following = sim.follow_time_servers(&[address]).await.unwrap();
    let mut bench = Bench::new(&format!(
        "{}time-server: {{address: '{address}', poll: 200ms, settle: 50ms}}\n",
        TARGET
            .replace("late: 10ms", "late: 300ms")
            .replace("robustness: true}", "time-server: [127.0.0.1]}")
    ));
    bench.sim = sim.clone();
    bench.udp = true;
    let text = "  - id: test/case
    title: t
    steps:
      - time-server: {ahead: 100s}
      - expect-time-request: {count: 2, within: 4s}
      - wait: 100ms
      - stimulate: {member: 'ASSAYLD0/GGIO1.Ind1.stVal[ST]', change: dchg, as: change}
      - read: {ref: 'ASSAYLD0/GGIO1.Ind1.t[ST]', as: t}
      - assert: ['near(t.value.ms, change.utc + 100000, 1000)', '!t.value.clockNotSynchronized']
";
    let (record, _) = bench.run(cases(text)).await;
    all_pass(&record);
    // The epochs of both are not the same instant.
    let off = sim.fingerprint().get("clock").map_or(0, |off| {
        off.trim_end_matches(" ms ahead").parse::<i64>().unwrap()
    });
    assert!(off.abs() < 20_000, "{off}");
}
