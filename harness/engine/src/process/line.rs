//! The line protocol of the process side: one command a line, one answer line, `ok [payload]` or `err reason`.
//!
//! The simulated IED and the launchers of foreign servers speak it. The connection is opened on first use and opened
//! again when it has failed, because a power cycle of the IED may take it down.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::connector::{BoxStream, Connector, Endpoint};

/// The longest answer line that is read.
const MAX_ANSWER: u64 = 64 * 1024;

/// Why a command of the process side did not work.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The process side answered `err`.
    #[error("the process side refused `{command}`: {reason}")]
    Refused {
        /// The command.
        command: String,
        /// Its reason.
        reason: String,
    },
    /// It answered neither `ok` nor `err`.
    #[error("the process side answered `{command}` with `{answer}`, expected `ok` or `err`")]
    NotUnderstood {
        /// The command.
        command: String,
        /// What came, shortened.
        answer: String,
    },
    /// It did not answer in time.
    #[error("the process side did not answer `{command}` within {} ms", .within.as_millis())]
    Silent {
        /// The command.
        command: String,
        /// How long was waited.
        within: Duration,
    },
    /// The connection failed.
    #[error("no connection to the {endpoint}: {error}")]
    Connection {
        /// Where to.
        endpoint: Endpoint,
        /// What happened.
        #[source]
        error: io::Error,
    },
}

/// A client of one process side. Commands are serialised.
pub struct LineProcess {
    connector: Arc<dyn Connector>,
    endpoint: Endpoint,
    connection: Mutex<Option<BufReader<BoxStream>>>,
}

impl LineProcess {
    /// A client that connects to `endpoint` when it is first needed.
    #[must_use]
    pub fn new(connector: Arc<dyn Connector>, endpoint: Endpoint) -> Self {
        Self {
            connector,
            endpoint,
            connection: Mutex::new(None),
        }
    }

    /// Sends `command` and returns the payload of its `ok`.
    ///
    /// # Errors
    /// Every way in which that can go wrong, within `within` altogether.
    pub async fn command(&self, command: &str, within: Duration) -> Result<String, LineError> {
        let mut slot = self.connection.lock().await;
        let reused = slot.is_some();
        let mut result = self.attempt(&mut slot, command, within).await;
        // A kept connection may have died with the IED it belonged to; one fresh attempt tells.
        if reused && matches!(result, Err(LineError::Connection { .. })) {
            result = self.attempt(&mut slot, command, within).await;
        }
        result
    }

    async fn attempt(
        &self,
        slot: &mut Option<BufReader<BoxStream>>,
        command: &str,
        within: Duration,
    ) -> Result<String, LineError> {
        // Taken out while in use: an exchange cut short by time or failure must not leave its answer for the next.
        let taken = slot.take();
        let exchange = async {
            let mut stream = match taken {
                Some(stream) => stream,
                None => BufReader::new(self.connector.connect(&self.endpoint).await?.stream),
            };
            let answer = exchange(&mut stream, command).await?;
            Ok((stream, answer))
        };
        match timeout(within, exchange).await {
            Err(_) => Err(LineError::Silent {
                command: command.to_owned(),
                within,
            }),
            Ok(Err(error)) => Err(LineError::Connection {
                endpoint: self.endpoint.clone(),
                error,
            }),
            Ok(Ok((stream, answer))) => {
                *slot = Some(stream);
                understand(command, &answer)
            }
        }
    }
}

async fn exchange(stream: &mut BufReader<BoxStream>, command: &str) -> io::Result<String> {
    stream
        .get_mut()
        .write_all(format!("{command}\n").as_bytes())
        .await?;
    stream.get_mut().flush().await?;
    let mut answer = String::new();
    (&mut *stream)
        .take(MAX_ANSWER)
        .read_line(&mut answer)
        .await?;
    if !answer.ends_with('\n') {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "connection closed before the answer",
        ));
    }
    Ok(answer)
}

fn understand(command: &str, answer: &str) -> Result<String, LineError> {
    let answer = answer.trim_end();
    let (word, rest) = answer.split_once(' ').unwrap_or((answer, ""));
    match word {
        "ok" => Ok(rest.to_owned()),
        "err" => Err(LineError::Refused {
            command: command.to_owned(),
            reason: rest.to_owned(),
        }),
        _ => Err(LineError::NotUnderstood {
            command: command.to_owned(),
            answer: answer.chars().take(80).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::{ConnectFuture, Connection};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::DuplexStream;

    /// Serves each new connection with the next script: answers in order, then close.
    struct Scripted {
        scripts: Vec<Vec<&'static str>>,
        next: AtomicUsize,
    }

    impl Connector for Scripted {
        fn connect<'a>(&'a self, _: &'a Endpoint) -> ConnectFuture<'a> {
            let script = self
                .scripts
                .get(self.next.fetch_add(1, Ordering::SeqCst))
                .cloned();
            Box::pin(async move {
                let script = script.ok_or(io::ErrorKind::ConnectionRefused)?;
                let (ours, theirs) = tokio::io::duplex(1024);
                tokio::spawn(serve(theirs, script));
                Ok(Connection::in_process(Box::new(ours)))
            })
        }

        fn describe(&self) -> String {
            "scripted".into()
        }
    }

    async fn serve(stream: DuplexStream, script: Vec<&'static str>) {
        let mut stream = BufReader::new(stream);
        for answer in script {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap() == 0 {
                return;
            }
            if answer == "silence" {
                std::future::pending::<()>().await;
            }
            stream.get_mut().write_all(answer.as_bytes()).await.unwrap();
        }
    }

    fn process(scripts: Vec<Vec<&'static str>>) -> LineProcess {
        LineProcess::new(
            Arc::new(Scripted {
                scripts,
                next: AtomicUsize::new(0),
            }),
            Endpoint::Process,
        )
    }

    const WITHIN: Duration = Duration::from_secs(2);

    #[tokio::test(start_paused = true)]
    async fn payload_of_ok_comes_back() {
        let process = process(vec![vec!["ok\n", "ok 3.5\r\n"]]);
        assert_eq!(process.command("ping", WITHIN).await.unwrap(), "");
        assert_eq!(process.command("get x", WITHIN).await.unwrap(), "3.5");
    }

    #[tokio::test(start_paused = true)]
    async fn refusal_nonsense_and_silence_are_told_apart() {
        let process = process(vec![vec!["err no such object\n", "hello\n", "silence"]]);
        let refused = process.command("set x 1", WITHIN).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the process side refused `set x 1`: no such object"
        );
        let nonsense = process.command("ping", WITHIN).await.unwrap_err();
        assert!(
            matches!(nonsense, LineError::NotUnderstood { .. }),
            "{nonsense}"
        );
        let silent = process.command("ping", WITHIN).await.unwrap_err();
        assert_eq!(
            silent.to_string(),
            "the process side did not answer `ping` within 2000 ms"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_died_is_opened_again_once() {
        let process = process(vec![vec!["ok 1\n"], vec!["ok 2\n"]]);
        assert_eq!(process.command("get x", WITHIN).await.unwrap(), "1");
        assert_eq!(process.command("get x", WITHIN).await.unwrap(), "2");
        let gone = process.command("get x", WITHIN).await.unwrap_err();
        assert!(matches!(gone, LineError::Connection { .. }), "{gone}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_came_too_late_is_not_taken_for_the_next() {
        let process = process(vec![vec!["silence"], vec!["ok fresh\n"]]);
        process.command("get x", WITHIN).await.unwrap_err();
        assert_eq!(process.command("get y", WITHIN).await.unwrap(), "fresh");
    }
}
