//! Whatever happens to a run, what was planned is the sum of its verdicts and of what was not reached; and a run that was killed
//! at any write of its record goes on to a complete one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests may panic"
)]

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Bench, TARGET, cases};
use iedassay_engine::cancel::cancellation;
use iedassay_engine::event::Event;
use iedassay_engine::record_file::RecordFile;
use iedassay_engine::runner::{Earlier, RunEnd};
use iedassay_reports::{Options, RunRecord, Verdict};
use proptest::prelude::*;

const IND: &str = "ASSAYLD0/GGIO1.Ind1.stVal[ST]";

/// What becomes of a case.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Passes,
    Fails,
    /// Once Ind1 is true, it passes.
    PassesLater,
    Inconclusive,
    /// An expression cannot be evaluated.
    Error,
    NotApplicable,
    /// Its `when` cannot be evaluated.
    Broken,
    /// One for each report control block, of which there are several.
    ForEach,
}

impl Fate {
    fn yaml(self, number: usize, wait: u32) -> String {
        let steps = match self {
            Self::Fails => format!("steps: [{{wait: {wait}s}}, {{assert: '1 == 2'}}]"),
            Self::PassesLater => {
                format!("steps: [{{read: {{ref: '{IND}', as: r, check: 'r.value == true'}}}}]")
            }
            Self::Inconclusive => {
                "setup: [{assert: '1 == 2'}]\n    steps: [{assert: 'true'}]".to_owned()
            }
            Self::Error => "steps: [{assert: '1 + true == 2'}]".to_owned(),
            Self::NotApplicable => "when: '1 == 2'\n    steps: [{assert: 'true'}]".to_owned(),
            Self::Broken => {
                "when: 'model.rcbs[99].name == \"x\"'\n    steps: [{assert: 'true'}]".to_owned()
            }
            Self::ForEach => {
                "for-each: {rcb: model.urcbs}\n    steps: [{assert: 'true'}]".to_owned()
            }
            Self::Passes => format!("steps: [{{wait: {wait}s}}, {{assert: 'true'}}]"),
        };
        format!("  - id: test/c{number}\n    title: t\n    {steps}\n")
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        3 => Just(Fate::Passes),
        2 => Just(Fate::Fails),
        2 => Just(Fate::PassesLater),
        1 => Just(Fate::Inconclusive),
        1 => Just(Fate::Error),
        1 => Just(Fate::NotApplicable),
        1 => Just(Fate::Broken),
        1 => Just(Fate::ForEach),
    ]
}

/// A run and what happens to it.
#[derive(Debug, Clone)]
struct Scene {
    cases: Vec<(Fate, u32)>,
    jobs: usize,
    retries: u32,
    /// Cases that are selected; all when there are none.
    only: BTreeSet<usize>,
    /// Ctrl-C after these seconds.
    stopped_after: Option<u64>,
    /// The time of the whole run.
    limit: Option<u64>,
    /// The write of the record after which the run is killed, counted from the first and around.
    killed_at: usize,
}

fn scene() -> impl Strategy<Value = Scene> {
    (
        prop::collection::vec((fate(), 1..20_u32), 1..6),
        1..4_usize,
        0..3_u32,
        prop::collection::btree_set(0..6_usize, 0..3),
        prop::option::weighted(0.4, 0..40_u64),
        prop::option::weighted(0.3, 1..40_u64),
        0..64_usize,
    )
        .prop_map(
            |(cases, jobs, retries, only, stopped_after, limit, killed_at)| Scene {
                cases,
                jobs,
                retries,
                only,
                stopped_after,
                limit,
                killed_at,
            },
        )
}

impl Scene {
    fn bench(&self) -> Bench {
        let target = format!("{TARGET}jobs: {}\npixit: {{As1: 5}}\n", self.jobs);
        let target = match self.limit {
            Some(seconds) => target.replace("case: 2min", &format!("case: 2min, run: {seconds}s")),
            None => target,
        };
        let mut bench = Bench::new(&target);
        bench.options = Options {
            retries: self.retries,
            ..Options::default()
        };
        if !self.only.is_empty() {
            let keys = self.only.iter().map(|number| format!("test/c{number}"));
            bench.only = Some(keys.collect());
        }
        let process = bench.sim.process();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(15)).await;
            let told = process.command(&format!("set {IND} true"));
            assert_eq!(told, "ok");
        });
        bench
    }

    fn library(&self) -> Arc<iedassay_engine::suite::Library> {
        let texts = self.cases.iter().enumerate();
        let texts: String = texts
            .map(|(number, (fate, wait))| fate.yaml(number, *wait))
            .collect();
        cases(&texts)
    }

    /// Runs it; gives the record at the end and what stood on disk after every event.
    async fn run(&self, mut bench: Bench, path: &Path) -> (RunRecord, RunEnd, Vec<String>) {
        let written = Arc::new(Mutex::new(Vec::new()));
        let mut file = RecordFile::new(path.to_owned());
        let (kept, at) = (Arc::clone(&written), path.to_owned());
        bench.listener = Some(Box::new(move |event: &Event| {
            file.apply(event);
            let text = std::fs::read_to_string(&at).unwrap();
            let mut kept = kept.lock().unwrap();
            if kept.last() != Some(&text) {
                kept.push(text);
            }
        }));
        let (record, end) = bench.run(self.library()).await;
        let written = written.lock().unwrap().clone();
        (record, end, written)
    }
}

/// Everything that the record says was planned: what was to run, and what the plan left out.
fn planned(first: &RunRecord) -> BTreeSet<String> {
    let left_out = first.cases.iter().map(|case| case.key());
    let all: Vec<String> = left_out.chain(first.plan.to_run.iter().cloned()).collect();
    let set: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(set.len(), all.len(), "a case is planned twice: {all:?}");
    set
}

fn sum_is_right(record: &RunRecord, planned: &BTreeSet<String>) {
    let summary = &record.summary;
    let verdicts: usize = Verdict::ALL
        .iter()
        .map(|verdict| summary.count(*verdict))
        .sum();
    assert_eq!(verdicts, summary.total);
    assert_eq!(summary.total, record.cases.len());
    let keys: BTreeSet<String> = record.cases.iter().map(|case| case.key()).collect();
    assert_eq!(keys.len(), record.cases.len(), "a case has two verdicts");
    assert!(keys.is_subset(planned), "{keys:?} of {planned:?}");
    assert_eq!(
        planned.len(),
        summary.total + summary.not_reached,
        "planned is the sum of verdicts and what was not reached"
    );
}

fn tries_are_right(record: &RunRecord, retries: u32) {
    for case in &record.cases {
        let tries = case.retries().count();
        assert!(tries <= retries as usize, "{}: {tries}", case.key());
        if case.verdict == Verdict::Pass {
            assert!(
                case.retries().all(|one| one.verdict != Verdict::Pass),
                "a pass was tried again"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn planned_is_the_sum_of_verdicts_whatever_happens(scene in scene()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("record.json");
            let mut bench = scene.bench();
            if let Some(seconds) = scene.stopped_after {
                let (handle, cancel) = cancellation();
                bench.cancel = cancel;
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                    handle.cancel();
                });
            }
            let (record, end, written) = scene.run(bench, &path).await;
            let records: Vec<RunRecord> = written
                .iter()
                .map(|text| RunRecord::from_json(text).unwrap())
                .collect();
            let all = planned(&records[0]);
            for record in records.iter().chain([&record]) {
                sum_is_right(record, &all);
                tries_are_right(record, scene.retries);
            }
            if end == RunEnd::Completed {
                assert_eq!(record.summary.not_reached, 0);
            }
            // Killed after one of the writes, it goes on to the end.
            let left = &records[scene.killed_at % records.len()];
            let mut bench = Scene { limit: None, ..scene.clone() }.bench();
            bench.earlier = Some(Earlier {
                record: left.clone(),
                operator: None,
                despite: Vec::new(),
                force: false,
            });
            let (whole, end, written) = scene.run(bench, &path).await;
            assert_eq!(end, RunEnd::Completed);
            for text in &written {
                sum_is_right(&RunRecord::from_json(text).unwrap(), &all);
            }
            sum_is_right(&whole, &all);
            tries_are_right(&whole, scene.retries);
            assert_eq!(whole.summary.not_reached, 0);
            assert_eq!(whole.resumed.len(), 1);
            assert!(whole.cases.iter().all(|case| !case.stopped));
            for case in &left.cases {
                let after = whole.cases.iter().find(|after| after.key() == case.key()).unwrap();
                if case.verdict == Verdict::Pass {
                    assert_eq!(after, case, "what had passed was not run again");
                }
            }
        });
    }
}
