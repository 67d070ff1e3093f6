//! Writes the `.cfg` model file that libiec61850 reads: `scl_to_cfg [SCL-FILE [IED]] > MODEL.cfg`. Without a file, of the
//! built-in description.

use std::io::Write as _;

use iedassay_model::{cfg, scl};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let description = match arguments.next() {
        None => scl::builtin()?,
        Some(path) => scl::parse(&std::fs::read_to_string(path)?, arguments.next().as_deref())?,
    };
    let mut messages = std::io::stderr().lock();
    for warning in &description.warnings {
        writeln!(messages, "warning: {warning}")?;
    }
    std::io::stdout()
        .lock()
        .write_all(cfg::write(&description.model).as_bytes())?;
    Ok(())
}
