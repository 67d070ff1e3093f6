//! Time limits and tolerances.

use core::time::Duration;

use crate::cel::Millis;
use crate::yaml::yaml_struct;

yaml_struct! {
    /// How long to wait for what.
    #[derive(Default)]
    pub struct Timeouts {
        /// TCP connection; 5 s if absent.
        pub connect: Option<Millis>,
        /// Everything from the first octet to the end of MMS Initiate; 5 s if absent.
        pub associate: Option<Millis>,
        /// The answer to a request; 5 s if absent.
        pub request: Option<Millis>,
        /// Release of an association; 3 s if absent.
        pub release: Option<Millis>,
        /// A stimulus or command of the process side; 10 s if absent.
        pub stimulus: Option<Millis>,
        /// A person; 5 min if absent.
        pub operator: Option<Millis>,
        /// One case; 5 min if absent.
        pub case: Option<Millis>,
        /// The whole run; no limit if absent.
        pub run: Option<Millis>,
    }
}

const fn or(value: Option<Millis>, default_ms: u64) -> Duration {
    match value {
        Some(ms) => ms.duration(),
        None => Duration::from_millis(default_ms),
    }
}

impl Timeouts {
    /// TCP connection.
    #[must_use]
    pub const fn connect(&self) -> Duration {
        or(self.connect, 5_000)
    }

    /// Association.
    #[must_use]
    pub const fn associate(&self) -> Duration {
        or(self.associate, 5_000)
    }

    /// Answer to a request.
    #[must_use]
    pub const fn request(&self) -> Duration {
        or(self.request, 5_000)
    }

    /// Release.
    #[must_use]
    pub const fn release(&self) -> Duration {
        or(self.release, 3_000)
    }

    /// Stimulus.
    #[must_use]
    pub const fn stimulus(&self) -> Duration {
        or(self.stimulus, 10_000)
    }

    /// A person.
    #[must_use]
    pub const fn operator(&self) -> Duration {
        or(self.operator, 300_000)
    }

    /// One case.
    #[must_use]
    pub const fn case(&self) -> Duration {
        or(self.case, 300_000)
    }

    /// The whole run.
    #[must_use]
    pub fn run(&self) -> Option<Duration> {
        self.run.map(Millis::duration)
    }
}

yaml_struct! {
    /// How far from the nominal instant things may happen: windows are widened by this.
    #[derive(Default)]
    pub struct Tolerances {
        /// Before the nominal instant (clock granularity); 10 ms if absent.
        pub early: Option<Millis>,
        /// After the nominal instant (scan cycle, network); 200 ms if absent.
        pub late: Option<Millis>,
        /// Difference between the clocks of device and harness; 2 s if absent.
        pub clock: Option<Millis>,
    }
}

impl Tolerances {
    /// Before the nominal instant.
    #[must_use]
    pub const fn early(&self) -> Duration {
        or(self.early, 10)
    }

    /// After the nominal instant.
    #[must_use]
    pub const fn late(&self) -> Duration {
        or(self.late, 200)
    }

    /// Difference between the clocks.
    #[must_use]
    pub const fn clock(&self) -> Duration {
        or(self.clock, 2_000)
    }
}
