//! The side that is connected to.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::SingleCertAndKey;
use rustls::{DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::client::{certified, trusted};
use crate::clock::Clock;
use crate::error::{Seen, TlsError};
use crate::material::{Identity, MaterialError, RevocationList};
use crate::session::Session;
use crate::stream::TlsStream;
use crate::versions::Versions;

/// How long a client may take to read why it is refused.
const LINGER: Duration = Duration::from_millis(500);
/// Octets of a refused client that are read away, so that closing does not become a reset that overtakes the alert.
const DRAINED: usize = 64 * 1024;

/// What a server needs for TLS.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Its certificate with the key.
    pub identity: Identity,
    /// Authorities whose clients are let in.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Revocation lists. A certificate whose authority has none here is not checked for revocation.
    pub revocation_lists: Vec<RevocationList>,
    /// Versions that are served.
    pub versions: Versions,
}

/// How a server judges the certificates of clients: it demands one (IEC 62351-3, mutual authentication), from one of its
/// authorities, valid and not revoked.
///
/// # Errors
/// When the material cannot be used.
pub fn client_verifier(
    settings: &ServerSettings,
    demanded: bool,
) -> Result<Arc<dyn ClientCertVerifier>, MaterialError> {
    let roots = Arc::new(trusted(&settings.authorities)?);
    let lists = settings
        .revocation_lists
        .iter()
        .map(|list| list.der.clone());
    let mut builder =
        WebPkiClientVerifier::builder_with_provider(roots, Arc::new(ring::default_provider()))
            .with_crls(lists)
            .allow_unknown_revocation_status();
    if !demanded {
        builder = builder.allow_unauthenticated();
    }
    builder
        .build()
        .map_err(|error| MaterialError::Unusable(error.to_string()))
}

/// Secures streams as a server.
#[derive(Clone, Debug)]
pub struct ServerTls {
    identity: Arc<SingleCertAndKey>,
    verifier: Arc<dyn ClientCertVerifier>,
    versions: Versions,
    clock: Clock,
}

impl ServerTls {
    /// Prepares everything that can be prepared. `verifier` is [`client_verifier`], or one around it.
    ///
    /// # Errors
    /// When the material cannot be used.
    pub fn new(
        settings: &ServerSettings,
        verifier: Arc<dyn ClientCertVerifier>,
        clock: Clock,
    ) -> Result<Self, MaterialError> {
        Ok(Self {
            identity: Arc::new(SingleCertAndKey::from(certified(&settings.identity)?)),
            verifier,
            versions: settings.versions,
            clock,
        })
    }

    /// Secures a stream. A client that is refused has been told why, and the stream is closed.
    ///
    /// # Errors
    /// Why there is no session.
    pub async fn accept<S>(&self, stream: S, within: Duration) -> Result<TlsStream<S>, TlsError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let seen = Arc::new(Seen::default());
        let config = self
            .config(&seen)
            .map_err(|error| TlsError::Protocol(error.to_string()))?;
        let accepting = TlsAcceptor::from(Arc::new(config))
            .accept(stream)
            .into_fallible();
        match timeout(within, accepting).await {
            Err(_) => Err(TlsError::Timeout { within }),
            Ok(Ok(stream)) => {
                let session = Session::of(stream.get_ref().1, true);
                Ok(TlsStream::new(stream.into(), seen, session))
            }
            Ok(Err((error, stream))) => {
                let error = seen.explain(&error);
                // Who does not even close is left behind.
                let _ = timeout(LINGER, dismiss(stream)).await;
                Err(error)
            }
        }
    }

    fn config(&self, seen: &Arc<Seen>) -> Result<ServerConfig, Error> {
        let verifier = Noting {
            inner: Arc::clone(&self.verifier),
            seen: Arc::clone(seen),
        };
        let mut config = ServerConfig::builder_with_details(
            Arc::new(ring::default_provider()),
            Arc::new(self.clock),
        )
        .with_protocol_versions(self.versions.supported())?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_cert_resolver(Arc::clone(&self.identity) as _);
        // A resumed session would let a client in whose certificate has been revoked since.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }
}

/// Notes which certificate a client presented, for the log.
#[derive(Debug)]
struct Noting {
    inner: Arc<dyn ClientCertVerifier>,
    seen: Arc<Seen>,
}

impl ClientCertVerifier for Noting {
    fn offer_client_auth(&self) -> bool {
        self.inner.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.inner.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.seen.peer_presented(end_entity);
        self.inner
            .verify_client_cert(end_entity, intermediates, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Closes for writing, and reads until the client has closed too.
async fn dismiss<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut buffer = [0; 4096];
    let mut drained = 0;
    while drained < DRAINED {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => drained += count,
        }
    }
}
