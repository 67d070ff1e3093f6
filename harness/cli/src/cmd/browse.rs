//! `iedassay browse`: the model of a server, as it tells it itself or as an SCL file describes it, and the differences.

use std::path::Path;
use std::sync::Arc;

use iedassay_client::Anchor;
use iedassay_engine::runner::{Look, look};
use iedassay_model::diff::diff;
use iedassay_model::tree::ServerModel;
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::{BrowseArgs, Format};
use crate::clock;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::model_view::{Depth, ModelView, render};
use crate::scl;
use crate::session::{self, Subject};

/// Oddities told without being asked for all of them.
const SHOWN_NOTES: usize = 5;

pub(crate) fn run(args: &BrowseArgs, console: &Console) -> Result<Exit, Failure> {
    let wanted = &args.description;
    let Some(target) = &args.target else {
        let description = scl::load_or_builtin(
            console,
            wanted.scl.as_deref(),
            wanted.ied.as_deref(),
            wanted.access_point.as_deref(),
        )?;
        let source = wanted
            .scl
            .as_deref()
            .map_or_else(|| "built in".to_owned(), |path| path.display().to_string());
        show(
            &ModelView::of(&description.model, source, &description.warnings),
            args,
            console,
        )?;
        return Ok(Exit::Conforms);
    };
    // Both files are read before the first packet.
    let subject = Subject::load_alone(target, console)?;
    let described = match &wanted.scl {
        Some(path) => Some((
            path,
            scl::load(
                console,
                path,
                wanted.ied.as_deref(),
                wanted.access_point.as_deref(),
            )?,
        )),
        None => None,
    };
    let address = session::address_of(&subject.target);
    let live = live(subject)?;
    tell(&live, console);
    match described {
        None => {
            show(
                &ModelView::of(&live.model, source(&live, &address), &[]),
                args,
                console,
            )?;
            Ok(Exit::Conforms)
        }
        Some((path, description)) => differences(
            &description.model,
            path,
            &live.model,
            &address,
            args,
            console,
        ),
    }
}

fn live(subject: Subject) -> Result<Look, Failure> {
    let connector = session::connector(&subject.target, subject.tls);
    session::runtime(false)?
        .block_on(async {
            look(
                Arc::new(subject.target),
                connector,
                Anchor::now(clock::now()),
            )
            .await
        })
        .map_err(|error| Failure::could_not_test(&error.to_string()))
}

fn source(live: &Look, address: &str) -> String {
    match &live.identity {
        Some(identity) => format!(
            "{} {} {} at {address}",
            short(&identity.vendor),
            short(&identity.model),
            short(&identity.revision)
        ),
        None => format!("live at {address}"),
    }
}

/// What a device says of itself, on one line and no longer than a line.
fn short(text: &str) -> String {
    const MOST: usize = 80;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

fn tell(live: &Look, console: &Console) {
    for note in live.notes.iter().take(SHOWN_NOTES) {
        console.warning(note);
    }
    if let Some(more) = live
        .notes
        .len()
        .checked_sub(SHOWN_NOTES)
        .filter(|more| *more > 0)
    {
        console.note(&format!("  and {more} more"));
    }
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Differences {
    described: String,
    live: String,
    differences: Vec<String>,
}

fn differences(
    described: &ServerModel,
    path: &Path,
    live: &ServerModel,
    address: &str,
    args: &BrowseArgs,
    console: &Console,
) -> Result<Exit, Failure> {
    let found = Differences {
        described: path.display().to_string(),
        live: address.to_owned(),
        differences: diff(described, live)
            .iter()
            .map(ToString::to_string)
            .collect(),
    };
    match args.format {
        Format::Human => {
            console.result(
                &found
                    .differences
                    .iter()
                    .map(|line| format!("{line}\n"))
                    .collect::<String>(),
            )?;
            let count = found.differences.len();
            console.note(&match count {
                0 => format!("{address} is as {} describes it", found.described),
                1 => format!("1 difference between {address} and {}", found.described),
                _ => format!(
                    "{count} differences between {address} and {}",
                    found.described
                ),
            });
        }
        Format::Json => console.json(&json(&found)?)?,
    }
    Ok(if found.differences.is_empty() {
        Exit::Conforms
    } else {
        Exit::Nonconforming
    })
}

fn show(view: &ModelView, args: &BrowseArgs, console: &Console) -> Result<(), Failure> {
    match args.format {
        Format::Human => {
            let depth = if args.all {
                Depth::Attributes
            } else {
                Depth::Objects
            };
            console.result(&render(view, depth, console))
        }
        Format::Json => console.json(&json(view)?),
    }
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Failure::new(Exit::CouldNotTest, "cannot write JSON").cause(error))
}
