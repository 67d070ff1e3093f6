//! Datagrams: what UDP carries, or a pipe in process.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;

use tokio::net::{UdpSocket, lookup_host};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Datagrams that may wait to be looked at; more are lost, as in a socket.
const WAITING: usize = 64;

/// Octets that are read of a datagram.
const LONGEST: usize = 2048;

/// After an error of the socket.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

/// A datagram that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    /// What is in it; the rest of a very long one is cut off.
    pub octets: Vec<u8>,
    /// Who sent it.
    pub peer: SocketAddr,
    /// When it came.
    pub at: Instant,
}

/// A place where datagrams come in, and from which they are sent. It ends when this is dropped.
#[derive(Debug)]
pub struct Datagrams {
    /// What comes.
    pub received: mpsc::Receiver<Datagram>,
    /// What is to be sent, and to whom.
    pub to_send: mpsc::Sender<(Vec<u8>, SocketAddr)>,
    /// The place.
    pub local: SocketAddr,
}

/// A future of [`Connector::bind`](super::Connector::bind).
pub type BindFuture<'a> = Pin<Box<dyn Future<Output = io::Result<Datagrams>> + Send + 'a>>;

/// A time server of the harness, as devices see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimePlace {
    /// Its number, from 0: first, second.
    pub number: usize,
    /// The local address, `host:port`.
    pub address: String,
}

/// The ends of a pipe for whoever carries the datagrams: what came goes in, what is to be sent comes out.
#[derive(Debug)]
pub struct Carrier {
    /// What came.
    pub received: mpsc::Sender<Datagram>,
    /// What is to be sent.
    pub to_send: mpsc::Receiver<(Vec<u8>, SocketAddr)>,
}

impl Datagrams {
    /// A place without a socket, and what carries its datagrams.
    #[must_use]
    pub fn pipe(local: SocketAddr) -> (Self, Carrier) {
        let (came, received) = mpsc::channel(WAITING);
        let (to_send, sent) = mpsc::channel(WAITING);
        let place = Self {
            received,
            to_send,
            local,
        };
        let carrier = Carrier {
            received: came,
            to_send: sent,
        };
        (place, carrier)
    }

    /// A UDP socket at a local address, `host:port`.
    ///
    /// # Errors
    /// When the address is not one of this computer, or cannot be had.
    pub async fn udp(address: &str) -> io::Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, format!("{address} has no address"));
        for local in lookup_host(address).await? {
            match UdpSocket::bind(local).await {
                Ok(socket) => {
                    let (place, carrier) = Self::pipe(socket.local_addr()?);
                    tokio::spawn(carry(socket, carrier));
                    return Ok(place);
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

async fn carry(socket: UdpSocket, mut carrier: Carrier) {
    let mut buffer = [0; LONGEST];
    loop {
        tokio::select! {
            came = socket.recv_from(&mut buffer) => {
                let Ok((length, peer)) = came else {
                    // Most often about a datagram that was sent before: its receiver is not there. What lasts must not spin.
                    tokio::time::sleep(PAUSE).await;
                    continue;
                };
                let octets = buffer.get(..length).unwrap_or_default().to_vec();
                let datagram = Datagram { octets, peer, at: Instant::now() };
                if let Err(mpsc::error::TrySendError::Closed(_)) = carrier.received.try_send(datagram) {
                    return;
                }
            }
            to_send = carrier.to_send.recv() => {
                let Some((octets, peer)) = to_send else { return };
                // What cannot be sent is lost, as it may be on any network.
                let _ = socket.send_to(&octets, peer).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn datagrams_come_and_go_over_udp() {
        let mut place = Datagrams::udp("127.0.0.1:0").await.unwrap();
        let peer = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        peer.send_to(b"ask", place.local).await.unwrap();
        let came = place.received.recv().await.unwrap();
        assert_eq!(
            (came.octets.as_slice(), came.peer),
            (b"ask".as_slice(), peer.local_addr().unwrap())
        );
        place
            .to_send
            .send((b"answer".to_vec(), came.peer))
            .await
            .unwrap();
        let mut buffer = [0; 16];
        let length = peer.recv(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..length], b"answer");
        let local = place.local;
        drop(place);
        // The port is free again.
        for _ in 0..100 {
            if UdpSocket::bind(local).await.is_ok() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the socket stays open");
    }
}
