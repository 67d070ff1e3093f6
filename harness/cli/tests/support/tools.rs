//! The foreign programs, where this computer has them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Python that can load libiec61850: the one that `IEDASSAY_PYTHON` names, the virtual environment of `ci/setup.sh`, or the
/// one on the path.
pub(crate) fn python() -> Option<PathBuf> {
    let candidates = [
        std::env::var_os("IEDASSAY_PYTHON").map(PathBuf::from),
        Some(repository().join("target/peers/bin/python")),
        Some(PathBuf::from("python3")),
    ];
    let found = candidates
        .into_iter()
        .flatten()
        .find(|python| runs(Command::new(python).args(["-c", "import pyiec61850"])));
    found.or_else(|| missing("python3 with the package pyiec61850-ng (libiec61850)"))
}

/// The command line client of `iec61850-rs`.
pub(crate) fn ied() -> Option<PathBuf> {
    on_path("ied")
        .then(|| PathBuf::from("ied"))
        .or_else(|| missing("ied (cargo install iec61850-rs --features cli)"))
}

/// The launcher of `iec61850-server`, which `ci/setup.sh` builds in a workspace of its own.
pub(crate) fn iec61850_server() -> Option<PathBuf> {
    let launcher =
        repository().join("target/peers/iec61850-server/debug/iedassay-peer-iec61850-server");
    launcher
        .exists()
        .then_some(launcher)
        .or_else(|| missing("the launcher of iec61850-server (ci/peers/iec61850-server)"))
}

/// OpenSSL, for keys that the tool itself does not make.
pub(crate) fn openssl() -> Option<PathBuf> {
    runs(Command::new("openssl").arg("version"))
        .then(|| PathBuf::from("openssl"))
        .or_else(|| missing("openssl"))
}

/// The decoder of Wireshark.
pub(crate) fn tshark() -> Option<PathBuf> {
    runs(Command::new("tshark").arg("--version"))
        .then(|| PathBuf::from("tshark"))
        .or_else(|| missing("tshark"))
}

/// The root of the source tree.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Says on standard error what is happening, past the capture of the test harness.
pub(crate) fn say(line: &str) {
    // A notice that cannot be written is no reason to fail.
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn missing(program: &str) -> Option<PathBuf> {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{program} is not installed; run ci/setup.sh"
    );
    say(&format!(
        "SKIPPED: {program} is not installed; run ci/setup.sh"
    ));
    None
}

fn runs(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether the program can be started at all, whatever it says to its arguments.
fn on_path(program: &str) -> bool {
    Command::new(program)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}
