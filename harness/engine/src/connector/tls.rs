//! Connections that are secured by TLS, over whatever carries them.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use iedassay_client::tls::{
    ClientTls, Handshake, Identity, MaterialError, TlsError, Version, Versions,
};

use super::{BindFuture, ConnectFuture, Connection, Connector, Endpoint, Security, TimePlace};
use crate::target::TlsUse;

/// TLS with the material of a target, prepared.
#[derive(Debug, Clone)]
pub struct TargetTls {
    usual: ClientTls,
    others: BTreeMap<TlsUse, ClientTls>,
}

impl TargetTls {
    /// TLS as the target says, and with bad certificates for the cases that try them.
    ///
    /// # Errors
    /// When a certificate cannot be used.
    pub fn new(usual: ClientTls, bad: &BTreeMap<TlsUse, Identity>) -> Result<Self, MaterialError> {
        let mut others = BTreeMap::new();
        for (how, identity) in bad {
            others.insert(*how, usual.presenting(Some(identity))?);
        }
        others.insert(TlsUse::NoCertificate, usual.presenting(None)?);
        Ok(Self { usual, others })
    }

    fn of(&self, how: TlsUse) -> Option<&ClientTls> {
        match how {
            TlsUse::Right => Some(&self.usual),
            other => self.others.get(&other),
        }
    }
}

/// Secures the connections of another connector to the MMS port.
pub struct TlsConnector {
    inner: Arc<dyn Connector>,
    tls: TargetTls,
}

impl TlsConnector {
    /// Secures the connections of `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn Connector>, tls: TargetTls) -> Self {
        Self { inner, tls }
    }

    async fn handshake(
        &self,
        security: Security,
        connection: Connection,
        within: Duration,
    ) -> io::Result<Connection> {
        let tls = self.tls.of(security.tls).ok_or_else(|| {
            let what = format!("the target names no certificate that is `{}`", security.tls);
            io::Error::new(io::ErrorKind::Unsupported, what)
        })?;
        let handshake = Handshake {
            peer: connection.peer.map(|peer| peer.ip()),
            versions: security.version.map(Versions::Only),
            within,
        };
        let stream = tls.connect(connection.stream, handshake).await?;
        Ok(Connection {
            session: Some(stream.session().clone()),
            stream: Box::new(stream),
            ..connection
        })
    }
}

impl Connector for TlsConnector {
    fn connect<'a>(&'a self, endpoint: &'a Endpoint) -> ConnectFuture<'a> {
        self.inner.connect(endpoint)
    }

    fn secure<'a>(
        &'a self,
        endpoint: &'a Endpoint,
        connection: Connection,
        within: Duration,
    ) -> ConnectFuture<'a> {
        Box::pin(async move {
            match endpoint {
                Endpoint::Mms { security, .. } if security.tls != TlsUse::Off => {
                    self.handshake(*security, connection, within).await
                }
                _ => Ok(connection),
            }
        })
    }

    fn bind<'a>(&'a self, place: &'a TimePlace) -> BindFuture<'a> {
        self.inner.bind(place)
    }

    fn describe(&self) -> String {
        format!("{} (TLS)", self.inner.describe())
    }
}

/// What the owner of a target file can do about an error of TLS.
#[must_use]
pub fn remedy(error: &TlsError) -> &'static str {
    match error {
        TlsError::NotTls => {
            "is this the port of TLS, usually 3782? Without TLS at the device take `tls` out of the target file"
        }
        TlsError::Version(_) => {
            "allow the version that the device has under `tls.versions`, or at the device; older ones than TLS 1.2 are not permitted"
        }
        TlsError::Cipher(_) => {
            "the device needs one of the ECDHE suites with AES-GCM or ChaCha20-Poly1305, and a curve P-256, P-384 or X25519"
        }
        TlsError::Untrusted { .. } => {
            "give the certificate of the authority that issued for the device under `tls.ca`"
        }
        TlsError::Expired { .. } => {
            "the device needs a new certificate; if the date of this computer is wrong, set it"
        }
        TlsError::NotYetValid { .. } => {
            "is the date of this computer right, and was that of the authority?"
        }
        TlsError::Revoked { .. } => {
            "the device needs a new certificate; `tls.crl` of the target file names the present one"
        }
        TlsError::WrongName { .. } => {
            "give a name of the certificate under `tls.server-name`, or leave it out: then the name is not checked"
        }
        TlsError::NotPinned { .. } => {
            "is it another device? Else give its present certificate under `tls.peer-certificate`"
        }
        TlsError::WeakKey { .. } => {
            "the device needs a certificate for a stronger key: RSA of 2048 bits or more, or ECDSA on P-256 or P-384"
        }
        TlsError::Unsuitable { .. } => "have a certificate issued that is fit for TLS servers",
        TlsError::Rejected { .. } => {
            "does the device know the authority of `tls.certificate`, is it the right certificate, is the clock of the device right?"
        }
        TlsError::Closed {
            after_certificate: true,
        }
        | TlsError::Undecryptable {
            after_certificate: true,
        } => "does the device know the authority of `tls.certificate`?",
        TlsError::Closed { .. } => {
            "is this the port of TLS, usually 3782, and has the device a certificate? Without TLS at the device take `tls` out of the target file"
        }
        TlsError::Timeout { .. } => {
            "is this the port of TLS, usually 3782? A slow device needs a longer `timeouts.associate`"
        }
        _ => "the log of the device may say more",
    }
}

/// The versions in words.
pub(crate) fn version_text(version: Option<Version>) -> String {
    version.map_or_else(|| "unknown".to_owned(), |v| v.as_str().to_owned())
}
