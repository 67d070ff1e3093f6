//! Keeps the timetable of a scenario, and the motions of the process when nobody else is awake.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

use super::{Process, Shared};
use crate::{
    process::{Answer, Command, CommandError, Scenario},
    report::Time,
};

impl Process {
    /// Plays a scenario on tokio's clock, from now on: on a paused clock every command comes at its exact instant. Each command is told
    /// with the time since the beginning and with its answer; a command that is not obeyed does not end the scenario. The answer is how
    /// long it took. Dropping the future ends it; what moves goes on moving.
    pub async fn play(
        self,
        scenario: Scenario,
        mut tell: impl FnMut(Duration, &Command, &Result<Answer, CommandError>),
    ) -> Duration {
        let begun = Instant::now();
        let mut timetable = scenario.timetable();
        for (at, command) in timetable.by_ref() {
            sleep_until(begun + at).await;
            let answer = self.obey(command);
            tell(at, command, &answer);
        }
        let end = timetable.elapsed();
        sleep_until(begun + end).await;
        end
    }
}

impl Shared {
    /// Sees to it that motions of the process go on although no client is connected. Without a runtime they go on as soon as anybody
    /// looks.
    pub(super) fn keep_moving(self: &Arc<Self>, due: Option<Time>) {
        let Some(due) = due else {
            return;
        };
        let mut state = self.lock();
        if state.mover {
            self.motion_begins.notify_one();
        } else if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            state.mover = true;
            runtime.spawn(keep(Arc::downgrade(self), due));
        }
    }
}

/// Wakes whenever a value is to move, until none does or the IED is gone.
async fn keep(shared: Weak<Shared>, first: Time) {
    let mut due = first;
    loop {
        let Some((instant, begins)) = shared
            .upgrade()
            .map(|shared| (shared.instant(due), Arc::clone(&shared.motion_begins)))
        else {
            return;
        };
        tokio::select! {
            () = sleep_until(instant) => {}
            () = begins.notified() => {}
        }
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let now = shared.now();
        let mut state = shared.lock();
        state.ied.advance(now);
        if !state.settle(false) {
            shared.tick(&state);
        }
        state.tell_others(None, None);
        match state.ied.next_motion() {
            Some(next) => due = next,
            None => {
                state.mover = false;
                return;
            }
        }
    }
}
