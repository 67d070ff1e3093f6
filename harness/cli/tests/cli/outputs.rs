//! What the commands print with `--format json` is what their schemas say.

use serde_json::{Map, Value};

use crate::harness::Bench;

/// Held against a schema as far as the schemas here go: an unknown keyword is a mistake of this test.
struct Schema {
    root: Value,
}

impl Schema {
    fn of(name: &str) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports/schema");
        let text = std::fs::read_to_string(format!("{folder}/{name}.schema.json")).unwrap();
        Self {
            root: serde_json::from_str(&text).unwrap(),
        }
    }

    /// What is wrong, each with its place.
    fn complaints(&self, document: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.check(&self.root, document, "", &mut found);
        found
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut found = Vec::new();
        self.check(schema, value, "", &mut found);
        found.is_empty()
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let Some(schema) = schema.as_object() else {
            if schema == &Value::Bool(false) {
                found.push(format!("{at}: nothing is allowed here"));
            }
            return;
        };
        for (keyword, wanted) in schema {
            let good = match keyword.as_str() {
                "type" => any(wanted, |name| is_type(value, name)),
                "const" => value == wanted,
                "enum" => wanted.as_array().unwrap().contains(value),
                "minimum" => value
                    .as_f64()
                    .is_none_or(|number| number >= wanted.as_f64().unwrap()),
                "maximum" => value
                    .as_f64()
                    .is_none_or(|number| number <= wanted.as_f64().unwrap()),
                "anyOf" => any(wanted, |one| self.fits(one, value)),
                "oneOf" => {
                    let fitting = wanted.as_array().unwrap().iter();
                    fitting.filter(|one| self.fits(one, value)).count() == 1
                }
                "allOf" => wanted
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|one| self.fits(one, value)),
                "$ref" => {
                    let pointer = wanted.as_str().unwrap().strip_prefix('#').unwrap();
                    let target = self.root.pointer(pointer).unwrap();
                    self.check(target, value, at, found);
                    true
                }
                "required" => wanted.as_array().unwrap().iter().all(|name| {
                    let name = name.as_str().unwrap();
                    let there = value
                        .as_object()
                        .is_none_or(|object| object.contains_key(name));
                    if !there {
                        found.push(format!("{at}: `{name}` is missing"));
                    }
                    there
                }),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(wanted, item, &format!("{at}/{index}"), found);
                    }
                    true
                }
                "properties" => {
                    self.properties(schema, wanted.as_object().unwrap(), value, at, found);
                    true
                }
                "additionalProperties"
                | "$schema"
                | "$defs"
                | "title"
                | "description"
                | "format"
                | "default"
                | "examples" => true,
                other => panic!("the keyword `{other}` is not known to this test"),
            };
            if !good {
                found.push(format!(
                    "{at}: {keyword} {wanted} does not hold for {value}"
                ));
            }
        }
    }

    fn properties(
        &self,
        schema: &Map<String, Value>,
        known: &Map<String, Value>,
        value: &Value,
        at: &str,
        found: &mut Vec<String>,
    ) {
        // Where a schema is put together of several, another one may know a property.
        let composed = ["allOf", "anyOf", "oneOf", "$ref"];
        let whole = !composed.iter().any(|keyword| schema.contains_key(*keyword));
        for (name, inner) in value.as_object().into_iter().flatten() {
            let place = format!("{at}/{name}");
            match (known.get(name), schema.get("additionalProperties")) {
                (Some(one), _) => self.check(one, inner, &place, found),
                (None, Some(others)) => self.check(others, inner, &place, found),
                (None, None) if whole => {
                    found.push(format!("{place}: the schema does not know it"))
                }
                (None, None) => {}
            }
        }
    }
}

fn any(wanted: &Value, good: impl Fn(&Value) -> bool) -> bool {
    match wanted.as_array() {
        Some(all) => all.iter().any(good),
        None => good(wanted),
    }
}

fn is_type(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type `{other}`"),
    }
}

fn holds(bench: &Bench, schema: &str, args: &[&str]) {
    let output = bench.command(args).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{args:?}: {error}: {}",
            String::from_utf8_lossy(&output.stderr)
        )
    });
    let schema = Schema::of(schema);
    let complaints = schema.complaints(&document);
    assert!(complaints.is_empty(), "{args:?}: {}", complaints.join("\n"));
    // The schema says something: what is no such document is refused.
    assert!(!schema.complaints(&Value::from("x")).is_empty());
}

#[test]
fn what_is_printed_as_json_follows_its_schema() {
    let bench = Bench::new()
        .file("bad.yaml", "suite: a/b\ntitle: t\ncases:\n  - id: a/b\n    title: t\n    stepps: []\n  - id: a/b\n    title: t\n    steps: []\n")
        .file("t.yaml", "target: x\naddress: 1.2.3\n")
        .file("broken.cid", "<SCL")
        .file("assay.cid", iedassay_model::scl::BUILTIN);
    let json = ["--format", "json"];
    let with = |args: &[&'static str]| [args, &json].concat();
    holds(
        &bench,
        "check",
        &with(&["check", "bad.yaml", "t.yaml", "broken.cid", "assay.cid"]),
    );
    holds(&bench, "list", &with(&["list"]));
    for id in ["association/lost-link", "sRp5", "sGom1"] {
        holds(&bench, "explain", &with(&["explain", id]));
    }
    holds(&bench, "browse", &with(&["browse"]));
    holds(&bench, "decode", &with(&["decode", "03 00 00 04 a0 0e"]));
    let run = [
        "run",
        "--virtual-time",
        "--filter",
        "association/associate-*",
    ];
    holds(
        &bench,
        "dry-run",
        &with(&["run", "--dry-run", "--filter", "urcb/*", "--jobs", "4"]),
    );
    holds(&bench, "run-record", &with(&run));
    let worse = [
        &run[..],
        &[
            "--fault",
            "conclude-unanswered",
            "--retries",
            "1",
            "--operator",
            "x",
            "--out",
            "worse",
        ],
    ]
    .concat();
    holds(&bench, "run-record", &with(&worse));
    holds(&bench, "run-record", &with(&["report", "worse"]));
    holds(&bench, "diff", &with(&["diff", "iedassay-out", "worse"]));
    holds(
        &bench,
        "pics-gap",
        &with(&["pics", "gap", "worse", "--all"]),
    );
    holds(
        &bench,
        "decode",
        &with(&[
            "decode",
            "worse/captures/association-associate-release.pcapng",
        ]),
    );
    holds(
        &bench,
        "fuzz",
        &with(&["fuzz", "--virtual-time", "--seed", "1", "--sequences", "3"]),
    );
    let fallen = [
        "fuzz",
        "--virtual-time",
        "--fault",
        "malformed-input-restarts",
    ];
    holds(&bench, "fuzz", &with(&fallen));
    holds(
        &bench,
        "hostile-behaviours",
        &with(&["hostile-server", "--list"]),
    );
    // Nobody connects, so the document is told when its time is over.
    holds(
        &bench,
        "hostile-server",
        &with(&["hostile-server", "--listen", "127.0.0.1:0", "--for", "10ms"]),
    );
    holds(
        &bench,
        "selftest",
        &with(&[
            "selftest",
            "--fault",
            "conclude-unanswered",
            "--filter",
            "association/associate-release",
        ]),
    );
}

#[test]
fn differences_of_a_live_model_follow_their_schema() {
    let simulated = crate::run::Simulated::start(&[]);
    let target = format!("target: sim\naddress: {}\n", simulated.address);
    let bench = Bench::new()
        .file("t.yaml", target)
        .file("assay.cid", iedassay_model::scl::BUILTIN);
    let args = [
        "browse",
        "--target",
        "t.yaml",
        "--scl",
        "assay.cid",
        "--format",
        "json",
    ];
    holds(&bench, "browse-differences", &args);
}

#[test]
fn every_schema_is_listed() {
    let output = Bench::new()
        .command(&["schemas", "--list"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reports/schema");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            text.contains(&format!("reports/schema/{name}")),
            "{name}: {text}"
        );
    }
    assert!(text.contains("suites/schema/target.schema.json"), "{text}");
}
