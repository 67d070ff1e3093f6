#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| iedassay_client::fuzzing::capture(input));
