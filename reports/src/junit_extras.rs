//! What surefire's JUnit has and the JUnit writer does not: properties of a suite, and the other tries of a case.

use quick_xml::events::{BytesCData, BytesEnd, BytesStart, Event};
use quick_xml::{Reader, Writer};

use crate::attempt::{Attempt, Because};
use crate::case::{CaseRecord, Verdict};
use crate::junit::cdata;
use crate::text::visible;

/// Adds to a JUnit document the properties of every suite (the document itself has no place for them in the schema, and readers
/// that split it, as Jenkins does, show each suite by itself), and to each of its first test cases the other tries of the case, in
/// the order of `cases`.
pub(crate) fn complete(
    xml: &str,
    properties: &[(String, String)],
    cases: &[&CaseRecord],
) -> Result<String, quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    let mut writer = Writer::new(Vec::new());
    let mut cases = cases.iter();
    let mut open: Option<&CaseRecord> = None;
    loop {
        match reader.read_event()? {
            Event::Eof => break,
            Event::Start(start) if start.name().as_ref() == b"testsuite" => {
                writer.write_event(Event::Start(start))?;
                write_properties(&mut writer, properties)?;
            }
            Event::Start(start) if start.name().as_ref() == b"testcase" => {
                open = cases.next().copied();
                writer.write_event(Event::Start(start))?;
            }
            Event::Empty(empty) if empty.name().as_ref() == b"testcase" => {
                let tries = cases.next().map_or(&[][..], |case| &case.attempts);
                if tries.is_empty() {
                    writer.write_event(Event::Empty(empty))?;
                } else {
                    writer.write_event(Event::Start(empty))?;
                    write_tries(&mut writer, Verdict::Pass, tries)?;
                    writer.write_event(Event::End(BytesEnd::new("testcase")))?;
                }
            }
            Event::End(end) if end.name().as_ref() == b"testcase" => {
                if let Some(case) = open.take() {
                    write_tries(&mut writer, case.verdict, &case.attempts)?;
                }
                writer.write_event(Event::End(end))?;
            }
            other => writer.write_event(other)?,
        }
    }
    Ok(String::from_utf8_lossy(&writer.into_inner()).into_owned())
}

fn write_properties(
    writer: &mut Writer<Vec<u8>>,
    properties: &[(String, String)],
) -> Result<(), quick_xml::Error> {
    if properties.is_empty() {
        return Ok(());
    }
    writer.write_event(Event::Start(BytesStart::new("properties")))?;
    for (name, value) in properties {
        let mut property = BytesStart::new("property");
        property.push_attribute(("name", visible(name).as_str()));
        property.push_attribute(("value", visible(value).as_str()));
        writer.write_event(Event::Empty(property))?;
    }
    writer.write_event(Event::End(BytesEnd::new("properties")))?;
    Ok(())
}

// Surefire calls another try of what passed in the end `flaky`, and of what did not `rerun`. A try beside other cases makes nothing
// flaky; the explanation tells of it.
fn write_tries(
    writer: &mut Writer<Vec<u8>>,
    verdict: Verdict,
    tries: &[Attempt],
) -> Result<(), quick_xml::Error> {
    for attempt in tries {
        if attempt.because == Because::BesideOthers {
            continue;
        }
        let name = match (verdict, attempt.verdict) {
            (Verdict::Pass, Verdict::Fail) => "flakyFailure",
            (Verdict::Pass, _) => "flakyError",
            (_, Verdict::Fail) => "rerunFailure",
            _ => "rerunError",
        };
        let reason = attempt.reason.as_deref().unwrap_or_default();
        let mut start = BytesStart::new(name);
        start.push_attribute(("message", visible(reason).as_str()));
        start.push_attribute(("type", attempt.verdict.name()));
        writer.write_event(Event::Start(start))?;
        let files = attempt.digests.iter();
        let files: Vec<String> = files
            .map(|(file, digest)| format!("{} SHA-256 {}", visible(file), visible(digest)))
            .collect();
        if !files.is_empty() {
            writer.write_event(Event::Start(BytesStart::new("system-out")))?;
            let text = cdata(&files.join("\n"));
            writer.write_event(Event::CData(BytesCData::new(text)))?;
            writer.write_event(Event::End(BytesEnd::new("system-out")))?;
        }
        writer.write_event(Event::End(BytesEnd::new(name)))?;
    }
    Ok(())
}
