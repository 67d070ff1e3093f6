//! Values that move by themselves, scenarios, and what the process side answers in several lines.

use std::time::Duration;

use iedassay_sim::{Answer, Command, CommandErrorKind, Scenario, ScenarioStep, Sim, Times, What};
use iedassay_wire::mms::Data;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream};

use crate::common::{Client, sim};

const IND: &str = "ASSAYLD0/GGIO1.Ind1.stVal[ST]";
const HZ: &str = "ASSAYMEAS/MMXU1.Hz.instMag.f[MX]";

fn get(sim: &Sim, reference: &str) -> String {
    sim.process().command(&format!("get {reference}"))
}

fn tell(sim: &Sim, line: &str) {
    assert_eq!(sim.process().command(line), "ok", "{line}");
}

async fn pass(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// A connection of the line protocol.
fn connection(sim: &Sim) -> BufReader<DuplexStream> {
    let (near, far) = tokio::io::duplex(64 * 1024);
    tokio::spawn(sim.serve_process_stream(far));
    BufReader::new(near)
}

async fn line(stream: &mut BufReader<DuplexStream>) -> String {
    let mut line = String::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_line(&mut line)).await;
    read.unwrap().unwrap();
    line.trim_end().to_owned()
}

async fn ask(stream: &mut BufReader<DuplexStream>, text: &str) -> String {
    let text = format!("{text}\n");
    stream.get_mut().write_all(text.as_bytes()).await.unwrap();
    line(stream).await
}

#[tokio::test(start_paused = true)]
async fn a_ramp_moves_at_its_instants_and_ends_with_its_last_value() {
    let sim = sim(&[]);
    tell(&sim, &format!("ramp {HZ} 50 49 1s 375ms"));
    assert_eq!(get(&sim, HZ), "ok 50.0");
    for (millis, value, stamp) in [
        (374, "50.0", "20.000"),
        (2, "49.625", "20.375"),
        (374, "49.25", "20.750"),
        (249, "49.25", "20.750"),
        (2, "49.0", "21.000"),
        (5000, "49.0", "21.000"),
    ] {
        pass(millis).await;
        assert_eq!(get(&sim, HZ), format!("ok {value}"), "after {millis} more");
        assert_eq!(
            get(&sim, "ASSAYMEAS/MMXU1.Hz.t[MX]"),
            format!("ok 2023-11-14T22:13:{stamp}Z"),
            "after {millis} more"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn changes_of_a_motion_are_reported_at_their_instants() {
    let sim = sim(&[]);
    let mut client = Client::connect(&sim).await;
    let block = "LD0/LLN0$RP$urcbStatus01";
    for (attribute, value) in [
        ("Resv", Data::Boolean(true)),
        ("RptEna", Data::Boolean(true)),
    ] {
        let item = format!("{block}${attribute}");
        client.write(&item, value).await.unwrap();
    }
    tell(&sim, &format!("toggle {IND} 250ms 3"));
    client.wait(Duration::from_secs(2)).await;
    let times: Vec<u128> = client.reports().into_iter().map(|(time, _)| time).collect();
    assert_eq!(times, [0, 250, 500]);
    assert_eq!(get(&sim, IND), "ok true");
}

#[tokio::test(start_paused = true)]
async fn the_last_word_about_a_value_counts() {
    let sim = sim(&[]);
    tell(&sim, &format!("toggle {IND} 100ms"));
    assert_eq!(get(&sim, IND), "ok true");
    pass(101).await;
    assert_eq!(get(&sim, IND), "ok false");
    tell(&sim, &format!("set {IND} true"));
    pass(1000).await;
    assert_eq!(get(&sim, IND), "ok true", "a value that was set stays");
    tell(&sim, &format!("toggle {IND} 100ms forever"));
    tell(&sim, &format!("ramp {HZ} 50 60 10s 1s"));
    tell(&sim, "stop");
    let still = (get(&sim, IND), get(&sim, HZ));
    pass(5000).await;
    assert_eq!((get(&sim, IND), get(&sim, HZ)), still);
    // Once, without a time.
    tell(&sim, "toggle ASSAYCTRL/XCBR1.Pos.stVal[ST]");
    tell(&sim, "toggle ASSAYCTRL/XCBR1.Pos.stVal[ST]");
    assert_eq!(get(&sim, "ASSAYCTRL/XCBR1.Pos.stVal[ST]"), "ok off");
}

#[tokio::test(start_paused = true)]
async fn an_interruption_lasts_as_long_as_it_is_told() {
    let sim = sim(&[]);
    tell(&sim, "restart 3s");
    pass(3400).await;
    let proposal = crate::common::proposal;
    assert!(
        Client::connect_with(&sim, proposal(), crate::LOCAL)
            .await
            .is_err()
    );
    pass(200).await;
    assert!(
        Client::connect_with(&sim, proposal(), crate::LOCAL)
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn a_scenario_is_played_at_its_exact_instants_every_time() {
    let step = |line: &str| ScenarioStep {
        at: None,
        what: What::Tell {
            command: line.parse().unwrap(),
            background: false,
        },
    };
    let wait = |millis| ScenarioStep {
        at: None,
        what: What::Wait(Duration::from_millis(millis)),
    };
    let scenario = Scenario::new(vec![
        step(&format!("set {IND} true")),
        wait(200),
        step(&format!("ramp {HZ} 50 51 400ms 100ms")),
        ScenarioStep {
            at: None,
            what: What::Repeat {
                times: Times::Count(2),
                steps: vec![step(&format!("toggle {IND} 50ms 2")), wait(7)],
            },
        },
        step("block ASSAYCTRL/CSWI1.Pos on"),
        ScenarioStep {
            at: Some(Duration::from_secs(1)),
            ..step("set ASSAYLD0/GGIO1.Ind1.q[ST] invalid+test")
        },
        step("restart"),
        wait(500),
    ])
    .unwrap();
    let mut runs = Vec::new();
    for _ in 0..2 {
        let sim = sim(&[]);
        let mut told = Vec::new();
        let mut note = |at: Duration, command: &Command, answer: &Result<Answer, _>| {
            assert_eq!(answer.as_ref(), Ok(&Answer::Done), "{command}");
            let time = get(&sim, "ASSAYLD0/GGIO1.Ind1.t[ST]");
            told.push((at.as_millis(), command.verb().name, time));
        };
        let begun = tokio::time::Instant::now();
        let took = sim.process().play(scenario.clone(), &mut note).await;
        assert_eq!((took, begun.elapsed()), (Duration::from_millis(1500), took));
        assert_eq!(get(&sim, HZ), "ok 51.0");
        runs.push(told);
    }
    let stamp = |stamp: &str| format!("ok 2023-11-14T22:13:{stamp}Z");
    let expected = [
        (0, "set", stamp("20.000")),
        (200, "ramp", stamp("20.000")),
        (600, "toggle", stamp("20.600")),
        (707, "toggle", stamp("20.707")),
        (814, "block", stamp("20.757")),
        (1000, "set", stamp("21.000")),
        (1000, "restart", stamp("21.000")),
    ];
    assert_eq!(runs[0], expected);
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_not_obeyed_does_not_end_a_scenario() {
    let sim = sim(&[]);
    let step = |line: &str| ScenarioStep {
        at: None,
        what: What::Tell {
            command: line.parse().unwrap(),
            background: false,
        },
    };
    let steps = vec![
        step("set ASSAYLD0/GGIO9.Ind1.stVal[ST] true"),
        step(&format!("set {IND} true")),
    ];
    let mut kinds = Vec::new();
    let play = sim
        .process()
        .play(Scenario::new(steps).unwrap(), |_, _, answer| {
            kinds.push(answer.as_ref().err().map(|error| error.kind));
        });
    play.await;
    assert_eq!(kinds, [Some(CommandErrorKind::UnknownReference), None]);
    assert_eq!(get(&sim, IND), "ok true");
}

#[tokio::test(start_paused = true)]
async fn lists_scans_and_help_say_how_many_lines_follow() {
    let sim = sim(&[]);
    let mut stream = connection(&sim);
    assert_eq!(ask(&mut stream, "scan GGIO1.Ind1.*[ST]").await, "ok 3");
    assert_eq!(
        line(&mut stream).await,
        "ASSAYLD0/GGIO1.Ind1.stVal[ST] false"
    );
    assert_eq!(line(&mut stream).await, "ASSAYLD0/GGIO1.Ind1.q[ST] good");
    assert!(
        line(&mut stream)
            .await
            .starts_with("ASSAYLD0/GGIO1.Ind1.t[ST] 2023-11-14T")
    );
    assert_eq!(ask(&mut stream, "list CSWI1.Pos[CO]").await, "ok 1");
    assert_eq!(line(&mut stream).await, "ASSAYCTRL/CSWI1.Pos[CO] control");
    assert_eq!(ask(&mut stream, "list nothing of the kind").await, "ok 0");
    assert_eq!(ask(&mut stream, "help block").await, "ok 5");
    assert_eq!(line(&mut stream).await, "block REFERENCE STATE");
    for _ in 0..4 {
        line(&mut stream).await;
    }
    let all = ask(&mut stream, "list").await;
    let (shown, of) = all.strip_prefix("ok ").unwrap().split_once(" of ").unwrap();
    assert_eq!(shown, "500");
    assert!(of.parse::<usize>().unwrap() > 500, "{of}");
    for _ in 0..500 {
        assert!(line(&mut stream).await.contains(' '));
    }
    assert_eq!(ask(&mut stream, "ping").await, "ok");
}

#[tokio::test(start_paused = true)]
async fn a_line_without_end_is_given_up() {
    let sim = sim(&[]);
    let mut stream = connection(&sim);
    let long = "x".repeat(5000);
    stream.get_mut().write_all(long.as_bytes()).await.unwrap();
    assert_eq!(
        line(&mut stream).await,
        "err the line is too long: at most 4096 octets"
    );
    assert_eq!(line(&mut stream).await, "", "and nothing more comes");
}
