//! What the explanations of octets say, word for word: `explained.txt` holds for each input its layer and octets, then a summary, the
//! tree, and what is odd. `IEDASSAY_UPDATE_GOLDEN=1` writes what they say now.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

#[path = "support/digits.rs"]
mod digits;
#[path = "support/golden.rs"]
mod golden;

use std::fmt::Write as _;

use digits::octets;
use golden::same_as_written;
use iedassay_wire::annotate::{Start, annotate, annotate_from, observations, render, summarize};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/explained.txt");

#[test]
fn every_input_is_explained_as_written_down() {
    let old = std::fs::read_to_string(FILE).unwrap();
    let mut new = String::new();
    let mut entries = 0;
    for entry in old.trim_start_matches("== ").split("\n== ") {
        let mut lines = entry.lines();
        let (name, input) = (lines.next().unwrap(), lines.next().unwrap());
        let (layer, digits) = input.split_once(' ').unwrap();
        if !new.is_empty() {
            new.push('\n');
        }
        writeln!(new, "== {name}\n{layer} {digits}").unwrap();
        explain(&mut new, layer, &octets(digits));
        entries += 1;
    }
    assert!(entries > 100, "{entries} entries");
    same_as_written(FILE, &new);
}

fn explain(text: &mut String, layer: &str, bytes: &[u8]) {
    let start = match layer {
        "tpkt" => Start::Tpkt,
        "cotp" => Start::Cotp,
        "session" => Start::Session,
        "presentation" => Start::Presentation,
        "acse" => Start::Acse,
        "mms" => Start::Mms,
        other => panic!("no layer {other}"),
    };
    let guessed = Start::guess(bytes);
    writeln!(text, "> {}", summarize(bytes)).unwrap();
    let tree = annotate_from(bytes, start);
    text.push_str(&render(&tree));
    if guessed == start {
        assert_eq!(annotate(bytes), tree);
        for seen in observations(bytes) {
            writeln!(text, "{:04x}? {}: {}", seen.offset, seen.layer, seen.kind).unwrap();
        }
    } else {
        writeln!(text, "alone it would be taken for {guessed:?}").unwrap();
    }
}
