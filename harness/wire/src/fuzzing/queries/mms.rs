//! What MMS PDUs and values tell.

use core::hash::{Hash, Hasher};
use std::collections::hash_map::DefaultHasher;

use crate::fuzzing::queries::{bit_string, debug, shown};
use crate::mms::{
    AccessResult, AccessSelection, AlternateAccess, Data, DataRef, DataView, FileName,
    InformationReportView, Initiate, ListedVariable, ObjectName, Pdu, ReadResponseView, Request,
    Response, ResultList, Selector, ServiceSupport, TypeSpecification, Unconfirmed, VariableAccess,
};
use crate::mutate;
use crate::observe::Observations;

pub(super) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

pub(super) fn pdu(octets: &[u8]) {
    let sink = Observations::with_limit(8);
    let observed = Pdu::decode_observed(octets, &sink);
    assert_eq!(observed, Pdu::decode(octets), "with and without a sink");
    for observation in sink.into_vec() {
        shown(&observation, octets);
    }
    let pdu = match observed {
        Ok(pdu) => pdu,
        Err(error) => {
            debug(&error.kind.fault());
            return shown(&error, octets);
        }
    };
    shown(&pdu, octets);
    shown(&pdu.kind(), octets);
    assert_eq!(hash(&pdu), hash(&pdu.clone()));
    match &pdu {
        Pdu::ConfirmedRequest(confirmed) => {
            if confirmed.modifiers.is_none() && confirmed.detail.is_none() {
                let again = Pdu::request(confirmed.invoke_id, confirmed.service.clone());
                assert_eq!(again, pdu);
            }
            request(&confirmed.service, octets);
        }
        Pdu::ConfirmedResponse(confirmed) => {
            if confirmed.detail.is_none() {
                let again = Pdu::response(confirmed.invoke_id, confirmed.service.clone());
                assert_eq!(again, pdu);
            }
            response(&confirmed.service);
        }
        Pdu::ConfirmedError(error) if error.modifier_position.is_none() => {
            assert_eq!(Pdu::error(error.invoke_id, error.error.clone()), pdu);
        }
        Pdu::InitiateRequest(initiate) | Pdu::InitiateResponse(initiate) => {
            abilities(initiate, octets)
        }
        Pdu::Unconfirmed(Unconfirmed::InformationReport(report)) => access(&report.access),
        _ => {}
    }
    views(&pdu, octets);
    // Overlong lengths change nothing but octets that are kept raw.
    if let Some(long) = mutate::long_lengths(octets) {
        assert_eq!(Pdu::decode(&long).map(|pdu| pdu.kind()), Ok(pdu.kind()));
    }
}

fn request(request: &Request, octets: &[u8]) {
    debug(&request.service());
    match request {
        Request::Read(read) => access(&read.access),
        Request::Write(write) => {
            access(&write.access);
            write.data.iter().for_each(|data| asked(data, octets));
            if let Some(other) = mutate::true_as(octets, 0x55)
                && write
                    .data
                    .iter()
                    .all(|data| matches!(data, Data::Boolean(_)))
            {
                assert_eq!(
                    Pdu::decode(&other).map(|pdu| match pdu {
                        Pdu::ConfirmedRequest(pdu) => Some(pdu.service),
                        _ => None,
                    }),
                    Ok(Some(request.clone())),
                    "another octet for true"
                );
            }
        }
        Request::GetNamedVariableListAttributes(name) => object(name),
        Request::DefineNamedVariableList(define) => {
            object(&define.name);
            define.variables.iter().for_each(variable);
        }
        Request::FileDelete(name) => file(name),
        Request::FileRename(rename) => {
            file(&rename.current);
            file(&rename.new);
        }
        _ => {}
    }
}

fn response(response: &Response) {
    debug(&response.service());
    match response {
        Response::GetVariableAccessAttributes(attributes) => components(&attributes.type_spec),
        Response::GetNamedVariableListAttributes(attributes) => {
            attributes.variables.iter().for_each(variable);
        }
        Response::FileDirectory(directory) => {
            directory.entries.iter().for_each(|entry| file(&entry.name));
        }
        _ => {}
    }
}

fn abilities(initiate: &Initiate, octets: &[u8]) {
    let services = &initiate.detail.services;
    shown(services, octets);
    bit_string(&services.0, octets);
    let members: Vec<_> = services.iter().collect();
    assert!(members.iter().all(|member| services.contains(*member)));
    let same = ServiceSupport::of(&members);
    assert!(same.iter().eq(members.iter().copied()));
    assert!(services.intersection(&same).iter().eq(members));
}

fn access(access: &VariableAccess) {
    match access {
        VariableAccess::VariableListName(name) => object(name),
        VariableAccess::ListOfVariable(list) => {
            list.iter().for_each(variable);
            let plain: Option<Vec<ObjectName>> = list
                .iter()
                .map(|variable| match variable.alternate_access {
                    None => variable.name().cloned(),
                    Some(_) => None,
                })
                .collect();
            if let Some(names) = plain {
                assert_eq!(&VariableAccess::names(names), access);
            }
        }
    }
}

fn variable(variable: &ListedVariable) {
    if let Some(name) = variable.name() {
        object(name);
        let again = ListedVariable::new(name.clone(), variable.alternate_access.clone());
        assert_eq!(&again, variable);
    }
    if let Some(part) = &variable.alternate_access {
        alternate(part);
    }
}

fn alternate(access: &AlternateAccess) {
    let [item] = access.items.as_slice() else {
        return;
    };
    if item.name.is_some() {
        return;
    }
    let again = match &item.selection {
        AccessSelection::Select(Selector::Component(name)) => {
            AlternateAccess::component(name.as_str())
        }
        AccessSelection::Select(Selector::Index(index)) => AlternateAccess::index(*index),
        AccessSelection::Select(Selector::IndexRange { low, count }) => {
            AlternateAccess::index_range(*low, *count)
        }
        AccessSelection::Select(selector) => AlternateAccess::select(selector.clone()),
        AccessSelection::Nested(selector, parts) => {
            alternate(parts);
            parts.clone().of(selector.clone())
        }
    };
    assert_eq!(&again, access);
}

fn object(name: &ObjectName) {
    match name.domain_id() {
        Some(domain) => assert_eq!(&ObjectName::domain(domain, name.item()), name),
        None => assert!(
            matches!(name, ObjectName::Vmd(item) | ObjectName::Aa(item) if item == name.item())
        ),
    }
}

fn file(name: &FileName) {
    let path = name.to_path();
    assert_eq!(FileName::from(path.as_str()).to_path(), path);
}

/// Borrowed and owned say the same.
fn views(pdu: &Pdu, octets: &[u8]) {
    if let Ok(Some(view)) = ReadResponseView::decode(octets) {
        let owned = match pdu {
            Pdu::ConfirmedResponse(owned) => match &owned.service {
                Response::Read(read) => Some((owned.invoke_id, read.results.as_slice())),
                _ => None,
            },
            _ => None,
        };
        assert_eq!(owned.map(|(id, _)| id), Some(view.invoke_id), "{pdu}");
        results(
            &view.results,
            owned.map(|(_, list)| list).unwrap_or_default(),
        );
    }
    if let Ok(Some(view)) = InformationReportView::decode(octets) {
        let owned = match pdu {
            Pdu::Unconfirmed(Unconfirmed::InformationReport(report)) => Some(report),
            _ => None,
        };
        let access = view.access().ok();
        assert_eq!(access.as_ref(), owned.map(|report| &report.access), "{pdu}");
        let named = matches!(&access, Some(VariableAccess::VariableListName(ObjectName::Vmd(name))) if name == "RPT");
        assert_eq!(view.is_report(), named);
        results(
            &view.results,
            owned
                .map(|report| report.results.as_slice())
                .unwrap_or_default(),
        );
    }
}

fn results(view: &ResultList<'_>, owned: &[AccessResult]) {
    assert_eq!(view.len(), owned.len());
    assert_eq!(view.is_empty(), owned.is_empty());
    for (view, owned) in view.into_iter().zip(owned) {
        assert_eq!(&view.map(|view| view.to_data()), owned);
    }
}

pub(super) fn data(octets: &[u8]) {
    let view = match DataView::decode(octets) {
        Ok(view) => view,
        Err(error) => return shown(&error, octets),
    };
    let owned = Data::from(view);
    shown(&view, octets);
    shown(&owned, octets);
    assert!(core::ptr::eq(view.raw(), octets));
    let again = view;
    assert_eq!((again, owned.clone()), (view, owned.clone()));
    assert_eq!(hash(&owned), hash(&owned.clone()));
    asked(&owned, octets);
    members(view, &owned);
}

fn members(view: DataView<'_>, owned: &Data) {
    let kind = match view.get() {
        DataRef::Array(_) => "array",
        DataRef::Structure(_) => "structure",
        other => return assert_eq!(&other.to_data(), owned),
    };
    assert_eq!(kind, owned.kind());
    let inside = owned.members().unwrap_or_default();
    let Some(list) = view.members() else {
        return assert_eq!(view.members().map(|list| list.len()), Some(inside.len()));
    };
    assert_eq!(list.len(), inside.len());
    assert_eq!(list.is_empty(), inside.is_empty());
    assert!(list.content().len() < view.raw().len());
    for (view, owned) in list.into_iter().zip(inside) {
        members(view, owned);
    }
}

/// Of what a value can be read as, it is what its kind says.
fn asked(data: &Data, octets: &[u8]) {
    let kind = data.kind();
    let is = |kinds: &[&str]| kinds.contains(&kind);
    assert_eq!(data.members().is_some(), is(&["array", "structure"]));
    assert_eq!(data.as_bool().is_some(), is(&["boolean"]));
    // A width that nobody knows gives no number.
    assert!(data.as_f64().is_none() || is(&["floating-point"]));
    assert_eq!(data.as_octets().is_some(), is(&["octet-string"]));
    assert_eq!(data.as_utc_time().is_some(), is(&["utc-time"]));
    assert_eq!(data.as_binary_time().is_some(), is(&["binary-time"]));
    let texts = ["visible-string", "mMSString", "generalized-time"];
    assert_eq!(data.as_str().is_some(), is(&texts));
    let (signed, unsigned) = (data.as_i64(), data.as_u64());
    let numbers = ["integer", "unsigned", "bcd"];
    assert_eq!(signed.is_some() || unsigned.is_some(), is(&numbers));
    if let (Some(signed), Some(unsigned)) = (signed, unsigned) {
        assert_eq!(u64::try_from(signed), Ok(unsigned));
    }
    if let Some(bits) = data.as_bits() {
        bit_string(bits, octets);
    }
    for member in data.members().unwrap_or_default() {
        asked(member, octets);
    }
}

pub(super) fn type_spec(octets: &[u8]) {
    match TypeSpecification::decode(octets) {
        Ok(spec) => {
            shown(&spec, octets);
            components(&spec);
        }
        Err(error) => shown(&error, octets),
    }
}

/// A component is found by its name, the first of those that have it.
fn components(spec: &TypeSpecification) {
    match spec {
        TypeSpecification::Structure {
            packed,
            components: list,
        } => {
            // Names are looked for one by one: of long lists the first will do.
            for component in list.iter().take(16) {
                if let Some(name) = &component.name {
                    let first = list.iter().find(|other| other.name.as_ref() == Some(name));
                    assert_eq!(spec.component(name), first.map(|first| &first.type_spec));
                }
                components(&component.type_spec);
            }
            let all: Option<Vec<_>> = list
                .iter()
                .map(|component| Some((component.name.clone()?, component.type_spec.clone())))
                .collect();
            if let (Some(all), false) = (all, packed) {
                assert_eq!(&TypeSpecification::structure(all), spec);
            }
        }
        TypeSpecification::Array { element, .. } => components(element),
        other => assert_eq!(other.component(""), None),
    }
}
