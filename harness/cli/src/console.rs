//! The two streams of the terminal: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};

use iedassay_reports::{acts, visible};

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

    /// A result for people. Whatever a device says, only colours of ours act on a terminal.
    ///
    /// # Errors
    /// When standard output cannot be written, unless the reader has just gone away.
    pub(crate) fn result(self, text: &str) -> Result<(), Failure> {
        self.raw(&shown(text, self.color_out))
    }

    /// A JSON document. Characters that act on a terminal stay what they are, as escapes of JSON.
    ///
    /// # Errors
    /// As [`Console::result`].
    pub(crate) fn json(self, document: &str) -> Result<(), Failure> {
        self.raw(&json_shown(document))
    }

    /// Text of ours, octet by octet.
    ///
    /// # Errors
    /// As [`Console::result`].
    pub(crate) fn raw(self, text: &str) -> Result<(), Failure> {
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
        let text = shown(text, self.color_err);
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

/// A text in which nothing acts but the colours of [`paint`], where there are any.
fn shown(text: &str, colors: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}').filter(|_| colors) {
        let (before, from) = rest.split_at(at);
        out.push_str(&visible(before));
        let length = color_length(from);
        let (sequence, after) = from.split_at(length.unwrap_or(1));
        match length {
            Some(_) => out.push_str(sequence),
            None => out.push_str(&visible(sequence)),
        }
        rest = after;
    }
    out.push_str(&visible(rest));
    out
}

/// Octets of the colour that a text begins with.
fn color_length(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let end = codes.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    codes.get(end..)?.starts_with('m').then_some(end + 3)
}

/// A JSON document without characters that act: outside of strings there are none but line feeds.
fn json_shown(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    for c in document.chars() {
        if c == '\n' || !acts(c) {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_on_a_terminal_but_our_colours() {
        let text = "\u{1b}[1;31mFAIL\u{1b}[0m \u{1b}[2J\u{1b}]0;t\u{7}\u{9b}2J\u{202e}x\n";
        let safe = r"\x1b[2J\x1b]0;t\x07\x9b2J\u{202e}x";
        assert_eq!(
            shown(text, true),
            format!("\u{1b}[1;31mFAIL\u{1b}[0m {safe}\n")
        );
        assert_eq!(
            shown(text, false),
            format!(r"\x1b[1;31mFAIL\x1b[0m {safe}") + "\n"
        );
        assert_eq!(shown("\u{1b}[31", true), r"\x1b[31");
    }

    #[test]
    fn json_says_the_same_without_acting() {
        let value = serde_json::json!({"vendor": "\u{1b}[2J\u{9b}2J\u{202e}x\u{feff}"});
        let safe = json_shown(&value.to_string());
        assert!(safe.is_ascii(), "{safe}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&safe).unwrap(),
            value
        );
    }
}
