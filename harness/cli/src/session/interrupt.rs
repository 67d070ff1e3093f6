//! Ctrl-C: the first asks the run to end and to put the device back, the second ends it at once.

use iedassay_engine::cancel::CancelHandle;

use crate::console::Console;
use crate::exit::Exit;

/// Cancels the run at the first Ctrl-C (or SIGTERM, as pipelines send it), exits at the second.
pub(crate) fn cancel_on_signals(handle: CancelHandle, console: Console) {
    tokio::spawn(async move {
        if signal().await.is_err() {
            return;
        }
        handle.cancel();
        console.note("interrupted: putting the device back; once more to quit at once");
        if signal().await.is_ok() {
            quit();
        }
    });
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

// The runner may be waiting for a device that says nothing: nobody is left to return to.
#[allow(
    clippy::exit,
    reason = "the user has asked twice; the record on disk is valid and says interrupted"
)]
fn quit() {
    std::process::exit(i32::from(Exit::COULD_NOT_TEST));
}
