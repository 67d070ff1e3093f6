//! What the Initiate-Response itself shows (ISO 9506-2, Initiate; IEC 61850-8-1, association parameters).

use iedassay_wire::association::Established;

use super::{Findings, Found};

/// Judges the negotiated values: none may exceed what was proposed.
pub(super) fn tell(established: &Established, findings: &mut Findings) {
    let (answer, proposed) = (&established.answer, &established.proposed);
    let within = |name: &str, answered: i32, proposed: i32, least: i32| {
        if answered > proposed {
            Found::Unsupported(format!(
                "{name} is {answered}, more than the {proposed} proposed"
            ))
        } else if answered < least {
            Found::Unsupported(format!("{name} is {answered}, less than {least}"))
        } else {
            Found::Working(format!("{name} is {answered} of {proposed} proposed"))
        }
    };
    let optional =
        |name: &str, answered: Option<i32>, proposed: Option<i32>| match (answered, proposed) {
            (Some(answered), Some(proposed)) => within(name, answered, proposed, 1),
            (Some(answered), None) => Found::Working(format!("{name} is {answered}")),
            (None, _) => Found::Open(format!("the answer does not speak of {name}")),
        };
    findings.put(
        "association/pdu-size",
        optional("the PDU size", answer.local_detail, proposed.local_detail),
    );
    findings.put(
        "association/nesting",
        optional("the nesting", answer.nesting_level, proposed.nesting_level),
    );
    findings.put(
        "association/outstanding-calling",
        within(
            "the number",
            answer.max_outstanding_calling,
            proposed.max_outstanding_calling,
            1,
        ),
    );
    findings.put(
        "association/outstanding-called",
        within(
            "the number",
            answer.max_outstanding_called,
            proposed.max_outstanding_called,
            1,
        ),
    );
    let version = answer.detail.version;
    findings.put(
        "association/version",
        match version {
            1 => Found::Working("the version is 1".to_owned()),
            other => Found::Unsupported(format!("the version is {other} instead of 1")),
        },
    );
    // The exact length of either bit string is the business of a case; one that is empty announces nothing.
    let bits = |what: &str, length: usize, least: usize| match length {
        0 => Found::Unsupported(format!("{what}: no bit at all")),
        length if length < least => {
            Found::Open(format!("{what}: {length} bits instead of {least}"))
        }
        length => Found::Working(format!("{what}: {length} bits")),
    };
    findings.put(
        "association/parameters",
        bits("building blocks", answer.detail.parameters.0.len(), 11),
    );
    findings.put(
        "association/services",
        bits("services", answer.detail.services.0.len(), 85),
    );
    let additional = answer.extensions.len() + answer.detail.extensions.len();
    findings.put(
        "association/additional",
        match additional {
            0 => Found::Unsupported("the answer has no such element".to_owned()),
            _ => Found::Working(format!("the answer has {additional} of them")),
        },
    );
}
