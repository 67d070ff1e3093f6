//! A secured stream.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::error::Seen;
use crate::session::Session;

/// A stream of plain octets over TLS. Its errors hold a [`TlsError`](crate::TlsError) where TLS is what went wrong.
///
/// What is written is sent without a flush, as on TCP.
#[derive(Debug)]
pub struct TlsStream<S> {
    inner: tokio_rustls::TlsStream<S>,
    seen: Arc<Seen>,
    session: Session,
    /// Records that are made and not yet taken by the stream below.
    unsent: bool,
}

impl<S> TlsStream<S> {
    pub(crate) const fn new(
        inner: tokio_rustls::TlsStream<S>,
        seen: Arc<Seen>,
        session: Session,
    ) -> Self {
        Self {
            inner,
            seen,
            session,
            unsent: false,
        }
    }

    /// What the handshake agreed on.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream<S> {
    /// Sends what is left; ready when nothing is.
    fn send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.unsent {
            let sent = ready!(Pin::new(&mut self.inner).poll_flush(cx));
            self.unsent = false;
            sent.map_err(|error| self.explained(error))?;
        }
        Poll::Ready(Ok(()))
    }

    fn explained(&self, error: io::Error) -> io::Error {
        let of_tls = error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>);
        if of_tls {
            self.seen.explain(&error).into()
        } else {
            error
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for TlsStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // Who waits for an answer must not wait for ever because the question is still here. That it cannot be sent is
        // for the next writing to say: the peer may have said why before.
        let _ = self.send(cx);
        match ready!(Pin::new(&mut self.inner).poll_read(cx, buf)) {
            Ok(()) => Poll::Ready(Ok(())),
            // No close_notify: what the layers above exchange says by itself whether it is complete (TPKT, Conclude).
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            Err(error) => Poll::Ready(Err(self.explained(error))),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TlsStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.send(cx))?;
        let written = ready!(Pin::new(&mut self.inner).poll_write(cx, buf))
            .map_err(|error| self.explained(error))?;
        self.unsent = true;
        // As much as goes at once; the rest goes with the next writing or reading.
        if let Poll::Ready(Err(error)) = self.send(cx) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.send(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
