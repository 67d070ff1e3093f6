//! The wall clock, which nothing but this crate reads: everybody else is handed the time.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Now.
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// The day, in UTC, on which waivers are judged.
pub(crate) fn today() -> Date {
    Timestamp::try_from(now())
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(TimeZone::UTC)
        .date()
}
