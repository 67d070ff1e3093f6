//! PIXIT choices of the simulated IED: a YAML file (`--profile`) and single options (`--option group.key=value`).
//!
//! [`options::OPTIONS`] is the one list of them: reading, messages and `--list-options` all go by it.

mod options;
mod read;
mod schema;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use iedassay_engine::diagnostic::{Code, Diagnostic, Sources, Spanned, sort};
use iedassay_engine::yaml::{Decoder, Node, NodeKind};
use iedassay_model::services::ReportSettings;
use iedassay_model::tree::{Edition, ServerModel};
use iedassay_sim::SimConfig;

use crate::console::Console;
use crate::diagnostics;
use crate::exit::Exit;
use crate::failure::{Failure, plain_io};
use crate::files;
use options::OPTIONS;
pub(crate) use schema::schema;

/// Most octets of all files that a profile gives to the IED.
const MAX_FILES: usize = 64 * 1024 * 1024;
/// Directories inside each other.
const MAX_DEPTH: usize = 8;

/// What is being decided.
struct Draft {
    config: SimConfig,
    edition: Option<Edition>,
    settings: ReportSettings,
    /// Directory with the files of the IED, and what its path is relative to.
    files: Option<(Spanned<String>, PathBuf)>,
    base: PathBuf,
    scenario: Option<PathBuf>,
}

/// What was decided.
pub(crate) struct Decided {
    pub(crate) config: SimConfig,
    /// What happens to its process.
    pub(crate) scenario: Option<PathBuf>,
}

/// Lays a profile and then single options over a configuration. Every mistake of all of them is shown at once.
pub(crate) fn apply(
    config: SimConfig,
    profile: Option<&Path>,
    options: &[String],
    console: &Console,
) -> Result<Decided, Failure> {
    let mut sources = Sources::new();
    let mut cx = Decoder::new();
    let mut draft = Draft {
        edition: None,
        settings: config.model.services.effective_report_settings(),
        files: None,
        base: PathBuf::new(),
        scenario: None,
        config,
    };
    let mut texts = Vec::new();
    if let Some(path) = profile {
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        texts.push((path.display().to_string(), files::read_text(path)?, base));
    }
    for option in options {
        texts.push(("--option".to_owned(), option_text(option)?, PathBuf::new()));
    }
    for (name, text, base) in texts {
        let file = sources.add(name, text);
        draft.base = base;
        match iedassay_engine::yaml::read(&sources, file) {
            Ok(node) => draft.take(&node, &mut cx),
            Err(diagnostic) => cx.push(diagnostic),
        }
    }
    draft.read_files(&mut cx);
    let mut found = cx.diagnostics;
    sort(&mut found);
    if found.iter().any(Diagnostic::is_error) {
        diagnostics::show(console, &found, &sources);
        return Err(Failure::said(Exit::Usage));
    }
    let scenario = draft.scenario.take();
    Ok(Decided {
        config: draft.finish()?,
        scenario,
    })
}

/// One option a line: name, then what it decides.
pub(crate) fn list() -> String {
    let names: Vec<_> = OPTIONS.iter().map(options::Opt::name).collect();
    let width = names.iter().map(String::len).max().unwrap_or(0);
    names
        .iter()
        .zip(OPTIONS)
        .map(|(name, option)| format!("{name:width$}  {}\n", option.what))
        .collect()
}

/// `group.key=value` as the YAML that says the same.
fn option_text(option: &str) -> Result<String, Failure> {
    let bad = || {
        Failure::usage(format!("`{option}` is no option"))
            .hint("write it as `group.key=value`; `iedassay sim --list-options` lists them")
    };
    let (name, value) = option.split_once('=').ok_or_else(bad)?;
    let text = match name.trim().split_once('.') {
        Some((group, key)) => format!("{group}:\n  {key}: {value}\n"),
        None => format!("{}: {value}\n", name.trim()),
    };
    Ok(text)
}

impl Draft {
    /// Takes everything that a profile says.
    fn take(&mut self, node: &Node, cx: &mut Decoder) {
        let entries = match &node.kind {
            NodeKind::Map(entries) => entries,
            NodeKind::Null => return,
            _ => return cx.wrong_type(node, "a map of options"),
        };
        for entry in entries {
            let group = entry.key.value.as_str();
            if let Some(option) = OPTIONS
                .iter()
                .find(|o| o.group.is_empty() && o.key == group)
            {
                (option.set)(self, &entry.value, cx);
                continue;
            }
            let known = || OPTIONS.iter().filter(|option| option.group == group);
            if known().next().is_none() {
                let top = |option: &options::Opt| match option.group {
                    "" => option.key,
                    group => group,
                };
                let mut names: Vec<_> = OPTIONS.iter().map(top).collect();
                names.dedup();
                cx.unknown_word(entry.key.span, "group of options", group, names);
                continue;
            }
            let NodeKind::Map(inner) = &entry.value.kind else {
                cx.wrong_type(&entry.value, "a map of options");
                continue;
            };
            for entry in inner {
                match known().find(|option| option.key == entry.key.value) {
                    Some(option) => (option.set)(self, &entry.value, cx),
                    None => {
                        let names: Vec<_> = known().map(|option| option.key).collect();
                        cx.unknown_word(entry.key.span, "option", &entry.key.value, names);
                    }
                }
            }
        }
    }

    /// Reads the files that the IED has at start.
    fn read_files(&mut self, cx: &mut Decoder) {
        let Some((path, base)) = &self.files else {
            return;
        };
        let root = base.join(&path.value);
        let mut found = BTreeMap::new();
        let mut room = MAX_FILES;
        match collect(&root, "", &mut found, &mut room, 0) {
            Ok(()) => self.config.files = found,
            Err(error) => cx.push(
                Diagnostic::error(
                    Code::Io,
                    path.span,
                    format!("cannot read `{}`: {}", root.display(), plain_io(&error)),
                )
                .help("give a directory, relative to the profile, with at most 64 MiB of files"),
            ),
        }
    }

    /// The model with what the profile says of it, and the rest.
    fn finish(self) -> Result<SimConfig, Failure> {
        let mut config = self.config;
        let before = config.model.services.effective_report_settings();
        if self.edition.is_none() && self.settings == before {
            return Ok(config);
        }
        let mut model = ServerModel::clone(&config.model);
        model.edition = self.edition.unwrap_or(model.edition);
        model.services.report_settings = Some(self.settings);
        let (settings, edition) = (self.settings, model.edition);
        model
            .edit(|devices| {
                let nodes = devices
                    .iter_mut()
                    .flat_map(|device| &mut device.logical_nodes);
                for block in nodes.flat_map(|node| &mut node.report_controls) {
                    let since_edition_2 = edition != Edition::Ed1;
                    block.has_resv_tms = block.buffered && since_edition_2 && settings.resv_tms;
                    block.has_owner = since_edition_2 && settings.owner;
                }
            })
            .map_err(|error| Failure::usage("the model cannot be served").cause(error))?;
        config.model = Arc::new(model);
        Ok(config)
    }
}

fn collect(
    directory: &Path,
    prefix: &str,
    found: &mut BTreeMap<String, Vec<u8>>,
    room: &mut usize,
    depth: usize,
) -> std::io::Result<()> {
    let too_much = || std::io::Error::other("too many or too large files");
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            if depth >= MAX_DEPTH {
                return Err(too_much());
            }
            collect(&entry.path(), &format!("{name}/"), found, room, depth + 1)?;
        } else {
            let size = usize::try_from(entry.metadata()?.len()).unwrap_or(usize::MAX);
            *room = room.checked_sub(size).ok_or_else(too_much)?;
            found.insert(name, std::fs::read(entry.path())?);
        }
    }
    Ok(())
}
