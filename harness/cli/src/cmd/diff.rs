//! `iedassay diff`: what changed between two runs.

use iedassay_reports::compare::{self, compare};
use iedassay_reports::terminal::TerminalOptions;

use super::report::read;
use crate::args::{DiffArgs, DiffFormat};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn run(args: &DiffArgs, console: &Console) -> Result<Exit, Failure> {
    let (old, _) = read(&args.old, console)?;
    let (new, _) = read(&args.new, console)?;
    let comparison = compare(&old, &new);
    let text = match args.format {
        DiffFormat::Human => compare::terminal(
            &comparison,
            TerminalOptions {
                color: console.color_out,
                width: console.width().min(110),
                all_cases: false,
            },
        ),
        DiffFormat::Json => compare::json(&comparison)
            .map_err(|error| Failure::new(Exit::CouldNotTest, "cannot render JSON").cause(error))?,
        DiffFormat::Markdown => compare::markdown(&comparison),
    };
    console.result(&text)?;
    Ok(if comparison.regressions() > 0 {
        Exit::Nonconforming
    } else {
        Exit::Conforms
    })
}
