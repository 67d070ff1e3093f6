//! The schema files are what the types say, and the files that come with the tool follow them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use std::path::PathBuf;

use iedassay_engine::suite::load::{Files, load, load_embedded};
use iedassay_engine::{handbook, schema};

fn dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../suites/schema")
}

/// `IEDASSAY_UPDATE_SCHEMAS=1` writes the files instead of comparing them.
#[test]
fn schema_files_are_fresh() {
    for (name, schema) in schema::all() {
        let path = dir().join(name);
        let text = schema::text(&schema);
        if std::env::var_os("IEDASSAY_UPDATE_SCHEMAS").is_some() {
            std::fs::create_dir_all(dir()).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there == text,
            "suites/schema/{name} is stale; run `IEDASSAY_UPDATE_SCHEMAS=1 cargo test -p iedassay-engine --test schemas`"
        );
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn compare(name: &str, text: &str) {
    let path = root().join(name);
    if std::env::var_os("IEDASSAY_UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == text,
        "{name} is stale; run `IEDASSAY_UPDATE_SCHEMAS=1 cargo test -p iedassay-engine --test schemas`"
    );
}

#[test]
fn reference_is_fresh() {
    compare("harness/docs/suite-format.md", &handbook::reference());
}

#[test]
fn page_of_procedures_is_fresh() {
    let page = handbook::procedures(&load_embedded().library).unwrap();
    compare("harness/docs/procedures.md", &page);
}

#[test]
fn tables_of_the_readme_are_fresh() {
    let readme = std::fs::read_to_string(root().join("suites/README.md")).unwrap();
    let readme = handbook::splice(&readme, "steps", &handbook::steps_table()).unwrap();
    let readme = handbook::splice(&readme, "functions", &handbook::functions_table()).unwrap();
    compare("suites/README.md", &readme);
}

/// The worked example of the handbook is a suite without errors.
#[test]
fn example_of_the_readme_loads() {
    struct Readme(String);
    impl Files for Readme {
        fn text(&self, _: &str) -> Result<String, String> {
            Ok(self.0.clone())
        }
    }
    let readme = std::fs::read_to_string(root().join("suites/README.md")).unwrap();
    let example = readme
        .split("```yaml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let loaded = load(&["example.yaml".to_owned()], &Readme(example.to_owned()));
    let told: Vec<String> = loaded
        .diagnostics
        .iter()
        .map(|d| d.plain(&loaded.library.sources))
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}
