//! `iedassay schemas`: writes the generated JSON Schemas where the repository keeps them.

use std::path::PathBuf;

use iedassay_reports::schema;

use crate::args::SchemasArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::{scenario, sim_profile};

pub(crate) fn run(args: &SchemasArgs, console: &Console) -> Result<Exit, Failure> {
    let broken = |error: serde_json::Error| {
        Failure::new(Exit::CouldNotTest, "cannot generate a schema").cause(error)
    };
    let mut schemas = vec![
        (
            PathBuf::from("reports/schema/run-record.schema.json"),
            schema::run_record().map_err(broken)?,
        ),
        (
            PathBuf::from("reports/schema/pics-gap.schema.json"),
            schema::pics_gap().map_err(broken)?,
        ),
    ];
    for (name, schema) in iedassay_engine::schema::all()
        .into_iter()
        .chain(of_the_simulated_ied())
    {
        schemas.push((
            PathBuf::from("suites/schema").join(name),
            iedassay_engine::schema::text(&schema),
        ));
    }
    for (path, text) in schemas {
        files::write(&args.root.join(&path), &text)?;
        console.note(&format!("wrote {}", path.display()));
    }
    Ok(Exit::Conforms)
}

/// What the simulated IED reads; the engine knows nothing of it.
fn of_the_simulated_ied() -> [(&'static str, serde_json::Value); 2] {
    [
        ("scenario.schema.json", scenario::schema()),
        ("sim-profile.schema.json", sim_profile::schema()),
    ]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// Run `iedassay schemas` (or this test with `IEDASSAY_UPDATE_SCHEMAS=1`) after a change of the table of verbs or of options.
    #[test]
    fn the_committed_schemas_are_fresh() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../suites/schema");
        for (name, schema) in super::of_the_simulated_ied() {
            let path = folder.join(name);
            let fresh = iedassay_engine::schema::text(&schema);
            if std::env::var_os("IEDASSAY_UPDATE_SCHEMAS").is_some() {
                std::fs::write(&path, &fresh).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                committed == fresh,
                "{name} is stale: run `iedassay schemas`"
            );
        }
    }
}
