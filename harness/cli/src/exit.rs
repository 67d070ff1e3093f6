//! Exit codes, which are an interface: scripts and pipelines rely on them.

use std::process::ExitCode;

use iedassay_reports::Conclusion;

/// Why the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything that ran conforms, waivers applied; or the command did what it was asked to do.
    Conforms,
    /// At least one nonconformance, or a difference that was asked for.
    Nonconforming,
    /// Usage, or an error in a suite, target, statement or SCL file.
    Usage,
    /// No association, an error of the harness, or an interruption.
    CouldNotTest,
    /// Nothing was selected, or nothing that was selected applies.
    NothingSelected,
}

impl Exit {
    /// Everything that ran conforms.
    pub(crate) const CONFORMS: u8 = 0;
    /// At least one nonconformance.
    pub(crate) const NONCONFORMING: u8 = 1;
    /// Usage, or an error in a suite, target, statement or SCL file.
    pub(crate) const USAGE: u8 = 2;
    /// Could not test.
    pub(crate) const COULD_NOT_TEST: u8 = 3;
    /// Nothing was selected.
    pub(crate) const NOTHING_SELECTED: u8 = 4;

    /// The number that the shell sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Conforms => Self::CONFORMS,
            Self::Nonconforming => Self::NONCONFORMING,
            Self::Usage => Self::USAGE,
            Self::CouldNotTest => Self::COULD_NOT_TEST,
            Self::NothingSelected => Self::NOTHING_SELECTED,
        }
    }
}

impl From<Conclusion> for Exit {
    fn from(conclusion: Conclusion) -> Self {
        match conclusion {
            Conclusion::Conforms => Self::Conforms,
            Conclusion::Nonconforming => Self::Nonconforming,
            Conclusion::CouldNotTest => Self::CouldNotTest,
            Conclusion::NothingSelected => Self::NothingSelected,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
