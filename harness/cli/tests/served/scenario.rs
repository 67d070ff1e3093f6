//! A scenario in real time, by a file and by the file of a profile.

use std::time::{Duration, Instant};

use crate::support::peer::Peer;

const SCENARIO: &str = "scenario: blink\nsteps:\n\
    - ramp: ASSAYMEAS/MMXU1.Hz.instMag.f[MX]\n  from: 50\n  to: 48\n  over: 100ms\n  every: 10ms\n\
    - at: 300ms\n  set: ASSAYLD0/GGIO1.Ind1.stVal[ST]\n  value: true\n";

/// Waits until the process shows both ends of the scenario.
fn plays(peer: &Peer) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while peer.tell("get ASSAYLD0/GGIO1.Ind1.stVal[ST]") != "ok true" {
        assert!(Instant::now() < deadline, "the scenario is not played");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(peer.tell("get ASSAYMEAS/MMXU1.Hz.instMag.f[MX]"), "ok 48.0");
}

#[test]
fn the_process_changes_as_the_scenario_says() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("blink.yaml");
    std::fs::write(&path, SCENARIO).unwrap();
    plays(&Peer::simulated(&["--scenario", path.to_str().unwrap()]));
    let profile = directory.path().join("profile.yaml");
    std::fs::write(&profile, "scenario: blink.yaml\n").unwrap();
    plays(&Peer::simulated(&["--profile", profile.to_str().unwrap()]));
}
