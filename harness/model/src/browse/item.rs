//! Names and types of a domain as one tree.

use std::collections::HashMap;

use iedassay_wire::mms::TypeSpecification;

/// Deepest nesting followed.
const MAX_DEPTH: usize = 20;

/// Most things followed in one structure. The largest real ones have some hundred.
const MAX_CHILDREN: usize = 4_096;

/// A named thing with what is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Item {
    pub(super) name: String,
    /// Type of a leaf, when known.
    pub(super) spec: Option<TypeSpecification>,
    /// Number of elements of an array; the children are those of an element.
    pub(super) count: Option<u32>,
    /// Whether the order of the children is that of the wire; name lists are sorted and do not tell.
    pub(super) ordered: bool,
    pub(super) children: Vec<Item>,
}

impl Item {
    /// The trees of a name list. Order is that of first appearance.
    pub(super) fn from_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<Self> {
        let mut places: HashMap<(Option<usize>, &str), usize> = HashMap::new();
        let mut nodes: Vec<(&str, Vec<usize>)> = Vec::new();
        let mut roots = Vec::new();
        for name in names {
            let mut parent = None;
            for part in name.split('$').take(MAX_DEPTH) {
                let found = places.get(&(parent, part)).copied();
                let index = found.unwrap_or_else(|| {
                    let index = nodes.len();
                    nodes.push((part, Vec::new()));
                    places.insert((parent, part), index);
                    match parent.and_then(|parent: usize| nodes.get_mut(parent)) {
                        Some((_, children)) => children.push(index),
                        None => roots.push(index),
                    }
                    index
                });
                parent = Some(index);
            }
        }
        roots
            .into_iter()
            .map(|index| Self::grow(&nodes, index))
            .collect()
    }

    fn grow(nodes: &[(&str, Vec<usize>)], index: usize) -> Self {
        let Some((name, children)) = nodes.get(index) else {
            return Self::default();
        };
        Self {
            name: (*name).to_owned(),
            children: children
                .iter()
                .take(MAX_CHILDREN)
                .map(|child| Self::grow(nodes, *child))
                .collect(),
            ..Self::default()
        }
    }

    /// The tree of a type.
    pub(super) fn from_spec(name: &str, spec: &TypeSpecification) -> Self {
        Self::from_spec_at(name, spec, 0)
    }

    fn from_spec_at(name: &str, spec: &TypeSpecification, depth: usize) -> Self {
        let mut item = Self {
            name: name.to_owned(),
            ordered: true,
            ..Self::default()
        };
        match spec {
            _ if depth > MAX_DEPTH => {}
            TypeSpecification::Structure { components, .. } => {
                item.children = components
                    .iter()
                    .take(MAX_CHILDREN)
                    .enumerate()
                    .map(|(index, component)| {
                        let name = component
                            .name
                            .clone()
                            .unwrap_or_else(|| format!("#{index}"));
                        Self::from_spec_at(&name, &component.type_spec, depth.saturating_add(1))
                    })
                    .collect();
                if components.is_empty() {
                    item.spec = Some(spec.clone());
                }
            }
            TypeSpecification::Array { count, element, .. } => {
                item = Self::from_spec_at(name, element, depth.saturating_add(1));
                item.count = Some(*count);
            }
            other => item.spec = Some(other.clone()),
        }
        item
    }

    /// Whether everything in it stands in the order of the wire.
    pub(super) fn is_ordered(&self) -> bool {
        (self.ordered || self.children.is_empty()) && self.children.iter().all(Self::is_ordered)
    }

    /// Replaces what the names tell by what the types tell, from the largest thing that has a type downwards. Order and
    /// completeness are then those of the types.
    pub(super) fn refine(&mut self, path: &str, types: &HashMap<&str, &TypeSpecification>) {
        if let Some(spec) = types.get(path) {
            *self = Self::from_spec(&self.name, spec);
            return;
        }
        for child in &mut self.children {
            let path = format!("{path}${}", child.name);
            child.refine(&path, types);
        }
    }

    /// Names of this tree that another lacks, the topmost of each branch.
    pub(super) fn names_not_in(&self, other: &Self) -> Vec<String> {
        let mut missing = Vec::new();
        self.collect_missing(other, &self.name, &mut missing);
        missing
    }

    fn collect_missing(&self, other: &Self, path: &str, missing: &mut Vec<String>) {
        let theirs: HashMap<&str, &Self> = other
            .children
            .iter()
            .map(|child| (child.name.as_str(), child))
            .collect();
        for child in &self.children {
            let path = format!("{path}${}", child.name);
            match theirs.get(child.name.as_str()) {
                Some(same) => child.collect_missing(same, &path, missing),
                None => missing.push(path),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_grow_into_trees() {
        let items = Item::from_names(
            [
                "LLN0",
                "LLN0$ST",
                "LLN0$ST$Mod",
                "GGIO1$ST$Ind1$q",
                "LLN0$ST$Beh",
            ]
            .into_iter(),
        );
        assert_eq!(items.len(), 2);
        assert_eq!(items[0].children[0].children.len(), 2);
        assert_eq!(items[1].children[0].children[0].children[0].name, "q");
    }

    #[test]
    fn types_take_the_place_of_names() {
        let mut item = Item::from_names(["A$ST$x"].into_iter()).remove(0);
        let spec = TypeSpecification::structure([("y", TypeSpecification::Boolean)]);
        let before = item.clone();
        item.refine("A", &HashMap::from([("A$ST", &spec)]));
        assert_eq!(item.children[0].children[0].name, "y");
        assert_eq!(before.names_not_in(&item), ["A$ST$x"]);
    }
}
