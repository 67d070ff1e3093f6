//! JSON Schemas of what the commands print with `--format json`, generated from the types that they print.

use iedassay_engine::campaign::FuzzReport;
use iedassay_reports::compare::Comparison;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::catalogue::CaseView;
use crate::cmd::browse::Differences;
use crate::cmd::check::Checked;
use crate::cmd::decode::MessageView;
use crate::cmd::dry_run::DryRun;
use crate::cmd::hostile_server::{BehaviourView, HostileReport};
use crate::explained::Explained;
use crate::model_view::ModelView;
use crate::selftest::Told;

/// The schema of the output of a command.
pub(crate) struct Output {
    /// File name.
    pub(crate) name: &'static str,
    /// What prints it.
    pub(crate) of: &'static str,
    pub(crate) schema: Value,
}

/// Every output that has a schema here; the run record and the PICS gap have theirs in `reports`.
pub(crate) fn all() -> [Output; 12] {
    [
        output::<Checked>("check", "check --format json"),
        output::<Vec<CaseView>>("list", "list --format json"),
        output::<Explained>("explain", "explain --format json"),
        output::<ModelView>("browse", "browse --format json"),
        output::<Differences>(
            "browse-differences",
            "browse --format json with a target and an SCL file",
        ),
        output::<Comparison>("diff", "diff --format json"),
        output::<Vec<MessageView>>("decode", "decode --format json"),
        output::<DryRun>("dry-run", "run --dry-run --format json"),
        output::<Told>("selftest", "selftest --format json"),
        output::<FuzzReport>("fuzz", "fuzz --format json, and fuzz.json"),
        output::<HostileReport>(
            "hostile-server",
            "hostile-server --format json, and hostile-server.json",
        ),
        output::<Vec<BehaviourView>>("hostile-behaviours", "hostile-server --list --format json"),
    ]
}

fn output<T: JsonSchema>(name: &'static str, of: &'static str) -> Output {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert(
        "title".to_owned(),
        Value::String(format!("Output of iedassay {of}")),
    );
    Output {
        name,
        of,
        schema: schema.to_value(),
    }
}
