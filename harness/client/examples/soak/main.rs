//! Our client and the simulated IED for a long time: a million requests and a hundred thousand reports over a hundred associations
//! that end in every way, on loopback TCP. Memory must not grow and no report may be lost.
//!
//! `cargo run --release -p iedassay-client --example soak`; `tests/soak.rs` does a small part of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that cannot go on may panic, and prints what it found"
)]

mod soak;

use std::time::Instant;

fn main() {
    let began = Instant::now();
    let told = soak::run(soak::Plan {
        associations: 100,
        requests: 10_000,
        connected: 480,
        disconnected: 60,
    });
    println!("{told}");
    println!("soak: {:.0} s", began.elapsed().as_secs_f64());
    let [first, .., last] = told.resident;
    assert!(
        last <= first + first / 10,
        "resident memory grew from {first} to {last} kB"
    );
}
