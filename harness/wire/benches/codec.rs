//! Decoding and encoding of the PDUs that come by the thousand, beside `iec61850-rs` on the same
//! bytes in the same run.
//!
//! | name | ours | theirs |
//! |---|---|---|
//! | `view` | `ReadResponseView` or `InformationReportView`, validated to the last leaf, then every leaf visited | `Mms::parse`, which validates one level, then every leaf visited through `DataView` |
//! | `owned` | `Pdu::decode` | `Mms::parse`, then `DataView::to_owned` of every value |
//! | `encode` | `Pdu::encode_into` a reused writer | `Value::encode` of every value into a reused encoder, then the headers around them |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on may panic"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use iec61850_rs::ber as peer_ber;
use iec61850_rs::common::Limits;
use iec61850_rs::proto::data::{DataView as PeerView, Value};
use iec61850_rs::proto::mms::{
    AccessResult as PeerResult, ConfirmedResponse, Mms, Unconfirmed as PeerUnconfirmed,
};
use iedassay_wire::ber::{BitString, Writer};
use iedassay_wire::mms::*;

const LIMITS: Limits = Limits {
    max_dataset_members: 1_000_000,
    ..Limits::DEFAULT
};

fn time(i: usize) -> Data {
    let seconds = 1_700_000_000 + u32::try_from(i).unwrap();
    Data::UtcTime(UtcTime {
        seconds,
        fraction: 0x40_0000,
        quality: TimeQuality(10),
    })
}

fn quality() -> Data {
    Data::BitString(BitString::zeros(13))
}

/// A value as they are read from an IED: status, measurand, setting, description, time.
fn value(i: usize) -> Data {
    match i % 10 {
        0 | 1 => Data::Boolean(i.is_multiple_of(4)),
        2 => Data::BitString(BitString::from_uint(2, 2)),
        3 => quality(),
        4 => time(i),
        5 => Data::FloatingPoint(Float::F32(1.5 * i as f32)),
        6 => Data::Integer(i as i64 * 1000 - 5000),
        7 => Data::Unsigned(i as u64 * 77),
        8 => Data::VisibleString(format!("SIPCTRL/LLN0$dsName{i}")),
        _ => Data::Structure(vec![Data::Boolean(true), quality(), time(i)]),
    }
}

fn read_response(values: usize) -> Pdu {
    let results = (0..values).map(|i| Ok(value(i))).collect();
    Pdu::response(4711, Response::Read(ReadResponse::new(results)))
}

/// A report with every option: name, flags, number, time, data set, entry, members, reasons.
fn report(members: usize) -> Pdu {
    let mut results = vec![
        Data::VisibleString("ASSAYLD0/LLN0$BR$brcbStatus01".into()),
        Data::BitString(BitString::from_uint(0b01_1111_1110, 10)),
        Data::Unsigned(4711),
        Data::BinaryTime(BinaryTime::DateTime {
            millis: 43_237_495,
            days: 14_000,
        }),
        Data::VisibleString("ASSAYLD0/LLN0$dsStatus".into()),
        Data::Boolean(false),
        Data::OctetString(vec![0, 0, 0, 0, 0, 0, 18, 103]),
        Data::Unsigned(1),
        Data::BitString(BitString::from_bits((0..members).map(|_| true))),
    ];
    results.extend((0..members).map(|i| {
        let value = match i % 3 {
            0 => Data::Boolean(true),
            1 => Data::BitString(BitString::from_uint(1, 2)),
            _ => Data::Structure(vec![Data::FloatingPoint(Float::F32(i as f32))]),
        };
        Data::Structure(vec![value, quality(), time(i)])
    }));
    results.extend((0..members).map(|_| Data::BitString(BitString::from_uint(0b10_0000, 6))));
    Pdu::Unconfirmed(Unconfirmed::InformationReport(InformationReport {
        access: VariableAccess::VariableListName(ObjectName::Vmd("RPT".into())),
        results: results.into_iter().map(Ok).collect(),
    }))
}

/// A number that depends on every leaf.
fn digest(view: DataView<'_>) -> u64 {
    match view.get() {
        DataRef::Array(list) | DataRef::Structure(list) => list.iter().map(digest).fold(1, add),
        DataRef::Boolean(value) => u64::from(value),
        DataRef::BitString(bits) => bits.as_parts().map_or(0, |(octets, _)| octets.len() as u64),
        DataRef::Integer(value) => value as u64,
        DataRef::Unsigned(value) => value,
        DataRef::Float32(value) => u64::from(value.to_bits()),
        DataRef::OctetString(octets) => octets.len() as u64,
        DataRef::VisibleString(text) => text.as_str().map_or(0, |text| text.len() as u64),
        DataRef::UtcTime(time) => u64::from(time.seconds),
        _ => 2,
    }
}

fn add(a: u64, b: u64) -> u64 {
    a.wrapping_add(b)
}

fn our_view(bytes: &[u8]) -> u64 {
    let results = match ReadResponseView::decode(bytes).unwrap() {
        Some(view) => view.results,
        None => {
            InformationReportView::decode(bytes)
                .unwrap()
                .unwrap()
                .results
        }
    };
    results
        .iter()
        .map(|result| result.map_or(3, digest))
        .fold(0, add)
}

fn peer_digest(view: PeerView<'_>) -> u64 {
    match view {
        PeerView::Array(list) | PeerView::Structure(list) => list
            .map(|tlv| peer_digest(PeerView::from_tlv(tlv.unwrap()).unwrap()))
            .fold(1, add),
        PeerView::Boolean(value) => u64::from(value),
        PeerView::BitString { bytes, .. } => bytes.len() as u64,
        PeerView::Integer(value) => value as u64,
        PeerView::Unsigned(value) => value,
        PeerView::Float32(value) => u64::from(value.to_bits()),
        PeerView::OctetString(octets) => octets.len() as u64,
        PeerView::VisibleString(text) => text.len() as u64,
        PeerView::UtcTime(time) => u64::from(time.seconds),
        _ => 2,
    }
}

fn peer_results(bytes: &[u8]) -> Vec<PeerResult<'_>> {
    match Mms::parse(bytes, &LIMITS).unwrap() {
        Mms::ConfirmedResponse {
            service: ConfirmedResponse::Read { results, .. },
            ..
        }
        | Mms::Unconfirmed(PeerUnconfirmed::InformationReport { results, .. }) => results,
        _ => panic!("kind"),
    }
}

fn peer_view(bytes: &[u8]) -> u64 {
    peer_results(bytes)
        .iter()
        .map(|result| result.value().map_or(3, peer_digest))
        .fold(0, add)
}

fn peer_owned(bytes: &[u8]) -> Vec<Value> {
    peer_results(bytes)
        .iter()
        .map(|result| result.value().unwrap().to_owned(&LIMITS).unwrap())
        .collect()
}

/// The values of `pdu`, and around them its headers as the peer's users write them.
fn peer_encode(pdu: &Pdu, values: &[Value], encoder: &mut peer_ber::Encoder) -> usize {
    use peer_ber::Tag;
    encoder.clear();
    let tag = Tag::context_constructed;
    let list = |e: &mut peer_ber::Encoder| values.iter().try_for_each(|value| value.encode(e));
    let encoded = match pdu {
        Pdu::ConfirmedResponse(_) => encoder.constructed(tag(1), |e| {
            e.integer(Tag::universal(2, false), 4711)?
                .constructed(tag(4), |e| e.constructed(tag(1), list).map(drop))
                .map(drop)
        }),
        _ => encoder.constructed(tag(3), |e| {
            let name = |e: &mut peer_ber::Encoder| e.primitive(Tag::context(0), b"RPT").map(drop);
            e.constructed(tag(0), |e| {
                e.constructed(tag(1), name)?
                    .constructed(tag(0), list)
                    .map(drop)
            })
            .map(drop)
        }),
    };
    encoded.unwrap();
    encoder.len()
}

fn against_peer(c: &mut Criterion) {
    for (name, pdu) in [
        ("read-response-100", read_response(100)),
        ("report-50", report(50)),
    ] {
        let bytes = pdu.encode();
        assert_eq!(Pdu::decode(&bytes).unwrap(), pdu);
        assert_eq!(our_view(&bytes), peer_view(&bytes));
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("view/ours", |b| {
            b.iter(|| our_view(black_box(&bytes)) as usize)
        });
        group.bench_function("view/iec61850-rs", |b| {
            b.iter(|| peer_view(black_box(&bytes)) as usize)
        });
        group.bench_function("owned/ours", |b| b.iter(|| Pdu::decode(black_box(&bytes))));
        group.bench_function("owned/iec61850-rs", |b| {
            b.iter(|| peer_owned(black_box(&bytes)))
        });
        let mut writer = Writer::new();
        group.bench_function("encode/ours", |b| {
            b.iter(|| {
                writer.clear();
                black_box(&pdu).encode_into(&mut writer);
                writer.len()
            });
        });
        let values = peer_owned(&bytes);
        let mut encoder = peer_ber::Encoder::new();
        assert_eq!(peer_encode(&pdu, &values, &mut encoder), bytes.len());
        group.bench_function("encode/iec61850-rs", |b| {
            b.iter(|| peer_encode(&pdu, black_box(&values), &mut encoder));
        });
        group.finish();
    }
}

/// Time per octet must not depend on size, from 1 KB to 1 MB.
fn linear(c: &mut Criterion) {
    for (name, owned) in [("linear-view", false), ("linear-owned", true)] {
        let mut group = c.benchmark_group(name);
        for kilobytes in [1, 10, 100, 1000] {
            let values = kilobytes * 1000 / 10;
            let bytes = read_response(values).encode();
            group.throughput(Throughput::Bytes(bytes.len() as u64));
            group.bench_with_input(
                BenchmarkId::from_parameter(format!("{kilobytes}KB")),
                &bytes,
                |b, bytes| {
                    if owned {
                        b.iter(|| Pdu::decode(black_box(bytes)));
                    } else {
                        b.iter(|| our_view(black_box(bytes)));
                    }
                },
            );
        }
        group.finish();
    }
}

criterion_group!(benches, against_peer, linear);
criterion_main!(benches);
