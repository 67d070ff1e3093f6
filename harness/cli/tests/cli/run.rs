//! Runs on the simulated IED, to the exit code.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use iedassay_reports::{Conclusion, RunRecord};

use crate::harness::{Bench, golden};

fn record(bench: &Bench) -> RunRecord {
    RunRecord::from_json(&bench.read("iedassay-out/record.json")).unwrap()
}

#[test]
fn a_conformant_ied_conforms() {
    let bench = Bench::new();
    golden!(
        "run_conforms",
        bench.transcript(&["run", "--virtual-time", "--filter", "datasets/*"])
    );
    let record = record(&bench);
    assert_eq!(record.summary.conclusion, Conclusion::Conforms);
    for case in record.cases.iter().filter(|case| !case.steps.is_empty()) {
        let capture = case.capture.as_ref().unwrap();
        assert!(
            bench.path("iedassay-out").join(capture).is_file(),
            "{capture}"
        );
    }
    for name in [
        "junit.xml",
        "report.html",
        "report.md",
        "pics-gap.json",
        "pics-gap.csv",
    ] {
        assert!(bench.path("iedassay-out").join(name).is_file(), "{name}");
    }
}

#[test]
fn a_fault_is_told_and_ends_with_1() {
    let bench = Bench::new();
    let args = [
        "run",
        "--virtual-time",
        "--fault",
        "conclude-unanswered",
        "--filter",
        "association/associate-release",
    ];
    golden!("run_fault", bench.transcript(&args));
    assert_eq!(record(&bench).options.faults, ["conclude-unanswered"]);
}

#[test]
fn real_time_goes_over_tcp() {
    let bench = Bench::new();
    let output = bench
        .command(&["run", "--filter", "association/associate-release"])
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let address = record(&bench).target.address.unwrap();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
}

#[test]
fn nothing_selected_ends_with_4_before_anything_is_written() {
    let bench = Bench::new();
    golden!(
        "run_nothing_selected",
        bench.transcript(&["run", "--filter", "no/such-case"])
    );
    assert!(!bench.path("iedassay-out").exists());
}

#[test]
fn usage_errors_end_with_2() {
    let bench = Bench::new().file("t.yaml", "target: x\naddress: 192.0.2.1\n");
    golden!(
        "run_fault_on_target",
        bench.transcript(&["run", "--target", "t.yaml", "--fault", "gi-not-reset"])
    );
    golden!(
        "run_unknown_fault",
        bench.transcript(&["run", "--fault", "nonsense"])
    );
    golden!(
        "run_bad_filter",
        bench.transcript(&["run", "--filter", "blok:5"])
    );
    golden!(
        "run_no_target",
        bench.transcript(&["run", "--target", "none.yaml"])
    );
}

#[test]
fn mistakes_of_suites_and_target_are_told_together() {
    let bench = Bench::new()
        .file(
            "bad.yaml",
            "suite: a/b\ntitle: t\ncases:\n  - id: a/b\n    title: t\n    stepps: []\n",
        )
        .file("t.yaml", "target: x\naddress: 1.2.3\n");
    golden!(
        "run_bad_files",
        bench.transcript(&["run", "--suites", "bad.yaml", "--target", "t.yaml"])
    );
}

#[test]
fn json_on_standard_output_is_the_record() {
    let bench = Bench::new();
    let args = [
        "run",
        "--virtual-time",
        "--format",
        "json",
        "--filter",
        "association/associate-release",
    ];
    let output = bench.command(&args).output().unwrap();
    let printed = RunRecord::from_json(std::str::from_utf8(&output.stdout).unwrap()).unwrap();
    assert_eq!(printed, record(&bench));
}

#[test]
fn a_seed_gives_the_same_order_again() {
    let order = |seed: &str| {
        let bench = Bench::new();
        let args = [
            "run",
            "--virtual-time",
            "--filter",
            "association",
            "--shuffle",
            seed,
        ];
        bench.command(&args).output().unwrap();
        record(&bench).plan.to_run
    };
    assert_eq!(order("7"), order("7"));
    assert_ne!(order("7"), order("8"));
}

#[test]
fn an_old_capture_does_not_survive_a_new_run() {
    let bench = Bench::new();
    let run = |filter: &str| {
        bench
            .command(&["run", "--virtual-time", "--filter", filter])
            .output()
            .unwrap();
    };
    run("datasets/*");
    let captures = || {
        std::fs::read_dir(bench.path("iedassay-out/captures"))
            .unwrap()
            .count()
    };
    let before = captures();
    run("datasets/directory-and-values");
    assert!(captures() < before);
}

#[test]
fn a_live_model_is_as_it_is_described() {
    let simulated = Simulated::start(&[]);
    let target = format!("target: sim\naddress: {}\n", simulated.address);
    let bench = Bench::new()
        .file("t.yaml", target)
        .file("assay.cid", iedassay_model::scl::BUILTIN);
    golden!(
        "browse_differences",
        bench.transcript(&["browse", "--target", "t.yaml", "--scl", "assay.cid"])
    );
    let output = bench
        .command(&["browse", "--target", "t.yaml"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text.contains("\nASSAYLD0\n"), "{text}");
}

#[test]
fn one_interruption_puts_the_device_back_and_leaves_a_valid_record() {
    let bench = Bench::new();
    // Takes ten seconds of waiting in real time.
    let mut run = start(
        &[
            "run",
            "--filter",
            "urcb/integrity-period",
            "--filter",
            "urcb/*",
        ],
        &bench.path("."),
    );
    wait_for_line(&mut run, "1/");
    let started = Instant::now();
    signal(&run, "INT");
    let output = run.wait_with_output().unwrap();
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(
        output.status.code(),
        Some(3),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let record = record(&bench);
    assert!(record.interrupted && record.finished.is_some());
    assert!(record.left_behind.is_empty(), "{:?}", record.left_behind);
    assert!(bench.read("iedassay-out/junit.xml").contains("not-reached"));
}

/// `iedassay sim`, stopped when dropped.
pub(crate) struct Simulated {
    child: Child,
    pub(crate) address: String,
}

impl Simulated {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut all = vec!["sim", "--listen", "127.0.0.1:0"];
        all.extend(args);
        let mut child = start(&all, Path::new("."));
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().strip_prefix("mms ").unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn start(args: &[&str], directory: &Path) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("iedassay"))
        .args(args)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until standard error has a line that starts so, and goes on reading it, so that nobody waits for us.
pub(crate) fn wait_for_line(child: &mut Child, start: &str) {
    let stderr = child.stderr.take().unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    loop {
        let line = receiver.recv_timeout(Duration::from_secs(60)).unwrap();
        if line.trim_start().starts_with(start) {
            return;
        }
    }
}

pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}
