//! The side that connects.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{ResolvesClientCert, Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, Error, RootCertStore, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::clock::Clock;
use crate::error::{Seen, TlsError};
use crate::material::{Identity, MaterialError, RevocationList};
use crate::session::Session;
use crate::stream::TlsStream;
use crate::verify::Verifier;
use crate::versions::Versions;

/// What a client needs for TLS.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// Authorities whose certificates are trusted.
    pub authorities: Vec<CertificateDer<'static>>,
    /// The own certificate with its key; without it the client presents none.
    pub identity: Option<Identity>,
    /// Revocation lists. A certificate whose authority has none here is not checked for revocation.
    pub revocation_lists: Vec<RevocationList>,
    /// Versions to offer.
    pub versions: Versions,
    /// The name that the certificate of the server must be for. Without it the name is not checked: IEDs are addressed
    /// by IP address, and their certificates name them otherwise.
    pub server_name: Option<ServerName<'static>>,
    /// When not empty, the certificate of the server must be one of these besides.
    pub pinned: Vec<CertificateDer<'static>>,
    /// Which day it is.
    pub clock: Clock,
}

/// What differs from one handshake to the next.
#[derive(Clone, Copy, Debug)]
pub struct Handshake {
    /// Where the server is.
    pub peer: Option<IpAddr>,
    /// Versions to offer instead of the usual ones.
    pub versions: Option<Versions>,
    /// How long the handshake may take.
    pub within: Duration,
}

impl Handshake {
    /// A usual handshake that may take so long.
    #[must_use]
    pub const fn within(within: Duration) -> Self {
        Self {
            peer: None,
            versions: None,
            within,
        }
    }
}

/// Secures streams as a client.
#[derive(Clone, Debug)]
pub struct ClientTls {
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
    identity: Option<Arc<CertifiedKey>>,
    versions: Versions,
    server_name: Option<ServerName<'static>>,
    pinned: Arc<[CertificateDer<'static>]>,
    clock: Clock,
}

impl ClientTls {
    /// Prepares everything that can be prepared.
    ///
    /// # Errors
    /// When the material cannot be used.
    pub fn new(settings: ClientSettings) -> Result<Self, MaterialError> {
        let provider = Arc::new(ring::default_provider());
        let roots = Arc::new(trusted(&settings.authorities)?);
        let lists = settings
            .revocation_lists
            .iter()
            .map(|list| list.der.clone());
        let verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .with_crls(lists)
            .allow_unknown_revocation_status()
            .build()
            .map_err(|error| MaterialError::Unusable(error.to_string()))?;
        let identity = settings
            .identity
            .as_ref()
            .map(certified)
            .transpose()?
            .map(Arc::new);
        Ok(Self {
            provider,
            verifier,
            identity,
            versions: settings.versions,
            server_name: settings.server_name,
            pinned: settings.pinned.into(),
            clock: settings.clock,
        })
    }

    /// The same with another certificate, or with none.
    ///
    /// # Errors
    /// When the certificate cannot be used.
    pub fn presenting(&self, identity: Option<&Identity>) -> Result<Self, MaterialError> {
        Ok(Self {
            identity: identity.map(certified).transpose()?.map(Arc::new),
            ..self.clone()
        })
    }

    /// Secures a stream.
    ///
    /// In TLS 1.3 a server judges the certificate of the client when this has ended already: then the first reading from
    /// the stream fails with an error that holds the [`TlsError`].
    ///
    /// # Errors
    /// Why there is no session.
    pub async fn connect<S>(
        &self,
        stream: S,
        handshake: Handshake,
    ) -> Result<TlsStream<S>, TlsError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let seen = Arc::new(Seen::default());
        let config = self
            .config(handshake.versions.unwrap_or(self.versions), &seen)
            .map_err(|error| TlsError::Protocol(error.to_string()))?;
        let address = handshake.peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let name = self
            .server_name
            .clone()
            .unwrap_or_else(|| ServerName::IpAddress(address.into()));
        let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
        match timeout(handshake.within, connecting).await {
            Err(_) => Err(TlsError::Timeout {
                within: handshake.within,
            }),
            Ok(Err(error)) => Err(seen.explain(&error)),
            Ok(Ok(stream)) => {
                let session = Session::of(stream.get_ref().1, seen.was_asked());
                Ok(TlsStream::new(stream.into(), seen, session))
            }
        }
    }

    fn config(&self, versions: Versions, seen: &Arc<Seen>) -> Result<ClientConfig, Error> {
        let verifier = Verifier {
            usual: Arc::clone(&self.verifier),
            name: self.server_name.is_some(),
            pinned: Arc::clone(&self.pinned),
            seen: Arc::clone(seen),
        };
        let presenter = Presenter {
            identity: self.identity.clone(),
            seen: Arc::clone(seen),
        };
        let mut config =
            ClientConfig::builder_with_details(Arc::clone(&self.provider), Arc::new(self.clock))
                .with_protocol_versions(versions.supported())?
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(verifier))
                .with_client_cert_resolver(Arc::new(presenter));
        config.resumption = Resumption::disabled();
        Ok(config)
    }
}

/// Presents the own certificate whatever authorities the server names: whether it is acceptable is for the server to say.
#[derive(Debug)]
struct Presenter {
    identity: Option<Arc<CertifiedKey>>,
    seen: Arc<Seen>,
}

impl ResolvesClientCert for Presenter {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.seen.certificate_asked();
        self.identity.clone()
    }

    // Also without one: else it would not be noticed whether the server asks.
    fn has_certs(&self) -> bool {
        true
    }
}

/// The authorities as rustls wants them.
pub(crate) fn trusted(
    authorities: &[CertificateDer<'static>],
) -> Result<RootCertStore, MaterialError> {
    let mut store = RootCertStore::empty();
    for authority in authorities {
        store
            .add(authority.clone())
            .map_err(|error| MaterialError::Unusable(error.to_string()))?;
    }
    Ok(store)
}

/// A certificate with its key as rustls wants them, after seeing that they belong together.
pub(crate) fn certified(identity: &Identity) -> Result<CertifiedKey, MaterialError> {
    let provider = ring::default_provider();
    match CertifiedKey::from_der(identity.chain.clone(), identity.key.clone_key(), &provider) {
        Ok(certified) => Ok(certified),
        Err(Error::InconsistentKeys(_)) => Err(MaterialError::OtherKey),
        Err(error) => Err(MaterialError::Key(error.to_string())),
    }
}
