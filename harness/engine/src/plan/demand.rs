//! What a case needs by what it does.

use std::collections::BTreeSet;

use crate::suite::{Allowance, Case, Step, StepEntry, StimulusKind};

/// What must be allowed and at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// What must be allowed.
    pub allow: BTreeSet<Allowance>,
    /// What must be at hand.
    pub stimuli: BTreeSet<StimulusKind>,
}

/// What a case says it needs, and what its steps need by themselves, those inside other steps too. Left out is what stands
/// under an `if` that itself asks `target` (the case can do without), and stimuli under any `if`. The runner asks again
/// before it does anything.
#[must_use]
pub fn demand(case: &Case) -> Demand {
    let mut demand = Demand::default();
    if let Some(needs) = &case.needs {
        demand.allow.extend(needs.allow.iter().map(|a| a.value));
        demand
            .stimuli
            .extend(needs.stimulus.iter().map(|s| s.value));
    }
    steps(&case.setup, true, &mut demand);
    steps(&case.steps, true, &mut demand);
    let named = |what| {
        let needs = case.needs.as_ref();
        needs.is_some_and(|needs| needs.allow.iter().any(|a| a.value == what))
    };
    let elsewhere = named(Allowance::Substitute) || named(Allowance::Publishers);
    // What such a case writes is taken for substitution, or for the publishers, and has a permission of its own.
    if elsewhere && !named(Allowance::WriteData) {
        demand.allow.remove(&Allowance::WriteData);
    }
    demand
}

fn steps(list: &[StepEntry], certain: bool, demand: &mut Demand) {
    for entry in list {
        let (allow, stimulus) = match &entry.step {
            Step::Write(_) => (Some(Allowance::WriteData), None),
            Step::Select(_) | Step::Operate(_) | Step::Cancel(_) => {
                (Some(Allowance::Operate), None)
            }
            Step::CreateDataSet(_) | Step::DeleteDataSet(_) => (Some(Allowance::DataSets), None),
            Step::SelectSettingGroup(_)
            | Step::EditSettingGroup(_)
            | Step::ConfirmSettingGroup(_) => (Some(Allowance::SettingGroups), None),
            Step::SetFile(_) | Step::DeleteFile(_) => (Some(Allowance::Files), None),
            Step::Associate(s) if !s.alter.is_empty() => (Some(Allowance::Robustness), None),
            Step::SendRaw(_) | Step::RawConnection(_) => (Some(Allowance::Robustness), None),
            Step::TimeServer(_) | Step::ExpectTimeRequest(_) => {
                (Some(Allowance::TimeServer), Some(StimulusKind::TimeServer))
            }
            Step::PowerCycle(_) => (Some(Allowance::CutPower), Some(StimulusKind::Power)),
            Step::Network(_) => (Some(Allowance::CutNetwork), Some(StimulusKind::Network)),
            Step::Stimulate(s) => (None, s.change.as_literal().copied()),
            Step::Force(s) => (
                None,
                s.condition
                    .as_literal()
                    .map(|condition| condition.stimulus()),
            ),
            Step::AskOperator(_) => (None, Some(StimulusKind::Operator)),
            _ => (None, None),
        };
        demand.allow.extend(allow);
        if certain {
            demand.stimuli.extend(stimulus);
        }
        let certain = match &entry.step {
            Step::If(s) if s.when.variables.iter().any(|v| v.value == "target") => continue,
            Step::If(_) => false,
            _ => certain,
        };
        for block in entry.step.blocks() {
            steps(block, certain, demand);
        }
    }
}
