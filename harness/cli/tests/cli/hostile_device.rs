//! A device whose texts are markup, formulas, escape sequences and disguises: nothing of it acts in any report, and in
//! nothing that is printed.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::harness::Bench;

/// Begins like a formula, opens and closes markup of every kind.
const MARKUP: &str = "=cmd|' /C calc'!A0</td><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;]]>`*_[x](javascript:alert(1))";

/// Moves a cursor, sets a title, rings, ends a text, colours, breaks lines, turns the direction.
const CONTROL: &str =
    "\u{1b}[2J\u{1b}]0;x\u{7}\u{0}\u{9b}31m\r\n# heading\n\u{202e}evil\u{2066}\u{200f}\u{feff}";

/// Serves a device that says all this of itself, of its blocks and its files.
struct Device {
    bench: Bench,
    sim: Child,
}

impl Device {
    fn serve() -> Self {
        let quoted = MARKUP
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        let scl = include_str!("../../../model/scl/minimal.cid")
            .replace("<Val>iedassay</Val>", &format!("<Val>{quoted}</Val>"))
            .replace("rptID=\"inputs\"", &format!("rptID=\"{quoted}\""))
            .replace("desc=\"Inputs\"", &format!("desc=\"{quoted}\""));
        // YAML takes no such characters but as escapes.
        let said = |text: String| {
            let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
            format!("\"{}\"", units.collect::<String>())
        };
        let profile = format!(
            "identity:\n  vendor: {}\n  model: {}\n  revision: {}\nfiles: files\n",
            said(format!("{MARKUP}{CONTROL}")),
            said(format!("{CONTROL}{MARKUP}")),
            said(format!("@SUM(1)|{}", MARKUP.repeat(40))),
        );
        let mut bench = Bench::new()
            .file("hostile.cid", scl)
            .file("profile.yaml", profile)
            .file("files/plain.txt", "x");
        for name in [
            "=cmd|' calc.txt",
            "<img src=x onerror=alert(1)>.txt",
            "esc\u{1b}[2J\u{7}.txt",
            "line\n# h](x).txt",
            "bidi\u{202e}gpj.txt",
            "-1+2.csv",
            "@x.txt",
        ] {
            bench = bench.file(&format!("files/{name}"), "x");
        }
        // A name that is no UTF-8, as far as the file system takes it.
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let name = std::ffi::OsStr::from_bytes(b"bad\xff\xfe.bin");
            let _ = std::fs::write(bench.path("files").join(name), "x");
        }
        let mut sim = std::process::Command::new(env!("CARGO_BIN_EXE_iedassay"))
            .args(["sim", "--listen", "127.0.0.1:0", "--scl", "hostile.cid"])
            .args(["--profile", "profile.yaml"])
            .current_dir(bench.path("."))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = sim.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("mms ").unwrap();
        let target = format!("target: hostile\naddress: {address}\n");
        Self {
            bench: bench.file("target.yaml", target),
            sim,
        }
    }

    /// What a command prints, on both streams, of which nothing acts.
    fn says(&self, args: &[&str]) -> String {
        let output = self.bench.command(args).output().unwrap();
        for (stream, octets) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            nothing_acts(&format!("{stream} of {args:?}"), &text(octets));
        }
        text(&output.stdout)
    }

    /// The same where only colours of ours may act.
    fn says_in_colour(&self, args: &[&str]) {
        let args = [&["--color", "always"], args].concat();
        let output = self.bench.command(&args).output().unwrap();
        for octets in [&output.stdout, &output.stderr] {
            let mut plain = String::new();
            let all = text(octets);
            let mut rest = all.as_str();
            while let Some((before, after)) = rest.split_once('\u{1b}') {
                plain.push_str(before);
                let end = after.find(|c: char| !"[;0123456789".contains(c)).unwrap();
                assert_eq!(&after[end..=end], "m", "{args:?}: {:?}", &after[..=end]);
                rest = &after[end + 1..];
            }
            plain.push_str(rest);
            nothing_acts(&format!("{args:?}"), &plain);
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let _ = self.sim.kill();
        let _ = self.sim.wait();
    }
}

fn text(octets: &[u8]) -> String {
    String::from_utf8(octets.to_vec()).unwrap()
}

fn nothing_acts(what: &str, text: &str) {
    if let Some((at, c)) = text
        .char_indices()
        .find(|(_, c)| *c != '\n' && iedassay_reports::acts(*c))
    {
        let from = text.floor_char_boundary(at.saturating_sub(200));
        panic!("{what} holds {c:?} after {:?}", &text[from..at]);
    }
}

/// The elements of a page, and its attributes by name, as a browser reads them: a name follows every `<` that is one.
fn elements(page: &str) -> Vec<&str> {
    let mut rest = page;
    let mut found = Vec::new();
    while let Some((_, after)) = rest.split_once('<') {
        let end = after
            .find(|c: char| !c.is_ascii_alphanumeric() && !"/!".contains(c))
            .unwrap_or(after.len());
        found.push(after[..end].trim_start_matches('/'));
        rest = after;
    }
    found
}

/// What the templates are made of.
const ELEMENTS: &[&str] = &[
    "!doctype",
    "a",
    "abbr",
    "article",
    "b",
    "body",
    "circle",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "g",
    "h1",
    "h2",
    "h3",
    "head",
    "header",
    "html",
    "i",
    "input",
    "label",
    "li",
    "line",
    "main",
    "mark",
    "meta",
    "ol",
    "p",
    "path",
    "pre",
    "rect",
    "section",
    "small",
    "span",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "ul",
];

fn page_is_ours(what: &str, page: &str) {
    nothing_acts(what, page);
    for element in elements(page) {
        assert!(ELEMENTS.contains(&element), "{what} has <{element}>");
    }
    for wrong in [
        " onerror=alert(1)>\"",
        "href=\"javascript",
        "href=\"=",
        "src=\"",
    ] {
        assert!(!page.contains(wrong), "{what} has {wrong}");
    }
    assert!(
        page.contains("&lt;script&gt;alert(1)"),
        "{what} shows what the device says"
    );
}

fn words_are_ours(what: &str, words: &str) {
    nothing_acts(what, words);
    // Outside of code spans and blocks neither markup nor links of others.
    let mut code = false;
    for line in words.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        let outside: String = line.split('`').step_by(2).collect();
        assert!(
            !outside.contains("<script") && !outside.contains("<img"),
            "{what}: {line}"
        );
        assert!(
            !outside.contains("[x](") && !outside.starts_with("# heading"),
            "{what}: {line}"
        );
    }
}

fn table_is_ours(what: &str, table: &str) {
    nothing_acts(what, table);
    for line in table.lines() {
        for cell in line.split(',') {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '@', '-']), "{what}: {line}");
        }
    }
}

fn xml_is_ours(what: &str, document: &str) {
    nothing_acts(what, document);
    let parsed = roxmltree::Document::parse(document).unwrap();
    let known = [
        "testsuites",
        "testsuite",
        "testcase",
        "properties",
        "property",
        "failure",
        "error",
        "skipped",
        "system-out",
        "system-err",
    ];
    for node in parsed.descendants().filter(roxmltree::Node::is_element) {
        assert!(known.contains(&node.tag_name().name()), "{what}: {node:?}");
    }
}

#[test]
fn nothing_that_a_device_says_acts_anywhere() {
    let device = Device::serve();
    let filter =
        "group:files or server/logical-devices or model/conditional or urcb/found-and-read";
    let run = ["run", "--target", "target.yaml", "--filter", filter];
    let said = device.says(&run);
    assert!(said.contains("fail"), "{said}");
    let read = |name: &str| device.bench.read(&format!("iedassay-out/{name}"));
    page_is_ours("report.html", &read("report.html"));
    words_are_ours("report.md", &read("report.md"));
    table_is_ours("pics-gap.csv", &read("pics-gap.csv"));
    xml_is_ours("junit.xml", &read("junit.xml"));
    xml_is_ours("pics-gap.junit.xml", &read("pics-gap.junit.xml"));
    for entry in std::fs::read_dir(device.bench.path("iedassay-out/transcripts")).unwrap() {
        let path = entry.unwrap().path();
        let transcript = std::fs::read_to_string(&path).unwrap();
        nothing_acts(&path.display().to_string(), &transcript);
    }

    // Everything that prints.
    let json = device.says(&["report", "iedassay-out", "--format", "json"]);
    let record: serde_json::Value = serde_json::from_str(&json).unwrap();
    let vendor = record["target"]["vendor"].as_str().unwrap();
    assert_eq!(vendor, format!("{MARKUP}{CONTROL}"), "JSON changes nothing");
    device.says(&["report", "iedassay-out", "--verbose"]);
    device.says_in_colour(&["report", "iedassay-out", "--verbose"]);
    device.says(&["browse", "--target", "target.yaml"]);
    device.says_in_colour(&["browse", "--target", "target.yaml"]);
    device.says(&["browse", "--target", "target.yaml", "--format", "json"]);
    device.says(&["list", "--filter", "group:files"]);
    device.says(&["waive", "--from", "iedassay-out"]);
    let gap = ["pics", "gap", "iedassay-out", "--format"];
    for format in ["human", "json"] {
        device.says(&[&gap[..], &[format]].concat());
    }
    words_are_ours(
        "pics gap",
        &device.says(&[&gap[..], &["markdown"]].concat()),
    );
    table_is_ours("pics gap", &device.says(&[&gap[..], &["csv"]].concat()));
    xml_is_ours("pics gap", &device.says(&[&gap[..], &["junit"]].concat()));
    page_is_ours("pics gap", &device.says(&[&gap[..], &["html"]].concat()));
    let draft = device.says(&["pics", "init", "--target", "target.yaml"]);
    assert_eq!(draft.matches("\npics:").count(), 1, "{draft}");
    let captures = std::fs::read_dir(device.bench.path("iedassay-out/captures")).unwrap();
    for name in captures.take(4) {
        let path = name.unwrap().path().display().to_string();
        device.says(&["decode", &path]);
        device.says(&["decode", "--summary", &path]);
    }

    // Another run of another device beside it.
    let other = [
        "run",
        "--virtual-time",
        "--out",
        "other",
        "--filter",
        "urcb/found-and-read",
    ];
    device.says(&other);
    let diff = ["diff", "other", "iedassay-out", "--format"];
    device.says(&[&diff[..], &["human"]].concat());
    device.says(&[&diff[..], &["json"]].concat());
    page_is_ours("diff", &device.says(&[&diff[..], &["html"]].concat()));
    words_are_ours("diff", &device.says(&[&diff[..], &["markdown"]].concat()));
}
