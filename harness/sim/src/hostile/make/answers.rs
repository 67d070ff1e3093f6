//! Answers of MMS that are not to the point.

use iedassay_wire::{
    ber::BitString,
    mms::{
        ConfirmedError, Data, ErrorClass, ErrorCode, IdentifyResponse, ListedVariable, ObjectName,
        Pdu, Response, ServiceError, peek,
    },
    mutate::{Mutation, mutate, mutate_at},
};

use super::Scene;

/// Far from what a client has used when it gets it.
const UNKNOWN: u32 = 1_000_000;
/// The place of the invoke id among the elements of a response.
const INVOKE_ID: usize = 1;

/// With an invoke id that was never used.
pub(in super::super) fn unknown_id(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.changed(|_, pdu| renumbered(pdu, UNKNOWN))
}

/// With a negative invoke id.
pub(in super::super) fn negative_id(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.changed(|_, pdu| mutate_at(pdu, Mutation::IntegerNegative, INVOKE_ID, 0))
}

/// Without an invoke id.
pub(in super::super) fn missing_id(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.changed(|_, pdu| mutate_at(pdu, Mutation::Delete, INVOKE_ID, 0))
}

/// The same once more.
pub(in super::super) fn again(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.honest()
}

/// The same as an answer to the next request.
pub(in super::super) fn ahead(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.changed(|_, pdu| renumbered(pdu, 1))
}

/// A PDU with an invoke id so much higher.
fn renumbered(pdu: &[u8], by: u32) -> Option<Vec<u8>> {
    let mut pdu = Pdu::decode(pdu).ok()?;
    let id = match &mut pdu {
        Pdu::ConfirmedResponse(response) => &mut response.invoke_id,
        Pdu::ConfirmedError(error) => &mut error.invoke_id,
        Pdu::Reject(reject) => reject.original_invoke_id.as_mut()?,
        _ => return None,
    };
    *id = id.saturating_add(by);
    Some(pdu.encode())
}

/// Of another service than was asked for.
pub(in super::super) fn other_service(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.changed(|_, pdu| {
        let invoke_id = peek(pdu).ok()?.invoke_id?;
        let other = match Pdu::decode(pdu) {
            Ok(Pdu::ConfirmedResponse(response))
                if response.service == Response::DefineNamedVariableList =>
            {
                Response::FileDelete
            }
            _ => Response::DefineNamedVariableList,
        };
        Some(Pdu::response(invoke_id, other).encode())
    })
}

/// An error whose class and code nobody knows.
pub(in super::super) fn refuse(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.changed(|scene, pdu| {
        let invoke_id = peek(pdu).ok()?.invoke_id?;
        let code = ErrorCode {
            class: ErrorClass::ACCESS,
            code: i64::from(scene.random.octet()) - 100,
        };
        let error = ServiceError {
            additional_code: Some(i64::MIN),
            additional_description: Some("%s%n".repeat(500)),
            ..ServiceError::new(code)
        };
        let error = ConfirmedError {
            invoke_id,
            modifier_position: Some(u32::MAX),
            error,
        };
        Some(Pdu::ConfirmedError(error).encode())
    })
}

/// An identity as long as three PDUs.
pub(in super::super) fn long_identity(scene: &mut Scene<'_>) -> Vec<u8> {
    let long = |text: &str| text.repeat(60_000);
    scene.answer(Response::Identify(IdentifyResponse {
        vendor: long("V"),
        model: long("M"),
        revision: long("9"),
        abstract_syntaxes: None,
    }))
}

/// Members that cannot be any.
pub(in super::super) fn odd_members(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.response(|_, response| match response {
        Response::GetNamedVariableListAttributes(mut attributes) => {
            let items = ["$", "", "LLN0", "LLN0$", "$$$$", "LLN0$XX$Mod$stVal"];
            let names = items.map(|item| ObjectName::domain("ASSAYLD0", item));
            let names = names
                .into_iter()
                .chain([ObjectName::domain("", ""), ObjectName::Vmd("$".to_owned())]);
            attributes
                .variables
                .extend(names.map(|name| ListedVariable::new(name, None)));
            Some(Response::GetNamedVariableListAttributes(attributes))
        }
        _ => None,
    })
}

/// Values of types that are drawn.
pub(in super::super) fn other_types(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.response(|scene, response| match response {
        Response::Read(mut read) => {
            for result in &mut read.results {
                *result = Ok(any(scene));
            }
            Some(Response::Read(read))
        }
        _ => None,
    })
}

/// Some value or other.
fn any(scene: &mut Scene<'_>) -> Data {
    let values = [
        Data::Boolean(true),
        Data::Integer(i64::MIN),
        Data::Unsigned(u64::MAX),
        Data::BitString(BitString::zeros(0)),
        Data::BitString(BitString::zeros(4000)),
        Data::OctetString(Vec::new()),
        Data::VisibleString("%s\u{1b}[2J".repeat(100)),
        Data::Structure(Vec::new()),
        Data::Array(vec![Data::Structure(Vec::new()); 100]),
    ];
    let at = scene.random.below(values.len());
    values.into_iter().nth(at).unwrap_or(Data::Boolean(false))
}

/// One value less, or none.
pub(in super::super) fn missing_results(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.response(|_, response| match response {
        Response::Read(mut read) => {
            read.results.pop();
            Some(Response::Read(read))
        }
        _ => None,
    })
}

/// A thousand values more.
pub(in super::super) fn surplus_results(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.response(|_, response| match response {
        Response::Read(mut read) => {
            read.results
                .extend(std::iter::repeat_n(Ok(Data::Boolean(false)), 1000));
            Some(Response::Read(read))
        }
        _ => None,
    })
}

/// A report control block of another shape.
pub(in super::super) fn odd_block(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.response(|scene, response| match response {
        Response::Read(mut read) => {
            for result in &mut read.results {
                let Ok(Data::Structure(components)) = result else {
                    continue;
                };
                match scene.random.below(4) {
                    0 => components.clear(),
                    1 => components.truncate(components.len() / 2),
                    2 => components.extend(std::iter::repeat_n(Data::Boolean(true), 50)),
                    _ => components.iter_mut().for_each(|one| *one = any(scene)),
                }
            }
            Some(Response::Read(read))
        }
        _ => None,
    })
}

/// One element broken.
pub(in super::super) fn malformed(scene: &mut Scene<'_>) -> Vec<u8> {
    scene.changed(|scene, pdu| scene.broken_at(pdu, None))
}

/// A length that has nothing to do with what is there.
pub(in super::super) fn lying_lengths(scene: &mut Scene<'_>) -> Vec<u8> {
    let lies = [
        Mutation::LengthHuge,
        Mutation::LengthNegative,
        Mutation::LengthOfLength,
    ];
    scene.changed(|scene, pdu| {
        let at = scene.random.below(lies.len());
        mutate(pdu, *lies.get(at)?, scene.random.next_u64())
    })
}
