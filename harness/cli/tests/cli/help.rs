//! Help teaches, and usage errors say what to do.

use crate::harness::{Bench, golden};

#[test]
fn help_of_every_command() {
    let bench = Bench::new();
    golden!("help", bench.transcript(&["--help"]));
    for command in [
        "run",
        "list",
        "check",
        "explain",
        "browse",
        "sim",
        "decode",
        "report",
        "completions",
    ] {
        golden!(
            format!("help_{command}"),
            bench.transcript(&[command, "--help"])
        );
    }
}

#[test]
fn usage_errors_end_with_2() {
    let bench = Bench::new();
    golden!("usage_unknown_command", bench.transcript(&["rum"]));
    golden!(
        "usage_unknown_flag",
        bench.transcript(&["list", "--formt", "json"])
    );
    golden!("usage_missing_argument", bench.transcript(&["check"]));
    golden!(
        "usage_bad_value",
        bench.transcript(&["sim", "--listen", "nowhere"])
    );
}

#[test]
fn completions_name_every_command() {
    let bench = Bench::new();
    for shell in ["bash", "zsh", "fish"] {
        let output = bench.command(&["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        for command in ["run", "check", "explain", "decode"] {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let bench = Bench::new();
    let plain = bench.command(&["browse"]).output().unwrap().stdout;
    assert!(!plain.contains(&0x1b));
    let coloured = bench
        .command(&["browse", "--color", "always"])
        .output()
        .unwrap()
        .stdout;
    assert!(coloured.contains(&0x1b));
}
