//! The JSON Schema of profiles of the simulated IED, made of the table of options.

use serde_json::{Map, Value, json};

use super::options::{OPTIONS, Takes};

/// The schema, as the value of `suites/schema/sim-profile.schema.json`.
pub(crate) fn schema() -> Value {
    let mut properties = Map::new();
    for option in OPTIONS {
        let mut value = values(option.takes);
        if let Some(map) = value.as_object_mut() {
            map.insert("description".to_owned(), json!(option.what));
        }
        if option.group.is_empty() {
            properties.insert(option.key.to_owned(), value);
        } else {
            let group = properties
                .entry(option.group)
                .or_insert_with(|| json!({"type": ["object", "null"], "additionalProperties": false, "properties": {}}));
            group["properties"][option.key] = value;
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "sim-profile.schema.json",
        "title": "Profile of the simulated IED of iedassay",
        "description": "The choices that the standard leaves to a device (PIXIT): `iedassay sim --profile FILE`.",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
    })
}

fn values(takes: Takes) -> Value {
    let time = "[0-9.]+ ?(ms|s|min|h)?";
    match takes {
        Takes::Number(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Takes::Time => {
            json!({"type": ["string", "number"], "minimum": 0, "pattern": format!("^{time}$")})
        }
        Takes::TimeOrNever => {
            json!({"type": ["string", "number"], "minimum": 0, "pattern": format!("^({time}|never)$")})
        }
        Takes::Switch => json!({"type": "boolean"}),
        Takes::Word(words) => json!({"enum": spellings(words)}),
        Takes::Text => json!({"type": ["string", "number"]}),
        Takes::Addresses => {
            json!({"type": "object", "additionalProperties": {"type": "string"}})
        }
    }
}

/// Words, and as numbers those that YAML takes for numbers when they are not quoted.
fn spellings(words: &[&str]) -> Vec<Value> {
    let as_number = |word: &&str| {
        word.parse::<f64>().ok().map(|number| {
            // `1` is an integer to a validator, `2.1` is not.
            word.parse::<u64>()
                .map_or_else(|_| json!(number), |whole| json!(whole))
        })
    };
    let numbers = words.iter().filter_map(as_number);
    words
        .iter()
        .map(|word| json!(word))
        .chain(numbers)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Draft, options::Opt};
    use super::*;
    use iedassay_engine::diagnostic::{Diagnostic, Sources};
    use iedassay_engine::yaml::Decoder;
    use iedassay_sim::SimConfig;
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::time::Duration;

    /// Whether an option takes a value.
    fn takes(option: &Opt, value: &str) -> bool {
        let mut sources = Sources::new();
        let file = sources.add("value", value.to_owned());
        let node = iedassay_engine::yaml::read(&sources, file).unwrap();
        let model = iedassay_model::scl::builtin().unwrap().model;
        let mut draft = Draft {
            edition: None,
            settings: model.services.effective_report_settings(),
            files: None,
            base: PathBuf::new(),
            scenario: None,
            config: SimConfig::new(Arc::new(model), Duration::ZERO),
        };
        let mut cx = Decoder::new();
        (option.set)(&mut draft, &node, &mut cx);
        !cx.diagnostics.iter().any(Diagnostic::is_error)
    }

    #[test]
    fn options_take_what_the_table_says_and_nothing_else() {
        for option in OPTIONS {
            let (good, bad): (Vec<String>, Vec<String>) = match option.takes {
                Takes::Number(least, most) => {
                    let mut bad = vec![
                        "-1".to_owned(),
                        "much".to_owned(),
                        (u64::from(most) + 1).to_string(),
                    ];
                    bad.extend(least.checked_sub(1).map(|less| less.to_string()));
                    (vec![least.to_string(), most.to_string()], bad)
                }
                Takes::Time => (
                    vec!["250ms".to_owned(), "2min".to_owned(), "100".to_owned()],
                    vec!["never".to_owned(), "-1s".to_owned(), "1d".to_owned()],
                ),
                Takes::TimeOrNever => (
                    vec!["250ms".to_owned(), "never".to_owned()],
                    vec!["always".to_owned(), "-1s".to_owned()],
                ),
                Takes::Switch => (
                    vec!["true".to_owned(), "false".to_owned()],
                    vec!["perhaps".to_owned(), "2".to_owned()],
                ),
                Takes::Word(words) => (
                    words.iter().map(|word| (*word).to_owned()).collect(),
                    vec!["another".to_owned(), "[1]".to_owned()],
                ),
                Takes::Text => (
                    vec!["any text".to_owned()],
                    vec!["[a]".to_owned(), "{a: b}".to_owned()],
                ),
                Takes::Addresses => (
                    vec!["{SCADA: 127.0.0.9}".to_owned()],
                    vec!["{SCADA: nowhere}".to_owned(), "127.0.0.9".to_owned()],
                ),
            };
            for value in good {
                assert!(
                    takes(option, &value),
                    "{} does not take {value}",
                    option.name()
                );
            }
            for value in bad {
                assert!(!takes(option, &value), "{} takes {value}", option.name());
            }
        }
    }
}
