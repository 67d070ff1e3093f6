//! Hexadecimal text.

use super::*;

const CR: [u8; 11] = [3, 0, 0, 11, 6, 0xe0, 0, 0, 0, 1, 0];

#[test]
fn hexadecimal_text_is_read_in_every_common_form() {
    let forms = [
        "0300000b 06E00000 000100",
        "03:00:00:0b:06:e0:00:00:00:01:00",
        "0x03, 0x00, 0x00, 0x0b, 0x06, 0xe0, 0x00, 0x00, 0x00, 0x01, 0x00",
        "# a connection request\n03 00 00 0b  # TPKT\n06 e0 00 00 00 01 00",
        "00000000: 0300 000b 06e0 0000 0001 00              ...........",
        "0000  03 00 00 0b 06 e0 00 00  00 01 00",
        "0000   03 00 00 0b 06 e0 00 00 00 01 00                  ...........",
        "00000000  03 00 00 0b 06 e0 00 00  00 01 00                 |...........|",
    ];
    for (index, form) in forms.iter().enumerate() {
        assert_eq!(
            parse_hex(form).as_deref(),
            Ok(&CR[..]),
            "form {index}: {form}"
        );
    }
}

#[test]
fn says_where_text_is_not_hexadecimal() {
    let error = parse_hex("03 00\n00 zz").unwrap_err();
    assert_eq!((error.line, error.column), (2, 4));
    assert!(parse_hex("03 0").unwrap_err().message.contains("one digit"));
}
