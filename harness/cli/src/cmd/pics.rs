//! `iedassay pics`: the PICS gap of a run or a device, and a statement to be signed.

use std::path::Path;
use std::sync::Arc;

use iedassay_client::Anchor;
use iedassay_engine::diagnostic::Sources;
use iedassay_engine::record_builder::rfc3339;
use iedassay_engine::runner::{Surveyed, look_and_survey};
use iedassay_engine::statement_file::{self, Standing, StatementFile};
use iedassay_engine::suite::Library;
use iedassay_reports::pics_gap::{self, gap_report};
use iedassay_reports::pics_statement;
use iedassay_reports::terminal::TerminalOptions;
use iedassay_reports::{RunRecord, Target as TargetRecord, html};

use super::report;
use super::run::{World, target_record, tool};
use super::sim::parse_faults;
use crate::args::{GapFormat, GapKind, PicsArgs, PicsCommand, PicsGapArgs, PicsInitArgs};
use crate::catalogue;
use crate::clock;
use crate::console::Console;
use crate::diagnostics;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::session::{self, Subject, capabilities};

pub(crate) fn run(args: &PicsArgs, console: &Console) -> Result<Exit, Failure> {
    match &args.command {
        PicsCommand::Gap(args) => gap(args, console),
        PicsCommand::Init(args) => init(args, console),
    }
}

fn gap(args: &PicsGapArgs, console: &Console) -> Result<Exit, Failure> {
    let mut record = match &args.record {
        Some(path) => report::read(path, console)?.0,
        None => asked(args.target.as_deref(), &args.faults, console)?,
    };
    let statement = args.statement.as_deref();
    let statement = statement.map(|path| stated(path, console)).transpose()?;
    if let Some((path, statement)) = args.statement.as_ref().zip(statement.as_ref()) {
        claim(&mut record, statement, &path.display().to_string());
    }
    let found = gap_report(&record);
    let broken = |error: &dyn std::fmt::Display| {
        Failure::new(Exit::CouldNotTest, "cannot render the PICS gap").cause(error)
    };
    let text = match args.format {
        GapFormat::Human => pics_gap::render_terminal(
            &found,
            TerminalOptions {
                color: console.color_out,
                width: console.width().min(110),
                all_cases: args.all,
            },
        ),
        GapFormat::Json => pics_gap::render_json(&record).map_err(|error| broken(&error))?,
        GapFormat::Csv => pics_gap::render_csv(&record),
        GapFormat::Markdown => pics_gap::render_markdown(&found, args.all),
        GapFormat::Html => html::render_gap(&record).map_err(|error| broken(&error))?,
        GapFormat::Junit => pics_gap::render_junit(&found).map_err(|error| broken(&error))?,
    };
    match args.format {
        GapFormat::Json => console.json(&text)?,
        _ => console.result(&text)?,
    }
    let exit = match &statement {
        Some(statement) => tell_standing(statement, args.fail_on_unsigned, console),
        None => Exit::Conforms,
    };
    Ok(gated(exit, &record, &args.fail_on_gap, console))
}

/// Reads a statement. Everything that is wrong has been shown when this fails.
fn stated(path: &Path, console: &Console) -> Result<StatementFile, Failure> {
    let mut sources = Sources::new();
    let file = sources.add(path.display().to_string(), files::read_text(path)?);
    statement_file::load(&sources, file).map_err(|found| {
        diagnostics::show(console, &found, &sources);
        Failure::said(Exit::Usage)
    })
}

/// Puts what a statement claims in the place of what was claimed otherwise.
fn claim(record: &mut RunRecord, statement: &StatementFile, source: &str) {
    for capability in &mut record.capabilities {
        let claim = statement.pics.claim(&capability.id);
        capability.claimed = claim.map(|claim| claim.statement(source));
    }
    record.conclude();
}

/// Says how far a statement can be relied on.
fn tell_standing(statement: &StatementFile, must: bool, console: &Console) -> Exit {
    let content = statement.content();
    match statement.standing() {
        Standing::Signed { by } => {
            console.note(&format!(
                "the statement is signed by {by}, and unchanged since"
            ));
            return Exit::Conforms;
        }
        Standing::Unsigned => {
            console.warning("nobody has signed the statement");
            console.hint(&format!(
                "who has checked every line fills in `signed`, with `content: {content}`"
            ));
        }
        Standing::Unsealed { by } => {
            console.warning(&format!(
                "the statement is signed by {by}, and does not say what was signed"
            ));
            console.hint(&format!("put `content: {content}` under `signed`"));
        }
        Standing::Changed { by } => {
            console.warning(&format!(
                "the statement was signed by {by}, and has been changed since"
            ));
            console.hint(&format!("who signs it again puts `content: {content}`"));
        }
    }
    if must {
        Exit::Nonconforming
    } else {
        Exit::Conforms
    }
}

fn init(args: &PicsInitArgs, console: &Console) -> Result<Exit, Failure> {
    let record = asked(args.target.as_deref(), &[], console)?;
    match &args.out {
        Some(path) => {
            if path.exists() {
                let text = format!("{} is there already", path.display());
                return Err(Failure::usage(text)
                    .hint("a statement that somebody may have signed is not written over"));
            }
            files::write(path, &pics_statement::draft_file(&record))?;
            console.note(&format!("the statement is in {}", path.display()));
        }
        None => console.result(&pics_statement::draft(&record))?,
    }
    console.note("check every line and sign: only the vendor knows what is claimed");
    Ok(Exit::Conforms)
}

/// The exit code of a run, or a worse one when there is a gap of a kind that fails.
pub(crate) fn gated(exit: Exit, record: &RunRecord, kinds: &[GapKind], console: &Console) -> Exit {
    let found = gap_report(record);
    let failing: Vec<String> = found
        .gaps()
        .filter(|row| {
            kinds.iter().any(|kind| match kind.0 {
                None => true,
                Some(gap) => row.gaps.contains(&gap),
            })
        })
        .map(|row| row.id.clone())
        .collect();
    if failing.is_empty() {
        return exit;
    }
    console.note(&format!("gaps that fail: {}", failing.join(", ")));
    match exit {
        Exit::Conforms => Exit::Nonconforming,
        other => other,
    }
}

/// A record without cases: the device was asked about its capabilities.
fn asked(
    target: Option<&Path>,
    faults: &[String],
    console: &Console,
) -> Result<RunRecord, Failure> {
    let faults = parse_faults(faults)?;
    let library = catalogue::load(&[], console)?;
    let ids: Vec<&str> = library
        .cases()
        .map(|(_, case)| case.id.value.as_str())
        .collect();
    let subject = Subject::load(target, &ids, console)?;
    let profile = subject.profile(None, &library, console)?;
    let model = subject
        .description
        .as_ref()
        .map(|description| &description.model);
    // No case runs, so that none is to be missed.
    let known = capabilities(
        &subject.target,
        &subject.name(),
        model,
        &Library::default(),
        profile.as_ref().map(|asked| &asked.profile),
    );
    let now = clock::now();
    let (surveyed, address) = session::runtime(false)?.block_on(async {
        let world = World::open(false, &subject, faults, now).await?;
        let surveyed = look_and_survey(
            Arc::new(subject.target.clone()),
            Arc::clone(&world.connector),
            Anchor::now(now),
            &known,
        )
        .await
        .map_err(|error| Failure::could_not_test(&error.to_string()))?;
        Ok::<(Surveyed, String), Failure>((surveyed, world.connector.describe()))
    })?;
    let mut target = TargetRecord {
        address: Some(address),
        ..target_record(&subject, profile.as_ref())
    };
    if let Some(identity) = surveyed.identity {
        target.vendor = Some(identity.vendor);
        target.model = Some(identity.model);
        target.revision = Some(identity.revision);
    }
    let mut record = RunRecord::new(tool(), target, rfc3339(now));
    record.capabilities = surveyed.capabilities;
    record.conclude();
    Ok(record)
}
