//! Scenarios of the simulated IED.

use crate::harness::{Bench, golden};

/// The example of the handbook.
const FEEDER: &str = include_str!("../../../docs/feeder.scenario.yaml");

/// The scenario that stands in the handbook itself.
fn of_the_handbook() -> String {
    let page = include_str!("../../../docs/simulated-ied.md");
    let start = page.find("scenario: Trip and reclosing").unwrap();
    let rest = page.get(start..).unwrap();
    rest.split("```").next().unwrap().to_owned()
}

#[test]
fn what_the_examples_do_is_listed_on_virtual_time() {
    let bench = Bench::new()
        .file("feeder.yaml", FEEDER)
        .file("trip.yaml", of_the_handbook());
    let list = |file, time| {
        bench.transcript(&["sim", "--scenario", file, "--virtual-time", "--for", time])
    };
    let feeder = list("feeder.yaml", "22s");
    assert_eq!(feeder, list("feeder.yaml", "22s"), "every time the same");
    golden!("scenario_list", feeder + &list("trip.yaml", "1h"));
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let bench = Bench::new().file(
        "bad.yaml",
        "scenario: bad
stepps: 1
steps:
  - set: ASSAYLD0/GGIO1.Ind1.stval[ST]
    value: true
  - set: LD0/GGIO1.Ind1.stVal[ST]
    value: true
  - set: ASSAYLD0/GGIO1.Ind1.stVal[ST]
    value: maybe
  - set: ASSAYLD0/GGIO1.Ind1.stVal[ST]
  - wait: -200ms
  - wait: soon
  - at: -1s
    restart:
  - ramp: ASSAYMEAS/MMXU1.Hz.instMag.f[MX]
    from: 50
    to: much
    over: 1s
    every: 0ms
  - ramp: ASSAYLD0/GGIO1.Ind1.stVal[ST]
    from: 0
    to: 1
    over: 1s
    every: 100ms
  - togle: ASSAYLD0/GGIO1.Ind1.stVal[ST]
  - toggle: ASSAYMEAS/MMXU1.Hz.instMag.f[MX]
  - toggle: ASSAYLD0/GGIO1.Ind1.stVal[ST]
    every: 1s
    times: 0
  - hold: ASSAYCTRL/CSWI1.Pos
    cause: blocked-by-interlock
    state: yes
  - block: ASSAYLD0/GGIO1.Ind1
    state: on
  - set: ASSAYLD0/GGIO1.Ind1.stVal[ST]
    value: true
    background: true
  - wait: 1s
    blackhole: on
  - get: ASSAYLD0/GGIO1.Ind1.stVal[ST]
  - at: 1s
  - repeat: often
    steps:
      - update: [a, b]
  - repeat: 2
",
    );
    golden!(
        "scenario_bad",
        bench.transcript(&["sim", "--scenario", "bad.yaml"])
    );
}

#[test]
fn steps_that_cannot_be_played_are_told_at_their_place() {
    let bench = Bench::new().file(
        "bad.yaml",
        "scenario: bad
steps:
  - wait: 1s
  - at: 500ms
    restart:
  - repeat: 3
    steps:
      - wait: 1s
  - repeat: forever
    steps:
      - repeat: 2
        steps:
          - restart:
          - repeat: 20000
            steps:
              - blackhole: off
  - stop:
",
    );
    golden!(
        "scenario_unplayable",
        bench.transcript(&["check", "bad.yaml"])
    );
}

#[test]
fn a_scenario_is_checked_without_a_model() {
    let bench = Bench::new().file("feeder.yaml", FEEDER);
    golden!(
        "scenario_check",
        bench.transcript(&["check", "feeder.yaml"])
    );
}

#[test]
fn virtual_time_needs_a_scenario_and_a_scenario_its_file() {
    let bench = Bench::new();
    golden!(
        "scenario_none",
        bench.transcript(&["sim", "--virtual-time"])
            + &bench.transcript(&["sim", "--scenario", "nowhere.yaml"])
            + &bench.transcript(&[
                "sim",
                "--scenario",
                "a.yaml",
                "--virtual-time",
                "--for",
                "-1s"
            ])
    );
}
