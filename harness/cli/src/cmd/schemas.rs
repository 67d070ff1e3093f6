//! `iedassay schemas`: writes the generated JSON Schemas where the repository keeps them, or lists them.

use std::path::PathBuf;

use iedassay_reports::schema;

use crate::args::SchemasArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::output_schemas;
use crate::{scenario, sim_profile};

/// A schema file: where it stands, what it describes, its text.
struct Schema {
    path: PathBuf,
    of: String,
    text: String,
}

pub(crate) fn run(args: &SchemasArgs, console: &Console) -> Result<Exit, Failure> {
    let schemas = all()?;
    if args.list {
        let lines = schemas.iter();
        let lines = lines.map(|one| format!("{}  {}\n", one.path.display(), one.of));
        console.result(&lines.collect::<String>())?;
        return Ok(Exit::Conforms);
    }
    for schema in schemas {
        files::write(&args.root.join(&schema.path), &schema.text)?;
        console.note(&format!("wrote {}", schema.path.display()));
    }
    Ok(Exit::Conforms)
}

fn all() -> Result<Vec<Schema>, Failure> {
    let broken = |error: serde_json::Error| {
        Failure::new(Exit::CouldNotTest, "cannot generate a schema").cause(error)
    };
    let mut schemas = vec![
        Schema {
            path: PathBuf::from("reports/schema/run-record.schema.json"),
            of: "record.json; run and report --format json".to_owned(),
            text: schema::run_record().map_err(broken)?,
        },
        Schema {
            path: PathBuf::from("reports/schema/pics-gap.schema.json"),
            of: "pics-gap.json; pics gap --format json".to_owned(),
            text: schema::pics_gap().map_err(broken)?,
        },
    ];
    schemas.extend(of_outputs());
    for (name, schema) in iedassay_engine::schema::all()
        .into_iter()
        .chain(of_the_simulated_ied())
    {
        schemas.push(Schema {
            path: PathBuf::from("suites/schema").join(name),
            of: format!(
                "{} files, for editors and `iedassay check`",
                name.trim_end_matches(".schema.json")
            ),
            text: iedassay_engine::schema::text(&schema),
        });
    }
    Ok(schemas)
}

fn of_outputs() -> Vec<Schema> {
    let outputs = output_schemas::all().into_iter();
    let outputs = outputs.map(|output| Schema {
        path: PathBuf::from(format!("reports/schema/{}.schema.json", output.name)),
        of: output.of.to_owned(),
        text: iedassay_engine::schema::text(&output.schema),
    });
    outputs.collect()
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

    /// Run `iedassay schemas` (or this test with `IEDASSAY_UPDATE_SCHEMAS=1`) after a change of what they describe.
    #[test]
    fn the_committed_schemas_are_fresh() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for schema in super::all().unwrap_or_default() {
            let path = root.join(&schema.path);
            if std::env::var_os("IEDASSAY_UPDATE_SCHEMAS").is_some() {
                std::fs::write(&path, &schema.text).unwrap();
            }
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(
                committed == schema.text,
                "{} is stale: run `iedassay schemas`",
                schema.path.display()
            );
        }
    }
}
