//! What changed between two runs: of the same device with other firmware, of two devices, or of the same release twice.
//!
//! A comparison is a pure function of two records, and says of every case instance and capability in either of them
//! what became of it. What is the same in both is counted, not listed.

mod capabilities;
mod cases;
mod html;
mod measurements;
mod model;
mod render;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::RunRecord;
use crate::summary::Conclusion;

pub use capabilities::{CapabilityChange, CapabilityChangeKind};
pub use cases::{CaseChange, CaseChangeKind};
pub use html::html;
pub use measurements::{MeasurementChange, Spread, Tolerance};
pub use model::{ModelChange, ModelChangeKind, ModelComparison};
pub use render::{markdown, terminal};

/// The comparison of two runs, version 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// Version of this format.
    pub schema_version: u32,
    /// The earlier run, or the one that is the measure.
    pub old: Side,
    /// The later run.
    pub new: Side,
    /// What is known of the device, the tool and the run and differs.
    pub facts: Vec<FactChange>,
    /// Case instances with another outcome, the worst kind of change first.
    pub cases: Vec<CaseChange>,
    /// Capabilities with another observation, claim or announcement.
    pub capabilities: Vec<CapabilityChange>,
    /// What the devices have another model of.
    #[serde(default)]
    pub model: ModelComparison,
    /// What both runs measured, and the middle of which moved by more than the tolerance.
    #[serde(default)]
    pub measurements: Vec<MeasurementChange>,
    /// Series of numbers in both runs that stayed within the tolerance.
    #[serde(default)]
    pub same_measurements: usize,
    /// Case instances that came out the same.
    pub same_cases: usize,
    /// Case instances of the old run that the filters of the new run leave out; nothing is said of them.
    pub not_selected: usize,
}

impl Comparison {
    /// Changes that a gate must stop: new failures, verdicts and capabilities that were there and are gone.
    #[must_use]
    pub fn regressions(&self) -> usize {
        let cases = self.cases.iter().filter(|case| case.kind.is_regression());
        let capabilities = self
            .capabilities
            .iter()
            .filter(|capability| capability.kind.is_regression());
        cases.count() + capabilities.count()
    }
}

/// One of the two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// Name of the target.
    pub target: String,
    /// Vendor, model and revision as the device says them.
    pub identity: String,
    /// Wall time at the start, RFC 3339 in UTC.
    pub started: String,
    /// Case instances with a verdict.
    pub cases: usize,
    /// What followed from them.
    pub conclusion: Conclusion,
}

/// A fact that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FactChange {
    /// What it is, as `revision`.
    pub name: String,
    /// In the old run; empty when it was not known.
    pub old: String,
    /// In the new run; empty when it is not known.
    pub new: String,
}

/// Compares two records. Both must be concluded ([`RunRecord::conclude`]).
#[must_use]
pub fn compare(old: &RunRecord, new: &RunRecord, tolerance: Tolerance) -> Comparison {
    let cases = cases::compare(old, new);
    let measurements = measurements::compare(old, new, tolerance);
    Comparison {
        schema_version: 1,
        old: side(old),
        new: side(new),
        facts: facts(old, new),
        cases: cases.changes,
        capabilities: capabilities::compare(old, new),
        model: model::compare(old.model.as_ref(), new.model.as_ref()),
        measurements: measurements.changes,
        same_measurements: measurements.same,
        same_cases: cases.same,
        not_selected: cases.not_selected,
    }
}

/// The comparison as indented JSON with a line feed at the end.
///
/// # Errors
/// Never in practice: it holds only what JSON can carry.
pub fn json(comparison: &Comparison) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(comparison)?;
    text.push('\n');
    Ok(text)
}

fn side(record: &RunRecord) -> Side {
    let target = &record.target;
    let identity: Vec<&str> = [&target.vendor, &target.model, &target.revision]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Side {
        target: target.name.clone(),
        identity: identity.join(" "),
        started: record.started.clone(),
        cases: record.cases.len(),
        conclusion: record.summary.conclusion,
    }
}

fn facts(old: &RunRecord, new: &RunRecord) -> Vec<FactChange> {
    let of = |record: &RunRecord| {
        let target = &record.target;
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut facts = vec![
            ("target".to_owned(), target.name.clone()),
            ("vendor".to_owned(), said(&target.vendor)),
            ("model".to_owned(), said(&target.model)),
            ("revision".to_owned(), said(&target.revision)),
            ("edition".to_owned(), said(&target.edition)),
            ("SCL".to_owned(), said(&target.scl)),
            ("IED".to_owned(), said(&target.ied)),
            ("profile".to_owned(), said(&target.profile)),
            (
                "tool".to_owned(),
                format!("{} {}", record.tool.name, record.tool.version),
            ),
            ("cases known".to_owned(), record.plan.known.to_string()),
            ("faults".to_owned(), record.options.faults.join(", ")),
        ];
        facts.extend(target.details.clone());
        facts
    };
    let (before, after) = (of(old), of(new));
    let value = |facts: &[(String, String)], name: &str| {
        let found = facts.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut names: Vec<&String> = before.iter().map(|(name, _)| name).collect();
    names.extend(
        after
            .iter()
            .map(|(name, _)| name)
            .filter(|name| !before.iter().any(|(other, _)| other == *name)),
    );
    names
        .into_iter()
        .map(|name| FactChange {
            name: name.clone(),
            old: value(&before, name),
            new: value(&after, name),
        })
        .filter(|change| change.old != change.new)
        .collect()
}

#[cfg(test)]
mod tests;
