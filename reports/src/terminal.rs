//! The summary at the end of a run, for a person at a terminal.
//!
//! Groups with their counts first, then everything that needs an eye, each explained, and the conclusion last, because
//! the last line is what stands above the prompt. Colour only repeats what the words say.

use crate::case::{CaseRecord, Finding, Verdict};
use crate::explain::{Label, explain, headline};
use crate::group::{Group, groups, not_run, troubled};
use crate::record::RunRecord;
use crate::requirement::{Met, requirement_matrix};
use crate::summary::Conclusion;
use crate::text::{counted, duration, one_line, visible, wall_time, wrap};

/// How to lay out the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalOptions {
    /// Use ANSI colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// List every case, not only those that need an eye.
    pub all_cases: bool,
}

impl Default for TerminalOptions {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            all_cases: false,
        }
    }
}

const LABEL_WIDTH: usize = 12;
const INDENT: usize = 8;
const MAX_CODE_LINES: usize = 24;
const MAX_CASES_OF_REASON: usize = 6;
const MAX_ALIKE: usize = 12;

/// The summary as text with a line feed at the end.
#[must_use]
pub fn render(record: &RunRecord, options: TerminalOptions) -> String {
    let mut page = Page {
        out: String::new(),
        options,
    };
    page.header(record);
    page.table(record);
    if options.all_cases {
        page.listing(record);
    }
    page.troubled(record);
    page.requirements(record);
    page.findings(record);
    page.not_run(record);
    page.left_behind(record);
    page.conclusion(record);
    page.out
}

/// What a colour means.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    Bold,
    Dim,
    Good,
    Bad,
    Odd,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Good => "32",
            Self::Bad => "1;31",
            Self::Odd => "33",
        }
    }

    fn of_case(case: &CaseRecord) -> Self {
        if case.is_flaky() {
            Self::Odd
        } else {
            Self::of(case.verdict)
        }
    }

    fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Good,
            Verdict::Fail | Verdict::Error => Self::Bad,
            Verdict::Inconclusive => Self::Odd,
            Verdict::NotApplicable => Self::Dim,
        }
    }
}

/// A text in its colour, where colours are wanted.
pub(crate) fn paint(color: bool, style: Style, text: &str) -> String {
    if color && !text.trim().is_empty() {
        format!("\u{1b}[{}m{text}\u{1b}[0m", style.code())
    } else {
        text.to_owned()
    }
}

struct Page {
    out: String,
    options: TerminalOptions,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn paint(&self, style: Style, text: &str) -> String {
        paint(self.options.color, style, text)
    }

    fn heading(&mut self, text: &str) {
        let text = self.paint(Style::Bold, text);
        self.line("");
        self.line(&text);
        self.line("");
    }

    fn header(&mut self, record: &RunRecord) {
        let target = &record.target;
        let address = target
            .address
            .as_deref()
            .map(|address| format!("  {}", one_line(address)));
        let name = self.paint(Style::Bold, &one_line(&target.name));
        self.line(&format!("{name}{}", address.unwrap_or_default()));
        let identity: Vec<String> = [&target.vendor, &target.model, &target.revision]
            .into_iter()
            .flatten()
            .map(|text| one_line(text))
            .filter(|text| !text.is_empty())
            .collect();
        let mut facts = Vec::new();
        if !identity.is_empty() {
            facts.push(identity.join(" "));
        }
        if let Some(firmware) = &target.firmware {
            facts.push(format!("firmware {}", one_line(&firmware.revision)));
        }
        if let Some(edition) = &target.edition {
            facts.push(format!("edition {}", one_line(edition)));
        }
        if let Some(scl) = &target.scl {
            let ied = target
                .ied
                .as_deref()
                .map(|ied| format!(" ({})", one_line(ied)))
                .unwrap_or_default();
            facts.push(format!("{}{ied}", one_line(scl)));
        }
        if !facts.is_empty() {
            self.line(&self.paint(Style::Dim, &facts.join(", ")));
        }
        let clock = if record.options.virtual_time {
            ", virtual time"
        } else {
            ""
        };
        let by = record.operator.as_deref();
        let by = by.map_or(String::new(), |by| format!(" by {}", one_line(by)));
        let resumed = match record.resumed.len() {
            0 => String::new(),
            times => format!(", resumed {}", counted(times, "time")),
        };
        let tool = one_line(&format!("{} {}", record.tool.name, record.tool.version));
        self.line(&self.paint(
            Style::Dim,
            &format!(
                "{tool}, started {}{by}{clock}{resumed}",
                wall_time(&record.started)
            ),
        ));
        if !record.options.faults.is_empty() {
            let text = format!(
                "faults switched on: {}",
                one_line(&record.options.faults.join(", "))
            );
            self.line(&self.paint(Style::Odd, &text));
        }
    }

    fn table(&mut self, record: &RunRecord) {
        let groups = groups(record);
        if groups.is_empty() {
            return;
        }
        let name_width = groups
            .iter()
            .map(|group| group.name.chars().count())
            .max()
            .unwrap_or(0)
            .max(5);
        let titles = ["pass", "fail", "error", "inconclusive", "n/a"];
        let columns: Vec<(Verdict, &str)> = Verdict::ALL.into_iter().zip(titles).collect();
        let mut head = format!("  {:<name_width$}", "");
        for (_, title) in &columns {
            head.push_str(&format!("  {title:>width$}", width = title.len().max(4)));
        }
        head.push_str(&format!("  {:>12}", "time"));
        self.line("");
        self.line(&self.paint(Style::Dim, &head));
        for group in &groups {
            self.table_row(group, name_width, &columns);
        }
        if groups.len() > 1 {
            let total = Group {
                name: "total",
                cases: record.cases.iter().collect(),
            };
            self.line(&self.paint(
                Style::Dim,
                &format!("  {}", "-".repeat(head.chars().count() - 2)),
            ));
            self.table_row(&total, name_width, &columns);
        }
    }

    fn table_row(&mut self, group: &Group<'_>, name_width: usize, columns: &[(Verdict, &str)]) {
        let mut row = format!("  {:<name_width$}", visible(group.name));
        for (verdict, title) in columns {
            let count = group.count(*verdict);
            let width = title.len().max(4);
            let cell = if count == 0 {
                format!("{:>width$}", "-")
            } else {
                format!("{count:>width$}")
            };
            row.push_str("  ");
            row.push_str(&self.paint(
                if count == 0 {
                    Style::Dim
                } else {
                    Style::of(*verdict)
                },
                &cell,
            ));
        }
        row.push_str(&format!("  {:>12}", duration(group.duration_ms())));
        self.line(&row);
    }

    fn listing(&mut self, record: &RunRecord) {
        for group in groups(record) {
            self.heading(&visible(group.name));
            let width = group
                .cases
                .iter()
                .map(|case| case.key().chars().count())
                .max()
                .unwrap_or(0)
                .min(60);
            for case in group.cases {
                let word = self.paint(Style::of_case(case), &format!("{:<6}", word(case)));
                let key = visible(&case.key());
                self.line(&format!(
                    "  {word} {key:<width$}  {}",
                    self.paint(Style::Dim, &one_line(&case.title))
                ));
            }
        }
    }

    fn troubled(&mut self, record: &RunRecord) {
        let cases: Vec<&CaseRecord> = troubled(record).collect();
        if cases.is_empty() {
            return;
        }
        // Waived failures are told in one line each: somebody has explained them already.
        let (waived, explained): (Vec<_>, Vec<_>) = cases
            .into_iter()
            .partition(|case| case.is_waived() && case.verdict == Verdict::Fail);
        if !explained.is_empty() {
            self.heading("What needs an eye");
        }
        for (index, (case, also)) in alike(explained).into_iter().enumerate() {
            if index > 0 {
                self.line("");
            }
            self.explained(case);
            if !also.is_empty() {
                let mut names: Vec<String> = also
                    .iter()
                    .take(MAX_ALIKE)
                    .map(|case| instance(case))
                    .collect();
                if also.len() > MAX_ALIKE {
                    names.push(format!("and {} more", also.len() - MAX_ALIKE));
                }
                self.block("also", &[names.join(", ")], INDENT);
            }
        }
        if !waived.is_empty() {
            self.heading("Waived failures");
        }
        for case in waived {
            self.line(&format!("  {}", visible(&case.key())));
            self.block("", &[headline(case)], INDENT);
            for row in explain(case)
                .iter()
                .filter(|row| row.label == Label::Waiver)
            {
                self.block("", &row.lines, INDENT);
            }
        }
    }

    fn explained(&mut self, case: &CaseRecord) {
        let word = self.paint(Style::of_case(case), &format!("{:<6}", word(case)));
        let key = self.paint(Style::Bold, &visible(&case.key()));
        let ids: Vec<&str> = case.uca.iter().map(|uca| uca.id.as_str()).collect();
        let ids = if ids.is_empty() {
            String::new()
        } else {
            format!("  {}", one_line(&ids.join(" ")))
        };
        self.line(&format!(
            "{word}  {key}{}",
            self.paint(Style::Dim, &visible(&ids))
        ));
        self.block("", &[one_line(&case.title)], INDENT);
        for row in explain(case) {
            if row.label.is_code() {
                let shown = row.lines.len().min(MAX_CODE_LINES);
                let mut lines = row.lines.clone();
                lines.truncate(shown);
                if row.lines.len() > shown {
                    lines.push(format!(
                        "... {} more in the transcript",
                        counted(row.lines.len() - shown, "line")
                    ));
                }
                self.verbatim(row.label.name(), &lines);
            } else if row.label == Label::Expected && row.lines.len() > 1 {
                let text = row.lines.join(", or ");
                self.block(row.label.name(), &[text], INDENT);
            } else {
                self.block(row.label.name(), &row.lines, INDENT);
            }
        }
    }

    // Wrapped text behind a label.
    fn block(&mut self, label: &str, lines: &[String], indent: usize) {
        let label_width = if label.is_empty() { 0 } else { LABEL_WIDTH };
        let width = self
            .options
            .width
            .saturating_sub(indent + label_width)
            .max(30);
        let wrapped: Vec<String> = lines.iter().flat_map(|line| wrap(line, width)).collect();
        self.rows(label, label_width, &wrapped, indent);
    }

    fn verbatim(&mut self, label: &str, lines: &[String]) {
        self.rows(label, LABEL_WIDTH, lines, INDENT);
    }

    fn rows(&mut self, label: &str, label_width: usize, lines: &[String], indent: usize) {
        for (index, line) in lines.iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let label = self.paint(Style::Dim, &format!("{label:<label_width$}"));
            self.line(&format!("{:indent$}{label}{line}", ""));
        }
    }

    fn requirements(&mut self, record: &RunRecord) {
        let rows = requirement_matrix(record);
        if rows.is_empty() {
            return;
        }
        let name = record.target.profile.as_deref().unwrap_or_default();
        self.heading(&format!("Requirements of {}", one_line(name)));
        let width = rows
            .iter()
            .map(|row| row.requirement.id.chars().count())
            .max();
        for row in rows {
            let style = match row.met {
                Met::Yes => Style::Good,
                Met::No => Style::Bad,
                Met::Open | Met::Waived => Style::Odd,
            };
            let state = self.paint(style, &format!("{:<8}", row.met.name()));
            let text = row.requirement.text.as_deref().unwrap_or_default();
            let id = format!(
                "{:width$}",
                one_line(&row.requirement.id),
                width = width.unwrap_or(0)
            );
            let wide = self
                .options
                .width
                .saturating_sub(id.chars().count() + 14)
                .max(20);
            let mut lines = wrap(&one_line(text), wide).into_iter();
            self.line(&format!(
                "  {state}  {id}  {}",
                lines.next().unwrap_or_default()
            ));
            let indent = id.chars().count() + 14;
            for line in lines.chain(
                row.because
                    .iter()
                    .flat_map(|why| wrap(&one_line(why), wide)),
            ) {
                self.line(&format!("{:indent$}{line}", ""));
            }
        }
    }

    fn findings(&mut self, record: &RunRecord) {
        // One line a kind, however many cases met it; what cases remark is told case by case.
        let mut kinds: Vec<(&str, &str, u32, usize)> = Vec::new();
        let mut remarks: Vec<(String, &str)> = Vec::new();
        for case in &record.cases {
            for finding in &case.findings {
                if finding.code == Finding::NOTE {
                    remarks.push((case.key(), &finding.text));
                    continue;
                }
                match kinds.iter_mut().find(|(code, ..)| *code == finding.code) {
                    Some((_, _, times, cases)) => {
                        *times = times.saturating_add(finding.count);
                        *cases += 1;
                    }
                    None => kinds.push((&finding.code, &finding.text, finding.count, 1)),
                }
            }
        }
        if kinds.is_empty() && remarks.is_empty() {
            return;
        }
        self.heading("Permitted, but worth knowing");
        for (code, text, times, cases) in kinds {
            let met = format!(
                "{} in {}",
                counted(times as usize, "time"),
                counted(cases, "case")
            );
            self.line(&format!(
                "  {}  {}",
                visible(code),
                self.paint(Style::Dim, &met)
            ));
            self.block("", &[one_line(text)], INDENT);
        }
        for (case, text) in remarks {
            self.line(&format!("  {}", visible(&case)));
            self.block("", &[one_line(text)], INDENT);
        }
    }

    fn not_run(&mut self, record: &RunRecord) {
        let reasons = not_run(record);
        if reasons.is_empty() {
            return;
        }
        self.heading("Not applicable");
        for (reason, cases) in reasons {
            self.line(&format!("  {:>3}  {}", cases.len(), one_line(reason)));
            let mut names: Vec<String> = cases
                .iter()
                .take(MAX_CASES_OF_REASON)
                .map(|case| visible(&case.key()))
                .collect();
            if cases.len() > MAX_CASES_OF_REASON {
                names.push(format!("and {} more", cases.len() - MAX_CASES_OF_REASON));
            }
            let width = self.options.width.saturating_sub(INDENT).max(30);
            for line in wrap(&names.join(", "), width) {
                self.line(&format!("{:INDENT$}{}", "", self.paint(Style::Dim, &line)));
            }
        }
    }

    fn left_behind(&mut self, record: &RunRecord) {
        if record.left_behind.is_empty() {
            return;
        }
        self.heading("Left behind on the device");
        for left in &record.left_behind {
            self.line(&format!(
                "  {}",
                self.paint(Style::Odd, &one_line(&left.what))
            ));
            self.block(
                "",
                &[format!(
                    "{} (changed by {})",
                    one_line(&left.why),
                    one_line(&left.case)
                )],
                INDENT,
            );
        }
    }

    fn conclusion(&mut self, record: &RunRecord) {
        let summary = &record.summary;
        let style = match summary.conclusion {
            Conclusion::Conforms => Style::Good,
            Conclusion::Nonconforming => Style::Bad,
            Conclusion::CouldNotTest | Conclusion::NothingSelected => Style::Odd,
        };
        let mut counts: Vec<String> = Verdict::ALL
            .into_iter()
            .filter(|verdict| summary.count(*verdict) > 0)
            .map(|verdict| match (verdict, summary.flaky) {
                (Verdict::Pass, 1..) => format!("{} pass ({} flaky)", summary.pass, summary.flaky),
                _ => format!("{} {verdict}", summary.count(verdict)),
            })
            .collect();
        if summary.not_reached > 0 {
            counts.push(format!("{} not reached", summary.not_reached));
        }
        let mut time = duration(record.duration_ms);
        let waits = duration(record.demanded_wait_ms);
        match &record.parallel {
            Some(parallel) => {
                time.push_str(&format!(
                    ", up to {} at a time; they demand {waits} of waiting, {} of it in the longest chain of cases that cannot run at the same time",
                    counted(parallel.jobs, "case"),
                    duration(parallel.chain_wait_ms)
                ));
                if parallel.chain_wait_ms > 0.0 && record.finished.is_some() {
                    let ratio = record.duration_ms / parallel.chain_wait_ms;
                    time.push_str(&format!("; the run took {ratio:.2} times that"));
                }
            }
            None if record.demanded_wait_ms > 0.0 => {
                time.push_str(&format!(", of which the cases demand {waits} of waiting"));
            }
            None => {}
        }
        self.line("");
        if !counts.is_empty() {
            self.line(&format!("{} in {time}", counts.join(", ")));
        }
        // The engine says what to do in brackets; here it gets a line of its own.
        let (because, hint) = split_hint(&summary.because);
        let verdict = self.paint(style, summary.conclusion.title());
        self.line(&format!(
            "{} {verdict}: {}",
            self.paint(Style::Bold, &one_line(&record.target.name)),
            one_line(because)
        ));
        if let Some(hint) = hint {
            self.line(&format!("hint: {}", one_line(hint)));
        }
    }
}

// Instances of one case that ended the same way at the same step are explained once: a server with eight report control
// blocks makes the same mistake eight times.
fn alike(cases: Vec<&CaseRecord>) -> Vec<(&CaseRecord, Vec<&CaseRecord>)> {
    let kind = |case: &CaseRecord| {
        let step = case
            .deciding_step()
            .map(|step| (step.verb.clone(), step.line));
        (case.id.clone(), case.verdict, case.has_stale_waiver(), step)
    };
    let mut kinds: Vec<(&CaseRecord, Vec<&CaseRecord>)> = Vec::new();
    for case in cases {
        match kinds
            .iter_mut()
            .find(|(first, _)| kind(first) == kind(case))
        {
            Some((_, also)) => also.push(case),
            None => kinds.push((case, Vec::new())),
        }
    }
    kinds
}

fn instance(case: &CaseRecord) -> String {
    one_line(case.instance.as_deref().unwrap_or(&case.id))
}

fn split_hint(text: &str) -> (&str, Option<&str>) {
    match text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once(" (hint: "))
    {
        Some((text, hint)) => (text, Some(hint)),
        None => (text, None),
    }
}

fn word(case: &CaseRecord) -> &'static str {
    match case.verdict {
        _ if case.has_stale_waiver() => "STALE",
        Verdict::Pass if case.is_flaky() => "FLAKY",
        Verdict::Pass => "ok",
        Verdict::Fail if case.is_waived() => "waived",
        Verdict::Fail => "FAIL",
        Verdict::Error => "ERROR",
        Verdict::Inconclusive => "INCONC",
        Verdict::NotApplicable => "n/a",
    }
}
