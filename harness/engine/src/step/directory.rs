//! `identify`, `get-name-list`, `get-type`, `get-data-set`: what the server says it has.

use iedassay_client::services::{MAX_OCTETS, MAX_PAGES};
use iedassay_model::ObjectReference;
use iedassay_model::diff::{SV_OPT_FLDS, spelling};
use iedassay_wire::mms::{
    ExtendedObjectClass, GetNameListRequest, GetVariableAccessAttributesRequest, ListedVariable,
    ObjectClass, ObjectName, ObjectScope, Request, Response, TypeSpecification,
};
use tokio::time::Instant;

use super::names::{data_set_name, variable_name};
use super::request::{Answer, finish, patience};
use crate::cel::Value;
use crate::origin::{self, Element, Origin};
use crate::outcome::Outcome;
use crate::runner::case_log::Trouble;
use crate::runner::case_run::CaseRun;
use crate::runner::clients::{Reply, ask};
use crate::suite::steps::{GetDataSet, GetNameList, GetType, Identify, NameClass, NameScope};
use crate::value::{list, map};

/// Asks who the server is.
pub(super) async fn identify(cx: &mut CaseRun<'_>, step: &Identify) -> Result<(), Trouble> {
    let common = step.common();
    let started = Instant::now();
    let reply = super::send(cx, &common, Request::Identify, started).await?;
    let fields = match &reply.response {
        Some(Response::Identify(who)) => {
            let syntaxes = who
                .abstract_syntaxes
                .iter()
                .flatten()
                .map(|oid| Value::from(oid.to_string()));
            vec![
                ("vendor", Value::from(who.vendor.as_str())),
                ("model", Value::from(who.model.as_str())),
                ("revision", Value::from(who.revision.as_str())),
                ("syntaxes", list(syntaxes)),
            ]
        }
        _ => Vec::new(),
    };
    let answer = Answer::single(&reply, fields).with_origin(origin::of_identity());
    finish(cx, &common, started, answer)
}

/// Lists names.
pub(super) async fn get_name_list(cx: &mut CaseRun<'_>, step: &GetNameList) -> Result<(), Trouble> {
    let common = step.common();
    let class = match cx.eval(&step.class)? {
        NameClass::Domain => ObjectClass::DOMAIN,
        NameClass::Variable => ObjectClass::NAMED_VARIABLE,
        NameClass::VariableList => ObjectClass::NAMED_VARIABLE_LIST,
        NameClass::Journal => ObjectClass::JOURNAL,
    };
    let domain = cx.eval_opt(step.domain.as_ref())?.map(|domain| domain.0);
    let scope = match (cx.eval_opt(step.scope.as_ref())?, &domain) {
        (None | Some(NameScope::Domain), Some(domain)) => ObjectScope::Domain(domain.clone()),
        (Some(NameScope::Domain), None) => {
            return Err(Trouble::suite("`scope: domain` needs `domain`"));
        }
        (Some(NameScope::Association), _) => ObjectScope::Aa,
        (Some(NameScope::Vmd) | None, _) => ObjectScope::Vmd,
    };
    let begin = cx.eval_opt(step.continue_after.as_ref())?;
    let once = cx.eval_opt(step.once.as_ref())?.unwrap_or(false) || begin.is_some();
    let started = Instant::now();
    let within = patience(cx, &common, started)?;
    let mut continue_after = begin;
    let mut names: Vec<String> = Vec::new();
    let (mut requests, mut octets) = (0_usize, 0_usize);
    let (mut reply, mut more);
    loop {
        let request = Request::GetNameList(GetNameListRequest {
            class: ExtendedObjectClass::Object(class),
            scope: scope.clone(),
            continue_after: continue_after.clone(),
        });
        reply = super::send_within(cx, &common, request, within).await?;
        requests += 1;
        let Some(Response::GetNameList(page)) = &reply.response else {
            more = false;
            break;
        };
        more = page.more_follows;
        let last = page.names.last().cloned();
        // Each has a tag and a length besides.
        octets += page.names.iter().map(|name| name.len() + 2).sum::<usize>();
        names.extend(page.names.iter().cloned());
        if !more || once {
            break;
        }
        // A page without a new last name would be asked for again and again.
        let endless = requests >= MAX_PAGES || octets >= MAX_OCTETS;
        if endless {
            reply.outcome = Outcome::Malformed("a list of names that does not end".to_owned());
            break;
        }
        if last.is_none() || last == continue_after {
            reply.outcome =
                Outcome::Malformed("moreFollows without a name to continue after".to_owned());
            break;
        }
        continue_after = last;
    }
    let fields = vec![
        ("names", list(names.into_iter().map(Value::from))),
        ("moreFollows", Value::Bool(more)),
        (
            "requests",
            Value::Int(i64::try_from(requests).unwrap_or(i64::MAX)),
        ),
    ];
    // Names of several answers stand in several PDUs, of which the last is at hand.
    let more = ("moreFollows", "moreFollows");
    let origin = match requests {
        1 => origin::of_list("names", "listOfIdentifier", &[more]),
        _ => Origin::default(),
    };
    let answer = Answer::single(&reply, fields).with_origin(origin);
    finish(cx, &common, started, answer)
}

/// Asks for the type of a variable.
pub(super) async fn get_type(cx: &mut CaseRun<'_>, step: &GetType) -> Result<(), Trouble> {
    let common = step.common();
    let target = variable_name(&cx.eval(&step.r#ref)?.0)?;
    let started = Instant::now();
    let request = Request::GetVariableAccessAttributes(GetVariableAccessAttributesRequest::Name(
        target.name.clone(),
    ));
    let reply = super::send(cx, &common, request, started).await?;
    let fields = match &reply.response {
        Some(Response::GetVariableAccessAttributes(attributes)) => {
            let spec = &attributes.type_spec;
            let expected = target.node(&cx.shared.model).map(|node| node.type_spec());
            let fits = expected
                .as_ref()
                .is_none_or(|expected| same_type(spec, expected));
            let names = match spec {
                TypeSpecification::Structure { components, .. } => list(
                    components
                        .iter()
                        .map(|component| text_or_empty(component.name.as_deref())),
                ),
                _ => list([]),
            };
            vec![
                ("type", type_to_cel(spec)),
                ("fits", Value::Bool(fits)),
                (
                    "expectedType",
                    expected.as_ref().map_or(Value::Null, type_to_cel),
                ),
                ("names", names),
                ("deletable", Value::Bool(attributes.mms_deletable)),
            ]
        }
        _ => Vec::new(),
    };
    let spec = || Origin::at(Element::of("typeSpecification", []));
    let origin = Origin::default()
        .with("type", spec())
        .with("fits", spec())
        .with("names", spec())
        .with("deletable", Origin::at(Element::of("mmsDeletable", [])));
    let answer = Answer::single(&reply, fields).with_origin(origin);
    finish(cx, &common, started, answer)
}

/// Reads the directory of a data set.
pub(super) async fn get_data_set(cx: &mut CaseRun<'_>, step: &GetDataSet) -> Result<(), Trouble> {
    let common = step.common();
    let name = data_set_name(&cx.eval(&step.data_set)?.0)?;
    let started = Instant::now();
    let reply = super::send(
        cx,
        &common,
        Request::GetNamedVariableListAttributes(name),
        started,
    )
    .await?;
    let fields = match &reply.response {
        Some(Response::GetNamedVariableListAttributes(directory)) => vec![
            (
                "members",
                list(
                    directory
                        .variables
                        .iter()
                        .map(|variable| Value::from(member_text(variable))),
                ),
            ),
            ("deletable", Value::Bool(directory.mms_deletable)),
        ],
        _ => Vec::new(),
    };
    let deletable = ("deletable", "mmsDeletable");
    let answer = Answer::single(&reply, fields).with_origin(origin::of_list(
        "members",
        "listOfVariable",
        &[deletable],
    ));
    finish(cx, &common, started, answer)
}

/// A member of a directory as the model writes it, `LD/LN.DO[FC]`; as on the wire when it is no such name.
pub(crate) fn member_text(variable: &ListedVariable) -> String {
    let reference = match (variable.name(), &variable.alternate_access) {
        (Some(ObjectName::Domain { domain, item }), None) => {
            ObjectReference::from_mms(domain, item).ok()
        }
        _ => None,
    };
    reference.map_or_else(|| variable.to_string(), |reference| reference.to_string())
}

/// Whether two types are the same as far as values can tell: names, kinds, widths; limits of strings whose length
/// varies are the server's to choose.
pub(crate) fn same_type(found: &TypeSpecification, expected: &TypeSpecification) -> bool {
    use TypeSpecification as T;
    match (found, expected) {
        (T::Structure { components: a, .. }, T::Structure { components: b, .. }) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| {
                    a.name.as_deref().map(spelling) == b.name.as_deref().map(spelling)
                        && same_type(&a.type_spec, &b.type_spec)
                })
        }
        (
            T::Array {
                count: a,
                element: x,
                ..
            },
            T::Array {
                count: b,
                element: y,
                ..
            },
        ) => a == b && same_type(x, y),
        (T::BitString(a), T::BitString(b)) => {
            let sizes = [a, b].map(|size| size.unsigned_abs());
            sizes[0] == sizes[1] || sizes.iter().all(|size| SV_OPT_FLDS.contains(size))
        }
        (T::OctetString(_), T::OctetString(_))
        | (T::VisibleString(_), T::VisibleString(_))
        | (T::MmsString(_), T::MmsString(_)) => true,
        (a, b) => a == b,
    }
}

fn type_to_cel(spec: &TypeSpecification) -> Value {
    use TypeSpecification as T;
    let kind = |kind: &str, size: Option<i64>| {
        map([("kind", Value::from(kind))]
            .into_iter()
            .chain(size.map(|size| ("size", Value::Int(size)))))
    };
    match spec {
        T::Structure { components, .. } => {
            let components = components.iter().map(|component| {
                map([
                    ("name", text_or_empty(component.name.as_deref())),
                    ("type", type_to_cel(&component.type_spec)),
                ])
            });
            map([
                ("kind", Value::from("structure")),
                ("components", list(components)),
            ])
        }
        T::Array { count, element, .. } => map([
            ("kind", Value::from("array")),
            ("size", Value::Int(i64::from(*count))),
            ("element", type_to_cel(element)),
        ]),
        T::Boolean => kind("boolean", None),
        T::BitString(size) => kind("bit-string", Some(i64::from(*size))),
        T::Integer(width) => kind("integer", Some(i64::from(*width))),
        T::Unsigned(width) => kind("unsigned", Some(i64::from(*width))),
        T::FloatingPoint { format_width, .. } => kind(
            if *format_width > 32 {
                "double"
            } else {
                "float"
            },
            Some(i64::from(*format_width)),
        ),
        T::OctetString(size) => kind("octet-string", Some(i64::from(*size))),
        T::VisibleString(size) => kind("visible-string", Some(i64::from(*size))),
        T::MmsString(size) => kind("mms-string", Some(i64::from(*size))),
        T::BinaryTime { with_date } => kind("binary-time", Some(if *with_date { 6 } else { 4 })),
        T::UtcTime => kind("utc-time", None),
        other => kind(&other.to_string(), None),
    }
}

fn text_or_empty(text: Option<&str>) -> Value {
    Value::from(text.unwrap_or_default())
}

/// Asks who the server is, outside a case.
pub(crate) async fn who(client: &iedassay_client::Client, within: std::time::Duration) -> Reply {
    ask(client, Request::Identify, within).await
}

#[cfg(test)]
mod tests {
    use iedassay_wire::mms::{Component, TypeSpecification as T};

    use super::same_type;

    fn structure(name: &str, member: T) -> T {
        T::Structure {
            packed: false,
            components: vec![Component {
                name: Some(name.into()),
                type_spec: member,
            }],
        }
    }

    #[test]
    fn both_spellings_of_an_attribute_are_the_same_and_others_are_not() {
        let time = || T::BinaryTime { with_date: true };
        assert!(same_type(
            &structure("TimeOfEntry", time()),
            &structure("TimeofEntry", time())
        ));
        assert!(!same_type(
            &structure("TimeOfentry", time()),
            &structure("TimeofEntry", time())
        ));
    }

    #[test]
    fn options_of_sampled_values_have_five_bits_or_eight() {
        assert!(same_type(&T::BitString(5), &T::BitString(-8)));
        assert!(!same_type(&T::BitString(5), &T::BitString(-6)));
        assert!(!same_type(&T::BitString(3), &T::BitString(-8)));
    }
}
