//! The SCL file of a command, or the description that is built in.

use std::path::Path;

use iedassay_model::scl::{self, Description, MissingTypes, Options};

use crate::console::Console;
use crate::diagnostics;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// How a target file names the description that is built in.
pub(crate) const BUILTIN_SCL: &str = "builtin";

/// Warnings shown when a file is used; `check` shows all of them.
const SHOWN_WARNINGS: usize = 3;

/// The text of an SCL file, whatever its encoding; octets that are no text are shown with their place.
pub(crate) fn read_text(console: &Console, path: &Path) -> Result<String, Failure> {
    let octets = files::read(path)?;
    match scl::decode(&octets) {
        Ok(text) => Ok(text.into_owned()),
        Err(errors) => {
            let text = String::from_utf8_lossy(&octets);
            diagnostics::show_scl(console, &path.display().to_string(), &text, &errors);
            Err(Failure::said(Exit::Usage))
        }
    }
}

/// Reads a server of an SCL file, as far as it can be served: types that are missing are warned about, and what has them is
/// left out. Errors are shown with a caret.
pub(crate) fn load(
    console: &Console,
    path: &Path,
    ied: Option<&str>,
    access_point: Option<&str>,
) -> Result<Description, Failure> {
    let text = read_text(console, path)?;
    let name = path.display().to_string();
    let options = Options {
        ied,
        access_point,
        missing_types: MissingTypes::LeaveOut,
    };
    match scl::read(&text, &options) {
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
    access_point: Option<&str>,
) -> Result<Description, Failure> {
    match path {
        Some(path) => load(console, path, ied, access_point),
        None => scl::builtin().map_err(|errors| {
            Failure::new(Exit::CouldNotTest, "the built-in description is broken").cause(errors)
        }),
    }
}
