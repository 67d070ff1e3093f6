//! Every fault can be seen from outside: the same tour through the IED goes another way with it than without.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

mod common;
mod tours;

use iedassay_sim::{Fault, FaultArea, FaultSet, SimConfig};

/// Runs a tour with a fault, or none, on a clock of its own.
fn run<F: Future<Output = Vec<String>>>(
    fault: Option<Fault>,
    tour: fn(SimConfig) -> F,
) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let mut config = common::config(&[]);
    config.faults = fault.into_iter().collect::<FaultSet>();
    runtime.block_on(tour(config))
}

fn each_shows<F: Future<Output = Vec<String>>>(area: FaultArea, tour: fn(SimConfig) -> F) {
    let reference = run(None, tour);
    assert_eq!(reference, run(None, tour), "the tour is not deterministic");
    let hidden: Vec<Fault> = Fault::ALL
        .iter()
        .copied()
        .filter(|fault| fault.area() == area && run(Some(*fault), tour) == reference)
        .collect();
    assert!(hidden.is_empty(), "not seen from outside: {hidden:?}");
}

#[test]
fn every_fault_of_association_shows() {
    each_shows(FaultArea::Association, tours::association);
}

#[test]
fn every_fault_of_data_shows() {
    each_shows(FaultArea::Data, tours::data);
}

#[test]
fn every_fault_of_data_sets_shows() {
    each_shows(FaultArea::DataSets, tours::data_sets);
}

#[test]
fn every_fault_of_reporting_shows() {
    each_shows(FaultArea::Reporting, tours::reporting);
}

#[test]
fn every_fault_of_buffered_reporting_shows() {
    each_shows(FaultArea::Buffered, tours::buffered);
}

#[test]
fn every_fault_of_control_shows() {
    each_shows(FaultArea::Control, tours::control);
}

#[test]
fn every_fault_of_setting_groups_shows() {
    each_shows(FaultArea::SettingGroups, tours::groups);
}

#[test]
fn every_fault_of_logs_shows() {
    each_shows(FaultArea::Logs, tours::logs);
}

#[test]
fn every_fault_of_files_shows() {
    each_shows(FaultArea::Files, tours::files);
}

#[test]
fn every_fault_of_robustness_shows() {
    each_shows(FaultArea::Robustness, tours::robustness);
}

#[test]
fn every_fault_of_security_shows() {
    each_shows(FaultArea::Security, tours::security::security);
}

#[test]
fn every_fault_of_substitution_shows() {
    each_shows(FaultArea::Substitution, tours::substitution);
}

#[test]
fn every_fault_of_goose_and_sampled_values_shows() {
    each_shows(FaultArea::GooseAndSv, tours::publishers);
}

#[test]
fn every_fault_of_tracking_shows() {
    each_shows(FaultArea::Tracking, tours::tracking);
}

#[test]
fn every_fault_of_time_shows() {
    each_shows(FaultArea::Time, tours::time);
}

#[test]
fn every_fault_of_the_model_shows() {
    each_shows(FaultArea::Model, tours::model);
}
