//! What a certificate says, for people.

use std::fmt;
use std::time::Duration;

use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use x509_cert::der::asn1::UintRef;
use x509_cert::der::{Decode, Error, Reader, SliceReader};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// rsaEncryption (RFC 8017).
const RSA: &str = "1.2.840.113549.1.1.1";
/// Shortest key of RSA.
const MIN_RSA_BITS: u32 = 2048;
/// Names of a certificate that are kept.
const MAX_NAMES: usize = 32;

/// What an X.509 certificate says (RFC 5280).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Subject, as RFC 4514 writes it.
    pub subject: String,
    /// Issuer, as RFC 4514 writes it.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// DNS names and IP addresses among the alternative names of the subject.
    pub names: Vec<String>,
    /// Time since 1970 from which on it is valid.
    pub not_before: Duration,
    /// Time since 1970 until which it is valid.
    pub not_after: Duration,
    /// Length of the key in bits, when it is one of RSA.
    pub rsa_bits: Option<u32>,
    /// SHA-256 over the certificate.
    pub fingerprint: [u8; 32],
}

/// Whether a certificate is valid at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Valid,
    /// Not yet.
    NotYet,
    /// Not any more.
    Expired,
}

impl Certificate {
    /// Reads a certificate in DER; nothing when it is none.
    #[must_use]
    pub fn read(der: &[u8]) -> Option<Self> {
        let certificate = x509_cert::Certificate::from_der(der).ok()?;
        let body = certificate.tbs_certificate();
        let names = match body.get_extension::<SubjectAltName>() {
            Ok(Some((_, names))) => names.0.iter().filter_map(name).take(MAX_NAMES).collect(),
            _ => Vec::new(),
        };
        let hash = TLS13_AES_128_GCM_SHA256.tls13()?.common.hash_provider;
        let fingerprint = hash.hash(der).as_ref().try_into().ok()?;
        Some(Self {
            subject: body.subject().to_string(),
            issuer: body.issuer().to_string(),
            serial: hex(body.serial_number().as_bytes()),
            names,
            not_before: body.validity().not_before.to_unix_duration(),
            not_after: body.validity().not_after.to_unix_duration(),
            rsa_bits: body
                .subject_public_key_info()
                .subject_public_key
                .as_bytes()
                .filter(|_| body.subject_public_key_info().algorithm.oid.to_string() == RSA)
                .and_then(modulus_bits),
            fingerprint,
        })
    }

    /// The length of its key, when that is shorter than TLS permits (IEC 62351-3): RSA of less than 2048 bits.
    #[must_use]
    pub fn weak_key(&self) -> Option<u32> {
        self.rsa_bits.filter(|bits| *bits < MIN_RSA_BITS)
    }

    /// Whether it is valid at a time since 1970.
    #[must_use]
    pub fn standing(&self, at: Duration) -> Standing {
        if at < self.not_before {
            Standing::NotYet
        } else if at > self.not_after {
            Standing::Expired
        } else {
            Standing::Valid
        }
    }

    /// The fingerprint, hexadecimal.
    #[must_use]
    pub fn fingerprint_text(&self) -> String {
        hex(&self.fingerprint)
    }

    /// Subject and serial number, which tell it from others of the same issuer.
    #[must_use]
    pub fn short(&self) -> String {
        format!("`{}` (serial {})", self.subject, self.serial)
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "subject `{}`, issuer `{}`, serial {}, valid from {} to {}, SHA-256 {}",
            self.subject,
            self.issuer,
            self.serial,
            day(self.not_before),
            day(self.not_after),
            self.fingerprint_text()
        )?;
        if !self.names.is_empty() {
            write!(f, ", names {}", self.names.join(", "))?;
        }
        Ok(())
    }
}

/// Bits of the modulus of an RSAPublicKey (RFC 8017, A.1.1).
fn modulus_bits(der: &[u8]) -> Option<u32> {
    let mut reader = SliceReader::new(der).ok()?;
    let bits = reader.sequence(|reader| -> Result<_, Error> {
        let modulus = UintRef::decode(reader)?;
        UintRef::decode(reader)?;
        let octets = modulus.as_bytes();
        let unused = octets.first().map_or(0, |octet| octet.leading_zeros());
        let length = u32::try_from(octets.len()).unwrap_or(u32::MAX / 8);
        Ok(length.saturating_mul(8).saturating_sub(unused))
    });
    bits.ok()
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(octets) => match octets.as_bytes() {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string()),
            octets => {
                let octets: [u8; 16] = octets.try_into().ok()?;
                Some(std::net::Ipv6Addr::from(octets).to_string())
            }
        },
        _ => None,
    }
}

/// A time since 1970 for people: `2026-11-25T20:15:00Z`.
pub(crate) fn day(since_epoch: Duration) -> String {
    i64::try_from(since_epoch.as_secs())
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(
            || format!("{} s after 1970", since_epoch.as_secs()),
            |time| time.to_string(),
        )
}

pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
