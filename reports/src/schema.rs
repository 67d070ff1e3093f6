//! The JSON Schema of the run record, generated from the types.

use crate::record::RunRecord;

/// The schema, as the text of `reports/schema/run-record.schema.json`.
///
/// # Errors
/// Never in practice: a generated schema is plain JSON.
pub fn run_record() -> Result<String, serde_json::Error> {
    let schema = schemars::schema_for!(RunRecord);
    let mut text = serde_json::to_string_pretty(&schema)?;
    text.push('\n');
    Ok(text)
}

/// The schema of the PICS gap, as the text of `reports/schema/pics-gap.schema.json`.
///
/// # Errors
/// Never in practice: a generated schema is plain JSON.
pub fn pics_gap() -> Result<String, serde_json::Error> {
    let schema = schemars::schema_for!(crate::pics_gap::GapReport);
    let mut text = serde_json::to_string_pretty(&schema)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    /// Run `iedassay schemas` (or this test with `IEDASSAY_UPDATE_SCHEMAS=1`) after a change of the types.
    #[test]
    fn the_committed_schemas_are_fresh() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/schema");
        for (name, fresh) in [
            ("run-record", super::run_record().unwrap()),
            ("pics-gap", super::pics_gap().unwrap()),
        ] {
            let path = format!("{directory}/{name}.schema.json");
            if std::env::var_os("IEDASSAY_UPDATE_SCHEMAS").is_some() {
                std::fs::write(&path, &fresh).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                committed == fresh,
                "{path} is stale: run `iedassay schemas`"
            );
        }
    }
}
