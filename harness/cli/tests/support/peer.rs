//! IEDs in processes of their own, ended with the test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use super::expectation::target;
use super::tools;

/// How long a program may take to serve.
const START: Duration = Duration::from_secs(60);

/// How often a launcher is started that ends before it serves.
const LAUNCHES: usize = 5;

/// An IED in a process of its own.
pub(crate) struct Peer {
    process: Child,
    /// Where it serves MMS.
    pub(crate) mms: SocketAddr,
    /// Where it takes the line protocol of a process side.
    pub(crate) process_side: SocketAddr,
}

impl Peer {
    /// The simulated IED as `iedassay sim` serves it.
    pub(crate) fn simulated(arguments: &[&str]) -> Self {
        let sim = ["sim", "--process", "127.0.0.1:0"];
        let (process, lines) = ours(&[&sim, arguments].concat());
        let mms = address(&lines, "mms ");
        let process_side = address(&lines, "process ");
        Self {
            process,
            mms,
            process_side,
        }
    }

    /// The simulated IED behind a hostile behaviour; it has no process side.
    pub(crate) fn hostile(behaviour: &str) -> Self {
        let (process, lines) = ours(&["hostile-server", "--behaviour", behaviour]);
        let mms = address(&lines, "mms ");
        Self {
            process,
            mms,
            process_side: mms,
        }
    }

    /// libiec61850 with a model file, through the launcher in `ci/peers`.
    pub(crate) fn libiec61850(python: &Path, model: &Path, arguments: &[&str]) -> Self {
        let serve = tools::repository().join("ci/peers/libiec61850/serve.py");
        let command = || {
            let mut command = Command::new(python);
            command.arg(&serve).arg(model).args(arguments);
            command
        };
        Self::launched(command, "libiec61850")
    }

    /// `iec61850-server` with an SCL file, through the launcher in `ci/peers`.
    pub(crate) fn iec61850_server(launcher: &Path, description: &Path, ied: &str) -> Self {
        let command = || {
            let mut command = Command::new(launcher);
            command.arg(description).args(["--ied", ied]);
            command
        };
        Self::launched(command, "iec61850-server")
    }

    /// A launcher that takes `--mms` and `--process` and says `ready`. It is told of ports that are free, and somebody else may
    /// have taken one before it serves: then others are tried.
    fn launched(launcher: impl Fn() -> Command, stack: &str) -> Self {
        for _ in 0..LAUNCHES {
            let [mms, process_side] = free_ports();
            let mut process = launcher()
                .args(["--mms", &mms.to_string()])
                .args(["--process", &process_side.to_string()])
                // The launcher ends when this pipe closes: also when the test is killed.
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let said = Lines::of(&mut process).next();
            if said.as_deref() == Some("ready") {
                return Self {
                    process,
                    mms,
                    process_side,
                };
            }
            assert_eq!(said, None, "what the launcher of {stack} says");
            process.kill().unwrap();
            process.wait().unwrap();
        }
        panic!("the launcher of {stack} did not start {LAUNCHES} times");
    }

    /// Writes the target file of this stack with the addresses at which this one serves.
    pub(crate) fn target(&self, stack: &str, directory: &Path) -> PathBuf {
        let (mms, process_side) = (self.mms.to_string(), self.process_side.to_string());
        target(stack, &mms, &process_side, directory)
    }

    /// Whether the process still runs.
    pub(crate) fn alive(&mut self) -> bool {
        self.process.try_wait().unwrap().is_none()
    }

    /// One command to the process side, and its answer.
    pub(crate) fn tell(&self, command: &str) -> String {
        let mut stream = TcpStream::connect_timeout(&self.process_side, START).unwrap();
        stream.set_read_timeout(Some(START)).unwrap();
        writeln!(stream, "{command}").unwrap();
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).unwrap();
        answer.trim_end().to_owned()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One of our own servers on a free port, and what it says.
fn ours(arguments: &[&str]) -> (Child, Lines) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_iedassay"))
        .args(arguments)
        .args(["--listen", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = Lines::of(&mut process);
    (process, lines)
}

/// Two ports that nothing listens on at the moment.
pub(crate) fn free_ports() -> [SocketAddr; 2] {
    let held = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    held.each_ref()
        .map(|listener| listener.local_addr().unwrap())
}

/// Runs a program to its end, or to the end of the time it has.
pub(crate) fn finish(command: &mut Command, limit: Duration) -> Output {
    let mut process = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = collect(process.stdout.take().unwrap());
    let stderr = collect(process.stderr.take().unwrap());
    let deadline = Instant::now() + limit;
    let status = loop {
        if let Some(status) = process.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > deadline {
            process.kill().unwrap();
            let status = process.wait().unwrap();
            let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
            panic!(
                "{command:?} did not end within {limit:?} ({status}):\n{}{}",
                String::from_utf8_lossy(&stdout),
                String::from_utf8_lossy(&stderr),
            );
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    Output {
        status,
        stdout: stdout.join().unwrap(),
        stderr: stderr.join().unwrap(),
    }
}

fn collect(mut stream: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// What a program says, line by line, each within the time that it has to serve. What nobody asks for is read all the same, so that the
/// program never waits for a reader.
struct Lines(Receiver<String>);

impl Lines {
    fn of(process: &mut Child) -> Self {
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (said, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // The test may not listen any more.
                let _ = said.send(line);
            }
        });
        Self(told)
    }

    /// The next line; nothing when there is none, or not in time.
    fn next(&self) -> Option<String> {
        self.0.recv_timeout(START).ok()
    }
}

fn address(lines: &Lines, word: &str) -> SocketAddr {
    let line = lines.next();
    line.as_deref()
        .and_then(|line| line.strip_prefix(word)?.parse().ok())
        .unwrap_or_else(|| panic!("expected `{word}ADDRESS` of the simulated IED, got {line:?}"))
}
