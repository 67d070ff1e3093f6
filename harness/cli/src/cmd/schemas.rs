//! `iedassay schemas`: writes the generated JSON Schemas where the repository keeps them.

use crate::args::SchemasArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

pub(crate) fn run(args: &SchemasArgs, console: &Console) -> Result<Exit, Failure> {
    let broken = |error: serde_json::Error| {
        Failure::new(Exit::CouldNotTest, "cannot generate a schema").cause(error)
    };
    let schemas = [(
        "reports/schema/run-record.schema.json",
        iedassay_reports::schema::run_record().map_err(broken)?,
    )];
    for (path, text) in schemas {
        files::write(&args.root.join(path), &text)?;
        console.note(&format!("wrote {path}"));
    }
    Ok(Exit::Conforms)
}
