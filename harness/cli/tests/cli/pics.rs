//! The PICS gap of a device that is only asked, and the statement that is drafted from it.

use crate::harness::{Bench, golden};

fn rows(bench: &Bench, args: &[&str]) -> Vec<serde_json::Value> {
    let args = [&["pics", "gap", "--format", "json"], args].concat();
    let output = bench.command(&args).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    report["rows"].as_array().unwrap().clone()
}

fn row<'a>(rows: &'a [serde_json::Value], id: &str) -> &'a serde_json::Value {
    rows.iter().find(|row| row["id"] == id).unwrap()
}

#[test]
fn every_row_is_answered_or_says_why_not() {
    let bench = Bench::new();
    let rows = rows(&bench, &[]);
    // The rows of the statement: ACSI, MMS services, building blocks, parameters of Initiate.
    for (prefix, least) in [
        ("B", 10),
        ("M", 40),
        ("S", 67),
        ("T", 3),
        ("mms/", 93),
        ("cbb/", 11),
        ("association/", 8),
    ] {
        let found = rows
            .iter()
            .filter(|row| row["id"].as_str().unwrap().starts_with(prefix));
        assert!(found.count() >= least, "{prefix}");
    }
    for row in &rows {
        let answered = row["observed"] != "not-exercised";
        let why = row["note"].as_str().unwrap_or_default();
        assert!(answered || !why.is_empty(), "{row}");
        assert_ne!(why, "nothing in this run exercises it", "{row}");
        let contradictions = [
            "claimed-but-failing",
            "announced-but-not-working",
            "statement-and-scl-disagree",
        ];
        for gap in row["gaps"].as_array().unwrap() {
            assert!(!contradictions.contains(&gap.as_str().unwrap()), "{row}");
        }
    }
    assert_eq!(row(&rows, "mms/rename")["observed"], "unsupported");
    assert_eq!(row(&rows, "mms/status")["observed"], "working");
}

/// The simulated IED with little in it, and a target file that says where it is.
struct Minimal {
    sim: std::process::Child,
    target: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Minimal {
    fn serve(args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scl = folder.path().join("minimal.cid");
        std::fs::write(&scl, include_str!("../../../model/scl/minimal.cid")).unwrap();
        let mut sim = std::process::Command::new(env!("CARGO_BIN_EXE_iedassay"))
            .args(["sim", "--listen", "127.0.0.1:0", "--scl"])
            .arg(&scl)
            .args(args)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let stdout = sim.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut said).unwrap();
        let address = said.trim().strip_prefix("mms ").unwrap();
        let target = folder.path().join("target.yaml");
        std::fs::write(&target, format!("target: minimal\naddress: {address}\n")).unwrap();
        Self {
            sim,
            target,
            _folder: folder,
        }
    }

    fn rows(&self, bench: &Bench) -> Vec<serde_json::Value> {
        rows(bench, &["--target", &self.target.display().to_string()])
    }
}

impl Drop for Minimal {
    fn drop(&mut self) {
        let _ = self.sim.kill();
        let _ = self.sim.wait();
    }
}

#[test]
fn what_is_claimed_and_not_seen_is_remarked_in_the_draft_and_stands_on_the_page() {
    let bench = Bench::new();
    let minimal = Minimal::serve(&[]);
    let target = std::fs::read_to_string(&minimal.target).unwrap();
    let target = format!("{target}pics: {{M18: true, M16: false}}\n");
    std::fs::write(&minimal.target, target).unwrap();
    let target = minimal.target.display().to_string();
    let ask = |args: &[&str]| {
        let args = [args, &["--target", &target]].concat();
        let output = bench.command(&args).output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{told}");
        told
    };
    let draft = ask(&["pics", "init"]);
    for remark in [
        "  # ! M18: PICS in ",
        "  # ! M16: PICS in ",
        " says yes, and it is unsupported: ",
        " says no, and it is working: ",
    ] {
        assert!(draft.contains(remark), "{remark}: {draft}");
    }
    let page = ask(&["pics", "gap", "--format", "html"]);
    assert!(page.starts_with("<!doctype html>") && page.contains("PICS gap of minimal"));
    let rows = minimal.rows(&bench);
    assert_eq!(page.matches("<td class=\"id\">").count(), rows.len());
    assert!(page.contains("claimed but failing"));
}

#[test]
fn what_is_not_among_the_names_is_unsupported() {
    let bench = Bench::new();
    let minimal = Minimal::serve(&[]);
    assert_eq!(row(&minimal.rows(&bench), "M18")["observed"], "unsupported");
}

#[test]
fn what_is_announced_and_not_served_is_a_gap() {
    let bench = Bench::new();
    let rows = rows(&bench, &["--fault", "capability-list-rejected"]);
    let lying = row(&rows, "mms/getCapabilityList");
    assert_eq!(lying["observed"], "unsupported");
    assert_eq!(lying["gaps"][0], "announced-but-not-working");
    let gated = |kind: &str| {
        let args = [
            "pics",
            "gap",
            "--fault",
            "capability-list-rejected",
            "--fail-on-gap",
            kind,
        ];
        bench.command(&args).output().unwrap().status.code()
    };
    assert_eq!(gated("announced-but-not-working"), Some(1));
    assert_eq!(gated("claimed-but-failing"), Some(0));
    assert_eq!(gated("any"), Some(1));
    assert_eq!(gated("no-such-kind"), Some(2));
}

#[test]
fn what_works_without_being_announced_is_a_gap() {
    let bench = Bench::new();
    let rows = rows(&bench, &["--fault", "services-not-announced"]);
    assert_eq!(
        row(&rows, "mms/read")["gaps"][0],
        "working-but-not-announced"
    );
}

#[test]
fn an_empty_list_is_not_believed_of_a_device_that_lists_what_cannot_exist() {
    let bench = Bench::new();
    let minimal = Minimal::serve(&["--fault", "unknown-domain-empty"]);
    let rows = minimal.rows(&bench);
    let absent = row(&rows, "M18");
    assert_eq!(absent["observed"], "not-exercised");
    assert!(
        absent["note"].as_str().unwrap().contains("cannot exist"),
        "{absent}"
    );
}

#[test]
fn every_form_can_be_had() {
    let bench = Bench::new();
    golden!("pics_gap", bench.transcript(&["pics", "gap"]));
    // How fine the time stamps are seen to be depends on when they were taken.
    let csv = bench.transcript(&["pics", "gap", "--all", "--format", "csv"]);
    let csv: String = csv
        .lines()
        .map(|line| match line.split_once("at least ") {
            Some((row, _)) if line.starts_with('T') => format!("{row}at least so many bits\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    golden!("pics_gap_all_csv", csv);
    let junit = bench
        .command(&[
            "pics",
            "gap",
            "--format",
            "junit",
            "--fault",
            "capability-list-rejected",
        ])
        .output()
        .unwrap();
    let junit = String::from_utf8(junit.stdout).unwrap();
    assert_eq!(
        junit.matches("<testcase ").count(),
        rows(&bench, &[]).len(),
        "{junit}"
    );
    assert!(
        junit.contains("type=\"announced-but-not-working\""),
        "{junit}"
    );
    let markdown = bench
        .command(&["pics", "gap", "--format", "markdown"])
        .output()
        .unwrap();
    assert!(
        String::from_utf8(markdown.stdout)
            .unwrap()
            .starts_with("| capability |")
    );
}

#[test]
fn the_drafted_statement_is_read_as_a_target() {
    let bench = Bench::new();
    let output = bench.command(&["pics", "init"]).output().unwrap();
    let statement = String::from_utf8(output.stdout).unwrap();
    assert!(statement.contains("Checked and signed by:"), "{statement}");
    let target = format!("target: bay\naddress: 127.0.0.1\n{statement}");
    let bench = bench.file("bay.yaml", target);
    let checked = bench.command(&["check", "bay.yaml"]).output().unwrap();
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}

#[test]
fn a_statement_of_its_own_says_whether_it_is_still_what_was_signed() {
    let bench = Bench::new();
    let init = ["pics", "init", "--out", "pics.yaml"];
    let drafted = bench.command(&init).output().unwrap();
    assert!(drafted.status.success());
    let again = bench.command(&init).output().unwrap();
    assert_eq!(again.status.code(), Some(2), "it is not written over");
    let gap = || {
        let args = [
            "pics",
            "gap",
            "--statement",
            "pics.yaml",
            "--fail-on-unsigned",
            "--format",
            "json",
        ];
        let output = bench.command(&args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), said, found)
    };
    let (code, said, found) = gap();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("nobody has signed"), "{said}");
    let rows = found["rows"].as_array().unwrap();
    assert_eq!(row(rows, "mms/read")["claimed"]["supported"], true);
    // A person signs.
    let content = said.split("content: ").nth(1).unwrap();
    let content = content.split('`').next().unwrap().to_owned();
    let draft = bench.read("pics.yaml");
    let signed = draft
        .replace("name: \"\"", "name: J. Doe")
        .replace("organisation: \"\"", "organisation: ACME")
        .replace("on: \"\"", "on: 2027-03-31")
        .replace("content: \"\"", &format!("content: {content}"));
    std::fs::write(bench.path("pics.yaml"), &signed).unwrap();
    let (code, said, _) = gap();
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("signed by J. Doe, ACME, on 2027-03-31, and unchanged"),
        "{said}"
    );
    let changed = signed.replace("mms/read: true", "mms/read: false");
    assert_ne!(changed, signed);
    std::fs::write(bench.path("pics.yaml"), changed).unwrap();
    let (code, said, found) = gap();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("changed since"), "{said}");
    let rows = found["rows"].as_array().unwrap();
    let gaps = &row(rows, "mms/read")["gaps"];
    assert!(
        gaps.to_string().contains("working-but-not-claimed"),
        "{gaps}"
    );
}

#[test]
fn a_filtered_run_leaves_out_the_questions() {
    let bench = Bench::new();
    let output = bench
        .command(&[
            "run",
            "--virtual-time",
            "--filter",
            "association/associate-release",
        ])
        .output()
        .unwrap();
    assert!(output.status.success());
    // A filtered run is for its cases alone; the gap can be had from its record all the same.
    let rows = rows(&bench, &["iedassay-out"]);
    assert_eq!(row(&rows, "S2")["observed"], "working");
    assert_eq!(row(&rows, "mms/status")["observed"], "not-exercised");
}
