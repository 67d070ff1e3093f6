//! Text to [`Target`].

use super::Target;
use crate::diagnostic::{Diagnostic, FileId, Sources, sort};
use crate::yaml::{Decoder, FromNode, read};

/// Reads one of the texts in `sources` as a target file and checks it.
///
/// Warnings come with the target; errors instead of it.
///
/// # Errors
///
/// Every mistake of the file.
pub fn load(sources: &Sources, file: FileId) -> Result<(Target, Vec<Diagnostic>), Vec<Diagnostic>> {
    let node = read(sources, file).map_err(|d| vec![d])?;
    let mut cx = Decoder::new();
    let target = Target::from_node(&node, &mut cx);
    if let Some(target) = &target {
        super::check(target, &mut cx);
    }
    let mut diagnostics = cx.diagnostics;
    sort(&mut diagnostics);
    match target {
        Some(target) if !diagnostics.iter().any(Diagnostic::is_error) => Ok((target, diagnostics)),
        _ => Err(diagnostics),
    }
}
