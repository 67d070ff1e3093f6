//! The schema files are what the types say, and the files that come with the tool follow them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

use std::path::PathBuf;

use iedassay_engine::schema;

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
