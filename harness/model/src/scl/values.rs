//! Configured values, and numbers of elements.

use roxmltree::Node;

use super::xml::{Context, attr, children, shorten, text};
use crate::{
    tree::{BType, DataAttribute, ValKind},
    value::initial_value,
};

/// Most elements of an array.
pub(crate) const MAX_COUNT: u32 = 65_536;

/// So many things of a type are searched for the one that tells a number of elements.
const MAX_BESIDE: usize = 2_000;

/// What to do about something without a usable name.
pub(crate) const NAME_REMEDY: &str = "give it a `name` of letters and digits";

/// The values of a `DA`, `BDA` or `DAI`: the one that always holds, and those of setting groups. Those that the attribute
/// cannot have are left out.
pub(crate) fn values(
    context: &mut Context<'_, '_>,
    node: Node<'_, '_>,
    attribute: &DataAttribute,
) -> (Option<String>, Vec<(u32, String)>) {
    let mut always = None;
    let mut groups = Vec::new();
    for value in children(node, "Val") {
        let text = text(value);
        if !fits(context, value, attribute, &text) {
            continue;
        }
        match attr(value, "sGroup") {
            None => always = Some(text),
            Some(_) => {
                if let Some(group) = context.number(value, "sGroup") {
                    groups.push((group, text));
                }
            }
        }
    }
    (always, groups)
}

/// Whether a configured text is a value of the attribute. An empty one stands for "not configured" in many files.
fn fits(
    context: &mut Context<'_, '_>,
    value: Node<'_, '_>,
    attribute: &DataAttribute,
    text: &str,
) -> bool {
    if attribute.btype.is_structured() {
        context.warn(
            value,
            format!("`{}` is a structure, its value is left out", attribute.name),
            "give the values to its components",
        );
        return false;
    }
    match initial_value(&attribute.btype, text) {
        Ok(_) => true,
        Err(_) if text.is_empty() => false,
        // Without literals nobody can tell the number; the missing type has been told.
        Err(_) if matches!(&attribute.btype, BType::Enum(literals) if literals.literals.is_empty()) => {
            false
        }
        Err(error) => {
            context.warn(
                value,
                format!("{error}; the value of `{}` is left out", attribute.name),
                "correct the `Val`",
            );
            false
        }
    }
}

pub(crate) fn val_kind(context: &mut Context<'_, '_>, node: Node<'_, '_>) -> Option<ValKind> {
    match attr(node, "valKind").map(str::trim) {
        None => None,
        Some("Spec") => Some(ValKind::Spec),
        Some("Conf") => Some(ValKind::Conf),
        Some("RO") => Some(ValKind::ReadOnly),
        Some("Set") => Some(ValKind::Set),
        Some(text) => {
            context.warn(
                node,
                format!("`valKind=\"{}\"` is unknown, taken as Set", shorten(text)),
                "write Spec, Conf, RO or Set",
            );
            None
        }
    }
}

/// Number of elements: a number, or in Edition 2 the name of the attribute beside it that has the number.
pub(crate) fn count(
    context: &mut Context<'_, '_>,
    owner: Node<'_, '_>,
    node: Node<'_, '_>,
) -> (Option<u32>, Option<String>) {
    let Some(stated) = attr(node, "count").map(str::trim) else {
        return (None, None);
    };
    let beside = || {
        owner.children().take(MAX_BESIDE).find(|candidate| {
            candidate.id() != node.id() && attr(*candidate, "name") == Some(stated)
        })
    };
    let (number, count_of) = match stated.parse::<u32>() {
        Ok(number) => (Some(number), None),
        Err(_) => match beside() {
            // An instance may say what the type leaves open.
            Some(other) => (
                children(other, "Val")
                    .next()
                    .map_or(Some(0), |value| text(value).parse().ok()),
                Some(stated.to_owned()),
            ),
            None => (None, None),
        },
    };
    match number {
        Some(0) => (None, count_of),
        Some(number) if number <= MAX_COUNT => (Some(number), count_of),
        _ => {
            context.warn(
                node,
                format!(
                    "`count=\"{}\"` cannot be told, taken as no array",
                    shorten(stated)
                ),
                "write a number, or the name of an attribute beside it that has the number as its `Val`",
            );
            (None, count_of)
        }
    }
}
