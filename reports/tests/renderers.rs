//! Every renderer over one hand-written record that holds every verdict, every kind of waiver, and a device that
//! answers with markup and control characters.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]
#![allow(clippy::print_stderr, reason = "a skipped check must be seen")]

use iedassay_reports::terminal::{TerminalOptions, render};
use iedassay_reports::{Conclusion, RunRecord, Verdict, html, json, junit, markdown, pics_gap};

fn record() -> RunRecord {
    let mut record = RunRecord::from_json(include_str!("golden/record.json")).unwrap();
    record.conclude();
    record
}

fn golden() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn the_golden_record_holds_every_verdict() {
    for verdict in Verdict::ALL {
        assert!(record().summary.count(verdict) > 0, "{verdict}");
    }
}

#[test]
fn terminal_without_colour() {
    golden().bind(|| {
        insta::assert_snapshot!("terminal", render(&record(), TerminalOptions::default()))
    });
}

#[test]
fn terminal_narrow_with_all_cases() {
    let options = TerminalOptions {
        width: 72,
        all_cases: true,
        ..TerminalOptions::default()
    };
    golden().bind(|| insta::assert_snapshot!("terminal_all_cases", render(&record(), options)));
}

#[test]
fn colour_changes_nothing_but_colour() {
    let options = TerminalOptions {
        color: true,
        ..TerminalOptions::default()
    };
    let coloured = render(&record(), options);
    assert!(coloured.contains("\u{1b}["));
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    // A cell that is blank at the end of a line is trimmed only when it carries no colour.
    let trimmed: Vec<&str> = plain.lines().map(str::trim_end).collect();
    assert_eq!(
        trimmed.join("\n"),
        render(&record(), TerminalOptions::default()).trim_end()
    );
}

#[test]
fn markdown_report() {
    golden().bind(|| insta::assert_snapshot!("markdown", markdown::render(&record())));
}

#[test]
fn html_report() {
    golden().bind(|| insta::assert_snapshot!("html", html::render(&record()).unwrap()));
}

#[test]
fn html_is_one_file_without_scripts_and_escapes_what_devices_say() {
    let page = html::render(&record()).unwrap();
    assert!(!page.contains("<script"), "a script got in");
    assert!(
        !page.contains("http://") && !page.contains("https://"),
        "something is fetched"
    );
    assert!(page.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn pics_gap_files() {
    golden().bind(|| {
        insta::assert_snapshot!("pics_gap_csv", pics_gap::render_csv(&record()));
        insta::assert_snapshot!("pics_gap_json", pics_gap::render_json(&record()).unwrap());
    });
}

#[test]
fn junit_report() {
    golden().bind(|| insta::assert_snapshot!("junit", spread(&junit::render(&record()).unwrap())));
}

#[test]
fn junit_of_a_strict_run_counts_inconclusive_as_errors() {
    let mut record = record();
    record.options.strict = true;
    let document = junit::render(&record).unwrap();
    assert!(document.contains(r#"<error type="inconclusive""#));
    assert!(!document.contains(r#"<skipped type="inconclusive""#));
}

#[test]
fn junit_of_a_run_that_could_not_start_is_not_green() {
    let mut record = record();
    record.cases.clear();
    record.plan.to_run.truncate(2);
    record.could_not_test = Some("192.0.2.17:102 refuses the connection".into());
    record.conclude();
    assert_eq!(record.summary.conclusion, Conclusion::CouldNotTest);
    let document = junit::render(&record).unwrap();
    assert!(document.contains(r#"<error type="could-not-test""#));
    assert_eq!(document.matches("not-reached").count(), 4, "{document}");
}

#[test]
fn junit_is_valid_against_the_schema() {
    let mut interrupted = record();
    interrupted.cases.truncate(3);
    interrupted.interrupted = true;
    interrupted.could_not_test = Some("the association was lost \u{1} ]]> <&\"'".into());
    interrupted.conclude();
    let mut strict = record();
    strict.options.strict = true;
    let mut nothing = record();
    nothing.cases.clear();
    nothing.plan.to_run.clear();
    for (name, record) in [
        ("full", record()),
        ("interrupted", interrupted),
        ("strict", strict),
        ("nothing", nothing),
    ] {
        validate(name, &junit::render(&record).unwrap());
    }
}

#[test]
fn json_reads_back_to_the_same_record() {
    assert_eq!(
        RunRecord::from_json(&json::render(&record()).unwrap()).unwrap(),
        record()
    );
}

// One element a line, so that a difference shows where it is.
fn spread(xml: &str) -> String {
    xml.replace("><", ">\n<")
}

/// Validates with xmllint against the schema of the Jenkins xUnit plug-in (MIT, see its header). Where xmllint is
/// missing the check is skipped with a word, except in continuous integration, where it must not be missing.
fn validate(name: &str, document: &str) {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/junit-10.xsd");
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("junit-{name}.xml"));
    std::fs::write(&file, document).unwrap();
    let xmllint = std::process::Command::new("xmllint")
        .args(["--noout", "--schema", schema])
        .arg(&file)
        .output();
    match xmllint {
        Ok(output) => assert!(
            output.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) if std::env::var_os("CI").is_none() => {
            eprintln!("SKIPPED: xmllint did not run: {error}")
        }
        Err(error) => panic!("xmllint did not run: {error}"),
    }
}

#[test]
fn the_ladder_shows_each_message_and_marks_the_one_that_decided() {
    let page = html::render(&record()).unwrap();
    assert_eq!(page.matches("class=\"rung ").count(), 2);
    assert_eq!(page.matches("rung received decides\"").count(), 1);
    assert!(page.contains("messages (2 of 6)"));
    assert!(page.contains("3 before") && page.contains("1 after"));
    assert!(!page.contains("<script>"));
}

/// The golden record with a case that passed only when it was tried again, and one that did not in two tries.
fn with_tries() -> RunRecord {
    let mut record = record();
    record.options.retries = 2;
    record.operator = Some("J. <Doe>".into());
    let place = |verdict: Verdict| {
        let mut cases = record.cases.iter();
        cases
            .position(|case| case.verdict == verdict && case.waiver.is_none())
            .unwrap()
    };
    let (passed, failed) = (place(Verdict::Pass), place(Verdict::Fail));
    let mut lost = record.cases[failed].clone();
    lost.reason = Some("no report within 2 s <b>\u{1b}[31m".into());
    lost.capture = Some("captures/first-try.pcapng".into());
    lost.digests = [("captures/first-try.pcapng".to_owned(), "ab".repeat(32))].into();
    record.cases[passed] = lost.clone().tried_again(record.cases[passed].clone());
    record.cases[failed] = record.cases[failed].clone().tried_again(lost);
    record.conclude();
    record
}

#[test]
fn a_case_that_needed_another_try_is_flaky_in_every_report() {
    let record = with_tries();
    assert_eq!(record.summary.flaky, 1);
    let flaky = record.cases.iter().find(|case| case.is_flaky()).unwrap();
    let text = render(&record, TerminalOptions::default());
    assert!(text.contains(&format!("FLAKY   {}", flaky.key())), "{text}");
    assert!(text.contains("(1 flaky)"), "{text}");
    let text = markdown::render(&record);
    assert!(text.contains("### pass (flaky): "), "{text}");
    assert!(text.contains("(1 flaky)"), "{text}");
    let text = html::render(&record).unwrap();
    assert!(text.contains("1 of them flaky"));
    assert!(text.contains("another try: fail (no report within 2 s &lt;b&gt;"));
    assert!(text.contains(&"ab".repeat(32)), "the evidence of the try");
    let json = json::render(&record).unwrap();
    assert_eq!(RunRecord::from_json(&json), Ok(record));
}

#[test]
fn junit_tells_every_try_and_who_ran_what() {
    let text = junit::render(&with_tries()).unwrap();
    assert_eq!(text.matches("<flakyFailure ").count(), 1, "{text}");
    assert_eq!(text.matches("<rerunFailure ").count(), 1, "{text}");
    assert!(text.contains("captures/first-try.pcapng SHA-256 abab"));
    assert!(text.contains("<property name=\"operator\" value=\"J. &lt;Doe&gt;\"/>"));
    let suites = text.matches("<testsuite ").count();
    assert_eq!(text.matches("<properties>").count(), suites);
    assert!(!text.contains('\u{1b}'));
    validate("tries", &text);
}

#[test]
fn what_is_flaky_fails_the_run_that_asked_for_it() {
    let mut record = with_tries();
    record
        .cases
        .retain(|case| case.verdict == Verdict::Pass && !case.has_stale_waiver());
    record.could_not_test = None;
    record.interrupted = false;
    record.plan.to_run.clear();
    record.conclude();
    assert_eq!(record.summary.conclusion, Conclusion::Conforms);
    assert!(
        record.summary.because.contains("1 of them flaky"),
        "{}",
        record.summary.because
    );
    record.options.fail_on_flaky = true;
    record.conclude();
    assert_eq!(record.summary.conclusion, Conclusion::Nonconforming);
    assert_eq!(
        record.summary.because,
        "1 case passed only when tried again, and the run fails on that"
    );
}

#[test]
fn a_waiver_for_other_firmware_is_shown_and_excuses_nothing() {
    let mut record = record();
    let waiver = |state| iedassay_reports::Waiver {
        reason: "ticket 12".into(),
        owner: "lab".into(),
        expires: None,
        firmware: Some("4.2.*".into()),
        state,
    };
    let plain = |case: &&mut iedassay_reports::CaseRecord| case.waiver.is_none();
    let mut cases = record.cases.iter_mut().filter(plain);
    let failed = cases.find(|case| case.verdict == Verdict::Fail).unwrap();
    failed.waiver = Some(waiver(iedassay_reports::WaiverState::OtherFirmware));
    assert!(failed.is_nonconformance());
    let mut cases = record.cases.iter_mut().filter(plain);
    let passed = cases.find(|case| case.verdict == Verdict::Pass).unwrap();
    passed.waiver = Some(waiver(iedassay_reports::WaiverState::UnknownFirmware));
    assert!(!passed.is_nonconformance());
    record.conclude();
    for text in [
        render(&record, TerminalOptions::default()),
        junit::render(&record).unwrap(),
        html::render(&record).unwrap(),
        markdown::render(&record),
    ] {
        assert!(text.contains("does not hold for this firmware"), "{text}");
    }
    let html = html::render(&record).unwrap();
    assert!(html.contains("pass, waiver not applied, because the firmware is not known"));
}
