//! `iedassay report`: renders an old record again, and what `run` leaves behind.

use std::path::{Path, PathBuf};

use iedassay_engine::runner::sha256;
use iedassay_reports::terminal::TerminalOptions;
use iedassay_reports::{
    CaseRecord, RecordError, RunRecord, html, json, junit, markdown, pics_gap, terminal,
};

use crate::args::{Format, ReportArgs};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::{Failure, plain_io};
use crate::files;

/// Name of the record within the directory of a run.
pub(crate) const RECORD: &str = "record.json";

pub(crate) fn run(args: &ReportArgs, console: &Console) -> Result<Exit, Failure> {
    let (mut record, path) = read(&args.record, console)?;
    if !args.cases.is_empty() {
        keep(&mut record, &args.cases)?;
        if args.out.is_none() {
            show(&record, args.format, args.verbose, console)?;
            return Ok(record.summary.conclusion.into());
        }
    }
    if args.verify {
        return verify(&record, path.parent().unwrap_or(Path::new(".")), console);
    }
    let out = args
        .out
        .as_deref()
        .or(path.parent())
        .unwrap_or(Path::new("."));
    write_reports(&record, out)?;
    show(&record, args.format, args.verbose, console)?;
    console.note(&format!("reports are in {}", shown(out)));
    Ok(record.summary.conclusion.into())
}

/// Leaves only these cases in a record.
fn keep(record: &mut RunRecord, wanted: &[String]) -> Result<(), Failure> {
    let is = |case: &CaseRecord, wanted: &String| case.id == *wanted || case.key() == *wanted;
    for one in wanted {
        if !record.cases.iter().any(|case| is(case, one)) {
            return Err(Failure::new(
                Exit::NothingSelected,
                format!("the record has no case `{one}`"),
            )
            .hint("`iedassay report RECORD --verbose` lists the cases that it has"));
        }
    }
    record
        .cases
        .retain(|case| wanted.iter().any(|one| is(case, one)));
    let kept: Vec<String> = record.cases.iter().map(CaseRecord::key).collect();
    record.plan.to_run.retain(|key| kept.contains(key));
    // Of these nothing can be said without the cases that were left out: they would look as if they had not been run.
    record.requirements.clear();
    record.capabilities.clear();
    record.conclude();
    Ok(())
}

/// Holds every evidence file against the record.
fn verify(record: &RunRecord, directory: &Path, console: &Console) -> Result<Exit, Failure> {
    let evidence = record.evidence();
    if evidence.is_empty() {
        console.note("the record names no evidence with a digest");
        return Ok(Exit::NothingSelected);
    }
    let mut wrong = String::new();
    for (file, digest) in &evidence {
        // A record from elsewhere is no reason to read outside of its directory.
        let inside = Path::new(file)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        let found = if inside {
            std::fs::read(directory.join(file)).map(|octets| sha256(&octets))
        } else {
            Err(std::io::ErrorKind::InvalidInput.into())
        };
        match found {
            Ok(found) if found.eq_ignore_ascii_case(digest) => {}
            Ok(_) => wrong.push_str(&format!("{} differs\n", file.escape_debug())),
            Err(error) => {
                wrong.push_str(&format!("{}: {}\n", file.escape_debug(), plain_io(&error)))
            }
        }
    }
    console.result(&wrong)?;
    if wrong.is_empty() {
        console.note(&format!(
            "{} evidence files are as the record says",
            evidence.len()
        ));
        return Ok(Exit::Conforms);
    }
    Ok(Exit::Nonconforming)
}

/// A record as it was written, and where it stands, from its file or from the directory of a run.
pub(crate) fn load(given: &Path) -> Result<(RunRecord, PathBuf), Failure> {
    let path = if given.is_dir() {
        given.join(RECORD)
    } else {
        given.to_owned()
    };
    let text = files::read_text(&path)?;
    let record = RunRecord::from_json(&text)
        .or_else(|error| match &error {
            RecordError::Malformed { .. } => RunRecord::from_torn_json(&text).ok_or(error),
            _ => Err(error),
        })
        .map_err(|error| {
            Failure::usage(format!("{}: {error}", path.display()))
                .hint("give the `record.json` that `iedassay run` left, or its directory")
        })?;
    Ok((record, path))
}

/// A record and where it stands, with what follows from it computed anew.
pub(crate) fn read(given: &Path, console: &Console) -> Result<(RunRecord, PathBuf), Failure> {
    let (mut record, path) = load(given)?;
    if record.finished.is_none() {
        console.warning(&format!(
            "the run of {} did not finish; what is shown is what was decided before",
            path.display()
        ));
    }
    record.conclude();
    Ok((record, path))
}

/// Writes every report of a record into a directory.
pub(crate) fn write_reports(record: &RunRecord, out: &Path) -> Result<(), Failure> {
    let broken = |what: &str, error: &dyn std::fmt::Display| {
        Failure::new(Exit::CouldNotTest, format!("cannot render {what}")).cause(error)
    };
    let reports = [
        (
            "junit.xml",
            junit::render(record).map_err(|error| broken("JUnit", &error))?,
        ),
        (
            "report.html",
            html::render(record).map_err(|error| broken("HTML", &error))?,
        ),
        ("report.md", markdown::render(record)),
        (
            "pics-gap.json",
            pics_gap::render_json(record).map_err(|error| broken("the PICS gap", &error))?,
        ),
        ("pics-gap.csv", pics_gap::render_csv(record)),
        (
            "pics-gap.junit.xml",
            pics_gap::render_junit(&pics_gap::gap_report(record))
                .map_err(|error| broken("the PICS gap", &error))?,
        ),
    ];
    for (name, text) in reports {
        files::write(&out.join(name), &text)?;
    }
    Ok(())
}

/// The result of a run on standard output.
pub(crate) fn show(
    record: &RunRecord,
    format: Format,
    verbose: bool,
    console: &Console,
) -> Result<(), Failure> {
    match format {
        Format::Human => {
            let options = TerminalOptions {
                color: console.color_out,
                width: console.width().min(110),
                all_cases: verbose,
            };
            console.result(&terminal::render(record, options))
        }
        Format::Json => console.json(&json::render(record).map_err(|error| {
            Failure::new(Exit::CouldNotTest, "cannot render JSON").cause(error)
        })?),
    }
}

/// A directory for people: `.` when it has no name.
pub(crate) fn shown(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        ".".to_owned()
    } else {
        path.display().to_string()
    }
}
