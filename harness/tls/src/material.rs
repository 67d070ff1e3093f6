//! Certificates, keys and revocation lists from files: PEM, and DER where it is unmistakable.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use x509_cert::crl::CertificateList;
use x509_cert::der::Decode;

use crate::certificate::{Certificate, hex};

/// Objects that a file may hold.
const MAX_OBJECTS: usize = 1_000;

/// What is wrong with a file, without its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MaterialError {
    /// It does not decode as PEM.
    #[error("the PEM text is damaged: {0}")]
    Pem(String),
    /// It holds nothing of what is wanted.
    #[error("it holds no {wanted}{}", or_rather(.found))]
    Missing {
        /// What is wanted.
        wanted: &'static str,
        /// What it holds instead.
        found: Vec<String>,
    },
    /// The key is encrypted.
    #[error("the private key is encrypted with a passphrase, which this tool cannot ask for")]
    Encrypted,
    /// Something in it does not decode.
    #[error("{what} {number} in it does not decode: {why}")]
    Garbled {
        /// What.
        what: &'static str,
        /// Which, counted from 1.
        number: usize,
        /// Why.
        why: String,
    },
    /// The key belongs to another certificate.
    #[error("the private key does not belong to the certificate")]
    OtherKey,
    /// The kind of key is not supported.
    #[error("the private key is of a kind that cannot be used: {0}")]
    Key(String),
    /// There is too much in it.
    #[error("it holds more than {MAX_OBJECTS} objects")]
    TooMany,
    /// TLS cannot be set up with it.
    #[error("{0}")]
    Unusable(String),
}

fn or_rather(labels: &[String]) -> String {
    if labels.is_empty() {
        ", nor anything else in PEM form".to_owned()
    } else {
        format!(", but {}", labels.join(", "))
    }
}

impl MaterialError {
    /// What the owner of the file can do.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Pem(_) | Self::Garbled { .. } | Self::Unusable(_) => {
                "export it again as PEM, for instance with `openssl x509 -in FILE`"
            }
            Self::Missing { .. } => {
                "certificates stand between `-----BEGIN CERTIFICATE-----` lines, keys between `-----BEGIN PRIVATE KEY-----`, revocation lists between `-----BEGIN X509 CRL-----`"
            }
            Self::Encrypted => "write it without a passphrase: `openssl pkey -in FILE -out FILE`",
            Self::OtherKey => {
                "give the key that the certificate was requested with; the certificate of the holder stands first in its file"
            }
            Self::Key(_) => "use RSA of 2048 to 8192 bits, ECDSA on P-256 or P-384, or Ed25519",
            Self::TooMany => "give only what is needed",
        }
    }
}

/// A certificate with its chain and its private key.
pub struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
    certificate: Certificate,
}

impl Identity {
    /// What the certificate of the holder says.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self {
            chain: self.chain.clone(),
            key: self.key.clone_key(),
            certificate: self.certificate.clone(),
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

/// A revocation list.
#[derive(Clone, Debug)]
pub struct RevocationList {
    pub(crate) der: CertificateRevocationListDer<'static>,
    /// Whose it is, as RFC 4514 writes names.
    pub issuer: String,
    /// Time since 1970 by which a newer one is promised.
    pub next_update: Option<Duration>,
    /// Serial numbers of the certificates that it revokes, hexadecimal.
    pub revoked: BTreeSet<String>,
}

impl RevocationList {
    /// Whether it names a certificate.
    #[must_use]
    pub fn revokes(&self, certificate: &Certificate) -> bool {
        self.issuer == certificate.issuer && self.revoked.contains(&certificate.serial)
    }
}

/// The certificates of a file, in order.
///
/// # Errors
/// When it holds none, or one that does not decode.
pub fn certificates(
    octets: &[u8],
) -> Result<Vec<(CertificateDer<'static>, Certificate)>, MaterialError> {
    let found: Vec<CertificateDer<'static>> = objects(octets, "certificate", Into::into)?;
    found
        .into_iter()
        .enumerate()
        .map(|(index, der)| match Certificate::read(&der) {
            Some(certificate) => Ok((der, certificate)),
            None => Err(garbled("certificate", index, "it is no X.509 certificate")),
        })
        .collect()
}

/// The certificates of a file as authorities.
///
/// # Errors
/// As [`certificates`], and when one cannot serve as an authority.
pub fn authorities(
    octets: &[u8],
) -> Result<Vec<(CertificateDer<'static>, Certificate)>, MaterialError> {
    let found = certificates(octets)?;
    let mut store = RootCertStore::empty();
    for (index, (der, _)) in found.iter().enumerate() {
        store
            .add(der.clone())
            .map_err(|error| garbled("certificate", index, &error.to_string()))?;
    }
    Ok(found)
}

/// The certificate of a holder with its chain, and its key, each from the octets of a file.
///
/// # Errors
/// When one is missing or does not decode, or when they do not belong together.
pub fn identity(certificate: &[u8], key: &[u8]) -> Result<Identity, MaterialError> {
    let chain = certificates(certificate)?;
    let key = private_key(key)?;
    let Some((_, first)) = chain.first() else {
        return Err(MaterialError::Missing {
            wanted: "certificate",
            found: Vec::new(),
        });
    };
    let identity = Identity {
        certificate: first.clone(),
        chain: chain.into_iter().map(|(der, _)| der).collect(),
        key,
    };
    crate::client::certified(&identity)?;
    Ok(identity)
}

/// The private key of a file.
///
/// # Errors
/// When there is none, or it is encrypted.
pub(crate) fn private_key(octets: &[u8]) -> Result<PrivateKeyDer<'static>, MaterialError> {
    if is_der(octets) {
        return PrivateKeyDer::try_from(octets.to_vec())
            .map_err(|why| garbled("private key", 0, why));
    }
    let labels = labels(octets);
    match PrivateKeyDer::from_pem_slice(octets) {
        Ok(key) => Ok(key),
        Err(_) if labels.iter().any(|label| label.contains("ENCRYPTED")) => {
            Err(MaterialError::Encrypted)
        }
        // The old form of OpenSSL says it in a header.
        Err(_) if octets.windows(9).any(|window| window == b"ENCRYPTED") => {
            Err(MaterialError::Encrypted)
        }
        Err(pem::Error::NoItemsFound) => Err(MaterialError::Missing {
            wanted: "private key",
            found: labels,
        }),
        Err(error) => Err(MaterialError::Pem(error.to_string())),
    }
}

/// The revocation lists of a file.
///
/// # Errors
/// When it holds none, or one that does not decode.
pub fn revocation_lists(octets: &[u8]) -> Result<Vec<RevocationList>, MaterialError> {
    let found: Vec<CertificateRevocationListDer<'static>> =
        objects(octets, "revocation list", Into::into)?;
    found
        .into_iter()
        .enumerate()
        .map(|(index, der)| {
            let list = CertificateList::<x509_cert::certificate::Rfc5280>::from_der(&der)
                .map_err(|error| garbled("revocation list", index, &error.to_string()))?;
            let body = &list.tbs_cert_list;
            Ok(RevocationList {
                issuer: body.issuer.to_string(),
                next_update: body.next_update.map(|time| time.to_unix_duration()),
                revoked: body
                    .revoked_certificates
                    .iter()
                    .flatten()
                    .map(|entry| hex(entry.serial_number.as_bytes()))
                    .collect(),
                der,
            })
        })
        .collect()
}

/// The objects of one kind in a file.
fn objects<T: PemObject>(
    octets: &[u8],
    wanted: &'static str,
    of_der: impl Fn(Vec<u8>) -> T,
) -> Result<Vec<T>, MaterialError> {
    if is_der(octets) {
        return Ok(vec![of_der(octets.to_vec())]);
    }
    let found = T::pem_slice_iter(octets)
        .take(MAX_OBJECTS + 1)
        .collect::<Result<Vec<T>, _>>()
        .map_err(|error| MaterialError::Pem(error.to_string()))?;
    if found.len() > MAX_OBJECTS {
        return Err(MaterialError::TooMany);
    }
    if found.is_empty() {
        return Err(MaterialError::Missing {
            wanted,
            found: labels(octets),
        });
    }
    Ok(found)
}

/// A DER file begins with the tag of a SEQUENCE and the long form of its length; text never does.
fn is_der(octets: &[u8]) -> bool {
    matches!(octets, [0x30, 0x81..=0x84, ..])
}

/// The labels of the PEM sections of a file.
fn labels(octets: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(octets)
        .lines()
        .filter_map(|line| {
            let label = line.trim().strip_prefix("-----BEGIN ")?;
            Some(label.strip_suffix("-----")?.to_owned())
        })
        .take(8)
        .collect()
}

fn garbled(what: &'static str, index: usize, why: &str) -> MaterialError {
    MaterialError::Garbled {
        what,
        number: index + 1,
        why: why.to_owned(),
    }
}
