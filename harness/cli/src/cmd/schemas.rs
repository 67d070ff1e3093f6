//! `iedassay schemas`: writes the generated JSON Schemas where the repository keeps them.

use std::path::PathBuf;

use crate::args::SchemasArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

pub(crate) fn run(args: &SchemasArgs, console: &Console) -> Result<Exit, Failure> {
    let record = iedassay_reports::schema::run_record().map_err(|error| {
        Failure::new(Exit::CouldNotTest, "cannot generate a schema").cause(error)
    })?;
    let mut schemas = vec![(
        PathBuf::from("reports/schema/run-record.schema.json"),
        record,
    )];
    for (name, schema) in iedassay_engine::schema::all() {
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
