//! SNTP, by which IEC 61850-8-1 has devices take their time from a server (RFC 4330; the same message as NTP, RFC 5905).

use core::fmt;
use core::time::Duration;

/// UDP port of time servers.
pub const PORT: u16 = 123;

/// Octets of a message. Extension fields and an authenticator may follow.
pub const SIZE: usize = 48;

/// Seconds from 1900-01-01, where the first era of NTP begins, to 1970-01-01.
const TO_1970: u64 = 2_208_988_800;

/// Seconds of an era.
const ERA: u64 = 1 << 32;

/// Leap indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Leap {
    /// No leap second is near.
    #[default]
    None,
    /// The last minute of the day has 61 seconds.
    Insert,
    /// The last minute of the day has 59 seconds.
    Delete,
    /// The clock of the server is not synchronised: its time must not be used.
    Unsynchronized,
}

impl Leap {
    const fn from_bits(bits: u8) -> Self {
        match bits & 3 {
            0 => Self::None,
            1 => Self::Insert,
            2 => Self::Delete,
            _ => Self::Unsynchronized,
        }
    }

    const fn bits(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Insert => 1,
            Self::Delete => 2,
            Self::Unsynchronized => 3,
        }
    }
}

/// Mode: who speaks to whom. Three bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Mode(pub u8);

impl Mode {
    /// A server that asks another one.
    pub const SYMMETRIC_ACTIVE: Self = Self(1);
    /// A client asks.
    pub const CLIENT: Self = Self(3);
    /// A server answers.
    pub const SERVER: Self = Self(4);
    /// A server tells everybody.
    pub const BROADCAST: Self = Self(5);
}

/// A time of NTP: seconds of an era in the upper 32 bits, their fraction in the lower 32. Zero says that there is none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct NtpTime(pub u64);

impl NtpTime {
    /// No time.
    pub const NONE: Self = Self(0);

    /// From a time since 1970-01-01T00:00:00Z, rounded to the nearest 2^-32 s. The era is lost.
    #[must_use]
    pub fn from_since_epoch(time: Duration) -> Self {
        let seconds = time.as_secs().wrapping_add(TO_1970) % ERA;
        // Below 2^32, because a fraction has less than 10^9 nanoseconds.
        let fraction =
            (u64::from(time.subsec_nanos()) << 32).saturating_add(500_000_000) / 1_000_000_000;
        Self((seconds << 32) | fraction)
    }

    /// The time since 1970-01-01T00:00:00Z, rounded to the nearest nanosecond; `None` when there is none or it is before 1970. It is
    /// between 1968 and 2104: when the first bit is 0 the era that begins in 2036 is meant (RFC 4330, 3).
    #[must_use]
    pub fn since_epoch(self) -> Option<Duration> {
        if self == Self::NONE {
            return None;
        }
        let seconds = self.0 >> 32;
        let era = if seconds & 0x8000_0000 == 0 { ERA } else { 0 };
        let seconds = seconds.checked_add(era)?.checked_sub(TO_1970)?;
        let nanos = (self.0 & 0xffff_ffff)
            .saturating_mul(1_000_000_000)
            .saturating_add(1 << 31)
            >> 32;
        Duration::from_secs(seconds).checked_add(Duration::from_nanos(nanos))
    }
}

impl fmt::Debug for NtpTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}.{:08x}", self.0 >> 32, self.0 & 0xffff_ffff)
    }
}

/// A message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Message {
    /// Leap indicator.
    pub leap: Leap,
    /// Version, 1 to 4 in use. Three bits.
    pub version: u8,
    /// Mode.
    pub mode: Mode,
    /// Distance from a reference clock, 1 to 15; 0 in a kiss-o'-death, which refuses and tells no time.
    pub stratum: u8,
    /// Binary logarithm of the seconds between requests.
    pub poll: i8,
    /// Binary logarithm of the precision of the clock in seconds.
    pub precision: i8,
    /// Delay to the reference clock, in 2^-16 s.
    pub root_delay: u32,
    /// Largest error to the reference clock, in 2^-16 s.
    pub root_dispersion: u32,
    /// The reference clock; in a kiss-o'-death the reason, four letters.
    pub reference_id: [u8; 4],
    /// When the clock was last set.
    pub reference: NtpTime,
    /// In an answer the `transmit` of the request.
    pub originate: NtpTime,
    /// When the server received the request.
    pub receive: NtpTime,
    /// When this message was sent.
    pub transmit: NtpTime,
}

/// A datagram that is too short for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooShort {
    /// Its octets.
    pub length: usize,
}

impl fmt::Display for TooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} octets are no SNTP message, which has {SIZE}",
            self.length
        )
    }
}

impl core::error::Error for TooShort {}

impl Message {
    /// A request of a client; `transmit` is what the answer has to repeat.
    #[must_use]
    pub fn request(version: u8, transmit: NtpTime) -> Self {
        Self {
            version,
            mode: Mode::CLIENT,
            transmit,
            ..Self::default()
        }
    }

    /// From the first [`SIZE`] octets of a datagram.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn decode(octets: &[u8]) -> Result<Self, TooShort> {
        let Some((message, _)) = octets.split_first_chunk::<SIZE>() else {
            return Err(TooShort {
                length: octets.len(),
            });
        };
        let [first, stratum, poll, precision, rest @ ..] = *message;
        let (words, _) = rest.as_chunks::<4>();
        let word = |at: usize| words.get(at).copied().unwrap_or_default();
        let number = |at: usize| u32::from_be_bytes(word(at));
        let time = |at: usize| {
            let (high, low) = (number(at), number(at.saturating_add(1)));
            NtpTime((u64::from(high) << 32) | u64::from(low))
        };
        Ok(Self {
            leap: Leap::from_bits(first >> 6),
            version: (first >> 3) & 7,
            mode: Mode(first & 7),
            stratum,
            poll: i8::from_be_bytes([poll]),
            precision: i8::from_be_bytes([precision]),
            root_delay: number(0),
            root_dispersion: number(1),
            reference_id: word(2),
            reference: time(3),
            originate: time(5),
            receive: time(7),
            transmit: time(9),
        })
    }

    /// Its octets. Of version and mode the lower three bits.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut octets = Vec::with_capacity(SIZE);
        octets.push((self.leap.bits() << 6) | ((self.version & 7) << 3) | (self.mode.0 & 7));
        octets.push(self.stratum);
        octets.extend(self.poll.to_be_bytes());
        octets.extend(self.precision.to_be_bytes());
        octets.extend(self.root_delay.to_be_bytes());
        octets.extend(self.root_dispersion.to_be_bytes());
        octets.extend(self.reference_id);
        for time in [self.reference, self.originate, self.receive, self.transmit] {
            octets.extend(time.0.to_be_bytes());
        }
        octets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_octet_by_octet() {
        let mut octets = vec![0x23, 0, 6, 0xec];
        octets.extend([0; 36]);
        octets.extend([0xe0, 0, 0, 1, 0x80, 0, 0, 0]);
        let message = Message::decode(&octets).unwrap();
        assert_eq!(
            message,
            Message {
                poll: 6,
                precision: -20,
                ..Message::request(4, NtpTime(0xe000_0001_8000_0000))
            }
        );
        assert_eq!(message.encode(), octets);
        assert_eq!(Message::decode(&octets[..47]), Err(TooShort { length: 47 }));
        octets.extend([1; 20]);
        assert_eq!(
            Message::decode(&octets),
            Ok(message),
            "an authenticator may follow"
        );
    }

    #[test]
    fn eras_meet_in_2036() {
        // 2036-02-07T06:28:15Z is the last second of the first era.
        for (since_1970, seconds) in [
            (0, 2_208_988_800),
            (1_767_225_600, 3_976_214_400),
            (2_085_978_495, 0xffff_ffff),
            (2_085_978_497, 1_u64),
        ] {
            let time = Duration::from_secs(since_1970);
            let ntp = NtpTime::from_since_epoch(time);
            assert_eq!(ntp, NtpTime(seconds << 32));
            assert_eq!(ntp.since_epoch(), Some(time));
        }
        assert_eq!(NtpTime::NONE.since_epoch(), None);
        assert_eq!(
            NtpTime(0x8000_0000_0000_0000).since_epoch(),
            None,
            "1968 is before 1970"
        );
    }
}
