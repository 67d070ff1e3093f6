//! Whole PDUs and damaged ones: the oracle accepts what we accept, and would write the same of what it read. Where the two differ,
//! the reason is one of [`TABLE`].

use iec61850_rs::common::Limits;
use iec61850_rs::proto::mms as oracle;
use iedassay_wire::ObservationKind;
use iedassay_wire::mms::Pdu;

use crate::differential::{Other, Outcome, PDUS, Reason, Report, corpus, damaged};
use crate::passage::keeps_everything;
use crate::same_octets;

const ORACLE: Other = Other {
    read: theirs,
    same: same_octets,
    table: TABLE,
};

fn theirs(octets: &[u8]) -> Outcome {
    let pdu = oracle::Mms::parse(octets, &Limits::DEFAULT).map_err(|error| error.to_string())?;
    pdu.to_vec()
        .map_err(|error| format!("cannot write: {error}"))
}

/// Whether it has parts that the oracle does not know, or reads and does not keep.
fn is_more_than_they_keep(octets: &[u8]) -> bool {
    Pdu::decode(octets).is_ok_and(|pdu| !keeps_everything(&pdu))
}

const TABLE: &[Reason] = &[
    (
        "text with characters that its type does not have: they refuse, we keep it and tell (a report on a device must show it)",
        |seen| {
            seen.they_refuse(&["NotAscii", "BadValue"])
                && seen.told(&[ObservationKind::NotVisible, ObservationKind::InvalidUtf8])
        },
    ),
    (
        "an indefinite length, which X.690, 8.1.3.6 permits on constructed elements: they refuse, we read it and tell",
        |seen| {
            seen.they_refuse(&["IndefiniteLength"])
                && seen.told(&[ObservationKind::IndefiniteLength])
        },
    ),
    (
        "a tag number below 31 in the form for larger ones (X.690, 8.1.2.2): they refuse, we read it and tell",
        |seen| seen.they_refuse(&["BadValue"]) && seen.told(&[ObservationKind::HighTagForm]),
    ),
    (
        "an unsigned number whose first bit is set: they take it for negative and refuse, we take it as meant and tell",
        |seen| seen.they_refuse(&["BadValue"]) && seen.told(&[ObservationKind::NegativeUnsigned]),
    ),
    (
        "a number of more than 64 bits in Data: they refuse, we keep it raw and tell",
        |seen| seen.they_refuse(&["BadValue"]) && seen.told(&[ObservationKind::WideInteger]),
    ),
    (
        "text whose octets are no UTF-8: they keep the octets, we read ISO 8859-1, tell, and write UTF-8",
        |seen| {
            seen.both_accept()
                && seen.told(&[ObservationKind::NotVisible, ObservationKind::InvalidUtf8])
        },
    ),
    (
        "a floating-point number that is neither of 32 nor of 64 bits: they refuse, we keep its octets",
        |seen| {
            seen.they_refuse(&["BadValue"])
                && Pdu::decode(seen.octets)
                    .is_ok_and(|pdu| format!("{pdu:?}").contains("FloatingPoint(Other("))
        },
    ),
    (
        "a string in segments (X.690, 8.7.3): they refuse, we join it and tell",
        |seen| {
            seen.they_refuse(&["UnexpectedTag"]) && seen.told(&[ObservationKind::SegmentedString])
        },
    ),
    (
        "an encoding that could be shorter, inside of what they keep as octets: they write it as it came, we write the shortest",
        |seen| {
            seen.both_accept()
                && seen.told(&[
                    ObservationKind::IndefiniteLength,
                    ObservationKind::LongFormLength,
                    ObservationKind::HighTagForm,
                    ObservationKind::SegmentedString,
                    ObservationKind::NonMinimalInteger,
                ])
        },
    ),
    (
        "parts for which they have no words: we keep them raw or as they are",
        |seen| {
            seen.they_refuse(&["MissingField", "UnexpectedTag", "BadValue"])
                && is_more_than_they_keep(seen.octets)
        },
    ),
    (
        "parts that they read and do not keep: we write them again",
        |seen| seen.both_accept() && is_more_than_they_keep(seen.octets),
    ),
    (
        "what stands behind or between the elements that they look for is stepped over, and so is a choice that is none: we refuse what \
         the abstract syntax does not have",
        |seen| {
            seen.we_refuse(&[
                "octets after the end",
                "is missing",
                "expected",
                "no such alternative",
            ])
        },
    ),
    (
        "encodings that are broken inside of what they keep unread or step over: we read everything",
        |seen| {
            seen.we_refuse(&[
                "truncated",
                "indefinite length",
                "invalid length octets",
                "invalid identifier octets",
                "nested too deeply",
            ])
        },
    ),
    (
        "primitive where constructed has to be, or the other way round (X.690, 8.1.2.5): they do not look, we refuse",
        |seen| {
            seen.we_refuse(&[
                "constructed encoding of a primitive type",
                "primitive encoding of a constructed type",
            ])
        },
    ),
    (
        "contents that no value of the type has (BOOLEAN or NULL of other lengths, unused bits above 7, times, object identifiers): not looked at by them \
         until somebody asks for the value",
        |seen| {
            seen.we_refuse(&[
                "impossible length",
                "impossible count of unused bits",
                "invalid object identifier",
            ])
        },
    ),
    (
        "a number outside of its type: they keep 64 bits, we refuse what the standard bounds",
        |seen| seen.we_refuse(&["integer out of range"]),
    ),
];

#[test]
fn whole_pdus_are_accepted_and_mean_the_same() {
    let report = Report::of(&ORACLE, corpus());
    report.check();
    assert_eq!(report.refused, 0, "both refuse what we encoded");
    assert!(report.agreed > PDUS / 2, "only {} agreed", report.agreed);
}

#[test]
fn damaged_pdus_are_refused_alike() {
    let report = Report::of(&ORACLE, damaged());
    report.check();
    assert!(
        report.agreed > 500 && report.refused > 5000,
        "{} {}",
        report.agreed,
        report.refused
    );
    let whole = Report::of(&ORACLE, corpus());
    let idle: Vec<_> = TABLE
        .iter()
        .map(|(reason, _)| *reason)
        .filter(|reason| {
            [&report, &whole]
                .iter()
                .all(|report| !report.explained.contains_key(reason))
        })
        .collect();
    assert_eq!(idle, [""; 0], "reasons that explain nothing");
}
