//! MMS Data, as [`to_cel`](crate::value::to_cel) makes values of it.

use iedassay_model::tree::Node;
use iedassay_wire::mms::Data;

use super::{Element, Key, Origin};
use crate::value::main_leaf;

/// Where the parts of a value stand that was made of the data at `element`.
pub(crate) fn of_data(data: &Data, node: Option<Node<'_>>, element: Element) -> Origin {
    match data {
        Data::Array(items) => items_of(items, |_| node, element),
        Data::Structure(items) => {
            let children: Vec<Node<'_>> = node
                .map(|node| node.children().collect())
                .unwrap_or_default();
            if children.len() != items.len() || items.is_empty() {
                return items_of(items, |_| None, element);
            }
            let parts = children.iter().zip(items).enumerate();
            let parts = parts.map(|(index, (child, item))| {
                let part = of_data(item, Some(*child), element.child(index));
                (Key::Name(child.name().to_owned()), part)
            });
            Origin {
                parts: parts.collect(),
                ..Origin::at(element.clone())
            }
        }
        _ => Origin::at(element),
    }
}

fn items_of<'a>(
    items: &[Data],
    node: impl Fn(usize) -> Option<Node<'a>>,
    element: Element,
) -> Origin {
    if !items.iter().any(|item| item.members().is_some()) {
        return Origin::each(element);
    }
    let parts = items.iter().enumerate();
    let parts = parts.map(|(index, item)| {
        let part = of_data(item, node(index), element.child(index));
        (Key::Index(index), part)
    });
    Origin {
        parts: parts.collect(),
        ..Origin::at(element.clone())
    }
}

/// The numbers of the components that lead from a node to its main value; nothing where there is no such way.
pub(crate) fn main_way(node: Node<'_>) -> Option<Vec<usize>> {
    let mut way = Vec::new();
    let mut at = main_leaf(node);
    while at != node {
        let parent = at.parent()?;
        way.push(parent.children().position(|child| child == at)?);
        at = parent;
    }
    way.reverse();
    Some(way)
}
