//! Runs the binary in a directory of its own and writes down what it said, with what changes from run to run taken out.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::Command;
use tempfile::TempDir;

/// A directory with the files of a test.
pub(crate) struct Bench {
    directory: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            directory: TempDir::new().unwrap(),
        }
    }

    /// Adds a file.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The binary, in the directory, in an environment without anything that could change what it says.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("iedassay").unwrap();
        command
            .args(args)
            .current_dir(self.directory.path())
            .timeout(Duration::from_secs(60));
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "CI", "TERM"] {
            command.env_remove(name);
        }
        command
    }

    /// What a command does, as a text to compare.
    pub(crate) fn transcript(&self, args: &[&str]) -> String {
        self.transcript_of(&mut self.command(args), args)
    }

    /// The same with standard input.
    pub(crate) fn transcript_with_input(&self, args: &[&str], input: &str) -> String {
        self.transcript_of(self.command(args).write_stdin(input), args)
    }

    fn transcript_of(&self, command: &mut Command, args: &[&str]) -> String {
        let output = command.output().unwrap();
        let shown: Vec<String> = args
            .iter()
            .map(|arg| {
                if arg.contains(' ') {
                    format!("'{arg}'")
                } else {
                    (*arg).to_owned()
                }
            })
            .collect();
        let mut text = format!("$ iedassay {}\n", shown.join(" "));
        let code = output
            .status
            .code()
            .map_or("killed".to_owned(), |code| code.to_string());
        writeln!(text, "exit {code}").unwrap();
        for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if !bytes.is_empty() {
                write!(text, "--- {name}\n{}", String::from_utf8_lossy(bytes)).unwrap();
            }
        }
        redact(&text, self.directory.path())
    }
}

/// Compares with the golden file of this name.
macro_rules! golden {
    ($name:expr, $text:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("golden");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.add_filter(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "[TIME]");
        settings.add_filter(
            r"\b\d+ h \d\d min\b|\b\d+ min \d\d s\b|\b\d+(\.\d+)? (ms|s)\b",
            "[DURATION]",
        );
        settings.add_filter(r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:[PORT]");
        settings.add_filter(r"iedassay 0\.\d+\.\d+", "iedassay [VERSION]");
        settings.bind(|| insta::assert_snapshot!($name, $text));
    }};
}
pub(crate) use golden;

fn redact(text: &str, directory: &Path) -> String {
    text.replace(&*directory.to_string_lossy(), "[DIR]")
}
