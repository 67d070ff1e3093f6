//! The process side: one command a line, one answer.

use std::{fmt, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::broadcast,
};

use super::Shared;
use crate::process::{
    self, Answer, Command, CommandError, CommandErrorKind, ControlNotice, MAX_LINE,
};

/// The process side of an IED, in process.
#[derive(Clone)]
pub struct Process {
    shared: Arc<Shared>,
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process").finish_non_exhaustive()
    }
}

impl Process {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Obeys one line of the protocol; answers `ok`, `ok PAYLOAD` or `err REASON`, and for `list`, `scan` and `help` `ok COUNT` with so
    /// many lines behind it. [`VERBS`](crate::VERBS) says what there is.
    #[must_use]
    pub fn command(&self, line: &str) -> String {
        let answer = line
            .parse::<Command>()
            .and_then(|command| self.obey(&command));
        render(&answer)
    }

    /// Obeys one command.
    ///
    /// # Errors
    /// When it cannot be done.
    pub fn obey(&self, command: &Command) -> Result<Answer, CommandError> {
        match command {
            Command::Ping => Ok(Answer::Done),
            Command::Help(verb) => Ok(process::help(*verb)),
            Command::Restart(off) => {
                self.shared.power_cycle(*off);
                Ok(Answer::Done)
            }
            Command::Blackhole(on) => {
                self.shared.set_cut(*on);
                Ok(Answer::Done)
            }
            Command::Subscribe(_) => Err(CommandError::new(
                CommandErrorKind::NotHere,
                "controls are told on a connection of the line protocol",
            )
            .remedy("in process ask `controls()`")),
            _ => self.obey_ied(command),
        }
    }

    fn obey_ied(&self, command: &Command) -> Result<Answer, CommandError> {
        let now = self.shared.now();
        let mut state = self.shared.lock();
        let result = state.ied.process_command(command, now);
        let kept = state.settle(false);
        state.tell_others(None, None);
        let due = state.ied.next_motion();
        if !kept {
            self.shared.tick(&state);
            return Err(CommandError::new(
                CommandErrorKind::NotKept,
                "it cannot be kept",
            ));
        }
        drop(state);
        self.shared.keep_moving(due);
        result
    }

    /// The controls that clients send from now on.
    #[must_use]
    pub fn controls(&self) -> Controls {
        Controls(self.shared.lock().notices.subscribe())
    }
}

/// Tells of the controls that clients send, in their order.
#[derive(Debug)]
pub struct Controls(broadcast::Receiver<Arc<ControlNotice>>);

/// What [`Controls`] tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlEvent {
    /// A control.
    Control(Arc<ControlNotice>),
    /// So many were not fetched in time and are lost.
    Missed(u64),
}

impl fmt::Display for ControlEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Control(notice) => notice.fmt(f),
            Self::Missed(count) => write!(f, "missed {count}"),
        }
    }
}

impl Controls {
    /// The next one; waits until there is one, for ever once the IED is gone.
    pub async fn next(&mut self) -> ControlEvent {
        match self.0.recv().await {
            Ok(notice) => ControlEvent::Control(notice),
            Err(broadcast::error::RecvError::Lagged(count)) => ControlEvent::Missed(count),
            Err(broadcast::error::RecvError::Closed) => core::future::pending().await,
        }
    }
}

fn render(answer: &Result<Answer, CommandError>) -> String {
    match answer {
        Ok(answer) => answer.to_string(),
        Err(error) => format!("err {error}"),
    }
}

/// How long a peer may take to take an answer.
const WRITE_LIMIT: Duration = Duration::from_secs(60);

/// Serves the process side until the stream ends.
pub(super) async fn serve<S>(process: Process, mut stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut pending: Vec<u8> = Vec::new();
    let mut buffer = [0; 1024];
    let mut controls: Option<Controls> = None;
    loop {
        let read = tokio::select! {
            read = stream.read(&mut buffer) => read,
            told = next(&mut controls) => {
                if !write(&mut stream, told.to_string()).await {
                    return;
                }
                continue;
            }
        };
        let count = match read {
            Ok(0) | Err(_) => return,
            Ok(count) => count,
        };
        pending.extend_from_slice(buffer.get(..count).unwrap_or(&[]));
        while let Some(end) = pending.iter().position(|octet| *octet == b'\n') {
            let line: Vec<u8> = pending.drain(..=end).collect();
            let answer = match str::from_utf8(&line) {
                Ok(line) => answer(&process, line.trim(), &mut controls),
                Err(_) => "err expected text".to_owned(),
            };
            if !write(&mut stream, answer).await {
                return;
            }
        }
        if pending.len() > MAX_LINE {
            write(&mut stream, format!("err {}", process::too_long())).await;
            return;
        }
    }
}

fn answer(process: &Process, line: &str, controls: &mut Option<Controls>) -> String {
    match line.parse() {
        Ok(Command::Subscribe(on)) => {
            *controls = on.then(|| controls.take().unwrap_or_else(|| process.controls()));
            "ok".to_owned()
        }
        Ok(command) => render(&process.obey(&command)),
        Err(error) => render(&Err(error)),
    }
}

async fn next(controls: &mut Option<Controls>) -> ControlEvent {
    match controls {
        Some(controls) => controls.next().await,
        None => core::future::pending().await,
    }
}

/// Writes a line; false when nobody takes it.
async fn write<S: AsyncWrite + Unpin>(stream: &mut S, mut line: String) -> bool {
    line.push('\n');
    let written = tokio::time::timeout(WRITE_LIMIT, stream.write_all(line.as_bytes())).await;
    matches!(written, Ok(Ok(())))
}
