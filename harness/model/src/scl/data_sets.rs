//! Data sets and their members.

use std::collections::HashSet;

use roxmltree::Node;

use super::{
    devices::Devices,
    xml::{Context, attr, children, is_name, shorten},
};
use crate::{
    Fc, ObjectReference, Step,
    tree::{Child, DataAttribute, DataObject, DataSet, LogicalNode},
};

/// The data sets of a logical node element. `at` is the number of its logical device.
pub(crate) fn read(
    context: &mut Context<'_, '_>,
    node: Node<'_, '_>,
    devices: &Devices<'_, '_>,
    at: usize,
) -> Vec<DataSet> {
    let mut sets: Vec<DataSet> = Vec::new();
    let mut names: HashSet<&str> = HashSet::new();
    for element in children(node, "DataSet") {
        let name = attr(element, "name").unwrap_or_default();
        if !is_name(name) || !names.insert(name) {
            context.warn(
                element,
                format!(
                    "data set `{}` has no name of its own, it is left out",
                    shorten(name)
                ),
                "give each data set of a logical node a name of its own",
            );
            continue;
        }
        if name.len() > 32 {
            context.warn(
                element,
                format!(
                    "the name of data set `{}` is longer than 32 characters",
                    shorten(name)
                ),
                "shorten it: clients may refuse it",
            );
        }
        let members: Vec<_> = children(element, "FCDA")
            .filter_map(|member| self::member(context, member, devices, at))
            .collect();
        if members.is_empty() {
            context.warn(
                element,
                format!("data set `{}` has no members", shorten(name)),
                "give it `FCDA` elements, or delete it",
            );
        }
        sets.push(DataSet {
            name: name.to_owned(),
            members,
            deletable: false,
        });
    }
    sets
}

fn member(
    context: &mut Context<'_, '_>,
    element: Node<'_, '_>,
    devices: &Devices<'_, '_>,
    at: usize,
) -> Option<ObjectReference> {
    let number = match attr(element, "ldInst").filter(|inst| !inst.is_empty()) {
        Some(inst) => devices.number(inst),
        None => Some(at),
    };
    let found = number.and_then(|number| Some((number, devices.list.get(number)?)));
    let Some((number, device)) = found else {
        let inst = attr(element, "ldInst").unwrap_or_default();
        let known = devices.list.iter().map(|device| device.inst.as_str());
        let remedy = context.did_you_mean(inst, known, "correct `ldInst`, or delete the member");
        context.warn(
            element,
            format!(
                "there is no logical device `{}`, the member is left out",
                shorten(inst)
            ),
            remedy,
        );
        return None;
    };
    let part = |name| attr(element, name).unwrap_or_default();
    let ln_name = format!("{}{}{}", part("prefix"), part("lnClass"), part("lnInst"));
    let mut path: Vec<Step> = Vec::new();
    for name in [attr(element, "doName"), attr(element, "daName")]
        .into_iter()
        .flatten()
    {
        path.extend(name.split('.').filter(|part| !part.is_empty()).map(step));
    }
    if path.is_empty() {
        context.warn(
            element,
            "a member without `doName` is left out",
            "name the data object: a member is functionally constrained data, not a logical node",
        );
        return None;
    }
    let Some(node) = devices.node(number, &ln_name) else {
        let known = device.logical_nodes.iter().map(|node| node.name.as_str());
        let remedy = context.did_you_mean(&ln_name, known, "correct it, or delete the member");
        context.warn(
            element,
            format!(
                "there is no logical node `{}/{}`, the member is left out",
                device.name,
                shorten(&ln_name)
            ),
            remedy,
        );
        return None;
    };
    let wanted = attr(element, "fc").and_then(|text| text.trim().parse::<Fc>().ok());
    if attr(element, "fc").is_some() && wanted.is_none() {
        context.warn(
            element,
            format!(
                "`fc=\"{}\"` is no functional constraint",
                shorten(part("fc"))
            ),
            "write one such as ST, MX or CF",
        );
    }
    let Some(found) = locate(node, &path, wanted) else {
        let path = path
            .iter()
            .map(Step::to_string)
            .collect::<Vec<_>>()
            .join(".");
        context.warn(
            element,
            format!(
                "there is no `{}/{ln_name}.{}`{}, the member is left out",
                device.name,
                shorten(&path),
                wanted.map_or_else(String::new, |fc| format!(" with {fc}"))
            ),
            "correct `doName`, `daName` and `fc`, or add it to the type",
        );
        return None;
    };
    let fc = match (wanted, found.constraints.as_slice()) {
        (Some(fc), _) => fc,
        (None, [only]) => *only,
        (None, several) => {
            // Status and measurands are what data sets are for.
            let fc = [Fc::ST, Fc::MX]
                .into_iter()
                .find(|fc| several.contains(fc))
                .or(several.first().copied())?;
            context.warn(
                element,
                format!("a member without functional constraint is taken as {fc}"),
                "give it an `fc`",
            );
            fc
        }
    };
    if let Some(index) = context.number(element, "ix") {
        match found.array.and_then(|at| path.get_mut(at)) {
            Some(step) => step.index = step.index.or(Some(index)),
            None => context.warn(
                element,
                "`ix` on a member that is in no array is left out",
                "delete the `ix`, or give the type a `count`",
            ),
        }
    }
    Some(ObjectReference {
        ld: device.name.clone(),
        ln: ln_name,
        fc: Some(fc),
        path,
    })
}

/// A part of `doName` or `daName`; some tools write the index there.
fn step(part: &str) -> Step {
    let indexed = part.split_once('(').and_then(|(name, rest)| {
        let index = rest.strip_suffix(')')?.parse().ok()?;
        Some(Step {
            name: name.to_owned(),
            index: Some(index),
        })
    });
    indexed.unwrap_or_else(|| Step::new(part))
}

struct Found {
    /// The functional constraints that the path has (all that were asked for, or all).
    constraints: Vec<Fc>,
    /// The first step of the path that is an array.
    array: Option<usize>,
}

/// Finds a path below a logical node.
fn locate(node: &LogicalNode, path: &[Step], wanted: Option<Fc>) -> Option<Found> {
    let (first, rest) = path.split_first()?;
    let mut object: &DataObject = node
        .data_objects
        .iter()
        .find(|object| object.name == first.name)?;
    let mut array = object.count.is_some().then_some(0);
    for (at, step) in rest.iter().enumerate() {
        let depth = at.saturating_add(1);
        let sub = object.children.iter().find_map(|child| match child {
            Child::Object(sub) if sub.name == step.name => Some(sub),
            _ => None,
        });
        match sub {
            Some(sub) => {
                object = sub;
                if object.count.is_some() {
                    array = array.or(Some(depth));
                }
            }
            None => return locate_attribute(object, rest.get(at..)?, wanted, array, depth),
        }
    }
    let mut constraints = Vec::new();
    collect(object, &mut constraints);
    constraints.retain(|fc| wanted.is_none_or(|wanted| wanted == *fc));
    (!constraints.is_empty()).then_some(Found { constraints, array })
}

fn locate_attribute(
    object: &DataObject,
    path: &[Step],
    wanted: Option<Fc>,
    outer: Option<usize>,
    depth: usize,
) -> Option<Found> {
    let (first, rest) = path.split_first()?;
    let mut constraints = Vec::new();
    let mut array = outer;
    for child in &object.children {
        let Child::Attribute(attribute) = child else {
            continue;
        };
        if attribute.name != first.name || wanted.is_some_and(|wanted| wanted != attribute.fc) {
            continue;
        }
        let mut inside: Option<&DataAttribute> = Some(attribute);
        let mut arrays = attribute.count.is_some().then_some(depth);
        for (at, step) in rest.iter().enumerate() {
            inside = inside
                .and_then(|inside| inside.components.iter().find(|part| part.name == step.name));
            if inside.is_some_and(|inside| inside.count.is_some()) {
                arrays = arrays.or(Some(depth.saturating_add(at).saturating_add(1)));
            }
        }
        if inside.is_some() {
            constraints.push(attribute.fc);
            array = array.or(arrays);
        }
    }
    (!constraints.is_empty()).then_some(Found { constraints, array })
}

fn collect(object: &DataObject, constraints: &mut Vec<Fc>) {
    for child in &object.children {
        match child {
            Child::Object(sub) => collect(sub, constraints),
            Child::Attribute(attribute) if !constraints.contains(&attribute.fc) => {
                constraints.push(attribute.fc)
            }
            Child::Attribute(_) => {}
        }
    }
}
