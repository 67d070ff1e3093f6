//! The published test procedures that cases answer to, and why some have no case.
//!
//! Ids are those of IEC 61850-10 and the UCAIug procedures; titles are our own words.

use serde::Deserialize;

use super::Library;

/// `suites/procedures.json`: one procedure a line.
const TEXT: &str = include_str!("../../../../suites/procedures.json");

/// A published procedure.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Its id, such as `sRp5`.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The conformance block, or the part of the documentation, it belongs to.
    pub block: String,
    /// Editions of the standard that have it.
    pub editions: Vec<String>,
    /// `mandatory` or `conditional` once the block is claimed.
    pub status: String,
    /// Why no case is named after it, where none is.
    #[serde(default)]
    pub untested: Option<String>,
}

/// All of them, in the order of the file.
///
/// # Errors
///
/// When the file is none.
pub fn all() -> Result<Vec<Procedure>, serde_json::Error> {
    serde_json::from_str(TEXT)
}

/// The procedure of an id, whatever the case of its letters.
///
/// # Errors
///
/// When the file is none.
pub fn find(id: &str) -> Result<Option<Procedure>, serde_json::Error> {
    Ok(all()?
        .into_iter()
        .find(|procedure| procedure.id.eq_ignore_ascii_case(id)))
}

impl Procedure {
    /// The cases that are named after it, each with how sure that is.
    pub fn cases<'a>(
        &'a self,
        library: &'a Library,
    ) -> impl Iterator<Item = (&'a str, &'static str)> + 'a {
        library.cases().flat_map(move |(_, case)| {
            let named = case
                .uca
                .iter()
                .filter(|(id, _)| id.value == self.id)
                .map(|(_, sure)| (case.id.value.as_str(), sure.as_str()));
            named.collect::<Vec<_>>()
        })
    }
}
