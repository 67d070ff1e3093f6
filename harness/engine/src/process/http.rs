//! Stimuli by HTTP: a test set or a lab service with a web interface.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, timeout_at};

use crate::connector::{Connector, Endpoint};
use crate::target::HttpCall;

/// The longest head of an answer, and how much of the server's buffer is taken at a time.
const MAX_HEAD: usize = 64 * 1024;
/// How much of what a server says about a failure is kept for the report.
const MAX_COMPLAINT: usize = 1024;

/// Why an HTTP call did not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The values cannot be put into the request.
    #[error("`{call}` cannot be made: {reason}")]
    Request {
        /// Method and URL.
        call: String,
        /// What is wrong.
        reason: String,
    },
    /// The connection failed, or what came is no HTTP.
    #[error("`{call}` failed: {reason}")]
    Connection {
        /// Method and URL.
        call: String,
        /// What happened.
        reason: String,
    },
    /// No answer in time.
    #[error("`{call}` was not answered within {} ms", .within.as_millis())]
    Silent {
        /// Method and URL.
        call: String,
        /// How long was waited.
        within: Duration,
    },
    /// The server answered, but not with success.
    #[error("`{call}` was answered with {status}: {said}")]
    Status {
        /// Method and URL.
        call: String,
        /// Status code and its words.
        status: String,
        /// What the server said, shortened.
        said: String,
    },
}

/// Makes a call on a connection of its own, with every `{key}` replaced by its value. Redirections are not followed.
///
/// # Errors
/// When it cannot be made, fails, takes longer than `within` altogether, or is answered with anything but a status
/// of the 200s.
pub async fn call(
    connector: &dyn Connector,
    call: &HttpCall,
    replace: &[(&str, &str)],
    within: Duration,
) -> Result<(), HttpError> {
    let end = Instant::now() + within;
    let request = call.request(replace).map_err(|reason| HttpError::Request {
        call: call.describe(),
        reason,
    })?;
    let failed = |reason: String| HttpError::Connection {
        call: call.describe(),
        reason,
    };
    let exchange = async {
        let endpoint = Endpoint::Http(call.address().to_owned());
        let connection = connector
            .connect(&endpoint)
            .await
            .map_err(|error| failed(error.to_string()))?;
        let (mut sender, driver) = http1::Builder::new()
            .max_buf_size(MAX_HEAD)
            .handshake(TokioIo::new(connection.stream))
            .await
            .map_err(|error| failed(in_full(&error)))?;
        let conversation = async {
            let response = sender
                .send_request(request)
                .await
                .map_err(|error| failed(in_full(&error)))?;
            if response.status().is_success() {
                return Ok(());
            }
            let status = response.status().to_string();
            Err(HttpError::Status {
                call: call.describe(),
                status,
                said: complaint(response, end).await,
            })
        };
        // The driver moves the octets; it ends when the conversation is over or the connection is.
        let mut conversation = std::pin::pin!(conversation);
        tokio::select! {
            biased;
            answer = &mut conversation => answer,
            _ = driver => conversation.await,
        }
    };
    timeout_at(end, exchange).await.unwrap_or_else(|_| {
        Err(HttpError::Silent {
            call: call.describe(),
            within,
        })
    })
}

/// The beginning of a body, as far as it comes in half of the time that is left.
async fn complaint(response: Response<Incoming>, end: Instant) -> String {
    let now = Instant::now();
    let until = now + end.saturating_duration_since(now) / 2;
    let mut body = response.into_body();
    let mut kept = Vec::new();
    while kept.len() < MAX_COMPLAINT {
        match timeout_at(until, body.frame()).await {
            Ok(Some(Ok(frame))) => {
                let data = frame.data_ref().map(AsRef::as_ref).unwrap_or_default();
                kept.extend_from_slice(data);
            }
            // A status without a whole body is still a status.
            _ => break,
        }
    }
    kept.truncate(MAX_COMPLAINT);
    let text = String::from_utf8_lossy(&kept).trim().to_owned();
    if text.is_empty() {
        "it said nothing".to_owned()
    } else {
        text
    }
}

/// An error with its causes.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::TcpConnector;
    use crate::diagnostic::Sources;
    use crate::target::{Action, load::load};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    fn get(url: &str) -> HttpCall {
        let mut sources = Sources::new();
        let text = format!(
            "target: t\naddress: 127.0.0.1\npower: {{http: {{url: '{url}', method: GET}}}}\n"
        );
        let file = sources.add("t.yaml", text);
        match load(&sources, file).unwrap().0.power.unwrap().action {
            Action::Http(call) => call,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn speaks_over_tcp_and_tells_a_closed_port() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 1024];
            let count = stream.read(&mut request).await.unwrap();
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .await
                .unwrap();
            request.truncate(count);
            request
        });
        let connector = TcpConnector::new("127.0.0.1:102", None);
        let once = get(&format!("http://{address}/off"));
        let within = Duration::from_secs(5);
        call(&connector, &once, &[], within).await.unwrap();
        let request = server.await.unwrap();
        assert!(request.starts_with(b"GET /off HTTP/1.1\r\n"));
        // The listener is gone.
        let refused = call(&connector, &once, &[], within).await.unwrap_err();
        assert!(matches!(refused, HttpError::Connection { .. }), "{refused}");
    }
}
