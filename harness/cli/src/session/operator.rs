//! The person at the device, asked on the terminal.

use std::io::{self, BufRead, IsTerminal};
use std::pin::Pin;
use std::sync::Arc;

use iedassay_engine::runner::Operator;

use crate::console::Console;

/// A person at the terminal; nobody when standard input is none.
pub(crate) fn at_terminal(console: Console) -> Option<Arc<dyn Operator>> {
    if !io::stdin().is_terminal() {
        return None;
    }
    Some(Arc::new(AtTerminal { console }))
}

struct AtTerminal {
    console: Console,
}

impl Operator for AtTerminal {
    fn ask<'a>(
        &'a self,
        text: &'a str,
    ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>> {
        self.console.note(&format!(
            "\n>> {text}\n>> press Enter when it is done, or say what went wrong: "
        ));
        Box::pin(async {
            let line = tokio::task::spawn_blocking(|| {
                let mut line = String::new();
                io::stdin()
                    .lock()
                    .read_line(&mut line)
                    .ok()
                    .filter(|read| *read > 0)
                    .map(|_| line)
            });
            line.await.ok().flatten().map(|line| line.trim().to_owned())
        })
    }
}
