//! The cases of all suites as people and programs list them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use iedassay_engine::plan::Filter;
use iedassay_engine::suite::load::{self, Loaded};
use iedassay_engine::suite::{Case, Library, LoadedSuite};
use schemars::JsonSchema;
use serde::Serialize;

use crate::console::Console;
use crate::diagnostics;
use crate::exit::Exit;
use crate::failure::Failure;

/// The suites of these files and directories, or those inside the binary when none is named. Errors are shown, all of
/// them, with a caret.
pub(crate) fn load(paths: &[PathBuf], console: &Console) -> Result<Library, Failure> {
    let loaded: Loaded = if paths.is_empty() {
        load::load_embedded()
    } else {
        load::load_paths(paths)
    };
    if loaded.has_errors() {
        diagnostics::show(console, &loaded.diagnostics, &loaded.library.sources);
        return Err(Failure::said(Exit::Usage));
    }
    Ok(loaded.library)
}

/// Filters from the command line.
pub(crate) fn filters(texts: &[String]) -> Result<Vec<Filter>, Failure> {
    let parse = |text: &String| {
        Filter::parse(text).map_err(|error| {
            Failure::usage(error.to_string()).hint("a filter is an id with `*`, a group, a suite, an id such as `sRp5`, or `block:5`, `tag:x`, `kind:negative`, joined by `and`, `or`, `not`")
        })
    };
    texts.iter().map(parse).collect()
}

/// A case without its steps.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CaseView {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) suite: String,
    pub(crate) group: String,
    pub(crate) kind: &'static str,
    pub(crate) block: Vec<String>,
    /// Published ids with the confidence of the pairing.
    pub(crate) uca: BTreeMap<String, &'static str>,
    pub(crate) clause: Option<String>,
    pub(crate) rationale: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) edition: Vec<&'static str>,
    pub(crate) needs: NeedsView,
    /// Variables and the expressions they run over.
    pub(crate) for_each: BTreeMap<String, String>,
    /// File and line.
    pub(crate) source: String,
}

#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct NeedsView {
    pub(crate) capability: Vec<String>,
    pub(crate) stimulus: Vec<&'static str>,
    pub(crate) allow: Vec<&'static str>,
    pub(crate) pixit: Vec<String>,
    pub(crate) model: Vec<String>,
    pub(crate) when: Option<String>,
}

impl CaseView {
    pub(crate) fn of(library: &Library, suite: &LoadedSuite, case: &Case) -> Self {
        let place = library.sources.position(case.id.span);
        Self {
            id: case.id.value.clone(),
            title: case.title.clone(),
            suite: suite.name.clone(),
            group: suite.group().to_owned(),
            kind: case.kind().as_str(),
            block: suite.blocks_of(case),
            uca: case
                .uca
                .iter()
                .map(|(id, confidence)| (id.value.clone(), confidence.as_str()))
                .collect(),
            clause: case.clause.clone(),
            rationale: case
                .rationale
                .as_deref()
                .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")),
            tags: case.tags.iter().map(|tag| tag.value.clone()).collect(),
            edition: case
                .edition
                .iter()
                .map(|edition| edition.value.as_str())
                .collect(),
            needs: NeedsView {
                when: case.when.as_ref().map(|expr| expr.source.to_string()),
                ..case
                    .needs
                    .as_ref()
                    .map_or_else(NeedsView::default, |needs| NeedsView {
                        capability: needs.capability.iter().map(|id| id.value.clone()).collect(),
                        stimulus: needs
                            .stimulus
                            .iter()
                            .map(|kind| kind.value.as_str())
                            .collect(),
                        allow: needs.allow.iter().map(|what| what.value.as_str()).collect(),
                        pixit: needs.pixit.iter().map(|id| id.value.clone()).collect(),
                        model: needs
                            .exprs()
                            .iter()
                            .map(|expr| expr.source.to_string())
                            .collect(),
                        when: None,
                    })
            },
            for_each: case
                .for_each
                .iter()
                .map(|(name, expr)| (name.value.clone(), expr.source.to_string()))
                .collect(),
            source: format!("{}:{}", place.file, place.line),
        }
    }

    /// What the case needs, in a few words; empty when it needs nothing.
    pub(crate) fn needs_in_words(&self) -> String {
        let mut parts = Vec::new();
        let mut part = |word: &str, list: String| {
            if !list.is_empty() {
                parts.push(format!("{word} {list}"));
            }
        };
        part("claim", self.needs.capability.join(" "));
        part("stimulus", self.needs.stimulus.join(" "));
        part("allow", self.needs.allow.join(" "));
        part("pixit", self.needs.pixit.join(" "));
        parts.join(", ")
    }
}
