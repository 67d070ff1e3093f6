//! Why the process side cannot do something.

use core::fmt;

/// The kinds of mistakes: stable, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommandErrorKind {
    /// There is no such verb.
    UnknownVerb,
    /// An argument is missing.
    Missing,
    /// There is an argument too many.
    Superfluous,
    /// An argument cannot be read as what it has to be.
    Malformed,
    /// The reference is of nothing in the model.
    UnknownReference,
    /// What the reference means cannot be treated so.
    Unsuitable,
    /// The value is of another type, or outside the range of its type.
    WrongValue,
    /// A bound of the process side.
    TooMuch,
    /// The verb has no meaning there.
    NotHere,
    /// What outlives the IED cannot be kept any more.
    NotKept,
}

/// A command that the process side does not obey: what is wrong, with which argument, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandError {
    /// What kind of mistake it is.
    pub kind: CommandErrorKind,
    /// The argument that is wrong, by its name in the table of verbs.
    pub argument: Option<&'static str>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl CommandError {
    pub(crate) fn new(kind: CommandErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            argument: None,
            message: message.into(),
            remedy: None,
        }
    }

    pub(crate) fn of(self, argument: &'static str) -> Self {
        Self {
            argument: Some(argument),
            ..self
        }
    }

    pub(crate) fn remedy(self, remedy: impl Into<String>) -> Self {
        Self {
            remedy: Some(remedy.into()),
            ..self
        }
    }
}

/// In one line.
impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |text: &str| text.replace(char::is_control, " ");
        f.write_str(&plain(&self.message))?;
        match &self.remedy {
            Some(remedy) => write!(f, "; {}", plain(remedy)),
            None => Ok(()),
        }
    }
}

impl core::error::Error for CommandError {}
