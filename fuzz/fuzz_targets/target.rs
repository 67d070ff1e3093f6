#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| iedassay_engine::fuzzing::target(input));
