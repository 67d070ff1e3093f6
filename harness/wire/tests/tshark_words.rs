//! Names of codes as another decoder has them, in which we had no hand: `tshark -G values`. Numbers whose names are swapped would accuse
//! a device of something else. Without `tshark` it says SKIPPED, and fails where `CI` is set.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test that cannot go on may panic, and says what it skips"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use iedassay_wire::acse::{AssociateResult, Diagnostic};
use iedassay_wire::annotate::{Start, annotate_from};
use iedassay_wire::cotp::{DisconnectReason, RejectCause};
use iedassay_wire::mms::{
    DataAccessError, ErrorClass, ErrorCode, ObjectClass, RejectClass, RejectReason, ScopeOfDelete,
    VmdLogicalStatus, VmdPhysicalStatus,
};

/// Field and number, and what they are called; some fields have several meanings.
type Values = BTreeMap<(String, i64), BTreeSet<String>>;

fn values() -> Option<Values> {
    let output = match Command::new("tshark").args(["-G", "values"]).output() {
        Ok(output) => output,
        Err(error) if std::env::var("CI").as_deref() == Ok("true") => panic!("tshark: {error}"),
        Err(error) => {
            eprintln!("SKIPPED: names of codes are not compared, tshark: {error}");
            return None;
        }
    };
    let mut values = Values::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        if let ["V", field, number, name] = parts[..]
            && ["mms.", "acse.", "cotp.", "ses."]
                .iter()
                .any(|layer| field.starts_with(layer))
        {
            let number = match number.strip_prefix("0x") {
                Some(digits) => i64::from_str_radix(digits, 16),
                None => number.parse(),
            };
            let key = (field.to_owned(), number.unwrap());
            values.entry(key).or_default().insert(words(name));
        }
    }
    assert!(values.len() > 200, "only {} values", values.len());
    Some(values)
}

/// In small letters, without hyphens.
fn words(name: &str) -> String {
    // Spelt so in tshark.
    let name = match name {
        "aplication-unreachable" => "application-unreachable",
        "object-sate-conflict" => "object-state-conflict",
        "file-acces-denied" => "file-access-denied",
        other => other,
    };
    name.to_lowercase().replace('-', " ")
}

/// Each of ours is called so by tshark too, and it knows no other.
fn same(values: &Values, field: &str, ours: impl IntoIterator<Item = (i64, String)>) {
    let mut seen = BTreeSet::new();
    for (number, name) in ours {
        let theirs = values.get(&(field.to_owned(), number));
        assert!(
            theirs.is_some_and(|theirs| theirs.contains(&words(&name))),
            "{field} {number}: {name}, {theirs:?}"
        );
        seen.insert(number);
    }
    for ((other, number), names) in values {
        assert!(
            other != field || seen.contains(number),
            "{field} {number} {names:?} has no name"
        );
    }
}

#[test]
fn codes_of_mms_are_called_as_by_tshark() {
    let Some(values) = values() else { return };
    let name = |name: Option<&str>| name.unwrap().to_owned();
    same(
        &values,
        "mms.failure",
        DataAccessError::NAMED
            .iter()
            .map(|code| (code.0, name(code.name()))),
    );
    same(
        &values,
        "mms.vmdLogicalStatus",
        VmdLogicalStatus::NAMED
            .iter()
            .map(|code| (code.0, name(code.name()))),
    );
    same(
        &values,
        "mms.vmdPhysicalStatus",
        VmdPhysicalStatus::NAMED
            .iter()
            .map(|code| (code.0, name(code.name()))),
    );
    same(
        &values,
        "mms.scopeOfDelete",
        ScopeOfDelete::NAMED
            .iter()
            .map(|code| (code.0, name(code.name()))),
    );
    // The two last came with the edition of 2003.
    let classes = ObjectClass::NAMED.iter().filter(|code| code.0 < 12);
    same(
        &values,
        "mms.objectClass",
        classes.map(|code| (code.0, name(code.name()))),
    );
    for class in ErrorClass::NAMED {
        let field = format!("mms.{}", name(class.name()).replace('-', "_"));
        if name(class.name()) == "others" {
            continue;
        }
        let codes = ErrorCode::NAMED.iter().filter(|code| code.class == *class);
        let codes = codes.copied().chain([ErrorCode::other(*class)]);
        same(
            &values,
            &field,
            codes.map(|code| (code.code, name(code.name()))),
        );
    }
    for class in RejectClass::NAMED {
        let field = match name(class.name()).replace('-', "_") {
            class if class == "pdu_error" => "mms.pdu_error".to_owned(),
            class => format!("mms.{class}PDU"),
        };
        let reasons = RejectReason::NAMED
            .iter()
            .filter(|reason| reason.class == *class);
        same(
            &values,
            &field,
            reasons.map(|reason| (reason.code, name(reason.name()))),
        );
    }
    let classes = ErrorClass::NAMED
        .iter()
        .map(|class| (i64::from(class.0), name(class.name())));
    same(&values, "mms.errorClass", classes);
}

#[test]
fn codes_below_mms_are_called_as_by_tshark() {
    let Some(values) = values() else { return };
    // `no reason given (user 1)`.
    let bare = |text: String| text.split(" (").next().unwrap().to_owned();
    same(
        &values,
        "acse.service_user",
        (0..15).map(|code| (code, bare(Diagnostic::User(code).to_string()))),
    );
    same(
        &values,
        "acse.service_provider",
        (0..3).map(|code| (code, bare(Diagnostic::Provider(code).to_string()))),
    );
    let result = |code| {
        (
            code,
            AssociateResult(code)
                .to_string()
                .replace("rejected permanently", "rejected permanent")
                .replace("transiently", "transient"),
        )
    };
    same(&values, "acse.result", (0..3).map(result));
    // These are sentences, and not the same: as many, at the same numbers.
    let known = |field: &str| -> Vec<i64> {
        let of = values.keys().filter(|(other, _)| other == field);
        of.map(|(_, number)| *number).collect()
    };
    let named = |name: &dyn Fn(u8) -> String| -> Vec<i64> {
        let known = (0..=255_u8).filter(|code| !name(*code).starts_with("unknown"));
        known.map(i64::from).collect()
    };
    assert_eq!(
        known("cotp.cause"),
        named(&|code| DisconnectReason(code).to_string())
    );
    assert_eq!(
        known("cotp.reject_cause"),
        named(&|code| RejectCause(code).to_string())
    );
}

#[test]
fn spdus_are_called_as_by_tshark() {
    let Some(values) = values() else { return };
    for si in [2_u8, 8, 9, 10, 12, 13, 14, 15, 16, 25, 26] {
        let ours = annotate_from(&[si, 0], Start::Session)[0]
            .name
            .to_lowercase();
        let theirs = &values[&("ses.type".to_owned(), i64::from(si))];
        assert!(
            theirs
                .iter()
                .any(|name| name.starts_with(&format!("{ours} ("))),
            "{si}: {ours}, {theirs:?}"
        );
    }
}
