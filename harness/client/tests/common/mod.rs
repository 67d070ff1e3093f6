//! A small server in the same process: the responder of `wire` and a closure that answers.
#![allow(dead_code, reason = "not every test file uses all of it")]

use std::time::Duration;

use iedassay_client::capture::Capture;
use iedassay_client::{Anchor, Client, ClientConfig};
use iedassay_wire::association::{Ending, Refusal, Responder, ResponderConfig, ResponderEvent};
use iedassay_wire::mms::{Pdu, Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// What the server does besides answering.
#[derive(Debug)]
pub(crate) enum Order {
    /// Send an MMS PDU.
    Send(Vec<u8>),
    /// Send octets below TPKT.
    Raw(Vec<u8>),
    Abort,
    /// Close the stream.
    Close,
    /// Neither read nor write any more, but keep the stream.
    Freeze,
}

/// How the server answers.
pub(crate) struct Behaviour {
    pub(crate) config: ResponderConfig,
    pub(crate) refuse: Option<Refusal>,
    pub(crate) conclude: bool,
    /// What to send for a PDU.
    pub(crate) answer: Box<dyn FnMut(Pdu) -> Vec<Vec<u8>> + Send>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            config: ResponderConfig::default(),
            refuse: None,
            conclude: true,
            answer: Box::new(|_| Vec::new()),
        }
    }
}

impl Behaviour {
    pub(crate) fn answering(answer: impl FnMut(Pdu) -> Vec<Vec<u8>> + Send + 'static) -> Self {
        Self {
            answer: Box::new(answer),
            ..Self::default()
        }
    }

    /// Answers requests one to one.
    pub(crate) fn serving(mut serve: impl FnMut(Request) -> Response + Send + 'static) -> Self {
        Self::answering(move |pdu| match pdu {
            Pdu::ConfirmedRequest(request) => {
                vec![Pdu::response(request.invoke_id, serve(request.service)).encode()]
            }
            _ => Vec::new(),
        })
    }
}

pub(crate) struct Server {
    pub(crate) orders: mpsc::UnboundedSender<Order>,
    pub(crate) task: JoinHandle<Ending>,
}

/// Starts a server on one end of a pipe and gives the other.
pub(crate) fn serve(behaviour: Behaviour) -> (DuplexStream, Server) {
    let (near, far) = tokio::io::duplex(1 << 16);
    let (orders, receiver) = mpsc::unbounded_channel();
    let task = tokio::spawn(run(far, behaviour, receiver));
    (near, Server { orders, task })
}

async fn run(
    mut stream: DuplexStream,
    mut behaviour: Behaviour,
    mut orders: mpsc::UnboundedReceiver<Order>,
) -> Ending {
    let epoch = Instant::now();
    let mut responder = Responder::new(behaviour.config.clone(), Duration::ZERO);
    let mut buffer = [0; 4096];
    let mut ending = None;
    loop {
        let now = epoch.elapsed();
        while let Some(event) = responder.poll_event() {
            match event {
                ResponderEvent::Transport(_) => match &behaviour.refuse {
                    Some(refusal @ Refusal::Transport(_)) => responder.refuse(refusal, now),
                    _ => responder.accept_transport(now),
                },
                ResponderEvent::Associate(_) => match &behaviour.refuse {
                    Some(refusal) => responder.refuse(refusal, now),
                    None => responder.accept(now),
                },
                ResponderEvent::Mms(octets) => {
                    if let Ok(pdu) = Pdu::decode(&octets) {
                        for answer in (behaviour.answer)(pdu) {
                            responder.send_mms(&answer).unwrap();
                        }
                    }
                }
                ResponderEvent::Conclude if behaviour.conclude => {
                    responder.answer_conclude(Ok(()), now)
                }
                ResponderEvent::Conclude => {
                    let error = iedassay_wire::mms::ErrorCode::FURTHER_COMMUNICATION_REQUIRED;
                    responder.answer_conclude(Err(error.into()), now);
                }
                ResponderEvent::Ended(how) => ending = Some(how),
                ResponderEvent::Established(_) => {}
            }
        }
        while let Some(octets) = responder.poll_transmit() {
            let _ = stream.write_all(&octets).await;
        }
        if let Some(ending) = ending {
            return ending;
        }
        let wake = responder.poll_timeout().map(|after| epoch + after);
        tokio::select! {
            read = stream.read(&mut buffer) => match read {
                Ok(0) | Err(_) => responder.handle_eof(epoch.elapsed()),
                Ok(count) => responder.handle_input(&buffer[..count], epoch.elapsed()),
            },
            Some(order) = orders.recv() => match order {
                Order::Send(pdu) => responder.send_mms(&pdu).unwrap(),
                Order::Raw(octets) => responder.send_raw(octets),
                Order::Abort => responder.abort(epoch.elapsed()),
                Order::Close => return Ending::AbortedLocally,
                Order::Freeze => std::future::pending().await,
            },
            () = async { tokio::time::sleep_until(wake.unwrap()).await }, if wake.is_some() => {
                responder.handle_timeout(epoch.elapsed());
            }
        }
    }
}

/// A fixed wall-clock time for the anchor.
pub(crate) fn anchor() -> Anchor {
    Anchor::now(std::time::UNIX_EPOCH + Duration::from_secs(1_700_000_000))
}

pub(crate) fn config() -> ClientConfig {
    ClientConfig {
        capture: Some(Capture::new(anchor())),
        ..ClientConfig::default()
    }
}

/// A client associated with a server of that behaviour.
pub(crate) async fn associated(behaviour: Behaviour) -> (Client, Server) {
    let (stream, server) = serve(behaviour);
    let client = Client::connect(stream, config()).await.unwrap();
    (client, server)
}
