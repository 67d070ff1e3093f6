//! `iedassay browse`: the model of a server.

use crate::args::{BrowseArgs, Format};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::model_view::{Depth, ModelView, render};
use crate::scl;

pub(crate) fn run(args: &BrowseArgs, console: &Console) -> Result<Exit, Failure> {
    let description = scl::load_or_builtin(console, args.scl.as_deref(), args.ied.as_deref())?;
    let source = args
        .scl
        .as_ref()
        .map_or_else(|| "built in".to_owned(), |path| path.display().to_string());
    show(
        &ModelView::of(&description.model, source, &description.warnings),
        args,
        console,
    )?;
    Ok(Exit::Conforms)
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
        Format::Json => {
            let mut text = serde_json::to_string_pretty(view).map_err(|error| {
                Failure::new(Exit::CouldNotTest, "cannot write JSON").cause(error)
            })?;
            text.push('\n');
            console.result(&text)
        }
    }
}
