//! `iedassay waive`: drafts known deviations from the failures of a run.

use iedassay_reports::waivers::{Draft, draft};

use super::report::read;
use crate::args::WaiveArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

pub(crate) fn run(args: &WaiveArgs, console: &Console) -> Result<Exit, Failure> {
    if let Some(day) = &args.expires
        && day.parse::<jiff::civil::Date>().is_err()
    {
        return Err(Failure::usage(format!("`{day}` is no day")).hint("write it as `2027-03-31`"));
    }
    let (record, _) = read(&args.from, console)?;
    let wishes = Draft {
        owner: args.owner.clone(),
        reason: args.reason.clone(),
        expires: args.expires.clone(),
    };
    let Some(text) = draft(&record, &wishes) else {
        console.note("no failure of this run needs a waiver");
        return Ok(Exit::NothingSelected);
    };
    console.result(&text)?;
    if args.owner.is_none() || args.reason.is_none() {
        console.note("fill in `reason` and `owner`: without them the target file is refused");
    }
    Ok(Exit::Conforms)
}
