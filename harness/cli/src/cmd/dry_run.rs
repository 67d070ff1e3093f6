//! `iedassay run --dry-run`: what would run, how long it takes, and what makes it take so long.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use iedassay_engine::plan::{self, Chain, Ground, Job, Limits, Plan, PlanOptions};
use iedassay_engine::target::Jobs;
use iedassay_reports::{RunRecord, duration, millis};
use schemars::JsonSchema;
use serde::Serialize;

use super::report::RECORD;
use super::run::Tests;
use crate::args::{Format, RunArgs};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Subject;

/// Cases of a chain that are named one by one.
const NAMED: usize = 15;

/// How many cases may run at the same time. A device that is known to be wrong, and one on a clock that jumps over every wait,
/// is tested one case after the other unless more are asked for.
pub(super) fn jobs(args: &RunArgs, subject: &Subject) -> usize {
    let by_default = args.faults.is_empty() && !args.virtual_time;
    let said = subject.target.jobs.filter(|_| by_default);
    args.jobs.or(said).map_or(1, Jobs::number)
}

/// The waits that the cases of an earlier run demanded, by their keys; none when there is no such record.
pub(super) fn known_waits(out: &Path) -> BTreeMap<String, Duration> {
    let record = std::fs::read_to_string(out.join(RECORD)).ok();
    let record = record.and_then(|text| RunRecord::from_json(&text).ok());
    let cases = record.map(|record| record.cases).unwrap_or_default();
    cases
        .iter()
        .filter(|case| case.duration_ms > 0.0)
        .filter_map(|case| {
            let wait = Duration::try_from_secs_f64(case.demanded_wait_ms / 1000.0).ok()?;
            Some((case.key(), wait))
        })
        .collect()
}

/// Shows it.
pub(super) fn show(
    args: &RunArgs,
    tests: &Tests,
    subject: &Subject,
    console: &Console,
) -> Result<Exit, Failure> {
    let Some(description) = &subject.description else {
        return Err(Failure::new(
            Exit::Usage,
            "without a description nobody can tell what would run before the device has been asked",
        )
        .hint("give an SCL file under `scl` of the target file"));
    };
    let options = PlanOptions {
        filters: tests.filters.clone(),
        shuffle: args.shuffle.flatten(),
        ..PlanOptions::default()
    };
    let planned = plan::plan(
        &tests.library,
        &subject.target,
        &description.model,
        &options,
    );
    let ground = Ground {
        model: &description.model,
        target: &subject.target,
        globals: &planned.globals,
    };
    let jobs = planned.jobs(&ground, &known_waits(&args.out));
    let view = View {
        limits: Limits::of(&subject.target, jobs_shown(args, subject)),
        chain: plan::chain(&jobs),
        planned: &planned,
        jobs: &jobs,
    };
    match args.format {
        Format::Human => console.result(&view.text())?,
        Format::Json => {
            let text = serde_json::to_string_pretty(&view.json()).map_err(|error| {
                Failure::new(Exit::CouldNotTest, "cannot write JSON").cause(error)
            })?;
            console.json(&format!("{text}\n"))?;
        }
    }
    if jobs.is_empty() {
        return Err(Failure::new(Exit::NothingSelected, "nothing would run"));
    }
    Ok(Exit::Conforms)
}

/// The jobs of the run itself; where that has one at a time, what more would bring.
fn jobs_shown(args: &RunArgs, subject: &Subject) -> usize {
    match jobs(args, subject) {
        1 if args.jobs.is_none() => Jobs::AUTO,
        jobs => jobs,
    }
}

struct View<'a> {
    limits: Limits,
    chain: Chain,
    planned: &'a Plan,
    jobs: &'a [Job],
}

impl View<'_> {
    fn keys(&self) -> Vec<String> {
        self.planned.to_run().map(|(case, _)| case.key()).collect()
    }

    /// Cases that are alone, with the reason.
    fn alone(&self) -> Vec<(String, &Job, &str)> {
        let keys = self.keys().into_iter().zip(self.jobs);
        keys.filter_map(|(key, job)| Some((key, job, job.footprint.alone.as_deref()?)))
            .collect()
    }

    /// Cases of the chain, the longest wait first.
    fn chained(&self) -> Vec<(String, Duration)> {
        let keys = self.keys();
        let found = self.chain.jobs.iter().filter_map(|at| {
            let wait = self.jobs.get(*at)?.wait;
            Some((keys.get(*at)?.clone(), wait))
        });
        let mut found: Vec<(String, Duration)> = found.collect();
        found.sort_by_key(|(_, wait)| std::cmp::Reverse(*wait));
        found
    }

    fn times(&self) -> (f64, f64) {
        let total = |limits| millis(plan::forecast(self.jobs, limits).total);
        (total(Limits::SEQUENTIAL), total(self.limits))
    }

    fn text(&self) -> String {
        let (sequential, parallel) = self.times();
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let mut out = format!(
            "{} case{} would run\n\n",
            self.jobs.len(),
            plural(self.jobs.len())
        );
        out.push_str(&format!(
            "one after the other    about {}\n",
            duration(sequential)
        ));
        if self.limits.jobs > 1 {
            out.push_str(&format!(
                "up to {} at a time      about {} (--jobs {}, {} associations)\n",
                self.limits.jobs,
                duration(parallel),
                self.limits.jobs,
                self.limits.associations
            ));
        }
        let chained = self.chained();
        if !chained.is_empty() {
            out.push_str(&format!(
                "\nlongest chain of waits  {}: {} case{} of which no two can run at the same time\n",
                duration(millis(self.chain.wait)),
                chained.len(),
                plural(chained.len())
            ));
            for (key, wait) in chained.iter().take(NAMED) {
                out.push_str(&format!("  {:>9}  {key}\n", duration(millis(*wait))));
            }
            let rest: Duration = chained.iter().skip(NAMED).map(|(_, wait)| *wait).sum();
            if chained.len() > NAMED {
                let more = chained.len() - NAMED;
                out.push_str(&format!("  {:>9}  {more} more\n", duration(millis(rest))));
            }
        }
        let mut reasons: BTreeMap<&str, (usize, Duration)> = BTreeMap::new();
        for (_, job, why) in self.alone() {
            let known = reasons.entry(why).or_default();
            known.0 += 1;
            known.1 += job.wait;
        }
        if self.limits.jobs > 1 && !reasons.is_empty() {
            out.push_str("\nby themselves, because\n");
            for (why, (count, wait)) in reasons {
                out.push_str(&format!(
                    "  {why}: {count} case{}, {}\n",
                    plural(count),
                    duration(millis(wait))
                ));
            }
        }
        out
    }

    fn json(&self) -> DryRun {
        let (sequential, parallel) = self.times();
        let chained = self.chained().into_iter();
        let alone = self.alone().into_iter();
        DryRun {
            to_run: self.keys(),
            jobs: self.limits.jobs,
            associations: self.limits.associations,
            sequential_ms: sequential,
            expected_ms: parallel,
            chain_wait_ms: millis(self.chain.wait),
            chain: chained
                .map(|(case, wait)| Chained {
                    case,
                    wait_ms: millis(wait),
                })
                .collect(),
            alone: alone
                .map(|(case, _, why)| Alone {
                    case,
                    why: why.to_owned(),
                })
                .collect(),
        }
    }
}

/// What would run, as JSON has it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DryRun {
    /// Keys of the case instances, in order.
    to_run: Vec<String>,
    /// Cases at the same time, at most.
    jobs: usize,
    /// Associations of all of them together, at most.
    associations: usize,
    /// How long it would take one after the other.
    sequential_ms: f64,
    /// How long it takes.
    expected_ms: f64,
    /// The waits of the chain together.
    chain_wait_ms: f64,
    /// The longest chain of waits of which no two can run at the same time, the longest wait first.
    chain: Vec<Chained>,
    /// Cases that run by themselves.
    alone: Vec<Alone>,
}

#[derive(Serialize, JsonSchema)]
struct Chained {
    case: String,
    wait_ms: f64,
}

#[derive(Serialize, JsonSchema)]
struct Alone {
    case: String,
    why: String,
}
