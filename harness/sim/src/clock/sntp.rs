//! The client of the time servers (RFC 4330): one request after the other, of which one answer each is taken.

use std::time::Duration;

use iedassay_wire::sntp::{Leap, Message, Mode, NtpTime};

use super::nanos;
use crate::{Fault, FaultSet, TimeConfig, report::Time};

/// Requests and answers. Every period the first server is asked, and the next one when it does not answer.
#[derive(Debug)]
pub(super) struct Exchange {
    /// The next period begins.
    next: Time,
    asked: Option<Asked>,
}

/// A request that is under way.
#[derive(Debug)]
struct Asked {
    server: usize,
    /// What the clock showed, and what the answer has to repeat.
    shown: Time,
    transmit: NtpTime,
    /// Until when the answer is awaited.
    until: Time,
}

impl Exchange {
    pub(super) const fn new(now: Time) -> Self {
        Self {
            next: now,
            asked: None,
        }
    }

    pub(super) fn deadline(&self) -> Time {
        match &self.asked {
            Some(asked) => asked.until.min(self.next),
            None => self.next,
        }
    }

    pub(super) fn next_request(
        &mut self,
        now: Time,
        shown: Time,
        config: &TimeConfig,
        faults: &FaultSet,
    ) -> Option<(usize, Vec<u8>)> {
        let server = if self.next <= now {
            self.next = now.saturating_add(config.poll);
            0
        } else {
            let late = self.asked.take_if(|asked| asked.until <= now)?;
            let next = late.server + 1;
            if next >= config.servers || faults.has(Fault::SecondTimeServerUnused) {
                return None;
            }
            next
        };
        let transmit = NtpTime::from_since_epoch(shown);
        self.asked = Some(Asked {
            server,
            shown,
            transmit,
            until: now.saturating_add(patience(config)),
        });
        let mut request = Message::request(config.version, transmit);
        if faults.has(Fault::TimeRequestOfServer) {
            request.mode = Mode::SYMMETRIC_ACTIVE;
        }
        Some((server, request.encode()))
    }

    /// How far the clock has to go ahead, in nanoseconds, as an answer tells that came when it showed `shown`.
    pub(super) fn answer(
        &mut self,
        server: usize,
        octets: &[u8],
        shown: Time,
        config: &TimeConfig,
        faults: &FaultSet,
    ) -> Option<i64> {
        let message = Message::decode(octets).ok()?;
        let asked = self.asked.as_ref().filter(|asked| asked.server == server)?;
        let leap = message.leap;
        let good = [
            (
                message.originate == asked.transmit,
                Fault::WrongOriginateAccepted,
            ),
            (message.mode == Mode::SERVER, Fault::WrongTimeModeAccepted),
            (
                message.version == config.version,
                Fault::WrongTimeVersionAccepted,
            ),
            (
                leap != Leap::Unsynchronized,
                Fault::UnsynchronizedServerBelieved,
            ),
            (
                (1..=15).contains(&message.stratum),
                Fault::KissOfDeathBelieved,
            ),
            (
                message.transmit != NtpTime::NONE,
                Fault::ZeroTransmitAccepted,
            ),
        ]
        .into_iter()
        .all(|(right, fault)| right || faults.has(fault));
        let announced = matches!(leap, Leap::Insert | Leap::Delete);
        if !good || announced && faults.has(Fault::LeapAnnouncementRefused) {
            return None;
        }
        let asked = self.asked.take()?;
        let early = announced && faults.has(Fault::LeapTakenAtOnce);
        let (receive, transmit) = (
            told(message.receive, faults),
            told(message.transmit, faults),
        );
        // RFC 4330, 5: what the way there and the way back have in common falls out.
        let there = nanos(receive) - nanos(asked.shown);
        let back = nanos(transmit) - nanos(shown);
        let error = (there + back) / 2 - if early { 1_000_000_000 } else { 0 };
        i64::try_from(error).ok()
    }
}

/// The time of a message since 1970; what is none counts as 1970.
fn told(time: NtpTime, faults: &FaultSet) -> Time {
    let known = time.since_epoch().unwrap_or_default();
    let first_era = Duration::from_secs(2_085_978_496);
    if known >= first_era && faults.has(Fault::EraOf2036Unknown) {
        return Duration::ZERO;
    }
    known
}

/// How long an answer is awaited: so that every server can be asked within a period.
fn patience(config: &TimeConfig) -> Duration {
    let turns = u32::try_from(config.servers + 1).unwrap_or(u32::MAX);
    config.answer_within.min(config.poll / turns)
}
