//! `iedassay hostile-server`: what it lists, what it tells, and what our own commands make of it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Bench, golden};

/// A server with one behaviour, as a process of its own.
struct Server {
    child: Child,
    bench: Bench,
}

impl Server {
    fn start(behaviour: &str) -> Self {
        Self::with(&["--behaviour", behaviour])
    }

    fn with(args: &[&str]) -> Self {
        let bench = Bench::new();
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_iedassay"))
            .args(["hostile-server", "--listen", "127.0.0.1:0", "--out", "told"])
            .args(["--late", "3s", "--for", "2min"])
            .args(args)
            .current_dir(bench.path("."))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("mms ").unwrap();
        let usual = format!(
            "target: t\naddress: {address}\nallow: {{robustness: true}}\n\
             timeouts: {{connect: 2s, associate: 2s, request: 2s, release: 500ms}}\n"
        );
        let described = format!("{usual}scl: {{file: builtin, ied: ASSAY}}\n");
        let bench = bench.file("live.yaml", usual).file("t.yaml", described);
        Self { child, bench }
    }

    /// Exit code and everything that is said; it ends within its time.
    fn meet(&self, args: &[&str]) -> (Option<i32>, String) {
        let began = Instant::now();
        let output = self.bench.command(args).output().unwrap();
        let took = began.elapsed();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(
            took < Duration::from_secs(45),
            "{args:?} took {took:?}: {said}"
        );
        assert!(!said.contains("panicked"), "{said}");
        (output.status.code(), said)
    }

    fn browse(&self) -> (Option<i32>, String) {
        self.meet(&["browse", "--target", "live.yaml"])
    }

    fn run(&self, case: &str) -> (Option<i32>, String) {
        self.meet(&["run", "--target", "t.yaml", "--filter", case])
    }

    fn fuzz(&self) -> (Option<i32>, String) {
        self.meet(&[
            "fuzz",
            "--target",
            "t.yaml",
            "--sequences",
            "3",
            "--seed",
            "1",
            "--recovery",
            "2s",
        ])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const CASE: &str = "server/logical-devices";

#[test]
fn lists_what_it_can_do() {
    let bench = Bench::new();
    golden!(
        "hostile_server_list",
        bench.transcript(&["hostile-server", "--list"])
    );
    golden!(
        "hostile_server_unknown",
        bench.transcript(&["hostile-server", "--behaviour", "never-answer"])
    );
}

#[test]
fn a_server_that_says_nothing_cannot_be_tested() {
    let server = Server::start("never-answers");
    for (code, said) in [server.browse(), server.run(CASE), server.fuzz()] {
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains("accepts TCP and says nothing"), "{said}");
    }
}

#[test]
fn a_server_that_rejects_and_accepts_cannot_be_tested() {
    let server = Server::start("rejected-yet-accepted");
    for (code, said) in [server.browse(), server.run(CASE), server.fuzz()] {
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains("rejected permanently"), "{said}");
    }
}

#[test]
fn a_server_that_answers_nothing_never_passes() {
    for behaviour in [
        "silent-to-requests",
        "late-answers",
        "lying-lengths",
        "closes-amid-answer",
    ] {
        let server = Server::start(behaviour);
        let (code, said) = server.browse();
        assert_eq!(code, Some(3), "{behaviour}: {said}");
        let (code, said) = server.run(CASE);
        assert!(matches!(code, Some(1 | 3)), "{behaviour}: {code:?} {said}");
        assert!(!said.contains("1 pass"), "{behaviour}: {said}");
        let (code, said) = server.fuzz();
        assert_eq!(code, Some(3), "{behaviour}: {said}");
    }
}

#[test]
fn lists_that_do_not_end_are_told() {
    let server = Server::start("endless-names");
    let (code, said) = server.browse();
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("does not end"), "{said}");
    let (code, said) = server.run(CASE);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("does not end"), "{said}");
}

#[test]
fn what_a_good_client_bears_changes_no_verdict() {
    for behaviour in [
        "octet-by-octet",
        "answers-twice",
        "floods-reports",
        "odd-last-appl-error",
    ] {
        let server = Server::start(behaviour);
        let (code, said) = server.run(CASE);
        assert_eq!(code, Some(0), "{behaviour}: {said}");
    }
}

#[test]
fn reports_that_do_not_fit_fail_the_case_that_waits_for_them() {
    let case = "urcb/general-interrogation";
    for behaviour in ["long-inclusion", "few-values", "no-rpt-id"] {
        let server = Server::start(behaviour);
        let (code, said) = server.run(case);
        assert_eq!(code, Some(1), "{behaviour}: {said}");
    }
}

#[test]
fn tells_how_each_client_took_it_and_leaves_a_capture() {
    let bench = Bench::new();
    let mut server = std::process::Command::new(env!("CARGO_BIN_EXE_iedassay"))
        .args([
            "hostile-server",
            "--listen",
            "127.0.0.1:0",
            "--connections",
            "2",
        ])
        .args([
            "--behaviour",
            "never-answers",
            "--behaviour",
            "answers-twice",
        ])
        .args(["--for", "1min", "--format", "json", "--out", "told"])
        .current_dir(bench.path("."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut notes = BufReader::new(server.stderr.take().unwrap());
    notes.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("mms ").unwrap();
    let target = format!("target: t\naddress: {address}\ntimeouts: {{associate: 1s}}\n");
    let bench = bench.file("t.yaml", target);
    for code in [3, 0] {
        let browse = bench.command(&["browse", "--target", "t.yaml"]).output();
        assert_eq!(browse.unwrap().status.code(), Some(code));
    }
    let output = server.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let connections = told["connections"].as_array().unwrap();
    let view = |at: usize| {
        let one = &connections[at];
        let text = |name: &str| one[name].as_str().unwrap().to_owned();
        (
            text("behaviour"),
            text("reaction"),
            one["requests-after"].as_u64().unwrap(),
        )
    };
    assert_eq!(view(0), ("never-answers".into(), "closed".into(), 0));
    let (behaviour, reaction, requests) = view(1);
    assert_eq!(
        (behaviour.as_str(), reaction.as_str()),
        ("answers-twice", "released")
    );
    assert!(requests > 100, "{requests}");
    let file: Value = serde_json::from_str(&bench.read("told/hostile-server.json")).unwrap();
    assert_eq!(file, told);
    // The capture is complete from the connect on, and tells what was done.
    let decoded = bench
        .command(&["decode", "--summary", "told/hostile-server.pcapng"])
        .output()
        .unwrap();
    let decoded = String::from_utf8_lossy(&decoded.stdout).into_owned();
    assert!(
        decoded.contains("identify") || decoded.contains("get-name-list"),
        "{decoded}"
    );
}

#[test]
fn a_client_that_hangs_is_told_and_ends_with_1() {
    let bench = Bench::new();
    let mut server = std::process::Command::new(env!("CARGO_BIN_EXE_iedassay"))
        .args([
            "hostile-server",
            "--listen",
            "127.0.0.1:0",
            "--connections",
            "1",
        ])
        .args([
            "--behaviour",
            "never-answers",
            "--patience",
            "500ms",
            "--for",
            "1min",
        ])
        .current_dir(bench.path("."))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let line = lines.next().unwrap().unwrap();
    let address = line.strip_prefix("mms ").unwrap();
    let client = std::net::TcpStream::connect(address).unwrap();
    let said = lines.next().unwrap().unwrap();
    assert!(said.starts_with("1 never-answers 127.0.0.1:"), "{said}");
    assert!(said.contains(": hung, "), "{said}");
    assert_eq!(server.wait().unwrap().code(), Some(1));
    drop(client);
}
