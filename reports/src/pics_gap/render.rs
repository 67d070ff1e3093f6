//! The gap report as JSON, CSV, Markdown and a table for the terminal.

use super::{GapReport, GapRow, gap_report};
use crate::capability::{CapabilityKind, Statement};
use crate::markdown::{code, inline};
use crate::record::RunRecord;
use crate::terminal::{Style, TerminalOptions, paint};
use crate::text::{counted, one_line, wrap};

/// The gap report as JSON.
///
/// # Errors
/// Never in practice: it holds only what JSON can carry.
pub fn render_json(record: &RunRecord) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&gap_report(record))?;
    text.push('\n');
    Ok(text)
}

/// The gap report as CSV (RFC 4180, with a header, line feeds at line ends).
#[must_use]
pub fn render_csv(record: &RunRecord) -> String {
    let mut out =
        String::from("id,name,kind,required,claimed,described,announced,observed,gaps,note\n");
    for row in gap_report(record).rows {
        let gaps: Vec<&str> = row.gaps.iter().map(|gap| gap.title()).collect();
        let cells = [
            row.id.clone(),
            row.name.clone(),
            row.kind.name().to_owned(),
            said(row.required.as_ref()),
            said(row.claimed.as_ref()),
            said(row.described.as_ref()),
            said(row.announced.as_ref()),
            row.observed.name().to_owned(),
            gaps.join("; "),
            row.note.clone().unwrap_or_default(),
        ];
        let line: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
        out.push_str(&line.join(","));
        out.push('\n');
    }
    out
}

/// A statement in a table cell: empty when nobody said anything.
pub(crate) fn said(statement: Option<&Statement>) -> String {
    match statement {
        None => String::new(),
        Some(Statement {
            supported: false, ..
        }) => "no".to_owned(),
        Some(Statement {
            value: Some(value), ..
        }) => one_line(value),
        Some(_) => "yes".to_owned(),
    }
}

// A cell that a spreadsheet would take for a formula gets an apostrophe, since part of the text comes from a device.
pub(super) fn csv_cell(text: &str) -> String {
    let mut text = one_line(text);
    if text.starts_with([
        '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) {
        text.insert(0, '\'');
    }
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The rows with a gap, or all of them, as a table of Markdown.
#[must_use]
pub fn render_markdown(report: &GapReport, all: bool) -> String {
    let mut out = String::from(
        "| capability | required | claimed | announced | observed | gap | note |\n|---|---|---|---|---|---|---|\n",
    );
    for row in report.rows.iter().filter(|row| all || !row.gaps.is_empty()) {
        let gaps: Vec<&str> = row.gaps.iter().map(|gap| gap.title()).collect();
        out.push_str(&format!(
            "| {} {} | {} | {} | {} | {} | {} | {} |\n",
            code(&row.id),
            inline(&row.name),
            inline(&said(row.required.as_ref())),
            inline(&said(row.claimed.as_ref())),
            inline(&said(row.announced.as_ref())),
            row.observed.name(),
            gaps.join(", "),
            inline(row.note.as_deref().unwrap_or_default()),
        ));
    }
    out
}

const ID_WIDTH: usize = 36;
const SAID_WIDTH: usize = 10;
const OBSERVED_WIDTH: usize = 14;

/// A table for people at a terminal: the rows with a gap, or all of them, and how many there are.
#[must_use]
pub fn render_terminal(report: &GapReport, options: TerminalOptions) -> String {
    let mut out = String::new();
    let mut kind: Option<CapabilityKind> = None;
    let shown = |row: &&GapRow| options.all_cases || !row.gaps.is_empty();
    for row in report.rows.iter().filter(shown) {
        if kind != Some(row.kind) {
            if kind.is_some() {
                out.push('\n');
            }
            let heading = format!(
                "{:ID_WIDTH$}{:SAID_WIDTH$}{:SAID_WIDTH$}{:SAID_WIDTH$}observed",
                row.kind.title(),
                "required",
                "claimed",
                "announced"
            );
            out.push_str(&paint(options.color, Style::Bold, heading.trim_end()));
            out.push('\n');
            kind = Some(row.kind);
        }
        terminal_row(&mut out, row, options);
    }
    if kind.is_some() {
        out.push('\n');
    }
    let contradictions = report
        .gaps()
        .filter(|row| row.gaps.iter().any(|gap| gap.is_contradiction()))
        .count();
    let gaps = report.gaps().count();
    let style = if contradictions > 0 {
        Style::Bad
    } else {
        Style::Good
    };
    let conclusion = format!(
        "{} of {} with a gap, {contradictions} of them a contradiction",
        counted(gaps, "capability").replace("capabilitys", "capabilities"),
        report.rows.len()
    );
    out.push_str(&paint(options.color, style, &conclusion));
    out.push('\n');
    out
}

fn terminal_row(out: &mut String, row: &GapRow, options: TerminalOptions) {
    let cell = |statement: Option<&Statement>| {
        let mut text = said(statement);
        if text.is_empty() {
            text.push('-');
        }
        text.chars().take(SAID_WIDTH - 1).collect::<String>()
    };
    let line = format!(
        "{:ID_WIDTH$}{:SAID_WIDTH$}{:SAID_WIDTH$}{:SAID_WIDTH$}{:OBSERVED_WIDTH$}",
        one_line(&row.id),
        cell(row.required.as_ref()),
        cell(row.claimed.as_ref()),
        cell(row.announced.as_ref()),
        row.observed.name(),
    );
    out.push_str(line.trim_end());
    out.push('\n');
    let mut detail = |style: Style, text: &str| {
        for line in wrap(&one_line(text), options.width.saturating_sub(4).max(20)) {
            out.push_str("    ");
            out.push_str(&paint(options.color, style, &line));
            out.push('\n');
        }
    };
    detail(Style::Dim, &row.name);
    for gap in &row.gaps {
        let style = if gap.is_contradiction() {
            Style::Bad
        } else {
            Style::Odd
        };
        detail(style, gap.title());
    }
    if let Some(note) = &row.note {
        detail(Style::Dim, note);
    }
}
