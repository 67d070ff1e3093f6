//! All suites of a run.

use std::sync::Arc;

use super::case::{Case, Suite};
use crate::diagnostic::{FileId, Sources, Spanned};

/// All suites of a run, and the texts they were read from.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// The texts.
    pub sources: Sources,
    /// The suites in the order of their files.
    pub suites: Vec<Arc<LoadedSuite>>,
    /// Names of the fragments that stand in the files asked for, unless no case at hand could use them: those of a file
    /// without cases that nobody includes.
    pub fragments: Vec<Spanned<String>>,
}

/// One suite file, read.
#[derive(Debug, Clone)]
pub struct LoadedSuite {
    /// The file.
    pub file: FileId,
    /// Name, `group/topic`.
    pub name: String,
    /// Title.
    pub title: String,
    /// Conformance blocks of its cases, unless a case names its own.
    pub block: Vec<String>,
    /// The cases.
    pub cases: Vec<Arc<Case>>,
}

impl LoadedSuite {
    pub(super) fn new(file: FileId, suite: Suite) -> Self {
        Self {
            file,
            name: suite.suite.value,
            title: suite.title,
            block: suite.block.iter().map(|b| b.value.clone()).collect(),
            cases: suite.cases.into_iter().map(Arc::new).collect(),
        }
    }

    /// The part of the name before `/`.
    #[must_use]
    pub fn group(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// The conformance blocks of a case.
    #[must_use]
    pub fn blocks_of(&self, case: &Case) -> Vec<String> {
        if case.block.is_empty() {
            self.block.clone()
        } else {
            case.block.iter().map(|b| b.value.clone()).collect()
        }
    }
}

impl Library {
    /// Every case with its suite.
    pub fn cases(&self) -> impl Iterator<Item = (&Arc<LoadedSuite>, &Arc<Case>)> {
        self.suites
            .iter()
            .flat_map(|s| s.cases.iter().map(move |c| (s, c)))
    }

    /// The case of an id.
    #[must_use]
    pub fn case(&self, id: &str) -> Option<(&Arc<LoadedSuite>, &Arc<Case>)> {
        self.cases().find(|(_, c)| c.id.value == id)
    }
}
