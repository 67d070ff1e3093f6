//! Bodies of the fuzz targets of suites and targets: what must hold for any text at all.

use crate::diagnostic::{Diagnostic, Sources};
use crate::suite::load::{Files, load};
use crate::target;

/// The name of the only file there is.
const NAME: &str = "suites/fuzz.yaml";

struct One<'a>(&'a str);

impl Files for One<'_> {
    fn text(&self, name: &str) -> Result<String, String> {
        if name == NAME {
            Ok(self.0.to_owned())
        } else {
            Err("no such file".to_owned())
        }
    }
}

/// A suite: every mistake is shown with its place in the text, and no text breaks the reader.
pub fn suite(file: &[u8]) {
    let Ok(text) = core::str::from_utf8(file) else {
        return;
    };
    let loaded = load(&[NAME.to_owned()], &One(text));
    shown(&loaded.diagnostics, &loaded.library.sources);
}

/// A target file, the same.
pub fn target(file: &[u8]) {
    let Ok(text) = core::str::from_utf8(file) else {
        return;
    };
    let mut sources = Sources::new();
    let id = sources.add("target.yaml", text);
    match target::load::load(&sources, id) {
        Ok((_, warnings)) => shown(&warnings, &sources),
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason");
            shown(&errors, &sources);
        }
    }
}

fn shown(diagnostics: &[Diagnostic], sources: &Sources) {
    for diagnostic in diagnostics {
        assert!(!diagnostic.plain(sources).is_empty());
        if let Some(span) = diagnostic.span() {
            let text = sources.get(span.file).map_or(0, |file| file.text.len());
            assert!(span.range().end <= text, "{diagnostic:?} of {text} octets");
        }
    }
}
