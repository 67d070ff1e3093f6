//! No input makes a decoder work or remember more than in proportion to its size. Counted are allocations, which are the
//! same on every machine, and the processor time of the thread where the system tells it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may panic"
)]

use allocation_counter::{AllocationInfo, measure};
use iedassay_wire::fuzzing::{Body, TARGETS};

/// Octets of the small input, and how many times larger the large one is.
const SMALL: usize = 2048;
const TIMES: usize = 16;

/// Shapes that a careless decoder would go over again and again, of about the size asked for.
fn shapes(size: usize) -> Vec<(&'static str, Vec<u8>)> {
    let repeat = |unit: &[u8]| unit.repeat(size / unit.len());
    let behind = |head: &[u8], unit: &[u8]| [head, &unit.repeat(size / unit.len())].concat();
    // Definite lengths inside each other, written from the inside out.
    let mut nested = vec![0x83, 1, 1];
    while nested.len() < size {
        let length = u32::try_from(nested.len()).unwrap().to_be_bytes();
        nested = [&[0xa2, 0x84][..], &length, &nested].concat();
    }
    let write = {
        let data = [0x83, 1, 1].repeat(size / 3);
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        let data = [&[0xa0, 0x84][..], &length, &data].concat();
        let access = [&[0xa1, 5, 0x82, 3, b'a', b'b', b'c'][..], &data].concat();
        let length = u32::try_from(access.len()).unwrap().to_be_bytes();
        let service = [&[0xa5, 0x84][..], &length, &access].concat();
        let pdu = [&[2, 1, 1][..], &service].concat();
        let length = u32::try_from(pdu.len()).unwrap().to_be_bytes();
        [&[0xa0, 0x84][..], &length, &pdu].concat()
    };
    let arcs = [0x81, 0x01].repeat(size / 2);
    let length = u32::try_from(arcs.len()).unwrap().to_be_bytes();
    let arcs = [&[0x8f, 0x84][..], &length, &arcs].concat();
    vec![
        ("indefinite, nested", repeat(&[0xa2, 0x80])),
        (
            "indefinite, side by side",
            repeat(&[0xa2, 0x80, 0xa2, 0x80, 0, 0, 0, 0]),
        ),
        ("definite, nested", nested),
        ("elements side by side", repeat(&[0x83, 1, 1])),
        ("empty elements", repeat(&[0xa2, 0])),
        ("a write of many values", write),
        (
            "a string in segments",
            behind(&[0xaa, 0x80], &[0x04, 1, b'x']),
        ),
        ("long tags", repeat(&[0x9f, 0xff, 0xff, 0xff, 0x7f, 0])),
        (
            "TPKTs of nothing",
            behind(&[1, 255], &[3, 0, 0, 7, 2, 0xf0, 0]),
        ),
        (
            "TPKTs of one octet",
            behind(&[1, 255], &[3, 0, 0, 8, 2, 0xf0, 0x80, 1]),
        ),
        ("session parameters", behind(&[1, 0, 1, 0], &[60, 1, 7])),
        (
            "transport parameters",
            behind(&[0xfe, 0xe0, 0, 0, 0, 1, 0], &[0xc3, 1, 7]),
        ),
        (
            "contexts",
            behind(&[0x31, 0x80, 0xa2, 0x80, 0xa4, 0x80], &[0x30, 0x80, 0, 0]),
        ),
        ("arcs", arcs),
        ("nothing but zeros", repeat(&[0])),
        ("nothing but ones", repeat(&[0xff])),
    ]
}

/// Bodies that read octets; to the others they are a recipe, and what is made of it is bounded in itself.
fn decoders() -> impl Iterator<Item = (&'static str, Body)> {
    let recipes = ["mutate", "round_trip", "tampered_pair", "two_associations"];
    TARGETS
        .iter()
        .copied()
        .filter(move |(name, _)| !recipes.contains(name))
}

fn allocations(body: Body, input: &[u8]) -> AllocationInfo {
    measure(|| body(input))
}

#[test]
fn allocations_grow_with_the_input_and_no_faster() {
    for ((shape, small), (_, large)) in shapes(SMALL).into_iter().zip(shapes(SMALL * TIMES)) {
        for (target, body) in decoders() {
            let (few, many) = (allocations(body, &small), allocations(body, &large));
            let what = format!("{target} on {shape}: {few:?} {many:?}");
            let times = u64::try_from(TIMES).unwrap() * 2;
            assert!(many.count_total <= few.count_total * times + 1000, "{what}");
            assert!(
                many.bytes_total <= few.bytes_total * times + 1_000_000,
                "{what}"
            );
            // An octet of input is worth a bounded number of octets of memory: a tree of explanations the most.
            let bound = u64::try_from(large.len()).unwrap() * 1000 + 1_000_000;
            assert!(many.bytes_max <= bound, "{what}");
        }
    }
}

/// Nanoseconds that this thread has run, where the system tells; it tells in steps of some milliseconds.
fn processor_time() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// The least of a few measurements: what the work takes without what disturbs it.
fn least_time(work: impl Fn()) -> Option<u64> {
    (0..2)
        .map(|_| {
            let begin = processor_time()?;
            work();
            Some(processor_time()?.saturating_sub(begin))
        })
        .min()?
}

#[test]
fn processor_time_grows_with_the_input_and_no_faster() {
    const STEP: u64 = 20_000_000;
    if processor_time().is_none() {
        return;
    }
    for ((shape, small), (_, large)) in shapes(SMALL).into_iter().zip(shapes(SMALL * TIMES)) {
        for (target, body) in decoders() {
            // As many octets either way: linear work takes the same, quadratic 16 times as long.
            let few = least_time(|| (0..TIMES).for_each(|_| body(&small))).unwrap();
            let many = least_time(|| body(&large)).unwrap();
            assert!(
                many <= few * 4 + STEP,
                "{target} on {shape}: {few} ns in parts, {many} ns at once"
            );
        }
    }
}
