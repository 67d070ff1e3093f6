//! `iedassay diff`: what changed between two runs.

use iedassay_reports::compare::{self, Tolerance, compare};
use iedassay_reports::terminal::TerminalOptions;

use super::report::read;
use crate::args::{DiffArgs, DiffFormat};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn run(args: &DiffArgs, console: &Console) -> Result<Exit, Failure> {
    let (old, _) = read(&args.old, console)?;
    let (new, _) = read(&args.new, console)?;
    let tolerance = Tolerance {
        relative: f64::from(args.tolerance) / 100.0,
        ..Tolerance::default()
    };
    let comparison = compare(&old, &new, tolerance);
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
        DiffFormat::Html => compare::html(&comparison)
            .map_err(|error| Failure::new(Exit::CouldNotTest, "cannot render HTML").cause(error))?,
    };
    match args.format {
        DiffFormat::Json => console.json(&text)?,
        _ => console.result(&text)?,
    }
    let moved = args.fail_on_measurements && !comparison.measurements.is_empty();
    Ok(if moved || comparison.regressions() > 0 {
        Exit::Nonconforming
    } else {
        Exit::Conforms
    })
}
