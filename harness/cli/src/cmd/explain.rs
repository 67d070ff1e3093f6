//! `iedassay explain`: what a case checks, why it matters, and how.

use iedassay_engine::diagnostic::did_you_mean;
use iedassay_engine::suite::steps::visit;
use iedassay_engine::suite::{Case, Library, LoadedSuite, Step, procedures};
use iedassay_engine::target::pixit;
use iedassay_model::capability;

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
    row("kind", kind_in_words(view.kind));
    row("edition", &view.edition.join(", "));
    row("tags", &view.tags.join(", "));
    row("needs", &view.needs_in_words());
    for id in &view.needs.capability {
        let item = capability::find(id).map_or("", |item| item.name);
        row("", &format!("{id} is: {item}"));
    }
    for id in &view.needs.pixit {
        let asks = pixit::question(id).map_or("", |question| question.asks);
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
    demands(&mut out, library, case, console);
    failure(&mut out, &view.id, noticed, console);
    // The suite file is written to be read: its own words explain the steps best.
    out.push_str(&format!("\n{}\n", console.paint_out("2", "as written")));
    for line in source_lines(library, case) {
        out.push_str(format!("  {line}").trim_end());
        out.push('\n');
    }
    for (name, place, lines) in fragments(library, case) {
        let title = format!("the fragment {name}, {place}");
        out.push_str(&format!("\n{}\n", console.paint_out("2", &title)));
        for line in lines {
            out.push_str(format!("  {line}").trim_end());
            out.push('\n');
        }
    }
    out
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

/// What the steps demand, in the words that stand beside a step that fails; those of fragments too.
fn demands(out: &mut String, library: &Library, case: &Case, console: &Console) {
    let mut words: Vec<String> = Vec::new();
    visit(case.setup.iter().chain(&case.steps), &mut |entry| {
        let why = match &entry.step {
            Step::Assert(step) => step.why.as_ref(),
            Step::Repeat(step) => step.why.as_ref(),
            other => other.common().why,
        };
        if let Some(why) = why {
            let text = library.sources.slice(why.span);
            let text = text.trim().trim_matches(['"', '\'']).to_owned();
            if !words.contains(&text) {
                words.push(text);
            }
        }
    });
    let title = "what its steps demand: a report shows these words beside the step that fails";
    part(out, title, &words, console);
}

/// The fragments that a case uses, also through each other, in the order in which they are first used: name, place, and
/// steps as they are written.
fn fragments(library: &Library, case: &Case) -> Vec<(String, String, Vec<String>)> {
    let mut found: Vec<(String, String, Vec<String>)> = Vec::new();
    visit(case.all_steps(), &mut |entry| {
        let Step::Use(step) = &entry.step else { return };
        let name = &step.body.fragment.value;
        let Some(first) = step.steps.first() else {
            return;
        };
        let place = library.sources.position(first.span);
        let text = library
            .sources
            .get(first.span.file)
            .map_or("", |file| &*file.text);
        let lines: Vec<&str> = text.lines().collect();
        let Some(head) = lines
            .iter()
            .take(place.line)
            .rposition(|line| line.trim_start().starts_with(&format!("{name}:")))
        else {
            return;
        };
        let place = format!("{}:{}", place.file, head + 1);
        if found.iter().any(|(_, known, _)| *known == place) {
            return;
        }
        let indent = |line: &str| line.len() - line.trim_start().len();
        let of = lines.get(head).map_or(0, |line| indent(line));
        let own = lines
            .iter()
            .skip(head + 1)
            .take_while(|line| line.trim().is_empty() || indent(line) > of);
        let mut own: Vec<String> = own
            .map(|line| line.chars().skip(of + 2).collect())
            .collect();
        while own.last().is_some_and(|line| line.trim().is_empty()) {
            own.pop();
        }
        found.push((name.clone(), place, own));
    });
    found
}

/// What a failure usually means, as far as faults are known that the case notices, and what to look at next.
fn failure(out: &mut String, id: &str, noticed: &Noticed, console: &Console) {
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
        out,
        "a failure usually means one of these, which the case is proved to notice; what few cases notice first",
        &meanings,
        console,
    );
    let mut next = vec![
        "The step that failed, expected beside observed, and its frame in `captures/`: the report names it.".to_owned(),
        format!("The case by itself, to see whether it fails alone too: iedassay run --target TARGET --filter {id}"),
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
    part(out, "what to look at next", &next, console);
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
