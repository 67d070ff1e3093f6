//! Which day it is, for the validity of certificates.

use std::time::Duration;

use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use tokio::time::Instant;

/// Wall-clock time from an anchor and tokio's elapsed time. It must be read on the runtime it was made on.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    since_epoch: Duration,
    at: Instant,
}

impl Clock {
    /// `since_epoch` is the time since 1970-01-01T00:00:00Z at `at`.
    #[must_use]
    pub const fn new(since_epoch: Duration, at: Instant) -> Self {
        Self { since_epoch, at }
    }

    /// Time since 1970-01-01T00:00:00Z now.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.since_epoch.saturating_add(self.at.elapsed())
    }
}

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(self.now()))
    }
}
