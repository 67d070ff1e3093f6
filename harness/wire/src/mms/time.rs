//! Time stamps.

use core::fmt;

/// UTC time of IEC 61850-8-1: seconds, 24 bits of fraction, quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct UtcTime {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: u32,
    /// Fraction of a second in 2^-24 s; above 24 bits it is cut when encoded.
    pub fraction: u32,
    /// Quality of the time.
    pub quality: TimeQuality,
}

impl UtcTime {
    /// From its eight octets.
    #[must_use]
    pub const fn from_octets(octets: [u8; 8]) -> Self {
        let [a, b, c, d, e, f, g, quality] = octets;
        Self {
            seconds: u32::from_be_bytes([a, b, c, d]),
            fraction: u32::from_be_bytes([0, e, f, g]),
            quality: TimeQuality(quality),
        }
    }

    /// Its eight octets.
    #[must_use]
    pub const fn to_octets(self) -> [u8; 8] {
        let [a, b, c, d] = self.seconds.to_be_bytes();
        let [_, e, f, g] = self.fraction.to_be_bytes();
        [a, b, c, d, e, f, g, self.quality.0]
    }

    /// The time since 1970-01-01T00:00:00Z, rounded to the nearest nanosecond.
    #[must_use]
    pub fn since_epoch(self) -> core::time::Duration {
        let fraction = u64::from(self.fraction & 0x00ff_ffff);
        let nanos = fraction
            .saturating_mul(1_000_000_000)
            .saturating_add(1 << 23)
            >> 24;
        core::time::Duration::from_secs(u64::from(self.seconds))
            .saturating_add(core::time::Duration::from_nanos(nanos))
    }

    /// From a time since 1970-01-01T00:00:00Z, rounded to the nearest 2^-24 s. Seconds wrap
    /// after 2106 as the format does.
    #[must_use]
    pub fn from_since_epoch(time: core::time::Duration, quality: TimeQuality) -> Self {
        let nanos = u64::from(time.subsec_nanos());
        let fraction = (nanos << 24).saturating_add(500_000_000) / 1_000_000_000;
        let carry = fraction >> 24;
        let seconds = time.as_secs().saturating_add(carry) & u64::from(u32::MAX);
        Self {
            seconds: u32::try_from(seconds).unwrap_or_default(),
            fraction: u32::try_from(fraction & 0x00ff_ffff).unwrap_or_default(),
            quality,
        }
    }
}

/// `2018-01-02T03:04:05.250000Z`, then the quality in brackets when it says anything.
impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.since_epoch().as_micros();
        write_date_time(f, micros)?;
        f.write_str("Z")?;
        if self.quality.0 != 0 {
            write!(f, "[{}]", self.quality)
        } else {
            Ok(())
        }
    }
}

/// Quality octet of a UTC time (IEC 61850-8-1, TimeQuality).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct TimeQuality(pub u8);

impl TimeQuality {
    /// Accuracy that says nothing.
    pub const UNSPECIFIED_ACCURACY: u8 = 31;

    /// Bit 0: leap seconds are known.
    #[must_use]
    pub const fn leap_seconds_known(self) -> bool {
        self.0 & 0x80 != 0
    }

    /// Bit 1: the clock has failed.
    #[must_use]
    pub const fn clock_failure(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// Bit 2: the clock is not synchronised.
    #[must_use]
    pub const fn clock_not_synchronized(self) -> bool {
        self.0 & 0x20 != 0
    }

    /// Bits 3 to 7: number of significant bits of the fraction, or 31 for unspecified.
    #[must_use]
    pub const fn accuracy(self) -> u8 {
        self.0 & 0x1f
    }
}

impl fmt::Display for TimeQuality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = [
            (self.leap_seconds_known(), "leap-known"),
            (self.clock_failure(), "clock-failure"),
            (self.clock_not_synchronized(), "not-synchronized"),
        ];
        for (_, name) in flags.into_iter().filter(|(set, _)| *set) {
            write!(f, "{name},")?;
        }
        match self.accuracy() {
            Self::UNSPECIFIED_ACCURACY => f.write_str("accuracy unspecified"),
            bits => write!(f, "accuracy {bits}"),
        }
    }
}

impl fmt::Debug for TimeQuality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Time of day, with or without a date (ISO 9506-2, TimeOfDay; Data binary-time).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BinaryTime {
    /// Four octets.
    TimeOfDay {
        /// Milliseconds since midnight.
        millis: u32,
    },
    /// Six octets; IEC 61850-8-1 uses it for EntryTime.
    DateTime {
        /// Milliseconds since midnight.
        millis: u32,
        /// Days since 1984-01-01.
        days: u16,
    },
}

impl BinaryTime {
    /// Seconds from 1970-01-01 to 1984-01-01.
    pub const EPOCH_1984: u64 = 441_763_200;

    /// From its octets; `None` unless they are four or six.
    #[must_use]
    pub const fn from_octets(octets: &[u8]) -> Option<Self> {
        match *octets {
            [a, b, c, d] => Some(Self::TimeOfDay {
                millis: u32::from_be_bytes([a, b, c, d]),
            }),
            [a, b, c, d, e, f] => Some(Self::DateTime {
                millis: u32::from_be_bytes([a, b, c, d]),
                days: u16::from_be_bytes([e, f]),
            }),
            _ => None,
        }
    }

    /// Its octets in the first four or six places, and how many there are.
    #[must_use]
    pub const fn to_octets(self) -> ([u8; 6], usize) {
        match self {
            Self::TimeOfDay { millis } => {
                let [a, b, c, d] = millis.to_be_bytes();
                ([a, b, c, d, 0, 0], 4)
            }
            Self::DateTime { millis, days } => {
                let [a, b, c, d] = millis.to_be_bytes();
                let [e, f] = days.to_be_bytes();
                ([a, b, c, d, e, f], 6)
            }
        }
    }

    /// The time since 1970-01-01T00:00:00Z; `None` without a date.
    #[must_use]
    pub fn since_epoch(self) -> Option<core::time::Duration> {
        match self {
            Self::TimeOfDay { .. } => None,
            Self::DateTime { millis, days } => {
                let seconds = u64::from(days)
                    .saturating_mul(86_400)
                    .saturating_add(Self::EPOCH_1984);
                Some(
                    core::time::Duration::from_secs(seconds)
                        .saturating_add(core::time::Duration::from_millis(u64::from(millis))),
                )
            }
        }
    }

    /// From a time since 1970-01-01T00:00:00Z, cut to milliseconds. Before 1984 it is the
    /// beginning of 1984; days wrap after 2163 as the format does.
    #[must_use]
    pub fn from_since_epoch(time: core::time::Duration) -> Self {
        let seconds = time.as_secs().saturating_sub(Self::EPOCH_1984);
        let millis = if time.as_secs() < Self::EPOCH_1984 {
            0
        } else {
            (seconds % 86_400)
                .saturating_mul(1000)
                .saturating_add(u64::from(time.subsec_millis()))
        };
        let days = (seconds / 86_400) & u64::from(u16::MAX);
        Self::DateTime {
            millis: u32::try_from(millis).unwrap_or_default(),
            days: u16::try_from(days).unwrap_or_default(),
        }
    }
}

/// `03:04:05.250` or `2018-01-02T03:04:05.250`.
impl fmt::Display for BinaryTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.since_epoch() {
            Some(time) => write_date_time(f, time.as_micros()),
            None => {
                let Self::TimeOfDay { millis } = *self else {
                    return Ok(());
                };
                write_time_of_day(f, u64::from(millis).saturating_mul(1000), 3)
            }
        }
    }
}

fn write_time_of_day(f: &mut fmt::Formatter<'_>, micros: u64, digits: usize) -> fmt::Result {
    let seconds = micros / 1_000_000;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    write!(f, "{h:02}:{m:02}:{s:02}")?;
    match digits {
        3 => write!(f, ".{:03}", micros / 1000 % 1000),
        _ => write!(f, ".{:06}", micros % 1_000_000),
    }
}

/// Writes microseconds since 1970 as a date and time of the Gregorian calendar.
fn write_date_time(f: &mut fmt::Formatter<'_>, micros: u128) -> fmt::Result {
    let micros = u64::try_from(micros).unwrap_or(u64::MAX);
    const DAY: u64 = 86_400_000_000;
    let (year, month, day) = civil_from_days(micros / DAY);
    write!(f, "{year:04}-{month:02}-{day:02}T")?;
    let of_day = micros % DAY;
    write_time_of_day(f, of_day, if of_day.is_multiple_of(1000) { 3 } else { 6 })
}

/// Year, month and day of a count of days since 1970-01-01.
///
/// Counts in years that begin in March, so that the leap day is the last of its year.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    const ERA: u64 = 146_097;
    let days = days.saturating_add(719_468);
    let era = days / ERA;
    let of_era = days % ERA;
    let leap_days = (of_era / 1460).saturating_add(of_era / 146_096);
    let year_of_era = of_era
        .saturating_add(of_era / 36_524)
        .saturating_sub(leap_days)
        / 365;
    let before_year = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era / 4)
        .saturating_sub(year_of_era / 100);
    let of_year = of_era.saturating_sub(before_year);
    let shifted_month = of_year.saturating_mul(5).saturating_add(2) / 153;
    let before_month = shifted_month.saturating_mul(153).saturating_add(2) / 5;
    let day = of_year.saturating_sub(before_month).saturating_add(1);
    let month = if shifted_month < 10 {
        shifted_month.saturating_add(3)
    } else {
        shifted_month.saturating_sub(9)
    };
    let year = year_of_era
        .saturating_add(era.saturating_mul(400))
        .saturating_add(u64::from(month <= 2));
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::time::Duration;

    #[test]
    fn prints_dates_of_the_calendar() {
        for (days, expected) in [
            (0, (1970, 1, 1)),
            (58, (1970, 2, 28)),
            (59, (1970, 3, 1)),
            (365, (1971, 1, 1)),
            (5113, (1984, 1, 1)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (19_723, (2024, 1, 1)),
            (19_782, (2024, 2, 29)),
            (20_088, (2024, 12, 31)),
            (47_540, (2100, 2, 28)),
            (47_541, (2100, 3, 1)),
        ] {
            assert_eq!(civil_from_days(days), expected, "{days}");
        }
    }

    #[test]
    fn utc_time_keeps_nanoseconds_to_its_resolution() {
        for nanos in [0, 1_000_000, 250_000_000, 999_999_999] {
            let time = Duration::new(1_700_000_000, nanos);
            let back = UtcTime::from_since_epoch(time, TimeQuality(10)).since_epoch();
            assert!(
                back.abs_diff(time) <= Duration::from_nanos(60),
                "{back:?} {time:?}"
            );
        }
    }

    #[test]
    fn prints_times() {
        let utc = UtcTime {
            seconds: 1_514_862_245,
            fraction: 0x40_0000,
            quality: TimeQuality(0),
        };
        assert_eq!(utc.to_string(), "2018-01-02T03:04:05.250Z");
        let poor = UtcTime {
            quality: TimeQuality(0x3f),
            ..utc
        };
        assert_eq!(
            poor.to_string(),
            "2018-01-02T03:04:05.250Z[not-synchronized,accuracy unspecified]"
        );
        let entry = BinaryTime::from_since_epoch(utc.since_epoch());
        assert_eq!(entry.to_string(), "2018-01-02T03:04:05.250");
        assert_eq!(entry.since_epoch(), Some(utc.since_epoch()));
        assert_eq!(
            BinaryTime::TimeOfDay { millis: 11_045_250 }.to_string(),
            "03:04:05.250"
        );
    }

    #[test]
    fn entry_time_zero_is_the_beginning_of_1984() {
        let zero = BinaryTime::DateTime { millis: 0, days: 0 };
        assert_eq!(zero.to_string(), "1984-01-01T00:00:00.000");
    }
}
