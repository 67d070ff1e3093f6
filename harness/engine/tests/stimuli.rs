//! Every way in which a target can make something happen, through a whole case, and what comes of a way that fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use common::{Bench, HttpServer, all_pass, cases, sim};
use iedassay_engine::runner::Operator;
use iedassay_reports::{CaseRecord, Verdict};
use iedassay_sim::Sim;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const HEAD: &str = "target: t
address: localhost
process-side: localhost
timeouts: {stimulus: 2s, operator: 60s}
tolerances: {early: 0ms, late: 10ms}
allow: {write-data: true, substitute: [\"*\"], operate: [\"*\"], cut-power: true, cut-network: true}
";

/// A member is changed, and a report tells it.
const REPORTED: &str = "  - id: test/reported
    title: A change is reported
    for-each: {rcb: \"model.urcbs.filter(r, r.ref.contains('urcbStatus0') && can(r.statusMember, 'dchg')).first(1)\"}
    steps:
      - set-rcb: {rcb: $rcb, trg-ops: [dchg], opt-flds: [reason-code], buf-tm: 0ms, enable: true}
      - stimulate: {member: $rcb.statusMember, change: dchg, as: s}
      - expect-report: {from: $rcb, within: 1s, members: [$s.member], reason: dchg, as: r, check: ['r.value(s.member) == s.value', 's.value != s.before']}
";

fn stimuli(text: &str) -> String {
    format!("{HEAD}stimuli: {text}\n")
}

/// A member that a case changes and then reads.
fn changed(member: &str, setup: &str) -> String {
    format!(
        "  - id: test/changed
    title: A change is seen
    setup: [{setup}]
    steps:
      - stimulate: {{member: '{member}', change: dchg, as: s}}
      - repeat: {{until: 'st.value == s.value', every: 50ms, within: 3s, steps: [{{read: {{ref: $s.ref, as: st}}}}]}}
      - assert: 's.value != s.before'
"
    )
}

async fn judge(bench: Bench, text: &str) -> CaseRecord {
    let (record, _) = bench.run(cases(text)).await;
    assert_eq!(record.cases.len(), 1);
    record.cases.into_iter().next().unwrap()
}

/// The case is inconclusive, and its reason holds these words.
fn inconclusive(case: &CaseRecord, words: &str) {
    let reason = case.reason.as_deref().unwrap_or_default();
    assert_eq!(case.verdict, Verdict::Inconclusive, "{reason}");
    assert!(reason.contains(words), "{reason}");
}

// ---- line, exec

#[tokio::test(start_paused = true)]
async fn a_line_command_changes_a_member() {
    let bench = Bench::new(&stimuli("{default: {line: process-side}}"));
    all_pass(&bench.run(cases(REPORTED)).await.0);
}

#[tokio::test(start_paused = true)]
async fn a_refused_line_command_is_inconclusive() {
    let text = "  - id: test/refused
    title: A value out of range
    steps: [{stimulate: {member: 'ASSAYLD0/LLN0.Beh.stVal[ST]', change: dchg, value: 77}}, {identify: {}}]
";
    let bench = Bench::new(&stimuli("{default: {line: process-side}}"));
    let case = judge(bench, text).await;
    inconclusive(
        &case,
        "the process side refused `set ASSAYLD0/LLN0.Beh.stVal[ST] 77`",
    );
}

/// In real time: a program cannot be hurried by a paused clock.
#[tokio::test]
async fn a_program_changes_a_member() {
    let sim = sim();
    let any = "127.0.0.1:0".parse().unwrap();
    let process = sim.listen_process(any).await.unwrap();
    let port = process.local_addr().port();
    let script = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{port}; echo \"set $0 $1\" >&3; read -r answer <&3; [ \"$answer\" = ok ]"
    );
    let target = stimuli(&format!(
        "{{default: {{exec: [bash, -c, '{script}', '{{ref}}', '{{value}}'], settle: 10ms}}}}"
    ));
    let mut bench = Bench::new(&target);
    bench.sim = sim;
    all_pass(&bench.run(cases(REPORTED)).await.0);
}

#[tokio::test]
async fn a_program_that_fails_is_inconclusive() {
    let target = stimuli("{default: {exec: [sh, -c, 'echo relay jammed >&2; exit 3']}}");
    let case = judge(Bench::new(&target), REPORTED).await;
    inconclusive(&case, "exit status: 3: relay jammed");
}

// ---- write, control

#[tokio::test(start_paused = true)]
async fn an_mms_write_to_another_object_changes_a_member() {
    // A substituted value: what is written shows as the status.
    let target = stimuli(
        "{members: [{match: 'ASSAYLD0/GGIO2.Ind1.stVal[ST]', write: 'ASSAYLD0/GGIO2.Ind1.subVal[SV]'}]}",
    );
    let text = changed(
        "ASSAYLD0/GGIO2.Ind1[ST]",
        "{write: {ref: 'ASSAYLD0/GGIO2.Ind1.subEna[SV]', value: true}}",
    );
    all_pass(&Bench::new(&target).run(cases(&text)).await.0);
}

#[tokio::test(start_paused = true)]
async fn a_refused_write_is_inconclusive_with_its_error() {
    let target = stimuli("{default: {write: '{ref}'}}");
    let case = judge(Bench::new(&target), REPORTED).await;
    inconclusive(&case, "object-access-denied");
    inconclusive(
        &case,
        "the write to ASSAYLD0/GGIO1$ST$Ind1$stVal was answered with",
    );
}

#[tokio::test(start_paused = true)]
async fn a_control_of_every_model_changes_its_status() {
    for (number, model) in [(1, 1), (2, 2), (3, 3), (4, 4)] {
        let object = format!("ASSAYCTRL/GGIO1.SPCSO{number}");
        let target = stimuli(&format!("{{default: {{control: {object}}}}}"));
        let text = changed(
            &format!("{object}[ST]"),
            &format!(
                "{{read: {{ref: '{object}.ctlModel[CF]', check: ['result.value == {model}']}}}}"
            ),
        );
        all_pass(&Bench::new(&target).run(cases(&text)).await.0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_control_that_is_not_allowed_or_not_obeyed_is_inconclusive() {
    let object = "ASSAYCTRL/GGIO1.SPCSO1";
    let with = format!("{{default: {{control: {object}}}}}");
    let text = changed(&format!("{object}[ST]"), "{identify: {}}");
    let target = stimuli(&with).replace("operate: [\"*\"]", "operate: [ASSAYCTRL/GGIO1.SPCSO2]");
    inconclusive(&judge(Bench::new(&target), &text).await, "allow");
    let bench = Bench::new(&stimuli(&with));
    assert_eq!(
        bench.sim.process().command(&format!("block {object} on")),
        "ok"
    );
    inconclusive(&judge(bench, &text).await, "could not be operated");
}

// ---- prompt

struct Scripted<F>(F);

impl<F: Fn(&str) -> Option<String> + Send + Sync> Operator for Scripted<F> {
    fn ask<'a>(
        &'a self,
        text: &'a str,
    ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>> {
        let answer = (self.0)(text);
        Box::pin(async move { answer })
    }
}

/// Never answers.
struct Asleep;

impl Operator for Asleep {
    fn ask<'a>(&'a self, _: &'a str) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>> {
        Box::pin(std::future::pending())
    }
}

const PROMPT: &str = "{default: {prompt: 'set {ref} {value}'}, operator: true}";

/// A person who does at the process side what the text says.
fn obedient(sim: &Sim) -> Arc<dyn Operator> {
    let process = sim.process();
    Arc::new(Scripted(move |text: &str| {
        assert_eq!(process.command(text), "ok");
        Some(String::new())
    }))
}

#[tokio::test(start_paused = true)]
async fn a_person_changes_a_member() {
    let mut bench = Bench::new(&stimuli(PROMPT));
    bench.operator = Some(obedient(&bench.sim));
    all_pass(&bench.run(cases(REPORTED)).await.0);
}

#[tokio::test(start_paused = true)]
async fn a_person_who_cannot_or_does_not_answer_is_inconclusive() {
    let answers: [(Arc<dyn Operator>, &str); 3] = [
        (
            Arc::new(Scripted(|_: &str| Some("the fuse is blown".to_owned()))),
            "says: the fuse is blown",
        ),
        (Arc::new(Scripted(|_: &str| None)), "gave no answer"),
        (Arc::new(Asleep), "did not answer in time"),
    ];
    for (operator, words) in answers {
        let mut bench = Bench::new(&stimuli(PROMPT));
        bench.operator = Some(operator);
        inconclusive(&judge(bench, REPORTED).await, words);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_person_prompts_make_cases_not_applicable() {
    let asks = "  - id: test/asks
    title: Asks by itself
    steps: [{stimulate: {member: 'ASSAYLD0/GGIO1.Ind1[ST]', change: dchg}}, {identify: {}}]
";
    let cuts = "  - id: test/cuts
    title: Cuts the supply
    steps: [{power-cycle: {}}, {identify: {expect: any}}]
";
    let target = format!(
        "{}power: {{prompt: 'switch {{action}}'}}\n",
        stimuli(PROMPT)
    );
    for (text, words) in [
        (REPORTED, "takes a person, and nobody is there to ask"),
        (asks, "`dchg` takes a person, and nobody is there to ask"),
        (cuts, "`power` takes a person, and nobody is there to ask"),
    ] {
        let case = judge(Bench::new(&target), text).await;
        let reason = case.reason.as_deref().unwrap_or_default();
        assert_eq!(case.verdict, Verdict::NotApplicable, "{reason}");
        assert!(reason.contains(words), "{reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_way_is_taken_when_nobody_is_there_to_ask() {
    let target = stimuli(
        "{members: [{match: '*', prompt: 'set {ref} {value}'}], default: {line: process-side}, operator: true}",
    );
    all_pass(&Bench::new(&target).run(cases(REPORTED)).await.0);
}

#[tokio::test(start_paused = true)]
async fn a_person_switches_the_supply() {
    let target = format!(
        "{HEAD}stimuli: {{operator: true}}\npower: {{prompt: '{{action}}', off-for: 3s}}\n"
    );
    let text = "  - id: test/power
    title: The association ends with the supply, and comes back
    steps:
      - power-cycle: {}
      - expect-closed: {within: 1s}
      - associate: {client: again, within: 10s, retry-every: 200ms}
      - identify: {client: again}
";
    let mut bench = Bench::new(&target);
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (process, heard) = (bench.sim.process(), Arc::clone(&asked));
    bench.operator = Some(Arc::new(Scripted(move |text: &str| {
        heard.lock().unwrap().push(text.to_owned());
        if text == "off" {
            assert_eq!(process.command("restart"), "ok");
        }
        Some("done".to_owned())
    })));
    all_pass(&bench.run(cases(text)).await.0);
    assert_eq!(*asked.lock().unwrap(), ["off", "on"]);
}

// ---- http

/// A request as it came: first line, header fields, body.
#[derive(Debug, Clone)]
struct Called {
    line: String,
    head: String,
    body: String,
}

/// Reads one request of each connection and answers with what `answer` makes of it; an empty answer is none at all.
fn server(answer: impl Fn(Called) -> String + Send + Sync + 'static) -> HttpServer {
    let answer = Arc::new(answer);
    Arc::new(move |mut stream| {
        let answer = Arc::clone(&answer);
        tokio::spawn(async move {
            let mut request = String::new();
            let (head, body) = loop {
                let mut buffer = [0; 4096];
                let count = stream.read(&mut buffer).await.unwrap();
                assert_ne!(count, 0, "{request}");
                request.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
                if let Some((head, body)) = request.split_once("\r\n\r\n") {
                    let length = head
                        .lines()
                        .find_map(|line| line.strip_prefix("content-length: "))
                        .map_or(0, |length| length.parse().unwrap());
                    if body.len() >= length {
                        break (head.to_owned(), body.to_owned());
                    }
                }
            };
            let (line, head) = head.split_once("\r\n").unwrap();
            let answer = answer(Called {
                line: line.to_owned(),
                head: head.to_owned(),
                body,
            });
            stream.write_all(answer.as_bytes()).await.unwrap();
            // Kept open: an answer must not need the end of the connection to be understood.
            std::future::pending::<()>().await;
        });
    })
}

const OK: &str = "HTTP/1.1 204 No Content\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn an_http_call_changes_a_member() {
    let target = stimuli(
        "{default: {http: {url: 'http://bench:8080/out/{ref}?to={value}', headers: {Content-Type: application/json, X-Change: '{change}'}, body: '{\"value\": \"{value}\", \"ref\": \"{ref}\"}'}}}",
    );
    let mut bench = Bench::new(&target);
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (process, heard) = (bench.sim.process(), Arc::clone(&calls));
    bench.http = Some(server(move |called| {
        heard.lock().unwrap().push(called.clone());
        let field = |name: &str| {
            let (_, rest) = called.body.split_once(&format!("\"{name}\": \"")).unwrap();
            rest.split_once('"').unwrap().0.to_owned()
        };
        let command = format!("set {} {}", field("ref"), field("value"));
        assert_eq!(process.command(&command), "ok");
        OK.to_owned()
    }));
    all_pass(&bench.run(cases(REPORTED)).await.0);
    let calls = calls.lock().unwrap();
    assert_eq!(calls.len(), 2, "the change, and putting it back");
    let Called { line, head, body } = &calls[0];
    assert_eq!(
        line,
        "POST /out/ASSAYLD0%2FGGIO1.Ind1.stVal%5BST%5D?to=true HTTP/1.1"
    );
    for field in [
        "host: bench:8080",
        "content-type: application/json",
        "x-change: dchg",
    ] {
        assert!(head.lines().any(|line| line == field), "{field}: {head}");
    }
    assert_eq!(
        body,
        "{\"value\": \"true\", \"ref\": \"ASSAYLD0/GGIO1.Ind1.stVal[ST]\"}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_http_call_that_fails_is_inconclusive_with_what_was_said() {
    let target = stimuli("{default: {http: {url: 'http://bench/', method: PUT}}}");
    let failures: [(Option<&str>, &[&str]); 7] = [
        (
            Some("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 12\r\n\r\nrelay jammed"),
            &["`PUT http://bench/` was answered with 500 Internal Server Error: relay jammed"],
        ),
        (
            // A body that never ends: the status is told all the same.
            Some("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 99\r\n\r\nsoon"),
            &["503 Service Unavailable: soon"],
        ),
        (
            Some("HTTP/1.1 302 Found\r\nlocation: http://elsewhere/\r\ncontent-length: 0\r\n\r\n"),
            &["302 Found: it said nothing"],
        ),
        (
            Some("SSH-2.0-OpenSSH_9.6\r\n"),
            &["`PUT http://bench/` failed", "invalid"],
        ),
        (
            Some("HTTP/1.1 200 OK\r\nx: "),
            &["was not answered within 2000 ms"],
        ),
        (Some(""), &["was not answered within 2000 ms"]),
        (None, &["`PUT http://bench/` failed: connection refused"]),
    ];
    for (answer, words) in failures {
        let mut bench = Bench::new(&target);
        bench.http = answer.map(|answer| server(move |_| answer.to_owned()));
        let case = judge(bench, REPORTED).await;
        for words in words {
            inconclusive(&case, words);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_server_says_is_bounded() {
    let target = stimuli("{default: {http: {url: 'http://bench/'}}}");
    let long = "x".repeat(10_000_000);
    let endless_head = format!("HTTP/1.1 200 OK\r\nx: {long}");
    let endless_body = format!("HTTP/1.1 500 No\r\ncontent-length: 99999999\r\n\r\n{long}");
    for answer in [endless_head, endless_body] {
        let mut bench = Bench::new(&target);
        bench.http = Some(server(move |_| answer.clone()));
        let case = judge(bench, REPORTED).await;
        inconclusive(&case, "`POST http://bench/`");
        assert!(case.reason.unwrap().len() < 1_500);
    }
}

#[tokio::test(start_paused = true)]
async fn supply_path_and_conditions_are_reached_by_http_too() {
    let call = |what: &str| {
        format!(
            "{{http: {{url: 'http://bench/{what}/{{action}}', method: GET, headers: {{X-Ref: '{{ref}}'}}}}}}"
        )
    };
    let target = format!(
        "{HEAD}stimuli: {{conditions: {{test-not-ok: {}}}}}\npower: {}\nnetwork: {}\n",
        call("block"),
        call("power"),
        call("path")
    );
    let text = "  - id: test/blocked
    title: A blocked process refuses
    for-each: {c: \"model.controls.filter(c, c.ref.contains('SPCSO1')).first(1)\"}
    steps:
      - force: {control: $c, condition: test-not-ok}
      - operate: {control: $c, expect: refused}
  - id: test/power
    title: The supply
    steps:
      - power-cycle: {off-for: 2s}
      - associate: {client: again, within: 10s, retry-every: 200ms}
  - id: test/path
    title: The path
    steps:
      - network: {action: cut}
      - identify: {expect: timeout}
";
    let mut bench = Bench::new(&target);
    let lines = Arc::new(Mutex::new(Vec::new()));
    let (process, heard) = (bench.sim.process(), Arc::clone(&lines));
    bench.http = Some(server(move |called| {
        let path = called.line.split(' ').nth(1).unwrap().to_owned();
        let reference = called
            .head
            .lines()
            .find_map(|line| line.strip_prefix("x-ref: "))
            .unwrap_or_default();
        let command = match path.as_str() {
            "/block/on" => format!("block {reference} on"),
            "/block/off" => format!("block {reference} off"),
            "/power/off" => "restart".to_owned(),
            "/path/cut" => "blackhole on".to_owned(),
            "/path/restore" => "blackhole off".to_owned(),
            _ => "ping".to_owned(),
        };
        assert_eq!(process.command(&command), "ok", "{command}");
        heard.lock().unwrap().push(path);
        OK.to_owned()
    }));
    all_pass(&bench.run(cases(text)).await.0);
    assert_eq!(
        *lines.lock().unwrap(),
        [
            "/block/on",
            "/block/off",
            "/power/off",
            "/power/on",
            "/path/cut",
            "/path/restore"
        ]
    );
}
