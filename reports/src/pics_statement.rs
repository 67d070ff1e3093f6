//! Drafts a PICS statement from what is known of a device, for a person to check and to sign.

use std::fmt::Write as _;

use crate::capability::{Capability, CapabilityKind, Statement};
use crate::record::RunRecord;
use crate::text::{one_line, wall_time};

/// The section `pics` of a target file: each capability on a line, with where its answer is from. What nobody knows is a
/// comment, because silence is neither a claim nor a denial.
#[must_use]
pub fn draft(record: &RunRecord) -> String {
    let mut out = head(record);
    out.push_str("# Checked and signed by:\n# On:\n");
    claims(&mut out, record);
    out
}

/// A statement as a file of its own: of which device, whose signature is still to come, and the claims of [`draft`].
#[must_use]
pub fn draft_file(record: &RunRecord) -> String {
    let mut out = head(record);
    let quoted = |text: &str| serde_json::Value::from(one_line(text)).to_string();
    let _ = writeln!(out, "statement: {}", quoted(&record.target.name));
    let _ = writeln!(out, "device: {}", quoted(&device(record)));
    out.push_str(
        "signed:\n  name: \"\"\n  organisation: \"\"\n  on: \"\" # as 2027-03-31\n  \
         # SHA-256 of what is signed, as `iedassay pics gap --statement FILE` tells it\n  content: \"\"\n",
    );
    claims(&mut out, record);
    out
}

fn device(record: &RunRecord) -> String {
    let target = &record.target;
    let said = [&target.vendor, &target.model, &target.revision];
    let said: Vec<String> = said
        .into_iter()
        .flatten()
        .map(|text| one_line(text))
        .collect();
    said.join(" ")
}

fn head(record: &RunRecord) -> String {
    let target = &record.target;
    let device = device(record);
    let mut out = String::new();
    let _ = writeln!(out, "# PICS statement of {}", one_line(&target.name));
    if !device.is_empty() {
        let _ = writeln!(out, "# Device: {device}");
    }
    let _ = writeln!(
        out,
        "# Drafted by {} {} on {}. Check every line: a draft claims nothing.",
        one_line(&record.tool.name),
        one_line(&record.tool.version),
        wall_time(&record.started)
    );
    out
}

fn claims(out: &mut String, record: &RunRecord) {
    out.push_str("pics:\n");
    let mut kind: Option<CapabilityKind> = None;
    for capability in &record.capabilities {
        if kind != Some(capability.kind) {
            let _ = writeln!(out, "  # {}", capability.kind.title());
            kind = Some(capability.kind);
        }
        line(out, capability);
    }
}

fn line(out: &mut String, capability: &Capability) {
    let id = one_line(&capability.id);
    let name = one_line(&capability.name);
    match answer(capability) {
        Some((statement, from)) => {
            let value = match &statement.value {
                // The number of an association parameter; any other value is for reports.
                Some(value) if value.bytes().all(|b| b.is_ascii_digit()) => value.clone(),
                _ => statement.supported.to_string(),
            };
            let _ = writeln!(out, "  {:<44} # {name}; {from}", format!("{id}: {value}"));
        }
        None => {
            let why = capability.unprobed.as_deref().unwrap_or("nobody says");
            let _ = writeln!(
                out,
                "  {:<44} # {name}; {}",
                format!("# {id}:"),
                one_line(why)
            );
        }
    }
}

fn answer(capability: &Capability) -> Option<(&Statement, String)> {
    let from = |statement: &Statement| one_line(statement.source.as_deref().unwrap_or("observed"));
    if let Some(claimed) = &capability.claimed {
        return Some((claimed, from(claimed)));
    }
    // Only the numbers of the Initiate-Response stand for themselves; a bit is confirmed by asking.
    if let (CapabilityKind::AssociationParameter, Some(announced)) =
        (capability.kind, &capability.announced)
    {
        return Some((announced, from(announced)));
    }
    let probed = capability.probed.as_ref()?;
    Some((probed, from(probed)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Target, Tool};

    #[test]
    fn what_nobody_knows_is_no_claim_and_device_text_stays_a_comment() {
        let tool = Tool {
            name: "iedassay".into(),
            version: "0".into(),
        };
        let target = Target {
            name: "bay\npics: {B11: true}".into(),
            ..Target::default()
        };
        let mut record = RunRecord::new(tool, target, String::new());
        let capability = |id: &str, probed: Option<Statement>| Capability {
            id: id.into(),
            name: "name".into(),
            kind: CapabilityKind::AcsiModel,
            required: None,
            claimed: None,
            described: None,
            announced: None,
            probed,
            unprobed: None,
            cases: Vec::new(),
            shown_by: Vec::new(),
        };
        record
            .capabilities
            .push(capability("M1", Some(Statement::flag(true))));
        record.capabilities.push(capability("M5", None));
        let text = draft(&record);
        assert!(text.contains("\n  M1: true "), "{text}");
        assert!(text.contains("\n  # M5: "), "{text}");
        assert_eq!(text.matches("\npics:").count(), 1, "{text}");
    }
}
