//! Connections over TCP, with a source address when asked and a reset when armed.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpSocket, TcpStream, lookup_host};

use super::{
    BindFuture, ConnectFuture, Connection, Connector, Datagrams, Endpoint, ResetSwitch, TimePlace,
};

/// Connects over TCP to the addresses of a target file.
#[derive(Debug, Clone)]
pub struct TcpConnector {
    mms: String,
    process: Option<String>,
}

impl TcpConnector {
    /// A connector to the MMS address `mms` (`host:port`), and to the process side when there is one.
    #[must_use]
    pub fn new(mms: impl Into<String>, process: Option<String>) -> Self {
        Self {
            mms: mms.into(),
            process,
        }
    }
}

impl Connector for TcpConnector {
    fn connect<'a>(&'a self, endpoint: &'a Endpoint) -> ConnectFuture<'a> {
        Box::pin(async move {
            match endpoint {
                Endpoint::Mms {
                    source,
                    receive_buffer,
                    ..
                } => open(&self.mms, *source, *receive_buffer).await,
                Endpoint::Line(address) | Endpoint::Http(address) => {
                    open(address, None, None).await
                }
                Endpoint::Process => match &self.process {
                    Some(address) => open(address, None, None).await,
                    None => Err(io::Error::new(
                        io::ErrorKind::Unsupported,
                        "the target file names no process side to connect to",
                    )),
                },
            }
        })
    }

    fn bind<'a>(&'a self, place: &'a TimePlace) -> BindFuture<'a> {
        Box::pin(Datagrams::udp(&place.address))
    }

    fn describe(&self) -> String {
        self.mms.clone()
    }
}

async fn open(
    address: &str,
    source: Option<IpAddr>,
    receive_buffer: Option<u32>,
) -> io::Result<Connection> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, format!("{address} has no address"));
    for peer in lookup_host(address).await? {
        match open_one(peer, source, receive_buffer).await {
            Ok(connection) => return Ok(connection),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn open_one(
    peer: SocketAddr,
    source: Option<IpAddr>,
    receive_buffer: Option<u32>,
) -> io::Result<Connection> {
    let socket = if peer.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    if let Some(source) = source {
        socket.bind(SocketAddr::new(source, 0))?;
    }
    // Before connecting: the window that TCP announces depends on it.
    if let Some(octets) = receive_buffer {
        socket.set_recv_buffer_size(octets)?;
    }
    let stream = socket.connect(peer).await?;
    stream.set_nodelay(true)?;
    let reset = ResetSwitch::default();
    let (local, peer) = (stream.local_addr().ok(), stream.peer_addr().ok());
    let stream = Box::new(ResettableTcp {
        stream,
        reset: reset.clone(),
    });
    Ok(Connection {
        stream,
        local,
        peer,
        reset,
        session: None,
    })
}

/// A TCP stream that ends with a reset when its switch was armed before it is dropped.
struct ResettableTcp {
    stream: TcpStream,
    reset: ResetSwitch,
}

impl Drop for ResettableTcp {
    fn drop(&mut self) {
        if self.reset.is_armed() {
            // Failing leaves an ordinary close, which the caller cannot repair either.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for ResettableTcp {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for ResettableTcp {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    async fn server_sees(arm: bool) -> io::Result<usize> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let connector = TcpConnector::new(listener.local_addr().unwrap().to_string(), None);
        let connection = connector.connect(&Endpoint::mms(None)).await.unwrap();
        let (mut accepted, _) = listener.accept().await.unwrap();
        if arm {
            connection.reset.arm();
        }
        drop(connection);
        accepted.read(&mut [0; 8]).await
    }

    #[tokio::test]
    async fn armed_switch_turns_closing_into_a_reset() {
        assert_eq!(server_sees(false).await.unwrap(), 0);
        assert_eq!(
            server_sees(true).await.unwrap_err().kind(),
            io::ErrorKind::ConnectionReset
        );
    }

    #[tokio::test]
    async fn connects_from_the_source_address_asked_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let connector = TcpConnector::new(listener.local_addr().unwrap().to_string(), None);
        let source = "127.0.0.2".parse().unwrap();
        let connection = connector
            .connect(&Endpoint::mms(Some(source)))
            .await
            .unwrap();
        assert_eq!(connection.local.unwrap().ip(), source);
    }

    #[tokio::test]
    async fn no_process_side_is_told_as_unsupported() {
        let connector = TcpConnector::new("127.0.0.1:9", None);
        let error = connector.connect(&Endpoint::Process).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Unsupported);
    }
}
