//! Ends what virtual time cannot end: where something always happens, a paused clock never moves, and no deadline comes.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::Scope;
use std::time::Duration;

use iedassay_engine::cancel::{CancelHandle, CancelToken, cancellation};

/// Real time after which a case is given up. It takes milliseconds.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

/// Watches one worker.
pub(super) struct Watchdog(Sender<Word>);

enum Word {
    Begin(CancelHandle),
    End,
}

impl Watchdog {
    /// Starts watching; ends with the watchdog's drop.
    pub(super) fn start<'scope>(scope: &'scope Scope<'scope, '_>, limit: Duration) -> Self {
        let (sender, words) = mpsc::channel();
        scope.spawn(move || {
            while let Ok(word) = words.recv() {
                let Word::Begin(handle) = word else { continue };
                if let Err(RecvTimeoutError::Timeout) = words.recv_timeout(limit) {
                    handle.cancel();
                }
            }
        });
        Self(sender)
    }

    /// Does `work`, which is to end soon after its token is cancelled.
    pub(super) fn guard<T>(&self, work: impl FnOnce(&CancelToken) -> T) -> T {
        let (handle, token) = cancellation();
        // The other end lives as long as this one.
        let _ = self.0.send(Word::Begin(handle));
        let done = work(&token);
        let _ = self.0.send(Word::End);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spin(give_up: &CancelToken) -> bool {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = give_up.cancelled() => true,
                () = async { loop { tokio::task::yield_now().await } } => false,
            }
        })
    }

    #[test]
    fn gives_up_what_never_ends_and_goes_on_with_the_next() {
        std::thread::scope(|scope| {
            let watchdog = Watchdog::start(scope, Duration::from_millis(5));
            assert!(watchdog.guard(spin));
            assert!(watchdog.guard(spin), "also the second");
        });
    }

    #[test]
    fn leaves_what_ends_in_time() {
        std::thread::scope(|scope| {
            let watchdog = Watchdog::start(scope, LIMIT);
            for _ in 0..100 {
                assert!(!watchdog.guard(CancelToken::is_cancelled));
            }
        });
    }
}
