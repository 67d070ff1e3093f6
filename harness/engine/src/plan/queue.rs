//! The order in which cases run when several may run at the same time, and how long that takes.
//!
//! Pure, and the same every time for the same durations.

use std::time::Duration;

use super::footprint::Footprint;
use crate::cel::Value;
use crate::target::Target;

/// What a case takes beside its waits, for forecasts: a few dozen messages.
const MESSAGES: Duration = Duration::from_millis(30);

/// One case instance to be run.
#[derive(Debug, Clone, Default)]
pub struct Job {
    /// What it touches.
    pub footprint: Footprint,
    /// The waits that it demands, from a record or as far as they can be told.
    pub wait: Duration,
}

/// How much at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Cases, at least one.
    pub jobs: usize,
    /// Associations of all of them together. A case that needs more runs when nothing else does.
    pub associations: usize,
}

impl Limits {
    /// So many cases on a target. Of the associations that it says it has (PIXIT As1, PICS `association/max`) one is left for
    /// putting back what a lost association has changed; where it says nothing there are no more than cases.
    #[must_use]
    pub fn of(target: &Target, jobs: usize) -> Self {
        let said = match target.pixit("As1") {
            Some(Value::Int(number)) => usize::try_from(*number).ok(),
            Some(Value::UInt(number)) => usize::try_from(*number).ok(),
            _ => None,
        };
        let associations = said.map_or(jobs, |said| said.saturating_sub(1)).max(1);
        Self {
            jobs: jobs.clamp(1, associations),
            associations,
        }
    }

    /// One case after the other.
    pub const SEQUENTIAL: Self = Self {
        jobs: 1,
        associations: usize::MAX,
    };
}

/// Hands out cases so that those which run at the same time cannot disturb each other.
///
/// With one at a time in their order. Otherwise first those on which the others wait most, and last, each by itself, those
/// that are alone.
#[derive(Debug)]
pub struct Queue {
    jobs: Vec<Job>,
    limits: Limits,
    /// What waits, the next to be tried first.
    waiting: Vec<usize>,
    running: Vec<usize>,
    chain: Chain,
}

impl Queue {
    /// A queue of all jobs.
    #[must_use]
    pub fn new(jobs: Vec<Job>, limits: Limits) -> Self {
        let (chain, waiting) = if limits.jobs > 1 {
            let chain = chain(&jobs);
            let order = by_urgency(&jobs, &chain);
            (chain, order)
        } else {
            (Chain::default(), (0..jobs.len()).collect())
        };
        Self {
            chain,
            jobs,
            limits,
            waiting,
            running: Vec::new(),
        }
    }

    /// The next job that may begin now, by its place in the list of jobs. It counts as running from now on.
    pub fn start(&mut self) -> Option<usize> {
        let at = self.waiting.iter().position(|job| self.may_start(*job))?;
        let job = self.waiting.remove(at);
        self.running.push(job);
        Some(job)
    }

    /// A job has come to its end.
    pub fn finished(&mut self, job: usize) {
        self.running.retain(|running| *running != job);
    }

    /// The longest chain of waits that decided the order; none with one job at a time.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Jobs that run.
    #[must_use]
    pub fn running(&self) -> &[usize] {
        &self.running
    }

    /// A job that has come to its end waits once more, and then until nothing else runs: it is the last that begins.
    pub fn repeat_alone(&mut self, job: usize) {
        if let Some(found) = self.jobs.get_mut(job) {
            found.footprint.alone = Some("it is repeated by itself".to_owned());
            self.leave_out(job);
            self.waiting.push(job);
        }
    }

    /// A job that waits is not begun.
    pub fn leave_out(&mut self, job: usize) {
        self.waiting.retain(|waiting| *waiting != job);
    }

    /// Nothing that still waits is begun any more.
    pub fn stop(&mut self) {
        self.waiting.clear();
    }

    fn may_start(&self, job: usize) -> bool {
        if self.running.is_empty() {
            return true;
        }
        let Some(wanted) = self.jobs.get(job).map(|job| &job.footprint) else {
            return false;
        };
        if self.running.len() >= self.limits.jobs {
            return false;
        }
        let mut beside = self.running.iter().filter_map(|job| self.jobs.get(*job));
        let used: usize = beside.clone().map(|job| job.footprint.associations).sum();
        used.saturating_add(wanted.associations) <= self.limits.associations
            && beside.all(|job| job.footprint.conflict(wanted).is_none())
    }
}

/// The jobs on which others wait longest first; alone ones last.
fn by_urgency(jobs: &[Job], chain: &Chain) -> Vec<usize> {
    let key = |index: usize| {
        let job = jobs.get(index);
        let alone = job.is_some_and(|job| job.footprint.alone.is_some());
        let wait = job.map_or(Duration::ZERO, |job| job.wait);
        // Whatever is in the longest chain holds up the end when it waits.
        let free = !chain.jobs.contains(&index);
        (alone, free, std::cmp::Reverse(wait), index)
    };
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|index| key(*index));
    order
}

/// Jobs of which no two can run at the same time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// Their places in the list of jobs, in its order.
    pub jobs: Vec<usize>,
    /// The sum of their waits: no order of all jobs takes less.
    pub wait: Duration,
}

/// The longest chain of waits that is found: what has to run one after the other, whatever the number of jobs.
#[must_use]
pub fn chain(jobs: &[Job]) -> Chain {
    let mut waits: Vec<(usize, &Job)> = jobs
        .iter()
        .enumerate()
        .filter(|(_, job)| !job.wait.is_zero())
        .collect();
    waits.sort_by_key(|(index, job)| (std::cmp::Reverse(job.wait), *index));
    let conflicts: Vec<Vec<bool>> = waits
        .iter()
        .map(|(_, a)| {
            let with = waits.iter();
            with.map(|(_, b)| a.footprint.conflict(&b.footprint).is_some())
                .collect()
        })
        .collect();
    let conflict = |a: usize, b: usize| conflicts.get(a).and_then(|row| row.get(b)) == Some(&true);
    let wait = |at: usize| waits.get(at).map_or(Duration::ZERO, |(_, job)| job.wait);
    // How much of all waits each one holds up: a chain grows best from those that hold up most.
    let held: Vec<Duration> = (0..waits.len())
        .map(|a| (0..waits.len()).filter(|b| conflict(a, *b)).map(wait).sum())
        .collect();
    let mut by_held: Vec<usize> = (0..waits.len()).collect();
    by_held.sort_by_key(|at| (std::cmp::Reverse(held.get(*at).copied()), *at));
    let by_wait: Vec<usize> = (0..waits.len()).collect();
    let mut best: (Duration, Vec<usize>) = (Duration::ZERO, Vec::new());
    for order in [&by_wait, &by_held] {
        for seed in 0..waits.len() {
            let mut members = vec![seed];
            for other in order {
                if *other != seed && members.iter().all(|member| conflict(*member, *other)) {
                    members.push(*other);
                }
            }
            let total: Duration = members.iter().map(|member| wait(*member)).sum();
            if total > best.0 {
                best = (total, members);
            }
        }
    }
    let mut members: Vec<usize> = best
        .1
        .iter()
        .filter_map(|at| waits.get(*at).map(|(index, _)| *index))
        .collect();
    members.sort_unstable();
    Chain {
        jobs: members,
        wait: best.0,
    }
}

/// How long a run takes, from the waits alone and a little for messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forecast {
    /// From the first case to the end of the last.
    pub total: Duration,
    /// How much of it nothing else may run beside one case.
    pub alone: Duration,
}

/// Plays a run through.
#[must_use]
pub fn forecast(jobs: &[Job], limits: Limits) -> Forecast {
    let mut queue = Queue::new(jobs.to_vec(), limits);
    let mut now = Duration::ZERO;
    let mut alone = Duration::ZERO;
    let mut ends: Vec<(Duration, usize)> = Vec::new();
    loop {
        while let Some(job) = queue.start() {
            let takes = jobs.get(job).map_or(Duration::ZERO, |job| job.wait) + MESSAGES;
            if jobs
                .get(job)
                .is_some_and(|job| job.footprint.alone.is_some())
            {
                alone += takes;
            }
            ends.push((now + takes, job));
        }
        let Some(next) = ends.iter().copied().min() else {
            break;
        };
        ends.retain(|end| *end != next);
        now = next.0;
        queue.finished(next.1);
    }
    Forecast { total: now, alone }
}

#[cfg(test)]
mod tests;
