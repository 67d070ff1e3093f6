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
    let of_the_simulated_ied = [
        ("scenario.schema.json", scenario::schema()),
        ("sim-profile.schema.json", sim_profile::schema()),
    ];
    for (name, schema) in iedassay_engine::schema::all()
        .into_iter()
        .chain(of_the_simulated_ied)
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
