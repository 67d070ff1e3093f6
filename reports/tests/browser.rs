//! The pages in a browser: not blank, nothing wider than the window, nothing complained about.
//!
//! Where no Chromium is, the test is skipped with a word, except in continuous integration, where it must not be missing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]
#![allow(clippy::print_stderr, reason = "a skipped check must be seen")]

mod spoiled;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use iedassay_reports::{RunRecord, compare, html};

/// Looks at a page in a frame of a width, and tells what it finds as the text of the only `output`.
const FRAME: &str = r#"<!doctype html><meta charset="utf-8"><output>nothing</output>
<iframe src="PAGE" style="width:WIDTHpx;height:4000px;border:0"></iframe>
<script>
addEventListener("load", () => {
  const view = document.querySelector("iframe").contentDocument;
  const root = view.scrollingElement;
  view.querySelectorAll("details").forEach(details => details.open = true);
  const hidden = [...view.querySelectorAll("svg")].filter(svg => svg.getBoundingClientRect().width < 10).length;
  document.querySelector("output").textContent =
    [root.scrollWidth - root.clientWidth, hidden, view.body.innerText.length].join(" ");
});
</script>"#;

fn record() -> RunRecord {
    let mut record = RunRecord::from_json(include_str!("golden/record.json")).unwrap();
    record.conclude();
    record
}

struct Browser {
    program: String,
    directory: PathBuf,
}

impl Browser {
    fn find() -> Option<Self> {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        fs::create_dir_all(&directory).unwrap();
        let known = ["chromium", "chromium-browser", "google-chrome", "chrome"];
        let runs = |program: &&str| Command::new(program).arg("--version").output().is_ok();
        let found = known.into_iter().find(runs);
        if found.is_none() {
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "no Chromium is installed: `ci/setup.sh` installs it"
            );
            eprintln!("SKIPPED: no Chromium is installed");
        }
        Some(Self {
            program: found?.to_owned(),
            directory,
        })
    }

    fn run(&self, profile: &str, args: &[&str], page: &Path) -> Output {
        let profile = self.directory.join(format!("profile-{profile}"));
        let output = Command::new(&self.program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            .args(["--allow-file-access-from-files", "--enable-logging=stderr"])
            // The page must not need the network; the browser itself is not to ask for anything either.
            .args([
                "--disable-background-networking",
                "--proxy-server=127.0.0.1:9",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(args)
            .arg(format!("file://{}", page.display()))
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{log}");
        let complaints: Vec<&str> = log
            .lines()
            .filter(|line| line.contains("CONSOLE"))
            .collect();
        assert!(complaints.is_empty(), "{complaints:?}");
        output
    }

    fn page(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// By how much the page is wider than the window, pictures without size, characters to read.
    fn measured(&self, page: &Path, width: u32) -> (i64, usize, usize) {
        let name = page.file_name().unwrap().to_str().unwrap();
        let frame = FRAME
            .replace("PAGE", name)
            .replace("WIDTH", &width.to_string());
        let frame = self.page(&format!("frame-{width}-{name}"), &frame);
        let output = self.run(name, &["--dump-dom", "--virtual-time-budget=10000"], &frame);
        let dom = String::from_utf8(output.stdout).unwrap();
        let (_, rest) = dom.split_once("<output>").unwrap();
        let (said, _) = rest.split_once("</output>").unwrap();
        let mut numbers = said.split(' ');
        let mut next = || {
            numbers
                .next()
                .unwrap_or_else(|| panic!("{said}"))
                .to_owned()
        };
        (
            next().parse().unwrap(),
            next().parse().unwrap(),
            next().parse().unwrap(),
        )
    }

    /// Size of a screenshot, which for a blank page is small.
    fn screenshot(&self, page: &Path, width: u32) -> u64 {
        let name = page.file_name().unwrap().to_str().unwrap();
        let file = self.directory.join(format!("{name}-{width}.png"));
        let screenshot = format!("--screenshot={}", file.display());
        let size = format!("--window-size={width},2000");
        self.run(name, &[&screenshot, &size], page);
        fs::metadata(file).unwrap().len()
    }
}

/// Tells what a page has that none of ours has: elements that run or fetch, and attributes that do.
const FOREIGN: &str = r#"<!doctype html><meta charset="utf-8"><output>nothing</output>
<iframe src="PAGE" style="width:1280px;height:4000px;border:0"></iframe>
<script>
addEventListener("load", () => {
  const view = document.querySelector("iframe").contentDocument;
  const all = [...view.querySelectorAll("*")];
  const found = all.filter(element =>
    ["SCRIPT", "IMG", "IFRAME", "OBJECT", "EMBED", "LINK", "FORM", "BASE"].includes(element.tagName.toUpperCase()) ||
    [...element.attributes].some(one => one.name.startsWith("on") || one.name == "src" ||
      (one.name == "href" && !/^(#|captures\/|transcripts\/)/.test(one.value))));
  document.querySelector("output").textContent = all.length + " elements, foreign: " + found.length;
});
</script>"#;

#[test]
fn a_hostile_record_brings_no_element_of_its_own() {
    let Some(browser) = Browser::find() else {
        return;
    };
    let text = html::render(&spoiled::hostile()).unwrap();
    assert!(text.contains("&lt;script&gt;alert(1)"));
    browser.page("hostile.html", &text);
    let frame = FOREIGN.replace("PAGE", "hostile.html");
    let frame = browser.page("frame-hostile.html", &frame);
    let args = ["--dump-dom", "--virtual-time-budget=10000"];
    let output = browser.run("hostile", &args, &frame);
    let dom = String::from_utf8(output.stdout).unwrap();
    let (_, rest) = dom.split_once("<output>").unwrap();
    let (said, _) = rest.split_once("</output>").unwrap();
    let (elements, foreign) = said.split_once(" elements, foreign: ").unwrap();
    assert!(elements.parse::<usize>().unwrap() > 300, "{said}");
    assert_eq!(foreign, "0", "{said}");
}

fn looks_right(name: &str, text: &str) {
    let Some(browser) = Browser::find() else {
        return;
    };
    let page = browser.page(&format!("{name}.html"), text);
    let blank = browser.page(&format!("{name}-blank.html"), "<!doctype html>");
    for width in [1280, 400] {
        let (wider, hidden, read) = browser.measured(&page, width);
        assert!(wider <= 0, "{name}: {wider} pixels wider than {width}");
        assert_eq!(hidden, 0, "{name}: pictures without size at {width}");
        assert!(read > 500, "{name}: only {read} characters at {width}");
        let (shot, nothing) = (
            browser.screenshot(&page, width),
            browser.screenshot(&blank, width),
        );
        assert!(
            shot > 4 * nothing,
            "{name} at {width}: {shot} and {nothing} octets"
        );
    }
}

#[test]
fn the_report_fits_wide_and_narrow_windows() {
    let page = html::render(&record()).unwrap();
    assert!(page.contains("<svg"), "the record has a picture");
    looks_right("report", &page);
}

#[test]
fn the_gap_alone_fits_wide_and_narrow_windows() {
    let page = html::render_gap(&record()).unwrap();
    assert!(page.contains("<summary>"), "the record has capabilities");
    looks_right("gap", &page);
}

#[test]
fn the_comparison_fits_wide_and_narrow_windows() {
    let (old, mut new) = (record(), record());
    new.target.revision = Some("of another firmware, with a very long name ".repeat(4));
    for case in &mut new.cases {
        if case.verdict == iedassay_reports::Verdict::Pass {
            case.verdict = iedassay_reports::Verdict::Fail;
            case.reason = Some("AVERYLONGNAMEWITHOUTABREAK".repeat(12));
        }
    }
    new.conclude();
    let comparison = compare::compare(&old, &new, compare::Tolerance::default());
    looks_right("comparison", &compare::html(&comparison).unwrap());
}
