//! From files to a [`Library`], with every mistake of every file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::case::Suite;
use super::library::{Library, LoadedSuite};
use super::steps::{Step, StepEntry};
use super::{check, embedded};
use crate::diagnostic::{Code, Diagnostic, FileId, Sources, Spanned, sort};
use crate::yaml::{Decoder, FromNode, read};

/// Fragments inside fragments.
const MAX_FRAGMENT_DEPTH: usize = 16;
/// Steps of one case after fragments are put in.
const MAX_STEPS: usize = 10_000;

/// Where files come from.
pub trait Files {
    /// The text of the file of this name.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, in a few words.
    fn text(&self, name: &str) -> Result<String, String>;
}

/// The file system; names are paths.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn text(&self, name: &str) -> Result<String, String> {
        std::fs::read_to_string(name).map_err(|e| e.to_string().to_lowercase())
    }
}

/// The suites inside the binary.
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded;

impl Files for Embedded {
    fn text(&self, name: &str) -> Result<String, String> {
        embedded::get(name)
            .map(str::to_owned)
            .ok_or_else(|| "no such file".to_owned())
    }
}

/// What loading gave. The library holds what could be read, also when there are errors, so that a check can go on.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The suites.
    pub library: Library,
    /// Everything that is wrong, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether anything makes the suites unusable.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Loads the suites inside the binary.
#[must_use]
pub fn load_embedded() -> Loaded {
    let names: Vec<String> = embedded::SUITES
        .iter()
        .map(|(n, _)| (*n).to_owned())
        .collect();
    load(&names, &Embedded)
}

/// Loads suites from files and directories. Of a directory every `.yaml` below it is taken, except in directories named
/// `targets`, `schema` and `profiles`.
#[must_use]
pub fn load_paths(paths: &[PathBuf]) -> Loaded {
    let mut names = Vec::new();
    let mut troubles = Vec::new();
    for path in paths {
        if path.is_dir() {
            collect(path, &mut names, &mut troubles, 0);
        } else {
            names.push(path.to_string_lossy().into_owned());
        }
    }
    let mut loaded = load(&names, &Disk);
    loaded.diagnostics.extend(troubles);
    loaded
}

fn collect(dir: &Path, names: &mut Vec<String>, troubles: &mut Vec<Diagnostic>, depth: usize) {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) => {
            let message = format!("{} cannot be read: {e}", dir.display());
            troubles.push(Diagnostic::without_place(Code::Io, message));
            return;
        }
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
        if path.is_dir() {
            if !matches!(name, "targets" | "schema" | "profiles") && depth < 8 {
                collect(&path, names, troubles, depth.saturating_add(1));
            }
        } else if name.ends_with(".yaml") || name.ends_with(".yml") {
            names.push(path.to_string_lossy().into_owned());
        }
    }
}

/// Loads the suites of these names, and what they include.
#[must_use]
pub fn load(names: &[String], files: &dyn Files) -> Loaded {
    let mut loader = Loader {
        files,
        sources: Sources::new(),
        diagnostics: Vec::new(),
        read: BTreeMap::new(),
    };
    let mut wanted = Vec::new();
    for name in names {
        match loader.file(name) {
            Ok(()) => wanted.push(normal(name)),
            Err(why) => {
                let message = format!("`{name}` cannot be read: {why}");
                loader
                    .diagnostics
                    .push(Diagnostic::without_place(Code::Io, message));
            }
        }
    }
    let mut suites = Vec::new();
    let mut seen = BTreeSet::new();
    for name in &wanted {
        if !seen.insert(name.clone()) {
            continue;
        }
        let fragments = loader.fragments(name);
        let Some(Some((file, suite))) = loader.read.get(name).cloned() else {
            continue;
        };
        let mut suite = suite;
        for case in &mut suite.cases {
            let body = &mut case.body;
            for steps in [&mut body.setup, &mut body.steps, &mut body.cleanup] {
                let mut budget = MAX_STEPS;
                resolve(
                    steps,
                    &fragments,
                    &mut Vec::new(),
                    &mut budget,
                    &mut loader.diagnostics,
                );
            }
        }
        // A file of fragments only is no suite of its own.
        if suite.cases.is_empty() && !suite.fragments.is_empty() {
            continue;
        }
        suites.push(Arc::new(LoadedSuite::new(file, suite)));
    }
    let fragments = loader.usable_fragments(&seen);
    let library = Library {
        sources: loader.sources,
        suites,
        fragments,
    };
    let mut diagnostics = loader.diagnostics;
    diagnostics.extend(check::library(&library));
    sort(&mut diagnostics);
    diagnostics.dedup();
    Loaded {
        library,
        diagnostics,
    }
}

struct Loader<'a> {
    files: &'a dyn Files,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    /// By normal name; nothing for a file that could not be understood.
    read: BTreeMap<String, Option<(FileId, Suite)>>,
}

/// Named step lists, each with the place of its name.
type Fragments = BTreeMap<String, Spanned<Vec<StepEntry>>>;

impl Loader<'_> {
    /// Reads a file once.
    fn file(&mut self, name: &str) -> Result<(), String> {
        let key = normal(name);
        if self.read.contains_key(&key) {
            return Ok(());
        }
        let text = self.files.text(&key)?;
        let file = self.sources.add(key.as_str(), text);
        let suite = match read(&self.sources, file) {
            Ok(node) => {
                let mut cx = Decoder::new();
                let suite = Suite::from_node(&node, &mut cx);
                self.diagnostics.extend(cx.diagnostics);
                suite
            }
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        };
        self.read.insert(key, suite.map(|s| (file, s)));
        Ok(())
    }

    /// The fragments of these files that a case could use.
    fn usable_fragments(&self, wanted: &BTreeSet<String>) -> Vec<Spanned<String>> {
        let read = || {
            self.read
                .iter()
                .filter_map(|(name, suite)| suite.as_ref().map(|(_, suite)| (name, suite)))
        };
        let included: BTreeSet<String> = read()
            .flat_map(|(name, suite)| suite.include.iter().map(|i| beside(name, &i.value)))
            .collect();
        read()
            .filter(|(name, suite)| {
                wanted.contains(*name) && (!suite.cases.is_empty() || included.contains(*name))
            })
            .flat_map(|(_, suite)| suite.fragments.iter().map(|(name, _)| name.clone()))
            .collect()
    }

    /// The fragments of a file and of everything it includes.
    fn fragments(&mut self, name: &str) -> Fragments {
        let mut all = Fragments::new();
        let mut done = BTreeSet::new();
        self.include(name, &mut vec![name.to_owned()], &mut done, &mut all);
        all
    }

    fn include(
        &mut self,
        name: &str,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
        all: &mut Fragments,
    ) {
        if !done.insert(name.to_owned()) {
            return;
        }
        let Some(Some((_, suite))) = self.read.get(name).cloned() else {
            return;
        };
        for (fragment, steps) in suite.fragments.iter() {
            let entry = Spanned::new(steps.clone(), fragment.span);
            if let Some(other) = all.insert(fragment.value.clone(), entry) {
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::DuplicateId,
                        fragment.span,
                        format!("there are two fragments `{}`", fragment.value),
                    )
                    .label(other.span, "the other one"),
                );
            }
        }
        for include in &suite.include {
            let target = beside(name, &include.value);
            if let Some(at) = path.iter().position(|p| *p == target) {
                let mut circle: Vec<&str> = path.iter().skip(at).map(String::as_str).collect();
                circle.push(&target);
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::IncludeCycle,
                        include.span,
                        "these files include each other in a circle",
                    )
                    .help(circle.join(" includes ")),
                );
                continue;
            }
            match self.file(&target) {
                Ok(()) => {
                    path.push(target.clone());
                    self.include(&target, path, done, all);
                    path.pop();
                }
                Err(why) => self.diagnostics.push(
                    Diagnostic::error(
                        Code::MissingInclude,
                        include.span,
                        format!("`{target}` cannot be read: {why}"),
                    )
                    .help("names are relative to the file that includes"),
                ),
            }
        }
    }
}

/// Puts the steps of fragments where they are used.
fn resolve(
    steps: &mut [StepEntry],
    fragments: &Fragments,
    path: &mut Vec<String>,
    budget: &mut usize,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for entry in steps {
        *budget = budget.saturating_sub(1);
        match &mut entry.step {
            Step::Repeat(s) => resolve(&mut s.steps, fragments, path, budget, diagnostics),
            Step::ForEach(s) => resolve(&mut s.steps, fragments, path, budget, diagnostics),
            Step::If(s) => {
                resolve(&mut s.then, fragments, path, budget, diagnostics);
                resolve(&mut s.r#else, fragments, path, budget, diagnostics);
            }
            Step::Use(s) => {
                let name = &s.body.fragment;
                let Some(fragment) = fragments.get(&name.value) else {
                    let known = fragments.keys().map(String::as_str);
                    let d = Diagnostic::error(
                        Code::UnknownReference,
                        name.span,
                        format!("there is no fragment `{}`", name.value),
                    );
                    diagnostics.push(match crate::diagnostic::did_you_mean(&name.value, known) {
                        Some(near) => d.help(format!("did you mean `{near}`?")),
                        None => d.help(
                            "fragments stand under `fragments` of this file or of one it includes",
                        ),
                    });
                    continue;
                };
                if path.contains(&name.value) {
                    diagnostics.push(Diagnostic::error(
                        Code::IncludeCycle,
                        name.span,
                        format!("the fragment `{}` uses itself", name.value),
                    ));
                    continue;
                }
                if path.len() >= MAX_FRAGMENT_DEPTH || *budget == 0 {
                    diagnostics.push(Diagnostic::error(
                        Code::Invalid,
                        name.span,
                        "fragments make this case too large",
                    ));
                    continue;
                }
                path.push(name.value.clone());
                let mut inner = fragment.value.clone();
                resolve(&mut inner, fragments, path, budget, diagnostics);
                path.pop();
                s.steps = inner.into();
            }
            _ => {}
        }
    }
}

/// A name without `.` and `..`, with `/` between the parts.
fn normal(name: &str) -> String {
    let name = name.replace('\\', "/");
    let rooted = name.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if rooted { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// The name of a file that `from` calls `name`.
fn beside(from: &str, name: &str) -> String {
    if Path::new(name).is_absolute() {
        return normal(name);
    }
    match from.rsplit_once('/') {
        Some((dir, _)) => normal(&format!("{dir}/{name}")),
        None => normal(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative_to_the_including_file() {
        assert_eq!(beside("a/b.yaml", "../c/d.yaml"), "c/d.yaml");
        assert_eq!(beside("b.yaml", "c.yaml"), "c.yaml");
        assert_eq!(beside("/x/a.yaml", "./c.yaml"), "/x/c.yaml");
    }
}
