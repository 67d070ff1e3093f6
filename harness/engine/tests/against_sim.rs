//! The whole way: suites in, record out, against the simulated IED over pipes on virtual time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::{Bench, TARGET, all_pass, library, run_cases};
use iedassay_engine::cancel::cancellation;
use iedassay_engine::runner::RunEnd;
use iedassay_model::scl;
use iedassay_reports::{Restored, Verdict};
use iedassay_sim::{Fault, FaultSet, Sim, SimConfig};

#[tokio::test(start_paused = true)]
async fn associates_identifies_and_releases() {
    let (record, end) = run_cases(
        "  - id: test/trivial
    title: The server says who it is
    associate: manual
    steps:
      - associate: {as: a, check: ['a.pduSize > 0', 'a.tries == 1']}
      - identify: {as: who, check: ['who.vendor != \"\"']}
      - release: {as: r, check: ['r.conclude']}
",
        true,
    )
    .await;
    assert_eq!(end, RunEnd::Completed);
    all_pass(&record);
    assert_eq!(record.cases[0].steps.len(), 3);
    assert!(record.target.vendor.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_check_that_does_not_hold_shows_the_pdu_behind_the_value() {
    let (record, _) = run_cases(
        "  - id: test/evidence
    title: What does not hold is shown
    steps:
      - read: {ref: \"ASSAYLD0/LLN0.Beh.stVal[ST]\", as: beh}
      - identify: {as: who}
      - let: {mode: 'beh.value'}
      - assert: \"beh.value == 'off'\"
      - assert: \"mode == 'off'\"
      - assert: \"who.vendor == ''\"
",
        true,
    )
    .await;
    let failed: Vec<_> = record.cases[0]
        .steps
        .iter()
        .filter(|step| step.verb == "assert")
        .collect();
    assert_eq!(failed.len(), 3);
    let [value, derived, identity] = failed.as_slice() else {
        unreachable!()
    };
    for step in [value, derived] {
        let pdu = step.pdu.as_deref().unwrap();
        assert!(
            pdu.contains("confirmed-ResponsePDU") && pdu.contains("read"),
            "{pdu}"
        );
    }
    assert_eq!(value.frame, derived.frame);
    assert!(identity.pdu.as_deref().unwrap().contains("vendorName"));
    assert!(identity.frame > value.frame);
    assert!(identity.bytes.as_deref().unwrap().starts_with("a1"));
}

/// A value of another type than described makes expressions impossible: the server's fault, and the PDU proves it.
#[tokio::test(start_paused = true)]
async fn what_a_value_of_another_type_breaks_is_the_servers() {
    const CASES: &str = "  - id: test/types
    title: Two values of different types
    steps:
      - read: {ref: [\"ASSAYLD0/LLN0.Beh.stVal[ST]\", \"ASSAYLD0/LLN0.Beh.q[ST]\"], as: r}
      - let: {beh: 'r.values[0]', last: 'r'}
      - assert: 'beh + 1 > 0'
      - assert: 'last.values[0] + 1 > 0'
      - repeat: {times: 1, as: rounds, steps: [{let: {inner: 'r.values[0]'}}]}
      - assert: 'rounds[0].inner + 1 > 0'
      - let: {sum: 'beh + 1'}
  - id: test/author
    title: The author takes a list for a number
    steps:
      - read: {ref: \"ASSAYLD0/LLN0.Beh.q[ST]\", as: q}
      - let: {sum: 'q.value + 1'}
";
    let wrong = {
        let mut bench = Bench::new(TARGET);
        let faults: FaultSet = [Fault::MultiReadReversed].into_iter().collect();
        let model = Arc::new(scl::builtin().unwrap().model);
        bench.sim = Sim::new(SimConfig {
            faults,
            ..SimConfig::new(model, common::EPOCH)
        });
        bench.run(common::cases(CASES)).await.0
    };
    let [types, author] = wrong.cases.as_slice() else {
        unreachable!()
    };
    assert_eq!(types.verdict, Verdict::Fail, "{:?}", types.reason);
    let troubled: Vec<_> = types
        .steps
        .iter()
        .filter(|s| s.observed.is_some())
        .collect();
    assert_eq!(troubled.len(), 4);
    for step in troubled {
        let observed = step.observed.as_deref().unwrap();
        assert!(
            observed.starts_with("ASSAYLD0/LLN0.Beh.stVal[ST]: expected "),
            "{observed}"
        );
        assert!(step.pdu.as_deref().unwrap().contains("read"));
    }
    assert_eq!(author.verdict, Verdict::Error);
    let (right, _) = run_cases(CASES, true).await;
    assert_eq!(
        right.cases[0].verdict,
        Verdict::Pass,
        "{:?}",
        right.cases[0].reason
    );
    assert_eq!(right.cases[1].verdict, Verdict::Error);
}

/// Whatever a case operates stands at its end as it stood before, by the control model of each object, and also after a
/// case that changed the control model, was held by the process, or has let its association go.
#[tokio::test(start_paused = true)]
async fn what_a_case_operated_is_operated_back() {
    let bench = Bench::new(TARGET);
    let sim = bench.sim.clone();
    let state = |sim: &Sim| {
        let mut all = sim.fingerprint();
        all.remove("associations");
        all
    };
    let before = state(&sim);
    let (record, _) = bench
        .run(common::cases(
            "  - id: test/moves
    title: Every control is moved and left there
    for-each: {c: 'model.controls.filter(c, c.operable && c.ctlModel in [1, 2, 3, 4] && c.status != null)'}
    steps:
      - read: {ref: $c.status, as: was}
      - if: {when: 'c.ctlModel in [2, 4]', then: [{select: {control: $c}}]}
      - if:
          when: \"c.cdc in ['APC', 'BAC']\"
          then: [{operate: {control: $c, value: ['${was.value + 1.0}']}}]
          else: [{operate: {control: $c}}]
      - wait: 5s
      - read: {ref: $c.status, as: is}
      - note: {text: moved, when: 'is.value != was.value'}
      - release: {}
  - id: test/refused
    title: What is refused is not put back
    for-each: {c: 'model.controls.filter(c, c.operable && c.ctlModel == 1).first(1)'}
    steps:
      - force: {control: $c, condition: test-not-ok}
      - operate: {control: $c, expect: refused}
",
        ))
        .await;
    all_pass(&record);
    let moved = record
        .cases
        .iter()
        .filter(|case| !case.findings.is_empty())
        .count();
    assert!(moved > 3, "{moved} controls moved");
    for case in &record.cases {
        assert_eq!(case.restored, Restored::Yes, "{}", case.key());
    }
    let after = state(&sim);
    let changed: Vec<_> = before
        .iter()
        .filter(|(key, value)| after.get(*key) != Some(*value))
        .collect();
    assert!(changed.is_empty(), "{changed:?}");
    let restores = |key: &str| {
        let of = record.cases.iter().find(|case| case.id == key);
        of.into_iter()
            .flat_map(|case| &case.steps)
            .filter(|step| step.verb == "restore")
            .count()
    };
    assert!(restores("test/refused") > 0);
}

/// A case that takes away the way back: the position is told as left behind, and the verdict is what it was.
#[tokio::test(start_paused = true)]
async fn a_control_that_cannot_be_operated_back_is_told() {
    let (record, _) = run_cases(
        "  - id: test/stays
    title: The case leaves no way back
    steps:
      - let: {c: \"model.controls.filter(c, c.ld + '/' + c.ln == 'ASSAYLD0/LPHD1' && c.operable)[0]\"}
      - write: {ref: \"${c.mms.replace('$CO$', '$CF$')}$ctlModel\", value: 1, restore: false}
      - operate: {control: $c}
      - wait: 1s
      - write: {ref: \"${c.mms.replace('$CO$', '$CF$')}$ctlModel\", value: 0, restore: false}
",
        true,
    )
    .await;
    assert_eq!(record.cases[0].verdict, Verdict::Pass);
    assert_eq!(record.cases[0].restored, Restored::No);
    let [left] = record.left_behind.as_slice() else {
        panic!("{:?}", record.left_behind)
    };
    assert!(left.what.contains("LPHD1.Sim"), "{left:?}");
    assert_eq!(left.why, "its control model is status-only");
}

#[tokio::test(start_paused = true)]
async fn works_without_a_description_too() {
    let (record, end) = run_cases(
        "  - id: test/browsed
    title: A browsed model can be read
    for-each: {rcb: 'model.rcbs'}
    steps:
      - get-rcb: {rcb: $rcb, as: b, check: ['b.fits', '!b.rptEna']}
",
        false,
    )
    .await;
    assert_eq!(end, RunEnd::Completed);
    all_pass(&record);
    assert!(record.cases.len() > 3);
}

#[tokio::test(start_paused = true)]
async fn a_change_becomes_a_report_with_its_value_reason_and_time() {
    let (record, _) = run_cases(
        "  - id: test/report
    title: A change is reported
    for-each: {rcb: \"model.rcbs.filter(r, r.members.exists(m, m.fc == 'ST' && can(m, 'dchg')))\"}
    steps:
      - set-rcb: {rcb: $rcb, trg-ops: [dchg], opt-flds: [seq-num, reason-code, data-ref], buf-tm: 500ms, enable: true, as: on}
      - stimulate: {member: $rcb.statusMember, change: dchg, as: s}
      - expect-report:
          from: $rcb
          within: {after: s, min: 500ms, max: 510ms}
          as: r
          members: [$s.member]
          reason: dchg
          check: ['r.value(s.member) == s.value', 'r.sqNum == 0', 'r.allFit']
      - quiet-for: {from: $rcb, time: 2s}
",
        true,
    )
    .await;
    all_pass(&record);
    assert!(
        record
            .cases
            .iter()
            .all(|case| case.demanded_wait_ms >= 2_500.0)
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_case_changes_is_put_back() {
    let (record, _) = run_cases(
        "  - id: test/changes
    title: Changes a lot
    for-each: {rcb: \"model.rcbs.filter(r, r.datSet != '')\"}
    steps:
      - set-rcb: {rcb: $rcb, trg-ops: [gi, integrity], intg-pd: 7s, enable: true}
      - assert: 'true'
  - id: test/is-as-before
    title: Finds all blocks as configured
    for-each: {rcb: 'model.rcbs'}
    steps:
      - get-rcb: {rcb: $rcb, as: b, check: ['!b.rptEna', 'b.intgPd == rcb.intgPd', \"b.trgOps == rcb.trgOps\"]}
",
        true,
    )
    .await;
    all_pass(&record);
}

#[tokio::test(start_paused = true)]
async fn what_a_stimulus_changed_is_put_back_for_the_next_case() {
    let (record, _) = run_cases(
        "  - id: test/moves
    title: The process is made to move
    steps:
      - stimulate: {member: 'ASSAYLD0/GGIO1.Ind1.stVal[ST]', change: dchg, as: a}
      - stimulate: {member: 'ASSAYLD0/GGIO1.Ind1.stVal[ST]', change: dchg}
      - stimulate: {member: 'ASSAYLD0/GGIO1.Ind1.stVal[ST]', change: dchg, as: c}
      - stimulate: {member: 'ASSAYLD0/GGIO1.Ind1.q[ST]', change: qchg}
      - assert: 'a.value == c.value && a.value != a.before'
  - id: test/finds-it-as-it-was
    title: The next case finds it as it was
    steps:
      - read: {ref: 'ASSAYLD0/GGIO1.Ind1.stVal[ST]', check: ['result.value == false']}
      - read: {ref: 'ASSAYLD0/GGIO1.Ind1.q[ST]', check: [\"result.value == ['good']\"]}
",
        true,
    )
    .await;
    all_pass(&record);
    assert_eq!(record.cases[0].restored, Restored::Yes);
}

#[tokio::test(start_paused = true)]
async fn written_values_are_put_back_also_after_a_failure() {
    let (record, _) = run_cases(
        "  - id: test/writes
    title: Overwrites a setting and fails
    steps:
      - write: {ref: 'ASSAYPROT/PTOC1.StrVal.setMag.f[SE]', value: 5, expect: any}
      - assert: {that: 'false', why: on purpose}
  - id: test/as-before
    title: The setting is as before
    steps:
      - read: {ref: 'ASSAYCTRL/GGIO1.SPCSO1.ctlModel[CF]'}
",
        true,
    )
    .await;
    assert_eq!(record.cases[0].verdict, Verdict::Fail);
    assert_eq!(record.cases[1].verdict, Verdict::Pass);
    assert!(record.left_behind.is_empty(), "{:?}", record.left_behind);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_away_is_told_from_a_step_that_ends() {
    let (record, _) = run_cases(
        "  - id: test/power
    title: The association ends with the supply, and comes back
    steps:
      - mark: before
      - power-cycle: {as: off}
      - expect-closed: {within: {after: before, max: 5s}, as: c}
      - associate: {client: again, within: 10s, retry-every: 200ms}
      - identify: {client: again}
  - id: test/gone
    title: A request after the end is the server's doing
    steps:
      - power-cycle: {}
      - identify: {}
",
        true,
    )
    .await;
    assert_eq!(record.cases[0].reason, None);
    assert_eq!(record.cases[0].verdict, Verdict::Pass);
    assert_eq!(record.cases[1].verdict, Verdict::Fail);
    let reason = record.cases[1].reason.as_deref().unwrap();
    assert!(
        reason.contains("expected success, observed connection closed"),
        "{reason}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_cut_path_is_restored_and_silence_is_a_verdict() {
    let (record, _) = run_cases(
        "  - id: test/cut
    title: Nothing comes through a cut path
    steps:
      - network: {action: cut}
      - identify: {expect: timeout}
  - id: test/after
    title: The next case finds the path restored
    steps: [{identify: {}}]
",
        true,
    )
    .await;
    all_pass(&record);
}

#[tokio::test(start_paused = true)]
async fn controls_are_operated_and_refusals_carry_their_cause() {
    let (record, _) = run_cases(
        "  - id: test/sbo
    title: Select, operate, and what is refused
    for-each: {c: 'model.controls.filter(c, c.ctlModel == 2 && c.operable && !c.operateMany && !c.hasOperTm).first(1)'}
    steps:
      - operate: {control: $c, expect: refused, add-cause: object-not-selected, as: refused}
      - assert: \"refused.addCause == 'object-not-selected'\"
      - select: {control: $c, as: s, check: [\"s.reference != ''\"]}
      - operate: {control: $c, as: o}
      - repeat: {until: 'st.value == o.value', every: 50ms, within: 3s, steps: [{read: {ref: $c.status, as: st}}]}
  - id: test/enhanced
    title: Select with value, and a command that does not match
    for-each: {c: 'model.controls.filter(c, c.ctlModel == 4 && c.operable).first(1)'}
    steps:
      - select: {control: $c}
      - operate: {control: $c, test: true, expect: refused, add-cause: inconsistent-parameters}
      - select: {control: $c, as: s}
      - operate: {control: $c, check: ['result.ctlNum == s.ctlNum']}
",
        true,
    )
    .await;
    all_pass(&record);
    assert_eq!(record.cases.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn browsing_in_a_case_finds_what_the_model_has() {
    let (record, _) = run_cases(
        "  - id: test/browse
    title: The live model is the described one
    steps:
      - browse: {as: live}
      - assert:
          - 'live.rcbs.map(r, r.ref).sameElements(model.rcbs.map(r, r.ref))'
          - 'live.dataSets.map(d, d.ref).sameElements(model.dataSets.map(d, d.ref))'
          - 'live.requests > 10 && size(live.problems) == 0'
",
        true,
    )
    .await;
    all_pass(&record);
}

#[tokio::test(start_paused = true)]
async fn a_stopped_run_puts_back_and_closes_the_record() {
    let text = "suite: test/suite
title: Test
block: [\"1\"]
cases:
  - id: test/long
    title: Enables a block and waits
    for-each: {rcb: \"model.urcbs.filter(r, r.datSet != '').first(1)\"}
    steps:
      - set-rcb: {rcb: $rcb, trg-ops: [gi], enable: true}
      - wait: 1h
  - id: test/never
    title: Not reached
    steps: [{identify: {}}]
";
    let library = library(text);
    let (handle, cancel) = cancellation();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        handle.cancel();
    });
    let (record, end) = {
        let mut bench = Bench::new(TARGET);
        bench.cancel = cancel;
        bench.run(library).await
    };
    assert_eq!(end, RunEnd::Interrupted);
    assert!(record.interrupted && record.finished.is_some());
    assert_eq!((record.cases.len(), record.summary.not_reached), (1, 1));
    assert_eq!(record.cases[0].verdict, Verdict::Inconclusive);
    assert_eq!(record.cases[0].restored, Restored::Yes);
}

#[tokio::test(start_paused = true)]
async fn every_case_leaves_its_capture_and_transcript() {
    let dir = tempfile::tempdir().unwrap();
    let text = "suite: test/suite
title: Test
block: [\"1\"]
cases:
  - id: test/one
    title: One
    steps: [{identify: {}}]
";
    let mut bench = Bench::new(TARGET);
    bench.evidence = Some(dir.path().to_owned());
    let (record, _) = bench.run(library(text)).await;
    all_pass(&record);
    let case = &record.cases[0];
    let capture = std::fs::read(dir.path().join(case.capture.as_deref().unwrap())).unwrap();
    assert_eq!(
        capture[..4],
        [0x0a, 0x0d, 0x0d, 0x0a],
        "pcapng section header"
    );
    let transcript =
        std::fs::read_to_string(dir.path().join(case.transcript.as_deref().unwrap())).unwrap();
    assert!(transcript.contains("identify"), "{transcript}");
    assert!(dir.path().join("captures/probe.pcapng").exists());
}

/// Each attribute of a block is a write of its own: every refusal shows its own answer, the first in full.
#[tokio::test(start_paused = true)]
async fn each_refused_attribute_of_a_block_is_marked_in_its_own_answer() {
    let (record, _) = run_cases(
        "  - id: test/refused-attributes
    title: An enabled block takes everything
    steps:
      - set-rcb: {rcb: 'ASSAYLD0/LLN0.brcbStatus01[BR]', trg-ops: [gi], enable: true}
      - set-rcb: {rcb: 'ASSAYLD0/LLN0.brcbStatus01[BR]', rpt-id: changed, buf-tm: 1s, gi: true, expect: success}
",
        true,
    )
    .await;
    let case = &record.cases[0];
    assert_eq!(case.verdict, Verdict::Fail, "{:?}", case.reason);
    let step = case.steps.iter().find(|step| step.observed.is_some());
    let step = step.unwrap();
    let [first, second] = &step.marks[..] else {
        panic!("{:?}", step.marks)
    };
    for mark in [first, second] {
        assert_eq!(mark.element, "write/0: failure");
        assert!(mark.read.contains("temporarily-unavailable"), "{mark:?}");
    }
    assert_eq!(first.frame, None, "in the PDU that is shown");
    assert!(second.frame > step.frame, "in an answer of its own");
    let octets = step.bytes.as_deref().unwrap();
    let at = 2 * usize::try_from(first.offset).unwrap();
    assert_eq!(&octets[at..at + 6], "800102");
}
