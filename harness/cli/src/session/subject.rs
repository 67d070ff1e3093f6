//! The device under test, from its files: everything that can be wrong with them is found before the first packet.

use std::path::{Path, PathBuf};

use iedassay_engine::connector::TargetTls;
use iedassay_engine::diagnostic::{Diagnostic, Sources, sort};
use iedassay_engine::profile::{self, Profile};
use iedassay_engine::runner;
use iedassay_engine::suite::{Library, embedded};
use iedassay_engine::target::{self, Target};
use iedassay_model::scl::{self, Description};

use crate::clock;
use crate::console::Console;
use crate::diagnostics;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::targets;

/// The target file of the simulated IED, inside the binary.
const SIMULATED: &str = "targets/sim.yaml";

/// The device under test.
pub(crate) struct Subject {
    pub(crate) target: Target,
    /// The target file; nothing for the one that is built in.
    pub(crate) file: Option<PathBuf>,
    /// What the SCL file says; nothing when the model is to be read from the device.
    pub(crate) description: Option<Description>,
    /// SHA-256 of the target file, or of the one that is built in.
    pub(crate) sha256: String,
    /// The SCL file, for reports.
    pub(crate) scl: Option<PathBuf>,
    /// SHA-256 of it, or of the one that is built in; nothing without a description.
    pub(crate) scl_sha256: Option<String>,
    /// TLS, when the target has it.
    pub(crate) tls: Option<TargetTls>,
}

/// A requirement profile and the SHA-256 of its text.
pub(crate) struct Demanded {
    pub(crate) profile: Profile,
    pub(crate) sha256: String,
}

impl Subject {
    /// Reads a target file (or the built-in one) and what it refers to. `cases` are the ids that deviations may name.
    /// Everything that is wrong has been shown when this fails.
    pub(crate) fn load(
        file: Option<&Path>,
        cases: &[&str],
        console: &Console,
    ) -> Result<Self, Failure> {
        let (name, text) = match file {
            Some(path) => (path.display().to_string(), files::read_text(path)?),
            None => (SIMULATED.to_owned(), simulated()?.to_owned()),
        };
        let sha256 = runner::sha256(text.as_bytes());
        let mut sources = Sources::new();
        let id = sources.add(name, text);
        let (target, mut found) = match target::load::load(&sources, id) {
            Ok(loaded) => loaded,
            Err(found) => {
                diagnostics::show(console, &found, &sources);
                return Err(Failure::said(Exit::Usage));
            }
        };
        found.extend(target::check_deviations(&target, clock::today(), cases));
        let path = file.unwrap_or(Path::new(""));
        let scl = targets::scl_of(&target, path);
        if let Some(path) = targets::profile_of(&target, path)
            && let Err(error) = std::fs::metadata(&path)
        {
            found.extend(targets::missing_profile(&target, &path, &error));
        }
        let text = match &scl {
            None => None,
            Some((path, _)) => match std::fs::metadata(path) {
                Ok(_) => Some(crate::scl::read_text(console, path)?),
                Err(error) => {
                    found.extend(targets::missing_scl(&target, path, &error));
                    None
                }
            },
        };
        let (tls, wrong) = targets::tls_of(&target, path);
        found.extend(wrong);
        sort(&mut found);
        diagnostics::show(console, &found, &sources);
        let bad = found.iter().any(Diagnostic::is_error);
        let description = match (&scl, &text) {
            (Some((path, options)), Some(text)) => Some(described(path, text, options, console)?),
            (None, _) if target.scl.is_some() => Some(builtin()?),
            _ => None,
        };
        if bad {
            return Err(Failure::said(Exit::Usage));
        }
        let scl = scl.map(|(path, _)| path);
        let described = match &text {
            Some(text) => Some(text.as_str()),
            None => description.as_ref().map(|_| scl::BUILTIN),
        };
        let scl_sha256 = described.map(|text| runner::sha256(text.as_bytes()));
        Ok(Self {
            target,
            file: file.map(Path::to_owned),
            description,
            sha256,
            scl,
            scl_sha256,
            tls,
        })
    }
}

impl Subject {
    /// Reads a target file without its description.
    pub(crate) fn load_alone(path: &Path, console: &Console) -> Result<Self, Failure> {
        let mut sources = Sources::new();
        let text = files::read_text(path)?;
        let sha256 = runner::sha256(text.as_bytes());
        let id = sources.add(path.display().to_string(), text);
        match target::load::load(&sources, id) {
            Ok((target, mut found)) => {
                let (tls, wrong) = targets::tls_of(&target, path);
                found.extend(wrong);
                diagnostics::show(console, &found, &sources);
                if found.iter().any(Diagnostic::is_error) {
                    return Err(Failure::said(Exit::Usage));
                }
                Ok(Self {
                    target,
                    file: Some(path.to_owned()),
                    description: None,
                    sha256,
                    scl: None,
                    scl_sha256: None,
                    tls,
                })
            }
            Err(found) => {
                diagnostics::show(console, &found, &sources);
                Err(Failure::said(Exit::Usage))
            }
        }
    }

    /// The requirement profile that was asked for (a file, or the name of one that is built in), or else the one that the target
    /// names, checked against the suites. Everything that is wrong with it has been shown when this fails.
    pub(crate) fn profile(
        &self,
        asked: Option<&Path>,
        library: &Library,
        console: &Console,
    ) -> Result<Option<Demanded>, Failure> {
        let base = self.file.as_deref().unwrap_or(Path::new(""));
        let Some(path) = asked
            .map(Path::to_owned)
            .or_else(|| targets::profile_of(&self.target, base))
        else {
            return Ok(None);
        };
        let built_in = asked.and_then(built_in_profile);
        let text = match built_in {
            Some(text) => text.to_owned(),
            None => files::read_text(&path)?,
        };
        let sha256 = runner::sha256(text.as_bytes());
        let mut sources = Sources::new();
        let file = sources.add(path.display().to_string(), text);
        match profile::load(&sources, file, library) {
            Ok((profile, found)) => {
                diagnostics::show(console, &found, &sources);
                if profile.asks_nothing() {
                    console.warning(&format!(
                        "the profile {} asks for nothing: it has neither `requires` nor `demands` nor `requirements`",
                        path.display()
                    ));
                }
                Ok(Some(Demanded { profile, sha256 }))
            }
            Err(found) => {
                diagnostics::show(console, &found, &sources);
                Err(Failure::said(Exit::Usage))
            }
        }
    }

    /// The target file, for people.
    pub(crate) fn name(&self) -> String {
        self.file
            .as_ref()
            .map_or_else(|| SIMULATED.to_owned(), |path| path.display().to_string())
    }
}

/// The text of a profile that is built in, unless there is a file of that name.
fn built_in_profile(name: &Path) -> Option<&'static str> {
    let word = name.to_str().filter(|_| !name.exists())?;
    embedded::get(&format!("profiles/{word}.yaml"))
}

fn simulated() -> Result<&'static str, Failure> {
    embedded::get(SIMULATED).ok_or_else(|| {
        Failure::new(
            Exit::CouldNotTest,
            "the target file of the simulated IED is not built in",
        )
    })
}

fn described(
    path: &Path,
    text: &str,
    options: &scl::Options<'_>,
    console: &Console,
) -> Result<Description, Failure> {
    let name = path.display().to_string();
    scl::read(text, options).map_err(|errors| {
        diagnostics::show_scl(console, &name, text, &errors);
        Failure::said(Exit::Usage)
    })
}

fn builtin() -> Result<Description, Failure> {
    scl::builtin().map_err(|errors| {
        Failure::new(Exit::CouldNotTest, "the built-in description is broken").cause(errors)
    })
}
