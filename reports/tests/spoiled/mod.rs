//! A record of a device and of files that are up to no good: every text in it is markup, a formula, a disguise.

use iedassay_reports::RunRecord;
use serde_json::Value;

/// Begins like a formula, opens and closes markup, moves a cursor, ends a text, turns its direction, breaks a line.
pub(crate) const HOSTILE: &str = "=cmd|' /C calc'!A0</td><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;]]>`*_[x](javascript:alert(1))\u{1b}[2J\u{1b}]0;x\u{7}\0\u{9b}31m\r\n# heading\n\u{202e}evil\u{2066}\u{200f}\u{feff},";

/// Fields that are words of the format, not texts of a device or a file.
const WORDS: &[&str] = &[
    "verdict",
    "outcome",
    "phase",
    "state",
    "restored",
    "confidence",
    "kind",
    "conclusion",
    "started",
    "finished",
    "bytes",
    "what",
];

fn spoil(value: &mut Value) {
    match value {
        Value::String(text) => text.insert_str(0, HOSTILE),
        Value::Array(items) => items.iter_mut().for_each(spoil),
        Value::Object(fields) => {
            let fields = fields.iter_mut();
            let texts = fields.filter(|(name, _)| !WORDS.contains(&name.as_str()));
            texts.for_each(|(_, value)| spoil(value));
        }
        _ => {}
    }
}

pub(crate) fn hostile() -> RunRecord {
    let mut value: Value = serde_json::from_str(include_str!("../golden/record.json")).unwrap();
    spoil(&mut value);
    let mut record = RunRecord::from_json(&value.to_string()).unwrap();
    record.conclude();
    record
}
