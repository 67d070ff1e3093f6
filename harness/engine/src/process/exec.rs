//! Stimuli by an external command: a relay test set, a lab script.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

/// How much of what a command says is kept for the report.
const MAX_OUTPUT: u64 = 4 * 1024;

/// Why an external command did not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExecError {
    /// There is nothing to run.
    #[error("the command is empty")]
    Empty,
    /// It could not be started.
    #[error("`{program}` could not be started: {reason}")]
    Start {
        /// The program.
        program: String,
        /// What the operating system said.
        reason: String,
    },
    /// It ran too long and was ended.
    #[error("`{program}` did not end within {} ms and was stopped", .within.as_millis())]
    TooLong {
        /// The program.
        program: String,
        /// Its time.
        within: Duration,
    },
    /// It ended with a failure.
    #[error("`{program}` ended with {status}: {said}")]
    Failed {
        /// The program.
        program: String,
        /// Exit code or signal.
        status: String,
        /// What it said on standard error, shortened.
        said: String,
    },
}

/// Runs `command` (program and arguments, no shell) with every `{key}` replaced by its value, and returns what it
/// wrote to standard output, shortened.
///
/// # Errors
/// When it cannot be started, fails, or takes longer than `within` (then it is killed).
pub async fn run(
    command: &[String],
    replace: &[(&str, &str)],
    within: Duration,
) -> Result<String, ExecError> {
    let filled: Vec<String> = command.iter().map(|word| fill(word, replace)).collect();
    let (program, arguments) = filled.split_first().ok_or(ExecError::Empty)?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| ExecError::Start {
            program: program.clone(),
            reason: error.to_string(),
        })?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let finished = timeout(within, async {
        tokio::join!(read(stdout), read(stderr), child.wait())
    })
    .await;
    let Ok((said, complained, status)) = finished else {
        return Err(ExecError::TooLong {
            program: program.clone(),
            within,
        });
    };
    match status {
        Ok(status) if status.success() => Ok(said),
        Ok(status) => {
            let complaint = complained.trim();
            let said = if complaint.is_empty() {
                "it said nothing".to_owned()
            } else {
                complaint.to_owned()
            };
            Err(ExecError::Failed {
                program: program.clone(),
                status: status.to_string(),
                said,
            })
        }
        Err(error) => Err(ExecError::Start {
            program: program.clone(),
            reason: error.to_string(),
        }),
    }
}

/// Replaces every `{key}` of `text`. What is not a known key stays as it is.
#[must_use]
pub fn fill(text: &str, replace: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // One pass, so that a value that looks like a key is not replaced again.
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let known = replace.iter().find_map(|(key, value)| {
            let after = tail
                .strip_prefix('{')?
                .strip_prefix(key)?
                .strip_prefix('}')?;
            Some((*value, after))
        });
        match known {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

async fn read(pipe: Option<impl AsyncReadExt + Unpin>) -> String {
    let Some(mut pipe) = pipe else {
        return String::new();
    };
    let mut kept = Vec::new();
    // What does not fit is read and thrown away, so that the command never blocks on a full pipe.
    if (&mut pipe)
        .take(MAX_OUTPUT)
        .read_to_end(&mut kept)
        .await
        .is_ok()
    {
        let _ = tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await;
    }
    String::from_utf8_lossy(&kept).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &[&str]) -> Vec<String> {
        text.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn replaces_known_keys_once_and_leaves_others() {
        let replace = [("ref", "LD/LN{value}"), ("value", "true")];
        assert_eq!(
            fill("{ref}={value} {other} {", &replace),
            "LD/LN{value}=true {other} {"
        );
    }

    #[tokio::test]
    async fn arguments_reach_the_command_without_a_shell() {
        let said = run(
            &words(&["echo", "{ref}", "; echo no"]),
            &[("ref", "a b")],
            Duration::from_secs(10),
        )
        .await;
        assert_eq!(said.unwrap(), "a b ; echo no\n");
    }

    #[tokio::test]
    async fn failure_carries_code_and_complaint() {
        let error = run(
            &words(&["sh", "-c", "echo bad >&2; exit 3"]),
            &[],
            Duration::from_secs(10),
        )
        .await;
        assert_eq!(
            error.unwrap_err().to_string(),
            "`sh` ended with exit status: 3: bad"
        );
        let error = run(
            &words(&["no-such-program-here"]),
            &[],
            Duration::from_secs(10),
        )
        .await;
        assert!(matches!(error.unwrap_err(), ExecError::Start { .. }));
        assert_eq!(
            run(&[], &[], Duration::from_secs(1)).await.unwrap_err(),
            ExecError::Empty
        );
    }

    #[tokio::test]
    async fn a_command_that_hangs_is_stopped() {
        let error = run(&words(&["sleep", "60"]), &[], Duration::from_millis(100))
            .await
            .unwrap_err();
        assert!(matches!(error, ExecError::TooLong { .. }), "{error}");
    }
}
