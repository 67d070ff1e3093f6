//! Opens TCP connections as an MMS client wants them.

use std::io;
use std::net::{IpAddr, SocketAddr};

use tokio::net::{TcpSocket, TcpStream};

/// Connects to `peer`, from the local address `source` when one is given, with delayed sending
/// (Nagle) off. The caller bounds the time.
///
/// # Errors
/// What the operating system said.
pub async fn connect(peer: SocketAddr, source: Option<IpAddr>) -> io::Result<TcpStream> {
    let socket = if peer.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_nodelay(true)?;
    if let Some(source) = source {
        // Without it a source address could not be used again while its last connection lingers.
        socket.set_reuseaddr(true)?;
        socket.bind(SocketAddr::new(source, 0))?;
    }
    socket.connect(peer).await
}
