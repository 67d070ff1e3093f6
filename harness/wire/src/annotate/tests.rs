use super::*;
use crate::error::ErrorKind;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| (byte as char).to_digit(16).unwrap() as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

const READ: &str = "0300 0043 02f080 01000100 6136 3034 020103 a02f a02d 0202062a
    a427 a125 a023 3021 a01f a11d 1a0b 4b4f43313034 43314c4430 1a0e 4c4c4e30 2453 5424 4d6f 6424 7374";

#[test]
fn names_every_layer_of_a_read() {
    let bytes = hex(READ);
    let tree = annotate(&bytes);
    let text = render(&tree);
    for line in [
        "0000  TPKT: length 67",
        "0004    DT",
        "0007      GIVE TOKENS, DATA TRANSFER",
        "000b        fully-encoded-data",
        "0012            single-ASN1-type",
        "0014              confirmed-RequestPDU",
        "0016                invokeID: 1578",
        "domainID: 'KOC104C1LD0'",
        "itemID: 'LLN0$ST$Mod$st'",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[test]
fn finds_the_path_of_an_octet() {
    let bytes = hex(READ);
    let tree = annotate(&bytes);
    let path = path_at(&tree, 0x18).unwrap();
    assert!(path.ends_with("confirmed-RequestPDU/invokeID"), "{path}");
}

#[test]
fn the_end_belongs_to_what_ends_there_and_nothing_is_behind_it() {
    let bytes = hex(READ);
    let tree = annotate(&bytes);
    let last = path_at(&tree, bytes.len() - 1);
    assert!(
        last.as_deref().is_some_and(|path| path.ends_with("itemID")),
        "{last:?}"
    );
    assert_eq!(path_at(&tree, bytes.len()), last);
    assert_eq!(path_at(&tree, bytes.len() + 1), None);
}

#[test]
fn offsets_behind_a_reassembly_are_those_of_the_input() {
    let pdu = hex("61183016020103a011a00f02020627a109a003800109a1028000");
    let mut tsdu = vec![1, 0, 1, 0];
    tsdu.extend_from_slice(&pdu);
    let mut stream = Vec::new();
    for data in crate::cotp::segments(&tsdu, 13) {
        let tpdu = crate::cotp::Tpdu::Data(data).encode().unwrap();
        stream.extend_from_slice(&crate::tpkt::encode(&tpdu).unwrap());
    }
    let tree = annotate(&stream);
    assert_eq!(tree.len(), 3);
    let last = tree.last().unwrap();
    assert!(!last.has_error());
    let invoke_id = last.find("invokeID").unwrap();
    assert_eq!(invoke_id.value, "1575");
    // The contents 06 27 are cut between two packets.
    assert_eq!(stream[invoke_id.offset], 0x02);
    let class = last.find("objectClass").unwrap();
    assert_eq!(class.value, "domain(9)");
    assert_eq!(
        &stream[class.offset..class.offset + class.length],
        [0x80, 1, 9]
    );
}

#[test]
fn shows_what_is_there_of_a_cut_connect() {
    let cp = hex(
        "31819ea003800101a2819681020001820400000001a423300f0201010604520100013004060251013010020103060528ca220201300406025101880206006161305f020101a05a605880020780a107060528ca220203a20606042bce0f17a303020117a60606042bce0f17a703020117be2f282d020103a028a8268003",
    );
    let tree = annotate(&cp);
    let text = render(&tree);
    for line in [
        "mode-value: normal-mode(1)",
        "calling-presentation-selector: 0001",
        "called-presentation-selector: 00000001",
        "abstract-syntax-name: 2.2.1.0.1 (ACSE)",
        "abstract-syntax-name: 1.0.9506.2.1 (MMS)",
        "application-context-name\n",
        "OBJECT IDENTIFIER: 1.0.9506.2.3 (MMS application context)",
        "AP-title-form2: 1.3.9999.23",
        "AE-qualifier-form2: 23",
        "initiate-RequestPDU",
        "localDetailCalling",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(tree[0].has_error());
}

#[test]
fn tells_the_place_of_an_error_inside() {
    // The structure says three octets, its boolean two.
    let tree = annotate(&hex("a109 02010c a404 a102 8302"));
    let node = tree[0].find("read").unwrap();
    assert!(node.has_error());
    let text = render(&tree);
    assert!(text.contains("! "), "{text}");
}

#[test]
fn shows_garbage_as_octets() {
    for bytes in [
        &b"GET / HTTP/1.1"[..],
        &[],
        &[3, 0, 0, 9, 2, 0xf0],
        &[0x1f; 40],
        &[0x80; 9],
    ] {
        let _ = render(&annotate(bytes));
        let _ = summarize(bytes);
    }
    let tree = annotate(&[3, 0, 0, 9, 0, 0xf0, 0x80, 1, 0]);
    let error = tree[0].children[0].error.unwrap();
    assert_eq!(error.layer, Layer::Cotp);
    assert_eq!(error.offset, 4);
    assert!(matches!(error.kind, ErrorKind::InvalidValue { .. }));
}

#[test]
fn summarizes_in_one_line() {
    assert_eq!(summarize(&hex("8b00")), "conclude-request");
    assert_eq!(
        summarize(&hex("03000016 11e0 0000 0001 00 c0010a c2020001 c1020001")),
        "CR (destination 0, source 1, class 0)"
    );
    let read = summarize(&hex(READ));
    assert!(read.starts_with("DT, read-request #1578"), "{read}");
}

#[test]
fn depth_and_number_of_nodes_are_bounded() {
    let mut deep = [0xa2, 0x80].repeat(5000);
    deep.splice(0..0, [0xa1, 0x80, 2, 1, 1, 0xa4, 0x80, 0xa1, 0x80]);
    let _ = render(&annotate(&deep));
    let wide = [0x83, 1, 1].repeat(250_000);
    assert!(annotate(&wide).len() <= 200_000);
}

#[test]
fn observes_oddities_of_every_layer() {
    // Reserved octet of TPKT, long length of a session parameter, overlong length of PDV list.
    let session = hex("0300 000e 02f080 0a05 c1ff0001 61");
    let kinds: Vec<_> = observations(&session)
        .iter()
        .map(|seen| (seen.layer, seen.offset))
        .collect();
    assert_eq!(kinds, [(Layer::Session, 9)]);
    let data = hex("03ff 0017 02f080 01000100 61 81 09 30 07 020103 a0 02 8b00");
    let seen = observations(&data);
    let places: Vec<_> = seen.iter().map(|seen| (seen.layer, seen.offset)).collect();
    assert_eq!(places, [(Layer::Tpkt, 1), (Layer::Presentation, 12)]);
    assert!(observations(&hex(READ)).is_empty());
}
