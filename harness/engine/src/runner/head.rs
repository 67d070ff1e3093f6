//! The record of a case before it has run.

use std::collections::BTreeMap;

use iedassay_reports::{CaseRecord, UcaId};

use crate::diagnostic::Sources;
use crate::expect::explain::show;
use crate::plan::{Decision, PlannedCase};
use crate::suite::Confidence;

/// The record of a case with everything the plan knows.
pub(super) fn head(sources: &Sources, planned: &PlannedCase) -> CaseRecord {
    let case = &planned.case;
    let position = sources.position(case.id.span);
    let bindings: BTreeMap<String, String> = match &planned.decision {
        Decision::Run { bindings } => bindings
            .iter()
            .map(|(name, value)| (name.clone(), show(value)))
            .collect(),
        _ => BTreeMap::new(),
    };
    let uca = case.uca.iter().map(|(id, confidence)| UcaId {
        id: id.value.clone(),
        confidence: match confidence {
            Confidence::High => iedassay_reports::Confidence::High,
            Confidence::Medium => iedassay_reports::Confidence::Medium,
            Confidence::Low => iedassay_reports::Confidence::Low,
        },
    });
    CaseRecord {
        id: case.id.value.clone(),
        instance: planned.instance.clone(),
        title: case.title.clone(),
        suite: planned.suite.name.clone(),
        group: planned.suite.group().to_owned(),
        block: planned.suite.blocks_of(case),
        edition: case
            .edition
            .iter()
            .map(|edition| edition.value.as_str().to_owned())
            .collect(),
        uca: uca.collect(),
        clause: case.clause.clone(),
        rationale: case.rationale.clone(),
        tags: case.tags.iter().map(|tag| tag.value.clone()).collect(),
        source: Some(format!("{}:{}", position.file, position.line)),
        bindings,
        capabilities: case
            .needs
            .iter()
            .flat_map(|needs| needs.capability.iter())
            .map(|id| id.value.clone())
            .collect(),
        ..CaseRecord::default()
    }
}
