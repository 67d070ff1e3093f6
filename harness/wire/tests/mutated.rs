//! What deliberate damage makes of a few messages, octet by octet: `mutated.txt`. A sequence that a campaign found on a device must be
//! the same when it is played again years later. `IEDASSAY_UPDATE_GOLDEN=1` writes what comes out now; think of what the
//! difference does to kept sequences.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

#[path = "support/digits.rs"]
mod digits;
#[path = "support/golden.rs"]
mod golden;

use std::fmt::Write as _;

use digits::octets;
use golden::same_as_written;
use iedassay_wire::error::Layer;
use iedassay_wire::mutate::{Mutation, Random, mutate, mutate_at, places};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mutated.txt");

/// Each with the layer that it begins at; of several types, lengths and depths.
const MESSAGES: [(&str, Option<Layer>, &str); 11] = [
    (
        "read in TPKT",
        Some(Layer::Tpkt),
        "0300002f02f0800100010061223020020103a01ba019020103a414a112a010300ea00ca10a1a024c441a044d6f6424",
    ),
    (
        "CR",
        Some(Layer::Cotp),
        "11e00000000100c0010ac1020001c2020001",
    ),
    ("CR without parameters", Some(Layer::Cotp), "06e00000000100"),
    (
        "CR with the beginning of one",
        Some(Layer::Cotp),
        "08e00000000100c200",
    ),
    ("DT", Some(Layer::Cotp), "02f08001000100610200000000"),
    (
        "CONNECT",
        Some(Layer::Session),
        "0d140506130100160102140200023302000134020001",
    ),
    ("DISCONNECT of one octet", Some(Layer::Session), "0a0100"),
    (
        "PPDU",
        Some(Layer::Presentation),
        "610d300b06025101020103a0028b00",
    ),
    ("elements of nothing", None, "a0068b00a4020500"),
    (
        "write",
        None,
        "a036020107a531a010300ea00ca10a1a024c441a044d6f6424a01da21b8301ff850205dc860300ff00840206408a0261628705083f800000",
    ),
    (
        "write of a long string",
        None,
        "a081a0020108a5819aa010300ea00ca10a1a024c441a044d6f6424a081858a818278787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878",
    ),
];

/// Seeds of each mutation.
const SEEDS: u64 = 3;

#[test]
fn damage_is_always_the_same() {
    let mut text = String::new();
    for (name, layer, digits) in MESSAGES {
        let message = octets(digits);
        writeln!(
            text,
            "== {name}: {}, {} elements",
            hex(&message),
            places(&message)
        )
        .unwrap();
        for &mutation in Mutation::ALL.iter().filter(|it| it.layer() == layer) {
            for seed in 0..SEEDS {
                let made = mutate(&message, mutation, seed);
                say(&mut text, &format!("{mutation} {seed}"), made.as_deref());
            }
        }
        text.push('\n');
    }
    let write = octets(MESSAGES[9].2);
    writeln!(text, "== write, at each element").unwrap();
    for &mutation in Mutation::ALL {
        for place in 0..=places(&write) {
            let made = mutate_at(&write, mutation, place, 7);
            say(
                &mut text,
                &format!("{mutation} at {place}"),
                made.as_deref(),
            );
        }
    }
    same_as_written(FILE, &text);
}

/// What does not apply is left out; of long results the beginning and the length are enough.
fn say(text: &mut String, what: &str, made: Option<&[u8]>) {
    match made {
        None => {}
        Some(made) if made.len() > 160 => {
            let (head, sum) = (
                made.get(..40).unwrap_or_default(),
                made.iter().map(|&octet| u64::from(octet)).sum::<u64>(),
            );
            writeln!(
                text,
                "{what}: {}... {} octets, sum {sum}",
                hex(head),
                made.len()
            )
            .unwrap();
        }
        Some(made) => writeln!(text, "{what}: {}", hex(made)).unwrap(),
    }
}

#[test]
fn elements_are_taken_apart_down_to_a_depth() {
    let nested = |levels: usize| {
        (0..levels).fold(Vec::new(), |inside, _| {
            let length = u16::try_from(inside.len()).unwrap().to_be_bytes();
            [&[0xa0, 0x82][..], &length, &inside].concat()
        })
    };
    assert_eq!(places(&nested(40)), 40);
    assert_eq!(places(&nested(41)), 40);
    assert_eq!(places(&nested(300)), 40);
}

#[test]
fn random_octets_are_always_the_same() {
    let mut random = Random::new(1);
    let made: Vec<u8> = (0..8).map(|_| random.octet()).collect();
    let mut random = Random::new(1);
    let words: Vec<u8> = (0..8)
        .map(|_| u8::try_from(random.next_u64() >> 56).unwrap())
        .collect();
    assert_eq!(made, words);
}

fn hex(octets: &[u8]) -> String {
    let mut text = String::new();
    for octet in octets {
        write!(text, "{octet:02x}").unwrap();
    }
    text
}
