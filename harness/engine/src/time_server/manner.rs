//! How a time server answers: rightly, or wrong in one way or another.

use std::time::Duration;

use iedassay_wire::sntp::{Leap, Message, Mode, NtpTime};

/// Reference of a server that is its own reference clock.
const REFERENCE: [u8; 4] = *b"LOCL";

/// Reason of a kiss-o'-death that tells a client neither to go nor to ask less often.
const KISS: [u8; 4] = *b"INIT";

/// Distance of this server from a reference clock.
const STRATUM: u8 = 1;

/// Precision that is stated: 2^-20 s.
const PRECISION: i8 = -20;

/// What is repeated of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Originate {
    #[default]
    Right,
    /// The transmit timestamp of another request.
    Wrong,
    Nothing,
}

/// How a server answers. The default is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Manner {
    /// How far its clock is ahead, in nanoseconds.
    pub(crate) ahead: i64,
    pub(crate) leap: Leap,
    pub(crate) stratum: u8,
    /// That of the request if absent.
    pub(crate) version: Option<u8>,
    pub(crate) mode: Mode,
    pub(crate) originate: Originate,
    /// Without a transmit timestamp.
    pub(crate) no_transmit: bool,
    /// It does not answer.
    pub(crate) silent: bool,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            ahead: 0,
            leap: Leap::None,
            stratum: STRATUM,
            version: None,
            mode: Mode::SERVER,
            originate: Originate::Right,
            no_transmit: false,
            silent: false,
        }
    }
}

impl Manner {
    /// The answer to a request that came at one time and is answered at another, both since 1970. None when it is silent, and to what
    /// is no request of a client.
    pub(crate) fn answer(
        &self,
        request: &Message,
        came: Duration,
        answered: Duration,
    ) -> Option<Message> {
        if self.silent || request.mode != Mode::CLIENT {
            return None;
        }
        let shown = |time| NtpTime::from_since_epoch(self.shown(time));
        let kiss = self.stratum == 0;
        Some(Message {
            leap: self.leap,
            version: self.version.unwrap_or(request.version),
            mode: self.mode,
            stratum: self.stratum,
            poll: request.poll,
            precision: PRECISION,
            root_delay: 0,
            root_dispersion: 0,
            reference_id: if kiss { KISS } else { REFERENCE },
            reference: shown(came),
            originate: match self.originate {
                Originate::Right => request.transmit,
                // One that no request of the last minutes had.
                Originate::Wrong => NtpTime(request.transmit.0.wrapping_sub(1 << 40)),
                Originate::Nothing => NtpTime::NONE,
            },
            receive: shown(came),
            transmit: if self.no_transmit {
                NtpTime::NONE
            } else {
                shown(answered)
            },
        })
    }

    /// What its clock shows at a time since 1970.
    pub(crate) fn shown(&self, time: Duration) -> Duration {
        let distance = Duration::from_nanos(self.ahead.unsigned_abs());
        if self.ahead < 0 {
            time.saturating_sub(distance)
        } else {
            time.saturating_add(distance)
        }
    }

    /// In words, what is not right.
    pub(crate) fn describe(&self) -> String {
        let usual = Self::default();
        let mut all = Vec::new();
        if self.silent {
            return "silent".to_owned();
        }
        if self.ahead != 0 {
            let word = if self.ahead < 0 { "behind" } else { "ahead" };
            let distance = Duration::from_nanos(self.ahead.unsigned_abs());
            all.push(format!("{:.3} s {word}", distance.as_secs_f64()));
        }
        if self.leap != usual.leap {
            all.push(format!("leap indicator {}", leap_word(self.leap)));
        }
        if self.stratum != usual.stratum {
            all.push(format!("stratum {}", self.stratum));
        }
        if let Some(version) = self.version {
            all.push(format!("version {version}"));
        }
        if self.mode != usual.mode {
            all.push(format!("mode {}", self.mode.0));
        }
        match self.originate {
            Originate::Right => {}
            Originate::Wrong => all.push("wrong originate timestamp".to_owned()),
            Originate::Nothing => all.push("no originate timestamp".to_owned()),
        }
        if self.no_transmit {
            all.push("no transmit timestamp".to_owned());
        }
        if all.is_empty() {
            "right".to_owned()
        } else {
            all.join(", ")
        }
    }
}

/// The word of a leap indicator.
pub(crate) const fn leap_word(leap: Leap) -> &'static str {
    match leap {
        Leap::None => "none",
        Leap::Insert => "insert",
        Leap::Delete => "delete",
        Leap::Unsynchronized => "unsynchronized",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_767_225_600);

    #[test]
    fn an_answer_repeats_the_request_and_shows_the_clock() {
        let request = Message {
            poll: 4,
            ..Message::request(3, NtpTime(0xdead_beef_0000_0001))
        };
        let later = NOW + Duration::from_millis(5);
        let manner = Manner {
            ahead: -2_000_000_000,
            ..Manner::default()
        };
        let answer = manner.answer(&request, NOW, later).unwrap();
        assert_eq!(
            (answer.version, answer.mode, answer.stratum, answer.poll),
            (3, Mode::SERVER, 1, 4)
        );
        assert_eq!(answer.originate, request.transmit);
        assert_eq!(
            answer.receive.since_epoch(),
            Some(NOW - Duration::from_secs(2))
        );
        assert_eq!(
            answer.transmit.since_epoch(),
            Some(later - Duration::from_secs(2))
        );
        assert_eq!(manner.describe(), "2.000 s behind");
    }

    #[test]
    fn only_clients_are_answered() {
        let mut request = Message::request(4, NtpTime(1));
        request.mode = Mode::SYMMETRIC_ACTIVE;
        assert_eq!(Manner::default().answer(&request, NOW, NOW), None);
        request.mode = Mode::CLIENT;
        let silent = Manner {
            silent: true,
            ..Manner::default()
        };
        assert_eq!(silent.answer(&request, NOW, NOW), None);
        let kiss = Manner {
            stratum: 0,
            originate: Originate::Nothing,
            no_transmit: true,
            ..Manner::default()
        };
        let answer = kiss.answer(&request, NOW, NOW).unwrap();
        assert_eq!(&answer.reference_id, b"INIT");
        assert_eq!(
            (answer.originate, answer.transmit),
            (NtpTime::NONE, NtpTime::NONE)
        );
        assert_eq!(
            kiss.describe(),
            "stratum 0, no originate timestamp, no transmit timestamp"
        );
        assert_eq!(Manner::default().describe(), "right");
    }
}
