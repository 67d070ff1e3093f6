//! The IED behind TLS (IEC 62351-3 and -4).

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use iedassay_tls::{
    Certificate, Clock, MaterialError, ServerSettings, ServerTls, Standing, TlsError, Version,
    Versions, client_verifier,
    rustls::{
        CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
        client::danger::HandshakeSignatureValid,
        pki_types::{CertificateDer, UnixTime},
        server::danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    time::{Instant, timeout_at},
};

use super::{Shared, connection, listen};
use crate::{Fault, FaultSet, Listening};

/// The first octet of an RFC 1006 packet, with which no TLS record begins.
const TPKT_VERSION: u8 = 3;

/// A simulated IED behind TLS. Clones are handles to the same one.
#[derive(Clone)]
pub struct Secure {
    shared: Arc<Shared>,
    tls: Arc<ServerTls>,
}

impl fmt::Debug for Secure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secure").finish_non_exhaustive()
    }
}

impl Secure {
    pub(super) fn new(
        shared: Arc<Shared>,
        settings: &ServerSettings,
    ) -> Result<Self, MaterialError> {
        let faults = shared.config.faults.clone();
        let mut settings = settings.clone();
        if faults.has(Fault::RevokedClientAccepted) {
            settings.revocation_lists.clear();
        }
        if faults.has(Fault::Tls12NotServed) {
            settings.versions = Versions::Only(Version::Tls13);
        }
        let demanded = !faults.has(Fault::ClientCertificateNotDemanded);
        let verifier = Arc::new(Judge {
            usual: client_verifier(&settings, demanded)?,
            faults,
        });
        let clock = Clock::new(shared.config.epoch, shared.started);
        let tls = Arc::new(ServerTls::new(&settings, verifier, clock)?);
        Ok(Self { shared, tls })
    }

    /// Serves one client until the connection ends; the future is for the caller to spawn. The client counts as 127.0.0.1.
    pub fn serve_stream<S>(&self, stream: S) -> impl Future<Output = ()> + Send + 'static + use<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.serve_stream_from(stream, IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// As [`Self::serve_stream`], for a client at an address.
    pub fn serve_stream_from<S>(
        &self,
        stream: S,
        peer: IpAddr,
    ) -> impl Future<Output = ()> + Send + 'static + use<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        serve(self.clone(), stream, peer)
    }

    /// Serves clients on TCP until the answer is dropped. Port 0 takes a free port.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen(&self, address: SocketAddr) -> std::io::Result<Listening> {
        let secure = self.clone();
        listen::clients(Arc::clone(&self.shared), address, move |stream, peer| {
            secure.serve_stream_from(stream, peer)
        })
        .await
    }
}

async fn serve<S>(secure: Secure, stream: S, peer: IpAddr)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Secure { shared, tls } = secure;
    if !connection::arrives(&shared).await {
        return;
    }
    let within = shared.config.establish_timeout;
    let deadline = Instant::now() + within;
    let Ok(first) = timeout_at(deadline, Begun::new(stream)).await else {
        let error = TlsError::Timeout { within };
        tracing::warn!(%peer, %error, "TLS client refused");
        return;
    };
    // Nothing came: whoever looks whether somebody listens here is not worth a word.
    let Some(stream) = first else {
        return;
    };
    if stream.first == Some(TPKT_VERSION) && shared.config.faults.has(Fault::PlainOnTlsPort) {
        return connection::serve(shared, stream, peer).await;
    }
    let left = deadline.saturating_duration_since(Instant::now());
    match tls.accept(stream, left).await {
        Ok(stream) => {
            tracing::info!(%peer, session = %stream.session(), "TLS client let in");
            connection::serve(shared, stream, peer).await;
        }
        Err(error) => tracing::warn!(%peer, %error, "TLS client refused"),
    }
}

/// A stream of which the first octet has been looked at.
struct Begun<S> {
    first: Option<u8>,
    stream: S,
}

impl<S: AsyncRead + Unpin> Begun<S> {
    async fn new(mut stream: S) -> Option<Self> {
        let first = stream.read_u8().await.ok()?;
        Some(Self {
            first: Some(first),
            stream,
        })
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Begun<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if buf.remaining() > 0
            && let Some(first) = self.first.take()
        {
            buf.put_slice(&[first]);
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Begun<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Judges the certificates of clients: as they should be, or with faults.
#[derive(Debug)]
struct Judge {
    usual: Arc<dyn ClientCertVerifier>,
    faults: FaultSet,
}

impl ClientCertVerifier for Judge {
    fn offer_client_auth(&self) -> bool {
        self.usual.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.usual.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.usual.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let usual = self
            .usual
            .verify_client_cert(end_entity, intermediates, now);
        let Err(Error::InvalidCertificate(why)) = &usual else {
            return usual;
        };
        match why {
            CertificateError::UnknownIssuer | CertificateError::BadSignature
                if self.faults.has(Fault::UntrustedClientAccepted) =>
            {
                Ok(ClientCertVerified::assertion())
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => {
                match self.pretended(end_entity, now) {
                    // All else about it must be in order.
                    Some(then) => self
                        .usual
                        .verify_client_cert(end_entity, intermediates, then),
                    None => usual,
                }
            }
            _ => usual,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

impl Judge {
    /// A time at which a certificate is valid, when a fault takes it for that.
    fn pretended(&self, certificate: &[u8], now: UnixTime) -> Option<UnixTime> {
        let certificate = Certificate::read(certificate)?;
        let (fault, then) = match certificate.standing(Duration::from_secs(now.as_secs())) {
            Standing::Valid => return None,
            Standing::Expired => (Fault::ExpiredClientAccepted, certificate.not_after),
            Standing::NotYet => (Fault::FutureClientAccepted, certificate.not_before),
        };
        self.faults
            .has(fault)
            .then(|| UnixTime::since_unix_epoch(then))
    }
}
