//! How long everything that a run leaves takes to render: of 320 cases, and of twice as many, where half fails.
#![allow(missing_docs, reason = "a benchmark")]
#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use criterion::{Criterion, criterion_group, criterion_main};
use iedassay_reports::terminal::TerminalOptions;
use iedassay_reports::{html, json, junit, markdown, pics_gap, terminal};

#[path = "../tests/large/mod.rs"]
mod large;

fn render(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("render");
    group.sample_size(20);
    for cases in [320, 640] {
        let record = large::large(cases, cases / 2);
        let text = json::render(&record).unwrap();
        group.bench_function(format!("html of {cases} cases"), |bench| {
            bench.iter(|| html::render(&record).unwrap());
        });
        group.bench_function(format!("every report of {cases} cases"), |bench| {
            bench.iter(|| {
                let options = TerminalOptions::default();
                let gaps = pics_gap::gap_report(&record);
                (
                    html::render(&record).unwrap(),
                    junit::render(&record).unwrap(),
                    markdown::render(&record),
                    json::render(&record).unwrap(),
                    terminal::render(&record, options),
                    pics_gap::render_json(&record).unwrap(),
                    pics_gap::render_csv(&record),
                    pics_gap::render_junit(&gaps).unwrap(),
                )
            });
        });
        // What `iedassay report` does before.
        group.bench_function(format!("reading the record of {cases} cases"), |bench| {
            bench.iter(|| iedassay_reports::RunRecord::from_json(&text).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, render);
criterion_main!(benches);
