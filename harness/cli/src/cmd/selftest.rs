//! `iedassay selftest`: proves that every case passes on the simulated IED and that every case and every fault has a kill.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::num::NonZeroUsize;
use std::path::Path;
use std::thread;

use iedassay_engine::diagnostic::Sources;
use iedassay_engine::plan::PlanOptions;
use iedassay_engine::profile::{self, Demands};
use iedassay_engine::suite::embedded;
use iedassay_sim::Fault;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::sim::parse_faults;
use crate::args::{Format, SelftestArgs};
use crate::catalogue;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::selftest::{self, Job, Known, Matrix, Reach, Scope, Subjects, Told, Waiting, With};

pub(crate) fn run(args: &SelftestArgs, console: &Console) -> Result<Exit, Failure> {
    let filters = catalogue::filters(&args.filters)?;
    let named = parse_faults(&args.faults)?;
    let library = catalogue::load(&args.suites, console)?;
    // The waiting list is about the suites that are built in.
    let waiting = if args.suites.is_empty() {
        Waiting::built_in()?
    } else {
        Waiting::default()
    };
    if let Some(name) = waiting.unknown().next() {
        return Err(Failure::usage(format!(
            "`suites/selftest/waiting.json` names `{name}`, which is no fault"
        )));
    }
    let options = PlanOptions {
        filters,
        demands: sample_demands()?,
        ..PlanOptions::default()
    };
    let subjects = Subjects::new(&library, &options, console)?;
    if subjects.cases().is_empty() {
        return Err(Failure::new(Exit::NothingSelected, "no case was selected")
            .hint("`iedassay list` shows every case"));
    }
    let faults: Vec<Fault> = if args.faults.is_empty() {
        Fault::ALL.to_vec()
    } else {
        named.iter().collect()
    };
    let scope = Scope {
        every_fault: !args.faults.is_empty() || args.filters.is_empty(),
        every_case: args.faults.is_empty(),
    };
    let selection = Selection::new(args, &subjects)?;
    let mut matrix = Matrix::new(&subjects, faults.clone(), &waiting, scope);
    let mut reaches = vec![Reach::default(); subjects.cases().len()];
    judge(
        args,
        &subjects,
        &reference(&subjects),
        &mut matrix,
        console,
        |job, reach| {
            if let Some(place) = reaches.get_mut(job.case) {
                *place = reach;
            }
        },
    );
    let jobs = selection.jobs(&subjects, &faults, &reaches);
    judge(args, &subjects, &jobs, &mut matrix, console, |_, _| {});
    tell(&matrix, args, console)?;
    Ok(if matrix.is_proof() {
        Exit::Conforms
    } else {
        Exit::Nonconforming
    })
}

/// What the sample of a profile asks for: the cases that hold a device against a profile are proved with it.
fn sample_demands() -> Result<Demands, Failure> {
    const SAMPLE: &str = "profiles/sample-procurement.yaml";
    let broken = || Failure::new(Exit::Usage, "the sample of a profile is broken");
    let mut sources = Sources::new();
    let text = embedded::get(SAMPLE).ok_or_else(broken)?;
    let file = sources.add(SAMPLE, text);
    // Suites of one's own need not have the cases that the requirements name; the demands do not depend on them.
    profile::demands(&sources, file).ok_or_else(broken)
}

/// Every case on the IED without a fault.
fn reference(subjects: &Subjects) -> Vec<Job> {
    let cases = 0..subjects.cases().len();
    cases.map(|case| Job { case, with: None }).collect()
}

/// Judges, shows how far it is, and hands over what each case came by.
fn judge(
    args: &SelftestArgs,
    subjects: &Subjects,
    jobs: &[Job],
    matrix: &mut Matrix<'_>,
    console: &Console,
    mut reached: impl FnMut(&Job, Reach),
) {
    let mut progress = Progress::new(*console, jobs);
    selftest::judge_all(subjects, jobs, threads(args), |job, mut outcome| {
        reached(job, mem::take(&mut outcome.reach));
        matrix.take(job, outcome);
        progress.done(job, matrix);
    });
    progress.finish();
}

/// Which cases are judged on which faults.
enum Selection {
    /// Where a verdict can differ from that on the reference.
    Reached,
    /// Everywhere.
    Exhaustive,
    /// One kill of each case and one of each fault, by the matrix that is built in: fault and place of the case.
    Telling(BTreeSet<(Fault, usize)>),
}

impl Selection {
    fn new(args: &SelftestArgs, subjects: &Subjects) -> Result<Self, Failure> {
        if !args.quick {
            return Ok(if args.exhaustive {
                Self::Exhaustive
            } else {
                Self::Reached
            });
        }
        let known = Known::built_in()?;
        let place = |id: &str| subjects.cases().iter().position(|case| case.id == id);
        let pairs = known.telling().into_iter().map(|(fault, case)| {
            let pair = fault.parse().ok().zip(place(case));
            pair.ok_or_else(|| {
                Failure::new(
                    Exit::Nonconforming,
                    format!(
                        "the matrix that is built in is out of date: it knows `{case}` on `{fault}`"
                    ),
                )
                .hint("`ci/selftest.sh` makes it anew")
            })
        });
        Ok(Self::Telling(pairs.collect::<Result<_, _>>()?))
    }

    /// Fault after fault.
    fn jobs(&self, subjects: &Subjects, faults: &[Fault], reaches: &[Reach]) -> Vec<Job> {
        let mut jobs = Vec::new();
        for fault in faults {
            for case in 0..subjects.cases().len() {
                let reached = reaches.get(case).map_or(&[][..], |reach| reach.of(*fault));
                let instances = match self {
                    Self::Exhaustive => None,
                    Self::Telling(pairs) if !pairs.contains(&(*fault, case)) => continue,
                    _ if reached.is_empty() => continue,
                    _ => Some(reached.to_vec()),
                };
                let fault = *fault;
                jobs.push(Job {
                    case,
                    with: Some(With { fault, instances }),
                });
            }
        }
        jobs
    }
}

fn threads(args: &SelftestArgs) -> NonZeroUsize {
    match args.jobs {
        Some(jobs) => jobs.into(),
        None => thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
    }
}

fn tell(matrix: &Matrix<'_>, args: &SelftestArgs, console: &Console) -> Result<(), Failure> {
    if let Some(path) = &args.update {
        write(path, &matrix.known().text()?, console)?;
    }
    if let Some(path) = &args.page {
        write(path, &selftest::page(matrix), console)?;
    }
    let text = match args.format {
        Format::Human => selftest::summary(matrix, args.verbose, console),
        Format::Json => {
            let mut text = serde_json::to_string_pretty(&Told::of(matrix)).map_err(|error| {
                Failure::new(Exit::CouldNotTest, "cannot write JSON").cause(error)
            })?;
            text.push('\n');
            text
        }
    };
    match args.format {
        Format::Json => console.json(&text),
        Format::Human => console.result(&text),
    }
}

fn write(path: &Path, text: &str, console: &Console) -> Result<(), Failure> {
    files::write(path, text)?;
    console.note(&format!("wrote {}", path.display()));
    Ok(())
}

/// What is shown while it goes on: a bar on a terminal, a line for each finished fault elsewhere.
struct Progress {
    console: Console,
    bar: Option<ProgressBar>,
    /// Jobs that are still to be done, by fault.
    left: BTreeMap<Option<Fault>, usize>,
    of: usize,
    finished: usize,
}

impl Progress {
    fn new(console: Console, jobs: &[Job]) -> Self {
        let mut left = BTreeMap::new();
        for job in jobs {
            *left.entry(job.fault()).or_default() += 1;
        }
        let bar = console.live.then(|| {
            let bar = ProgressBar::with_draw_target(
                Some(jobs.len() as u64),
                ProgressDrawTarget::stderr(),
            );
            // The template is constant; if it did not parse, the default bar would do.
            if let Ok(style) = ProgressStyle::with_template(
                "{wide_bar} {pos}/{len} {elapsed:>4}, {eta} to go  {msg}",
            ) {
                bar.set_style(style);
            }
            bar
        });
        Self {
            console,
            bar,
            of: left.len(),
            left,
            finished: 0,
        }
    }

    fn done(&mut self, job: &Job, matrix: &Matrix<'_>) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
            bar.set_message(job.fault().map_or("", Fault::name));
        }
        let Some(left) = self.left.get_mut(&job.fault()) else {
            return;
        };
        *left = left.saturating_sub(1);
        if *left > 0 {
            return;
        }
        self.finished += 1;
        if self.bar.is_some() {
            return;
        }
        let what = match job.fault() {
            None => "reference".to_owned(),
            Some(fault) => match matrix.killers(fault).len() {
                0 => format!("{fault}: nobody notices"),
                1 => format!("{fault}: killed by 1 case"),
                n => format!("{fault}: killed by {n} cases"),
            },
        };
        let width = self.of.to_string().len();
        self.console
            .note(&format!("{:>width$}/{} {what}", self.finished, self.of));
    }

    fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
