//! A tour along the door: who is let in through TLS.

use std::{net::IpAddr, time::Duration};

use iedassay_pki::{Pem, Station};
use iedassay_sim::{
    Secure, Sim, SimConfig,
    tls::{
        ClientSettings, ClientTls, Clock, Handshake, ServerSettings, TlsError, Version, Versions,
        authorities, identity, revocation_lists,
    },
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex},
    time::{Instant, timeout},
};

use super::Notes;

/// A COTP connection request in its packet, for the transport selector 0001.
pub const REQUEST: [u8; 22] = [
    3, 0, 0, 22, 17, 0xe0, 0, 0, 0, 1, 0, 0xc0, 1, 10, 0xc1, 2, 0, 0, 0xc2, 2, 0, 1,
];

/// An IED behind TLS with everything that clients need.
pub struct Door {
    pub station: Station,
    pub sim: Sim,
    pub secure: Secure,
    pub clock: Clock,
}

impl Door {
    pub fn of(config: SimConfig) -> Self {
        let epoch = config.epoch;
        let station = Station::new(epoch).unwrap();
        let sim = Sim::new(config);
        let settings = ServerSettings {
            identity: holder(&station.server),
            authorities: trusted(&station),
            revocation_lists: revocation_lists(station.crl.as_bytes()).unwrap(),
            versions: Versions::Both,
        };
        Self {
            secure: sim.secure(&settings).unwrap(),
            clock: Clock::new(epoch, Instant::now()),
            station,
            sim,
        }
    }

    pub fn client(&self, pem: Option<&Pem>) -> ClientTls {
        ClientTls::new(ClientSettings {
            authorities: trusted(&self.station),
            identity: pem.map(holder),
            revocation_lists: Vec::new(),
            versions: Versions::Both,
            server_name: None,
            pinned: Vec::new(),
            clock: self.clock,
        })
        .unwrap()
    }

    /// The client's end of a new connection.
    pub fn knock(&self) -> DuplexStream {
        let (near, far) = duplex(64 * 1024);
        let peer = IpAddr::from([127, 0, 0, 1]);
        tokio::spawn(self.secure.serve_stream_from(far, peer));
        near
    }
}

fn holder(pem: &Pem) -> iedassay_sim::tls::Identity {
    identity(pem.certificate.as_bytes(), pem.key.as_bytes()).unwrap()
}

fn trusted(
    station: &Station,
) -> Vec<iedassay_sim::tls::rustls::pki_types::CertificateDer<'static>> {
    let read = authorities(station.ca.as_bytes()).unwrap();
    read.into_iter().map(|(der, _)| der).collect()
}

/// Asks for a transport connection and says what comes.
pub async fn ask<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) -> String {
    if let Err(error) = stream.write_all(&REQUEST).await {
        return format!("write: {error}");
    }
    let mut answer = [0; 64];
    match timeout(Duration::from_secs(60), stream.read(&mut answer)).await {
        Err(_) => "silence".to_owned(),
        Ok(Ok(0)) => "closed".to_owned(),
        Ok(Ok(count)) if answer[..count].get(5) == Some(&0xd0) => "connection confirmed".to_owned(),
        Ok(Ok(count)) => format!("{:02x?}", &answer[..count]),
        Ok(Err(error)) => match TlsError::of(&error) {
            Some(error) => error.to_string(),
            None => error.to_string(),
        },
    }
}

pub async fn security(config: SimConfig) -> Vec<String> {
    let mut notes = Notes::default();
    let door = Door::of(config);
    let station = &door.station;
    for version in Version::ALL {
        for (who, pem) in [
            ("right", Some(&station.client)),
            ("none", None),
            ("expired", Some(&station.expired)),
            ("future", Some(&station.future)),
            ("revoked", Some(&station.revoked)),
            ("untrusted", Some(&station.untrusted)),
        ] {
            let handshake = Handshake {
                versions: Some(Versions::Only(version)),
                ..Handshake::within(Duration::from_secs(5))
            };
            let seen = match door.client(pem).connect(door.knock(), handshake).await {
                Ok(stream) => ask(stream).await,
                Err(error) => error.to_string(),
            };
            notes.note(&format!("{version} {who}"), seen);
        }
    }
    notes.note("plain", ask(door.knock()).await);
    notes.0
}
