//! `iedassay pics`: the PICS gap of a run or a device, and a statement to be signed.

use std::path::Path;
use std::sync::Arc;

use iedassay_client::Anchor;
use iedassay_engine::record_builder::rfc3339;
use iedassay_engine::runner::{Surveyed, look_and_survey};
use iedassay_engine::suite::Library;
use iedassay_reports::pics_gap::{self, gap_report};
use iedassay_reports::pics_statement;
use iedassay_reports::terminal::TerminalOptions;
use iedassay_reports::{RunRecord, Target as TargetRecord};

use super::report;
use super::run::{World, target_record, tool};
use super::sim::parse_faults;
use crate::args::{GapFormat, GapKind, PicsArgs, PicsCommand, PicsGapArgs, PicsInitArgs};
use crate::catalogue;
use crate::clock;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::{self, Subject, capabilities};

pub(crate) fn run(args: &PicsArgs, console: &Console) -> Result<Exit, Failure> {
    match &args.command {
        PicsCommand::Gap(args) => gap(args, console),
        PicsCommand::Init(args) => init(args, console),
    }
}

fn gap(args: &PicsGapArgs, console: &Console) -> Result<Exit, Failure> {
    let record = match &args.record {
        Some(path) => report::read(path, console)?.0,
        None => asked(args.target.as_deref(), &args.faults, console)?,
    };
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
        GapFormat::Junit => pics_gap::render_junit(&found).map_err(|error| broken(&error))?,
    };
    console.result(&text)?;
    Ok(gated(Exit::Conforms, &record, &args.fail_on_gap, console))
}

fn init(args: &PicsInitArgs, console: &Console) -> Result<Exit, Failure> {
    let record = asked(args.target.as_deref(), &[], console)?;
    console.result(&pics_statement::draft(&record))?;
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
