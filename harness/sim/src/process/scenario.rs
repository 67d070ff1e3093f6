//! Scenarios: what happens to the process, and when. Pure: a scenario gives a timetable, and somebody with a clock keeps it.

use std::time::Duration;

use iedassay_model::value::format_duration;

use super::{Command, Times};

/// Most steps that are written in one scenario.
const MAX_STEPS: usize = 10_000;
/// Most blocks inside each other.
const MAX_DEPTH: usize = 8;
/// Most commands at one instant.
const MAX_AT_ONCE: u64 = 10_000;

/// A scenario whose steps can be played.
#[derive(Clone, Debug)]
pub struct Scenario {
    steps: Vec<ScenarioStep>,
    lasts: Option<Duration>,
}

/// A step of a scenario. Steps come one after the other.
#[derive(Clone, Debug)]
pub struct ScenarioStep {
    /// When it begins, counted from the beginning of its block (of this pass, when it is repeated); without it when the step before
    /// has ended.
    pub at: Option<Duration>,
    /// What it does.
    pub what: What,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum What {
    /// Lets time pass.
    Wait(Duration),
    /// Tells the process something. The step takes as long as that goes on, unless it does so in the background or for ever.
    Tell {
        /// What is told.
        command: Command,
        /// The next step does not wait for its end.
        background: bool,
    },
    /// Plays a block of steps several times.
    Repeat {
        /// How often.
        times: Times,
        /// The block.
        steps: Vec<ScenarioStep>,
    },
}

/// Why steps are no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// The step: its place among the steps of the scenario, then in the block that this is, and so on.
    pub step: Vec<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: &'static str,
}

/// What a block comes to.
#[derive(Clone, Copy)]
struct Measure {
    /// How long it takes; none for ever.
    lasts: Option<Duration>,
    /// Commands in one pass.
    commands: u64,
    /// At most so many of them at one instant.
    at_once: u64,
}

impl Scenario {
    /// A scenario of these steps.
    ///
    /// # Errors
    /// Everything that is wrong with them: none at all, too many, too deep, steps that are never reached or would begin in the past,
    /// blocks that never let time pass.
    pub fn new(steps: Vec<ScenarioStep>) -> Result<Self, Vec<ScenarioError>> {
        let mut check = Check::default();
        let measure = check.block(&steps);
        if check.errors.is_empty() {
            Ok(Self {
                lasts: measure.lasts,
                steps,
            })
        } else {
            Err(check.errors)
        }
    }

    /// How long it takes; none for ever. What it began in the background may go on.
    #[must_use]
    pub const fn lasts(&self) -> Option<Duration> {
        self.lasts
    }

    /// When what is told.
    #[must_use]
    pub fn timetable(&self) -> Timetable<'_> {
        Timetable {
            now: Duration::ZERO,
            frames: vec![Frame {
                steps: &self.steps,
                next: 0,
                begun: Duration::ZERO,
                left: Times::Count(1),
            }],
        }
    }
}

#[derive(Default)]
struct Check {
    errors: Vec<ScenarioError>,
    at: Vec<usize>,
    steps: usize,
}

impl Check {
    fn error(&mut self, message: impl Into<String>, remedy: &'static str) {
        self.errors.push(ScenarioError {
            step: self.at.clone(),
            message: message.into(),
            remedy,
        });
    }

    fn block(&mut self, steps: &[ScenarioStep]) -> Measure {
        let mut now = Duration::ZERO;
        let (mut commands, mut together, mut at_once) = (0_u64, 0_u64, 0_u64);
        if steps.is_empty() {
            self.error("there are no steps", "write at least one step");
        }
        if self.at.len() > MAX_DEPTH {
            self.error(
                format!("more than {MAX_DEPTH} blocks inside each other"),
                "write fewer blocks",
            );
            return Measure {
                lasts: Some(now),
                commands: 1,
                at_once,
            };
        }
        let mut ends = true;
        for (place, step) in steps.iter().enumerate() {
            self.at.push(place);
            self.steps += 1;
            if self.steps == MAX_STEPS + 1 {
                self.error(
                    format!("more than {MAX_STEPS} steps"),
                    "repeat blocks, or make several scenarios",
                );
            }
            if !ends {
                self.error(
                    "the step is never reached: the one before goes on for ever",
                    "put it before, or say how often the other is repeated",
                );
                self.at.pop();
                break;
            }
            if let Some(at) = step.at {
                if at < now {
                    self.error(
                        format!(
                            "the step would begin at {}, but the steps before it end at {}",
                            format_duration(at),
                            format_duration(now)
                        ),
                        "give a later `at`, or let a ramp or toggling before it run with `background: true`",
                    );
                } else if at > now {
                    together = 0;
                }
                now = now.max(at);
            }
            let takes = match &step.what {
                What::Wait(time) => Some(*time),
                What::Tell {
                    command,
                    background,
                } => {
                    commands = commands.saturating_add(1);
                    together = together.saturating_add(1);
                    at_once = at_once.max(together);
                    let goes_on = command.lasts().filter(|_| !background);
                    Some(goes_on.unwrap_or(Duration::ZERO))
                }
                What::Repeat { times, steps } => {
                    let inner = self.repeated(*times, steps);
                    commands = commands.saturating_add(inner.commands);
                    together = together.saturating_add(inner.at_once);
                    at_once = at_once.max(together);
                    inner.lasts
                }
            };
            if at_once > MAX_AT_ONCE {
                self.error(
                    format!("more than {MAX_AT_ONCE} commands at one instant"),
                    "repeat it less often, or let time pass in the block",
                );
                // Told once.
                (together, at_once) = (0, 0);
            }
            match takes {
                Some(takes) => {
                    if !takes.is_zero() {
                        together = 0;
                    }
                    now = now.saturating_add(takes);
                }
                None => ends = false,
            }
            self.at.pop();
        }
        Measure {
            lasts: ends.then_some(now),
            commands,
            at_once,
        }
    }

    fn repeated(&mut self, times: Times, steps: &[ScenarioStep]) -> Measure {
        let inner = self.block(steps);
        if inner.commands == 0 && !steps.is_empty() {
            self.error(
                "the block only waits, however often it is repeated",
                "write one `wait`, or let a step of the block do something",
            );
        }
        let still = inner.lasts == Some(Duration::ZERO);
        match times {
            Times::Forever => {
                if still {
                    self.error(
                        "the block goes on for ever and takes no time",
                        "add `wait` to it",
                    );
                }
                Measure {
                    lasts: None,
                    ..inner
                }
            }
            Times::Count(count) => {
                let count = u64::from(count);
                Measure {
                    lasts: inner.lasts.map(|lasts| {
                        lasts.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
                    }),
                    commands: inner.commands.saturating_mul(count),
                    // The end of one pass and the beginning of the next can be the same instant.
                    at_once: inner.at_once.saturating_mul(if still { count } else { 2 }),
                }
            }
        }
    }
}

/// When what is told, counted from the beginning of the scenario.
#[derive(Debug)]
pub struct Timetable<'a> {
    now: Duration,
    frames: Vec<Frame<'a>>,
}

#[derive(Debug)]
struct Frame<'a> {
    steps: &'a [ScenarioStep],
    next: usize,
    begun: Duration,
    /// Passes, this one included.
    left: Times,
}

impl Timetable<'_> {
    /// How far it has come; after the last command the end of the scenario.
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        self.now
    }
}

impl<'a> Iterator for Timetable<'a> {
    type Item = (Duration, &'a Command);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let frame = self.frames.last_mut()?;
            let Some(step) = frame.steps.get(frame.next) else {
                match frame.left {
                    Times::Count(..=1) => {
                        self.frames.pop();
                        continue;
                    }
                    Times::Count(left) => frame.left = Times::Count(left - 1),
                    Times::Forever => {}
                }
                frame.next = 0;
                frame.begun = self.now;
                continue;
            };
            frame.next += 1;
            if let Some(at) = step.at {
                self.now = self.now.max(frame.begun.saturating_add(at));
            }
            match &step.what {
                What::Wait(time) => self.now = self.now.saturating_add(*time),
                What::Tell {
                    command,
                    background,
                } => {
                    let at = self.now;
                    if let Some(lasts) = command.lasts().filter(|_| !background) {
                        self.now = self.now.saturating_add(lasts);
                    }
                    return Some((at, command));
                }
                What::Repeat { times, steps } => {
                    let begun = self.now;
                    self.frames.push(Frame {
                        steps,
                        next: 0,
                        begun,
                        left: *times,
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IND: &str = "set ASSAYLD0/GGIO1.Ind1.stVal[ST] true";

    fn tell(line: &str) -> ScenarioStep {
        ScenarioStep {
            at: None,
            what: What::Tell {
                command: line.parse().unwrap(),
                background: false,
            },
        }
    }

    fn at(millis: u64, step: ScenarioStep) -> ScenarioStep {
        ScenarioStep {
            at: Some(Duration::from_millis(millis)),
            ..step
        }
    }

    fn wait(millis: u64) -> ScenarioStep {
        ScenarioStep {
            at: None,
            what: What::Wait(Duration::from_millis(millis)),
        }
    }

    fn repeat(times: Times, steps: Vec<ScenarioStep>) -> ScenarioStep {
        ScenarioStep {
            at: None,
            what: What::Repeat { times, steps },
        }
    }

    fn instants(steps: Vec<ScenarioStep>, most: usize) -> Vec<u128> {
        let scenario = Scenario::new(steps).unwrap();
        let all = scenario.timetable().take(most);
        all.map(|(at, _)| at.as_millis()).collect()
    }

    fn wrong(steps: Vec<ScenarioStep>) -> Vec<(Vec<usize>, String)> {
        let errors = Scenario::new(steps).unwrap_err();
        errors
            .into_iter()
            .map(|error| (error.step, error.message))
            .collect()
    }

    #[test]
    fn steps_come_one_after_the_other_and_at_counts_from_the_block() {
        let steps = vec![
            tell(IND),
            wait(200),
            tell("ramp ASSAYMEAS/MMXU1.Hz.instMag.f[MX] 50 49 300ms 100ms"),
            tell(IND),
            repeat(
                Times::Count(2),
                vec![tell(IND), at(50, tell(IND)), at(80, wait(20))],
            ),
            at(1000, tell(IND)),
            wait(5),
        ];
        let scenario = Scenario::new(steps.clone()).unwrap();
        let mut timetable = scenario.timetable();
        assert_eq!(timetable.by_ref().count(), 8);
        assert_eq!(timetable.elapsed(), Duration::from_millis(1005));
        assert_eq!(scenario.lasts(), Some(Duration::from_millis(1005)));
        assert_eq!(instants(steps, 99), [0, 200, 500, 500, 550, 600, 650, 1000]);
    }

    #[test]
    fn what_goes_on_for_ever_or_in_the_background_is_not_waited_for() {
        let ramp = ScenarioStep {
            at: None,
            what: What::Tell {
                command: "ramp ASSAYMEAS/MMXU1.Hz.instMag.f[MX] 50 49 1s 100ms"
                    .parse()
                    .unwrap(),
                background: true,
            },
        };
        let toggle = tell("toggle ASSAYLD0/GGIO1.Ind1.stVal[ST] 100ms");
        let forever = repeat(Times::Forever, vec![tell(IND), wait(10)]);
        assert_eq!(
            instants(vec![ramp, toggle, forever.clone()], 5),
            [0, 0, 0, 10, 20]
        );
        assert_eq!(Scenario::new(vec![forever]).unwrap().lasts(), None);
    }

    #[test]
    fn steps_that_cannot_be_played_are_told_with_their_place() {
        assert_eq!(
            wrong(Vec::new()),
            [(vec![], "there are no steps".to_owned())]
        );
        assert_eq!(
            wrong(vec![wait(300), at(200, tell(IND))]),
            [(
                vec![1],
                "the step would begin at 200ms, but the steps before it end at 300ms".to_owned()
            )]
        );
        assert_eq!(
            wrong(vec![repeat(Times::Forever, vec![tell(IND)]), tell(IND)]),
            [
                (
                    vec![0],
                    "the block goes on for ever and takes no time".to_owned()
                ),
                (
                    vec![1],
                    "the step is never reached: the one before goes on for ever".to_owned()
                )
            ]
        );
        assert_eq!(
            wrong(vec![tell(IND), repeat(Times::Count(1000), vec![wait(1)])]),
            [(
                vec![1],
                "the block only waits, however often it is repeated".to_owned()
            )]
        );
        let often = repeat(Times::Count(200), vec![tell(IND)]);
        assert_eq!(
            wrong(vec![repeat(Times::Count(100), vec![often])]),
            [(
                vec![0],
                "more than 10000 commands at one instant".to_owned()
            )]
        );
        let deep = (0..20).fold(tell(IND), |inner, _| repeat(Times::Count(1), vec![inner]));
        assert_eq!(
            wrong(vec![deep])[0].1,
            "more than 8 blocks inside each other"
        );
        let many = vec![wait(1); MAX_STEPS + 1];
        assert_eq!(wrong(many)[0].1, "more than 10000 steps");
    }
}
