//! A large record, built the same way every time.

use iedassay_reports::{
    Capability, CapabilityKind, CaseRecord, Happening, Mark, MessageRecord, Messages, Moment,
    RunRecord, Statement, StepOutcome, StepRecord, Target, Tool, Verdict,
};

/// A record of so many cases, of which so many fail: each with as many steps, messages and octets as a case may have.
pub(crate) fn large(cases: usize, failing: usize) -> RunRecord {
    let tool = Tool {
        name: "iedassay".into(),
        version: "0".into(),
    };
    let target = Target {
        name: "bay 1".into(),
        ..Target::default()
    };
    let mut record = RunRecord::new(tool, target, "2026-01-02T03:04:05Z".into());
    record.cases = (0..cases)
        .map(|number| case(number, number < failing))
        .collect();
    record.plan.to_run = record.cases.iter().map(CaseRecord::key).collect();
    record.capabilities = (0..CAPABILITIES)
        .map(|number| capability(number, cases))
        .collect();
    record.finished = Some("2026-01-02T03:14:05Z".into());
    record.conclude();
    record
}

/// Rows of the PICS gap, somewhat more than the catalogue has.
const CAPABILITIES: usize = 250;

fn capability(number: usize, cases: usize) -> Capability {
    let case = |at: usize| format!("group{}/case-{at}", at % 12);
    Capability {
        id: format!("S{number}"),
        name: "A service of usual name".into(),
        kind: CapabilityKind::AcsiService,
        part_of: None,
        required: Some(Statement::flag(true).from_source("tender.yaml:14")),
        claimed: Some(Statement::flag(!number.is_multiple_of(3)).from_source("PICS in bay-1.yaml")),
        described: Some(Statement::flag(!number.is_multiple_of(5)).from_source("SCL")),
        announced: Some(
            Statement::flag(!number.is_multiple_of(7)).from_source("Initiate-Response"),
        ),
        probed: Some(Statement::flag(true).from_source("probe: read [ASSAYLD0/LLN0$Mod$q]")),
        unprobed: None,
        cases: (number..cases).step_by(40).map(case).collect(),
        shown_by: (number + 7..cases).step_by(20).map(case).collect(),
    }
}

fn case(number: usize, fails: bool) -> CaseRecord {
    let mut steps: Vec<StepRecord> = (0..120).map(step).collect();
    let moments = (0..200).map(|at| Moment {
        at_ms: f64::from(at) * 10.0,
        of: format!("ASSAYLD0/GGIO1.Ind{}.stVal", at % 8),
        what: if at % 3 == 0 {
            Happening::Reported { entries: 2 }
        } else {
            Happening::Changed
        },
    });
    let moments = moments.collect();
    let mut messages = Messages::default();
    if fails {
        let last = steps.last_mut().unwrap();
        last.outcome = StepOutcome::Failed;
        last.expected = vec!["r.sqNum == 0".into()];
        last.observed = Some("observed 3 instead of 0".into());
        last.pdu = Some(
            (0..90)
                .map(|at| format!("{:04x}  element {at}: value\n", at * 11))
                .collect(),
        );
        last.bytes = Some("a1".repeat(1000));
        last.frame = Some(40);
        last.marks = vec![Mark {
            read: "r.sqNum".into(),
            element: "informationReport/listOfAccessResult/2: unsigned".into(),
            offset: 44,
            length: 3,
            frame: None,
        }];
        messages.shown = (0..55).map(message).collect();
    }
    CaseRecord {
        id: format!("group{}/case-{number}", number % 12),
        title: "A title that says what is checked, as a sentence of usual length".into(),
        group: format!("group{}", number % 12),
        suite: format!("group{}/suite", number % 12),
        verdict: if fails { Verdict::Fail } else { Verdict::Pass },
        reason: fails.then(|| "check: observed 3 instead of 0".into()),
        capture: Some(format!("captures/case-{number}.pcapng")),
        transcript: Some(format!("transcripts/case-{number}.txt")),
        rationale: Some("Why it matters in the field. ".repeat(8)),
        steps,
        moments,
        messages,
        checks: 3,
        ..CaseRecord::default()
    }
}

fn step(number: u32) -> StepRecord {
    StepRecord {
        verb: "set-rcb".into(),
        text: format!(
            "set-rcb: {{rcb: ASSAYLD0/LLN0.urcb01, buf-tm: 1s, trg-ops: [dchg], round: {number}}}"
        ),
        started_ms: f64::from(number) * 12.5,
        ..StepRecord::default()
    }
}

fn message(number: u32) -> MessageRecord {
    MessageRecord {
        at_ms: f64::from(number) * 12.5,
        client: "main".into(),
        sent: number.is_multiple_of(2),
        frame: u64::from(number) + 4,
        summary: format!("DT, read-request #{number}: [ASSAYLD0/LLN0$RP$urcb01$SqNum]"),
        octets: 74,
        steps: if number.is_multiple_of(4) {
            vec!["12: read".into()]
        } else {
            Vec::new()
        },
        decides: number == 36,
    }
}
