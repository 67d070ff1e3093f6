//! The SCL file of a command, or the description that is built in.

use std::path::Path;

use iedassay_model::scl::{self, Description};

use crate::console::Console;
use crate::diagnostics;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// How a target file names the description that is built in.
pub(crate) const BUILTIN_SCL: &str = "builtin";

/// Warnings shown when a file is used; `check` shows all of them.
const SHOWN_WARNINGS: usize = 3;

/// Reads one IED of an SCL file; its errors are shown with a caret.
pub(crate) fn load(
    console: &Console,
    path: &Path,
    ied: Option<&str>,
) -> Result<Description, Failure> {
    let text = files::read_text(path)?;
    let name = path.display().to_string();
    match scl::parse(&text, ied) {
        Ok(description) => {
            diagnostics::show_scl_warnings(console, &name, &description.warnings, SHOWN_WARNINGS);
            Ok(description)
        }
        Err(errors) => {
            diagnostics::show_scl(console, &name, &text, &errors);
            Err(Failure::said(Exit::Usage))
        }
    }
}

/// The file when one is named, else what is built in.
pub(crate) fn load_or_builtin(
    console: &Console,
    path: Option<&Path>,
    ied: Option<&str>,
) -> Result<Description, Failure> {
    match path {
        Some(path) => load(console, path, ied),
        None => scl::builtin().map_err(|errors| {
            Failure::new(Exit::CouldNotTest, "the built-in description is broken").cause(errors)
        }),
    }
}
