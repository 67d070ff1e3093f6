//! How long a full report takes: the record of 640 cases, of which 320 fail.
#![allow(missing_docs, reason = "a benchmark")]
#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use criterion::{Criterion, criterion_group, criterion_main};
use iedassay_reports::terminal::TerminalOptions;
use iedassay_reports::{html, json, junit, markdown, pics_gap, terminal};

#[path = "../tests/large/mod.rs"]
mod large;

fn render(criterion: &mut Criterion) {
    let record = large::large(640, 320);
    criterion.bench_function("html", |bench| {
        bench.iter(|| html::render(&record).unwrap())
    });
    criterion.bench_function("every report", |bench| {
        bench.iter(|| {
            let options = TerminalOptions::default();
            (
                html::render(&record).unwrap(),
                junit::render(&record).unwrap(),
                markdown::render(&record),
                json::render(&record).unwrap(),
                terminal::render(&record, options),
                pics_gap::render_csv(&record),
            )
        });
    });
}

criterion_group!(benches, render);
criterion_main!(benches);
