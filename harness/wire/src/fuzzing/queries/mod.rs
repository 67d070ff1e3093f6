//! Promises of what decoded values say when they are asked: texts are there and bounded, parts agree with the whole, and what
//! a value tells of itself makes the same value again.

mod codes;
mod lower;
mod mms;

use core::fmt::{Debug, Display};

use crate::ber::{BitStr, BitString, Oid, Reader, Tlv, Writer};
use crate::error::Layer;
use crate::fuzzing::text;
use crate::mutate::{self as mutation, Mutation};
use crate::observe::Observations;

/// The first octet chooses of what the rest is a message.
pub fn queries(input: &[u8]) {
    let [choice, octets @ ..] = input else {
        return;
    };
    match choice % 12 {
        0..=2 => mms::pdu(octets),
        3 => mms::data(octets),
        4 => mms::type_spec(octets),
        5 => elements(octets),
        6 => lower::transport(octets),
        7 => lower::session(octets),
        8 => lower::presentation(octets),
        9 => lower::acse(octets),
        10 => codes::all(octets),
        _ => mutations(octets),
    }
}

/// A text is there, and an octet of input is worth a bounded number of octets of it.
fn shown(value: &(impl Debug + Display), input: &[u8]) {
    let length = text::length(format_args!("{value}"));
    assert!(length > 0, "{value:?} has no text");
    let bound = input.len().saturating_mul(64).saturating_add(1024);
    assert!(length <= bound, "{length} octets of text");
    debug(value);
}

/// What a failed test would print is there.
fn debug(value: &impl Debug) {
    assert!(text::length(format_args!("{value:?}")) > 0);
}

fn elements(octets: &[u8]) {
    let sink = Observations::with_limit(8);
    walk(Reader::new(Layer::Mms, octets).observed(&sink), octets);
    let dropped = sink.dropped();
    let empty = sink.is_empty();
    let seen = sink.into_vec();
    assert_eq!(empty, seen.is_empty());
    assert!(
        dropped == 0 || seen.len() == 8,
        "dropped while there was room"
    );
    for observation in seen {
        shown(&observation, octets);
        // A breach is told apart from what is only unusual.
        let _: bool = observation.kind.is_permitted();
    }
}

fn walk(mut reader: Reader<'_>, input: &[u8]) {
    loop {
        let tag = reader.peek_tag();
        match reader.next() {
            Ok(Some(tlv)) => {
                assert_eq!(tag, Ok(Some(tlv.tag())));
                element(&tlv, input);
                if let Ok(inside) = tlv.reader() {
                    assert_eq!(inside.layer(), reader.layer());
                    walk(inside, input);
                }
            }
            Ok(None) => return,
            Err(error) => {
                debug(&error.kind.fault());
                return shown(&error, input);
            }
        }
    }
}

fn element(tlv: &Tlv<'_>, input: &[u8]) {
    shown(&tlv.tag(), input);
    match tlv.tag().number() % 4 {
        0 => {
            let raw = tlv.to_raw();
            let mut w = Writer::new();
            raw.encode_into(&mut w);
            assert_eq!(w.as_slice().len(), w.len());
            let written = w.into_vec();
            let again = Reader::new(Layer::Mms, &written).any("element");
            assert_eq!(again.map(|tlv| tlv.to_raw()), Ok(raw));
        }
        1 => {
            if let Ok(bits) = tlv.bits() {
                bit_str(bits, input);
            }
        }
        2 => {
            if let Ok(text) = tlv.visible() {
                let whole = text.octets().to_cow();
                assert_eq!(text.octets().is_empty(), whole.is_empty());
                let again = text;
                assert_eq!(again.octets(), text.octets());
                assert_eq!(text.is_utf8(), core::str::from_utf8(&whole).is_ok());
                assert_eq!(text::length(format_args!("{text}")), text.to_cow().len());
            }
        }
        _ => {
            if let Ok(oid) = tlv.oid() {
                shown(&oid, input);
                assert_eq!(Oid::from_content(oid.content()).as_ref(), Some(&oid));
                let arcs = oid.arcs();
                if !arcs.contains(&u64::MAX) {
                    assert_eq!(Oid::from_arcs(&arcs), Some(oid));
                }
            }
        }
    }
}

fn bit_str(bits: BitStr<'_>, input: &[u8]) {
    let whole = bits.to_bit_string();
    for index in [0, whole.len().saturating_sub(1), whole.len()] {
        assert_eq!(bits.get(index), whole.get(index));
    }
    let again = bits;
    assert_eq!(again, bits);
    bit_string(&whole, input);
}

fn bit_string(bits: &BitString, input: &[u8]) {
    shown(bits, input);
    let mut again = BitString::from_bits(bits.iter());
    assert_eq!(&again, bits);
    assert_eq!(mms::hash(&again), mms::hash(bits));
    assert_eq!(
        &BitString::from_parts(bits.octets().to_vec(), bits.unused()),
        bits
    );
    if let (Some(value), Ok(len)) = (bits.to_uint(), u32::try_from(bits.len())) {
        assert_eq!(&BitString::from_uint(value, len), bits);
    }
    let end = bits.len();
    again.push(true);
    assert!(again.is_set(end));
    again.set(end, false);
    assert_eq!(again.get(end), Some(false));
    again.set(end.saturating_add(9), true);
    assert_eq!(again.len(), end.saturating_add(10));
    assert_ne!(&again, bits);
}

/// Mutations at a place: as bounded as those at a place of the seed's choice. Three octets in front choose mutation, place and seed.
fn mutations(octets: &[u8]) {
    let [choice, place, seed, message @ ..] = octets else {
        return;
    };
    let all = Mutation::ALL;
    let Some(&mutation) = usize::from(*choice)
        .checked_rem(all.len())
        .and_then(|index| all.get(index))
    else {
        return;
    };
    assert_eq!(Mutation::from_name(mutation.name()), Some(mutation));
    assert!(!mutation.description().is_empty());
    shown(&mutation, octets);
    let (place, seed) = (usize::from(*place), u64::from(*seed));
    if let Some(mutated) = mutation::mutate_at(message, mutation, place, seed) {
        assert!(mutation.layer().is_none());
        // The message as a whole is changed without any element, everything else needs its place.
        let whole = matches!(
            mutation,
            Mutation::Truncate | Mutation::Trailing | Mutation::FlipBit | Mutation::RandomOctet
        );
        assert!(whole || place < mutation::places(message));
        assert!(mutated.len() <= message.len().saturating_mul(2).saturating_add(8192));
    }
    if let Some(long) = mutation::long_lengths(message) {
        assert_eq!(mutation::places(&long), mutation::places(message));
        assert!(long.len() <= message.len().saturating_mul(5));
    }
    let other = mutation::true_as(message, 1);
    assert!(other.is_none_or(|other| other.len() <= message.len().saturating_mul(2)));
}
