//! `iedassay explain`: what a case checks, why it matters, and how.

use iedassay_engine::diagnostic::did_you_mean;
use iedassay_engine::suite::{Case, Library, LoadedSuite, procedures};

use crate::args::ExplainArgs;
use crate::catalogue::{self, CaseView};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::selftest::{Known, Noticed};

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
        let why = procedure.untested.as_deref().unwrap_or("no case yet");
        console.result(&format!(
            "{}\n{}\n\nno case  {why}\n",
            console.paint_out("1", &procedure.id),
            procedure.title
        ))?;
        return Ok(Exit::Conforms);
    }
    // The matrix is about the built-in cases; one of the same name elsewhere may be another.
    let known = if args.suites.is_empty() {
        Known::built_in()?
    } else {
        Known::default()
    };
    let pages: Vec<String> = found
        .iter()
        .map(|(suite, case)| {
            let noticed = Noticed::by(&case.id.value, &known);
            page(&library, suite, case, &noticed, console)
        })
        .collect();
    console.result(&pages.join("\n"))?;
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

fn page(
    library: &Library,
    suite: &LoadedSuite,
    case: &Case,
    noticed: &Noticed,
    console: &Console,
) -> String {
    let view = CaseView::of(library, suite, case);
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
    row("kind", view.kind);
    row("edition", &view.edition.join(", "));
    row("tags", &view.tags.join(", "));
    row("needs", &view.needs_in_words());
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
    // The suite file is written to be read: its own words explain the steps best.
    out.push_str(&format!("\n{}\n", console.paint_out("2", "as written")));
    for line in source_lines(library, case) {
        out.push_str(format!("  {line}").trim_end());
        out.push('\n');
    }
    failure(&mut out, &view.id, noticed, console);
    out
}

/// What a failure usually means, and what to look at next. Nothing where no fault is known that the case notices.
fn failure(out: &mut String, id: &str, noticed: &Noticed, console: &Console) {
    if noticed.faults.is_empty() {
        return;
    }
    let mut part = |title: &str, paragraphs: &[String]| {
        out.push_str(&format!("\n{}\n", console.paint_out("2", title)));
        for paragraph in paragraphs {
            for (index, line) in wrap(paragraph, 92).iter().enumerate() {
                let mark = if index == 0 { "- " } else { "  " };
                out.push_str(&format!("  {mark}{line}\n"));
            }
        }
    };
    let shown = noticed.faults.iter().take(FAULTS);
    let mut meanings: Vec<String> = shown
        .map(|fault| format!("{} [{fault}; {}]", fault.doc(), fault.clause()))
        .collect();
    let more = noticed.faults.len().saturating_sub(FAULTS);
    if more > 0 {
        meanings.push(format!(
            "and {more} more: `suites/selftest/kill-matrix.json` has them all"
        ));
    }
    part(
        "a failure usually means one of these, which the case is proved to notice; what few cases notice first",
        &meanings,
    );
    let mut next = vec![
        "The step that failed, expected beside observed, and its frame in `captures/`: the report names it.".to_owned(),
    ];
    if !noticed.neighbours.is_empty() {
        next.push(format!(
            "Cases that notice much of the same; which of them pass tells the causes apart: {}",
            noticed.neighbours.join(", ")
        ));
    }
    if let Some(fault) = noticed.faults.first() {
        next.push(format!(
            "The simulated IED with the first of them: iedassay selftest --filter {id} --fault {fault}"
        ));
    }
    part("what to look at next", &next);
}

/// Keys of a case that the page shows in words.
const SHOWN: [&str; 12] = [
    "id",
    "title",
    "uca",
    "clause",
    "rationale",
    "kind",
    "block",
    "tags",
    "edition",
    "needs",
    "when",
    "for-each",
];

/// What else the case says, as it is written, without the indentation.
fn source_lines(library: &Library, case: &Case) -> Vec<String> {
    let place = library.sources.position(case.id.span);
    let Some(file) = library.sources.get(case.id.span.file) else {
        return Vec::new();
    };
    let mut lines = file.text.lines().skip(place.line.saturating_sub(1));
    let Some(first) = lines.next() else {
        return Vec::new();
    };
    let indent = first.len() - first.trim_start_matches([' ', '-']).len();
    let belongs = |line: &&str| {
        line.trim().is_empty() || line.chars().take_while(|c| *c == ' ').count() >= indent
    };
    let mut found = Vec::new();
    let mut skipping = true;
    for line in lines.take_while(belongs) {
        let line: String = line.chars().skip(indent).collect();
        if let Some((key, _)) = line
            .split_once(':')
            .filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            skipping = SHOWN.contains(&key);
        }
        if !skipping {
            found.push(line);
        }
    }
    while found.last().is_some_and(|line| line.trim().is_empty()) {
        found.pop();
    }
    found
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
