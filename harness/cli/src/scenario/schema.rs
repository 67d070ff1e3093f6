//! The JSON Schema of scenario files, made of the table of verbs.

use iedassay_sim::{Argument, Cause, Kind, Verb};
use serde_json::{Map, Value, json};

use super::read::{AT, BACKGROUND, REPEAT, STEPS, WAIT, goes_on, verbs};

/// The schema, as the value of `suites/schema/scenario.schema.json`.
pub(crate) fn schema() -> Value {
    let steps = json!({"$ref": "#/$defs/Steps"});
    let mut variants = vec![
        step(WAIT, "lets time pass", kind(Kind::Time), Map::new(), &[]),
        step(
            REPEAT,
            "plays a block of steps so many times, or for ever",
            kind(Kind::Times),
            Map::from_iter([(STEPS.to_owned(), steps.clone())]),
            &[STEPS],
        ),
    ];
    variants.extend(verbs().map(verb));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "scenario.schema.json",
        "title": "Scenario of iedassay",
        "description": "What happens to the process of the simulated IED, and when: `iedassay sim --scenario FILE`.",
        "type": "object",
        "additionalProperties": false,
        "required": ["scenario", STEPS],
        "properties": {
            "scenario": {"type": "string", "description": "Title."},
            "description": {"type": "string", "description": "What it is good for."},
            (STEPS): steps,
        },
        "$defs": {
            "Steps": {
                "type": "array",
                "minItems": 1,
                "items": {"$ref": "#/$defs/Step"},
                "description": "Steps, one after the other.",
            },
            "Step": {"oneOf": variants},
        },
    })
}

/// The schema of a step that is a verb of the table.
fn verb(verb: &Verb) -> Value {
    let (first, rest) = match verb.arguments.split_first() {
        Some((first, rest)) => (argument(first), rest),
        None => (json!({"type": "null"}), verb.arguments),
    };
    let mut more: Map<String, Value> = rest
        .iter()
        .map(|other| (other.name.to_owned(), argument(other)))
        .collect();
    if goes_on(verb) {
        more.insert(
            BACKGROUND.to_owned(),
            json!({"type": "boolean", "default": false, "description": "The next step does not wait for its end."}),
        );
    }
    let required: Vec<&str> = rest
        .iter()
        .filter(|other| other.required)
        .map(|other| other.name)
        .collect();
    step(verb.name, verb.does, first, more, &required)
}

fn step(
    name: &str,
    does: &str,
    first: Value,
    more: Map<String, Value>,
    required: &[&str],
) -> Value {
    let mut properties = more;
    properties.insert(name.to_owned(), first);
    let mut at = kind(Kind::Time);
    describe(
        &mut at,
        "When the step begins, counted from the beginning of its block; without it when the step before has ended.",
    );
    properties.insert(AT.to_owned(), at);
    let required: Vec<&str> = core::iter::once(name)
        .chain(required.iter().copied())
        .collect();
    json!({
        "type": "object",
        "title": name,
        "description": format!("`{name}`: {does}"),
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

fn argument(argument: &Argument) -> Value {
    let mut schema = kind(argument.kind);
    if !argument.required
        && let Some(Value::String(only)) = schema.get("type").cloned()
    {
        insert(&mut schema, "type", json!([only, "null"]));
    }
    describe(&mut schema, argument.kind.what());
    schema
}

fn kind(kind: Kind) -> Value {
    match kind {
        Kind::Reference => json!({"type": "string", "pattern": "^[^/ ]+/[^/ ]+$"}),
        Kind::Value => json!({"type": ["string", "number", "boolean"]}),
        Kind::Number => json!({"type": "number"}),
        Kind::Time => {
            json!({"type": ["string", "number"], "minimum": 0, "pattern": "^[0-9.]+ ?(ms|s|min|h)?$"})
        }
        Kind::Times => {
            json!({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 1_000_000}, {"const": "forever"}]})
        }
        Kind::Switch => json!({"enum": ["on", "off", true, false]}),
        Kind::Cause => json!({"enum": Cause::names().collect::<Vec<_>>()}),
        Kind::Pattern | Kind::Verb => json!({"type": "string"}),
    }
}

fn describe(schema: &mut Value, text: &str) {
    insert(schema, "description", json!(text));
}

fn insert(schema: &mut Value, key: &str, value: Value) {
    if let Some(map) = schema.as_object_mut() {
        map.insert(key.to_owned(), value);
    }
}
