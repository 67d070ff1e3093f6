//! The process side: one command a line, one answer line.

use std::{fmt, sync::Arc};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Shared;

/// Longest command, in octets.
const MAX_LINE: usize = 4096;

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

    /// Obeys one command of the line protocol; answers `ok`, `ok PAYLOAD` or `err REASON`.
    ///
    /// | command | does |
    /// |---|---|
    /// | `set REF VALUE` | sets a value and the time stamp beside it, triggers data or quality change |
    /// | `update REF` | writes the same value again (data update) |
    /// | `get REF` | answers the value |
    /// | `block REF on` or `off` | the process refuses control of the object |
    /// | `hold REF CAUSE on` or `off` | the process holds a cause (AddCause, as `blocked-by-interlocking` or `abortion-by-trip`) against the object: a command that asks is refused with it, one with enhanced security that executes ends with it |
    /// | `stick REF on` or `off` | the process accepts control of the object and does not move |
    /// | `blackhole on` or `off` | established connections fall silent as with a pulled cable |
    /// | `restart` | a power cycle |
    /// | `ping` | answers `ok` |
    ///
    /// A reference is `LD/LN.DO.DA[FC]`; a value is `true`, `-3`, `1.5`, `'text'`, `off|on|intermediate|bad`, a quality such as
    /// `invalid+test`, an enumeration literal or number, or bits as `0b0101`.
    #[must_use]
    pub fn command(&self, line: &str) -> String {
        match self.obey(line.trim()) {
            Ok(None) => "ok".to_owned(),
            Ok(Some(payload)) => format!("ok {payload}"),
            Err(reason) => format!("err {}", reason.replace(['\r', '\n'], " ")),
        }
    }

    fn obey(&self, line: &str) -> Result<Option<String>, String> {
        match line {
            "ping" => Ok(None),
            "restart" => {
                self.shared.power_cycle();
                Ok(None)
            }
            "blackhole on" | "blackhole off" => {
                self.shared.set_cut(line.ends_with("on"));
                Ok(None)
            }
            _ => {
                let now = self.shared.now();
                let mut state = self.shared.lock();
                let result = state.ied.process_command(line, now);
                let kept = state.settle(false);
                state.tell_others(None, None);
                if kept {
                    result
                } else {
                    self.shared.tick(&state);
                    Err("it cannot be kept".to_owned())
                }
            }
        }
    }
}

/// Serves the process side until the stream ends.
pub(super) async fn serve<S>(process: Process, mut stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut pending: Vec<u8> = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let count = match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => count,
        };
        pending.extend_from_slice(buffer.get(..count).unwrap_or(&[]));
        while let Some(end) = pending.iter().position(|octet| *octet == b'\n') {
            let line: Vec<u8> = pending.drain(..=end).collect();
            let mut answer = match str::from_utf8(&line) {
                Ok(line) => process.command(line),
                Err(_) => "err expected text".to_owned(),
            };
            answer.push('\n');
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
        if pending.len() > MAX_LINE {
            let _ = stream.write_all(b"err the line is too long\n").await;
            return;
        }
    }
}
