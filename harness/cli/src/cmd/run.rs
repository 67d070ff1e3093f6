//! `iedassay run`: suites on a device, to a verdict.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use iedassay_client::Anchor;
use iedassay_engine::answers::Answers;
use iedassay_engine::cancel::cancellation;
use iedassay_engine::connector::Connector;
use iedassay_engine::plan::{Filter, PlanOptions, Subject as Selectable};
use iedassay_engine::profile::Profile;
use iedassay_engine::runner::{self, RunInput};
use iedassay_engine::suite::Library;
use iedassay_reports::{Conclusion, Options, RunRecord, Suites, Target as TargetRecord, Tool};
use iedassay_sim::{FaultSet, Sim};

use super::before::{Before, Follows};
use super::dry_run;
use super::pics;
use super::report;
use super::sim::{parse_faults, since_epoch};
use crate::args::RunArgs;
use crate::catalogue;
use crate::clock;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::{
    self, Demanded, InProcess, Output, Progress, Simulated, Subject, at_terminal,
    cancel_on_signals, capabilities,
};

pub(crate) fn run(given: &RunArgs, console: &Console) -> Result<Exit, Failure> {
    let before = Before::read(given)?;
    let args = &before.args(given);
    if let Some(exit) = before.nothing_left(args, console)? {
        return Ok(exit);
    }
    let filters = catalogue::filters(&args.filters)?;
    let faults = parse_faults(&args.faults)?;
    // Suites and target are both read before either stops the run, so that every mistake is told at once.
    let library = catalogue::load(&args.suites, console);
    let ids: Vec<String> = library
        .iter()
        .flat_map(Library::cases)
        .map(|(_, case)| case.id.value.clone())
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let subject = Subject::load(args.target.as_deref(), &ids, console);
    let (library, subject) = (library?, subject?);
    let profile = subject.profile(args.profile.as_deref(), &library, console)?;
    let filters = match args.only_required {
        true => required(profile.as_ref().map(|asked| &asked.profile), &library)?,
        false => filters,
    };
    let (answers, answers_sha256) = answers(args, &subject, &library, console)?;
    selects_something(&filters, &library, console)?;
    let suites = suites_record(args, &library);
    let target = target_record(&subject, profile.as_ref());
    let options = options(args, answers_sha256);
    let despite = before.differences(args, &suites, &target, &options)?;
    let goes_on = before.goes_on();
    let follows = before.into_follows(args, despite)?;
    let tests = Tests {
        suites,
        library,
        filters,
        profile,
        answers: Arc::new(answers),
        options,
    };
    if args.dry_run {
        return dry_run::show(args, &tests, &subject, console);
    }
    let known_waits = dry_run::known_waits(&args.out);
    let output = Output::prepare(&args.out, goes_on, Progress::new(*console))?;
    let record = session::runtime(args.virtual_time)?.block_on(judge(
        args,
        tests,
        faults,
        subject,
        target,
        follows,
        known_waits,
        output,
        console,
    ))?;
    tell(&record, args, console)?;
    Ok(pics::gated(
        record.summary.conclusion.into(),
        &record,
        &args.fail_on_gap,
        console,
    ))
}

/// A filter for each case that the profile names.
fn required(profile: Option<&Profile>, library: &Library) -> Result<Vec<Filter>, Failure> {
    let profile = profile.ok_or_else(|| {
        Failure::usage(
            "`--only-required` needs a profile: none is given, and the target names none",
        )
    })?;
    let mut ids: Vec<String> = Vec::new();
    for requirement in profile.requirements(library) {
        let limits = requirement.limits.into_iter().flat_map(|limit| limit.cases);
        ids.extend(requirement.cases.into_iter().chain(limits));
    }
    ids.sort();
    ids.dedup();
    catalogue::filters(&ids)
}

/// What the device is held against.
pub(super) struct Tests {
    pub(super) library: Library,
    suites: Suites,
    pub(super) filters: Vec<Filter>,
    profile: Option<Demanded>,
    answers: Arc<Answers>,
    options: Options,
}

/// The answers of a file and its SHA-256; those of the simulated IED are built in.
fn answers(
    args: &RunArgs,
    subject: &Subject,
    library: &Library,
    console: &Console,
) -> Result<(Answers, Option<String>), Failure> {
    match &args.answers {
        Some(path) => {
            let (answers, digest) = session::answers(path, library, console)?;
            Ok((answers, Some(digest)))
        }
        None if subject.file.is_none() && args.suites.is_empty() => {
            Ok((session::built_in_answers(library, console)?, None))
        }
        None => Ok((Answers::default(), None)),
    }
}

/// How the run is asked for, for the record; the seed of the order is drawn later.
fn options(args: &RunArgs, answers_sha256: Option<String>) -> Options {
    Options {
        filters: args.filters.clone(),
        only_required: args.only_required,
        suites: args.suites.iter().map(|path| shown(path)).collect(),
        profile: args.profile.as_deref().map(shown),
        answers: args.answers.as_deref().map(shown),
        answers_sha256,
        strict: args.strict,
        retries: args.retries,
        fail_on_flaky: args.fail_on_flaky,
        shuffle: None,
        faults: args.faults.clone(),
        virtual_time: args.virtual_time,
        command: Some(command_line()),
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "each is one thing that the run needs, used once"
)]
async fn judge(
    args: &RunArgs,
    tests: Tests,
    faults: FaultSet,
    subject: Subject,
    target: TargetRecord,
    follows: Follows,
    known_waits: BTreeMap<String, Duration>,
    output: Output,
    console: &Console,
) -> Result<RunRecord, Failure> {
    let Tests {
        library,
        suites,
        filters,
        profile,
        answers,
        options,
    } = tests;
    let profile = profile.map(|asked| asked.profile);
    let now = clock::now();
    let (handle, cancel) = cancellation();
    cancel_on_signals(handle, *console);
    let model = subject
        .description
        .as_ref()
        .map(|description| Arc::new(description.model.clone()));
    let world = World::open(args.virtual_time, &subject, faults, now).await?;
    let shuffle = args
        .shuffle
        .map(|seed| seed.unwrap_or_else(|| drawn_seed(now)));
    let input = RunInput {
        survey: args.filters.is_empty() && follows.only.is_none(),
        capabilities: capabilities(
            &subject.target,
            &subject.name(),
            model.as_deref(),
            &library,
            profile.as_ref(),
        ),
        requirements: profile
            .as_ref()
            .map(|profile| profile.requirements(&library))
            .unwrap_or_default(),
        library: Arc::new(library),
        model,
        plan: PlanOptions {
            filters,
            only: follows.only,
            shuffle,
            demands: profile
                .as_ref()
                .and_then(|profile| profile.demands.clone())
                .unwrap_or_default(),
            ..PlanOptions::default()
        },
        connector: Arc::clone(&world.connector),
        anchor: Anchor::now(now),
        jobs: dry_run::jobs(args, &subject),
        known_waits,
        cancel,
        operator: at_terminal(*console),
        answers,
        evidence: Some(args.out.clone()),
        tool: tool(),
        target_record: TargetRecord {
            address: Some(world.connector.describe()),
            ..target
        },
        suites: Some(suites),
        run_by: args.operator.clone(),
        reruns: follows.reruns,
        earlier: follows.earlier,
        options: Options { shuffle, ..options },
        target: Arc::new(subject.target),
    };
    // How it ended stands in the record, which is what every report and the exit code follow.
    let _ = runner::run(input, output.sink()).await;
    output.finish()
}

/// What is tested: a device at an address, or the simulated IED.
pub(super) struct World {
    pub(super) connector: Arc<dyn Connector>,
    /// Keeps the simulated IED listening.
    _simulated: Option<Simulated>,
}

impl World {
    pub(super) async fn open(
        virtual_time: bool,
        subject: &Subject,
        faults: FaultSet,
        now: SystemTime,
    ) -> Result<Self, Failure> {
        if subject.file.is_some() {
            let connector = session::connector(&subject.target, subject.tls.clone());
            return Ok(Self {
                connector,
                _simulated: None,
            });
        }
        let model = subject
            .description
            .as_ref()
            .ok_or_else(|| Failure::new(Exit::CouldNotTest, "the simulated IED has no model"))?;
        let mut config = session::usual(Arc::new(model.model.clone()), since_epoch(now));
        config.faults = faults;
        let sim = Sim::new(config);
        if virtual_time {
            return Ok(Self {
                connector: Arc::new(InProcess::new(sim)),
                _simulated: None,
            });
        }
        let simulated = Simulated::start(&sim).await.map_err(|error| {
            Failure::new(
                Exit::CouldNotTest,
                "the simulated IED cannot listen on loopback",
            )
            .cause(error)
        })?;
        Ok(Self {
            connector: Arc::new(simulated.connector()),
            _simulated: Some(simulated),
        })
    }
}

fn selects_something(
    filters: &[Filter],
    library: &Library,
    console: &Console,
) -> Result<(), Failure> {
    let fits = |filter: &Filter| {
        library.cases().any(|(suite, case)| {
            filter.may_fit(&Selectable {
                suite,
                case,
                instance: None,
            })
        })
    };
    let idle: Vec<&Filter> = filters.iter().filter(|filter| !fits(filter)).collect();
    if library.cases().next().is_none() || (!filters.is_empty() && idle.len() == filters.len()) {
        return Err(Failure::new(Exit::NothingSelected, "no case was selected")
            .hint("`iedassay list` shows every case, `iedassay list --filter ...` what a filter selects"));
    }
    for filter in idle {
        console.warning(&format!("filter `{}` fits no case", filter.source()));
    }
    Ok(())
}

fn tell(record: &RunRecord, args: &RunArgs, console: &Console) -> Result<(), Failure> {
    report::show(record, args.format, args.verbose, console)?;
    let html = args.out.join("report.html");
    console.note(&format!(
        "\nreports and evidence are in {}, start with {}",
        report::shown(&args.out),
        html.display()
    ));
    if record.summary.conclusion == Conclusion::CouldNotTest && record.interrupted {
        console.note("the record holds every verdict that was reached");
    }
    Ok(())
}

pub(super) fn tool() -> Tool {
    Tool {
        name: "iedassay".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

pub(super) fn target_record(subject: &Subject, asked: Option<&Demanded>) -> TargetRecord {
    let target = &subject.target;
    let mut record = TargetRecord {
        name: target.target.value.clone(),
        scl: subject.scl.as_ref().map(|path| path.display().to_string()),
        scl_sha256: subject.scl_sha256.clone(),
        ied: subject
            .description
            .as_ref()
            .map(|description| description.model.ied_name.clone()),
        edition: Some(target.edition().as_str().to_owned()),
        file: subject.file.as_ref().map(|path| path.display().to_string()),
        file_sha256: Some(subject.sha256.clone()),
        profile: asked.map(|asked| asked.profile.profile.value.clone()),
        profile_sha256: asked.map(|asked| asked.sha256.clone()),
        ..TargetRecord::default()
    };
    if subject.description.is_some() && record.scl.is_none() {
        record.scl = Some("built in".to_owned());
    }
    if let Some(description) = &target.description {
        record
            .details
            .insert("description".to_owned(), description.clone());
    }
    record
}

/// The suites, for the record.
fn suites_record(args: &RunArgs, library: &Library) -> Suites {
    let files = library.sources.iter();
    let mut digests: Vec<String> = files
        .map(|(_, file)| format!("{}\n", runner::sha256(file.text.as_bytes())))
        .collect();
    digests.sort_unstable();
    Suites {
        version: args.suites.is_empty().then(|| tool().version),
        from: args.suites.iter().map(|path| shown(path)).collect(),
        files: digests.len(),
        sha256: runner::sha256(digests.concat().as_bytes()),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

// The command as a person would type it again.
fn command_line() -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    let quoted = |arg: String| {
        if !arg.is_empty() && arg.chars().all(plain) {
            arg
        } else {
            format!("'{}'", arg.replace('\'', "'\\''"))
        }
    };
    let args = std::env::args_os()
        .skip(1)
        .map(|arg| quoted(arg.to_string_lossy().into_owned()));
    std::iter::once("iedassay".to_owned())
        .chain(args)
        .collect::<Vec<_>>()
        .join(" ")
}

// Any seed will do as long as the record tells which it was.
pub(super) fn drawn_seed(now: SystemTime) -> u64 {
    u64::from(since_epoch(now).subsec_nanos()) + 1
}
