//! JSON Schemas of suites and targets, for completion and checks in editors. Generated from the types that read the files.

use serde_json::{Value, json};

use crate::profile::Profile;
use crate::suite::Suite;
use crate::target::Target;

/// The schema files by name, as they stand in `suites/schema/`.
#[must_use]
pub fn all() -> Vec<(&'static str, Value)> {
    vec![
        (
            "profile.schema.json",
            finish(
                schemars::schema_for!(Profile).to_value(),
                "Profile of iedassay",
                "profile.schema.json",
            ),
        ),
        (
            "suite.schema.json",
            finish(
                schemars::schema_for!(Suite).to_value(),
                "Suite of iedassay",
                "suite.schema.json",
            ),
        ),
        (
            "target.schema.json",
            finish(
                schemars::schema_for!(Target).to_value(),
                "Target of iedassay",
                "target.schema.json",
            ),
        ),
    ]
}

/// The text of a schema file.
#[must_use]
pub fn text(schema: &Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}

fn finish(mut schema: Value, title: &str, name: &str) -> Value {
    if let Some(map) = schema.as_object_mut() {
        map.insert("title".to_owned(), json!(title));
        map.insert("$id".to_owned(), json!(name));
    }
    join_lines(&mut schema);
    schema
}

/// Joins the broken lines of doc comments, which editors would show broken.
fn join_lines(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text
                    .split("\n\n")
                    .map(|p| p.replace('\n', " "))
                    .collect::<Vec<_>>()
                    .join("\n\n");
            }
            map.values_mut().for_each(join_lines);
        }
        Value::Array(items) => items.iter_mut().for_each(join_lines),
        _ => {}
    }
}
