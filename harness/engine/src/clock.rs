//! The wall clock as the engine knows it: an anchor handed in once, plus tokio's clock.
//!
//! Under a paused clock the elapsed part is virtual, so a run on virtual time is stamped as if it had been waited for.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// Maps tokio instants to wall-clock time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    epoch: SystemTime,
    started: Instant,
}

impl Clock {
    /// A clock that says `epoch` now. Must be called within a tokio runtime.
    #[must_use]
    pub fn anchored(epoch: SystemTime) -> Self {
        Self {
            epoch,
            started: Instant::now(),
        }
    }

    /// Wall-clock time of `instant`.
    #[must_use]
    pub fn wall(&self, instant: Instant) -> SystemTime {
        match instant.checked_duration_since(self.started) {
            Some(after) => self.epoch + after,
            None => self.epoch - self.started.duration_since(instant),
        }
    }

    /// Wall-clock time now.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.wall(Instant::now())
    }

    /// Time from 1970-01-01 to `instant`; zero before.
    #[must_use]
    pub fn since_unix_epoch(&self, instant: Instant) -> Duration {
        self.wall(instant)
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default()
    }

    /// Time since the clock was anchored.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The instant at which the clock was anchored.
    #[must_use]
    pub fn started(&self) -> Instant {
        self.started
    }

    /// The wall-clock time at which the clock was anchored.
    #[must_use]
    pub fn epoch(&self) -> SystemTime {
        self.epoch
    }
}
