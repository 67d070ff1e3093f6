//! Moves octets between a stream and an initiator, and into the capture.

use std::io;
use std::time::Duration;

use iedassay_wire::association::{Initiator, InitiatorConfig, InitiatorEvent, Phase};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::{Instant, timeout};

use crate::capture::{Connection, Direction};
use crate::config::{Alter, Pace};
use crate::error::IoError;

/// How many octets are read at once.
const READ_SIZE: usize = 65_536;
/// How long the last octets of an association may take to be written, and the peer to close.
const LINGER: Duration = Duration::from_millis(500);

/// What a wait brought.
pub(crate) enum Happened {
    /// Octets were read or written, the stream ended, or a deadline of the initiator passed: look
    /// for events.
    Progress,
    /// The instant that was asked for has come.
    Time,
}

pub(crate) struct Io<S> {
    reader: ReadHalf<S>,
    writer: WriteHalf<S>,
    pub(crate) initiator: Initiator,
    /// Start of the initiator's time.
    epoch: Instant,
    /// What is to be sent; of it, `written` octets are.
    out: Vec<u8>,
    written: usize,
    buffer: Box<[u8]>,
    capture: Option<Connection>,
    /// Whether what comes is read. What is not stays in the stream, until the peer has to hold back.
    pub(crate) reading: bool,
    alter: Option<Alter>,
    pace: Option<Pace>,
    /// When the next piece may be sent.
    next_piece: Instant,
    read_closed: bool,
    write_closed: bool,
    /// When octets were last read.
    pub(crate) last_read: Instant,
    /// The frame they are in.
    pub(crate) last_frame: u64,
    /// Why the stream broke, if it did.
    pub(crate) error: Option<IoError>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Io<S> {
    pub(crate) fn new(
        stream: S,
        config: InitiatorConfig,
        capture: Option<Connection>,
        alter: Option<Alter>,
        pace: Option<Pace>,
    ) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        let epoch = Instant::now();
        Self {
            reader,
            writer,
            initiator: Initiator::new(config, Duration::ZERO),
            epoch,
            out: Vec::new(),
            written: 0,
            buffer: vec![0; READ_SIZE].into_boxed_slice(),
            capture,
            reading: true,
            alter,
            pace,
            next_piece: epoch,
            read_closed: false,
            write_closed: false,
            last_read: epoch,
            last_frame: 0,
            error: None,
        }
    }

    /// Now, as the initiator counts it.
    pub(crate) fn now(&self) -> Duration {
        self.epoch.elapsed()
    }

    pub(crate) fn poll_event(&mut self) -> Option<InitiatorEvent> {
        self.initiator.poll_event()
    }

    /// When the initiator wants to be woken.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.initiator
            .poll_timeout()
            .and_then(|after| self.epoch.checked_add(after))
    }

    /// Moves what the initiator wants to send to the queue.
    pub(crate) fn collect(&mut self) {
        while let Some(mut packet) = self.initiator.poll_transmit() {
            if self.write_closed {
                continue;
            }
            if let Some(alter) = &self.alter
                && self.initiator.phase() < Phase::Established
            {
                packet = alter(packet);
            }
            if self.out.is_empty() {
                self.out = packet;
            } else {
                self.out.append(&mut packet);
            }
        }
    }

    /// Waits for one thing to happen: octets in or out, a deadline of the initiator, or `until`.
    /// Dropping the future loses nothing.
    pub(crate) async fn wait(&mut self, until: Option<Instant>) -> Happened {
        self.collect();
        let own = self.deadline();
        let now = Instant::now();
        // A peer that always has something to say must not keep the clock from being heard.
        if own.is_some_and(|own| own <= now) {
            let now = self.now();
            self.initiator.handle_timeout(now);
            return Happened::Progress;
        }
        if until.is_some_and(|until| until <= now) {
            return Happened::Time;
        }
        let rest = self.out.get(self.written..).unwrap_or_default();
        let piece = self.pace.filter(|_| !rest.is_empty());
        let waits = piece.is_some() && self.next_piece > now;
        let paced = waits.then_some(self.next_piece);
        let wake = [own, until, paced].into_iter().flatten().min();
        let rest = match piece {
            _ if waits => &[],
            Some(pace) => rest.get(..pace.octets.max(1)).unwrap_or(rest),
            None => rest,
        };
        // The order is fixed so that runs on virtual time repeat exactly.
        tokio::select! {
            biased;
            result = self.writer.write(rest), if !rest.is_empty() => self.wrote(result),
            result = self.reader.read(&mut self.buffer), if self.reading && !self.read_closed => self.read(result),
            // Whose time it was shows the next call.
            () = sleep_until(wake) => {}
        }
        Happened::Progress
    }

    fn wrote(&mut self, result: io::Result<usize>) {
        match result {
            Ok(count @ 1..) => {
                let from = self.written;
                self.written += count;
                if let Some(pace) = self.pace {
                    self.next_piece = Instant::now() + pace.every;
                }
                if let (Some(capture), Some(octets)) =
                    (&self.capture, self.out.get(from..self.written))
                {
                    capture.sent(octets, Instant::now());
                }
                if self.written >= self.out.len() {
                    self.out.clear();
                    self.written = 0;
                }
            }
            Ok(0) => self.stop_writing(&io::Error::from(io::ErrorKind::WriteZero)),
            Err(error) => self.stop_writing(&error),
        }
    }

    /// The peer does not take octets any more, but it may have said why before.
    fn stop_writing(&mut self, error: &io::Error) {
        self.write_closed = true;
        self.out.clear();
        self.written = 0;
        self.error.get_or_insert_with(|| error.into());
        if self.read_closed {
            let now = self.now();
            self.initiator.handle_eof(now);
        }
    }

    fn read(&mut self, result: io::Result<usize>) {
        let at = Instant::now();
        let now = self.now();
        match result {
            Ok(count @ 1..) => {
                let octets = self.buffer.get(..count).unwrap_or_default();
                self.last_read = at;
                if let Some(capture) = &self.capture {
                    self.last_frame = capture.received(octets, at);
                }
                self.initiator.handle_input(octets, now);
            }
            Ok(0) => {
                self.read_closed = true;
                if let Some(capture) = &self.capture {
                    capture.closed(Direction::Received, at);
                }
                self.initiator.handle_eof(now);
            }
            Err(error) => {
                self.read_closed = true;
                self.error = Some(IoError::from(&error));
                if let Some(capture) = &self.capture {
                    capture.reset(Direction::Received, at);
                }
                self.initiator.handle_eof(now);
            }
        }
    }

    /// Writes what is left, closes the stream and waits a little for the peer to do so too, since
    /// closing with unread octets would be a reset that can overtake the last words.
    pub(crate) async fn close(mut self) {
        self.collect();
        let flush = async {
            while let Some(rest) = self.out.get(self.written..).filter(|rest| !rest.is_empty()) {
                let result = self.writer.write(rest).await;
                self.wrote(result);
            }
            let _ = self.writer.shutdown().await;
        };
        let _ = timeout(LINGER, flush).await;
        let reset = self.error.is_some() && self.read_closed;
        if let Some(capture) = self.capture.as_ref().filter(|_| !reset) {
            capture.closed(Direction::Sent, Instant::now());
        }
        let drain = async {
            while !self.read_closed {
                match self.reader.read(&mut self.buffer).await {
                    Ok(0) | Err(_) => {
                        self.read_closed = true;
                        if let Some(capture) = &self.capture {
                            capture.closed(Direction::Received, Instant::now());
                        }
                    }
                    Ok(count) => {
                        if let (Some(capture), Some(octets)) =
                            (&self.capture, self.buffer.get(..count))
                        {
                            capture.received(octets, Instant::now());
                        }
                    }
                }
            }
        };
        let _ = timeout(LINGER, drain).await;
    }

    /// Drops the stream as it is.
    pub(crate) fn reset(self) {
        if let Some(capture) = &self.capture {
            capture.reset(Direction::Sent, Instant::now());
        }
    }
}

async fn sleep_until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
