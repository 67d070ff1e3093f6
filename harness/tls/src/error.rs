//! Why there is no TLS session, or why it ended.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::{CertificateError, InvalidMessage, PeerIncompatible};

use crate::alert::Alert;
use crate::certificate::{Certificate, day};

/// Why there is no TLS session, or why it ended. `peer` is the other side, whichever role it has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// What came is no TLS record.
    #[error("the peer speaks no TLS: what it sends is no TLS record")]
    NotTls,
    /// No version in common.
    #[error("no TLS version in common: {0}")]
    Version(String),
    /// No cipher suite, key exchange or signature scheme in common.
    #[error("no cipher suite in common: {0}")]
    Cipher(String),
    /// The certificate does not go back to an authority that is trusted.
    #[error("the certificate of the peer, {certificate}, is not trusted: {why}")]
    Untrusted {
        /// Which.
        certificate: String,
        /// Why.
        why: String,
    },
    /// The certificate, or one of its chain, has expired.
    #[error("the certificate of the peer, {certificate}, has expired: {not_after}")]
    Expired {
        /// Which.
        certificate: String,
        /// When.
        not_after: String,
    },
    /// The certificate, or one of its chain, is not yet valid.
    #[error("the certificate of the peer, {certificate}, is not yet valid: {not_before}")]
    NotYetValid {
        /// Which.
        certificate: String,
        /// From when on it will be.
        not_before: String,
    },
    /// A revocation list names the certificate, or one of its chain.
    #[error("the certificate of the peer, {certificate}, is revoked")]
    Revoked {
        /// Which.
        certificate: String,
    },
    /// The certificate is for other names.
    #[error("the certificate of the peer, {certificate}, is not for the name {expected}")]
    WrongName {
        /// Which, with its names.
        certificate: String,
        /// The name that was expected.
        expected: String,
    },
    /// The certificate is none of those that are pinned.
    #[error(
        "the certificate of the peer, {certificate}, is not the one that is pinned: its SHA-256 is {fingerprint}"
    )]
    NotPinned {
        /// Which.
        certificate: String,
        /// Its fingerprint.
        fingerprint: String,
    },
    /// The key of the certificate is too short.
    #[error(
        "the certificate of the peer, {certificate}, has too weak a key: RSA of {bits} bits, at least 2048 are needed"
    )]
    WeakKey {
        /// Which.
        certificate: String,
        /// Its length.
        bits: u32,
    },
    /// The certificate cannot be used for another reason.
    #[error("the certificate of the peer, {certificate}, cannot be used: {why}")]
    Unsuitable {
        /// Which.
        certificate: String,
        /// Why.
        why: String,
    },
    /// The peer presented no certificate although one is demanded.
    #[error("the peer presented no certificate")]
    NoCertificate,
    /// The peer rejected one's own certificate, or the lack of one.
    #[error("the peer rejected the certificate of this side: {}{}", .alert, why(*.alert))]
    Rejected {
        /// How it said so.
        alert: Alert,
    },
    /// The peer ended with another alert.
    #[error("the peer ended TLS with {0}")]
    Alert(Alert),
    /// The peer closed the connection within the handshake, without an alert.
    #[error("the peer closed the connection {}", if *.after_certificate {
        "after it had asked for the certificate of this side, without an alert"
    } else {
        "within the TLS handshake, without an alert"
    })]
    Closed {
        /// Whether it had asked for one's own certificate before.
        after_certificate: bool,
    },
    /// What came cannot be decrypted. Some servers of TLS 1.3 (mbedTLS) send the alert that rejects a certificate under the keys of
    /// the handshake although those are over.
    #[error("the peer sent a record that cannot be decrypted{}", if *.after_certificate {
        ", where it could reject the certificate of this side"
    } else {
        ""
    })]
    Undecryptable {
        /// Whether it had asked for one's own certificate before.
        after_certificate: bool,
    },
    /// The handshake did not come to an end in time.
    #[error("the TLS handshake did not come to an end within {} ms", .within.as_millis())]
    Timeout {
        /// How long it had.
        within: Duration,
    },
    /// The peer broke the protocol.
    #[error("the peer broke the TLS protocol: {0}")]
    Protocol(String),
    /// The stream below broke.
    #[error("the connection broke below TLS: {text}")]
    Io {
        /// What kind of error.
        kind: io::ErrorKind,
        /// What the operating system said.
        text: String,
    },
}

fn why(alert: Alert) -> String {
    alert
        .about_certificate()
        .map_or_else(String::new, |why| format!(": {why}"))
}

impl TlsError {
    /// Whether it is the peer that said no, to a client that did nothing wrong in TLS itself.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Rejected { .. }
                | Self::Alert(_)
                | Self::Closed { .. }
                | Self::Undecryptable {
                    after_certificate: true
                }
                | Self::Version(_)
                | Self::Cipher(_)
        )
    }

    /// Whether it is about the certificate that the peer presented.
    #[must_use]
    pub const fn is_about_peer(&self) -> bool {
        matches!(
            self,
            Self::Untrusted { .. }
                | Self::Expired { .. }
                | Self::NotYetValid { .. }
                | Self::Revoked { .. }
                | Self::WrongName { .. }
                | Self::NotPinned { .. }
                | Self::WeakKey { .. }
                | Self::Unsuitable { .. }
                | Self::NoCertificate
        )
    }

    /// The TLS error inside an error of a stream, when it is one.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl From<TlsError> for io::Error {
    fn from(error: TlsError) -> Self {
        let kind = match &error {
            TlsError::Timeout { .. } => io::ErrorKind::TimedOut,
            TlsError::Io { kind, .. } => *kind,
            TlsError::Closed { .. } => io::ErrorKind::UnexpectedEof,
            TlsError::Rejected { .. } | TlsError::Alert(_) => io::ErrorKind::ConnectionAborted,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}

/// What one handshake saw, noted while it went on: rustls does not hand it out when it fails.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    peer: Mutex<Option<Certificate>>,
    asked: AtomicBool,
}

impl Seen {
    pub(crate) fn peer_presented(&self, der: &[u8]) {
        let mut peer = self.peer.lock().unwrap_or_else(PoisonError::into_inner);
        *peer = Certificate::read(der);
    }

    pub(crate) fn certificate_asked(&self) {
        self.asked.store(true, Ordering::Release);
    }

    pub(crate) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }

    fn peer(&self) -> Option<Certificate> {
        let peer = self.peer.lock().unwrap_or_else(PoisonError::into_inner);
        peer.clone()
    }

    /// What an error of the stream means.
    pub(crate) fn explain(&self, error: &io::Error) -> TlsError {
        if let Some(known) = TlsError::of(error) {
            return known.clone();
        }
        if let Some(inner) = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            return self.explain_tls(inner);
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => TlsError::Closed {
                after_certificate: self.was_asked(),
            },
            kind => TlsError::Io {
                kind,
                text: error.to_string(),
            },
        }
    }

    fn explain_tls(&self, error: &rustls::Error) -> TlsError {
        match error {
            rustls::Error::InvalidCertificate(error) => self.explain_certificate(error),
            rustls::Error::DecryptError => TlsError::Undecryptable {
                after_certificate: self.was_asked(),
            },
            rustls::Error::NoCertificatesPresented => TlsError::NoCertificate,
            rustls::Error::AlertReceived(description) => self.explain_alert((*description).into()),
            rustls::Error::InvalidMessage(
                InvalidMessage::InvalidContentType
                | InvalidMessage::UnknownProtocolVersion
                | InvalidMessage::MessageTooLarge
                | InvalidMessage::InvalidEmptyPayload,
            ) => TlsError::NotTls,
            rustls::Error::PeerIncompatible(why) => match why {
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                | PeerIncompatible::SupportedVersionsExtensionRequired
                | PeerIncompatible::Tls12NotOffered
                | PeerIncompatible::Tls12NotOfferedOrEnabled => {
                    TlsError::Version(format!("{why:?}"))
                }
                _ => TlsError::Cipher(format!("{why:?}")),
            },
            other => TlsError::Protocol(other.to_string()),
        }
    }

    fn explain_alert(&self, alert: Alert) -> TlsError {
        // Before TLS 1.3 there is no alert for a missing certificate, and servers take the general one.
        let general = alert.0 == 40 && self.was_asked();
        match alert.0 {
            70 => TlsError::Version(format!("the peer answers {alert}")),
            _ if general || alert.about_certificate().is_some() => TlsError::Rejected { alert },
            40 | 71 => TlsError::Cipher(format!("the peer answers {alert}")),
            _ => TlsError::Alert(alert),
        }
    }

    fn explain_certificate(&self, error: &CertificateError) -> TlsError {
        let peer = self.peer();
        let certificate = peer
            .as_ref()
            .map_or_else(|| "which does not decode".to_owned(), Certificate::short);
        let issuer = || {
            peer.as_ref()
                .map_or_else(String::new, |peer| format!(" `{}`", peer.issuer))
        };
        match error {
            CertificateError::UnknownIssuer => TlsError::Untrusted {
                certificate,
                why: format!("its issuer{} is no authority that is trusted", issuer()),
            },
            // What such a key signs is never verified, which looks as if the signature were wrong.
            CertificateError::BadSignature
                if peer.as_ref().is_some_and(|p| p.weak_key().is_some()) =>
            {
                TlsError::WeakKey {
                    certificate,
                    bits: peer.and_then(|peer| peer.weak_key()).unwrap_or_default(),
                }
            }
            CertificateError::BadSignature => TlsError::Untrusted {
                certificate,
                why: "a signature in its chain or over the handshake is wrong".to_owned(),
            },
            CertificateError::Expired => TlsError::Expired {
                certificate,
                not_after: peer.map_or_else(String::new, |peer| {
                    format!("it was valid until {}", day(peer.not_after))
                }),
            },
            CertificateError::ExpiredContext { not_after, .. } => TlsError::Expired {
                certificate,
                not_after: format!(
                    "it was valid until {}",
                    day(Duration::from_secs(not_after.as_secs()))
                ),
            },
            CertificateError::NotValidYet => TlsError::NotYetValid {
                certificate,
                not_before: peer.map_or_else(String::new, |peer| {
                    format!("it is valid from {}", day(peer.not_before))
                }),
            },
            CertificateError::NotValidYetContext { not_before, .. } => TlsError::NotYetValid {
                certificate,
                not_before: format!(
                    "it is valid from {}",
                    day(Duration::from_secs(not_before.as_secs()))
                ),
            },
            CertificateError::Revoked => TlsError::Revoked { certificate },
            CertificateError::NotValidForNameContext { expected, .. } => TlsError::WrongName {
                certificate: match &peer {
                    Some(peer) if !peer.names.is_empty() => {
                        format!("{certificate} for {}", peer.names.join(", "))
                    }
                    _ => format!("{certificate} without alternative names"),
                },
                expected: format!("`{}`", expected.to_str()),
            },
            CertificateError::Other(other) => match other.0.downcast_ref::<NotPinned>() {
                Some(NotPinned) => TlsError::NotPinned {
                    certificate,
                    fingerprint: peer.map_or_else(String::new, |peer| peer.fingerprint_text()),
                },
                None => TlsError::Unsuitable {
                    certificate,
                    why: other.to_string(),
                },
            },
            other => TlsError::Unsuitable {
                certificate,
                why: other.to_string(),
            },
        }
    }
}

/// The certificate is none of those that are pinned; travels inside [`CertificateError::Other`].
#[derive(Debug, thiserror::Error)]
#[error("the certificate is not pinned")]
pub(crate) struct NotPinned;

impl NotPinned {
    pub(crate) fn error() -> rustls::Error {
        rustls::Error::InvalidCertificate(CertificateError::Other(rustls::OtherError(Arc::new(
            Self,
        ))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::AlertDescription;

    #[test]
    fn the_general_alert_is_about_the_certificate_only_when_one_was_asked_for() {
        let alert = rustls::Error::AlertReceived(AlertDescription::HandshakeFailure);
        let error = io::Error::new(io::ErrorKind::InvalidData, alert);
        let seen = Seen::default();
        assert!(matches!(seen.explain(&error), TlsError::Cipher(_)));
        seen.certificate_asked();
        let rejected = TlsError::Rejected { alert: Alert(40) };
        assert_eq!(seen.explain(&error), rejected);
    }

    #[test]
    fn an_error_that_is_known_stays_as_it_is_through_an_error_of_a_stream() {
        let error = TlsError::Rejected { alert: Alert(116) };
        let carried = io::Error::from(error.clone());
        assert_eq!(TlsError::of(&carried), Some(&error));
        assert_eq!(Seen::default().explain(&carried), error);
    }
}
