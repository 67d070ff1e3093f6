//! Octets explained.

use crate::harness::{Bench, golden};

const IDENTIFY: &str =
    "03 00 00 1b 02 f0 80 01 00 01 00 61 0e 30 0c 02 01 03 a0 07 a0 05 02 01 01 82 00";
const NAME_LIST: &str =
    "a12702020628a121a01c1a0b4b4f4331303443314c44301a0d4b4f4331303443315345535f31810100";

#[test]
fn hexadecimal_in_the_argument() {
    let bench = Bench::new();
    golden!("decode_identify", bench.transcript(&["decode", IDENTIFY]));
    golden!("decode_name_list", bench.transcript(&["decode", NAME_LIST]));
    golden!(
        "decode_json",
        bench.transcript(&["decode", "8b00", "--format", "json"])
    );
    golden!(
        "decode_summary",
        bench.transcript(&["decode", "--summary", NAME_LIST])
    );
}

#[test]
fn standard_input_and_files() {
    let bench = Bench::new()
        .file("pdu.hex", format!("# identify\n{IDENTIFY}\n"))
        .file("pdu.bin", [0x8b, 0x00]);
    golden!(
        "decode_stdin",
        bench.transcript_with_input(&["decode", "-"], "8b 00")
    );
    golden!(
        "decode_hex_file",
        bench.transcript(&["decode", "pdu.hex", "--summary"])
    );
    golden!("decode_raw_file", bench.transcript(&["decode", "pdu.bin"]));
}

#[test]
fn what_is_malformed_is_shown_and_ends_with_1() {
    let bench = Bench::new();
    golden!(
        "decode_malformed",
        bench.transcript(&["decode", "a1 27 02 02 06 28 a1 21"])
    );
}

#[test]
fn what_cannot_be_read_ends_with_2() {
    let bench = Bench::new()
        .file("text.txt", "03 00\n00 xy\n")
        .file("empty", "");
    golden!(
        "decode_no_file",
        bench.transcript(&["decode", "nowhere.pcapng"])
    );
    golden!("decode_not_hex", bench.transcript(&["decode", "text.txt"]));
    golden!("decode_empty", bench.transcript(&["decode", "empty"]));
}
