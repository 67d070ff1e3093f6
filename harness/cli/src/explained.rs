//! What is known of a case: what it needs, what its steps demand, what a failure of it means, how it is written.

use std::collections::BTreeMap;

use iedassay_engine::suite::steps::visit;
use iedassay_engine::suite::{Case, Library, LoadedSuite, Step, procedures};
use iedassay_engine::target::pixit;
use iedassay_model::capability;
use schemars::JsonSchema;
use serde::Serialize;

use crate::catalogue::CaseView;
use crate::selftest::{Known, Noticed};

/// What is known of everything that an id names.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Explained {
    /// The id that was asked for, of a case or of a published procedure.
    pub(crate) asked: String,
    /// The published procedure, when no case answers to it.
    pub(crate) untested: Option<Untested>,
    /// The case of this id, or those that answer to the procedure.
    pub(crate) cases: Vec<ExplainedCase>,
}

/// A published procedure without a case.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Untested {
    pub(crate) id: String,
    pub(crate) title: String,
    /// Why there is no case.
    pub(crate) why: String,
}

impl Untested {
    pub(crate) fn of(procedure: &procedures::Procedure) -> Self {
        let why = procedure.untested.as_deref().unwrap_or("no case yet");
        Self {
            id: procedure.id.clone(),
            title: procedure.title.clone(),
            why: why.to_owned(),
        }
    }
}

/// What is known of a case.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ExplainedCase {
    /// As `list` has it.
    pub(crate) case: CaseView,
    /// Names of the PICS items that it needs.
    pub(crate) capabilities: BTreeMap<String, String>,
    /// What the PIXIT questions that it needs ask.
    pub(crate) questions: BTreeMap<String, String>,
    /// What its steps demand, in the words that reports show beside a step that fails.
    pub(crate) demands: Vec<String>,
    /// Deviations that it is proved to notice, the most telling first: what a failure usually means.
    pub(crate) faults: Vec<NoticedFault>,
    /// Cases that notice much of the same.
    pub(crate) neighbours: Vec<String>,
    /// What to look at after a failure.
    pub(crate) next: Vec<String>,
    /// Its steps and whatever else is not told above, as the suite file has them.
    pub(crate) written: Vec<String>,
    /// The fragments that it uses, in the order of their first use.
    pub(crate) fragments: Vec<Fragment>,
}

/// A deviation of the simulated IED.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NoticedFault {
    pub(crate) name: String,
    /// What is wrong with a server that has it.
    pub(crate) is: String,
    /// The clause that it breaks.
    pub(crate) clause: String,
}

/// Steps that several cases share.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Fragment {
    pub(crate) name: String,
    /// File and line.
    pub(crate) source: String,
    /// Its steps, as the file has them.
    pub(crate) written: Vec<String>,
}

impl ExplainedCase {
    pub(crate) fn of(library: &Library, suite: &LoadedSuite, case: &Case, known: &Known) -> Self {
        let view = CaseView::of(library, suite, case);
        let noticed = Noticed::by(&view.id, known);
        let capabilities = view.needs.capability.iter().map(|id| {
            let name = capability::find(id).map_or("", |item| item.name);
            (id.clone(), name.to_owned())
        });
        let questions = view.needs.pixit.iter().map(|id| {
            let asks = pixit::question(id).map_or("", |question| question.asks);
            (id.clone(), asks.to_owned())
        });
        let faults = noticed.faults.iter().map(|fault| NoticedFault {
            name: fault.to_string(),
            is: fault.doc().to_owned(),
            clause: fault.clause().to_owned(),
        });
        Self {
            capabilities: capabilities.collect(),
            questions: questions.collect(),
            demands: demands(library, case),
            faults: faults.collect(),
            next: next(&view.id, &noticed),
            neighbours: noticed.neighbours,
            written: source_lines(library, case),
            fragments: fragments(library, case),
            case: view,
        }
    }
}

/// What the steps demand, in the words that stand beside a step that fails; those of fragments too.
fn demands(library: &Library, case: &Case) -> Vec<String> {
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
    words
}

/// The fragments that a case uses, also through each other, in the order in which they are first used: name, place, and
/// steps as they are written.
fn fragments(library: &Library, case: &Case) -> Vec<Fragment> {
    let mut found: Vec<Fragment> = Vec::new();
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
        if found.iter().any(|known| known.source == place) {
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
        found.push(Fragment {
            name: name.clone(),
            source: place,
            written: own,
        });
    });
    found
}

/// What to look at after a failure.
fn next(id: &str, noticed: &Noticed) -> Vec<String> {
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
    next
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
