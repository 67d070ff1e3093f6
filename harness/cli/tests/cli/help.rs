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
        "selftest",
        "diff",
        "hostile-server",
        "waive",
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
        for command in ["run", "check", "explain", "decode", "hostile-server"] {
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

/// What help and README tell people to type works: every case and fault that they name exists.
#[test]
fn examples_name_cases_and_faults_that_exist() {
    let bench = Bench::new();
    let readme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let mut text = std::fs::read_to_string(readme).unwrap();
    for command in ["", "run", "list", "explain", "sim", "report"] {
        let args: Vec<&str> = [command, "--help"]
            .into_iter()
            .filter(|arg| !arg.is_empty())
            .collect();
        let help = bench.command(&args).output().unwrap().stdout;
        text.push_str(&String::from_utf8(help).unwrap());
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let after = |verb: &'static str| {
        let pairs = words.windows(2);
        pairs.filter_map(move |pair| (pair[0] == verb).then_some(pair[1]))
    };
    let cases: Vec<&str> = after("explain").filter(|word| word.contains('/')).collect();
    assert!(cases.len() >= 2, "{cases:?}");
    for case in cases {
        bench.command(&["explain", case]).assert().success();
    }
    let list = bench.command(&["sim", "--list-faults"]).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let known: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let faults: Vec<&str> = after("--fault")
        .filter(|word| !word.starts_with('<'))
        .collect();
    assert!(faults.len() >= 2, "{faults:?}");
    for fault in faults {
        assert!(known.contains(&fault), "{fault}");
    }
}
