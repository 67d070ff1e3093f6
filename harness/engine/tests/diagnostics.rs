//! What a person is told about bad files: every mistake at once, each with its place and the remedy.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use iedassay_engine::diagnostic::{Diagnostic, Sources};
use iedassay_engine::suite::load::{Files, load};
use iedassay_engine::suite::strict;

/// The files in `tests/bad`, by their bare names.
struct Bad;

impl Files for Bad {
    fn text(&self, name: &str) -> Result<String, String> {
        let path = format!("{}/tests/bad/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).map_err(|_| "no such file".to_owned())
    }
}

fn told(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let all: Vec<String> = diagnostics.iter().map(|d| d.plain(sources)).collect();
    all.join("\n\n")
}

fn suite(name: &str) -> String {
    let loaded = load(&[name.to_owned()], &Bad);
    assert!(loaded.has_errors(), "{name} has no errors");
    told(&loaded.diagnostics, &loaded.library.sources)
}

macro_rules! golden {
    ($($name:ident),* $(,)?) => { $(
        #[test]
        fn $name() {
            insta::assert_snapshot!(suite(concat!(stringify!($name), ".yaml")));
        }
    )* };
}

golden!(
    unknown_keys,
    wrong_types,
    unknown_words,
    duplicate_ids,
    undefined_variables,
    cel_errors,
    vacuous,
    not_yaml,
    quote_brackets,
    twice,
    include_missing,
);

#[test]
fn target() {
    let mut sources = Sources::new();
    let file = sources.add("target.yaml", Bad.text("target.yaml").unwrap());
    let Err(errors) = iedassay_engine::target::load::load(&sources, file) else {
        panic!("the target has no errors");
    };
    insta::assert_snapshot!(told(&errors, &sources));
}

#[test]
fn errors_of_all_files_come_together() {
    let names = ["twice.yaml", "duplicate_ids.yaml", "absent.yaml"].map(str::to_owned);
    let loaded = load(&names, &Bad);
    let files: Vec<String> = loaded
        .diagnostics
        .iter()
        .map(|d| {
            d.span().map_or_else(
                || d.message.clone(),
                |s| loaded.library.sources.position(s).file.to_string(),
            )
        })
        .collect();
    assert!(files.contains(&"twice.yaml".to_owned()));
    assert!(files.contains(&"duplicate_ids.yaml".to_owned()));
    assert!(files.contains(&"`absent.yaml` cannot be read: no such file".to_owned()));
}

/// What works but should not stay so: the mistakes of `strict.yaml` that make no error.
#[test]
fn what_only_a_strict_check_tells() {
    let names = ["strict.yaml", "strict_fragments.yaml"].map(str::to_owned);
    let loaded = load(&names, &Bad);
    let mut all = loaded.diagnostics.clone();
    all.extend(strict(&loaded.library));
    iedassay_engine::diagnostic::sort(&mut all);
    insta::assert_snapshot!(told(&all, &loaded.library.sources));
}

/// A file of fragments by itself is for others; a case alone does not make the fragments it does not need superfluous.
#[test]
fn fragments_of_files_that_were_not_asked_for_may_be_unused() {
    for name in ["strict_fragments.yaml", "strict.yaml"] {
        let loaded = load(&[name.to_owned()], &Bad);
        let found = strict(&loaded.library);
        let told = |d: &Diagnostic| d.code.as_str() == "unused-fragment";
        assert!(!found.iter().any(told), "{name}");
    }
}
