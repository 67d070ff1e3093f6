//! Values that go on changing by themselves: ramps and toggling. Without a clock: the IED asks when the next is due.

use std::time::Duration;

use iedassay_model::{ObjectReference, Selection, tree::NodeId};

use super::{CommandError, CommandErrorKind, Times};
use crate::report::Time;

/// Most values that move at once.
const MAX_MOTIONS: usize = 1000;

/// A value that moves.
#[derive(Clone, Debug)]
pub(crate) struct Motion {
    pub(crate) reference: ObjectReference,
    /// What is moved; one motion only for each.
    pub(crate) target: (NodeId, Vec<Selection>),
    pub(crate) how: How,
    begun: Time,
    every: Duration,
    /// Changes that were made.
    made: u32,
}

/// How a value moves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    /// Evenly from one number to another.
    Ramp { from: f64, to: f64, over: Duration },
    /// To the other state each time.
    Toggle(Times),
}

/// What is to be done now.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    To(f64),
    ToOther,
}

impl Motion {
    pub(crate) fn new(
        reference: ObjectReference,
        target: (NodeId, Vec<Selection>),
        how: How,
        every: Duration,
        now: Time,
    ) -> Self {
        Self {
            reference,
            target,
            how,
            begun: now,
            every,
            made: 0,
        }
    }

    /// When the next change is due; none when there is none any more.
    fn due(&self) -> Option<Time> {
        let after = self.every.saturating_mul(self.made);
        let after = match self.how {
            How::Ramp { over, .. } => {
                let last = self
                    .made
                    .checked_sub(1)
                    .map(|made| self.every.saturating_mul(made));
                if last.is_some_and(|last| last >= over) {
                    return None;
                }
                after.min(over)
            }
            How::Toggle(Times::Count(times)) if self.made >= times => return None,
            How::Toggle(_) => after,
        };
        Some(self.begun.saturating_add(after))
    }

    /// A change was made. What goes on for ever counts from its last change.
    fn step(&mut self) {
        match self.how {
            How::Toggle(Times::Forever) => self.begun = self.begun.saturating_add(self.every),
            _ => self.made = self.made.saturating_add(1),
        }
    }

    fn change(&self, at: Time) -> Change {
        match self.how {
            How::Toggle(_) => Change::ToOther,
            How::Ramp { from, to, over } => {
                let part = at.saturating_sub(self.begun);
                if part >= over {
                    Change::To(to)
                } else {
                    Change::To(from + (to - from) * (part.as_secs_f64() / over.as_secs_f64()))
                }
            }
        }
    }
}

/// All values that move.
#[derive(Debug, Default)]
pub(crate) struct Motions(Vec<Motion>);

impl Motions {
    /// A value begins to move, and no longer as it did before.
    pub(crate) fn begin(&mut self, motion: Motion) -> Result<(), CommandError> {
        self.end(&motion.target);
        if self.0.len() >= MAX_MOTIONS {
            let message = format!("{MAX_MOTIONS} values move already");
            return Err(
                CommandError::new(CommandErrorKind::TooMuch, message).remedy("`stop` some of them")
            );
        }
        self.0.push(motion);
        Ok(())
    }

    /// A value no longer moves.
    pub(crate) fn end(&mut self, target: &(NodeId, Vec<Selection>)) {
        self.0.retain(|motion| motion.target != *target);
    }

    pub(crate) fn end_all(&mut self) {
        self.0.clear();
    }

    /// When the next change is due.
    pub(crate) fn deadline(&self) -> Option<Time> {
        self.0.iter().filter_map(Motion::due).min()
    }

    /// The changes that are due at a time; each motion gives one at most.
    pub(crate) fn take(&mut self, at: Time) -> Vec<(ObjectReference, Change)> {
        let mut changes = Vec::new();
        for motion in &mut self.0 {
            if motion.due().is_some_and(|due| due <= at) {
                changes.push((motion.reference.clone(), motion.change(at)));
                motion.step();
            }
        }
        self.0.retain(|motion| motion.due().is_some());
        changes
    }
}
