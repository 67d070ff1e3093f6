//! `iedassay explain`: what a case checks, why it matters, and how.

use iedassay_engine::diagnostic::did_you_mean;
use iedassay_engine::suite::{Library, procedures};

use crate::args::{ExplainArgs, Format};
use crate::catalogue;
use crate::console::Console;
use crate::exit::Exit;
use crate::explained::{Explained, ExplainedCase, Untested};
use crate::failure::Failure;
use crate::selftest::Known;

/// Faults that a page shows; the rest is counted.
const FAULTS: usize = 8;

pub(crate) fn run(args: &ExplainArgs, console: &Console) -> Result<Exit, Failure> {
    let library = catalogue::load(&args.suites, console)?;
    // Either our id, or that of a published procedure, which several cases may answer to.
    let found: Vec<_> = library
        .cases()
        .filter(|(_, case)| {
            case.id.value == args.case
                || case.uca_ids().any(|id| id.eq_ignore_ascii_case(&args.case))
        })
        .collect();
    if found.is_empty() {
        let procedure = procedures::find(&args.case).map_err(|error| {
            Failure::new(Exit::CouldNotTest, "the list of procedures is broken").cause(error)
        })?;
        let Some(procedure) = procedure else {
            return Err(unknown(&library, &args.case));
        };
        let untested = Untested::of(&procedure);
        let text = format!(
            "{}\n{}\n\nno case  {}\n",
            console.paint_out("1", &untested.id),
            untested.title,
            untested.why
        );
        let explained = Explained {
            asked: args.case.clone(),
            untested: Some(untested),
            cases: Vec::new(),
        };
        return show(args, &explained, &text, console);
    }
    // The matrix is about the built-in cases; one of the same name elsewhere may be another.
    let known = if args.suites.is_empty() {
        Known::built_in()?
    } else {
        Known::default()
    };
    let cases: Vec<ExplainedCase> = found
        .iter()
        .map(|(suite, case)| ExplainedCase::of(&library, suite, case, &known))
        .collect();
    let pages: Vec<String> = cases.iter().map(|case| page(case, console)).collect();
    let explained = Explained {
        asked: args.case.clone(),
        untested: None,
        cases,
    };
    show(args, &explained, &pages.join("\n"), console)
}

fn show(
    args: &ExplainArgs,
    explained: &Explained,
    text: &str,
    console: &Console,
) -> Result<Exit, Failure> {
    match args.format {
        Format::Human => console.result(text)?,
        Format::Json => {
            let mut text = serde_json::to_string_pretty(explained).map_err(|error| {
                Failure::new(Exit::CouldNotTest, "cannot write JSON").cause(error)
            })?;
            text.push('\n');
            console.json(&text)?;
        }
    }
    Ok(Exit::Conforms)
}

fn unknown(library: &Library, wanted: &str) -> Failure {
    let failure = Failure::usage(format!("there is no case `{wanted}`"));
    let ids: Vec<&str> = library
        .cases()
        .map(|(_, case)| case.id.value.as_str())
        .collect();
    match did_you_mean(wanted, ids.iter().copied()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`iedassay list` shows every case"),
    }
}

fn page(explained: &ExplainedCase, console: &Console) -> String {
    let view = &explained.case;
    let mut out = format!("{}\n{}\n\n", console.paint_out("1", &view.id), view.title);
    let mut row = |label: &str, text: &str| {
        for (index, line) in wrap(text, 84).iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            out.push_str(&format!(
                "{}{line}\n",
                console.paint_out("2", &format!("{label:<12}"))
            ));
        }
    };
    row("suite", &format!("{}  {}", view.suite, view.source));
    let ids: Vec<String> = view
        .uca
        .iter()
        .map(|(id, confidence)| format!("{id} ({confidence})"))
        .collect();
    row("ids", &ids.join(", "));
    row("clause", view.clause.as_deref().unwrap_or_default());
    row("block", &view.block.join(", "));
    row("kind", kind_in_words(view.kind));
    row("edition", &view.edition.join(", "));
    row("tags", &view.tags.join(", "));
    row("needs", &view.needs_in_words());
    for (id, name) in &explained.capabilities {
        row("", &format!("{id} is: {name}"));
    }
    for (id, asks) in &explained.questions {
        row("", &format!("{id} asks: {asks}"));
    }
    for expr in &view.needs.model {
        row("model", expr);
    }
    row("when", view.needs.when.as_deref().unwrap_or_default());
    for (name, expr) in &view.for_each {
        row(
            "for each",
            &format!(
                "{name} in {}",
                expr.split_whitespace().collect::<Vec<_>>().join(" ")
            ),
        );
    }
    row("why", view.rationale.as_deref().unwrap_or_default());
    let title = "what its steps demand: a report shows these words beside the step that fails";
    part(&mut out, title, &explained.demands, console);
    failure(&mut out, explained, console);
    // The suite file is written to be read: its own words explain the steps best.
    as_written(&mut out, "as written", &explained.written, console);
    for fragment in &explained.fragments {
        let title = format!("the fragment {}, {}", fragment.name, fragment.source);
        as_written(&mut out, &title, &fragment.written, console);
    }
    out
}

fn as_written(out: &mut String, title: &str, lines: &[String], console: &Console) {
    out.push_str(&format!("\n{}\n", console.paint_out("2", title)));
    for line in lines {
        out.push_str(format!("  {line}").trim_end());
        out.push('\n');
    }
}

fn kind_in_words(kind: &str) -> &str {
    match kind {
        "positive" => "positive: the server must do it",
        "negative" => "negative: the server must refuse it",
        "robustness" => "robustness: the server must survive it",
        other => other,
    }
}

/// A title and paragraphs below it.
fn part(out: &mut String, title: &str, paragraphs: &[String], console: &Console) {
    if paragraphs.is_empty() {
        return;
    }
    out.push_str(&format!("\n{}\n", console.paint_out("2", title)));
    for paragraph in paragraphs {
        for (index, line) in wrap(paragraph, 92).iter().enumerate() {
            let mark = if index == 0 { "- " } else { "  " };
            out.push_str(&format!("  {mark}{line}\n"));
        }
    }
}

/// What a failure usually means, as far as faults are known that the case notices, and what to look at next.
fn failure(out: &mut String, explained: &ExplainedCase, console: &Console) {
    let shown = explained.faults.iter().take(FAULTS);
    let mut meanings: Vec<String> = shown
        .map(|fault| format!("{} [{}; {}]", fault.is, fault.name, fault.clause))
        .collect();
    let more = explained.faults.len().saturating_sub(FAULTS);
    if more > 0 {
        meanings.push(format!(
            "and {more} more: `suites/selftest/kill-matrix.json` has them all"
        ));
    }
    part(
        out,
        "a failure usually means one of these, which the case is proved to notice; what few cases notice first",
        &meanings,
        console,
    );
    part(out, "what to look at next", &explained.next, console);
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
