//! The report as Markdown, for merge requests and wikis.

use crate::case::{CaseRecord, Verdict};
use crate::explain::{Label, explain};
use crate::group::{groups, not_run, troubled};
use crate::identity::{COMMAND, facts};
use crate::pics_gap::{gap_report, render_markdown};
use crate::record::RunRecord;
use crate::requirement::requirement_matrix;
use crate::text::{duration, one_line, wall_time};

/// The report as GitHub-flavoured Markdown.
#[must_use]
pub fn render(record: &RunRecord) -> String {
    let mut out = String::new();
    header(&mut out, record);
    explained(&mut out, record);
    requirements(&mut out, record);
    tables(&mut out, record);
    answers(&mut out, record);
    findings(&mut out, record);
    excluded(&mut out, record);
    gaps(&mut out, record);
    left_behind(&mut out, record);
    evidence(&mut out, record);
    out
}

fn header(out: &mut String, record: &RunRecord) {
    let summary = &record.summary;
    push(
        out,
        &format!(
            "# {} {}",
            inline(&record.target.name),
            summary.conclusion.title()
        ),
    );
    push(out, &format!("{}.", inline(&summary.because)));
    let counts: Vec<String> = Verdict::ALL
        .into_iter()
        .map(|verdict| match (verdict, summary.flaky) {
            (Verdict::Pass, 1..) => format!("{} pass ({} flaky)", summary.pass, summary.flaky),
            _ => format!("{} {verdict}", summary.count(verdict)),
        })
        .collect();
    push(
        out,
        &format!(
            "**{}** in {}",
            counts.join(", "),
            duration(record.duration_ms)
        ),
    );
    out.push_str("| | |\n|---|---|\n");
    for (name, value) in facts(record) {
        let value = if name == COMMAND {
            code(&value).replace('|', "\\|")
        } else {
            inline(&value)
        };
        out.push_str(&format!("| {} | {value} |\n", inline(&name)));
    }
    out.push('\n');
}

fn explained(out: &mut String, record: &RunRecord) {
    let cases: Vec<&CaseRecord> = troubled(record).collect();
    if cases.is_empty() {
        return;
    }
    push(out, "## What needs an eye");
    for case in cases {
        push(
            out,
            &format!("### {}: {}", verdict(case), code(&case.key())),
        );
        push(out, &format!("{}.", inline(&case.title)));
        for row in explain(case) {
            if row.label.is_code() {
                let fence = fence(&row.lines);
                push(
                    out,
                    &format!(
                        "- {}:\n\n  {fence}text\n  {}\n  {fence}",
                        row.label.name(),
                        row.lines.join("\n  ")
                    ),
                );
                continue;
            }
            let separator = if row.label == Label::Expected {
                ", or "
            } else {
                " "
            };
            let lines: Vec<String> = row.lines.iter().map(|line| inline(line)).collect();
            out.push_str(&format!(
                "- {}: {}\n",
                row.label.name(),
                lines.join(separator)
            ));
        }
        out.push('\n');
    }
}

fn answers(out: &mut String, record: &RunRecord) {
    let answered = |case: &'_ CaseRecord| !case.answers.is_empty();
    if !record.cases.iter().any(answered) {
        return;
    }
    push(out, "## What people answered");
    out.push_str("| question | answer | who | when | case |\n|---|---|---|---|---|\n");
    for case in &record.cases {
        for one in &case.answers {
            let remark = one.remark.as_deref().map(|remark| format!(" ({remark})"));
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                inline(&one.text),
                inline(&format!("{}{}", one.answer, remark.unwrap_or_default())),
                inline(&one.by),
                inline(&wall_time(&one.on)),
                code(&case.key()).replace('|', "\\|"),
            ));
        }
    }
    out.push('\n');
}

fn requirements(out: &mut String, record: &RunRecord) {
    let rows = requirement_matrix(record);
    if rows.is_empty() {
        return;
    }
    push(out, "## Requirements");
    out.push_str("| requirement | what | state | cases | because |\n|---|---|---|---|---|\n");
    for row in rows {
        let cases: Vec<String> = row
            .evidence
            .iter()
            .map(|(key, verdict)| format!("{} {verdict}", code(key).replace('|', "\\|")))
            .collect();
        let because: Vec<String> = row.because.iter().map(|why| inline(why)).collect();
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            code(&row.requirement.id).replace('|', "\\|"),
            inline(row.requirement.text.as_deref().unwrap_or_default()),
            row.met.name(),
            cases.join(", "),
            because.join("; "),
        ));
    }
    out.push('\n');
}

fn tables(out: &mut String, record: &RunRecord) {
    push(out, "## Cases");
    for group in groups(record) {
        push(out, &format!("### {}", inline(group.name)));
        out.push_str("| case | title | ids | verdict | time |\n|---|---|---|---|---:|\n");
        for case in group.cases {
            let ids: Vec<String> = case
                .uca
                .iter()
                .map(|uca| format!("{} ({})", uca.id, uca.confidence))
                .collect();
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                code(&case.key()).replace('|', "\\|"),
                inline(&case.title),
                inline(&ids.join(", ")),
                verdict(case),
                duration(case.duration_ms),
            ));
        }
        out.push('\n');
    }
}

fn findings(out: &mut String, record: &RunRecord) {
    if record.summary.findings == 0 {
        return;
    }
    push(out, "## Permitted, but worth knowing");
    for case in &record.cases {
        for finding in &case.findings {
            let clause = finding
                .clause
                .as_ref()
                .map(|clause| format!(" ({})", inline(clause)))
                .unwrap_or_default();
            out.push_str(&format!(
                "- {} in {}, {} times: {}{clause}\n",
                code(&finding.code),
                code(&case.key()),
                finding.count,
                inline(&finding.text)
            ));
        }
    }
    out.push('\n');
}

fn excluded(out: &mut String, record: &RunRecord) {
    let reasons = not_run(record);
    if reasons.is_empty() {
        return;
    }
    push(out, "## Not applicable");
    for (reason, cases) in reasons {
        let keys: Vec<String> = cases.iter().map(|case| code(&case.key())).collect();
        out.push_str(&format!("- {}: {}\n", inline(reason), keys.join(", ")));
    }
    out.push('\n');
}

fn gaps(out: &mut String, record: &RunRecord) {
    let report = gap_report(record);
    if report.gaps().next().is_some() {
        push(out, "## PICS gaps");
        out.push_str(&render_markdown(&report, false));
        out.push('\n');
    }
}

fn left_behind(out: &mut String, record: &RunRecord) {
    if record.left_behind.is_empty() {
        return;
    }
    push(out, "## Left behind on the device");
    for left in &record.left_behind {
        out.push_str(&format!(
            "- {}: {} (changed by {})\n",
            inline(&left.what),
            inline(&left.why),
            code(&left.case)
        ));
    }
    out.push('\n');
}

fn evidence(out: &mut String, record: &RunRecord) {
    let evidence = record.evidence();
    if evidence.is_empty() {
        return;
    }
    push(
        out,
        "<details><summary>SHA-256 of every evidence file</summary>",
    );
    out.push_str("| file | SHA-256 |\n|---|---|\n");
    for (file, digest) in evidence {
        out.push_str(&format!("| {} | {} |\n", code(file), code(digest)));
    }
    push(out, "\n</details>");
}

fn verdict(case: &CaseRecord) -> String {
    match (&case.waiver, case.verdict) {
        (Some(_), Verdict::Fail) if case.is_waived() => "fail (waived)".to_owned(),
        (Some(waiver), verdict) if case.has_stale_waiver() => {
            format!("**{verdict}**, waiver {}", waiver.state)
        }
        (_, Verdict::Fail | Verdict::Error) => format!("**{}**", case.verdict),
        (_, Verdict::Pass) if case.is_flaky() => "pass (flaky)".to_owned(),
        (_, verdict) => verdict.to_string(),
    }
}

pub(crate) fn push(out: &mut String, paragraph: &str) {
    out.push_str(paragraph);
    out.push_str("\n\n");
}

// Text that stands for itself: nothing in it starts markup, a table cell or HTML.
pub(crate) fn inline(text: &str) -> String {
    let mut out = String::new();
    for c in one_line(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

// A code span is closed by as many backquotes as open it, so it is opened by more than it holds.
pub(crate) fn code(text: &str) -> String {
    let text = one_line(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{space}{text}{space}{ticks}")
}

fn fence(lines: &[String]) -> String {
    "`".repeat(
        lines
            .iter()
            .map(|line| longest_run(line))
            .max()
            .unwrap_or(0)
            .max(2)
            + 1,
    )
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_text_is_no_markup() {
        assert_eq!(inline("a|b <i> `c` *d*"), "a\\|b &lt;i&gt; \\`c\\` \\*d\\*");
    }

    #[test]
    fn code_spans_hold_backquotes() {
        assert_eq!(code("`p` x"), "`` `p` x ``");
        assert_eq!(code("a"), "`a`");
    }
}
