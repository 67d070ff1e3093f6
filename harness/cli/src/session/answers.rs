//! Answers to the questions of guided cases.

use std::path::Path;

use iedassay_engine::answers::{self, Answers};
use iedassay_engine::diagnostic::Sources;
use iedassay_engine::runner::sha256;
use iedassay_engine::suite::Library;

use crate::console::Console;
use crate::diagnostics;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// What is to be said of the documents of the simulated IED.
const SIMULATED: &str = include_str!("../../../../suites/selftest/answers.json");

/// Reads a file of answers, and its SHA-256. Everything that is wrong has been shown when this fails.
pub(crate) fn answers(
    path: &Path,
    library: &Library,
    console: &Console,
) -> Result<(Answers, String), Failure> {
    let text = files::read_text(path)?;
    let digest = sha256(text.as_bytes());
    let answers = read(path.display().to_string(), text, library, console)?;
    Ok((answers, digest))
}

/// The answers for the simulated IED and the suites that are built in.
pub(crate) fn built_in_answers(library: &Library, console: &Console) -> Result<Answers, Failure> {
    read(
        "selftest/answers.json".to_owned(),
        SIMULATED.to_owned(),
        library,
        console,
    )
}

fn read(
    name: String,
    text: String,
    library: &Library,
    console: &Console,
) -> Result<Answers, Failure> {
    let mut sources = Sources::new();
    let file = sources.add(name, text);
    answers::load(&sources, file, library).map_err(|found| {
        diagnostics::show(console, &found, &sources);
        Failure::said(Exit::Usage)
    })
}
