//! Certificates of a made-up station, right and wrong, made anew each time.
//!
//! The selftest and the tests present them to each other; none is ever committed or trusted elsewhere.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    RevocationReason, RevokedCertParams, SerialNumber, date_time_ymd,
};

pub use rcgen::Error;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);
const YEAR: Duration = Duration::from_secs(365 * 86_400);

/// A certificate (with its chain, if it has one) and its private key, in PEM.
#[derive(Clone, Debug)]
pub struct Pem {
    /// The certificate.
    pub certificate: String,
    /// The private key, PKCS #8.
    pub key: String,
}

/// What one holder of a certificate needs, which is of no use for anything but tests.
pub struct Station {
    /// The authority, without its key.
    pub ca: String,
    /// Its revocation list.
    pub crl: String,
    /// Of an IED, for the name `ied.station` and the address 127.0.0.1.
    pub server: Pem,
    /// Of another IED of the same authority.
    pub other_server: Pem,
    /// An IED whose certificate has expired.
    pub expired_server: Pem,
    /// An IED whose certificate is not yet valid.
    pub future_server: Pem,
    /// An IED whose certificate is revoked.
    pub revoked_server: Pem,
    /// An IED of another authority.
    pub untrusted_server: Pem,
    /// Of a client.
    pub client: Pem,
    /// A client whose certificate has expired.
    pub expired: Pem,
    /// A client whose certificate is not yet valid.
    pub future: Pem,
    /// A client whose certificate is revoked.
    pub revoked: Pem,
    /// A client of another authority.
    pub untrusted: Pem,
}

impl Station {
    /// Makes everything, as of a time since 1970.
    ///
    /// # Errors
    /// When the random number generator or the cryptography fails.
    pub fn new(now: Duration) -> Result<Self, Error> {
        let ours = Authority::new("Station CA", now)?;
        let others = Authority::new("Other CA", now)?;
        let usual = (now.saturating_sub(DAY), now + YEAR);
        let over = (now.saturating_sub(YEAR), now.saturating_sub(HOUR));
        let later = (now + DAY, now + YEAR);
        let server = Use::Server;
        let client = Use::Client;
        Ok(Self {
            ca: ours.certificate.clone(),
            crl: ours.revoke(&[REVOKED_SERVER, REVOKED_CLIENT], now)?,
            server: ours.issue("IED", server, 10, usual)?,
            other_server: ours.issue("Another IED", server, 11, usual)?,
            expired_server: ours.issue("Expired IED", server, 12, over)?,
            future_server: ours.issue("Future IED", server, 13, later)?,
            revoked_server: ours.issue("Revoked IED", server, REVOKED_SERVER, usual)?,
            untrusted_server: others.issue("Foreign IED", server, 15, usual)?,
            client: ours.issue("iedassay", client, 20, usual)?,
            expired: ours.issue("expired client", client, 21, over)?,
            future: ours.issue("future client", client, 22, later)?,
            revoked: ours.issue("revoked client", client, REVOKED_CLIENT, usual)?,
            untrusted: others.issue("foreign client", client, 24, usual)?,
        })
    }

    /// Writes everything into a folder: `ca.pem`, `ca.crl`, and `NAME.pem` with `NAME.key` for each holder.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join("ca.pem"), &self.ca)?;
        fs::write(folder.join("ca.crl"), &self.crl)?;
        for (name, pem) in self.holders() {
            fs::write(folder.join(format!("{name}.pem")), &pem.certificate)?;
            fs::write(folder.join(format!("{name}.key")), &pem.key)?;
        }
        Ok(())
    }

    fn holders(&self) -> [(&'static str, &Pem); 11] {
        [
            ("server", &self.server),
            ("other-server", &self.other_server),
            ("expired-server", &self.expired_server),
            ("future-server", &self.future_server),
            ("revoked-server", &self.revoked_server),
            ("untrusted-server", &self.untrusted_server),
            ("client", &self.client),
            ("expired", &self.expired),
            ("not-yet-valid", &self.future),
            ("revoked", &self.revoked),
            ("untrusted", &self.untrusted),
        ]
    }
}

const REVOKED_SERVER: u64 = 14;
const REVOKED_CLIENT: u64 = 23;

#[derive(Clone, Copy)]
enum Use {
    Server,
    Client,
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

impl Authority {
    fn new(name: &str, now: Duration) -> Result<Self, Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = date_time_ymd(1970, 1, 1) + (now.saturating_sub(YEAR * 2));
        params.not_after = date_time_ymd(1970, 1, 1) + (now + YEAR * 10);
        let certificate = params.self_signed(&key)?.pem();
        Ok(Self {
            issuer: Issuer::new(params, key),
            certificate,
        })
    }

    fn issue(
        &self,
        name: &str,
        role: Use,
        serial: u64,
        (from, until): (Duration, Duration),
    ) -> Result<Pem, Error> {
        let key = KeyPair::generate()?;
        let names = match role {
            Use::Server => vec!["ied.station".to_owned(), "127.0.0.1".to_owned()],
            Use::Client => Vec::new(),
        };
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = named(name);
        params.serial_number = Some(SerialNumber::from(serial));
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
        ];
        params.extended_key_usages = vec![match role {
            Use::Server => ExtendedKeyUsagePurpose::ServerAuth,
            Use::Client => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        params.use_authority_key_identifier_extension = true;
        params.not_before = date_time_ymd(1970, 1, 1) + from;
        params.not_after = date_time_ymd(1970, 1, 1) + until;
        Ok(Pem {
            certificate: params.signed_by(&key, &self.issuer)?.pem(),
            key: key.serialize_pem(),
        })
    }

    fn revoke(&self, serials: &[u64], now: Duration) -> Result<String, Error> {
        let revoked = serials.iter().map(|serial| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(1970, 1, 1) + (now.saturating_sub(HOUR)),
            reason_code: Some(RevocationReason::KeyCompromise),
            invalidity_date: None,
        });
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(1970, 1, 1) + (now.saturating_sub(HOUR)),
            next_update: date_time_ymd(1970, 1, 1) + (now + YEAR),
            crl_number: SerialNumber::from(1u64),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer)?.pem()
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::OrganizationName, "iedassay tests");
    subject.push(DnType::CommonName, name);
    subject
}
