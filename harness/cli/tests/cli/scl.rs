//! Bad SCL files: each message names the file, the line, the cause and the remedy.

use core::fmt::Write as _;

use iedassay_model::scl::{BUILTIN, MINIMAL};

use crate::harness::{Bench, golden};

/// What `check` and `browse` say of a file.
fn told(name: &str, content: impl AsRef<[u8]>) -> String {
    let bench = Bench::new().file(name, content);
    let mut said = bench.transcript(&["check", name]);
    let _ = write!(said, "\n{}", bench.transcript(&["browse", "--scl", name]));
    said
}

/// The minimal description with something else in place of something.
fn minimal_with(old: &str, new: &str) -> String {
    assert!(MINIMAL.contains(old), "{old}");
    MINIMAL.replacen(old, new, 1)
}

#[test]
fn what_is_no_scl_is_told() {
    golden!("scl_empty", told("empty.cid", ""));
    golden!("scl_text", told("notes.cid", "no XML at all\n"));
    golden!("scl_html", told("page.cid", "<html>\n<body/>\n</html>\n"));
    golden!(
        "scl_cut_short",
        told("cut.cid", &MINIMAL[..MINIMAL.len() / 2])
    );
    golden!(
        "scl_no_ied",
        told(
            "system.ssd",
            "<SCL xmlns=\"http://www.iec.ch/61850/2003/SCL\">\n  <Substation name=\"A\"/>\n</SCL>\n"
        )
    );
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE SCL [\n<!ENTITY a \"aaaa\">\n<!ENTITY b \"&a;&a;&a;\">\n]>\n<SCL>&b;</SCL>\n";
    golden!("scl_entities", told("bomb.cid", bomb));
    let deep = format!(
        "<SCL>{}{}</SCL>",
        "<a>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    golden!("scl_deep", told("deep.cid", deep));
}

#[test]
fn types_that_are_missing_or_circular_are_told() {
    golden!(
        "scl_missing_type",
        told(
            "missing.cid",
            minimal_with("<LNodeType id=\"", "<LNodeType id=\"X")
        )
    );
    golden!(
        "scl_circular_type",
        told(
            "circle.cid",
            minimal_with(
                "<DOType id=\"LPL\" cdc=\"LPL\">",
                "<DOType id=\"LPL\" cdc=\"LPL\"><SDO name=\"again\" type=\"LPL\"/>"
            )
        )
    );
}

#[test]
fn names_that_are_there_twice_are_told() {
    let device = |name: &str| {
        format!(
            "<LDevice inst=\"{name}\"><LN0 lnClass=\"LLN0\" inst=\"\" lnType=\"t\"/></LDevice>\n"
        )
    };
    let text = format!(
        "<SCL version=\"2007\" revision=\"B\">\n<IED name=\"A\"><AccessPoint name=\"P\"><Server>\n{}{}</Server></AccessPoint></IED>\n\
         <IED name=\"A\"/>\n<DataTypeTemplates>\n<LNodeType id=\"t\" lnClass=\"LLN0\"><DO name=\"Beh\" type=\"b\"/>\n<DO name=\"Beh\" type=\"b\"/></LNodeType>\n\
         <DOType id=\"b\" cdc=\"ENS\"><DA name=\"stVal\" fc=\"ST\" bType=\"INT32\"/></DOType>\n<DOType id=\"b\" cdc=\"ENS\"/>\n</DataTypeTemplates>\n</SCL>\n",
        device("L"),
        device("L")
    );
    golden!("scl_twice", told("twice.scd", text));
}

#[test]
fn every_encoding_reads_alike() {
    let declared = BUILTIN.replace("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
    let utf_16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(declared.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let files: [(&str, Vec<u8>); 4] = [
        ("plain.cid", BUILTIN.into()),
        ("marked.cid", format!("\u{feff}{BUILTIN}").into()),
        ("windows.cid", BUILTIN.replace('\n', "\r\n").into()),
        ("wide.cid", utf_16),
    ];
    let mut said = Vec::new();
    for (name, content) in files {
        let bench = Bench::new().file(name, content);
        let output = bench
            .command(&["browse", "--scl", name, "--all"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}");
        assert!(output.stderr.is_empty(), "{name}");
        let shown = String::from_utf8(output.stdout)
            .unwrap()
            .replace(name, "FILE");
        let checked = bench.command(&["check", name]).output().unwrap();
        assert!(checked.status.success(), "{name}");
        said.push(shown);
    }
    assert!(said.iter().all(|shown| *shown == said[0]));
}

#[test]
fn octets_that_are_no_text_are_told() {
    let mut octets = MINIMAL.as_bytes().to_vec();
    let at = MINIMAL.find("<IED").unwrap();
    octets.insert(at + 1, 0xe9);
    golden!("scl_no_text", told("latin.cid", octets));
}

#[test]
fn the_server_that_is_meant_must_exist() {
    let two = include_str!("../../../model/tests/scl/edition2.scd");
    let bench = Bench::new().file("two.scd", two);
    golden!(
        "scl_access_points",
        [
            bench.transcript(&["check", "two.scd"]),
            bench.transcript(&[
                "browse",
                "--scl",
                "two.scd",
                "--ied",
                "BCU",
                "--access-point",
                "S9"
            ]),
            bench.transcript(&["browse", "--scl", "two.scd", "--ied", "HMI"]),
            bench.transcript(&["sim", "--scl", "two.scd", "--ied", "BCW"]),
            bench.transcript(&[
                "browse",
                "--scl",
                "two.scd",
                "--ied",
                "BCU",
                "--access-point",
                "S3"
            ]),
        ]
        .join("\n")
    );
}

#[test]
fn a_target_chooses_the_access_point() {
    let two = include_str!("../../../model/tests/scl/edition2.scd");
    let target = |point: &str| {
        format!(
            "target: bay\naddress: 127.0.0.1\nscl: {{file: two.scd, ied: BCU, access-point: {point}}}\n"
        )
    };
    let bench = Bench::new()
        .file("two.scd", two)
        .file("first.yaml", target("S1"))
        .file("other.yaml", target("S3"))
        .file("none.yaml", target("S9"));
    golden!(
        "scl_target_access_point",
        ["first.yaml", "other.yaml", "none.yaml"]
            .map(|name| bench.transcript(&["check", name]))
            .join("\n")
    );
}
