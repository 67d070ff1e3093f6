//! What decoded values answer when they are asked, and when they are equal. A comparison that says equal to everything would let every
//! other test pass.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on may panic"
)]

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use iedassay_wire::ber::{BitStr, BitString, Octets, Reader, Text, Writer};
use iedassay_wire::error::Layer;
use iedassay_wire::mms::{
    BinaryTime, Data, DataRef, DataView, FileName, Float, InformationReportView, ListedVariable,
    ObjectName, TimeQuality, UtcTime, VariableSpecification,
};
use iedassay_wire::observe::{Observation, ObservationKind, Observations};
use iedassay_wire::sntp::NtpTime;

fn with<T>(bytes: &'static [u8], take: impl FnOnce(&iedassay_wire::ber::Tlv<'static>) -> T) -> T {
    take(&Reader::new(Layer::Mms, bytes).any("test").unwrap())
}

fn bits(bytes: &'static [u8]) -> BitStr<'static> {
    with(bytes, |tlv| tlv.bits().unwrap())
}

fn octets(bytes: &'static [u8]) -> Octets<'static> {
    with(bytes, |tlv| tlv.octets().unwrap())
}

fn text(bytes: &'static [u8]) -> Text<'static> {
    with(bytes, |tlv| tlv.visible().unwrap())
}

#[test]
fn bits_are_equal_when_they_are_the_same_bits() {
    let whole = bits(&[0x03, 3, 4, 0xab, 0xc0]);
    // Eight of them, then all twelve in two segments and with the unused ones set.
    let segments = bits(&[0x23, 7, 3, 2, 0, 0xab, 3, 1, 0]);
    assert_ne!(whole, segments);
    let segments = bits(&[0x23, 8, 3, 2, 0, 0xab, 3, 2, 4, 0xcf]);
    assert_eq!(whole, segments);
    assert_ne!(whole, bits(&[0x03, 3, 4, 0xab, 0xd0]));
    assert_ne!(whole, bits(&[0x03, 3, 3, 0xab, 0xc0]));
    assert_eq!(whole.as_parts(), Some((&[0xab, 0xc0][..], 4)));
    assert_eq!(segments.as_parts(), None);
    let state = RandomState::new();
    let hash = |bits: &BitStr<'_>| state.hash_one(bits.to_bit_string());
    assert_eq!(hash(&whole), hash(&segments));
    assert_ne!(hash(&whole), hash(&bits(&[0x03, 3, 4, 0xab, 0xd0])));
    assert_eq!(BitString::from_uint(0xabc, 12).to_uint(), Some(0xabc));
}

#[test]
fn strings_are_equal_when_their_octets_are() {
    let whole = octets(&[0x04, 3, 1, 2, 3]);
    let segments = octets(&[0x24, 7, 4, 1, 1, 4, 2, 2, 3]);
    assert_eq!(whole, segments);
    assert_ne!(whole, octets(&[0x04, 3, 1, 2, 4]));
    assert_eq!(whole.as_slice(), Some(&[1, 2, 3][..]));
    assert_eq!(segments.as_slice(), None);
    assert_eq!(text(&[0x1a, 2, b'a', b'b']).as_str(), Some("ab"));
    assert_eq!(text(&[0x1a, 2, b'a', 0xff]).as_str(), None);
    assert_eq!(text(&[0x3a, 4, 0x04, 2, b'a', b'b']).as_str(), None);
}

#[test]
fn floats_are_equal_when_their_bits_are() {
    let all = [
        Float::F32(0.0),
        Float::F32(-0.0),
        Float::F32(1.5),
        Float::F32(f32::NAN),
        Float::F64(0.0),
        Float::F64(1.5),
        Float::F64(f64::NAN),
        Float::Other(vec![5, 1, 2]),
        Float::Other(vec![5, 1, 3]),
    ];
    let state = RandomState::new();
    for (at, one) in all.iter().enumerate() {
        for (other_at, other) in all.iter().enumerate() {
            assert_eq!(one == other, at == other_at, "{one} {other}");
            assert_eq!(
                state.hash_one(one) == state.hash_one(other),
                at == other_at,
                "{one} {other}"
            );
        }
    }
}

/// One of each kind, and one that differs from it.
fn pairs() -> Vec<(Data, Data)> {
    let time = |seconds| UtcTime {
        seconds,
        fraction: 7,
        quality: TimeQuality(0x8a),
    };
    let bits = |value| BitString::from_uint(value, 13);
    vec![
        (Data::Boolean(true), Data::Boolean(false)),
        (Data::Integer(-5), Data::Integer(5)),
        (Data::Unsigned(5), Data::Integer(5)),
        (Data::Unsigned(u64::MAX), Data::Unsigned(0)),
        (Data::Bcd(7), Data::Bcd(8)),
        (
            Data::FloatingPoint(Float::F32(1.5)),
            Data::FloatingPoint(Float::F32(2.5)),
        ),
        (
            Data::FloatingPoint(Float::F64(1.5)),
            Data::FloatingPoint(Float::F32(1.5)),
        ),
        (Data::OctetString(vec![1, 2]), Data::OctetString(vec![1, 3])),
        (
            Data::VisibleString("ab".into()),
            Data::VisibleString("ac".into()),
        ),
        (
            Data::MmsString("ab".into()),
            Data::VisibleString("ab".into()),
        ),
        (Data::BitString(bits(5)), Data::BitString(bits(6))),
        (Data::UtcTime(time(1)), Data::UtcTime(time(2))),
        (
            Data::Structure(vec![Data::Integer(1), Data::Boolean(true)]),
            Data::Structure(vec![Data::Integer(1)]),
        ),
        (
            Data::Array(vec![Data::Integer(1)]),
            Data::Structure(vec![Data::Integer(1)]),
        ),
        (
            Data::Array(vec![Data::Integer(1)]),
            Data::Array(vec![Data::Integer(2)]),
        ),
    ]
}

#[test]
fn views_are_equal_when_the_values_are() {
    for (one, other) in pairs() {
        let (a, b) = (one.encode(), other.encode());
        let (a, b) = (DataView::decode(&a).unwrap(), DataView::decode(&b).unwrap());
        assert_eq!(a, a);
        assert_ne!(a, b, "{one} {other}");
        assert_eq!((a.to_data(), b.to_data()), (one, other));
        if let (Some(a), Some(b)) = (a.members(), b.members()) {
            assert_eq!(a, a);
            assert_eq!(a == b, a.len() == b.len() && a.iter().eq(b.iter()));
        }
    }
    let (one, other) = ([0x83, 1, 1], [0x83, 1, 0xff]);
    assert_eq!(
        DataView::decode(&one).unwrap(),
        DataView::decode(&other).unwrap()
    );
    let members = |bytes: &'static [u8]| DataView::decode(bytes).unwrap().members().unwrap();
    assert_ne!(
        members(&[0xa2, 3, 0x83, 1, 1]),
        members(&[0xa2, 3, 0x83, 1, 0])
    );
    assert_eq!(
        members(&[0xa2, 3, 0x83, 1, 1]),
        members(&[0xa2, 4, 0x83, 0x81, 1, 2])
    );
}

#[test]
fn values_answer_as_what_they_are() {
    let answers = |data: &Data| (data.as_i64(), data.as_u64(), data.as_f64());
    for (data, expected) in [
        (Data::Integer(-5), (Some(-5), None, None)),
        (Data::Integer(5), (Some(5), Some(5), None)),
        (Data::Bcd(7), (Some(7), Some(7), None)),
        (Data::Unsigned(9), (Some(9), Some(9), None)),
        (Data::Unsigned(u64::MAX), (None, Some(u64::MAX), None)),
        (
            Data::FloatingPoint(Float::F32(1.5)),
            (None, None, Some(1.5)),
        ),
        (
            Data::FloatingPoint(Float::F64(2.5)),
            (None, None, Some(2.5)),
        ),
        (
            Data::FloatingPoint(Float::Other(vec![5, 1])),
            (None, None, None),
        ),
        (Data::Boolean(true), (None, None, None)),
    ] {
        assert_eq!(answers(&data), expected, "{data}");
    }
    assert_eq!(
        Data::VisibleString("it's \\ \n".into()).to_string(),
        r"'it\'s \\ \n'"
    );
    assert_eq!(
        FileName(vec!["a/".to_owned(), "b".to_owned()]).to_path(),
        "a/b"
    );
    let name = ObjectName::domain("LD", "LLN0");
    assert_eq!(ListedVariable::from(name.clone()).name(), Some(&name));
    let unnamed = ListedVariable {
        specification: VariableSpecification::Invalidated,
        alternate_access: None,
    };
    assert_eq!(unnamed.name(), None);
}

#[test]
fn qualities_of_time_are_their_bits() {
    let flags = |octet| {
        let quality = TimeQuality(octet);
        (
            quality.leap_seconds_known(),
            quality.clock_failure(),
            quality.clock_not_synchronized(),
            quality.accuracy(),
        )
    };
    assert_eq!(flags(0x80), (true, false, false, 0));
    assert_eq!(flags(0x40), (false, true, false, 0));
    assert_eq!(flags(0x20), (false, false, true, 0));
    assert_eq!(flags(0x1f), (false, false, false, 31));
}

#[test]
fn times_are_rounded_to_what_their_format_has() {
    let utc = |fraction| UtcTime {
        seconds: 1,
        fraction,
        quality: TimeQuality(0),
    };
    // One part of 2^24 is 59.6 ns, and half of that makes the difference.
    for (fraction, nanos) in [
        (0, 0),
        (1, 60),
        (2, 119),
        (0x80_0000, 500_000_000),
        (0xff_ffff, 999_999_940),
    ] {
        assert_eq!(
            utc(fraction).since_epoch(),
            Duration::new(1, nanos),
            "{fraction}"
        );
        assert_eq!(
            UtcTime::from_since_epoch(Duration::new(1, nanos), TimeQuality(0)),
            utc(fraction)
        );
    }
    // 1984 begins 441 763 200 s after 1970.
    for (seconds, expected) in [
        (441_763_199, (0, 0)),
        (441_763_200, (5, 0)),
        (441_763_201, (1005, 0)),
        (441_763_200 + 86_400, (5, 1)),
    ] {
        let time = BinaryTime::from_since_epoch(Duration::new(seconds, 5_999_999));
        let (millis, days) = expected;
        assert_eq!(time, BinaryTime::DateTime { millis, days }, "{seconds}");
    }
    // 1900 was 2 208 988 800 s before 1970, and an era ends after 2^32 s.
    for (since_1970, since_era) in [
        (0, 2_208_988_800),
        (1, 2_208_988_801),
        (2_085_978_496, 0),
        (2_085_978_497, 1),
    ] {
        let time = NtpTime::from_since_epoch(Duration::from_secs(since_1970));
        assert_eq!(time.0, since_era << 32, "{since_1970}");
    }
}

#[test]
fn observations_beyond_the_limit_are_counted() {
    let all = Observations::with_limit(2);
    assert!(all.is_empty());
    for offset in 0..5 {
        all.push(Observation {
            layer: Layer::Mms,
            kind: ObservationKind::BooleanNotFf,
            offset,
        });
    }
    assert_eq!(
        all.to_vec()
            .iter()
            .map(|seen| seen.offset)
            .collect::<Vec<_>>(),
        [0, 1]
    );
    assert_eq!((all.dropped(), all.is_empty()), (3, false));
    let none = Observations::with_limit(0);
    none.push(Observation {
        layer: Layer::Mms,
        kind: ObservationKind::BooleanNotFf,
        offset: 0,
    });
    assert!(!none.is_empty());
}

#[test]
fn a_writer_knows_what_was_written() {
    let mut writer = Writer::with_capacity(2);
    assert!(writer.is_empty());
    writer.put(&[3, 4]);
    writer.put(&[2]);
    writer.put(&[1]);
    assert_eq!(
        (writer.is_empty(), writer.len(), writer.as_slice()),
        (false, 4, &[1, 2, 3, 4][..])
    );
    writer.clear();
    assert!(writer.is_empty());
}

#[test]
fn reports_of_named_lists_are_checked_where_they_are_no_report_of_61850() {
    // InformationReport of the list LD/x, then of variables whose list is none.
    let named = [
        0xa3, 0x12, 0xa0, 0x10, 0xa1, 9, 0xa1, 7, 0x1a, 2, b'L', b'D', 0x1a, 1, b'x', 0xa0, 3,
        0x83, 1, 1,
    ];
    let view = InformationReportView::decode(&named).unwrap().unwrap();
    assert!(!view.is_report());
    assert!(view.access().is_ok());
    let broken = [
        0xa3, 0x0b, 0xa0, 0x09, 0xa0, 2, 0x02, 0, 0xa0, 3, 0x83, 1, 1,
    ];
    assert!(InformationReportView::decode(&broken).is_err());
    let data = Data::Structure(vec![Data::Boolean(true)]).encode();
    assert!(matches!(
        DataView::decode(&data).unwrap().get(),
        DataRef::Structure(_)
    ));
}
