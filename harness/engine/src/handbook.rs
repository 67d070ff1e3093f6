//! The reference of the suite language as Markdown, generated from the schema: it cannot disagree with what is read.

use std::fmt::Write as _;

use serde_json::Value;

use iedassay_model::capability;

use crate::cel::functions;
use crate::schema;
use crate::suite::{Library, Step, procedures};
use crate::target::pixit;

/// The keys most steps share; told once.
const COMMON: &[&str] = &["client", "as", "expect", "within", "check", "why"];

/// A table of all steps: verb, what it does, its own keys.
#[must_use]
pub fn steps_table() -> String {
    let schema = suite();
    let mut out = String::from("| step | does | keys of its own |\n|---|---|---|\n");
    for verb in Step::VERBS {
        let Some(step) = step(&schema, verb) else {
            continue;
        };
        let keys: Vec<String> = properties(step)
            .filter(|(key, _)| !COMMON.contains(key))
            .map(|(key, _)| {
                let star = if required(step, key) { "**" } else { "" };
                format!("{star}`{key}`{star}")
            })
            .collect();
        let _ = writeln!(
            out,
            "| `{verb}` | {} | {} |",
            cell(&first_sentence(description(step))),
            keys.join(", ")
        );
    }
    out
}

/// A table of the functions and macros of expressions.
#[must_use]
pub fn functions_table() -> String {
    let mut out = String::from("| function | what it gives |\n|---|---|\n");
    for (name, text) in functions::table() {
        // The text begins with the call: `near(a, b, d)`: whether ...
        let (call, what) = match text.split_once("`: ") {
            Some((call, what)) => (format!("{call}`"), what),
            None => (text.to_owned(), name),
        };
        let _ = writeln!(out, "| {} | {} |", cell(&call), cell(what));
    }
    out
}

/// Every published procedure with the cases that answer to it, or why none does.
///
/// # Errors
///
/// When the list of procedures cannot be read.
pub fn procedures(library: &Library) -> Result<String, serde_json::Error> {
    let all = procedures::all()?;
    let mut rows = String::new();
    let mut without = 0_usize;
    for procedure in &all {
        let mut cases: Vec<String> = procedure
            .cases(library)
            .map(|(case, sure)| format!("`{case}` ({sure})"))
            .collect();
        cases.sort();
        if cases.is_empty() {
            without += 1;
            let why = procedure.untested.as_deref().unwrap_or("no case yet");
            cases.push(format!("none: {why}"));
        }
        let _ = writeln!(
            rows,
            "| {} | {} | {} | {} | {} | {} |",
            procedure.id,
            cell(&procedure.title),
            cell(&procedure.block),
            procedure.editions.join(", "),
            cell(&procedure.status),
            cell(&cases.join(", "))
        );
    }
    Ok(format!(
        "# Published procedures and our cases\n\n\
         Generated from `suites/procedures.json` and the `uca` of the cases. The ids are those of IEC 61850-10 and of the UCAIug \
         procedures, the titles are our own words. Beside each case stands how sure we are that it is what the procedure means. \
         `iedassay explain ID` shows the cases of an id, `--filter ID` runs them. Cases without an id (field cases, robustness) are not \
         listed here.\n\n\
         {} procedures, {} of them with cases.\n\n\
         | id | about | block | editions | in its block | cases |\n|---|---|---|---|---|---|\n{rows}",
        all.len(),
        all.len() - without
    ))
}

/// The whole reference of suites and targets.
#[must_use]
pub fn reference() -> String {
    let suite = suite();
    let target = self::target();
    let mut out = String::from(
        "# Suites and targets: the reference\n\n\
         Generated from the types that read the files; `suites/README.md` tells how to write a case.\n\n\
         ## A suite file\n\n",
    );
    keys(&mut out, &suite, &[]);
    for (title, name) in [
        ("A case", "Case"),
        ("What a case needs", "Needs"),
        ("A window in time", "Window"),
        ("A value", "Value"),
    ] {
        section(&mut out, &suite, title, name);
    }
    out.push_str("## Steps\n\nMost steps share these keys:\n\n");
    if let Some(read) = step(&suite, "read") {
        let others: Vec<&str> = properties(read)
            .map(|(key, _)| key)
            .filter(|key| !COMMON.contains(key))
            .collect();
        keys(&mut out, read, &others);
    }
    for verb in Step::VERBS {
        let Some(step) = step(&suite, verb) else {
            continue;
        };
        let _ = write!(out, "### `{verb}`\n\n{}\n\n", description(step));
        keys(&mut out, step, COMMON);
        for part in parts(verb) {
            if let Some(part) = definition(&suite, part) {
                let _ = write!(out, "{}\n\n", description(part));
                keys(&mut out, part, &[]);
            }
        }
    }
    out.push_str("## Functions of expressions\n\n");
    out.push_str(&functions_table());
    out.push_str("\n## A target file\n\n");
    keys(&mut out, &target, &[]);
    for (title, name) in [
        ("How to associate", "Association"),
        ("Addresses of one side", "Side"),
        ("What MMS Initiate proposes", "Initiate"),
        ("The SCL file", "SclSource"),
        ("What is allowed", "Allow"),
        ("How to make things happen", "Stimuli"),
        ("A stimulus", "Stimulus"),
        ("Conditions of the process", "Conditions"),
        ("Doing something to the device", "WorldAction"),
        ("An HTTP call", "HttpCall"),
        ("Time limits", "Timeouts"),
        ("Tolerances", "Tolerances"),
        ("Robustness", "Robustness"),
        ("A known deviation", "KnownDeviation"),
    ] {
        section(&mut out, &target, title, name);
    }
    out.push_str("### PIXIT questions\n\n| id | asks | answer |\n|---|---|---|\n");
    for q in pixit::QUESTIONS {
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            q.id,
            cell(q.asks),
            cell(&q.answer.describe())
        );
    }
    out.push_str("\n### PICS items\n\n| id | item |\n|---|---|\n");
    for item in capability::all() {
        let _ = writeln!(out, "| {} | {} |", item.id, cell(item.name));
    }
    out
}

/// Maps inside the keys of a step that deserve a table of their own.
fn parts(verb: &str) -> &'static [&'static str] {
    match verb {
        "associate" => &["Selectors", "InitiateParameters", "Pace", "Alteration"],
        "write" => &["WriteItem"],
        "select" => &["Origin"],
        _ => &[],
    }
}

fn by_name(name: &str) -> Value {
    schema::all()
        .into_iter()
        .find(|(n, _)| *n == name)
        .map_or(Value::Null, |(_, s)| s)
}

fn suite() -> Value {
    by_name("suite.schema.json")
}

fn target() -> Value {
    by_name("target.schema.json")
}

fn definition<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    schema.get("$defs")?.get(name)
}

/// The schema of the keys of a step.
fn step<'a>(schema: &'a Value, verb: &str) -> Option<&'a Value> {
    let variants = definition(schema, "Step")?.get("oneOf")?.as_array()?;
    let inner = variants
        .iter()
        .find_map(|v| v.get("properties")?.get(verb))?;
    let name = inner.get("$ref")?.as_str()?.rsplit('/').next()?;
    definition(schema, name)
}

/// Keys and their schemas; those of the long form where a short one exists.
fn properties(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let own = schema.get("properties");
    let long = || {
        schema
            .get("anyOf")?
            .as_array()?
            .iter()
            .find_map(|v| v.get("properties"))
    };
    own.or_else(long)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(k, v)| (k.as_str(), v))
}

fn required(schema: &Value, key: &str) -> bool {
    schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|r| r.iter().any(|k| k.as_str() == Some(key)))
}

fn description(schema: &Value) -> &str {
    schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or("")
}

fn section(out: &mut String, schema: &Value, title: &str, name: &str) {
    if let Some(part) = definition(schema, name) {
        let _ = write!(out, "### {title}\n\n{}\n\n", description(part));
        keys(out, part, &[]);
    }
}

fn keys(out: &mut String, schema: &Value, without: &[&str]) {
    let rows: Vec<(&str, &Value)> = properties(schema)
        .filter(|(key, _)| !without.contains(key))
        .collect();
    if rows.is_empty() {
        return;
    }
    out.push_str("| key | meaning |\n|---|---|\n");
    for (key, value) in rows {
        let must = if required(schema, key) {
            " (required)"
        } else {
            ""
        };
        let _ = writeln!(out, "| `{key}`{must} | {} |", cell(description(value)));
    }
    out.push('\n');
}

fn first_sentence(text: &str) -> String {
    let line = text.split("\n\n").next().unwrap_or_default();
    match line.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => line.to_owned(),
    }
}

fn cell(text: &str) -> String {
    text.replace("\n\n", "<br>")
        .replace('\n', " ")
        .replace('|', "\\|")
}

/// The text of a Markdown file with the part between `<!-- name:begin -->` and `<!-- name:end -->` replaced.
#[must_use]
pub fn splice(document: &str, name: &str, part: &str) -> Option<String> {
    let begin = format!("<!-- {name}:begin -->\n");
    let end = format!("<!-- {name}:end -->");
    let (head, rest) = document.split_once(&begin)?;
    let (_, tail) = rest.split_once(&end)?;
    Some(format!("{head}{begin}{part}{end}{tail}"))
}
