//! Nothing that a device says can become markup, an escape sequence, a formula or a disguise in a report.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod spoiled;

use iedassay_reports::terminal::TerminalOptions;
use iedassay_reports::{
    compare, html, junit, markdown, pics_gap, pics_statement, terminal, waivers,
};

use spoiled::hostile;

/// Characters that act instead of being shown.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn shown_only(name: &str, text: &str) {
    let found = text.char_indices().find(|(_, c)| acts(*c));
    if let Some((at, c)) = found {
        let from = text.floor_char_boundary(at.saturating_sub(300));
        panic!("{name} holds {c:?} after {:?}", &text[from..at]);
    }
}

#[test]
fn html_has_no_markup_but_its_own() {
    let comparison = compare::compare(&hostile(), &hostile(), compare::Tolerance::default());
    for text in [
        html::render(&hostile()).unwrap(),
        html::render_gap(&hostile()).unwrap(),
        compare::html(&comparison).unwrap(),
    ] {
        shown_only("HTML", &text);
        for markup in [
            "<script",
            "<img",
            "onerror=alert(1)>",
            "href=\"javascript",
            "href=\"=cmd",
        ] {
            assert!(!text.contains(markup), "{markup}");
        }
    }
}

#[test]
fn junit_is_still_xml() {
    let record = hostile();
    let gap = pics_gap::render_junit(&pics_gap::gap_report(&record)).unwrap();
    for (name, text) in [
        ("JUnit", junit::render(&record).unwrap()),
        ("JUnit of the gap", gap),
    ] {
        shown_only(name, &text);
        // A CDATA section ends only where the writer ends it.
        assert_eq!(
            text.matches("<![CDATA[").count(),
            text.matches("]]>").count(),
            "{name}"
        );
        let outside: String = text
            .split("<![CDATA[")
            .map(|part| part.split_once("]]>").map_or(part, |(_, rest)| rest))
            .collect();
        assert!(!outside.contains("<script"), "{name}");
    }
}

#[test]
fn markdown_has_no_markup_of_a_device_outside_of_code() {
    let record = hostile();
    let gap = pics_gap::render_markdown(&pics_gap::gap_report(&record), true);
    for text in [markdown::render(&record), gap] {
        shown_only("Markdown", &text);
        let mut fence: Option<String> = None;
        for line in text.lines() {
            let trimmed = line.trim_start();
            let ticks: String = trimmed.chars().take_while(|c| *c == '`').collect();
            match &fence {
                Some(open) if ticks.len() >= open.len() && trimmed == ticks => fence = None,
                Some(_) => {}
                None if ticks.len() >= 3 && !trimmed[ticks.len()..].contains('`') => {
                    fence = Some(ticks)
                }
                None => {
                    assert!(!line.starts_with("# heading"), "{line}");
                    let plain = without_code(line);
                    assert!(
                        !plain.contains("<script") && !plain.contains("<img"),
                        "{line}"
                    );
                    assert!(!plain.replace("\\]", "").contains("](javascript"), "{line}");
                }
            }
        }
        assert_eq!(fence, None);
    }
}

/// A line without its code spans: each is closed by as many backquotes as open it.
fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        if rest[..at].ends_with('\\') {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        }
        out.push_str(&rest[..at]);
        let ticks: String = rest[at..].chars().take_while(|c| *c == '`').collect();
        let inner = &rest[at + ticks.len()..];
        let mut from = 0;
        let end = loop {
            let Some(next) = inner[from..].find('`').map(|next| from + next) else {
                break None;
            };
            let run = inner[next..].chars().take_while(|c| *c == '`').count();
            if run == ticks.len() {
                break Some(next + run);
            }
            from = next + run;
        };
        match end {
            Some(end) => rest = &inner[end..],
            None => {
                out.push_str(&rest[at..]);
                return out;
            }
        }
    }
    out.push_str(rest);
    out
}

#[test]
fn csv_has_no_formula_and_one_line_a_row() {
    let record = hostile();
    let text = pics_gap::render_csv(&record);
    shown_only("CSV", &text);
    assert_eq!(
        text.lines().count(),
        1 + pics_gap::gap_report(&record).rows.len()
    );
    for line in text.lines().skip(1) {
        assert!(line.starts_with("'=") || line.starts_with("\"'="), "{line}");
        assert!(!line.contains(",=") && !line.contains(",\"="), "{line}");
    }
}

#[test]
fn the_terminal_gets_no_escape_of_a_device() {
    let record = hostile();
    let options = TerminalOptions {
        all_cases: true,
        ..TerminalOptions::default()
    };
    let comparison = compare::compare(&record, &hostile(), compare::Tolerance::default());
    let texts = [
        terminal::render(&record, options),
        pics_gap::render_terminal(&pics_gap::gap_report(&record), options),
        pics_statement::draft(&record),
        pics_statement::draft_file(&record),
        compare::terminal(&comparison, options),
        compare::markdown(&comparison),
        waivers::draft(&record, &waivers::Draft::default()).unwrap(),
    ];
    for (index, text) in texts.iter().enumerate() {
        shown_only(&format!("text {index}"), text);
    }
}
