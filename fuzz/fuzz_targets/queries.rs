#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| iedassay_wire::fuzzing::queries(input));
