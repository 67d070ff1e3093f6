//! Any value and any PDU survives a passage through the oracle.

use iec61850_rs::ber as oracle_ber;
use iec61850_rs::common::Limits;
use iec61850_rs::proto::data::{DataView as OracleView, Value};
use iec61850_rs::proto::mms as oracle;
use iedassay_wire::mms::*;
use proptest::prelude::*;

use crate::{same_octets, strategies};

/// Makes a value that the oracle has words for: ASCII text, numbers of known width.
fn plain(data: Data) -> Data {
    let ascii = |text: String| {
        text.chars()
            .map(|c| if (' '..='~').contains(&c) { c } else { '?' })
            .collect()
    };
    match data {
        Data::Array(list) => Data::Array(list.into_iter().map(plain).collect()),
        Data::Structure(list) => Data::Structure(list.into_iter().map(plain).collect()),
        Data::VisibleString(text) => Data::VisibleString(ascii(text)),
        Data::FloatingPoint(Float::Other(_)) => Data::FloatingPoint(Float::F32(f32::NAN)),
        other => other,
    }
}

fn value(data: &Data) -> Value {
    let other = |tag| {
        let raw = data.encode();
        let mut cursor = oracle_ber::Cursor::new(&raw);
        let bytes = cursor.next_required().unwrap().value.to_vec();
        Value::Other {
            tag,
            constructed: false,
            bytes,
        }
    };
    match data {
        Data::Array(list) => Value::Array(list.iter().map(value).collect()),
        Data::Structure(list) => Value::Structure(list.iter().map(value).collect()),
        Data::Boolean(value) => Value::Boolean(*value),
        Data::BitString(bits) => Value::BitString {
            unused: bits.unused(),
            bytes: bits.octets().to_vec(),
        },
        Data::Integer(value) => Value::Integer(*value),
        Data::Unsigned(value) => Value::Unsigned(*value),
        Data::FloatingPoint(Float::F32(value)) => Value::Float32(*value),
        Data::FloatingPoint(Float::F64(value)) => Value::Float64(*value),
        Data::OctetString(octets) => Value::OctetString(octets.clone()),
        Data::VisibleString(text) => Value::VisibleString(text.clone()),
        Data::MmsString(text) => Value::MmsString(text.clone()),
        Data::UtcTime(time) => Value::UtcTime(iec61850_rs::UtcTime::from_octets(time.to_octets())),
        Data::BinaryTime(time) => {
            let (octets, len) = time.to_octets();
            Value::BinaryTime(octets[..len].to_vec())
        }
        Data::GeneralizedTime(_) => other(11),
        Data::Bcd(_) => other(13),
        Data::BooleanArray(_) => other(14),
        Data::ObjId(_) => other(15),
        Data::FloatingPoint(Float::Other(_)) | Data::Unknown(_) => panic!("{data}"),
    }
}

fn has_nan(data: &Data) -> bool {
    match data {
        Data::Array(list) | Data::Structure(list) => list.iter().any(has_nan),
        data => data.as_f64().is_some_and(f64::is_nan),
    }
}

proptest! {
    #[test]
    fn values_mean_the_same_to_the_oracle(data in strategies::known_data().prop_map(plain)) {
        let bytes = data.encode();
        let expected = value(&data);
        let mut encoder = oracle_ber::Encoder::new();
        expected.encode(&mut encoder).unwrap();
        prop_assert!(same_octets(encoder.as_bytes(), &bytes), "{}", data);
        prop_assert_eq!(&Data::decode(encoder.as_bytes()).unwrap(), &data);
        if !has_nan(&data) {
            let tlv = oracle_ber::Cursor::new(&bytes).next_required().unwrap();
            let seen = OracleView::from_tlv(tlv).unwrap().to_owned(&Limits::DEFAULT).unwrap();
            prop_assert_eq!(seen, expected);
        }
    }

    /// What the oracle accepts of any PDU of ours, it writes back as the same octets.
    #[test]
    fn pdus_survive_a_passage_through_the_oracle(pdu in strategies::pdu()) {
        let bytes = pdu.encode();
        if let Ok(seen) = oracle::Mms::parse(&bytes, &Limits::DEFAULT) {
            prop_assert_eq!(seen.invoke_id(), pdu.invoke_id().map(i64::from));
            if keeps_everything(&pdu) {
                prop_assert!(same_octets(&seen.to_vec().unwrap(), &bytes), "{}", pdu);
            }
        }
    }
}

/// False of PDUs with parts that the oracle reads but does not keep.
pub(crate) fn keeps_everything(pdu: &Pdu) -> bool {
    match pdu {
        Pdu::ConfirmedRequest(pdu) => {
            pdu.modifiers.is_none()
                && pdu.detail.is_none()
                && match &pdu.service {
                    Request::GetNameList(request) => {
                        matches!(request.class, ExtendedObjectClass::Object(_))
                    }
                    Request::GetVariableAccessAttributes(request) => {
                        matches!(request, GetVariableAccessAttributesRequest::Name(_))
                    }
                    Request::Read(request) => keeps_access(&request.access),
                    Request::Write(request) => keeps_access(&request.access),
                    Request::DefineNamedVariableList(request) => keeps_list(&request.variables),
                    Request::DeleteNamedVariableList(request) => {
                        request.names.as_ref().is_none_or(|names| !names.is_empty())
                    }
                    Request::ReadJournal(request) => request
                        .variables
                        .as_ref()
                        .is_none_or(|list| !list.is_empty()),
                    _ => true,
                }
        }
        Pdu::ConfirmedResponse(pdu) => {
            pdu.detail.is_none()
                && match &pdu.service {
                    Response::Read(response) => response.access.as_ref().is_none_or(keeps_access),
                    Response::Identify(response) => response.abstract_syntaxes.is_none(),
                    Response::GetVariableAccessAttributes(response) => {
                        response.address.is_none() && keeps_type(&response.type_spec)
                    }
                    Response::GetNamedVariableListAttributes(response) => {
                        keeps_list(&response.variables)
                    }
                    Response::ReadJournal(response) => response.entries.iter().all(|entry| {
                        entry.additional_detail.is_none()
                            && matches!(
                                &entry.form,
                                EntryForm::Annotation(_)
                                    | EntryForm::Data {
                                        event: None,
                                        variables: Some(_)
                                    }
                            )
                    }),
                    _ => true,
                }
        }
        Pdu::Unconfirmed(Unconfirmed::InformationReport(report)) => keeps_access(&report.access),
        Pdu::InitiateRequest(initiate) | Pdu::InitiateResponse(initiate) => {
            initiate.extensions.is_empty() && initiate.detail.extensions.is_empty()
        }
        _ => true,
    }
}

fn keeps_access(access: &VariableAccess) -> bool {
    match access {
        VariableAccess::ListOfVariable(list) => keeps_list(list),
        VariableAccess::VariableListName(_) => true,
    }
}

/// The alternate access of anything but a name is dropped, and so are names of parts.
fn keeps_list(list: &[ListedVariable]) -> bool {
    list.iter()
        .all(|item| match (&item.specification, &item.alternate_access) {
            (VariableSpecification::Name(_), Some(access)) => is_path(access),
            (_, access) => access.is_none(),
        })
}

fn is_path(access: &AlternateAccess) -> bool {
    match access.items.as_slice() {
        [
            AlternateAccessItem {
                name: None,
                selection,
            },
        ] => match selection {
            AccessSelection::Select(_) => true,
            AccessSelection::Nested(_, parts) => is_path(parts),
        },
        _ => false,
    }
}

fn keeps_type(type_spec: &TypeSpecification) -> bool {
    match type_spec {
        TypeSpecification::Array { element, .. } => keeps_type(element),
        TypeSpecification::Structure { components, .. } => components
            .iter()
            .all(|component| keeps_type(&component.type_spec)),
        // The oracle has no word for the type, or not for the scope of the name.
        TypeSpecification::ObjId
        | TypeSpecification::Unknown(_)
        | TypeSpecification::TypeName(ObjectName::Aa(_)) => false,
        _ => true,
    }
}
