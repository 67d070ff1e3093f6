//! What a handshake agreed on.

use std::fmt;

use rustls::CommonState;

use crate::certificate::Certificate;
use crate::versions::Version;

/// What a handshake agreed on, for findings and transcripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The version.
    pub version: Option<Version>,
    /// The cipher suite, by the name of its registry.
    pub cipher: String,
    /// The group of the key exchange, where it is known.
    pub group: Option<String>,
    /// The certificate of the peer.
    pub peer: Option<Certificate>,
    /// Whether the server asked for the certificate of the client.
    pub client_certificate_asked: bool,
}

impl Session {
    pub(crate) fn of(state: &CommonState, asked: bool) -> Self {
        Self {
            version: state.protocol_version().and_then(Version::of),
            cipher: state
                .negotiated_cipher_suite()
                .and_then(|suite| suite.suite().as_str())
                .unwrap_or("unknown")
                .replace("TLS13_", "TLS_"),
            group: state
                .negotiated_key_exchange_group()
                .and_then(|group| group.name().as_str())
                .map(str::to_owned),
            peer: state
                .peer_certificates()
                .and_then(<[_]>::first)
                .and_then(|der| Certificate::read(der)),
            client_certificate_asked: asked,
        }
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version {
            Some(version) => write!(f, "{version}")?,
            None => f.write_str("TLS")?,
        }
        write!(f, ", {}", self.cipher)?;
        if let Some(group) = &self.group {
            write!(f, ", {group}")?;
        }
        match &self.peer {
            Some(peer) => write!(f, "; peer: {peer}"),
            None => f.write_str("; peer without a certificate"),
        }
    }
}
