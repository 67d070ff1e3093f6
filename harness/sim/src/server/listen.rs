//! Listening on TCP.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time::{Duration, sleep},
};

use super::{Shared, process::Process};

/// A listening socket; dropping it stops listening and ends its connections.
#[derive(Debug)]
pub struct Listening {
    local: SocketAddr,
    task: JoinHandle<()>,
}

impl Listening {
    pub(crate) const fn new(local: SocketAddr, task: JoinHandle<()>) -> Self {
        Self { local, task }
    }

    /// Where it listens.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.local
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves every client that connects, by `serve`.
pub(super) async fn clients<F>(
    shared: Arc<Shared>,
    address: SocketAddr,
    serve: impl Fn(TcpStream, IpAddr) -> F + Send + 'static,
) -> std::io::Result<Listening>
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind(address).await?;
    let local = listener.local_addr()?;
    let task = tokio::spawn(async move {
        let mut ticks = shared.ticks.subscribe();
        let mut connections = JoinSet::new();
        loop {
            // Through a cut network nobody comes in; the kernel keeps them waiting.
            if shared.lock().cut {
                if ticks.changed().await.is_err() {
                    return;
                }
                continue;
            }
            tokio::select! {
                (stream, peer) = accept(&listener) => {
                    connections.spawn(serve(stream, peer.ip()));
                }
                Some(_) = connections.join_next() => {}
            }
        }
    });
    Ok(Listening { local, task })
}

pub(super) async fn process(process: Process, address: SocketAddr) -> std::io::Result<Listening> {
    let listener = TcpListener::bind(address).await?;
    let local = listener.local_addr()?;
    let task = tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                (stream, _) = accept(&listener) => {
                    connections.spawn(super::process::serve(process.clone(), stream));
                }
                Some(_) = connections.join_next() => {}
            }
        }
    });
    Ok(Listening { local, task })
}

/// The next connection, after troubles that pass, such as too many open files.
pub(crate) async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Without it small PDUs wait for each other's acknowledgement.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}
