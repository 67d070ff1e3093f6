//! The record as JSON: the form in which it is kept.

use crate::record::RunRecord;

/// The record as indented JSON with a line feed at the end.
///
/// # Errors
/// Never in practice: a record holds only what JSON can carry.
pub fn render(record: &RunRecord) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(record)?;
    text.push('\n');
    Ok(text)
}
