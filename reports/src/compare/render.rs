//! A comparison for a person at a terminal, and for a merge request.

use super::{
    CapabilityChange, CapabilityChangeKind, CaseChange, CaseChangeKind, Comparison,
    MeasurementChange, ModelChange, ModelChangeKind, Side, Spread,
};
use crate::case::Verdict;
use crate::markdown::{code, inline, push};
use crate::measured::number;
use crate::terminal::{Style, TerminalOptions, paint};
use crate::text::{counted, one_line, wall_time, wrap};

const INDENT: usize = 4;

/// Changes of a kind in the model that are listed.
pub(super) const MOST_OF_MODEL: usize = 200;

/// The comparison as text with a line feed at the end; the conclusion last.
#[must_use]
pub fn terminal(comparison: &Comparison, options: TerminalOptions) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    for (name, side) in [("old", &comparison.old), ("new", &comparison.new)] {
        line(&format!("{name}  {}", described(side)));
    }
    if !comparison.facts.is_empty() {
        line("");
        let width = comparison.facts.iter().map(|fact| fact.name.len()).max();
        for fact in &comparison.facts {
            line(&format!(
                "{:width$}  {} -> {}",
                one_line(&fact.name),
                known(&fact.old),
                known(&fact.new),
                width = width.unwrap_or(0)
            ));
        }
    }
    let wide = options.width.saturating_sub(2 * INDENT).max(20);
    for (kind, cases) in case_groups(comparison) {
        line("");
        let heading = format!("{} ({})", kind.title(), cases.len());
        line(&paint(options.color, style(kind), &heading));
        for case in cases {
            line(&format!(
                "{:INDENT$}{}  {}",
                "",
                one_line(&case.case),
                verdicts(case)
            ));
            for text in wrap(&one_line(case.reason.as_deref().unwrap_or_default()), wide) {
                line(&format!("{:1$}{text}", "", 2 * INDENT));
            }
        }
    }
    for (kind, capabilities) in capability_groups(comparison) {
        line("");
        let heading = format!("{} ({})", kind.title(), capabilities.len());
        let style = if kind.is_regression() {
            Style::Bad
        } else {
            Style::Bold
        };
        line(&paint(options.color, style, &heading));
        for capability in capabilities {
            line(&format!(
                "{:INDENT$}{} {}: {} -> {}",
                "", capability.id, capability.name, capability.old, capability.new
            ));
        }
    }
    for (kind, changes) in model_groups(comparison) {
        line("");
        let heading = format!("{} ({})", kind.title(), changes.len());
        line(&paint(options.color, Style::Odd, &heading));
        for change in changes.iter().take(MOST_OF_MODEL) {
            let [what, name, old, new] = of_model(change);
            let told = if kind == ModelChangeKind::Changed {
                format!(": {old} -> {new}")
            } else {
                String::new()
            };
            for text in wrap(&format!("{what} {name}{told}"), wide) {
                line(&format!("{:INDENT$}{text}", ""));
            }
        }
        if let Some(more) = changes
            .len()
            .checked_sub(MOST_OF_MODEL)
            .filter(|more| *more > 0)
        {
            line(&format!("{:INDENT$}... {more} more, see the JSON", ""));
        }
    }
    if let Some(why) = &comparison.model.not_compared {
        line("");
        line(&format!("models not compared: {}", one_line(why)));
    }
    if !comparison.measurements.is_empty() {
        line("");
        let heading = format!("measured otherwise ({})", comparison.measurements.len());
        line(&paint(options.color, Style::Odd, &heading));
        for measurement in &comparison.measurements {
            let [name, case, old, new, change, spread] = moved(measurement);
            line(&format!(
                "{:INDENT$}{case}  {name}: {old} -> {new} ({change})",
                ""
            ));
            line(&format!("{:1$}{spread}", "", 2 * INDENT));
        }
    }
    line("");
    let style = if comparison.regressions() > 0 {
        Style::Bad
    } else {
        Style::Good
    };
    line(&paint(options.color, style, &conclusion(comparison)));
    out
}

/// The comparison as GitHub-flavoured Markdown.
#[must_use]
pub fn markdown(comparison: &Comparison) -> String {
    let mut out = String::new();
    push(&mut out, &format!("# {}", inline(&conclusion(comparison))));
    out.push_str("| | old | new |\n|---|---|---|\n");
    let sides = [
        (
            "device",
            comparison.old.identity.clone(),
            comparison.new.identity.clone(),
        ),
        (
            "started",
            wall_time(&comparison.old.started),
            wall_time(&comparison.new.started),
        ),
        (
            "conclusion",
            comparison.old.conclusion.title().to_owned(),
            comparison.new.conclusion.title().to_owned(),
        ),
    ];
    let facts = comparison
        .facts
        .iter()
        .map(|fact| (fact.name.as_str(), fact.old.clone(), fact.new.clone()));
    for (name, old, new) in sides.into_iter().chain(facts) {
        out.push_str(&format!(
            "| {} | {} | {} |\n",
            inline(name),
            inline(&old),
            inline(&new)
        ));
    }
    out.push('\n');
    for (kind, cases) in case_groups(comparison) {
        push(&mut out, &format!("## {} ({})", kind.title(), cases.len()));
        for case in cases {
            let reason = case.reason.as_deref().map(inline).unwrap_or_default();
            out.push_str(&format!(
                "- {} {}{}{reason}\n",
                code(&case.case),
                verdicts(case),
                if reason.is_empty() { "" } else { ": " }
            ));
        }
        out.push('\n');
    }
    for (kind, capabilities) in capability_groups(comparison) {
        push(
            &mut out,
            &format!("## {} ({})", kind.title(), capabilities.len()),
        );
        for capability in capabilities {
            out.push_str(&format!(
                "- {} {}: {} -> {}\n",
                code(&capability.id),
                inline(&capability.name),
                inline(&capability.old),
                inline(&capability.new)
            ));
        }
        out.push('\n');
    }
    for (kind, changes) in model_groups(comparison) {
        push(
            &mut out,
            &format!("## {} ({})", kind.title(), changes.len()),
        );
        for change in changes.iter().take(MOST_OF_MODEL) {
            let [what, name, old, new] = of_model(change);
            let told = if kind == ModelChangeKind::Changed {
                format!(": {} -> {}", inline(&old), inline(&new))
            } else {
                String::new()
            };
            out.push_str(&format!("- {what} {}{told}\n", code(&name)));
        }
        if let Some(more) = changes
            .len()
            .checked_sub(MOST_OF_MODEL)
            .filter(|more| *more > 0)
        {
            out.push_str(&format!("- {more} more\n"));
        }
        out.push('\n');
    }
    if let Some(why) = &comparison.model.not_compared {
        push(&mut out, &format!("Models not compared: {}.", inline(why)));
    }
    if !comparison.measurements.is_empty() {
        push(
            &mut out,
            &format!("## measured otherwise ({})", comparison.measurements.len()),
        );
        out.push_str("| what | case | old | new | change |\n|---|---|---|---|---|\n");
        for measurement in &comparison.measurements {
            let [name, case, old, new, change, _] = moved(measurement);
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                inline(&name),
                code(&case),
                inline(&old),
                inline(&new),
                inline(&change)
            ));
        }
        out.push('\n');
    }
    out
}

/// What, case, old and new middle, change, and how far the new numbers spread.
pub(super) fn moved(change: &MeasurementChange) -> [String; 6] {
    let unit = one_line(&change.unit);
    let with_unit = |value: f64| format!("{} {unit}", number(value)).trim_end().to_owned();
    let (old, new) = (&change.old, &change.new);
    let between = |spread: &Spread| match (number(spread.least), with_unit(spread.greatest)) {
        (_, greatest) if spread.least == spread.greatest => greatest,
        (least, greatest) => format!("{least} to {greatest}"),
    };
    let moved = new.middle - old.middle;
    let relative = if old.middle == 0.0 {
        format!("{}{}", if moved > 0.0 { "+" } else { "" }, with_unit(moved))
    } else {
        format!("{:+.0} %", 100.0 * moved / old.middle.abs())
    };
    [
        one_line(&change.name),
        one_line(&change.case),
        with_unit(old.middle),
        with_unit(new.middle),
        relative,
        format!(
            "{} in {}, before {}",
            between(new),
            counted(new.times, "measurement"),
            between(old)
        ),
    ]
}

pub(super) fn case_groups(
    comparison: &Comparison,
) -> impl Iterator<Item = (CaseChangeKind, Vec<&CaseChange>)> {
    CaseChangeKind::ALL.into_iter().filter_map(|kind| {
        let cases = comparison.cases.iter().filter(|case| case.kind == kind);
        let cases: Vec<&CaseChange> = cases.collect();
        (!cases.is_empty()).then_some((kind, cases))
    })
}

pub(super) fn capability_groups(
    comparison: &Comparison,
) -> impl Iterator<Item = (CapabilityChangeKind, Vec<&CapabilityChange>)> {
    CapabilityChangeKind::ALL.into_iter().filter_map(|kind| {
        let all = comparison.capabilities.iter();
        let found: Vec<&CapabilityChange> = all.filter(|change| change.kind == kind).collect();
        (!found.is_empty()).then_some((kind, found))
    })
}

pub(super) fn model_groups(
    comparison: &Comparison,
) -> impl Iterator<Item = (ModelChangeKind, Vec<&ModelChange>)> {
    ModelChangeKind::ALL.into_iter().filter_map(|kind| {
        let all = comparison.model.changes.iter();
        let found: Vec<&ModelChange> = all.filter(|change| change.kind == kind).collect();
        (!found.is_empty()).then_some((kind, found))
    })
}

/// What, which, what it was, what it is.
pub(super) fn of_model(change: &ModelChange) -> [String; 4] {
    [&change.what, &change.name, &change.old, &change.new].map(|text| one_line(text))
}

fn described(side: &Side) -> String {
    let identity = one_line(&side.identity);
    format!(
        "{}{}{}, {}, {}: {}",
        one_line(&side.target),
        if identity.is_empty() { "" } else { ", " },
        identity,
        wall_time(&side.started),
        counted(side.cases, "case"),
        side.conclusion.title()
    )
}

fn known(text: &str) -> String {
    if text.is_empty() {
        "not known".to_owned()
    } else {
        one_line(text)
    }
}

fn verdicts(case: &CaseChange) -> String {
    let name = |verdict: Option<Verdict>| verdict.map_or("not run", Verdict::name);
    if case.old == case.new {
        name(case.new).to_owned()
    } else {
        format!("{} -> {}", name(case.old), name(case.new))
    }
}

fn style(kind: CaseChangeKind) -> Style {
    match kind {
        CaseChangeKind::NewFailure | CaseChangeKind::LostVerdict => Style::Bad,
        CaseChangeKind::Fixed | CaseChangeKind::NewlyJudged => Style::Good,
        CaseChangeKind::NewlyWaived
        | CaseChangeKind::FailsDifferently
        | CaseChangeKind::NewlyFlaky
        | CaseChangeKind::NewFinding => Style::Odd,
    }
}

pub(super) fn conclusion(comparison: &Comparison) -> String {
    let mut parts: Vec<String> = case_groups(comparison)
        .map(|(kind, cases)| format!("{}: {}", kind.title(), cases.len()))
        .collect();
    parts.extend(
        capability_groups(comparison)
            .map(|(kind, capabilities)| format!("{}: {}", kind.title(), capabilities.len())),
    );
    parts.extend(
        model_groups(comparison)
            .map(|(kind, changes)| format!("{}: {}", kind.title(), changes.len())),
    );
    if !comparison.measurements.is_empty() {
        parts.push(format!(
            "measured otherwise: {}",
            comparison.measurements.len()
        ));
    }
    if parts.is_empty() {
        parts.push("nothing changed".to_owned());
    }
    parts.push(format!("the same: {}", comparison.same_cases));
    if comparison.not_selected > 0 {
        parts.push(format!("not selected: {}", comparison.not_selected));
    }
    parts.join(", ")
}
