//! Cancellation of a run: Ctrl-C asks, the runner finishes the step, restores the IED and closes the record.

use tokio::sync::watch;

/// The side that asks for the end of a run. Dropping it cancels nothing.
#[derive(Debug, Clone)]
pub struct CancelHandle(watch::Sender<bool>);

/// The side that is asked. Cheap to clone; every clone sees the same request.
#[derive(Debug, Clone)]
pub struct CancelToken(watch::Receiver<bool>);

/// A connected pair.
#[must_use]
pub fn cancellation() -> (CancelHandle, CancelToken) {
    let (sender, receiver) = watch::channel(false);
    (CancelHandle(sender), CancelToken(receiver))
}

impl CancelHandle {
    /// Asks for the end. May be called any number of times, from anywhere.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }
}

impl CancelToken {
    /// A token that is never cancelled.
    #[must_use]
    pub fn never() -> Self {
        cancellation().1
    }

    /// Whether the end has been asked for.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves when the end is asked for; never, if it never is.
    pub async fn cancelled(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|cancelled| *cancelled).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn every_clone_sees_the_request() {
        let (handle, token) = cancellation();
        let other = token.clone();
        assert!(!other.is_cancelled());
        handle.cancel();
        token.cancelled().await;
        assert!(other.is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_handle_cancels_nothing() {
        let token = CancelToken::never();
        let waited = tokio::time::timeout(Duration::from_secs(3600), token.cancelled()).await;
        assert!(waited.is_err());
        assert!(!token.is_cancelled());
    }
}
