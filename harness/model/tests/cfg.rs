//! The `.cfg` form of the built-in descriptions keeps the rules of the format.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use iedassay_model::{Fc, cfg, scl, tree::NodeKind};

/// The word before the bracket, and what is in the brackets.
fn parts(line: &str) -> (&str, &str) {
    let (word, rest) = line.split_once('(').unwrap_or_else(|| panic!("{line}"));
    (
        word,
        rest.rsplit_once(')').unwrap_or_else(|| panic!("{line}")).0,
    )
}

#[test]
fn every_line_has_the_fields_of_its_kind() {
    for description in [scl::builtin(), scl::minimal()] {
        let text = cfg::write(&description.unwrap().model);
        let mut depth = 0_i32;
        for line in text.lines() {
            assert!(line.len() < 1_000, "{line}");
            if line == "}" {
                depth -= 1;
                assert!(depth >= 0);
                continue;
            }
            let opens = line.ends_with('{');
            depth += i32::from(opens);
            assert!(opens || line.ends_with(';'), "{line}");
            let (word, fields) = parts(line);
            let fields = fields.split(')').next().unwrap().split_whitespace().count();
            let expected = match word {
                "MODEL" | "LD" | "LN" | "DS" | "DE" | "LOG" => 1,
                "DO" | "SG" => 2,
                "DA" => 6,
                "RC" => 9,
                "LC" | "GC" => 7,
                "SMVC" => 8,
                "PA" => 4,
                other => panic!("unknown word {other}"),
            };
            assert_eq!(fields, expected, "{line}");
        }
        assert_eq!(depth, 0);
    }
}

#[test]
fn nothing_of_the_model_is_lost() {
    let model = scl::builtin().unwrap().model;
    let text = cfg::write(&model);
    let count = |word: &str| text.lines().filter(|line| line.starts_with(word)).count();
    assert_eq!(count("LD("), model.logical_devices().len());
    assert_eq!(count("LN("), model.nodes().count());
    assert_eq!(count("DS("), model.data_sets().count());
    assert_eq!(
        count("DE("),
        model
            .data_sets()
            .map(|at| at.data_set.members.len())
            .sum::<usize>()
    );
    assert_eq!(count("RC("), model.report_controls().count());
    let attributes = |fc: Fc| {
        model
            .variables()
            .filter(|node| {
                node.kind() == NodeKind::Attribute
                    && node.fc() == Some(fc)
                    && node.count().is_none()
            })
            .count()
    };
    let lines = |number: &str| {
        text.lines()
            .filter(|l| l.starts_with("DA(") && l.split(' ').nth(3) == Some(number))
            .count()
    };
    for (fc, number) in [
        (Fc::ST, "0"),
        (Fc::MX, "1"),
        (Fc::SP, "2"),
        (Fc::SG, "6"),
        (Fc::SE, "7"),
        (Fc::CO, "12"),
    ] {
        assert_eq!(lines(number), attributes(fc), "{fc}");
    }
}
