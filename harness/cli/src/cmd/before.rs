//! What a run follows: one that was stopped or killed and goes on, or one whose cases without a pass are run again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use iedassay_engine::runner::{Earlier, sha256};
use iedassay_reports::{Options, Origin, RunRecord, Suites, Target as TargetRecord, Verdict};

use super::report;
use crate::args::RunArgs;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// The record that a run follows.
pub(super) enum Before {
    /// None.
    Nothing,
    /// That of the run which goes on.
    Resume {
        record: Box<RunRecord>,
        out: PathBuf,
    },
    /// That whose cases without a pass are run again.
    Rerun {
        record: Box<RunRecord>,
        path: PathBuf,
    },
}

/// What the engine is told of it.
#[derive(Default)]
pub(super) struct Follows {
    pub(super) only: Option<BTreeSet<String>>,
    pub(super) reruns: Option<Origin>,
    pub(super) earlier: Option<Earlier>,
}

impl Before {
    pub(super) fn read(args: &RunArgs) -> Result<Self, Failure> {
        if let Some(given) = &args.resume {
            let (record, path) = report::load(given)?;
            if path.file_name().is_none_or(|name| name != report::RECORD) {
                return Err(Failure::usage(format!(
                    "`--resume` needs the directory of a run, and {} is none",
                    given.display()
                )));
            }
            let out = path.parent().unwrap_or(Path::new("")).to_owned();
            let record = Box::new(record);
            return Ok(Self::Resume { record, out });
        }
        if let Some(given) = &args.rerun_failed {
            let (record, path) = report::load(given)?;
            let of = |path: &Path| std::fs::canonicalize(path).ok();
            if of(&args.out.join(report::RECORD)).is_some_and(|out| Some(out) == of(&path)) {
                return Err(Failure::usage(format!(
                    "the new record would take the place of {}, which it comes from",
                    path.display()
                ))
                .hint("name another directory with `--out`"));
            }
            let record = Box::new(record);
            return Ok(Self::Rerun { record, path });
        }
        Ok(Self::Nothing)
    }

    pub(super) fn goes_on(&self) -> bool {
        matches!(self, Self::Resume { .. })
    }

    /// How the run is asked for: as the earlier one was, with what is given now before it.
    pub(super) fn args(&self, given: &RunArgs) -> RunArgs {
        let (Self::Resume { record, .. } | Self::Rerun { record, .. }) = self else {
            return given.clone();
        };
        let (options, target) = (&record.options, &record.target);
        let path = |text: &Option<String>| text.as_ref().map(PathBuf::from);
        // Another target is another device, of which neither faults nor a clock that jumps are known.
        let same = given.target.is_none();
        let mut args = RunArgs {
            target: given.target.clone().or_else(|| path(&target.file)),
            profile: given.profile.clone().or_else(|| path(&options.profile)),
            answers: given.answers.clone().or_else(|| path(&options.answers)),
            strict: given.strict || options.strict,
            fail_on_flaky: given.fail_on_flaky || options.fail_on_flaky,
            virtual_time: given.virtual_time || (same && options.virtual_time),
            shuffle: options.shuffle.map(Some),
            ..given.clone()
        };
        if args.suites.is_empty() {
            args.suites = options.suites.iter().map(PathBuf::from).collect();
        }
        if args.faults.is_empty() && same {
            args.faults.clone_from(&options.faults);
        }
        if args.retries == 0 {
            args.retries = options.retries;
        }
        if let Self::Resume { out, .. } = self {
            args.out.clone_from(out);
            args.only_required = options.only_required;
            if !options.only_required {
                args.filters.clone_from(&options.filters);
            }
        }
        args
    }

    /// The end of a run that has nothing to do.
    pub(super) fn nothing_left(
        &self,
        args: &RunArgs,
        console: &Console,
    ) -> Result<Option<Exit>, Failure> {
        match self {
            Self::Nothing => Ok(None),
            Self::Resume { record, out } => {
                let mut record = (**record).clone();
                record.conclude();
                let done = record.finished.is_some()
                    && !record.interrupted
                    && record.could_not_test.is_none();
                if !done {
                    return Ok(None);
                }
                report::show(&record, args.format, args.verbose, console)?;
                console.note(&format!(
                    "\nthe run in {} came to its end: nothing is left to do",
                    out.display()
                ));
                Ok(Some(record.summary.conclusion.into()))
            }
            Self::Rerun { record, path } => {
                if again(record).is_empty() {
                    return Err(Failure::new(
                        Exit::NothingSelected,
                        format!(
                            "no case of {} failed, was inconclusive or in error",
                            path.display()
                        ),
                    ));
                }
                Ok(None)
            }
        }
    }

    /// What is no longer as it was at the start of the run that goes on: a verdict of one thing beside a verdict of another would
    /// look like one judgement.
    pub(super) fn differences(
        &self,
        args: &RunArgs,
        suites: &Suites,
        target: &TargetRecord,
        options: &Options,
    ) -> Result<Vec<String>, Failure> {
        let Self::Resume { record, out } = self else {
            return Ok(Vec::new());
        };
        let differences = changes(record, suites, target, options);
        if differences.is_empty() || args.force {
            return Ok(differences);
        }
        Err(Failure::usage(format!(
            "the run in {} cannot go on; no longer as it was at the start: {}",
            out.display(),
            differences.join(", ")
        ))
        .hint(
            "put back what it was, start a new run, or go on all the same with `--force`; the record will say so",
        ))
    }

    /// What the engine is told of the record.
    pub(super) fn into_follows(
        self,
        args: &RunArgs,
        despite: Vec<String>,
    ) -> Result<Follows, Failure> {
        Ok(match self {
            Self::Nothing => Follows::default(),
            Self::Resume { record, .. } => Follows {
                // A run of what did not pass goes on as one.
                only: record.reruns.is_some().then(|| planned(&record)),
                earlier: Some(Earlier {
                    record: *record,
                    operator: args.operator.clone(),
                    despite,
                    force: args.force,
                }),
                ..Follows::default()
            },
            Self::Rerun { record, path } => Follows {
                only: Some(again(&record)),
                reruns: Some(Origin {
                    record: path.display().to_string(),
                    sha256: sha256(files::read_text(&path)?.as_bytes()),
                    started: record.started.clone(),
                }),
                ..Follows::default()
            },
        })
    }
}

/// What is another than at the start of a run, each with its file.
fn changes(
    record: &RunRecord,
    suites: &Suites,
    target: &TargetRecord,
    options: &Options,
) -> Vec<String> {
    let was = &record.target;
    let mut changes = Vec::new();
    let mut change = |what: &str, which: Option<&str>, differs: bool| {
        if differs {
            let which = which.map(|which| format!(" ({which})")).unwrap_or_default();
            changes.push(format!("{what}{which}"));
        }
    };
    let before = record.suites.as_ref().map(|suites| &suites.sha256);
    let from = suites.from.join(", ");
    let from = match from.is_empty() {
        true => "built in",
        false => &from,
    };
    change("the suites", Some(from), before != Some(&suites.sha256));
    change(
        "the target file",
        target.file.as_deref(),
        was.file_sha256 != target.file_sha256,
    );
    change(
        "the SCL file",
        target.scl.as_deref(),
        was.scl_sha256 != target.scl_sha256,
    );
    change(
        "the profile",
        target.profile.as_deref(),
        was.profile_sha256 != target.profile_sha256,
    );
    // A record from before there was a digest says nothing of what its file held.
    let unknown = record.options.answers.is_some() && record.options.answers_sha256.is_none();
    change(
        "the answers",
        options.answers.as_deref(),
        !unknown && record.options.answers_sha256 != options.answers_sha256,
    );
    let version = env!("CARGO_PKG_VERSION");
    change(
        "the version of the tool",
        Some(&format!("{}, was {}", version, record.tool.version)),
        record.tool.version != version,
    );
    changes
}

/// Keys of everything that a record planned.
fn planned(record: &RunRecord) -> BTreeSet<String> {
    let cases = record.cases.iter().map(|case| case.key());
    cases.chain(record.plan.to_run.iter().cloned()).collect()
}

/// Keys of the cases that failed, were inconclusive or in error.
fn again(record: &RunRecord) -> BTreeSet<String> {
    let cases = record.cases.iter().filter(|case| {
        matches!(
            case.verdict,
            Verdict::Fail | Verdict::Inconclusive | Verdict::Error
        )
    });
    cases.map(|case| case.key()).collect()
}
