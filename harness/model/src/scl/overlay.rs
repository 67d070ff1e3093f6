//! Values of an instance (`DOI`, `SDI`, `DAI`) over what its type says.

use roxmltree::Node;

use super::{
    values::{MAX_COUNT, val_kind, values},
    xml::{Context, attr, children, elements, shorten, text},
};
use crate::tree::{Child, DataAttribute, DataObject};

/// Deepest nesting of `SDI`.
const MAX_NESTING: usize = 24;

/// Where in the instance one is.
#[derive(Clone, Copy, Default)]
struct Place {
    depth: usize,
    /// The element of the array that one is in.
    index: Option<u32>,
}

impl Place {
    const fn inside(self) -> Self {
        Self {
            depth: self.depth.saturating_add(1),
            ..self
        }
    }
}

/// A `DOI` over a data object.
pub(crate) fn object(
    context: &mut Context<'_, '_>,
    instance: Node<'_, '_>,
    object: &mut DataObject,
) {
    overlay_object(context, instance, object, Place::default());
}

/// An instance of something that the type does not have.
pub(crate) fn missing<'n>(
    context: &mut Context<'_, '_>,
    node: Node<'_, '_>,
    known: impl Iterator<Item = &'n str>,
) {
    let wanted = attr(node, "name").unwrap_or_default();
    let remedy = context.did_you_mean(wanted, known, "add it to the type, or delete it here");
    context.warn(
        node,
        format!(
            "the type has no `{}`, its value is left out",
            shorten(wanted)
        ),
        remedy,
    );
}

fn overlay_object(
    context: &mut Context<'_, '_>,
    instance: Node<'_, '_>,
    object: &mut DataObject,
    place: Place,
) {
    set_counts(
        instance,
        object.children.iter_mut().map(|child| match child {
            Child::Object(sub) => (&sub.count_of, &mut sub.count),
            Child::Attribute(attribute) => (&attribute.count_of, &mut attribute.count),
        }),
    );
    for node in elements(instance) {
        let kind = node.tag_name().name();
        if kind != "SDI" && kind != "DAI" {
            continue;
        }
        let wanted = attr(node, "name").unwrap_or_default();
        let mut found = false;
        // A setting has its attribute twice, with SG and with SE.
        for child in object
            .children
            .iter_mut()
            .filter(|child| child.name() == wanted)
        {
            match child {
                Child::Object(sub) if kind == "SDI" => {
                    found = true;
                    if let Some(place) = enter(context, node, sub.count, place) {
                        overlay_object(context, node, sub, place);
                    }
                }
                Child::Attribute(attribute) => {
                    found = true;
                    overlay_attribute(context, node, attribute, place);
                }
                Child::Object(_) => {}
            }
        }
        if !found {
            missing(context, node, object.children.iter().map(Child::name));
        }
    }
}

/// An `SDI` or a `DAI` over an attribute.
fn overlay_attribute(
    context: &mut Context<'_, '_>,
    node: Node<'_, '_>,
    attribute: &mut DataAttribute,
    place: Place,
) {
    let Some(place) = enter(context, node, attribute.count, place) else {
        return;
    };
    if node.tag_name().name() == "DAI" {
        return overlay_value(context, node, attribute, place.index);
    }
    set_counts(
        node,
        attribute
            .components
            .iter_mut()
            .map(|component| (&component.count_of, &mut component.count)),
    );
    for inner in elements(node) {
        if !matches!(inner.tag_name().name(), "SDI" | "DAI") {
            continue;
        }
        let wanted = attr(inner, "name").unwrap_or_default();
        match attribute
            .components
            .iter_mut()
            .find(|component| component.name == wanted)
        {
            Some(component) => overlay_attribute(context, inner, component, place),
            None => {
                let known = attribute.components.iter();
                missing(
                    context,
                    inner,
                    known.map(|component| component.name.as_str()),
                );
            }
        }
    }
}

/// Goes into something; `ix` picks an element of an array. None when the values cannot be taken.
fn enter(
    context: &mut Context<'_, '_>,
    node: Node<'_, '_>,
    count: Option<u32>,
    place: Place,
) -> Option<Place> {
    if place.depth > MAX_NESTING {
        context.warn(
            node,
            "nested too deep, left out",
            "no type nests so deep; delete it",
        );
        return None;
    }
    let inside = place.inside();
    // Some tools write an empty `ix` everywhere.
    if attr(node, "ix").is_none_or(|text| text.trim().is_empty()) {
        return Some(inside);
    }
    let index = context.number(node, "ix")?;
    let remedy = match (count, place.index) {
        (Some(count), None) if index < count => {
            return Some(Place {
                index: Some(index),
                ..inside
            });
        }
        (Some(count), None) => format!("the array has {count} elements, counted from 0"),
        (Some(_), Some(_)) => "MMS has no arrays in arrays; delete it".to_owned(),
        (None, _) => "it is no array; delete the `ix`, or give its type a `count`".to_owned(),
    };
    context.warn(
        node,
        format!("there is no element {index}, its values are left out"),
        remedy,
    );
    None
}

/// Takes the numbers of elements that this instance configures.
fn set_counts<'m>(
    instance: Node<'_, '_>,
    arrays: impl Iterator<Item = (&'m Option<String>, &'m mut Option<u32>)>,
) {
    for (count_of, count) in arrays {
        let Some(name) = count_of else { continue };
        let configured = children(instance, "DAI")
            .find(|node| attr(*node, "name") == Some(name))
            .and_then(|node| children(node, "Val").next())
            .and_then(|value| text(value).parse::<u32>().ok());
        if let Some(number) = configured {
            *count = Some(number.min(MAX_COUNT)).filter(|number| *number > 0);
        }
    }
}

fn overlay_value(
    context: &mut Context<'_, '_>,
    node: Node<'_, '_>,
    attribute: &mut DataAttribute,
    index: Option<u32>,
) {
    let (always, groups) = values(context, node, attribute);
    match (index, always) {
        (Some(index), Some(text)) => attribute.element_values.push((index, text)),
        (None, Some(text)) => attribute.initial = Some(text),
        (_, None) => {}
    }
    if !groups.is_empty() {
        if index.is_some() {
            context.warn(
                node,
                "values of setting groups for one element of an array are left out",
                "give the values without `sGroup`, or for the whole array",
            );
        } else {
            attribute.group_values = groups;
        }
    }
    if let Some(kind) = val_kind(context, node) {
        attribute.val_kind = kind;
    }
    attribute.val_import = context.flag(node, "valImport", attribute.val_import);
}
