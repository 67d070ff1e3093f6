//! Logical nodes: their type from the templates, with the values of the instance laid over it.

use std::collections::{HashMap, HashSet};

use roxmltree::Node;

use super::{
    error::{SclErrorKind, TypeKind},
    overlay,
    templates::{MAX_CHILDREN, Templates},
    values::NAME_REMEDY,
    xml::{Context, attr, children, shorten},
};
use crate::{
    Fc,
    tree::{Child, DataAttribute, DataObject, LogicalNode, MAX_NODES},
};

/// Makes logical nodes.
pub(crate) struct Reader<'t, 'a, 'i> {
    templates: &'t Templates<'a, 'i>,
    types: HashMap<&'a str, (Vec<DataObject>, usize)>,
    total: usize,
}

impl<'t, 'a, 'i: 'a> Reader<'t, 'a, 'i> {
    pub(crate) fn new(templates: &'t Templates<'a, 'i>) -> Self {
        Self {
            templates,
            types: HashMap::new(),
            total: 0,
        }
    }

    /// The logical node of an `LN0` or `LN` element. With setting groups, what has FC SG gets its edit value (FC SE) besides.
    pub(crate) fn logical_node(
        &mut self,
        context: &mut Context<'a, 'i>,
        node: Node<'a, 'i>,
        has_groups: bool,
    ) -> Option<LogicalNode> {
        let is_ln0 = node.tag_name().name() == "LN0";
        let class = attr(node, "lnClass").unwrap_or(if is_ln0 { "LLN0" } else { "" });
        let prefix = attr(node, "prefix").unwrap_or_default();
        let inst = attr(node, "inst").unwrap_or_default();
        let name = format!("{prefix}{class}{inst}");
        if name.is_empty() || name.chars().any(|c| !c.is_ascii_alphanumeric() && c != '_') {
            context.warn(
                node,
                format!(
                    "`{}` is no name of a logical node, it is left out",
                    shorten(&name)
                ),
                "give it `prefix`, `lnClass` and `inst` of letters and digits",
            );
            return None;
        }
        if class.len() != 4 {
            context.warn(
                node,
                format!("the class of `{name}` does not have four letters"),
                "correct `lnClass`",
            );
        }
        let mut data_objects = self.objects(context, node)?;
        for instance in children(node, "DOI") {
            let wanted = attr(instance, "name").unwrap_or_default();
            match data_objects.iter_mut().find(|object| object.name == wanted) {
                Some(object) => overlay::object(context, instance, object),
                None => overlay::missing(
                    context,
                    instance,
                    data_objects.iter().map(|object| object.name.as_str()),
                ),
            }
        }
        if has_groups {
            for object in &mut data_objects {
                add_edit_values(object);
            }
        }
        Some(LogicalNode {
            name,
            prefix: prefix.to_owned(),
            class: class.to_owned(),
            inst: inst.to_owned(),
            data_objects,
            ..LogicalNode::default()
        })
    }

    /// The data objects of the type, before any value of the instance.
    fn objects(
        &mut self,
        context: &mut Context<'a, 'i>,
        node: Node<'a, 'i>,
    ) -> Option<Vec<DataObject>> {
        let id = attr(node, "lnType").unwrap_or_default();
        if !self.types.contains_key(id) {
            let element = self
                .templates
                .find(context, node, TypeKind::LNodeType, id)?;
            let mut size = 1_usize;
            let mut list: Vec<DataObject> = Vec::new();
            let mut names = HashSet::new();
            for object in children(element, "DO") {
                let name = attr(object, "name").unwrap_or_default();
                if name.is_empty() || name.chars().any(|c| !c.is_ascii_alphanumeric() && c != '_') {
                    context.warn(
                        object,
                        format!(
                            "`{}` is no name of a data object, it is left out",
                            shorten(name)
                        ),
                        NAME_REMEDY,
                    );
                    continue;
                }
                if !names.insert(name) {
                    context.warn(
                        object,
                        format!("data object `{name}` is there twice, the second is left out"),
                        "rename or delete one of them",
                    );
                    continue;
                }
                let type_id = attr(object, "type").unwrap_or_default();
                let Some(resolved) =
                    self.templates
                        .object(context, object, type_id, &mut Vec::new())
                else {
                    continue;
                };
                size = size.saturating_add(resolved.size);
                if size > MAX_NODES || list.len() >= MAX_CHILDREN {
                    context.error(object, SclErrorKind::ModelTooLarge);
                    return None;
                }
                list.push(DataObject {
                    name: name.to_owned(),
                    cdc: resolved.cdc.clone(),
                    count: None,
                    count_of: None,
                    children: resolved.children.clone(),
                });
            }
            self.types.insert(id, (list, size));
        }
        let (list, size) = self.types.get(id)?;
        self.total = self.total.saturating_add(*size);
        if self.total > MAX_NODES {
            context.error(node, SclErrorKind::ModelTooLarge);
            return None;
        }
        Some(list.clone())
    }
}

/// SCL describes a setting once with FC SG; on line it is there as SG (active) and SE (edit).
fn add_edit_values(object: &mut DataObject) {
    let mut children = Vec::with_capacity(object.children.len());
    for mut child in core::mem::take(&mut object.children) {
        if let Child::Object(sub) = &mut child {
            add_edit_values(sub);
        }
        let edit = match &child {
            Child::Attribute(attribute) if attribute.fc == Fc::SG => {
                let mut edit = attribute.clone();
                set_fc(&mut edit, Fc::SE);
                Some(Child::Attribute(edit))
            }
            _ => None,
        };
        children.push(child);
        children.extend(edit);
    }
    // A type that has both keeps its own.
    let mut kept: Vec<Child> = Vec::with_capacity(children.len());
    for child in children {
        let twice = matches!(&child, Child::Attribute(new) if kept.iter().any(
            |old| matches!(old, Child::Attribute(old) if old.name == new.name && old.fc == new.fc)));
        if !twice {
            kept.push(child);
        }
    }
    object.children = kept;
}

fn set_fc(attribute: &mut DataAttribute, fc: Fc) {
    attribute.fc = fc;
    for component in &mut attribute.components {
        set_fc(component, fc);
    }
}
