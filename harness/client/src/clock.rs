//! Wall-clock time without a clock of its own: an anchor handed in, and tokio's elapsed time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Says which wall-clock time belongs to an instant of tokio's clock.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    wall: SystemTime,
    instant: Instant,
}

impl Anchor {
    /// `wall` is the time at `instant`.
    #[must_use]
    pub const fn new(wall: SystemTime, instant: Instant) -> Self {
        Self { wall, instant }
    }

    /// `wall` is the time now. Must be called within a tokio runtime.
    #[must_use]
    pub fn now(wall: SystemTime) -> Self {
        Self::new(wall, Instant::now())
    }

    /// Wall-clock time at `instant`.
    #[must_use]
    pub fn wall(&self, instant: Instant) -> SystemTime {
        match instant.checked_duration_since(self.instant) {
            Some(after) => self.wall.checked_add(after),
            None => self
                .wall
                .checked_sub(self.instant.saturating_duration_since(instant)),
        }
        .unwrap_or(self.wall)
    }

    /// Time since 1970-01-01 at `instant`; zero before.
    #[must_use]
    pub fn since_unix_epoch(&self, instant: Instant) -> Duration {
        self.wall(instant)
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    }

    /// Time from the anchor to `instant`; zero before.
    #[must_use]
    pub fn since(&self, instant: Instant) -> Duration {
        instant.saturating_duration_since(self.instant)
    }
}
