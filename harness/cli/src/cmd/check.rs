//! `iedassay check`: suites, targets, profiles, scenarios, answers and SCL files, every error at once.

use std::fs;
use std::path::{Path, PathBuf};

use iedassay_engine::answers;
use iedassay_engine::diagnostic::{Diagnostic, Sources, sort};
use iedassay_engine::profile;
use iedassay_engine::suite::load::{load_embedded, load_paths};
use iedassay_engine::suite::{Library, strict};
use iedassay_engine::target;
use iedassay_model::scl::{self, SclError, Warning};

use schemars::JsonSchema;
use serde::Serialize;

use crate::args::{CheckArgs, Format};
use crate::clock;
use crate::console::Console;
use crate::diagnostics::{self, Told};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::scenario;
use crate::targets;

/// Directories inside each other.
const MAX_DEPTH: usize = 8;

pub(crate) fn run(args: &CheckArgs, console: &Console) -> Result<Exit, Failure> {
    let mut found = Found::default();
    for path in &args.files {
        found.sort_in(path, 0)?;
    }
    found.answers.extend(args.answers.iter().cloned());
    let mut tally = Tally {
        json: args.format == Format::Json,
        ..Tally::default()
    };
    // Deviations name cases, of the suites at hand or of those that are built in.
    let embedded = load_embedded().library;
    let mut cases = case_ids(&embedded);
    let own = check_suites(&found.suites, args.strict, console, &mut tally);
    cases.extend(own.iter().flat_map(case_ids));
    for path in &found.profiles {
        check_profile(path, own.as_ref().unwrap_or(&embedded), console, &mut tally)?;
    }
    for path in &found.targets {
        check_target(path, &cases, console, &mut tally)?;
    }
    for path in &found.answers {
        check_answers(path, own.as_ref().unwrap_or(&embedded), console, &mut tally)?;
    }
    for path in &found.scenarios {
        check_scenario(path, console, &mut tally)?;
    }
    for path in &found.scl {
        check_scl(path, scl::Options::default(), console, &mut tally)?;
    }
    if tally.files == 0 {
        return Err(Failure::new(
            Exit::NothingSelected,
            "there is no suite, target or SCL file to check",
        )
        .hint("give files, or directories with `.yaml`, `.cid`, `.icd`, `.iid` or `.scd` files"));
    }
    tally.close(args.strict, console)
}

#[derive(Default)]
struct Tally {
    files: usize,
    errors: usize,
    warnings: usize,
    /// One line for each file without errors.
    good: Vec<String>,
    /// Whether the result is a document instead of texts.
    json: bool,
    told: Vec<Told>,
}

impl Tally {
    /// The result; with `strict` a warning is as bad as an error.
    fn close(self, strict: bool, console: &Console) -> Result<Exit, Failure> {
        let good = self.errors == 0 && !(strict && self.warnings > 0);
        if self.json {
            let document = Checked {
                files: self.files,
                errors: self.errors,
                warnings: self.warnings,
                diagnostics: self.told,
            };
            let text = serde_json::to_string_pretty(&document).map_err(|error| {
                Failure::new(Exit::CouldNotTest, "cannot write JSON").cause(error)
            })?;
            console.json(&format!("{text}\n"))?;
        } else {
            diagnostics::count(console, self.errors, self.warnings);
            if good {
                console.result(&self.good.concat())?;
            }
        }
        Ok(if good { Exit::Conforms } else { Exit::Usage })
    }

    fn take(&mut self, console: &Console, found: &[Diagnostic], sources: &Sources) {
        if self.json {
            self.told.extend(found.iter().map(|d| Told::of(d, sources)));
        } else {
            diagnostics::list(console, found, sources);
        }
        let errors = found
            .iter()
            .filter(|diagnostic| diagnostic.is_error())
            .count();
        self.errors += errors;
        self.warnings += found.len() - errors;
    }
}

impl Tally {
    fn take_scl(
        &mut self,
        console: &Console,
        name: &str,
        text: &str,
        errors: &[SclError],
        warnings: &[Warning],
    ) {
        if self.json {
            self.told.extend(errors.iter().map(|e| Told::scl(name, e)));
            let told = warnings.iter().map(|w| Told::scl_warning(name, w));
            self.told.extend(told);
        } else {
            diagnostics::list_scl(console, name, text, errors);
            diagnostics::show_scl_warnings(console, name, warnings, usize::MAX);
        }
        self.errors += errors.len();
        self.warnings += warnings.len();
    }
}

/// The result, as JSON has it.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Checked {
    /// Files that were checked.
    files: usize,
    errors: usize,
    warnings: usize,
    /// What is wrong, in the order of files and places.
    diagnostics: Vec<Told>,
}

/// What the named files are.
#[derive(Default)]
struct Found {
    suites: Vec<PathBuf>,
    targets: Vec<PathBuf>,
    profiles: Vec<PathBuf>,
    scl: Vec<PathBuf>,
    scenarios: Vec<PathBuf>,
    answers: Vec<PathBuf>,
}

impl Found {
    fn sort_in(&mut self, path: &Path, depth: usize) -> Result<(), Failure> {
        if path.is_dir() {
            return self.directory(path, depth);
        }
        match kind(path)? {
            Kind::Scl => self.scl.push(path.to_owned()),
            Kind::Profile => self.profiles.push(path.to_owned()),
            Kind::Target => self.targets.push(path.to_owned()),
            Kind::Scenario => self.scenarios.push(path.to_owned()),
            Kind::Answers => self.answers.push(path.to_owned()),
            Kind::Suite => self.suites.push(path.to_owned()),
        }
        Ok(())
    }

    fn directory(&mut self, path: &Path, depth: usize) -> Result<(), Failure> {
        let entries = fs::read_dir(path).map_err(|error| Failure::unreadable(path, &error))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let known = path
                .extension()
                .is_some_and(|extension| is_yaml(extension) || is_scl(extension));
            if known || (path.is_dir() && depth < MAX_DEPTH) {
                self.sort_in(&path, depth + 1)?;
            }
        }
        Ok(())
    }
}

enum Kind {
    Answers,
    Profile,
    Scenario,
    Scl,
    Suite,
    Target,
}

// Suites, targets, profiles, scenarios and answers are told apart by the key that each of them must have.
fn kind(path: &Path) -> Result<Kind, Failure> {
    if path.extension().is_some_and(is_scl) {
        return Ok(Kind::Scl);
    }
    let octets = files::read(path)?;
    if scl::decode(&octets).is_ok_and(|text| text.trim_start().starts_with('<')) {
        return Ok(Kind::Scl);
    }
    let text = files::read_text(path)?;
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    Ok(if has("target:") || (has("address:") && !has("suite:")) {
        Kind::Target
    } else if has("profile:") && !has("suite:") {
        Kind::Profile
    } else if has("scenario:") && !has("suite:") {
        Kind::Scenario
    } else if has("answers:") && !has("suite:") {
        Kind::Answers
    } else {
        Kind::Suite
    })
}

fn is_yaml(extension: &std::ffi::OsStr) -> bool {
    ["yaml", "yml"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

fn is_scl(extension: &std::ffi::OsStr) -> bool {
    ["cid", "icd", "iid", "scd", "ssd", "sed"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

// All suites together, because ids must be unique over all of them.
fn check_suites(
    paths: &[PathBuf],
    strictly: bool,
    console: &Console,
    tally: &mut Tally,
) -> Option<Library> {
    if paths.is_empty() {
        return None;
    }
    let mut loaded = load_paths(paths);
    if strictly {
        loaded.diagnostics.extend(strict(&loaded.library));
        sort(&mut loaded.diagnostics);
    }
    tally.files += paths.len();
    tally.take(console, &loaded.diagnostics, &loaded.library.sources);
    for suite in &loaded.library.suites {
        let name = loaded
            .library
            .sources
            .get(suite.file)
            .map_or("", |file| &file.name);
        let count = suite.cases.len();
        tally.good.push(format!(
            "ok  {name}: suite {}, {count} case{}\n",
            suite.name,
            if count == 1 { "" } else { "s" }
        ));
    }
    Some(loaded.library)
}

fn case_ids(library: &Library) -> Vec<String> {
    library
        .cases()
        .map(|(_, case)| case.id.value.clone())
        .collect()
}

// Answers are of questions that the suites at hand or those that are built in ask.
fn check_answers(
    path: &Path,
    library: &Library,
    console: &Console,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let mut sources = Sources::new();
    let file = sources.add(path.display().to_string(), files::read_text(path)?);
    tally.files += 1;
    match answers::load(&sources, file, library) {
        Ok(answers) => tally.good.push(format!(
            "ok  {}: {} answers\n",
            path.display(),
            answers.answers.len()
        )),
        Err(found) => tally.take(console, &found, &sources),
    }
    Ok(())
}

// References are of a model, which only `sim` has.
fn check_scenario(path: &Path, console: &Console, tally: &mut Tally) -> Result<(), Failure> {
    let mut sources = Sources::new();
    tally.files += 1;
    let (titled, found) = scenario::parse(path, None, &mut sources)?;
    tally.take(console, &found, &sources);
    if let Some(titled) = titled {
        let line = format!("{}: scenario `{}`\n", path.display(), titled.title);
        tally.good.push(line);
    }
    Ok(())
}

fn check_target(
    path: &Path,
    cases: &[String],
    console: &Console,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let mut sources = Sources::new();
    let file = sources.add(path.display().to_string(), files::read_text(path)?);
    tally.files += 1;
    let (target, mut found) = match target::load::load(&sources, file) {
        Ok(loaded) => loaded,
        Err(found) => {
            tally.take(console, &found, &sources);
            return Ok(());
        }
    };
    let ids: Vec<&str> = cases.iter().map(String::as_str).collect();
    found.extend(target::check_deviations(&target, clock::today(), &ids));
    if let Some(profile) = targets::profile_of(&target, path)
        && let Err(error) = std::fs::metadata(&profile)
    {
        found.extend(targets::missing_profile(&target, &profile, &error));
    }
    found.extend(targets::tls_of(&target, path).1);
    sort(&mut found);
    tally.take(console, &found, &sources);
    if let Some((scl_path, options)) = targets::scl_of(&target, path) {
        if let Err(error) = std::fs::metadata(&scl_path) {
            let diagnostic = targets::missing_scl(&target, &scl_path, &error);
            tally.take(console, &diagnostic, &sources);
            return Ok(());
        }
        check_scl(&scl_path, options, console, tally)?;
    }
    tally.good.push(format!(
        "ok  {}: target {} at {}\n",
        path.display(),
        target.target.value,
        target.address.value
    ));
    Ok(())
}

fn check_profile(
    path: &Path,
    library: &Library,
    console: &Console,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let mut sources = Sources::new();
    let file = sources.add(path.display().to_string(), files::read_text(path)?);
    tally.files += 1;
    match profile::load(&sources, file, library) {
        Ok((profile, found)) => {
            tally.take(console, &found, &sources);
            tally.good.push(format!(
                "ok  {}: profile {}, {} requirements\n",
                path.display(),
                profile.profile.value,
                profile.requirements.len()
            ));
        }
        Err(found) => tally.take(console, &found, &sources),
    }
    Ok(())
}

fn check_scl(
    path: &Path,
    options: scl::Options<'_>,
    console: &Console,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let name = path.display().to_string();
    tally.files += 1;
    let octets = files::read(path)?;
    let text = match scl::decode(&octets) {
        Ok(text) => text,
        Err(errors) => {
            let text = String::from_utf8_lossy(&octets);
            tally.take_scl(console, &name, &text, &errors.0, &[]);
            return Ok(());
        }
    };
    // Without a name every server of every IED is read.
    let servers = servers(&text, options);
    let descriptions = if servers.is_empty() {
        vec![scl::read(&text, &options)]
    } else {
        servers
            .iter()
            .map(|(ied, access_point)| {
                let options = scl::Options {
                    ied: Some(ied),
                    access_point: access_point.as_deref(),
                    ..scl::Options::default()
                };
                scl::read(&text, &options)
            })
            .collect()
    };
    // IEDs share types, so the same mistake may show up in several of them.
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for description in descriptions {
        match description {
            Ok(description) => {
                warnings.extend(
                    description
                        .warnings
                        .into_iter()
                        .filter(|warning| !warnings.contains(warning))
                        .collect::<Vec<_>>(),
                );
                let devices = description.model.logical_devices().len();
                // Most IEDs have one access point, and nobody wants to hear its name.
                let ied_name = &description.model.ied_name;
                let several = servers.iter().filter(|(ied, _)| ied == ied_name).count() > 1;
                let point = if several {
                    format!(" at {}", description.access_point)
                } else {
                    String::new()
                };
                tally.good.push(format!(
                    "ok  {name}: IED {ied_name}{point}, {devices} logical device{}\n",
                    if devices == 1 { "" } else { "s" }
                ));
            }
            Err(found) => errors.extend(
                found
                    .0
                    .into_iter()
                    .filter(|error| !errors.contains(error))
                    .collect::<Vec<_>>(),
            ),
        }
    }
    tally.take_scl(console, &name, &text, &errors, &warnings);
    Ok(())
}

/// The servers of a text: IED and access point. With the name of an IED the one that a target means.
fn servers(text: &str, wanted: scl::Options<'_>) -> Vec<(String, Option<String>)> {
    if let Some(ied) = wanted.ied {
        return vec![(ied.to_owned(), wanted.access_point.map(str::to_owned))];
    }
    scl::ieds(text)
        .unwrap_or_default()
        .into_iter()
        .flat_map(|ied| {
            let of = move |point| (ied.name.clone(), Some(point));
            ied.servers.into_iter().map(of)
        })
        .collect()
}
