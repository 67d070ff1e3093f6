//! Where `rasn` and we differ, and why: every difference that the tests meet is one of these.

use iedassay_wire::ObservationKind;
use iedassay_wire::mms::{JournalEntry, Pdu};

use crate::differential::Reason;

pub(crate) const TABLE: &[Reason] = &[
    (
        "text with characters that its type does not have: they refuse, we keep it and tell (a report on a device must show it)",
        |seen| {
            seen.they_refuse(&["Alphabet constraint", "Failed to convert byte array"])
                && seen.told(&[ObservationKind::NotVisible, ObservationKind::InvalidUtf8])
        },
    ),
    (
        "an unsigned number whose first bit is set: they take it for negative and refuse, we take it as meant and tell",
        |seen| {
            seen.they_refuse(&["Failed to create unsigned integer"])
                && seen.told(&[ObservationKind::NegativeUnsigned])
        },
    ),
    (
        "a choice that the abstract syntax, or our subset of it, does not have: we keep its number, or all of it raw",
        |seen| seen.they_refuse(&["No valid choice"]) && kept_raw(seen.octets),
    ),
    (
        "elements behind or between those of the subset (modifiers, companion details, extensions, originators): we keep them raw",
        |seen| {
            seen.they_refuse(&[
                "Unexpected extra data",
                "Expected Tag",
                "Missing end-of-contents",
            ]) && kept_raw(seen.octets)
        },
    ),
    (
        "an object identifier with an arc above 32 bits: X.660 sets no bound, theirs is 32 bits, ours 64",
        |seen| seen.they_refuse(&["arc exceeds the supported"]),
    ),
    (
        "unused bits of a bit string that are set: they clear them, we keep them as they came and tell (X.690, 11.2.1 binds DER only)",
        |seen| seen.both_accept() && seen.told(&[ObservationKind::UnusedBitsSet]),
    ),
    (
        "text whose octets are no UTF-8: they keep the octets, we read ISO 8859-1, tell, and write UTF-8",
        |seen| {
            seen.both_accept()
                && seen.told(&[ObservationKind::NotVisible, ObservationKind::InvalidUtf8])
        },
    ),
    (
        "primitive where constructed has to be, or the other way round (X.690, 8.1.2.5 and 8.9.1): they do not look, we refuse",
        |seen| {
            seen.we_refuse(&[
                "constructed encoding of a primitive type",
                "primitive encoding of a constructed type",
            ])
        },
    ),
    (
        "a time of a length that no time has (4, 6 or 8 octets): an octet string to them, an error to us",
        |seen| seen.we_refuse(&["impossible length"]),
    ),
    (
        "an INTEGER of more than 64 bits where the standard sets no bound: any length to them, an error to us (in Data it is kept raw)",
        |seen| seen.we_refuse(&["integer out of range"]),
    ),
];

/// Whether we keep something of it raw, or a number that has no name.
fn kept_raw(octets: &[u8]) -> bool {
    let Ok(pdu) = Pdu::decode(octets) else {
        return false;
    };
    let text = format!("{pdu:?}");
    let raw = [
        "Unknown(",
        "Scattered",
        "EventNotification(",
        "modifiers: Some(",
        "detail: Some(",
        "service_specific: Some(",
        "source_server: Some(",
        "extensions: [[",
    ];
    let unnamed = match &pdu {
        Pdu::ConfirmedError(pdu) => pdu.error.code.class.0 > 12,
        Pdu::CancelError { error, .. } | Pdu::InitiateError(error) | Pdu::ConcludeError(error) => {
            error.code.class.0 > 12
        }
        Pdu::Reject(reject) => reject.reason.class.0 > 11,
        _ => false,
    };
    let plain = format!("originator: {:?}", JournalEntry::NO_ORIGINATOR);
    let originator = text.matches("originator: ").count() > text.matches(&plain).count();
    unnamed || originator || raw.iter().any(|word| text.contains(word))
}
