//! A connection that anything is written to.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use iedassay_client::capture::{self, Capture, Direction};
use iedassay_wire::cotp::Tpdu;
use iedassay_wire::mms::peek;
use iedassay_wire::presentation::UserData;
use iedassay_wire::session::Spdu;
use iedassay_wire::tpkt::{Deframer, HEADER};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::connector::{BoxStream, Connection, ResetSwitch};

/// How long a write may wait for a peer that does not read.
const WRITE_LIMIT: Duration = Duration::from_secs(2);
/// Pause between the pieces of a message, so that each is a segment of its own.
const BETWEEN_PIECES: Duration = Duration::from_millis(1);

/// What came of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Reaction {
    /// A PDU of this kind, or an answer of a lower layer.
    Answer(&'static str),
    /// The device closed the connection.
    Closed,
    /// Nothing in the time that was given.
    Silence,
    /// The connection was closed before, or did not take the octets.
    NotSent,
}

impl Reaction {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Answer(kind) => kind,
            Self::Closed => "connection closed",
            Self::Silence => "silence",
            Self::NotSent => "not sent",
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Heard {
    answers: u64,
    last: Option<&'static str>,
    closed: bool,
}

/// A connection.
pub(crate) struct Wire {
    /// In a mutex only so that it can be shared between threads; nobody else has it.
    writer: Mutex<WriteHalf<BoxStream>>,
    heard: watch::Receiver<Heard>,
    reader: JoinHandle<()>,
    reset: ResetSwitch,
    record: Arc<capture::Connection>,
    gone: bool,
}

impl Wire {
    pub(crate) fn new(name: &str, connection: Connection, capture: &Capture) -> Self {
        let record =
            Arc::new(capture.open(name, connection.local, connection.peer, Instant::now()));
        let (reader, writer) = split(connection.stream);
        let (tell, heard) = watch::channel(Heard::default());
        let reader = tokio::spawn(listen(reader, tell, Arc::clone(&record)));
        Self {
            writer: Mutex::new(writer),
            heard,
            reader,
            reset: connection.reset,
            record,
            gone: false,
        }
    }

    /// Writes octets and waits for what comes of them.
    pub(crate) async fn say(
        &mut self,
        octets: &[u8],
        piece: usize,
        patience: Duration,
    ) -> Reaction {
        let before = *self.heard.borrow_and_update();
        if before.closed || self.gone {
            return Reaction::NotSent;
        }
        let size = match piece {
            0 => octets.len().max(1),
            piece => piece,
        };
        for (index, part) in octets.chunks(size).enumerate() {
            if index > 0 {
                sleep(BETWEEN_PIECES).await;
            }
            self.record.sent(part, Instant::now());
            let writer = self
                .writer
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner);
            let written = timeout(WRITE_LIMIT, async {
                writer.write_all(part).await?;
                writer.flush().await
            })
            .await;
            if !matches!(written, Ok(Ok(()))) {
                self.gone = true;
                return match self.heard.borrow().closed {
                    true => Reaction::Closed,
                    false => Reaction::NotSent,
                };
            }
        }
        let heard = timeout(
            patience,
            self.heard
                .wait_for(|now| now.closed || now.answers > before.answers),
        )
        .await;
        match heard {
            Ok(Ok(now)) if now.closed && now.answers == before.answers => Reaction::Closed,
            Ok(Ok(now)) => now.last.map_or(Reaction::Silence, Reaction::Answer),
            Ok(Err(_)) => Reaction::Closed,
            Err(_) => Reaction::Silence,
        }
    }

    /// Closes it.
    pub(crate) async fn close(mut self, reset: bool) {
        if reset {
            self.reset.arm();
            self.record.reset(Direction::Sent, Instant::now());
        } else {
            self.record.closed(Direction::Sent, Instant::now());
            let writer = self
                .writer
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner);
            // Whoever has closed already need not be told.
            let _ = timeout(WRITE_LIMIT, writer.shutdown()).await;
        }
        self.reader.abort();
        // The stream is closed when both halves are gone.
        let _ = (&mut self.reader).await;
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn listen(
    mut reader: ReadHalf<BoxStream>,
    tell: watch::Sender<Heard>,
    record: Arc<capture::Connection>,
) {
    let mut deframer = Deframer::new();
    let mut broken = false;
    let mut buffer = vec![0_u8; 8192];
    loop {
        let octets = match reader.read(&mut buffer).await {
            Ok(0) => {
                record.closed(Direction::Received, Instant::now());
                break;
            }
            Err(_) => {
                record.reset(Direction::Received, Instant::now());
                break;
            }
            Ok(read) => buffer.get(..read).unwrap_or_default(),
        };
        record.received(octets, Instant::now());
        let mut kinds = Vec::new();
        if !broken {
            deframer.push(octets);
            loop {
                match deframer.next_packet() {
                    Ok(Some(packet)) => kinds.push(kind_of(packet)),
                    Ok(None) => break,
                    Err(_) => {
                        broken = true;
                        kinds.push("what is no TPKT");
                        break;
                    }
                }
            }
        }
        tell.send_modify(|heard| {
            for kind in kinds {
                heard.answers = heard.answers.saturating_add(1);
                heard.last = Some(kind);
            }
        });
    }
    tell.send_modify(|heard| heard.closed = true);
}

/// What a packet from the device is, in the words of its topmost layer that can be read.
fn kind_of(packet: &[u8]) -> &'static str {
    let tpdu = packet.get(HEADER..).unwrap_or_default();
    let data = match Tpdu::decode(tpdu) {
        Ok(Tpdu::ConnectConfirm(_)) => return "connection confirm",
        Ok(Tpdu::DisconnectRequest(_)) => return "disconnect request",
        Ok(Tpdu::Error(_)) => return "TPDU error",
        Ok(Tpdu::Data(data)) => data,
        _ => return "another TPDU",
    };
    match Spdu::decode(data.payload) {
        Ok(Spdu::Accept(_)) => "ACCEPT",
        Ok(Spdu::Refuse(_)) => "REFUSE",
        Ok(Spdu::Disconnect { .. }) => "DISCONNECT",
        Ok(Spdu::Abort(_)) => "ABORT",
        Ok(Spdu::Data { user_data }) => match UserData::decode(user_data, 0) {
            Ok(UserData::Full(pdvs)) => pdvs
                .first()
                .and_then(|pdv| peek(pdv.values).ok())
                .map_or("data", |peek| peek.kind.name()),
            _ => "data",
        },
        _ => "data",
    }
}
