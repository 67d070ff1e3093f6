//! Target files.

use std::io;
use std::path::{Path, PathBuf};

use iedassay_client::tls::Clock;
use iedassay_engine::connector::TargetTls;
use iedassay_engine::diagnostic::{Code, Diagnostic};
use iedassay_engine::target::{Target, load_tls};
use iedassay_model::scl::Options;
use tokio::time::Instant;

use crate::clock;
use crate::cmd::sim::since_epoch;
use crate::failure::plain_io;
use crate::scl::BUILTIN_SCL;

/// The SCL file of a target, relative to the target file, and what to read of it: the IED and the access point that the target
/// names. Nothing when the target has none, or the one that is built in.
pub(crate) fn scl_of<'a>(target: &'a Target, path: &Path) -> Option<(PathBuf, Options<'a>)> {
    let scl = target
        .scl
        .as_ref()
        .filter(|scl| scl.file.value != BUILTIN_SCL)?;
    let base = path.parent().unwrap_or(Path::new(""));
    let options = Options {
        ied: scl.ied.as_ref().map(|ied| ied.value.as_str()),
        access_point: scl.access_point.as_ref().map(|point| point.value.as_str()),
        ..Options::default()
    };
    Some((base.join(&scl.file.value), options))
}

/// The requirement profile of a target, relative to the target file.
pub(crate) fn profile_of(target: &Target, path: &Path) -> Option<PathBuf> {
    let profile = target.profile.as_ref()?;
    let base = path.parent().unwrap_or(Path::new(""));
    Some(base.join(&profile.value))
}

/// The profile that a target names cannot be read; the diagnostic points at the name.
pub(crate) fn missing_profile(target: &Target, path: &Path, error: &io::Error) -> Vec<Diagnostic> {
    let message = format!("cannot read `{}`: {}", path.display(), plain_io(error));
    let diagnostic = match &target.profile {
        Some(profile) => Diagnostic::error(Code::Io, profile.span, message),
        None => Diagnostic::without_place(Code::Io, message),
    };
    vec![diagnostic.help("the path is relative to the target file")]
}

/// The SCL file that a target names cannot be read; the diagnostic points at the name.
pub(crate) fn missing_scl(target: &Target, path: &Path, error: &io::Error) -> Vec<Diagnostic> {
    let message = format!("cannot read `{}`: {}", path.display(), plain_io(error));
    let diagnostic = match &target.scl {
        Some(scl) => Diagnostic::error(Code::Io, scl.file.span, message),
        None => Diagnostic::without_place(Code::Io, message),
    };
    vec![diagnostic.help(
        "the path is relative to the target file; without `scl` the model is read from the device",
    )]
}

/// TLS of a target, with the files it names relative to the target file, and everything that is wrong with them.
pub(crate) fn tls_of(target: &Target, path: &Path) -> (Option<TargetTls>, Vec<Diagnostic>) {
    let Some(tls) = &target.tls else {
        return (None, Vec::new());
    };
    let base = path.parent().unwrap_or(Path::new(""));
    load_tls(tls, base, today())
}

/// The clock by which certificates are judged.
pub(crate) fn today() -> Clock {
    Clock::new(since_epoch(clock::now()), Instant::now())
}
