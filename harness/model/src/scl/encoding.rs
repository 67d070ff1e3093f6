//! From the octets of a file to its text. Most SCL files are UTF-8; older Windows tools write UTF-16 and code pages.

use std::borrow::Cow;

use super::{SclErrorKind, SclErrors};

/// The octets 0x80 to 0x9F of windows-1252; those that it does not define are control characters.
const WINDOWS_1252: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}',
    '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}',
    '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}',
    '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
];

/// The text of an SCL file: UTF-8, UTF-16 of either order, ISO-8859-1 or windows-1252, as byte order mark and XML declaration
/// tell. The mark is dropped.
///
/// # Errors
/// [`SclErrors`] with the place of the first octet that is no text.
pub fn decode(octets: &[u8]) -> Result<Cow<'_, str>, SclErrors> {
    match octets {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf_8(rest),
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf_16(octets, u16::from_le_bytes),
        [0, b'<', ..] => utf_16(octets, u16::from_be_bytes),
        _ => match declared(octets).as_deref() {
            Some("iso-8859-1" | "latin1" | "latin-1") => Ok(Cow::Owned(
                octets.iter().map(|octet| char::from(*octet)).collect(),
            )),
            Some("windows-1252" | "cp1252") => Ok(Cow::Owned(
                octets.iter().map(|octet| windows_1252(*octet)).collect(),
            )),
            _ => utf_8(octets),
        },
    }
}

fn utf_8(octets: &[u8]) -> Result<Cow<'_, str>, SclErrors> {
    core::str::from_utf8(octets)
        .map(Cow::Borrowed)
        .map_err(|error| {
            let good = octets
                .get(..error.valid_up_to())
                .and_then(|good| core::str::from_utf8(good).ok())
                .unwrap_or_default();
            not_text(good, "UTF-8")
        })
}

fn utf_16(octets: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, SclErrors> {
    let units = octets.chunks(2).map(|pair| match pair {
        [a, b] => unit([*a, *b]),
        // Half a unit is a surrogate without its other half, and so an error.
        _ => 0xd800,
    });
    let mut text = String::with_capacity(octets.len() / 2);
    for character in char::decode_utf16(units) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(not_text(&text, "UTF-16")),
        }
    }
    Ok(Cow::Owned(text))
}

fn windows_1252(octet: u8) -> char {
    octet
        .checked_sub(0x80)
        .and_then(|at| WINDOWS_1252.get(usize::from(at)))
        .copied()
        .unwrap_or(char::from(octet))
}

/// The `encoding` of the XML declaration, in small letters.
fn declared(octets: &[u8]) -> Option<String> {
    let head = octets.get(..octets.len().min(200))?;
    let head = head.strip_prefix(b"<?xml")?;
    let head: String = head.iter().map(|octet| char::from(*octet)).collect();
    let (declaration, _) = head.split_once("?>")?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(rest.split(quote).nth(1)?.to_ascii_lowercase())
}

/// After this much good text there is an octet that is none.
fn not_text(good: &str, encoding: &'static str) -> SclErrors {
    let position = super::xml::position::Lines::new(good).at(good.len());
    SclErrors::one(position, SclErrorKind::NotText(encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<SCL desc=\"Überstrom \u{1f600}\"/>";

    fn utf_16_of(text: &str, octets: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(octets).collect()
    }

    #[test]
    fn every_unicode_form_gives_the_same_text() {
        let marked = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        for octets in [
            TEXT.as_bytes().to_vec(),
            marked(&[0xef, 0xbb, 0xbf], TEXT.as_bytes().to_vec()),
            marked(&[0xff, 0xfe], utf_16_of(TEXT, u16::to_le_bytes)),
            marked(&[0xfe, 0xff], utf_16_of(TEXT, u16::to_be_bytes)),
            utf_16_of(TEXT, u16::to_le_bytes),
            utf_16_of(TEXT, u16::to_be_bytes),
        ] {
            assert_eq!(decode(&octets).unwrap(), TEXT);
        }
        assert_eq!(decode(b"").unwrap(), "");
    }

    #[test]
    fn code_pages_go_by_the_declaration() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1' ?><SCL desc=\"\xdc\"/>";
        assert!(decode(latin).unwrap().contains("\"Ü\""));
        let windows =
            b"<?xml version=\"1.0\" encoding = \"Windows-1252\"?><SCL desc=\"\x80\xdc\"/>";
        assert!(decode(windows).unwrap().contains("\"€Ü\""));
    }

    #[test]
    fn what_is_no_text_is_told_with_its_place() {
        for (octets, encoding, place) in [
            (&b"<SCL>\n ab\xff</SCL>"[..], "UTF-8", (2, 4)),
            (b"\xff\xfe<\0\x00\xd8<\0", "UTF-16", (1, 2)),
            (b"\xff\xfe<\0\x20", "UTF-16", (1, 2)),
        ] {
            let errors = decode(octets).unwrap_err();
            let error = &errors.0[0];
            assert_eq!(error.kind, SclErrorKind::NotText(encoding));
            assert_eq!((error.position.line, error.position.column), place);
        }
    }
}
