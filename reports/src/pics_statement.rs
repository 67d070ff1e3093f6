//! Drafts a PICS statement from what is known of a device, for a person to check and to sign.

use std::fmt::Write as _;

use crate::capability::{Capability, CapabilityKind, Statement};
use crate::pics_gap::{GapRow, Observed, gap_report};
use crate::record::RunRecord;
use crate::text::{counted, one_line, wall_time};

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
    let rows = gap_report(record).rows;
    let remarks: Vec<Vec<String>> = record
        .capabilities
        .iter()
        .zip(&rows)
        .map(|(capability, row)| remarks(capability, row, record, &rows))
        .collect();
    let doubtful = remarks.iter().filter(|remarks| !remarks.is_empty()).count();
    if doubtful > 0 {
        let _ = writeln!(
            out,
            "# {} below, with `!` beside: what is said there is not what was seen.",
            counted(doubtful, "contradiction")
        );
    }
    out.push_str("pics:\n");
    let mut kind: Option<CapabilityKind> = None;
    for (capability, remarks) in record.capabilities.iter().zip(remarks) {
        if kind != Some(capability.kind) {
            let _ = writeln!(out, "  # {}", capability.kind.title());
            kind = Some(capability.kind);
        }
        line(out, capability);
        for remark in remarks {
            let _ = writeln!(out, "  # ! {}: {remark}", one_line(&capability.id));
        }
    }
}

/// What speaks against the line of a capability: what was observed of it and of its parts, and the SCL file.
fn remarks(
    capability: &Capability,
    row: &GapRow,
    record: &RunRecord,
    rows: &[GapRow],
) -> Vec<String> {
    let Some((statement, from)) = answer(capability) else {
        return Vec::new();
    };
    let said = statement.supported;
    let word = |yes: bool| if yes { "yes" } else { "no" };
    let mut remarks = Vec::new();
    if against(said, row.observed) {
        remarks.push(format!(
            "{from} says {}, and it is {}",
            word(said),
            seen(row)
        ));
    }
    if let Some(described) = &capability.described
        && described.supported != said
        && described.source != statement.source
    {
        let described = word(described.supported);
        remarks.push(format!(
            "{from} says {}, and the SCL file {described}",
            word(said)
        ));
    }
    let parts = record.capabilities.iter().zip(rows);
    let parts = parts.filter(|(part, _)| part.part_of.as_ref() == Some(&capability.id));
    for (part, its) in parts {
        let name = format!("{} ({})", one_line(&part.id), one_line(&part.name));
        if against(said, its.observed) {
            let said = word(said);
            remarks.push(format!(
                "{from} says {said}, and its part {name} is {}",
                seen(its)
            ));
        } else if let Some((claim, by)) = answer(part)
            && claim.supported
            && !said
        {
            remarks.push(format!(
                "{from} says no, and {by} says yes of its part {name}"
            ));
        }
    }
    remarks
}

/// Whether what was seen speaks against what is said.
fn against(said: bool, observed: Observed) -> bool {
    match observed {
        Observed::Working => !said,
        Observed::Failing | Observed::Unsupported => said,
        Observed::NotExercised => false,
    }
}

fn seen(row: &GapRow) -> String {
    match &row.note {
        Some(note) => format!("{}: {}", row.observed.name(), one_line(note)),
        None => row.observed.name().to_owned(),
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

    fn record(capabilities: Vec<Capability>) -> RunRecord {
        let tool = Tool {
            name: "iedassay".into(),
            version: "0".into(),
        };
        let target = Target {
            name: "bay\npics: {B11: true}".into(),
            ..Target::default()
        };
        let mut record = RunRecord::new(tool, target, String::new());
        record.capabilities = capabilities;
        record
    }

    fn capability(id: &str, part_of: Option<&str>, probed: Option<bool>) -> Capability {
        Capability {
            id: id.into(),
            name: "name".into(),
            kind: CapabilityKind::AcsiModel,
            part_of: part_of.map(str::to_owned),
            required: None,
            claimed: None,
            described: None,
            announced: None,
            probed: probed.map(|yes| Statement::flag(yes).from_source("it was\nasked")),
            unprobed: None,
            cases: Vec::new(),
            shown_by: Vec::new(),
        }
    }

    #[test]
    fn what_nobody_knows_is_no_claim_and_device_text_stays_a_comment() {
        let record = record(vec![
            capability("M1", None, Some(true)),
            capability("M5", None, None),
        ]);
        let text = draft(&record);
        assert!(text.contains("\n  M1: true "), "{text}");
        assert!(text.contains("\n  # M5: "), "{text}");
        assert!(!text.contains("# !"), "{text}");
        assert_eq!(text.matches("\npics:").count(), 1, "{text}");
    }

    #[test]
    fn what_contradicts_a_line_stands_below_it() {
        let says = |yes: bool, capability: Capability| Capability {
            claimed: Some(Statement::flag(yes).from_source("SCL")),
            ..capability
        };
        let record = record(vec![
            says(true, capability("M10", None, None)),
            capability("S32", Some("M10"), Some(false)),
            capability("S33", Some("M10"), Some(true)),
            says(false, capability("M17", None, Some(true))),
            says(true, capability("S57", Some("M17"), None)),
            Capability {
                described: Some(Statement::flag(false).from_source("SCL")),
                claimed: Some(Statement::flag(true).from_source("PICS")),
                ..capability("M5", None, Some(true))
            },
        ]);
        let text = draft(&record);
        let found: Vec<&str> = text.lines().filter(|line| line.contains("# !")).collect();
        assert_eq!(
            found,
            [
                "  # ! M10: SCL says yes, and its part S32 (name) is unsupported: it was asked",
                "  # ! M17: SCL says no, and it is working: it was asked",
                "  # ! M17: SCL says no, and SCL says yes of its part S57 (name)",
                "  # ! M5: PICS says yes, and the SCL file no",
            ],
            "{text}"
        );
        assert!(text.contains("# 3 contradictions below"), "{text}");
    }
}
