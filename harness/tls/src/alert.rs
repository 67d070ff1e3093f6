//! Alerts of TLS (RFC 8446, 6; RFC 5246, 7.2).

use std::fmt;

use rustls::AlertDescription;

/// An alert that the peer sent, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Alert(pub u8);

impl Alert {
    /// The name in the RFCs, where it has one.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "close_notify",
            10 => "unexpected_message",
            20 => "bad_record_mac",
            22 => "record_overflow",
            40 => "handshake_failure",
            41 => "no_certificate",
            42 => "bad_certificate",
            43 => "unsupported_certificate",
            44 => "certificate_revoked",
            45 => "certificate_expired",
            46 => "certificate_unknown",
            47 => "illegal_parameter",
            48 => "unknown_ca",
            49 => "access_denied",
            50 => "decode_error",
            51 => "decrypt_error",
            70 => "protocol_version",
            71 => "insufficient_security",
            80 => "internal_error",
            86 => "inappropriate_fallback",
            90 => "user_canceled",
            100 => "no_renegotiation",
            109 => "missing_extension",
            110 => "unsupported_extension",
            112 => "unrecognized_name",
            116 => "certificate_required",
            120 => "no_application_protocol",
            _ => return None,
        })
    }

    /// What it says of one's own certificate, if that is what it is about.
    #[must_use]
    pub const fn about_certificate(self) -> Option<&'static str> {
        Some(match self.0 {
            41 | 116 => "it wants one and got none",
            42 => "it is corrupt, or its signature is wrong",
            43 => "its kind is not supported",
            44 => "it is revoked",
            45 => "it has expired or is not yet valid",
            46 => "something about it is not acceptable",
            48 => "its authority is unknown to the peer",
            49 => "it is valid but not let in",
            _ => return None,
        })
    }
}

impl From<AlertDescription> for Alert {
    fn from(description: AlertDescription) -> Self {
        Self(u8::from(description))
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "alert {name} ({})", self.0),
            None => write!(f, "alert {}", self.0),
        }
    }
}
