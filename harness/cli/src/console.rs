//! The two streams of the terminal: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};

use crate::args::ColorChoice;
use crate::failure::Failure;

/// Where the command speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    /// Colours on standard output.
    pub(crate) color_out: bool,
    /// Colours on standard error.
    pub(crate) color_err: bool,
    /// Standard error is a terminal, so that progress may move on it.
    pub(crate) live: bool,
}

impl Console {
    pub(crate) fn new(choice: ColorChoice) -> Self {
        let live = io::stderr().is_terminal();
        Self {
            color_out: colored(choice, io::stdout().is_terminal()),
            color_err: colored(choice, live),
            live: live && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        }
    }

    /// Columns to fill; a fixed number when nobody looks, so that files do not depend on a terminal.
    pub(crate) fn width(self) -> usize {
        let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
        if io::stdout().is_terminal() {
            columns().unwrap_or(100)
        } else {
            100
        }
    }

    /// A result, as it is.
    ///
    /// # Errors
    /// When standard output cannot be written, unless the reader has just gone away.
    pub(crate) fn result(self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(
                crate::exit::Exit::CouldNotTest,
                "cannot write to standard output",
            )
            .cause(error)),
            _ => Ok(()),
        }
    }

    /// A line about what is going on.
    pub(crate) fn note(self, text: &str) {
        // Nobody is left to tell when standard error is gone.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    pub(crate) fn warning(self, text: &str) {
        self.note(&format!("{} {text}", self.paint_err("1;33", "warning:")));
    }

    pub(crate) fn hint(self, text: &str) {
        self.note(&format!("{} {text}", self.paint_err("1;36", "hint:")));
    }

    pub(crate) fn failure(self, failure: &Failure) {
        if !failure.message.is_empty() {
            self.note(&format!(
                "{} {}",
                self.paint_err("1;31", "error:"),
                failure.message
            ));
        }
        for cause in &failure.causes {
            self.note(&format!("  caused by: {cause}"));
        }
        for hint in &failure.hints {
            self.hint(hint);
        }
    }

    pub(crate) fn paint_out(self, code: &str, text: &str) -> String {
        paint(self.color_out, code, text)
    }

    fn paint_err(self, code: &str, text: &str) -> String {
        paint(self.color_err, code, text)
    }
}

fn paint(color: bool, code: &str, text: &str) -> String {
    if color {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

// NO_COLOR (no-color.org) counts when it is set and not empty.
fn colored(choice: ColorChoice, terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}
