//! Scenario files: what happens to the process of the simulated IED, and when. The verbs of [`iedassay_sim::VERBS`] are its steps, each key an argument.

mod read;
mod schema;
#[cfg(test)]
mod tests;

use std::path::Path;

use iedassay_engine::diagnostic::{Code, Diagnostic, Sources, Span, sort};
use iedassay_engine::yaml::{Decoder, Node, NodeKind};
use iedassay_model::tree::ServerModel;
use iedassay_sim::{Scenario, ScenarioError};

use crate::console::Console;
use crate::diagnostics;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
pub(crate) use schema::schema;

/// A scenario with its title.
#[derive(Debug)]
pub(crate) struct Titled {
    pub(crate) title: String,
    pub(crate) scenario: Scenario,
}

/// Reads a scenario for a model. Every mistake is shown.
pub(crate) fn load(path: &Path, model: &ServerModel, console: &Console) -> Result<Titled, Failure> {
    let mut sources = Sources::new();
    let (titled, found) = parse(path, Some(model), &mut sources)?;
    match titled {
        Some(titled) => Ok(titled),
        None => {
            diagnostics::show(console, &found, &sources);
            Err(Failure::said(Exit::Usage))
        }
    }
}

/// As far as a scenario can be checked; without a model its references are only looked at.
pub(crate) fn parse(
    path: &Path,
    model: Option<&ServerModel>,
    sources: &mut Sources,
) -> Result<(Option<Titled>, Vec<Diagnostic>), Failure> {
    let text = files::read_text(path)?;
    Ok(parse_text(
        &path.display().to_string(),
        text,
        model,
        sources,
    ))
}

fn parse_text(
    name: &str,
    text: String,
    model: Option<&ServerModel>,
    sources: &mut Sources,
) -> (Option<Titled>, Vec<Diagnostic>) {
    let file = sources.add(name, text);
    let mut cx = Decoder::new();
    let titled = match iedassay_engine::yaml::read(sources, file) {
        Ok(node) => scenario(&node, model, &mut cx),
        Err(diagnostic) => {
            cx.push(diagnostic);
            None
        }
    };
    let mut found = cx.diagnostics;
    sort(&mut found);
    let good = !found.iter().any(Diagnostic::is_error);
    (titled.filter(|_| good), found)
}

fn scenario(node: &Node, model: Option<&ServerModel>, cx: &mut Decoder) -> Option<Titled> {
    let mut map = cx.map(node, "a scenario: a map with `scenario` and `steps`")?;
    let title: Option<String> = map.field("scenario", cx);
    map.field::<Option<String>>("description", cx);
    let steps = map.take("steps");
    let span = map.span;
    map.finish(cx);
    let Some(steps) = steps else {
        cx.error(
            Code::MissingKey,
            Span {
                end: span.start.saturating_add(1),
                ..span
            },
            "key `steps` is missing",
        );
        return None;
    };
    let read = read::steps(&steps.value, model, cx, 0)?;
    // A step that could not be read would make all that counts on it wrong.
    if cx.diagnostics.iter().any(Diagnostic::is_error) {
        return None;
    }
    match Scenario::new(read) {
        Ok(scenario) => Some(Titled {
            title: title?,
            scenario,
        }),
        Err(errors) => {
            for error in errors {
                cx.push(unplayable(&steps.value, &error));
            }
            None
        }
    }
}

/// A mistake of the steps, at the step.
fn unplayable(steps: &Node, error: &ScenarioError) -> Diagnostic {
    let mut span = steps.span;
    let mut block = Some(steps);
    for place in &error.step {
        let step = match block.map(|node| &node.kind) {
            Some(NodeKind::Seq(items)) => items.get(*place),
            _ => None,
        };
        if let Some(step) = step {
            span = step.get("at").map_or(first_key(step), |at| at.span);
        }
        block = step.and_then(|step| step.get("steps"));
    }
    Diagnostic::error(Code::Invalid, span, error.message.clone()).help(error.remedy)
}

fn first_key(step: &Node) -> Span {
    match &step.kind {
        NodeKind::Map(entries) => entries.first().map_or(step.span, |entry| entry.key.span),
        _ => step.span,
    }
}
