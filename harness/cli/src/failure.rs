//! Why a command stops, with the remedy.

use std::io;
use std::path::Path;

use crate::exit::Exit;

/// Why a command stops: what happened, why, and what to do about it. Lower case, no full stop, literals in backquotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// What happened; empty when everything has been said already, as diagnostics.
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) hints: Vec<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            causes: Vec::new(),
            hints: Vec::new(),
        }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The diagnostics that were printed say it all.
    pub(crate) fn said(exit: Exit) -> Self {
        Self::new(exit, String::new())
    }

    /// The device cannot be tested; the engine puts what to do about it in brackets at the end.
    pub(crate) fn could_not_test(reason: &str) -> Self {
        match reason
            .strip_suffix(')')
            .and_then(|text| text.rsplit_once(" (hint: "))
        {
            Some((reason, hint)) => Self::new(Exit::CouldNotTest, reason).hint(hint),
            None => Self::new(Exit::CouldNotTest, reason),
        }
    }

    pub(crate) fn cause(mut self, cause: impl ToString) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let failure = Self::usage(format!(
            "cannot read `{}`: {}",
            path.display(),
            plain_io(error)
        ));
        match error.kind() {
            io::ErrorKind::NotFound => {
                failure.hint("check the path; it is relative to the working directory")
            }
            io::ErrorKind::InvalidData => failure.hint("the file must be UTF-8 text"),
            _ => failure,
        }
    }

    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::new(
            Exit::CouldNotTest,
            format!("cannot write `{}`: {}", path.display(), plain_io(error)),
        )
        .hint("choose another directory with `--out`")
    }
}

/// What the operating system says, in the style of our messages: lower case, without the error number.
pub(crate) fn plain_io(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_errors_are_told_in_our_style() {
        assert_eq!(
            plain_io(&io::Error::from_raw_os_error(2)),
            "no such file or directory"
        );
    }
}
