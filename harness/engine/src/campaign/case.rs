//! A finding as a suite with one case: anybody can play it again, on this device or another.

use std::fmt::Write;

use super::frame::Envelope;
use super::report::{Finding, Reproduced};
use super::sequence::Step;
use crate::value::hex;

/// The text of the suite.
pub(super) fn case_text(
    seed: u64,
    finding: &Finding,
    steps: &[Step],
    envelope: &Envelope,
) -> String {
    let mut out = String::new();
    let line = |out: &mut String, text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&mut out, "# Written by `iedassay fuzz`. Play it with");
    line(
        &mut out,
        "#   iedassay run --suites finding.yaml --target TARGET",
    );
    line(
        &mut out,
        "# on a device that nothing depends on: it takes a service away.",
    );
    let _ = writeln!(
        out,
        "# Seed {seed}, sequence {}; {}.",
        finding.sequence,
        match finding.reproduced {
            Reproduced::Yes => "it came about again each time that this was played",
            Reproduced::No => "it did not come about again when this was played",
            Reproduced::NotTried =>
                "the device did not come back, so that it could not be tried again",
        }
    );
    line(&mut out, "suite: fuzz/finding");
    line(&mut out, "title: What a fuzzing campaign found");
    line(&mut out, "cases:");
    let _ = writeln!(
        out,
        "  - id: fuzz/seed-{seed}-sequence-{}",
        finding.sequence
    );
    line(
        &mut out,
        "    title: The device stays in service, whatever is sent to it",
    );
    line(&mut out, "    kind: negative");
    line(
        &mut out,
        "    clause: IEC 61850-8-1, association; ISO 9506-2, Reject; RFC 1006, 4.3",
    );
    line(&mut out, "    rationale: >");
    let _ = writeln!(
        out,
        "      Found by fuzzing: {}. What one client sends must not cost another its service.",
        plain(&finding.what)
    );
    line(&mut out, "    needs: {allow: robustness}");
    line(&mut out, "    steps:");
    line(
        &mut out,
        "      - identify: {why: \"the device must serve before anything wrong is sent\"}",
    );
    for step in steps {
        let _ = writeln!(out, "      # {}", plain(&step.describe()));
        let _ = match step {
            Step::Open(link) => writeln!(
                out,
                "      - raw-connection: {{name: {}, action: open}}",
                link.name()
            ),
            Step::Pause(time) => writeln!(out, "      - wait: {time}ms"),
            Step::Close { link, reset } => writeln!(
                out,
                "      - raw-connection: {{name: {}, action: {}}}",
                link.name(),
                if *reset { "reset" } else { "close" }
            ),
            Step::Send(send) => {
                let octets = envelope.octets(&send.message, &send.changes);
                let mut keys = format!("name: {}, action: send", send.link.name());
                if send.piece > 0 {
                    let _ = write!(keys, ", piece: {}", send.piece);
                }
                if send.times > 1 {
                    let _ = write!(keys, ", times: {}", send.times);
                }
                writeln!(
                    out,
                    "      - raw-connection: {{{keys}, hex: \"{}\"}}",
                    hex(&octets)
                )
            }
        };
    }
    line(
        &mut out,
        "      - identify: {why: \"the association beside it must be served\"}",
    );
    line(
        &mut out,
        "      - associate: {client: afterwards, retry-every: 200ms, within: 10s, why: \"a new association must be accepted\"}",
    );
    line(&mut out, "      - identify: {client: afterwards}");
    line(&mut out, "      - release: {client: afterwards}");
    out
}

/// Text from a device in one line, without what YAML could take for more than text.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}
