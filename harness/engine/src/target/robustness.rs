//! How hard robustness cases press.

use core::time::Duration;

use crate::cel::Millis;
use crate::yaml::yaml_struct;

yaml_struct! {
    /// How hard robustness cases press, and how long they wait.
    #[derive(Default)]
    pub struct Robustness {
        /// How often each malformed input is sent, to see whether something is lost each time; 2 if absent. All inputs of a case together should be more than the device has
        /// associations, so that a place that never comes back is missed.
        pub repeats: Option<u32>,
        /// How many connections the cases open and close that are about many of them; 50 if absent. A soak takes 10000.
        pub connections: Option<u32>,
        /// How many requests a flood consists of; 200 if absent.
        pub flood: Option<u32>,
        /// A pause between two such attempts, which bounds their rate; 20 ms if absent.
        pub pause: Option<Millis>,
        /// How long an answer to malformed input is awaited; 1 s if absent. No answer is permitted wherever a device may wait for more.
        pub patience: Option<Millis>,
        /// How long an association that has nothing to do with it may wait for each answer; 2 s if absent.
        pub served_within: Option<Millis>,
        /// How soon afterwards a new association must be accepted; 5 s if absent.
        pub accepted_within: Option<Millis>,
        /// How long a case looks on after its last input, where the harm may come later; 1 s if absent. 65 s shows a device that starts again
        /// a minute later.
        pub aftermath: Option<Millis>,
    }
}

const fn or(value: Option<Millis>, default_ms: u64) -> Duration {
    match value {
        Some(ms) => ms.duration(),
        None => Duration::from_millis(default_ms),
    }
}

impl Robustness {
    /// How often each malformed input is sent.
    #[must_use]
    pub fn repeats(&self) -> u32 {
        self.repeats.unwrap_or(2)
    }

    /// Connections that are opened and closed.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.connections.unwrap_or(50)
    }

    /// Requests of a flood.
    #[must_use]
    pub fn flood(&self) -> u32 {
        self.flood.unwrap_or(200)
    }

    /// Between two attempts.
    #[must_use]
    pub const fn pause(&self) -> Duration {
        or(self.pause, 20)
    }

    /// For an answer to malformed input.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        or(self.patience, 1_000)
    }

    /// For each answer to an association that has nothing to do with it.
    #[must_use]
    pub const fn served_within(&self) -> Duration {
        or(self.served_within, 2_000)
    }

    /// Until a new association is accepted.
    #[must_use]
    pub const fn accepted_within(&self) -> Duration {
        or(self.accepted_within, 5_000)
    }

    /// How long it looks on after its last input.
    #[must_use]
    pub const fn aftermath(&self) -> Duration {
        or(self.aftermath, 1_000)
    }
}
