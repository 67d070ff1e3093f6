//! `iedassay list`: the cases of all suites.

use iedassay_engine::plan::Subject;
use iedassay_engine::suite::{Case, LoadedSuite};

use crate::args::{Format, ListArgs};
use crate::catalogue::{self, CaseView};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn run(args: &ListArgs, console: &Console) -> Result<Exit, Failure> {
    let library = catalogue::load(&args.suites, console)?;
    let filters = catalogue::filters(&args.filters)?;
    let wanted = |suite: &LoadedSuite, case: &Case| {
        let subject = Subject {
            suite,
            case,
            instance: None,
        };
        filters.is_empty() || filters.iter().any(|filter| filter.may_fit(&subject))
    };
    let views: Vec<CaseView> = library
        .cases()
        .filter(|(suite, case)| wanted(suite, case))
        .map(|(suite, case)| CaseView::of(&library, suite, case))
        .collect();
    match args.format {
        Format::Human => console.result(&table(&views, console))?,
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&views).map_err(|error| {
                Failure::new(Exit::CouldNotTest, "cannot write JSON").cause(error)
            })?;
            text.push('\n');
            console.json(&text)?;
        }
    }
    if views.is_empty() {
        return Err(Failure::new(Exit::NothingSelected, "no case was selected")
            .hint("`iedassay list` without a filter shows every case"));
    }
    Ok(Exit::Conforms)
}

// A heading for each suite, two lines for each case.
fn table(views: &[CaseView], console: &Console) -> String {
    let mut out = String::new();
    let mut suite = None;
    let width = views
        .iter()
        .map(|view| view.id.chars().count())
        .max()
        .unwrap_or(0)
        .min(52);
    for view in views {
        if suite != Some(&view.suite) {
            if suite.is_some() {
                out.push('\n');
            }
            out.push_str(&console.paint_out("1", &view.suite));
            out.push('\n');
            suite = Some(&view.suite);
        }
        let ids: Vec<&str> = view.uca.keys().map(String::as_str).collect();
        let ids = console.paint_out("2", &ids.join(" "));
        out.push_str(format!("  {:<width$}  {}  {ids}", view.id, view.title).trim_end());
        out.push('\n');
        let needs = view.needs_in_words();
        if !needs.is_empty() {
            let needs = console.paint_out("2", &format!("needs {needs}"));
            out.push_str(&format!("  {:<width$}  {needs}\n", ""));
        }
    }
    if !views.is_empty() {
        out.push_str(&format!(
            "\n{} case{}\n",
            views.len(),
            if views.len() == 1 { "" } else { "s" }
        ));
    }
    out
}
