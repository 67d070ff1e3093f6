use iedassay_model::{scl, tree::ServerModel};
use iedassay_wire::ber::BitString;

use super::*;
use crate::{
    TimeConfig,
    clock::Clock,
    ied::{data_sets::DataSets, store::Store},
    report::Time,
};

#[test]
fn settings_are_taken_back_as_they_were_kept() {
    let settings = Settings {
        id: "a".into(),
        dat_set: "LD/LLN0$b".into(),
        conf_rev: 3,
        smp_rate: 80,
        opt_flds: BitString::from_bits([true, false, true]),
        smp_mod: 1,
    };
    assert_eq!(Settings::from_octets(&settings.to_octets()), Some(settings));
    assert_eq!(Settings::from_octets(&[1, 2, 3]), None);
}

fn sizes(members: &[&str]) -> (usize, usize) {
    let model: ServerModel = scl::builtin().unwrap().model;
    let set = DataSet {
        members: members.iter().map(|text| text.parse().unwrap()).collect(),
        deletable: true,
    };
    (
        message::goose(&model, &set, ["", "", ""]),
        message::sampled_values(&model, &set, "", 1),
    )
}

#[test]
fn a_message_is_as_large_as_its_values_can_become() {
    let (nothing, no_samples) = sizes(&[]);
    // A boolean takes 3 octets, a float 7 with the width of its exponent, a quality of 13 bits 5, a time stamp 10, the head of a
    // structure up to 4.
    for (member, goose, samples) in [
        ("ASSAYLD0/GGIO1.Ind1.stVal[ST]", 3, 1),
        ("ASSAYMEAS/MMXU1.TotW.mag.f[MX]", 7, 5),
        ("ASSAYLD0/GGIO1.Ind1[ST]", 4 + 3 + 5 + 10, 1 + 3 + 8),
    ] {
        let (with, with_samples) = sizes(&[member]);
        assert_eq!(
            (with - nothing, with_samples - no_samples),
            (goose, samples),
            "{member}"
        );
    }
}

#[test]
fn only_what_can_publish_is_enabled_at_start() {
    let model = Arc::new(scl::builtin().unwrap().model);
    let faults = Arc::new(FaultSet::none());
    let (store, sets) = (Store::new(Arc::clone(&model)), DataSets::new(&model));
    let clock = Clock::new(TimeConfig::default(), Arc::clone(&faults), Time::ZERO);
    let world = World {
        store: &store,
        sets: &sets,
        faults: &faults,
        clock: &clock,
    };
    let config = PublisherConfig {
        goose_enabled: true,
        sv_enabled: true,
    };
    let mut publishers = Publishers::new(&model, config, &faults);
    publishers.start(&world);
    let enabled: Vec<_> = publishers
        .blocks
        .iter()
        .map(|block| (block.reference.as_str(), block.enabled))
        .collect();
    assert_eq!(
        enabled,
        [
            ("ASSAYLD0/LLN0$GO$gcbEvents", true),
            ("ASSAYLD0/LLN0$GO$gcbFree", false),
            ("ASSAYMEAS/LLN0$MS$msvMeas", true),
            ("ASSAYMEAS/LLN0$US$usvMeas", false),
        ]
    );
}
