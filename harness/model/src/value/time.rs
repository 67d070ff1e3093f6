//! Time stamps and their quality (IEC 61850-7-2, TimeStamp), and dates as text.

use core::{fmt, time::Duration};

use iedassay_wire::mms::{TimeQuality, UtcTime};

/// Quality of a time stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimestampQuality {
    /// Leap seconds are taken into account.
    pub leap_seconds_known: bool,
    /// The clock has failed.
    pub clock_failure: bool,
    /// The clock is not synchronised.
    pub clock_not_synchronized: bool,
    /// Number of significant bits of the fraction, 0 to 24; `None` when unspecified (31) or without meaning (25 to 30).
    pub accuracy: Option<u8>,
}

impl Default for TimestampQuality {
    /// Leap seconds known, clock good, accuracy of a millisecond (10 bits, class T1).
    fn default() -> Self {
        Self {
            leap_seconds_known: true,
            clock_failure: false,
            clock_not_synchronized: false,
            accuracy: Some(10),
        }
    }
}

impl From<TimeQuality> for TimestampQuality {
    fn from(quality: TimeQuality) -> Self {
        Self {
            leap_seconds_known: quality.leap_seconds_known(),
            clock_failure: quality.clock_failure(),
            clock_not_synchronized: quality.clock_not_synchronized(),
            accuracy: Some(quality.accuracy()).filter(|bits| *bits <= 24),
        }
    }
}

impl From<TimestampQuality> for TimeQuality {
    fn from(quality: TimestampQuality) -> Self {
        let accuracy = quality
            .accuracy
            .filter(|bits| *bits <= 24)
            .unwrap_or(Self::UNSPECIFIED_ACCURACY);
        Self(
            (u8::from(quality.leap_seconds_known) << 7)
                | (u8::from(quality.clock_failure) << 6)
                | (u8::from(quality.clock_not_synchronized) << 5)
                | accuracy,
        )
    }
}

/// A time stamp with its quality taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp {
    /// Time since 1970-01-01T00:00:00Z.
    pub since_epoch: Duration,
    /// Its quality.
    pub quality: TimestampQuality,
}

impl Timestamp {
    /// Name of the accuracy class (`T0` to `T5`) that the significant bits reach; `None` below T0 or when unspecified.
    #[must_use]
    pub fn accuracy_class(&self) -> Option<&'static str> {
        Some(match self.quality.accuracy? {
            0..=6 => return None,
            7..=9 => "T0",
            10..=13 => "T1",
            14..=15 => "T2",
            16..=17 => "T3",
            18..=19 => "T4",
            _ => "T5",
        })
    }
}

impl From<UtcTime> for Timestamp {
    fn from(time: UtcTime) -> Self {
        Self {
            since_epoch: time.since_epoch(),
            quality: time.quality.into(),
        }
    }
}

impl From<Timestamp> for UtcTime {
    fn from(time: Timestamp) -> Self {
        Self::from_since_epoch(time.since_epoch, time.quality.into())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        UtcTime::from(*self).fmt(f)
    }
}

/// Longest time that is taken as one.
const MAX_DURATION_MS: f64 = 366.0 * 86_400_000.0;

/// A time written with its unit (`200ms`, `1.5s`, `2min`, `1h`; a bare number is milliseconds), to the millisecond and at most a year.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "" | "ms" => 1.0,
        "s" => 1_000.0,
        "min" => 60_000.0,
        "h" => 3_600_000.0,
        _ => return None,
    };
    let millis = number.parse::<f64>().ok()? * factor;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "range checked by the filter"
    )]
    Some(millis)
        .filter(|millis| (0.0..MAX_DURATION_MS).contains(millis))
        .map(|millis| Duration::from_millis(millis.round() as u64))
}

/// A time such that [`parse_duration`] reads it back, to the millisecond.
#[must_use]
pub fn format_duration(time: Duration) -> String {
    match time.as_millis() {
        0 => "0s".to_owned(),
        n if n.is_multiple_of(60_000) => format!("{}min", n / 60_000),
        n if n.is_multiple_of(1_000) => format!("{}s", n / 1_000),
        n => format!("{n}ms"),
    }
}

/// Time since 1970 of a text such as `2018-01-02T03:04:05.250Z` (UTC; `Z` and the fraction may be left out).
#[must_use]
pub fn parse_date_time(text: &str) -> Option<Duration> {
    let text = text.trim();
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (date, time) = text.split_once(['T', ' '])?;
    let [year, month, day] = numbers::<3>(date, '-')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let [hour, minute, second] = numbers::<3>(time, ':')?;
    if !(1970..=9999).contains(&year) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days_from_civil(year, month, day)?;
    let seconds = days
        .checked_mul(86_400)?
        .checked_add(hour.checked_mul(3600)?)?
        .checked_add(minute.checked_mul(60)?)?
        .checked_add(second)?;
    Some(Duration::new(seconds, nanos(fraction)?))
}

fn numbers<const N: usize>(text: &str, separator: char) -> Option<[u64; N]> {
    let list: Vec<u64> = text
        .split(separator)
        .map(|part| {
            let digits = !part.is_empty()
                && part.len() <= 4
                && part.bytes().all(|byte| byte.is_ascii_digit());
            if digits { part.parse().ok() } else { None }
        })
        .collect::<Option<_>>()?;
    list.try_into().ok()
}

fn nanos(fraction: &str) -> Option<u32> {
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    fraction
        .chars()
        .chain(core::iter::repeat('0'))
        .take(9)
        .try_fold(0_u32, |nanos, digit| {
            nanos.checked_mul(10)?.checked_add(digit.to_digit(10)?)
        })
}

/// Days since 1970-01-01, counting in years that begin in March so that the leap day is the last of its year.
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let last = match month {
        2 => 28_u64.checked_add(u64::from(leap))?,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month.checked_sub(3)?)
    } else {
        (year.checked_sub(1)?, month.checked_add(9)?)
    };
    let of_year = month
        .checked_mul(153)?
        .checked_add(2)?
        .checked_div(5)?
        .checked_add(day.checked_sub(1)?)?;
    let leap_days = (year / 4)
        .checked_sub(year / 100)?
        .checked_add(year / 400)?;
    // 719468 days lie between the first of March of the year 0 and 1970-01-01.
    year.checked_mul(365)?
        .checked_add(leap_days)?
        .checked_add(of_year)?
        .checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_what_they_print() {
        for text in [
            "1970-01-01T00:00:00.000Z",
            "2000-02-29T23:59:59.500Z",
            "2018-01-02T03:04:05.250Z",
            "2106-02-07T06:28:15.000Z",
        ] {
            let time = parse_date_time(text).unwrap();
            let utc = UtcTime::from_since_epoch(time, TimeQuality(0));
            assert_eq!(utc.to_string(), text);
        }
        assert_eq!(
            parse_date_time("1984-01-01 00:00:00"),
            Some(Duration::from_secs(441_763_200))
        );
    }

    #[test]
    fn durations_read_as_what_they_print() {
        for text in ["0s", "1ms", "1500ms", "2s", "90s", "1min", "90min"] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
        for (text, millis) in [
            ("250", 250),
            ("1.5 s", 1500),
            ("2h", 7_200_000),
            ("0.4ms", 0),
        ] {
            assert_eq!(
                parse_duration(text),
                Some(Duration::from_millis(millis)),
                "{text}"
            );
        }
        for text in [
            "", "ms", "-1s", "1d", "1e3", "1.2.3s", "1s2", "9000h", "NaN", "é",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn rejects_what_is_no_date() {
        for text in [
            "",
            "2018",
            "2018-02-29T00:00:00Z",
            "2018-13-01T00:00:00Z",
            "2018-01-01T24:00:00Z",
            "2018-01-01T00:00:00.x",
            "é-1-1T1:1:1",
        ] {
            assert_eq!(parse_date_time(text), None, "{text}");
        }
    }

    #[test]
    fn every_time_quality_with_a_meaning_round_trips() {
        for octet in 0..=255_u8 {
            if matches!(octet & 0x1f, 25..=30) {
                continue;
            }
            let quality = TimestampQuality::from(TimeQuality(octet));
            assert_eq!(TimeQuality::from(quality), TimeQuality(octet));
        }
    }

    #[test]
    fn accuracy_classes_follow_the_bits() {
        let class = |bits| {
            Timestamp {
                since_epoch: Duration::ZERO,
                quality: TimestampQuality {
                    accuracy: bits,
                    ..TimestampQuality::default()
                },
            }
            .accuracy_class()
        };
        assert_eq!(class(Some(7)), Some("T0"));
        assert_eq!(class(Some(10)), Some("T1"));
        assert_eq!(class(Some(20)), Some("T5"));
        assert_eq!(class(Some(3)), None);
        assert_eq!(class(None), None);
    }
}
