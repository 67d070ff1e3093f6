#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| iedassay_wire::fuzzing::round_trip(input));
