//! Measures how long SCL files take to load, and the most memory that the process ever had.
//!
//! `cargo run --release -p iedassay-model --example scl_load [FILE...]`: these files, else a station file of 2 MB made on the spot.
//! `... scl_load hostile`: hostile texts of three sizes; the time has to grow with the size and not faster.
#![allow(
    clippy::print_stdout,
    reason = "an example is there to print, and may stop"
)]

#[path = "../tests/generated/mod.rs"]
mod generated;

use std::time::{Duration, Instant};

use iedassay_model::scl;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names == ["hostile"] {
        for size in [500_000, 1_000_000, 2_000_000] {
            for (what, text) in generated::hostile(size) {
                let (time, ended) = load(&text);
                println!("{:>9} octets {time:>12?}  {what}: {ended}", text.len());
            }
        }
    } else if names.is_empty() {
        let text = generated::station();
        let (time, ended) = load(&text);
        println!(
            "{:>9} octets {time:>12?}  station of 4000 logical nodes: {ended}",
            text.len()
        );
    } else {
        for name in names {
            let text = std::fs::read_to_string(&name)?;
            let (time, ended) = load(&text);
            println!("{:>9} octets {time:>12?}  {name}: {ended}", text.len());
        }
    }
    println!("most memory: {}", most_memory());
    Ok(())
}

fn load(text: &str) -> (Duration, String) {
    let start = Instant::now();
    let read = scl::parse(text, None);
    let time = start.elapsed();
    let ended = match read {
        Ok(description) => format!(
            "{} names, {} warnings",
            description.model.node_count(),
            description.warnings.len()
        ),
        Err(errors) => {
            let first = errors.to_string();
            first
                .lines()
                .next()
                .unwrap_or_default()
                .chars()
                .take(90)
                .collect()
        }
    };
    (time, ended)
}

/// As Linux tells it.
fn most_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .map_or_else(
            || "unknown on this system".to_owned(),
            |text| text.trim().to_owned(),
        )
}
