//! Listening on TCP: each connection gets the next behaviour in turn.

use std::{io, net::SocketAddr};

use tokio::{net::TcpStream, task::JoinSet};

use super::{Behaviour, Hostile, Last, What};
use crate::server::{Listening, accept};

/// Connections at once; further ones wait to be accepted.
const MOST: usize = 256;

impl Hostile {
    /// Serves clients on TCP until the answer is dropped: each connection by the next of `behaviours`, then from the first
    /// again. Port 0 takes a free port.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn listen(
        &self,
        address: SocketAddr,
        behaviours: Vec<Behaviour>,
    ) -> io::Result<Listening> {
        let listener = tokio::net::TcpListener::bind(address).await?;
        let local = listener.local_addr()?;
        let hostile = self.clone();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            let turns = behaviours.iter().copied().cycle();
            for (behaviour, number) in turns.zip(1..) {
                let stream = loop {
                    tokio::select! {
                        (stream, _) = accept(&listener), if connections.len() < MOST => break stream,
                        Some(_) = connections.join_next() => {}
                    }
                };
                connections.spawn(connection(
                    hostile.clone(),
                    stream,
                    local,
                    number,
                    behaviour,
                ));
            }
        });
        Ok(Listening::new(local, task))
    }
}

async fn connection(
    hostile: Hostile,
    mut stream: TcpStream,
    local: SocketAddr,
    number: u64,
    behaviour: Behaviour,
) {
    // A client that is gone before it is looked at has no address any more.
    let Ok(peer) = stream.peer_addr() else {
        return;
    };
    hostile.tell(
        number,
        What::Connected {
            peer,
            local,
            behaviour,
        },
    );
    let last = hostile
        .serve_stream(&mut stream, peer.ip(), number, behaviour)
        .await;
    if last == Last::Reset {
        // Failing leaves an ordinary close.
        let _ = stream.set_zero_linger();
    }
}
