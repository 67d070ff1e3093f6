//! Carries the datagrams between the clock and the time servers.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Weak},
};

use tokio::{
    net::UdpSocket,
    sync::mpsc::{self, Receiver, Sender},
    task::JoinHandle,
    time::{Duration, sleep_until},
};

use super::{Shared, Sim};
use crate::report::Time;

/// Datagrams that may wait on a way; more are lost, as on a network.
const WAITING: usize = 16;

/// Octets of a datagram that are read. A time server sends 48, and what follows them is not looked at.
const DATAGRAM: usize = 512;

/// The two ways between an IED and its time servers. A datagram goes with the number of the server, from 0.
#[derive(Debug)]
pub struct TimeLink {
    /// To the servers.
    pub to: Sender<(usize, Vec<u8>)>,
    /// From the servers.
    pub from: Receiver<(usize, Vec<u8>)>,
}

/// The end of a [`TimeLink`] where the servers are.
#[derive(Debug)]
pub struct TimeServersEnd {
    /// Requests.
    pub requests: Receiver<(usize, Vec<u8>)>,
    /// Answers.
    pub answers: Sender<(usize, Vec<u8>)>,
}

impl TimeLink {
    /// A link in process, with its other end.
    #[must_use]
    pub fn pair() -> (Self, TimeServersEnd) {
        let (to, requests) = mpsc::channel(WAITING);
        let (answers, from) = mpsc::channel(WAITING);
        (Self { to, from }, TimeServersEnd { requests, answers })
    }
}

/// Sockets to time servers; dropping it closes them.
#[derive(Debug)]
pub struct Following {
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Following {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Sim {
    /// Asks the time servers of [`TimeConfig::servers`](crate::TimeConfig::servers) over a link, until the link is closed or the IED is
    /// gone. The future is for the caller to spawn.
    pub fn follow_time(&self, link: TimeLink) -> impl Future<Output = ()> + Send + 'static {
        follow(Arc::downgrade(&self.shared), link)
    }

    /// Asks time servers over UDP until the answer is dropped. There should be as many as
    /// [`TimeConfig::servers`](crate::TimeConfig::servers).
    ///
    /// # Errors
    /// When a socket cannot be opened.
    pub async fn follow_time_servers(&self, servers: &[SocketAddr]) -> std::io::Result<Following> {
        let (link, mut end) = TimeLink::pair();
        let mut sockets = Vec::with_capacity(servers.len());
        for server in servers {
            let any: IpAddr = match server {
                SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
                SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
            };
            let socket = UdpSocket::bind((any, 0)).await?;
            // Connected, so that nobody else's datagrams come in.
            socket.connect(server).await?;
            sockets.push(Arc::new(socket));
        }
        let mut tasks = vec![tokio::spawn(self.follow_time(link))];
        for (number, socket) in sockets.iter().enumerate() {
            let (socket, answers) = (Arc::clone(socket), end.answers.clone());
            tasks.push(tokio::spawn(hear(number, socket, answers)));
        }
        tasks.push(tokio::spawn(async move {
            while let Some((number, octets)) = end.requests.recv().await {
                if let Some(socket) = sockets.get(number) {
                    // A request that cannot be sent is one that nobody answers.
                    let _ = socket.send(&octets).await;
                }
            }
        }));
        Ok(Following { tasks })
    }
}

async fn hear(number: usize, socket: Arc<UdpSocket>, answers: Sender<(usize, Vec<u8>)>) {
    let mut buffer = [0; DATAGRAM];
    loop {
        match socket.recv(&mut buffer).await {
            Ok(length) => {
                let octets = buffer.get(..length).unwrap_or_default().to_vec();
                if answers.send((number, octets)).await.is_err() {
                    return;
                }
            }
            // Nobody listens there now; that may change.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn follow(shared: Weak<Shared>, mut link: TimeLink) {
    loop {
        let Some(strong) = shared.upgrade() else {
            return;
        };
        let now = strong.now();
        let (requests, due) = strong.time_requests(now);
        let Some(due) = due.map(|due| strong.instant(due)) else {
            return;
        };
        drop(strong);
        for request in requests {
            // One that finds no room is lost.
            if let Err(mpsc::error::TrySendError::Closed(_)) = link.to.try_send(request) {
                return;
            }
        }
        tokio::select! {
            () = sleep_until(due) => {}
            answer = link.from.recv() => {
                let (Some((server, octets)), Some(shared)) = (answer, shared.upgrade()) else {
                    return;
                };
                shared.time_answer(server, &octets);
            }
        }
    }
}

impl Shared {
    /// The requests that are due, and when to ask again; nothing of the latter when there is no server.
    fn time_requests(&self, now: Time) -> (Vec<(usize, Vec<u8>)>, Option<Time>) {
        let mut state = self.lock();
        let reachable = !state.cut && state.up <= now;
        let clock = state.ied.clock();
        let mut requests = Vec::new();
        while clock.deadline().is_some_and(|due| due <= now) {
            requests.extend(clock.next_request(now));
        }
        if !reachable {
            requests.clear();
        }
        (requests, clock.deadline())
    }

    fn time_answer(&self, server: usize, octets: &[u8]) {
        let now = self.now();
        let mut state = self.lock();
        if !state.cut && state.up <= now {
            state.ied.clock().received(server, octets, now);
        }
    }
}
