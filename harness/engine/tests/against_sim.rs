//! The whole way: suites in, record out, against the simulated IED over pipes on virtual time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use iedassay_client::Anchor;
use iedassay_engine::cancel::CancelToken;
use iedassay_engine::connector::{ConnectFuture, Connection, Connector, Endpoint};
use iedassay_engine::diagnostic::Sources;
use iedassay_engine::event::Event;
use iedassay_engine::plan::PlanOptions;
use iedassay_engine::record_builder::RecordBuilder;
use iedassay_engine::runner::{RunEnd, RunInput, run};
use iedassay_engine::suite::load;
use iedassay_engine::target;
use iedassay_model::scl;
use iedassay_reports::{Options, RunRecord, Target, Tool, Verdict};
use iedassay_sim::{Sim, SimConfig};

const EPOCH: Duration = Duration::from_secs(1_700_000_000);

const TARGET: &str = r#"
target: simulated IED
address: localhost
source-addresses: [127.0.0.1, 127.0.0.2]
process-side: localhost
edition: "2"
timeouts: {connect: 2s, associate: 5s, request: 5s, release: 3s, case: 2min}
tolerances: {early: 0ms, late: 10ms, clock: 1s}
allow: {write-data: true, operate: ["*"], data-sets: true, cut-power: true, cut-network: true, exhaust-associations: true, robustness: true}
stimuli: {default: {line: process-side}, conditions: {test-not-ok: {line: process-side}}}
power: {line: process-side}
network: {line: process-side}
"#;

/// The target file of the simulated IED, with its statements.
const SIM_TARGET: &str = include_str!("../../../suites/targets/sim.yaml");

struct InProcess(Sim);

impl Connector for InProcess {
    fn connect<'a>(&'a self, endpoint: &'a Endpoint) -> ConnectFuture<'a> {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        match endpoint {
            Endpoint::Mms { source } => {
                let source = source.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
                tokio::spawn(self.0.serve_stream_from(theirs, source));
            }
            _ => {
                tokio::spawn(self.0.serve_process_stream(theirs));
            }
        }
        Box::pin(async move { Ok(Connection::in_process(Box::new(ours))) })
    }

    fn describe(&self) -> String {
        "simulated IED, in process".to_owned()
    }
}

struct OneFile(String);

impl load::Files for OneFile {
    fn text(&self, _: &str) -> Result<String, String> {
        Ok(self.0.clone())
    }
}

fn sim() -> Sim {
    let model = Arc::new(scl::builtin().unwrap().model);
    Sim::new(SimConfig::new(model, EPOCH))
}

async fn run_cases(cases: &str, with_scl: bool) -> (RunRecord, RunEnd) {
    let text = format!("suite: test/suite\ntitle: Test\nblock: [\"1\"]\ncases:\n{cases}");
    let loaded = load::load(&["test.yaml".to_owned()], &OneFile(text));
    let errors: Vec<String> = loaded
        .diagnostics
        .iter()
        .filter(|d| d.is_error())
        .map(|d| d.plain(&loaded.library.sources))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    run_library(Arc::new(loaded.library), TARGET, with_scl).await
}

async fn run_library(
    library: Arc<iedassay_engine::suite::Library>,
    target: &str,
    with_scl: bool,
) -> (RunRecord, RunEnd) {
    let mut sources = Sources::new();
    let file = sources.add("target.yaml", target.to_owned());
    let target = target::load::load(&sources, file).unwrap().0;
    let model = with_scl.then(|| Arc::new(scl::builtin().unwrap().model));
    let builder = Arc::new(Mutex::new(RecordBuilder::new()));
    let sink = {
        let builder = Arc::clone(&builder);
        move |event: &Event| builder.lock().unwrap().apply(event)
    };
    let input = RunInput {
        library,
        target: Arc::new(target),
        model,
        plan: PlanOptions::default(),
        connector: Arc::new(InProcess(sim())),
        anchor: Anchor::now(SystemTime::UNIX_EPOCH + EPOCH),
        cancel: CancelToken::never(),
        operator: None,
        evidence: None,
        tool: Tool {
            name: "iedassay".into(),
            version: "0".into(),
        },
        target_record: Target {
            name: "sim".into(),
            ..Target::default()
        },
        options: Options::default(),
        capabilities: Vec::new(),
    };
    let end = run(input, Box::new(sink)).await;
    let record = builder.lock().unwrap().record().cloned().unwrap();
    (record, end)
}

/// Every case passes; otherwise the test says which do not, and why.
fn all_pass(record: &RunRecord) {
    let bad: Vec<String> = record
        .cases
        .iter()
        .filter(|case| case.verdict != Verdict::Pass)
        .map(|case| {
            format!(
                "{}: {} because {}",
                case.key(),
                case.verdict,
                case.reason.as_deref().unwrap_or("?")
            )
        })
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert!(!record.cases.is_empty());
    assert!(record.left_behind.is_empty(), "{:?}", record.left_behind);
}

#[tokio::test(start_paused = true)]
async fn associates_identifies_and_releases() {
    let (record, end) = run_cases(
        "  - id: test/trivial
    title: The server says who it is
    associate: manual
    steps:
      - associate: {as: a, check: ['a.pduSize > 0', 'a.tries == 1']}
      - identify: {as: who, check: ['who.vendor != \"\"']}
      - release: {as: r, check: ['r.conclude']}
",
        true,
    )
    .await;
    assert_eq!(end, RunEnd::Completed);
    all_pass(&record);
    assert_eq!(record.cases[0].steps.len(), 3);
    assert!(record.target.vendor.is_some());
}

#[tokio::test(start_paused = true)]
async fn works_without_a_description_too() {
    let (record, end) = run_cases(
        "  - id: test/browsed
    title: A browsed model can be read
    for-each: {rcb: 'model.rcbs'}
    steps:
      - get-rcb: {rcb: $rcb, as: b, check: ['b.fits', '!b.rptEna']}
",
        false,
    )
    .await;
    assert_eq!(end, RunEnd::Completed);
    all_pass(&record);
    assert!(record.cases.len() > 3);
}

#[tokio::test(start_paused = true)]
async fn a_change_becomes_a_report_with_its_value_reason_and_time() {
    let (record, _) = run_cases(
        "  - id: test/report
    title: A change is reported
    for-each: {rcb: \"model.rcbs.filter(r, r.members.exists(m, m.fc == 'ST' && can(m, 'dchg')))\"}
    steps:
      - set-rcb: {rcb: $rcb, trg-ops: [dchg], opt-flds: [seq-num, reason-code, data-ref], buf-tm: 500ms, enable: true, as: on}
      - stimulate: {member: $rcb.statusMember, change: dchg, as: s}
      - expect-report:
          from: $rcb
          within: {after: s, min: 500ms, max: 510ms}
          as: r
          members: [$s.member]
          reason: dchg
          check: ['r.value(s.member) == s.value', 'r.sqNum == 0', 'r.allFit']
      - quiet-for: {from: $rcb, time: 2s}
",
        true,
    )
    .await;
    all_pass(&record);
    assert!(
        record
            .cases
            .iter()
            .all(|case| case.demanded_wait_ms >= 2_500.0)
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_case_changes_is_put_back() {
    let (record, _) = run_cases(
        "  - id: test/changes
    title: Changes a lot
    for-each: {rcb: \"model.rcbs.filter(r, r.datSet != '')\"}
    steps:
      - set-rcb: {rcb: $rcb, trg-ops: [gi, integrity], intg-pd: 7s, enable: true}
      - assert: 'true'
  - id: test/is-as-before
    title: Finds all blocks as configured
    for-each: {rcb: 'model.rcbs'}
    steps:
      - get-rcb: {rcb: $rcb, as: b, check: ['!b.rptEna', 'b.intgPd == rcb.intgPd', \"b.trgOps == rcb.trgOps\"]}
",
        true,
    )
    .await;
    all_pass(&record);
}

#[tokio::test(start_paused = true)]
#[ignore = "the selftest of the command line does this; here it is for work on the runner"]
async fn no_embedded_case_fails_on_the_reference() {
    let loaded = load::load_embedded();
    assert!(!loaded.has_errors());
    let (record, end) = run_library(Arc::new(loaded.library), SIM_TARGET, true).await;
    assert_eq!(end, RunEnd::Completed);
    if let Ok(path) = std::env::var("IEDASSAY_TEST_RECORD") {
        std::fs::write(path, serde_json::to_string(&record).unwrap()).unwrap();
    }
    let bad: Vec<String> = record
        .cases
        .iter()
        .filter(|case| !matches!(case.verdict, Verdict::Pass | Verdict::NotApplicable))
        .map(|case| {
            format!(
                "{}: {} because {}",
                case.key(),
                case.verdict,
                case.reason.as_deref().unwrap_or("?")
            )
        })
        .collect();
    assert!(
        bad.is_empty(),
        "{} of {}\n{}",
        bad.len(),
        record.cases.len(),
        bad.join("\n")
    );
}
