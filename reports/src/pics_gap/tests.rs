use super::render::csv_cell;
use super::*;
use crate::record::{Target, Tool};

fn capability(claimed: Option<Statement>) -> Capability {
    Capability {
        id: "S5".into(),
        name: "GetDataValues".into(),
        kind: CapabilityKind::AcsiService,
        part_of: None,
        required: None,
        claimed,
        announced: None,
        described: None,
        probed: None,
        unprobed: None,
        cases: vec!["data/read".into()],
        shown_by: Vec::new(),
    }
}

fn gaps_with(capability: Capability, verdict: Option<Verdict>) -> Vec<Gap> {
    report_of(capability, verdict).gaps
}

fn report_of(capability: Capability, verdict: Option<Verdict>) -> GapRow {
    let tool = Tool {
        name: "iedassay".into(),
        version: "0".into(),
    };
    let mut record = RunRecord::new(tool, Target::default(), String::new());
    record.cases.extend(verdict.map(|verdict| CaseRecord {
        id: "data/read".into(),
        verdict,
        ..CaseRecord::default()
    }));
    record.capabilities.push(capability);
    gap_report(&record).rows.remove(0)
}

#[test]
fn a_failing_claim_is_a_gap_and_a_passing_one_is_not() {
    let claimed = || capability(Some(Statement::flag(true)));
    assert_eq!(
        gaps_with(claimed(), Some(Verdict::Fail)),
        [Gap::ClaimedButFailing]
    );
    assert_eq!(gaps_with(claimed(), Some(Verdict::Pass)), []);
    assert_eq!(
        gaps_with(claimed(), Some(Verdict::Inconclusive)),
        [Gap::ClaimedButNeverExercised]
    );
    assert_eq!(gaps_with(claimed(), None), [Gap::ClaimedButNeverExercised]);
}

#[test]
fn silence_about_a_whole_table_is_no_denial() {
    assert_eq!(gaps_with(capability(None), Some(Verdict::Pass)), []);
    assert_eq!(
        gaps_with(
            capability(Some(Statement::flag(false))),
            Some(Verdict::Pass)
        ),
        [Gap::WorkingButNotClaimed]
    );
}

#[test]
fn claiming_fewer_than_required_is_not_claiming() {
    let mut capability = capability(Some(Statement::value(5)));
    capability.required = Some(Statement::value(6));
    assert_eq!(
        gaps_with(capability, Some(Verdict::Pass)),
        [Gap::RequiredButNotClaimed]
    );
}

#[test]
fn what_only_shows_a_capability_cannot_deny_it() {
    let mut capability = capability(None);
    capability.shown_by = std::mem::take(&mut capability.cases);
    capability.announced = Some(Statement::flag(true));
    let observed = |verdict| report_of(capability.clone(), verdict).observed;
    assert_eq!(observed(Some(Verdict::Pass)), Observed::Working);
    assert_eq!(observed(Some(Verdict::Fail)), Observed::NotExercised);
}

#[test]
fn csv_cells_are_no_formulas() {
    assert_eq!(csv_cell("=1+1"), "'=1+1");
    assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
}
