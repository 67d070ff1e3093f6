//! The clock of the IED: what it shows, how good it says that is, and how it follows time servers.

mod sntp;

use std::{sync::Arc, time::Duration};

use iedassay_wire::mms::{TimeQuality, UtcTime};

use crate::{Fault, FaultSet, TimeConfig, report::Time};
use sntp::Exchange;

/// Time between requests at least, so that asking comes to an end.
const SHORTEST_POLL: Duration = Duration::from_millis(50);

/// How far a clock may be off to be called off by the fingerprint.
const NOTICEABLE: i64 = 50_000_000;

/// Largest step that a fault still follows.
const SMALL_STEP: i64 = 60_000_000_000;

/// The clock, which runs as tokio's does and is set by time servers. Without any it is always right.
#[derive(Debug)]
pub(crate) struct Clock {
    config: TimeConfig,
    faults: Arc<FaultSet>,
    offset: Offset,
    /// When a time server last told the time.
    told: Option<Time>,
    /// It was once said to be not synchronised.
    flagged: bool,
    exchange: Exchange,
}

/// How far the clock is ahead, in nanoseconds. It goes evenly to where it shall be.
#[derive(Clone, Copy, Debug, Default)]
struct Offset {
    from: i64,
    to: i64,
    begun: Time,
    over: Duration,
}

impl Offset {
    fn at(&self, now: Time) -> i64 {
        let passed = now.saturating_sub(self.begun);
        if passed >= self.over {
            return self.to;
        }
        let way = i128::from(self.to) - i128::from(self.from);
        let share = way * nanos(passed) / nanos(self.over).max(1);
        i64::try_from(i128::from(self.from) + share).unwrap_or(self.to)
    }
}

fn nanos(time: Duration) -> i128 {
    i128::try_from(time.as_nanos()).unwrap_or(i128::MAX)
}

/// A time so many nanoseconds later; not before 1970.
fn shifted(time: Time, by: i64) -> Time {
    let distance = Duration::from_nanos(by.unsigned_abs());
    if by < 0 {
        time.saturating_sub(distance)
    } else {
        time.saturating_add(distance)
    }
}

impl Clock {
    pub(crate) fn new(config: TimeConfig, faults: Arc<FaultSet>, now: Time) -> Self {
        Self {
            config: TimeConfig {
                poll: config.poll.max(SHORTEST_POLL),
                ..config
            },
            offset: Offset::default(),
            told: None,
            flagged: false,
            exchange: Exchange::new(now),
            faults,
        }
    }

    /// What the clock shows.
    pub(crate) fn read(&self, now: Time) -> Time {
        shifted(now, self.ahead(now))
    }

    /// What the clock shows, with its quality.
    pub(crate) fn stamp(&self, now: Time) -> UtcTime {
        let mut shown = self.read(now);
        if self.faults.has(Fault::TimeStampsLocal) {
            shown = shown.saturating_add(Duration::from_secs(3600));
        }
        UtcTime::from_since_epoch(shown, self.quality(now))
    }

    /// What entries of reports show.
    pub(crate) fn of_report(&self, now: Time) -> Time {
        if self.faults.has(Fault::EntryTimeNotSynchronized) {
            return now;
        }
        self.read(now)
    }

    /// What entries of logs show.
    pub(crate) fn of_log(&self, now: Time) -> Time {
        if self.faults.has(Fault::LogTimeNotSynchronized) {
            return now;
        }
        self.read(now)
    }

    fn ahead(&self, now: Time) -> i64 {
        self.offset.at(now)
    }

    pub(crate) fn quality(&self, now: Time) -> TimeQuality {
        let mut accuracy = self.config.accuracy & 0x1f;
        if self.config.servers == 0 {
            return TimeQuality(accuracy);
        }
        if self.faults.has(Fault::AccuracyOverstated) {
            accuracy = 20;
        }
        let leap = if self.told.is_some() && !self.faults.has(Fault::LeapSecondsNotKnown) {
            0x80
        } else {
            0
        };
        let failed = if self.faults.has(Fault::LostSyncIsClockFailure) {
            0x40
        } else {
            0x20
        };
        let flags = if self.is_synchronized(now) { 0 } else { failed };
        TimeQuality(leap | flags | accuracy)
    }

    fn is_synchronized(&self, now: Time) -> bool {
        let Some(told) = self.told else {
            return false;
        };
        if self.flagged && self.faults.has(Fault::LostSyncNeverCleared) {
            return false;
        }
        let mut after = self.config.not_synchronized_after;
        if self.faults.has(Fault::LostSyncFlaggedLate) {
            after *= 20;
        }
        now.saturating_sub(told) <= after || self.faults.has(Fault::LostSyncNotFlagged)
    }

    /// An interruption of the supply: the clock goes on, and nobody has told the time yet.
    pub(crate) fn restart(&mut self, now: Time) {
        self.told = None;
        self.exchange = Exchange::new(now);
    }

    /// When [`Self::next_request`] is wanted.
    pub(crate) fn deadline(&self) -> Option<Time> {
        (self.config.servers > 0).then(|| self.exchange.deadline())
    }

    /// The request that is due: to which server, and its octets.
    pub(crate) fn next_request(&mut self, now: Time) -> Option<(usize, Vec<u8>)> {
        if self.config.servers == 0 {
            return None;
        }
        if self.told.is_some() && !self.is_synchronized(now) {
            self.flagged = true;
        }
        let shown = self.read(now);
        self.exchange
            .next_request(now, shown, &self.config, &self.faults)
    }

    /// A datagram came from a server. Whatever is no answer to the last request, or tells no time, is dropped.
    pub(crate) fn received(&mut self, server: usize, octets: &[u8], now: Time) {
        let shown = self.read(now);
        let told = self
            .exchange
            .answer(server, octets, shown, &self.config, &self.faults);
        if let Some(error) = told {
            self.set(error, now);
        }
    }

    /// The clock is to go so many nanoseconds ahead: at once when that is much, else little by little.
    fn set(&mut self, error: i64, now: Time) {
        self.told = Some(now);
        let step = Duration::from_nanos(error.unsigned_abs()) > self.config.step_above;
        let ignored = self.faults.has(Fault::TimeServerIgnored)
            || error.abs() > SMALL_STEP && self.faults.has(Fault::LargeStepIgnored);
        if ignored {
            return;
        }
        let from = self.ahead(now);
        self.offset = Offset {
            from,
            to: from.saturating_add(error),
            begun: now,
            over: if step {
                Duration::ZERO
            } else {
                self.config.poll
            },
        };
    }

    /// How far the clock is off, when that is noticeable.
    pub(crate) fn fingerprint(&self, now: Time) -> Option<String> {
        let ahead = self.ahead(now);
        (ahead.abs() > NOTICEABLE).then(|| format!("{} ms ahead", ahead / 1_000_000))
    }
}

#[cfg(test)]
mod tests;
