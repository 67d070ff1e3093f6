//! Versions of TLS.

use std::fmt;

use rustls::version::{TLS12, TLS13};
use rustls::{ProtocolVersion, SupportedProtocolVersion};

/// A version of TLS that IEC 62351-3 permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

impl Version {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Tls12, Self::Tls13];

    /// `1.2` or `1.3`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tls12 => "1.2",
            Self::Tls13 => "1.3",
        }
    }

    pub(crate) const fn of(version: ProtocolVersion) -> Option<Self> {
        match version {
            ProtocolVersion::TLSv1_2 => Some(Self::Tls12),
            ProtocolVersion::TLSv1_3 => Some(Self::Tls13),
            _ => None,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLS {}", self.as_str())
    }
}

/// Which versions are offered or served: one of them, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Versions {
    /// TLS 1.2 and 1.3.
    #[default]
    Both,
    /// One only.
    Only(Version),
}

impl Versions {
    /// Whether this version is among them.
    #[must_use]
    pub fn has(self, version: Version) -> bool {
        match self {
            Self::Both => true,
            Self::Only(only) => only == version,
        }
    }

    /// What a list means; nothing when it is empty.
    #[must_use]
    pub fn of(list: &[Version]) -> Option<Self> {
        let has = |version| list.contains(&version);
        match (has(Version::Tls12), has(Version::Tls13)) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Only(Version::Tls12)),
            (false, true) => Some(Self::Only(Version::Tls13)),
            (false, false) => None,
        }
    }

    pub(crate) const fn supported(self) -> &'static [&'static SupportedProtocolVersion] {
        match self {
            Self::Both => &BOTH,
            Self::Only(Version::Tls12) => &ONLY_12,
            Self::Only(Version::Tls13) => &ONLY_13,
        }
    }
}

static ONLY_12: [&SupportedProtocolVersion; 1] = [&TLS12];
static ONLY_13: [&SupportedProtocolVersion; 1] = [&TLS13];
static BOTH: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Both => f.write_str("TLS 1.2 and 1.3"),
            Self::Only(only) => only.fmt(f),
        }
    }
}
